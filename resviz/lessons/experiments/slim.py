"""TF-slim's way of writing a network down: a list of units for each block, and what its padding does."""

import re
from dataclasses import dataclass

from resviz.arch import ConfigError, ResNetConfig, expand
from resviz.arch.links import decode
from resviz.lessons.controls import Settings, Slider, Text
from resviz.lessons.experiment import Experiment
from resviz.lessons.experiments.pictures import facts
from resviz.lessons.shown import Code, Rows, Shown, Words, drawn
from resviz.report import formatting as fmt
from resviz.report.tables import Column, Table, words

_UNITS = re.compile(r"\(\s*(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*(\d)\s*\)(?:\s*\*\s*(\d{1,4}))?")
_LINE = re.compile(rf"{_UNITS.pattern}(?:\s*\+\s*{_UNITS.pattern})*")
MAX_BLOCKS = 12
"""Blocks of a list."""


@dataclass(frozen=True, slots=True)
class SlimBlock:
    """One block of a list: units of the same depth and bottleneck depth; ``stride`` is the last one's."""

    depth: int
    inner: int
    units: int
    stride: int


def parse(text: str) -> tuple[SlimBlock, ...]:
    """Return the blocks that a list writes, ``(256, 64, 1) * 2 + (256, 64, 2); …``, one between semicolons.

    Raises ConfigError for what is no such list, or one whose stride does not stand in the last unit.
    """
    lines = [line.strip().strip("[],") for line in re.split(r"[;\n]", text) if line.strip()]
    if not 1 <= len(lines) <= MAX_BLOCKS:
        raise ConfigError.of("blocks", f"The list has {len(lines)} blocks; it has 1 to {MAX_BLOCKS}, each ending in ;.")
    return tuple(map(_block, lines))


def _block(line: str) -> SlimBlock:
    if not _LINE.fullmatch(line):
        raise ConfigError.of("blocks", f"{line[:60]!r} is no block; write one as (256, 64, 1) * 2 + (256, 64, 2).")
    units = [
        tuple(map(int, found[:3])) for found in _UNITS.findall(line) for _ in range(int(found[3]) if found[3] else 1)
    ]
    if not units:
        raise ConfigError.of("blocks", f"{line[:60]!r} has no unit: a factor of 0 leaves none.")
    depth, inner, _ = units[0]
    if any(unit[:2] != (depth, inner) for unit in units):
        raise ConfigError.of("blocks", f"{line[:60]!r} mixes depths; all units of a block have the same two.")
    if inner * 4 != depth:
        raise ConfigError.of(
            "blocks", f"{line[:60]!r} has an inner depth of {inner}; it must be a quarter of {depth}, {depth // 4}."
        )
    if any(unit[2] != 1 for unit in units[:-1]):
        raise ConfigError.of("blocks", f"{line[:60]!r} strides before its last unit; slim strides in the last one.")
    return SlimBlock(depth, inner, len(units), units[-1][2])


def config_of(blocks: tuple[SlimBlock, ...], side: int = 224) -> ResNetConfig:
    """Return our configuration of a list: planes, depths and strides, the rest as TF-slim's v2 nets."""
    return decode("resnet_v2_50")[0].with_(
        name="your block list",
        input=(3, side, side),
        widths=tuple(block.inner for block in blocks),
        depths=tuple(block.units for block in blocks),
        stage_strides=tuple(block.stride for block in blocks),
        stem_width=64,
    )


def block_list(settings: Settings) -> Shown:
    """Show the network of a list that the reader types, and our fields for it. Raises ConfigError for what is none."""
    config = config_of(parse(str(settings["blocks"])))
    net = expand(config)
    code = Code(
        f'block = "bottleneck"\nwidths = {config.widths}\ndepths = {config.depths}\n'
        f'stage_strides = {config.stage_strides}\nstride_unit = "last"'
    )
    return Shown((code, drawn(net, config=config)), facts(net))


def same(size: int, kernel: int, stride: int) -> tuple[int, int, int]:
    """Return TensorFlow's "SAME": the output's size, and the zeros before and after."""
    out = -(-size // stride)
    total = max((out - 1) * stride + kernel - size, 0)
    return out, total // 2, total - total // 2


def explicit(size: int, kernel: int, stride: int) -> tuple[int, int, int]:
    """Return slim's ``conv2d_same``: zeros that depend on the kernel alone, then no further padding."""
    before = (kernel - 1) // 2
    after = kernel - 1 - before
    return (size + before + after - kernel) // stride + 1, before, after


def padding(settings: Settings) -> Shown:
    """Show where a strided convolution looks under both paddings, for any size of the input."""
    size, kernel, stride = (int(settings[name]) for name in ("size", "kernel", "stride"))
    rows = []
    for name, (out, before, after) in (
        ("SAME", same(size, kernel, stride)),
        ("explicit (conv2d_same)", explicit(size, kernel, stride)),
    ):
        first = (kernel - 1) // 2 - before
        rows.append((name, out, before, after, f"{first}, {first + stride}, {first + 2 * stride}, …"))
    columns = (
        words("Padding"),
        Column("Output"),
        Column("Zeros before"),
        Column("Zeros after"),
        words("Pixels at the windows' centres"),
    )
    moves = rows[0][2] != rows[1][2]
    said = (
        f"At {size} pixels the windows are shifted by {fmt.plural(abs(rows[0][2] - rows[1][2]), 'pixel')}: weights "
        "trained with one padding see a displaced picture under the other."
        if moves
        else f"At {size} pixels both put their windows on the same pixels."
    )
    return Shown((Rows(Table(columns, tuple(rows))), Words(said, not moves)))


EXPERIMENTS = {
    "slim_list": Experiment(
        show=block_list,
        controls={
            "blocks": Text(
                "Blocks, each ending in ;",
                help="A unit is (depth, inner depth, stride). At most 12 blocks; the stride stands in the last unit.",
            )
        },
    ),
    "slim_padding": Experiment(
        show=padding,
        controls={
            "size": Slider("Input, pixels", 4, 320),
            "kernel": Slider("Kernel", 1, 11, 2),
            "stride": Slider("Stride", 1, 4),
        },
    ),
}
"""Experiments on TF-slim's lists and padding, by name."""
