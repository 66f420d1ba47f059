"""The roofline: how many MACs a layer does for each byte it moves, against how fast it was.

A layer left of the ridge waits for memory, one right of it for arithmetic (Williams, Waterman & Patterson
2009). Bytes are the least a layer must move: its input, its weights and its output, once each.
"""

from dataclasses import dataclass
from math import prod

from resviz.arch.ops import Kind
from resviz.profiling.protocol import PRECISIONS
from resviz.profiling.result import Profile

MEASURED = "measured: a large matrix product and a large copy"
"""The source of a roof that no maker prints."""


@dataclass(frozen=True, slots=True)
class RooflinePoint:
    """One layer on the roofline; MACs and bytes are for the whole batch."""

    path: str
    label: str
    kind: Kind
    macs: int
    bytes: int
    seconds: float

    @property
    def intensity(self) -> float:
        """MACs for each byte moved."""
        return self.macs / self.bytes

    @property
    def macs_per_second(self) -> float:
        """Achieved MACs/s."""
        return self.macs / self.seconds


@dataclass(frozen=True, slots=True)
class Roof:
    """What bounds a layer: MACs/s of the arithmetic, bytes/s of the memory, and whose figure it is."""

    macs_per_second: float
    bytes_per_second: float
    source: str

    @property
    def measured(self) -> bool:
        """Whether it was measured here, and so may be too low."""
        return self.source == MEASURED

    @property
    def ridge(self) -> float:
        """MACs per byte where the two bounds meet."""
        return self.macs_per_second / self.bytes_per_second

    def at(self, intensity: float) -> float:
        """Return the most MACs/s at an intensity."""
        return min(self.macs_per_second, intensity * self.bytes_per_second)


def points(profile: Profile) -> tuple[RooflinePoint, ...]:
    """Return every timed layer that does MACs; none without a breakdown."""
    if profile.breakdown is None:
        return ()
    protocol = profile.protocol
    width = PRECISIONS[protocol.precision].bytes
    layers = dict(profile.network.walk())
    found = []
    for timed in profile.breakdown.layers:
        layer = layers.get(timed.path)
        if layer is None or not layer.macs or not timed.seconds:
            continue
        images = prod(layer.in_shape) + prod(layer.out_shape)
        moved = (protocol.batch * images + layer.params) * width
        found.append(
            RooflinePoint(timed.path, layer.op.label, layer.kind, layer.macs * protocol.batch, moved, timed.seconds)
        )
    return tuple(found)


def best(profile: Profile) -> float:
    """Return the most MACs/s that the run shows: of a layer, or of whole steps."""
    return max((profile.macs_per_second, *(point.macs_per_second for point in points(profile))))


def roof(profile: Profile) -> Roof | None:
    """Return the roof that the device's maker prints for the profile's precision, else what was measured, else None."""
    peak, ceiling = profile.peak, profile.ceiling
    most = peak.macs[profile.protocol.precision] if peak else None
    if peak and most:
        return Roof(most, peak.bytes_per_second, peak.source)
    return Roof(ceiling.macs_per_second, ceiling.bytes_per_second, MEASURED) if ceiling else None
