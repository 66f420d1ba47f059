"""The rows that papers and model zoos print, each with the network it speaks of.

``rows.csv`` holds the figures as printed, grouped by the table they stand in. Its column ``net`` states which
configuration a row is: a preset or a member of a family, then the fields that differ, as in
``resnet50_v1 attention=se``. It is empty for a row that is no single network of ours.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from resviz.arch import ResNetConfig, preset
from resviz.arch.fields import MAX_NAME
from resviz.published.figures import PrintedFigure
from resviz.published.sources import SOURCES, Source

JUDGEMENT = "Our judgement"
"""How a remark begins that no source states."""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One printed row. Errors are per cent, kept as printed; ``top1`` of CIFAR is the test error.

    ``crops`` is how a test image was looked at: ``1``, ``10``, ``multi``, ``ensemble``, or ``test`` for CIFAR.
    ``reason`` names an entry of `resviz.published.reasons.REASONS`, or is empty. ``judgement`` states what of the
    net its source leaves open, and as what it was taken; it is empty where the source leaves nothing open.
    """

    table: str
    model: str
    net: str
    data: str
    params: PrintedFigure | None
    macs: PrintedFigure | None
    top1: str
    top5: str
    crops: str
    protocol: str
    reason: str
    note: str
    judgement: str

    @property
    def judged(self) -> str:
        """The judgement marked as one; empty where the source leaves nothing open."""
        return f"{JUDGEMENT}: {self.judgement}" if self.judgement else ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is to be said of the row beside its figures: the note, and the judgement marked as one."""
        return tuple(part for part in (self.note, self.judged) if part)

    @property
    def source(self) -> str:
        """Where the row was printed: paper and table."""
        return SOURCES[self.table].source

    @property
    def error(self) -> float | None:
        """The top-1 (CIFAR: test) error in per cent; None where none, or only "fail", is printed."""
        return float(self.top1) if self.top1.replace(".", "").isdigit() else None

    @property
    def config(self) -> ResNetConfig | None:
        """The configuration that the row is, or None for a row that is no single network of ours."""
        return _config(self.net, self.model) if self.net else None


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """The rows of one printed table, in the paper's order; ``key`` is its name in `SOURCES`."""

    key: str
    about: Source
    rows: tuple[PrintedRow, ...]

    @property
    def title(self) -> str:
        """What the table is called on screen."""
        return self.about.title


@cache
def tables() -> tuple[PrintedTable, ...]:
    """Return every printed table in the order of `SOURCES`. The data file is read on the first call."""
    text = files("resviz.published").joinpath("rows.csv").read_text(encoding="utf-8")
    rows = [_row(record) for record in csv.DictReader(text.splitlines())]
    return tuple(
        PrintedTable(key, about, tuple(row for row in rows if row.table == key)) for key, about in SOURCES.items()
    )


def _row(record: dict[str, str]) -> PrintedRow:
    texts = {key: value for key, value in record.items() if key not in ("params", "macs")}
    return PrintedRow(params=_figure(record["params"]), macs=_figure(record["macs"]), **texts)


def _figure(written: str) -> PrintedFigure | None:
    return PrintedFigure(written) if written else None


@cache
def _config(net: str, model: str) -> ResNetConfig:
    name, *fields = net.split()
    if not fields:
        return preset(name)
    called = net if model == name else model  # a changed preset is not called what the preset is
    return preset(name).with_(name=called[:MAX_NAME], **dict(_field(field) for field in fields))


def _field(text: str) -> tuple[str, Any]:
    """Return a field and its value; a value that is no JSON is a word, as in ``shortcut=none``."""
    key, _, value = text.partition("=")
    try:
        return key, json.loads(value)
    except json.JSONDecodeError:
        return key, value
