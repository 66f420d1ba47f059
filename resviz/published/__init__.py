"""Figures that papers and model zoos print, each with its source, beside what we compute."""

from resviz.published.check import Printed, PrintedCheck, checks, network, printed, rows_of, tally
from resviz.published.figures import Agreement, PrintedFigure, agree, agreement
from resviz.published.paper import PaperStage, table1
from resviz.published.reasons import REASONS
from resviz.published.rows import PrintedRow, PrintedTable, tables
from resviz.published.sources import SOURCES

__all__ = [
    "REASONS",
    "SOURCES",
    "Agreement",
    "PaperStage",
    "Printed",
    "PrintedCheck",
    "PrintedFigure",
    "PrintedRow",
    "PrintedTable",
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
