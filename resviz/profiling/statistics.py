"""What a row of samples shows: where it lies, how far it spreads, and whether to trust it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt

SPREAD_LIMIT = 0.10
"""Share of the median between the 5th and the 95th percentile above which a machine counts as busy."""
DRIFT_LIMIT = 0.05
"""Share by which the last quarter's median may differ from the first quarter's."""
FEW = 8
"""Samples below which neither is judged."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The usual figures of a sample; seconds where the sample has seconds."""

    count: int
    median: float
    mean: float
    sd: float
    p5: float
    p95: float
    drift: float

    @property
    def spread(self) -> float:
        """The 5th to 95th percentile range as a share of the median."""
        return (self.p95 - self.p5) / self.median if self.median else 0.0


def summarise(samples: Sequence[float]) -> Summary:
    """Return the summary of at least one sample; percentiles interpolate between samples (numpy's way)."""
    ordered = sorted(samples)
    mean = fsum(ordered) / len(ordered)
    median = statistics.median(ordered)
    quarter = max(len(samples) // 4, 1)
    first, last = statistics.median(samples[:quarter]), statistics.median(samples[-quarter:])
    return Summary(
        count=len(ordered),
        median=median,
        mean=mean,
        sd=sqrt(fsum((value - mean) ** 2 for value in ordered) / (len(ordered) - 1)) if len(ordered) > 1 else 0.0,
        p5=percentile(ordered, 0.05),
        p95=percentile(ordered, 0.95),
        drift=last / first - 1 if first else 0.0,
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the value below which a share of an ordered sample lies, interpolated."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def overlap(first: Summary, second: Summary) -> bool:
    """Return whether the ranges from the 5th to the 95th percentile have a value in common."""
    return first.p5 <= second.p95 and second.p5 <= first.p95


def warnings(summary: Summary) -> tuple[str, ...]:
    """Return what speaks against the sample, each a sentence."""
    if summary.count < FEW:
        return ()
    if summary.spread > SPREAD_LIMIT:
        return (
            f"The samples spread over {summary.spread:.0%} of the median (5th to 95th percentile, at most "
            f"{SPREAD_LIMIT:.0%} is quiet): the machine was busy or changed its clocks. Measure again.",
        )
    if abs(summary.drift) > DRIFT_LIMIT:
        way = "slower" if summary.drift > 0 else "faster"
        return (
            f"The last quarter of the steps ran {abs(summary.drift):.0%} {way} than the first: "
            f"{'the device was getting hot or shared' if summary.drift > 0 else 'the warm-up was too short'}.",
        )
    return ()
