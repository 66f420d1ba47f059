"""The planes of each unit of a stage, and how many units in a row differ from the one before."""

from itertools import groupby

from resviz.arch.fields import ResNetFields
from resviz.arch.skips import SKIPS


def planes(c: ResNetFields, stage: int) -> tuple[int, ...]:
    """Return the planes of each unit of a stage: the stage's own, or grown towards them from what was before.

    Additive growth is PyramidNet's (Han et al. 2016, Eq. 3), multiplicative growth its Eq. 2; numbers are
    rounded to whole channels.
    """
    depth, end = c.depths[stage], c.widths[stage]
    if c.width_growth == "none":
        return (end,) * depth
    start = c.widths[stage - 1] if stage else c.stem_out
    shares = [(unit + 1) / depth for unit in range(depth)]
    if c.width_growth == "additive":
        return tuple(round(start + (end - start) * share) for share in shares)
    return tuple(round(start * (end / start) ** share) for share in shares)


def unlike(c: ResNetFields) -> tuple[int, str]:
    """Return how many units may differ from the one before, and the field that makes them.

    Of units of the same planes in a row the first takes other channels than it gives, the others are alike.
    """
    if c.skip in SKIPS and SKIPS[c.skip].scaling is not None:
        return sum(c.depths), "skip"
    total, field = 0, "width_growth"
    for stage, groups in enumerate(c.each("groups")):
        if c.grouped_units == "every_second" and groups > 1:
            total, field = total + c.depths[stage], "grouped_units"
        else:
            total += sum(min(len(list(same)), 2) for _, same in groupby(planes(c, stage)))
    return total, field
