"""The open dictionary of heads: what stands between the last stage and the classifier."""

from collections.abc import Callable
from dataclasses import dataclass

from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.convs import conv
from resviz.arch.entries import HE2015, RADFORD2021, TIMM, Entry
from resviz.arch.norms import norm
from resviz.arch.ops import Flatten
from resviz.arch.orders import ORDERS
from resviz.arch.pools import GlobalAvgPool2d
from resviz.arch.steps import activation
from resviz.arch.tokens import SelfAttention, TokensWithMean
from resviz.arch.weights import Conv2d, Linear


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadType(Entry):
    """A head: ``build`` appends it to a chain, given ``head_width``.

    One that ``flattens`` gives a flat vector; one that makes ``tokens`` has each classified, and the first taken.
    """

    build: Callable[[Choices, ChainBuilder, int | None], None]
    flattens: bool = False
    tokens: bool = False


def _undone(choices: Choices, out: ChainBuilder) -> None:
    """Append what the units leave undone."""
    for step in ORDERS[choices.order].head:
        if step == "n":
            out.add("bn", norm(choices, out.shape[0]))
        else:
            out.add(f"{choices.activation}_last", activation(choices))  # the stem may have one by the plain name


def _pool(choices: Choices, out: ChainBuilder, width: int | None) -> None:
    """Append a 1x1 convolution where it has a width, which takes over the last steps; then the global pool."""
    if width is None:
        _undone(choices, out)
    else:
        out.add("head.0", conv(choices, out.shape[0], width, 1, normed=True))
        out.add("head.1", norm(choices, width))
        out.add("head.2", activation(choices))
    out.add("avgpool", GlobalAvgPool2d())
    for _ in ORDERS[choices.order].pooled:
        out.add("norm", norm(choices, out.shape[0]))


def _hidden(choices: Choices, out: ChainBuilder, width: int | None) -> None:
    """Append the global pool, a norm and a hidden layer with an activation."""
    _undone(choices, out)
    channels = out.shape[0]
    out.add("avgpool", GlobalAvgPool2d())
    out.add("norm", norm(choices, channels))
    out.add("flatten", Flatten())
    out.add("hidden", Linear(channels, width or channels))
    out.add(f"{choices.activation}_hidden", activation(choices))


def _attention_pool(choices: Choices, out: ChainBuilder, width: int | None) -> None:
    """Append CLIP's pool: attention among the positions and their mean, in heads of 64 channels where they divide."""
    _undone(choices, out)
    channels, positions = out.shape[0], out.shape[1] * out.shape[2]
    inner = width or channels
    out.add("attnpool.tokens", TokensWithMean(channels, positions))
    out.add("attnpool.qkv", Conv2d(channels, 3 * inner, 1, bias=True))
    out.add("attnpool.attention", SelfAttention(max(1, inner // 64) if inner % 64 == 0 else 1))


HEADS = {
    "pool": HeadType(
        label="Global pool",
        summary="The mean over all positions; before it a 1x1 convolution, if the head has a width.",
        source=f"{HE2015}, Sec. 3.3",
        build=_pool,
    ),
    "hidden": HeadType(
        label="Global pool and a hidden layer",
        summary="The mean over all positions, a norm, a linear layer of the head's width, an activation.",
        source=f"{TIMM}, convnext_large_mlp",
        build=_hidden,
        flattens=True,
    ),
    "attention": HeadType(
        label="Attention pool (CLIP)",
        summary="Attention among the positions and their mean in the place of a pool; the mean's token is the answer.",
        formula="softmax(q k^T / sqrt(d)) v",
        latex=r"\mathrm{softmax}(q k^\top / \sqrt{d})\,v",
        source=f"{RADFORD2021}, Sec. 2.4",
        build=_attention_pool,
        tokens=True,
    ),
}
