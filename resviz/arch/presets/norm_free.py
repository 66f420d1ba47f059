"""Networks without batch normalisation: BiT with standardised weights, NF-ResNets with no norm at all."""

from resviz.arch.entries import KOLESNIKOV2019, TIMM
from resviz.arch.presets.common import DEPTHS, TIMM_V2, Fields, Listed


def _bit(depth: int, factor: int) -> Fields:
    """Return the fields of BiT-R<depth>x<factor> (Kolesnikov et al. 2019)."""
    return {
        **DEPTHS[depth],
        **TIMM_V2,
        "conv": "standardised",
        "norm": "group",
        **({} if factor == 1 else {"widths": tuple(width * factor for width in (64, 128, 256, 512))}),
    }


NETWORKS: Listed = {
    ("BiT", f"{KOLESNIKOV2019}, Sec. 3.2; {TIMM}"): {
        f"resnetv2_{depth}x{factor}_bit": _bit(depth, factor)
        for depth, factor in ((50, 1), (50, 3), (101, 1), (101, 3), (152, 2), (152, 4))
    },
}
