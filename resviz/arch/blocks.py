"""The open dictionary of blocks, and the one function that builds any of them.

A block is its kernels, how much wider its output is than its inner convolutions, and nothing else; the
order of BN, ReLU and weight, the shortcut and the attention unit are choices of their own.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resviz.arch.attention import ATTENTIONS
from resviz.arch.chain import ChainBuilder
from resviz.arch.entries import HE2015, HE2016, ZAGORUYKO2016, Entry
from resviz.arch.errors import ShapeError
from resviz.arch.layers import activation, anti_alias, biased, norm
from resviz.arch.ops import Conv2d, Dropout, DropPath
from resviz.arch.orders import ORDERS
from resviz.arch.shortcuts import Change, build_merge, build_shortcut
from resviz.arch.tree import Block

if TYPE_CHECKING:
    from resviz.arch.config import ResNetConfig
    from resviz.arch.ops import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockType(Entry):
    """A block as data: the kernels of its branch and its expansion (output over inner planes)."""

    kernels: tuple[int, ...]
    expansion: int = 1

    @property
    def grouped(self) -> bool:
        """Whether ``groups`` and ``width_per_group`` apply, as torchvision has it."""
        return self.expansion > 1

    def strided(self, stride_in: str) -> int:
        """Return which convolution carries the stride: the first, or the first 3x3."""
        return 0 if stride_in == "1x1" or 3 not in self.kernels else self.kernels.index(3)

    @property
    def stride_choice(self) -> bool:
        """Whether ``stride_in`` makes a difference: the first convolution is not the first 3x3."""
        return self.strided("1x1") != self.strided("3x3")


def _wide(*kernels: int) -> BlockType:
    name = f"B({','.join(map(str, kernels))})"
    sizes = ", ".join(f"{kernel}x{kernel}" for kernel in kernels)
    return BlockType(
        label=name,
        summary=f"Convolutions {sizes}, all of one width.",
        source=f"{ZAGORUYKO2016}, Sec. 2",
        kernels=kernels,
    )


BLOCKS = {
    "basic": BlockType(
        label="Basic",
        summary="Two 3x3 convolutions.",
        source=f"{HE2015}, Fig. 5 left",
        kernels=(3, 3),
    ),
    "bottleneck": BlockType(
        label="Bottleneck",
        summary="A 1x1 convolution narrows, a 3x3 works, a 1x1 widens by 4.",
        source=f"{HE2015}, Fig. 5 right",
        kernels=(1, 3, 1),
        expansion=4,
    ),
    "b3": BlockType(
        label="B(3)",
        summary="A single 3x3 convolution: the one-layer unit.",
        source=f"{HE2016}, Table 3; {ZAGORUYKO2016}, Table 3",
        kernels=(3,),
    ),
    "b333": _wide(3, 3, 3),
    "b3333": _wide(3, 3, 3, 3),
    "b31": _wide(3, 1),
    "b13": _wide(1, 3),
    "b131": _wide(1, 3, 1),
    "b311": _wide(3, 1, 1),
    "b313": _wide(3, 1, 3),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: what it takes, its planes, its stride and its dilations.

    The strided convolution of the unit that would have strided keeps the dilation from before.
    """

    in_shape: "Shape"
    planes: int
    stride: int
    first_dilation: int
    dilation: int


def inner_width(config: "ResNetConfig", planes: int) -> int:
    """Return the width of a block's inner convolutions (torchvision's rule for groups and base width)."""
    if not BLOCKS[config.block].grouped:
        return planes
    return int(planes * (config.width_per_group / 64)) * config.groups


def build_block(config: "ResNetConfig", place: Place) -> Block:
    """Return the block that the configuration has at a place. Raises ShapeError or ConfigError."""
    kind, order = BLOCKS[config.block], ORDERS[config.order]
    numbers = {"n": 0, "a": 0}

    def steps(out: ChainBuilder, letters: str, *, zero_init: bool = False) -> None:
        for letter in letters:
            numbers[letter] += 1
            if letter == "n":
                out.add(f"bn{numbers['n']}", norm(config, out.shape[0], zero_init=zero_init))
            else:
                out.add(f"{config.activation}{numbers['a']}", activation(config))

    pre = ChainBuilder(place.in_shape)
    steps(pre, order.pre)

    width, out_channels = inner_width(config, place.planes), place.planes * kind.expansion
    strided, branch = kind.strided(config.stride_in), ChainBuilder(pre.shape)
    smooth = config.anti_alias != "none" and (place.stride > 1 or place.first_dilation != place.dilation)
    count = len(kind.kernels)
    for number, kernel in enumerate(kind.kernels, start=1):
        last, here = number == count, number - 1 == strided
        letters = order.last if last else "na"
        if number > 1 and config.dropout > 0:
            branch.add(f"dropout{number - 1}", Dropout(config.dropout))
        norm_last = last and letters.startswith("n") and config.norm != "none"
        dilation = 1 if kernel == 1 else place.first_dilation if here else place.dilation
        op = Conv2d(
            in_channels=branch.shape[0],
            out_channels=out_channels if last else width,
            kernel_size=kernel,
            stride=place.stride if here and not smooth else 1,
            padding=dilation * (kernel // 2),
            dilation=dilation,
            groups=config.groups if kind.grouped and kernel > 1 else 1,
            bias=biased(config, normed=letters.startswith("n") or (last and order.post.startswith("n"))),
            zero_init=config.zero_init_last and last and not norm_last,
        )
        branch.add(f"conv{number}", op)
        steps(branch, letters, zero_init=config.zero_init_last and norm_last)
        if here and smooth:
            branch.add("aa", anti_alias(config, branch.shape[0], place.stride))
    for name, layers in ATTENTIONS[config.attention].build(config, branch.shape):
        branch.gate(name, layers)
    if config.drop_path_rate > 0:
        branch.add("drop_path", DropPath(config.drop_path_rate))

    change = Change(place.in_shape[0], out_channels, place.stride, place.dilation)
    shortcut = build_shortcut(config, place.in_shape, change)
    if shortcut and shortcut[-1].out_shape != branch.shape:
        raise ShapeError(
            f"the branch gives {'x'.join(map(str, branch.shape))} and the shortcut "
            f"{'x'.join(map(str, shortcut[-1].out_shape))}, which cannot be added"
        )
    post = ChainBuilder(branch.shape)
    steps(post, order.post)
    return Block(
        in_shape=place.in_shape,
        out_shape=post.shape,
        pre=pre.chain(),
        branch=branch.chain(),
        shortcut=shortcut,
        merge=None if shortcut is None else build_merge(config, place.in_shape, change),
        post=post.chain(),
    )


def identity_block(shape: "Shape") -> Block:
    """Return a unit without weights that passes its input on (He et al. 2015, Sec. 1: the added layers)."""
    return Block(in_shape=shape, out_shape=shape, pre=(), branch=(), shortcut=None, merge=None, post=())
