"""Every preset's tree, expanded once for all tests of a process, and tests that run on many values in one go."""

import inspect
from collections.abc import Callable, Iterable
from functools import cache, wraps
from typing import Any

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset

OF_EACH_FAMILY = tuple({preset.family: name for name, preset in PRESETS.items()}.values())
"""A preset of each family, the last that is listed."""


@cache
def network(name: str) -> Network:
    """A preset's tree."""
    return expand(preset(name))


def shallow(config: ResNetConfig) -> ResNetConfig:
    """The net with at most two blocks a stage, the first and those that are alike: the same classes and calls."""
    return config.with_(name="shallow", depths=tuple(min(depth, 2) for depth in config.depths))


def distinct() -> dict[str, ResNetConfig]:
    """The presets that differ in more than depth, shallow, each under the first one's name."""
    return {name: config for config, name in {shallow(preset(name)): name for name in reversed(PRESETS)}.items()}


def on_each(argument: str, values: Iterable[Any], label: Callable[[Any], str] = str) -> Callable[..., Any]:
    """Run a test on each of many values in one go; where it fails, say for which, and show the first.

    `parametrize` makes a test of each value, which costs more than what most of these tests do.
    """
    each = list(values)
    assert each

    def all_of(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)

        @wraps(test)
        def on_all(**others: Any) -> None:
            failed = []
            for value in each:
                try:
                    test(**{argument: value}, **others)
                except Exception as error:
                    failed.append((label(value), error))
            if failed:
                told = ", ".join(name for name, _ in failed)
                raise AssertionError(f"{len(failed)} of {len(each)} fail: {told}") from failed[0][1]

        rest = [parameter for name, parameter in signature.parameters.items() if name != argument]
        on_all.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]  # pytest's fixtures
        return on_all

    return all_of
