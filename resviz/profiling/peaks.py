"""What a device can do at most, as its maker prints it: peaks.csv, one line a device, each with its source.

Makers count floating-point operations, two to a multiply-accumulate; here everything is in MACs. Tensor
figures are dense. `half` covers FP16 and BF16; a device without BF16 units has no BF16 peak.

Column `agrees` says how far the figures were checked (`resviz.profiling.agreement`).
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from resviz.profiling.agreement import Agreement
from resviz.profiling.protocol import PrecisionName

NO_BF16 = re.compile(r"P100|V100|\bT4\b")
"""Devices whose half-precision units know FP16 only (before NVIDIA's Ampere)."""


@dataclass(frozen=True, slots=True)
class Peak:
    """The most MACs/s in each precision and bytes/s of memory; None where the maker prints none."""

    macs: dict[PrecisionName, float | None]
    bytes_per_second: float
    source: str
    agreement: Agreement


@cache
def _table() -> tuple[tuple[re.Pattern[str], Peak], ...]:
    text = files("resviz.profiling").joinpath("peaks.csv").read_text(encoding="utf-8")
    return tuple((re.compile(row["pattern"]), _peak(row)) for row in csv.DictReader(text.splitlines()))


def _peak(row: dict[str, str]) -> Peak:
    fp32, tf32, half = (
        float(row[f"{name}_tflops"]) * 1e12 / 2 if row[f"{name}_tflops"] else None for name in ("fp32", "tf32", "half")
    )
    bf16 = None if NO_BF16.search(row["pattern"].replace("\\b", " ")) else half
    macs: dict[PrecisionName, float | None] = {
        "fp32": fp32,
        "tf32": tf32,
        "fp16": half,
        "fp16_autocast": half,
        "bf16": bf16,
        "bf16_autocast": bf16,
    }
    rates = tuple(name for name in ("fp32", "tf32", "half") if row[f"{name}_tflops"])
    agreement = Agreement.read(row["agrees"], (*rates, "bandwidth"))
    return Peak(macs, float(row["gb_per_second"]) * 1e9, row["source"], agreement)


def peak(device_name: str) -> Peak | None:
    """Return the peak of a device by the name that its driver gives, or None where no maker's figure is known."""
    return next((found for pattern, found in _table() if pattern.search(device_name)), None)
