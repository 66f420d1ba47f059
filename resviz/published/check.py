"""Printed figures beside computed ones."""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Literal

from resviz.arch import Network, ResNetConfig, expand
from resviz.published.figures import Agreement, PrintedFigure, agreement
from resviz.published.reasons import REASONS
from resviz.published.rows import PrintedRow, tables

Quantity = Literal["params", "macs"]
CUT = "The printed digits are the first of the computed ones: cut off, not rounded."


@dataclass(frozen=True, slots=True)
class PrintedCheck:
    """One printed count and the computed one; ``explained`` is the count that was printed according to the reason."""

    quantity: Quantity
    figure: PrintedFigure
    computed: int
    explained: int | None
    reason: str

    @property
    def agreement(self) -> Agreement:
        """How the two compare."""
        return agreement(self.figure, self.computed)

    @property
    def off(self) -> float:
        """How far the computed count is from the printed one, as a share of the printed."""
        return self.computed / self.figure.value - 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure that somebody printed of one configuration, and where; counts carry what we compute.

    ``judged`` states, marked as our judgement, what of the configuration the source leaves open.
    """

    model: str
    quantity: Literal["params", "macs", "top1", "top5"]
    value: float
    text: str
    source: str
    protocol: str
    note: str
    judged: str
    check: PrintedCheck | None


@cache
def network(config: ResNetConfig) -> Network:
    """Return the expanded network of a published configuration; each is expanded once."""
    return expand(config)


@cache
def checks(row: PrintedRow) -> tuple[PrintedCheck, ...]:
    """Return what a row prints of parameters and MACs beside what is computed; () for a row without a net."""
    config = row.config
    if config is None:
        return ()
    net = network(config)
    pairs: tuple[tuple[Quantity, PrintedFigure | None, int], ...] = (
        ("params", row.params, net.params),
        ("macs", row.macs, net.macs),
    )
    return tuple(
        _check(row, config, quantity, figure, computed) for quantity, figure, computed in pairs if figure is not None
    )


def _check(
    row: PrintedRow, config: ResNetConfig, quantity: Quantity, figure: PrintedFigure, computed: int
) -> PrintedCheck:
    how = agreement(figure, computed)
    if how is Agreement.ROUNDED:
        return PrintedCheck(quantity, figure, computed, None, "")
    if how is Agreement.CUT and not row.reason:
        return PrintedCheck(quantity, figure, computed, None, CUT)
    known = REASONS[row.reason or "unknown"]
    explained = known.count(config, network(config)) if known.count else None
    return PrintedCheck(quantity, figure, computed, explained, known.summary)


def tally() -> Counter[Agreement]:
    """Return how many of all printed counts compare in which way."""
    return Counter(check.agreement for table in tables() for row in table.rows for check in checks(row))


@cache
def _index() -> dict[ResNetConfig, tuple[PrintedRow, ...]]:
    found: dict[ResNetConfig, tuple[PrintedRow, ...]] = {}
    for table in tables():
        for row in table.rows:
            if row.config is not None:
                key = _nameless(row.config)
                found[key] = (*found.get(key, ()), row)
    return found


def _nameless(config: ResNetConfig) -> ResNetConfig:
    return config.model_copy(update={"name": "-"})


def rows_of(config: ResNetConfig) -> tuple[PrintedRow, ...]:
    """Return the printed rows of a configuration, whatever it is called."""
    return _index().get(_nameless(config), ())


def printed(config: ResNetConfig) -> tuple[Printed, ...]:
    """Return every figure that was printed of a configuration, whatever it is called; () for none.

    Errors are per cent. A count that was printed in several places is given once for each.
    """
    out: list[Printed] = []
    for row in rows_of(config):
        origin = (row.source, row.protocol)
        for check in checks(row):
            note = " ".join(part for part in (check.reason, row.note) if part)
            figure = check.figure
            out.append(Printed(row.model, check.quantity, figure.value, figure.text, *origin, note, row.judged, check))
        if row.error is not None:
            out.append(Printed(row.model, "top1", row.error, f"{row.top1}%", *origin, row.note, row.judged, None))
        if row.top5:
            out.append(Printed(row.model, "top5", float(row.top5), f"{row.top5}%", *origin, row.note, row.judged, None))
    return tuple(out)
