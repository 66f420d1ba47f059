"""What must fit together across the fields of a configuration, each rule with its sentence."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from math import ceil

from resviz.arch.attention import ATTENTIONS
from resviz.arch.block_types import BLOCKS, inner_width
from resviz.arch.choices import Choices
from resviz.arch.downsamplings import DOWNSAMPLINGS
from resviz.arch.fields import MAX_ARMS, MAX_BLOCKS, MAX_CHANNELS, MAX_LAYERS, MAX_UNLIKE, PER_STAGE, ResNetFields
from resviz.arch.heads import HEADS
from resviz.arch.orders import ORDERS
from resviz.arch.planes import unlike
from resviz.arch.shortcuts import SHORTCUTS
from resviz.arch.skips import SKIPS
from resviz.arch.stems import STEMS

Rule = tuple[str, bool, str]
"""The field at fault, whether the rule is broken, the sentence."""


def rules(fields: ResNetFields) -> Iterator[Rule]:
    """Yield every rule across fields; those that look at each stage only where all stages are described."""
    lengths = list(_lengths(fields))
    yield from lengths
    if not any(broken for _, broken, _ in lengths):
        yield from _unlike(fields)
        for stage, choices in enumerate(_choices(fields)):
            yield from _broken(choices, stage, fields.widths[stage])
    yield from _whole(fields)


def _lengths(c: ResNetFields) -> Iterator[Rule]:
    stages = len(c.depths)
    for name in ("widths", "stage_strides", *PER_STAGE):
        value = getattr(c, name)
        wrong = isinstance(value, tuple) and len(value) != stages
        sentence = f"needs one value for each of the {stages} stages that depths gives"
        yield name, wrong, f"{name} {list(value) if wrong else value} {sentence}."


def _unlike(c: ResNetFields) -> Iterator[Rule]:
    if MAX_UNLIKE < sum(c.depths) <= MAX_BLOCKS:
        number, field = unlike(c)
        yield (
            "depths",
            number > MAX_UNLIKE,
            f"depths {list(c.depths)} would make {number:,} blocks that differ from the one before, by {field} "
            f"{getattr(c, field)!r}; at most {MAX_UNLIKE:,} are allowed, so take fewer blocks.",
        )


def _choices(c: ResNetFields) -> Iterator[Choices]:
    """Yield each stage's choices: the same object where no field differs from stage to stage."""
    values = {name: getattr(c, name) for name in Choices.__dataclass_fields__}
    each = [name for name in PER_STAGE if isinstance(values[name], tuple)]
    if not each:
        yield from repeat(Choices(**values), len(c.depths))
        return
    for stage in range(len(c.depths)):
        yield Choices(**(values | {name: values[name][stage] for name in each}))


@lru_cache(maxsize=4096)
def _broken(c: Choices, stage: int, planes: int) -> tuple[Rule, ...]:
    """Return the rules of a stage that are broken; most stages were seen before and break none."""
    return tuple(rule for rule in _stage(c, stage, planes) if rule[1])


def _stage(c: Choices, stage: int, planes: int) -> Iterator[Rule]:
    block, groups, base, ratio = c.block, c.groups, c.width_per_group, c.bottleneck_ratio
    kind = BLOCKS[block]
    inner, outer = inner_width(c, planes), planes * kind.expansion
    spatial = inner if kind.widens else outer
    own_order = kind.post is not None
    yield (
        "groups",
        groups > 1 and not kind.grouped,
        f"groups {groups} needs a block with a grouped convolution, such as 'bottleneck'; the {block} block has none.",
    )
    yield (
        "groups",
        groups > 1 and kind.grouped and spatial % groups > 0,
        f"groups {groups} does not divide the {spatial} channels of stage {stage + 1}; take a divisor of them.",
    )
    yield (
        "width_per_group",
        base != 64 and not kind.by_group,
        f"width_per_group {base} needs block 'bottleneck'; with {block!r} change widths or bottleneck_ratio.",
    )
    yield (
        "bottleneck_ratio",
        inner < 1 and ratio is not None,
        f"bottleneck_ratio {ratio} leaves no inner channels at widths {planes}; take a larger one.",
    )
    yield (
        "width_per_group",
        inner < 1 and ratio is None,
        f"width_per_group {base} leaves no inner channels at widths {planes}; take a larger one.",
    )
    yield (
        "bottleneck_ratio",
        ratio is not None and not kind.widens,
        f"bottleneck_ratio needs a block with an inner width, such as 'bottleneck'; the {block} block has none.",
    )
    yield (
        "widths",
        max(inner, outer) > MAX_CHANNELS,
        f"widths {planes} in stage {stage + 1} make a layer of more than {MAX_CHANNELS:,} channels; take smaller ones.",
    )
    yield (
        "order",
        own_order and not ORDERS[c.order].for_own_steps,
        f"order {c.order!r} does not go with block {block!r}, which has an order of its own; take 'original' or "
        "'branch_only'.",
    )
    yield (
        "groups",
        kind.cardinal and groups > MAX_ARMS,
        f"groups {groups} would make as many arms of a block; take at most {MAX_ARMS}, or block 'bottleneck'.",
    )
    shared = kind.shared_by(c)
    yield (
        "arms",
        shared > 1 and spatial % shared > 0,
        f"arms {shared} does not divide the {spatial} channels of stage {stage + 1}; take a divisor of them.",
    )
    yield (
        "kernel_size",
        c.kernel_size is not None and c.kernel_size % 2 == 0,
        f"kernel_size {c.kernel_size} is even; an odd one keeps the map's size.",
    )
    yield (
        "shortcut",
        not kind.residual and c.shortcut != "none",
        f"shortcut {c.shortcut!r} does not go with block {block!r}, which has its identity inside; take 'none'.",
    )
    yield (
        "attention_ratio",
        ATTENTIONS[c.attention].has_ratio and ceil(planes * kind.expansion * c.attention_ratio) < 1,
        f"attention_ratio {c.attention_ratio:g} leaves no channels; take a larger one.",
    )


def _whole(c: ResNetFields) -> Iterator[Rule]:
    order, stem = ORDERS[c.order], STEMS[c.stem]
    kinds = [BLOCKS[name] for name in c.each("block")]
    parts = max(len(kind.parts) for kind in kinds)
    convs, plain = parts * sum(c.depths), c.shortcut == "none"
    odd = next((spec.share for spec in stem.convs if spec.divisor == 1 and c.stem_out * spec.share % 1), None)
    normed_last = order.post.startswith("n")
    yield (
        "depths",
        convs > MAX_LAYERS or sum(c.depths) > MAX_BLOCKS,
        f"depths {list(c.depths)} would make {convs:,} convolutions in {sum(c.depths):,} blocks; at most "
        f"{MAX_LAYERS:,} and {MAX_BLOCKS:,} are allowed, so take fewer blocks.",
    )
    yield (
        "stem_width",
        odd is not None,
        f"stem_width {c.stem_out} is not divisible as the {c.stem} stem needs it (a share of {odd}); take a "
        "multiple of 8.",
    )
    yield (
        "skip",
        c.skip != "identity" and plain,
        f"skip {c.skip!r} needs shortcuts, and shortcut 'none' is a plain net; choose skip 'identity'.",
    )
    yield (
        "shortcut",
        SKIPS[c.skip].scaling is not None and not plain and not SHORTCUTS[c.shortcut].bridges,
        f"shortcut {c.shortcut!r} leaves out the blocks that change the shape, where skip {c.skip!r} would scale the "
        "only signal away; take shortcut 'B' or 'avgpool', or skip 'identity'.",
    )
    yield (
        "drop_path_rate",
        c.drop_path_rate > 0 and plain,
        f"drop_path_rate {c.drop_path_rate:g} needs shortcuts, and shortcut 'none' is a plain net; set it to 0.",
    )
    yield (
        "zero_init_last",
        c.zero_init_last and plain,
        "zero_init_last true would silence a plain net; set it to false, or choose a shortcut.",
    )
    yield (
        "zero_init_last",
        c.zero_init_last and normed_last,
        f"zero_init_last true needs a branch with a last norm or weight of its own, and order {c.order!r} "
        "normalises the sum; set it to false.",
    )
    yield (
        "classifier",
        c.classifier == "conv" and (HEADS[c.head].flattens or HEADS[c.head].tokens),
        f"classifier 'conv' needs a pooled map, which head {c.head!r} does not give; take 'linear'.",
    )
    yield (
        "stem_norm",
        bool(c.stem_norm) and c.norm == "none",
        "stem_norm true needs a norm, and norm is 'none'; choose a norm or set stem_norm to null.",
    )
    yield (
        "downsampling",
        DOWNSAMPLINGS[c.downsampling].build is not None and c.stride_unit == "last",
        f"downsampling {c.downsampling!r} stands before the first block of a stage; set stride_unit to 'first'.",
    )
