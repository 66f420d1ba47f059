"""How well networks are told from names and shapes alone: every net of timm, torchvision and pytorchcv that is kept.

`make identify`, or `python -m benchmarks.identify`, identifies each, 200 altered nets and nets that are not described,
and prints how many are right, what is wrong and how long one takes; it takes minutes, and ends with 1 where anything is
wrong. `--live` builds each net with the libraries instead, which must be installed
(`tests/data/library_state_dicts.json.xz` states the releases), holds its tensors against those that are kept, and reads
the live module too, layer by layer. `--every N` takes every Nth.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from resviz.arch import PRESETS, expand, preset
from resviz.nn.from_module import from_module
from resviz.nn.identification import Identification
from resviz.nn.identify import identify
from tests.nn import library_nets as nets

ALTERED = 200


@dataclass
class Tally:
    """What was asked, how often the answer was right, what was wrong."""

    what: str
    asked: int = 0
    wrong: list[str] = field(default_factory=list)

    def count(self, name: str, problem: str) -> None:
        """Count an answer, with what is wrong with it or ""."""
        self.asked += 1
        if problem:
            self.wrong.append(f"{name}: {problem}")

    def __str__(self) -> str:
        return "\n".join(
            [f"{self.what}: {self.asked - len(self.wrong)} of {self.asked}", *(f"  {x}" for x in self.wrong)]
        )


def wrong_fields(name: str, found: Identification) -> tuple[int, list[str]]:
    """Return how many fields an answer decides of a net that has a preset, and those that are not the preset's."""
    short = name.split("/")[1]
    if name.startswith("pytorchcv/") or short not in PRESETS:
        return 0, []
    config = preset(short)
    wrong = [
        key
        for key, value in found.decided
        if getattr(config, key) != value and expand(config.with_(**{key: value})).stages != expand(config).stages
    ]
    return len(found.decided), wrong


def module(name: str) -> Any:
    """Return a library's net, without weights."""
    import torch

    library, short = name.split("/")
    with torch.device("meta"):
        if library == "timm":
            from timm import create_model

            return create_model(short)
        if library == "torchvision":
            from torchvision.models import get_model

            return get_model(short)
        from pytorchcv.model_provider import get_model as provided

        return provided(short)


def libraries(every: int, *, live: bool) -> Iterator[Tally]:
    """Identify each net that is described; yield what came of it."""
    exact, alike, named = Tally("identified exactly"), Tally("decided fields right"), Tally("named as it is called")
    same, layers, times, fields = (
        Tally("tensors as kept"),
        Tally("every layer of the live module as in the tree"),
        [],
        0,
    )
    for name in [name for name in nets.names() if name not in nets.ATTENTION_POOLS][::every]:
        tensors: Any = nets.tensors(name)
        if live:
            net = module(name)
            shapes = {key: tuple(value.shape) for key, value in net.state_dict().items()}
            same.count(name, "" if nets.uncounted(shapes) == nets.uncounted(tensors) else "other names or shapes")
            read = from_module(net)
            layers.count(name, "" if read.exact else read.sentence + " ".join(read.disagreements[:3]))
            tensors = shapes
        began = perf_counter()
        found = identify(tensors)
        times.append(perf_counter() - began)
        exact.count(name, "" if found.exact else found.sentence)
        decided, wrong = wrong_fields(name, found)
        fields += decided
        if decided:
            alike.count(name, ", ".join(wrong))
            named.count(name, "" if name.split("/")[1] in found.alike else f"alike are {', '.join(found.alike[:3])}")
    alike.what += f" ({fields:,} fields)"
    yield from (exact, alike, named, *((same, layers) if live else ()))
    high = quantiles(times, n=10)[-1]
    print(f"seconds for one: median {median(times):.2f}, 90th percentile {high:.2f}, at most {max(times):.1f}")


def altered(every: int) -> Tally:
    """Identify nets of which one tensor is gone, added or misshaped."""
    tally = Tally("altered nets of which what was altered is named")
    for seed in range(0, ALTERED, every):
        name, made, key = nets.altered(seed)
        found = identify(made)
        told = {*found.account.missing, *found.account.unexpected, *(each.key for each in found.account.misshaped)}
        right = key in told and not found.exact and len(told) <= nets.TOLD
        tally.count(f"{name}, seed {seed}", "" if right else found.sentence)
    return tally


def strangers(every: int) -> Tally:
    """Identify nets that are not described."""
    tally = Tally("strangers that are not claimed")
    for name in nets.STRANGERS[::every]:
        if f"timm/{name}" not in PRESETS:
            found = identify(nets.tensors(f"timm/{name}"))
            tally.count(name, found.sentence if found.exact else "")
    return tally


def main(arguments: list[str]) -> int:
    """Print every tally; return 1 where an answer is wrong."""
    every = int(arguments[arguments.index("--every") + 1]) if "--every" in arguments else 1
    wrong = False
    for tally in chain(libraries(every, live="--live" in arguments), (part(every) for part in (altered, strangers))):
        print(tally, flush=True)
        wrong = wrong or bool(tally.wrong)
    return int(wrong)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
