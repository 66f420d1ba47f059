"""Scaling rules: how a network grows in depth, width and resolution as its MACs grow by a factor.

MACs grow with depth and with the squares of width and resolution. A rule shares out the growth: for ``s`` times
the MACs, depth grows by ``s**depth``, width by ``s**(width / 2)`` and resolution by ``s**(resolution / 2)``, the
three shares being 1 together. Activations grow by ``s**(depth + width / 2 + resolution)``: all of it without
width, its square root by width alone (Dollár et al. 2021, arXiv:2103.06877, Tables 1 and 4).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from resviz.arch import ConfigError, Network, ResNetConfig, expand
from resviz.progress import Report, silent
from resviz.report.axes import Axis, widened
from resviz.report.design_space import Sweep, swept

DOLLAR2021 = "Dollár et al. 2021, arXiv:2103.06877"
TAN2019 = "Tan & Le 2019, arXiv:1905.11946, Sec. 4"
FAST = 0.8
"""The share of the growth that the fast rule gives to width (Dollár et al. 2021, Sec. 5)."""
_LOGS = (log(1.2), 2 * log(1.1), 2 * log(1.15))
_COMPOUND = (_LOGS[0] / sum(_LOGS), _LOGS[1] / sum(_LOGS), _LOGS[2] / sum(_LOGS))
"""The shares that EfficientNet's factors of depth (1.2), width (1.1) and resolution (1.15) make."""
GROWTH = "times"
"""The axis of a scaling line: times the MACs."""
STEPS = tuple(2 ** (n / 4) for n in range(-8, 13))
"""How many times the MACs, from a quarter to eight times."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A scaling rule: the shares of the growth of MACs that depth, width and resolution take; 1 together."""

    label: str
    depth: float
    width: float
    resolution: float
    source: str

    @property
    def activations(self) -> float:
        """The power of the growth of MACs that activations grow by."""
        return self.depth + self.width / 2 + self.resolution

    def scaled(self, config: ResNetConfig, times: float) -> ResNetConfig:
        """Return a configuration of about as many times the MACs. Raises ConfigError where that cannot be.

        Depths are rounded to whole blocks, widths to multiples of 8, the picture to whole pixels.
        """
        fields: dict[str, Any] = config.model_dump()
        channels, height, width = config.input
        side = times ** (self.resolution / 2)
        fields["depths"] = tuple(max(round(depth * times**self.depth), 1) for depth in config.depths)
        fields["input"] = (channels, max(round(height * side), 1), max(round(width * side), 1))
        return ResNetConfig(**fields | widened(fields, times ** (self.width / 2)))


RULES = {
    "width": Rule("Width", 0.0, 1.0, 0.0, f"{DOLLAR2021}, Table 1"),
    "depth": Rule("Depth", 1.0, 0.0, 0.0, f"{DOLLAR2021}, Table 1"),
    "resolution": Rule("Resolution", 0.0, 0.0, 1.0, f"{DOLLAR2021}, Table 1"),
    "compound": Rule("Compound (EfficientNet)", *_COMPOUND, TAN2019),
    "fast": Rule("Fast (Dollár 2021)", (1 - FAST) / 2, FAST, (1 - FAST) / 2, f"{DOLLAR2021}, Table 4, alpha 0.8"),
}
"""The rules by name."""


def scaling_line(
    config: ResNetConfig, rule: Rule, *, batch: int = 1, dtype: str = "float32", report: Report = silent
) -> Sweep:
    """Return the networks of a rule through a net, each with its costs, by how many times the net's MACs it has.

    Its single axis is that factor, which is no field of a configuration: the rule makes each row's.
    """

    def make(base: ResNetConfig, values: tuple[Any, ...]) -> ResNetConfig:
        return rule.scaled(base, values[0])

    axes = (Axis(GROWTH, None, STEPS),)
    return swept(config, axes, _along(config, rule, STEPS), batch=batch, dtype=dtype, report=report, make=make)


def _along(config: ResNetConfig, rule: Rule, steps: Sequence[float]) -> Iterator[tuple[tuple[Any, ...], Network | str]]:
    for times in steps:
        try:
            yield (times,), expand(rule.scaled(config, times), advise=False)
        except ConfigError as error:
            yield (times,), error.problems[0].sentence
