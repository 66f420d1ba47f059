"""A chip's data sheet for people: each figure that estimates rest on, who prints the same, and what is unchecked."""

from resviz.profiling.agreement import FIGURES
from resviz.profiling.chips import Chip
from resviz.report.tables import Table, words

UNCHECKED = "unchecked"


def sheet(chip: Chip) -> Table:
    """Return one row for each figure of a chip: as its maker counts it, and the pages that print the same."""
    rates = {"fp32": "fp32", "tf32": "tf32", "half": "fp16"}
    peak = {name: chip.peak.macs[key] for name, key in rates.items()}  # type: ignore[index]
    values = {name: f"{2 * rate / 1e12:.4g} TFLOP/s" for name, rate in peak.items() if rate}
    values["bandwidth"] = f"{chip.peak.bytes_per_second / 1e9:,.0f} GB/s"
    values["multiprocessors"] = str(chip.multiprocessors)
    values["cache"] = f"{chip.cache / 1e6:g} MB"
    rows = []
    for name, value in values.items():
        pages = (*chip.peak.agreement.printed_by(name), *chip.agreement.printed_by(name))
        rows.append((FIGURES[name], value, ", ".join(pages) or UNCHECKED))
    return Table((words("figure"), words("value"), words("printed by")), tuple(rows))


def sources(chip: Chip) -> str:
    """Return where the figures are from and how far they were checked."""
    return (
        f"From {chip.peak.source}; multiprocessors and cache: {chip.source}. The maker's documents could not be opened "
        "for the check of November 2026: beside each figure stand other pages that print the same."
    )


def mark(chip: Chip, precision: str) -> str:
    """Return in a sentence which figures that an estimate rests on are unchecked; empty where none is."""
    names = [FIGURES[name] for name in chip.unchecked(precision)]
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
    return f"{UNCHECKED.capitalize()} of {chip.name}'s data sheet: {listed}." if listed else ""
