"""Results and looks as tables for people and as CSV: raw values, each column with its way of writing them."""

import json
from collections.abc import Sequence
from typing import Any

from resviz.arch import expand
from resviz.report.formatting import duration, exact, percent
from resviz.report.tables import Column, Form, Table, words, write
from resviz.training.features import DigitMaps, arms
from resviz.training.gradients import Gradients
from resviz.training.landscape import Landscape
from resviz.training.result import Result
from resviz.training.surgery import Deletion, Swaps

SPREAD = "± sd"


def number(value: float) -> str:
    """Return a loss or a norm to three significant digits: ``0.0123``, ``3.2e+09``."""
    return f"{value:.3g}"


def outcome_table(result: Result) -> Table:
    """Return one row a net: its size, and its mean test accuracy and spread over the seeds."""
    columns = (
        words("Net"),
        Column("Test accuracy", percent),
        Column(SPREAD, percent),
        Column("Lowest", percent),
        Column("Highest", percent),
        Column("Runs"),
        Column("Training loss", number),
        Column("Time a run", duration),
        Column("Layers"),
        Column("Parameters", exact),
    )
    return Table(columns, tuple(_outcome(row) for row in result.rows))


def _outcome(row: Any) -> tuple[Any, ...]:
    network = expand(row.net)
    low, high = (min(row.accuracies), max(row.accuracies)) if row.accuracies else (None, None)
    return (
        row.net.name,
        row.mean,
        row.spread,
        low,
        high,
        row.runs,
        row.training_loss,
        row.seconds,
        network.depth,
        network.params,
    )


def points_table(result: Result) -> Table:
    """Return one row a point of every curve."""
    columns = (
        words("Net"),
        Column("Seed"),
        Column("Epoch", number),
        Column("Training loss", number),
        Column("Test loss", number),
        Column("Test accuracy", percent),
        words("Run"),
    )
    rows = tuple(
        (run.net, run.seed, point.epoch, point.training_loss, point.test_loss, point.accuracy, run.ended)
        for run in result.runs
        for point in run.points
    )
    return Table(columns, rows)


def gradient_table(found: Sequence[Gradients]) -> Table:
    """Return one row a layer of every net, before and after training."""
    columns = (words("Net"), Column("Seed"), words("When"), words("Layer"), Column("Gradient norm", number))
    rows = tuple(
        (each.subject.net, each.subject.seed, each.when, layer.path, layer.norm)
        for each in found
        for layer in each.layers
    )
    return Table(columns, rows)


def span_table(found: Sequence[Gradients]) -> Table:
    """Return one row a net and moment: the norm at its first, middle and last layer, and first over last."""
    columns = (
        words("Net"),
        words("When"),
        Column("First layer", number),
        Column("Middle", number),
        Column("Last", number),
        Column("First / last", number),
    )
    rows = tuple(
        (
            each.subject.net,
            each.when,
            each.layers[0].norm,
            each.layers[len(each.layers) // 2].norm,
            each.layers[-1].norm,
            each.span,
        )
        for each in found
    )
    return Table(columns, rows)


def deletion_table(found: Sequence[Deletion]) -> Table:
    """Return one row a block of every net."""
    columns = (words("Net"), Column("Seed"), words("Block"), Column("Accuracy without it", percent), _WHOLE)
    rows = tuple(
        (each.subject.net, each.subject.seed, block.path, block.accuracy, each.whole)
        for each in found
        for block in each.blocks
    )
    return Table(columns, rows)


def swap_table(found: Sequence[Swaps]) -> Table:
    """Return one row a pair of blocks of every net."""
    columns = (words("Net"), Column("Seed"), words("Block"), words("And"), Column("Accuracy swapped", percent), _WHOLE)
    rows = tuple(
        (each.subject.net, each.subject.seed, pair.first, pair.second, pair.accuracy, each.whole)
        for each in found
        for pair in each.pairs
    )
    return Table(columns, rows)


def landscape_table(found: Sequence[Landscape]) -> Table:
    """Return one row a point of every plane."""
    columns = (words("Net"), Column("Seed"), Column("x", number), Column("y", number), Column("Loss", number))
    rows = tuple(
        (each.subject.net, each.subject.seed, x, y, loss)
        for each in found
        for y, row in zip(each.at, each.losses, strict=True)
        for x, loss in zip(each.at, row, strict=True)
    )
    return Table(columns, rows)


def norms_table(found: Sequence[DigitMaps]) -> Table:
    """Return one row a block that is shown: the norms of what meets in it, over all channels, and their ratio."""
    columns = (
        words("Net"),
        words("Block"),
        Column("Branch, norm", number),
        Column("Skip, norm", number),
        Column("Sum, norm", number),
        Column("Branch / skip", number),
    )
    rows = tuple(
        (
            each.subject.net,
            block.path,
            block.branch_norm,
            None if block.skip is None else block.skip_norm,
            block.total_norm,
            block.ratio,
        )
        for each in found
        for block in each.blocks
    )
    return Table(columns, rows)


def features_table(found: Sequence[DigitMaps]) -> Table:
    """Return one row a value of every map that is shown."""
    places = (Column("Channel"), Column("Row"), Column("Column"), Column("Value", number))
    columns = (words("Net"), Column("Seed"), Column("Digit"), words("Block"), words("Arm"), *places)
    rows = tuple(
        (each.subject.net, each.subject.seed, each.digit, block.path, name, channel, row, column, value)
        for each in found
        for block in each.blocks
        for name, maps in arms(block).items()
        for place, channel in enumerate(block.channels)
        for row, line in enumerate(maps[place].tolist())
        for column, value in enumerate(line)
    )
    return Table(columns, rows)


_WHOLE = Column("Accuracy of the whole net", percent)


def to_csv(table: Table) -> str:
    """Return a table as CSV with a newline at its end; values are raw, shares of 1."""
    return write(table, Form.CSV) + "\n"


def to_json(table: Table) -> str:
    """Return a table as JSON with a newline at its end: an object a row, its values raw.

    Its keys are the columns' names in lower case: ``test accuracy``.
    """
    keys = [header.lower() for header in table.headers]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    return json.dumps(rows, indent=1) + "\n"
