"""A chip's data sheet for people: each figure that estimates rest on, who prints the same, and what is unchecked."""

from resviz.profiling.agreement import FIGURES
from resviz.profiling.chips import Chip
from resviz.report.tables import Table, words

AGREES, UNCHECKED = "agree", "unchecked"


def sheet(chip: Chip) -> Table:
    """Return one row for each figure of a chip: as its maker counts it, and whether other pages print the same."""
    rates = {"fp32": "fp32", "tf32": "tf32", "half": "fp16"}
    peak = {name: chip.peak.macs[key] for name, key in rates.items()}  # type: ignore[index]
    values = {name: f"{2 * rate / 1e12:.4g} TFLOP/s" for name, rate in peak.items() if rate}
    values["bandwidth"] = f"{chip.peak.bytes_per_second / 1e9:,.0f} GB/s"
    values["multiprocessors"] = str(chip.multiprocessors)
    values["cache"] = f"{chip.cache / 1e6:g} MB"
    missing = chip.peak.agreement.unchecked + chip.agreement.unchecked
    rows = tuple((FIGURES[name], value, UNCHECKED if name in missing else AGREES) for name, value in values.items())
    return Table((words("Figure"), words("Value"), words("Other pages")), rows)


def sources(chip: Chip) -> tuple[str, str]:
    """Return where rates and bandwidth are from and how far they were checked, then multiprocessors and cache."""
    return (
        f"Rates and bandwidth: {chip.peak.source}. {chip.peak.agreement.sentence}",
        f"Multiprocessors and cache: {chip.source}. {chip.agreement.sentence}",
    )


def mark(chip: Chip, precision: str) -> str:
    """Return in a sentence which figures that an estimate rests on are unchecked; empty where none is."""
    names = [FIGURES[name] for name in chip.unchecked(precision)]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
    return f"{UNCHECKED.capitalize()} of {chip.name}'s data sheet: {listed}." if listed else ""
