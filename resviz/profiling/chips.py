"""The chips that times are estimated for: chips.csv, what their makers print beside the peaks of peaks.csv."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from resviz.errors import EstimateError, unknown
from resviz.profiling.agreement import Agreement
from resviz.profiling.peaks import Peak, peak
from resviz.profiling.protocol import PrecisionName

PEAK_OF: dict[str, PrecisionName] = {"amp": "fp16", "fp16": "fp16", "bf16": "bf16", "tf32": "tf32", "fp32": "fp32"}
"""The precision of an estimate and the peak that bounds it."""
PRINTED_OF = {"amp": "half", "fp16": "half", "bf16": "half", "tf32": "tf32", "fp32": "fp32"}
"""The precision of an estimate and what its maker's figure is called in `resviz.profiling.agreement`."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A chip by the name people give it: its device name, multiprocessors, bytes of the last cache, peaks."""

    name: str
    device: str
    multiprocessors: int
    cache: int
    also: tuple[str, ...]
    source: str
    agreement: Agreement
    peak: Peak

    def rate(self, precision: str) -> float:
        """Return MACs/s in a precision. Raises EstimateError where the chip has no units for it."""
        found = self.peak.macs[PEAK_OF[precision]]
        if not found:
            able = ", ".join(name for name, key in PEAK_OF.items() if self.peak.macs[key])
            raise EstimateError(f"precision {precision!r} is not possible on {self.name}, which has {able}.")
        return found

    def unchecked(self, precision: str) -> tuple[str, ...]:
        """Return the figures that an estimate in a precision rests on and that no page was found to print as well."""
        rest = (PRINTED_OF[precision], "bandwidth", "multiprocessors", "cache")
        return tuple(each for each in rest if each in self.peak.agreement.unchecked + self.agreement.unchecked)


@cache
def chips() -> dict[str, Chip]:
    """Return the chips by name."""
    text = files("resviz.profiling").joinpath("chips.csv").read_text(encoding="utf-8")
    return {row["name"]: _chip(row) for row in csv.DictReader(text.splitlines())}


def _chip(row: dict[str, str]) -> Chip:
    found = peak(row["device"])
    assert found is not None, row["device"]
    return Chip(
        name=row["name"],
        device=row["device"],
        multiprocessors=int(row["multiprocessors"]),
        cache=int(row["cache_mb"]) * 10**6,
        also=tuple(row["also"].split(";")) if row["also"] else (),
        source=row["source"],
        agreement=Agreement.read(row["agrees"], ("multiprocessors", "cache")),
        peak=found,
    )


def chip(name: str) -> Chip:
    """Return a chip by name, device name or another name; case and ``NVIDIA`` do not matter. Raises EstimateError."""
    wanted = _plain(name)
    for each in chips().values():
        if wanted in map(_plain, (each.name, each.device, *each.also)):
            return each
    raise EstimateError(unknown("gpu", name, list(chips())))


def _plain(name: str) -> str:
    words = name.casefold().replace("-", " ").split()
    return " ".join(word for word in words if word not in ("nvidia", "geforce", "tesla"))
