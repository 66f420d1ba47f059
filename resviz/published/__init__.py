"""Figures that papers and model zoos print, each with its source, beside what we compute."""

from resviz.published.check import Check, Printed, checks, network, printed, rows_of, tally
from resviz.published.figures import Agreement, Figure, agree, agreement
from resviz.published.paper import PaperStage, table1
from resviz.published.reasons import REASONS
from resviz.published.rows import Row, Table, tables
from resviz.published.sources import SOURCES

__all__ = [
    "REASONS",
    "SOURCES",
    "Agreement",
    "Check",
    "Figure",
    "PaperStage",
    "Printed",
    "Row",
    "Table",
    "agree",
    "agreement",
    "checks",
    "network",
    "printed",
    "rows_of",
    "table1",
    "tables",
    "tally",
]
