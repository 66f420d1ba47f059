"""Tables of what differs between two networks: their layers, and what they come to."""

from collections.abc import Sequence

from resviz.arch import ResNetConfig
from resviz.report import formatting
from resviz.report.compare import Comparison
from resviz.report.differences import LayerDifference
from resviz.report.memory import memory
from resviz.report.paper import errors_table
from resviz.report.tables import Column, Table, words

BATCH = 32
"""Images in the batch whose training memory is compared, in float32 with momentum."""
LAYER_COLUMNS = (
    words(""),
    words("Blocks"),
    words("Layer"),
    words("Difference"),
    Column("Layers", formatting.exact),
)


def layer_differences_table(rows: tuple[LayerDifference, ...]) -> Table:
    """Return the layers that differ, like ones in a row, each with its sign."""
    return Table(LAYER_COLUMNS, tuple((row.mark.sign, row.where, row.name, row.what, row.count) for row in rows))


def totals_table(
    comparison: Comparison, configs: tuple[ResNetConfig, ...], index: int, times: Sequence[str | None]
) -> Table:
    """Return what the first network and another come to, and the difference.

    ``times`` are what was measured of each network, as people read it; None where nothing was.
    """
    first, other = comparison.networks[0], comparison.networks[index]
    a, b = configs[0], configs[index]
    rows: list[tuple[str | None, ...]] = [
        _counted("Weighted layers", first.depth, other.depth),
        _counted("Parameters", first.params, other.params),
        _counted("MACs", first.macs, other.macs),
        _counted("Activations", first.activations, other.activations),
    ]
    before, after = memory(first, BATCH).to_train, memory(other, BATCH).to_train
    shares = formatting.change(before, after)
    rows.append((f"Memory to train, batch {BATCH}", formatting.size(before), formatting.size(after), shares))
    if printed := _errors(a, b):
        rows.append((*printed, None))
    measured = (times[0], times[index])
    if any(measured):
        rows.append(("Last time measured", *(time or "not measured" for time in measured), None))
    return Table(
        (words(""), *(Column(comparison.titles[at]) for at in (0, index)), Column("Change")),
        tuple(rows),
    )


def _errors(a: ResNetConfig, b: ResNetConfig) -> tuple[str, str, str] | None:
    """Return what is printed as top-1 error, and of each network; None where nothing is.

    Of one protocol where both have that: an error of ten crops is no better net than one of a single crop.
    """
    theirs, others = ([cells for cells in errors_table(config).cells if cells[0]] for config in (a, b))
    for error, _, *protocol, _, _ in theirs:
        for other, _, *same, _, _ in others:
            if same == protocol:
                return f"Top-1 error, {protocol[1]}", error, other
    if not theirs and not others:
        return None
    first, second = (
        f"{rows[0][0]} ({rows[0][2]}, {rows[0][3]})" if rows else "not printed" for rows in (theirs, others)
    )
    return "Top-1 error", first, second


def _counted(what: str, before: int, after: int) -> tuple[str | None, ...]:
    same = before == after
    return what, formatting.exact(before), formatting.exact(after), "none" if same else formatting.change(before, after)
