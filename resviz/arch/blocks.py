"""The one function that builds any residual unit, from the choices of its stage and its place."""

from resviz.arch.anti_aliases import ANTI_ALIASES
from resviz.arch.attention import ATTENTIONS
from resviz.arch.block_types import BLOCKS
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.operation import Shape
from resviz.arch.ops import Dropout, DropPath
from resviz.arch.orders import ORDERS
from resviz.arch.parts import Spot
from resviz.arch.scales import BranchGain, ChannelScale, ConstantScale
from resviz.arch.shortcuts import bridged, build_shortcut
from resviz.arch.skips import SKIPS, GateSize
from resviz.arch.steps import Steps
from resviz.arch.tree import Block, Origin, Place
from resviz.errors import ShapeError


def build_block(choices: Choices, place: Place) -> Block:
    """Return the block that a stage's choices make at a place. Raises ShapeError or ConfigError."""
    kind, order = BLOCKS[choices.block], ORDERS[choices.order]
    after_sum = order.post if kind.post is None else kind.post
    steps = Steps(choices)
    pre = ChainBuilder(place.in_shape)
    steps.append(pre, order.pre)
    scaling = SKIPS[choices.skip].scaling
    if scaling and place.variance != 1:
        pre.add("beta", ConstantScale(place.variance**-0.5))
    change = place.change
    residual = bridged(choices, change)
    branch = _branch(choices, place, pre.shape, steps, after_sum, residual=residual)
    shortcut = build_shortcut(choices, place.in_shape, change) if residual else None
    if shortcut and shortcut[-1].out_shape != branch.shape:
        raise ShapeError(
            f"the branch gives {'x'.join(map(str, branch.shape))} and the shortcut "
            f"{'x'.join(map(str, shortcut[-1].out_shape))}, which cannot be added"
        )
    size = GateSize(place.out_channels, place.stride)
    post = ChainBuilder(branch.shape)
    steps.append(post, after_sum)
    return Block(
        in_shape=place.in_shape,
        out_shape=post.shape,
        pre=pre.chain(),
        branch=branch.chain(),
        shortcut=shortcut,
        merge=None if shortcut is None else SKIPS[choices.skip].merge(choices, place.in_shape, size),
        post=post.chain(),
        origin=Origin(choices, place),
    )


def _branch(
    choices: Choices, place: Place, shape: Shape, steps: Steps, after_sum: str, *, residual: bool
) -> ChainBuilder:
    """Return the branch; one that is not ``residual`` has no shortcut beside it, and so is never silenced."""
    kind, order = BLOCKS[choices.block], ORDERS[choices.order]
    alias, attention = ANTI_ALIASES[choices.anti_alias], ATTENTIONS[choices.attention]
    moves = place.stride > 1 or place.first_dilation != place.dilation
    smooth = alias.build if moves else None
    scaling = SKIPS[choices.skip].scaling
    strided, last = kind.strided(choices.stride_in), len(kind.parts) - 1
    attended = last if kind.attention_after is None else kind.attention_after
    out = ChainBuilder(shape)
    for index, part in enumerate(kind.parts):
        here = index == strided
        after = part.after if part.after is not None else order.last if index == last else order.inner
        widths = {
            "inner": place.width,
            "half": place.width // 2,
            "same": out.shape[0],
            "outer": place.out_channels,
        }
        kernel = (choices.kernel_size or part.kernel) if part.kernel > 1 else 1
        if index and choices.dropout > 0:
            out.add(f"dropout{index}", Dropout(choices.dropout))
        spot = Spot(
            name=f"conv{index + 1}",
            out_channels=widths[part.width],
            kernel=kernel,
            stride=place.stride if here and not smooth else 1,
            dilation=1 if kernel == 1 else place.first_dilation if here else place.dilation,
            after=after,
            normed=after.startswith("n") or (index == last and not after and after_sum.startswith("n")),
            zero_init=choices.zero_init_last and residual and index == last,
            place=place,
        )
        if here and smooth and alias.before:
            out.add("aa", smooth(out.shape[0], place.stride))
        part.append(choices, out, steps, spot)
        if here and smooth and not alias.before:
            out.add("aa", smooth(out.shape[0], place.stride))
        if index == attended:
            before = len(out)
            attention.build(choices, out, place.in_channels if kind.squeezes_input else out.shape[0])
            if scaling and len(out) > before:
                out.add("attention_gain", ConstantScale(scaling.attention))
    if choices.layer_scale is not None:
        out.add("layer_scale", ChannelScale(out.shape[0], choices.layer_scale))
    if choices.drop_path_rate > 0 and residual:
        out.add("drop_path", DropPath(choices.drop_path_rate))
    if scaling and scaling.gain:
        out.add("gain", BranchGain())
    if scaling and choices.branch_scale != 1:
        out.add("alpha", ConstantScale(choices.branch_scale))
    return out


def identity_block(shape: Shape) -> Block:
    """Return a unit without weights that passes its input on (He et al. 2015, Sec. 1: the added layers)."""
    return Block(in_shape=shape, out_shape=shape, pre=(), branch=(), shortcut=None, merge=None, post=())
