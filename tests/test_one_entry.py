"""A new entry of a dictionary is all it takes: module, code, cross-check, diagrams, memory and links follow it."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.activations import SIGMOID, ActivationType
from resviz.arch.anti_aliases import AntiAlias
from resviz.arch.attention import Attention
from resviz.arch.block_type import BlockType
from resviz.arch.carried import projected
from resviz.arch.chain import ChainBuilder
from resviz.arch.change import Change
from resviz.arch.choices import Choices
from resviz.arch.convs import BiasRule, ConvType
from resviz.arch.downsamplings import Downsampling
from resviz.arch.fields import CHOICES
from resviz.arch.heads import HeadType
from resviz.arch.links import decode, encode
from resviz.arch.merges import ScaledAdd
from resviz.arch.normalisations import GroupNorm
from resviz.arch.norms import NormType
from resviz.arch.ops import Activation
from resviz.arch.orders import Order
from resviz.arch.parts import Conv
from resviz.arch.pools import AvgPool2d, GlobalAvgPool2d
from resviz.arch.shortcuts import ShortcutType
from resviz.arch.skips import SkipType
from resviz.arch.stems import Stem, StemConv
from resviz.arch.weights import Conv2d, StandardisedConv2d
from resviz.diagram import HEATS, Detail, draw
from resviz.diagram.closeup import close_up
from resviz.diagram.facts import facts_of
from resviz.nn import build
from resviz.nn.codegen import code
from resviz.nn.crosscheck import crosscheck
from resviz.report.field_words import value_in_words
from resviz.report.formulas import unit_formula
from resviz.report.memory import memory
from resviz.report.receptive import fields
from resviz.report.tables import layer_table

BASE = preset("resnet18").with_(
    depths=(1, 2), widths=(16, 32), stage_strides=(1, 2), input=(3, 48, 48), num_classes=10, name="base"
)
WORDS: dict[str, Any] = {"label": "New", "summary": "An entry of a test.", "source": "this test"}


def _gate(choices: Choices, out: ChainBuilder, reference: int) -> None:
    chain = out.inside("new")
    chain.add("pool", GlobalAvgPool2d())
    chain.add("fc", Conv2d(out.shape[0], out.shape[0], 1))
    chain.add("sigmoid", Activation(SIGMOID))
    out.gate("new", chain)


def _shortcut(choices: Choices, out: ChainBuilder, change: Change) -> None:
    if not change.none:
        out.add("downsample.0", Conv2d(change.in_channels, change.out_channels, 3, change.stride, padding=1))


def _head(choices: Choices, out: ChainBuilder, width: int | None) -> None:
    out.add("first", Conv2d(out.shape[0], width or 24, 1, bias=True))
    out.add("avgpool", GlobalAvgPool2d())


NEW: dict[str, Any] = {
    "norm": NormType(**WORDS, build=lambda choices, channels, zero_init: GroupNorm(2, channels, zero_init)),
    "activation": ActivationType(**WORDS, torch="nn.ELU", functional="F.elu({})", keeps="output"),
    "attention": Attention(**WORDS, build=_gate),
    "anti_alias": AntiAlias(**WORDS, build=lambda channels, stride: AvgPool2d(2, stride, ceil_mode=False)),
    "skip": SkipType(**WORDS, merge=lambda choices, shape, size: ScaledAdd(1 / 3, 1.0)),
    "block": BlockType(**WORDS, parts=(Conv(1, "outer"), Conv(3, "outer"), Conv(5, "outer"))),
    "stem": Stem(**WORDS, convs=(StemConv(5, 2), StemConv(3, 1)), pool="avg"),
    "downsampling": Downsampling(**WORDS, build=_shortcut),
    "shortcut": ShortcutType(**WORDS, build=_shortcut, carries=projected),
    "order": Order(**WORDS, pre="n", inner="an", post="a"),
    "head": HeadType(**WORDS, build=_head),
    "conv": ConvType(**WORDS, build=StandardisedConv2d),
    "conv_bias": BiasRule(**WORDS, has=lambda normed: normed),
}


@pytest.fixture
def with_new(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ResNetConfig]:
    def made(field: str) -> ResNetConfig:
        monkeypatch.setitem(CHOICES[field], f"new_{field}", NEW[field])  # type: ignore[arg-type]  # a dict
        return BASE.with_(**{field: f"new_{field}"})

    return made


@pytest.mark.parametrize("field", NEW)
def test_an_entry_in_one_dictionary_is_built_written_checked_drawn_and_linked(
    field: str, with_new: Callable[[str], ResNetConfig]
) -> None:
    config = with_new(field)
    network = expand(config)
    assert network != expand(BASE)
    module, image = build(config, seed=0).eval(), torch.randn(2, *config.input)
    assert sum(parameter.numel() for parameter in module.parameters()) == network.params
    names: dict[str, Any] = {}
    exec(code(config), names)
    written = names["ResNet"]().eval()
    written.load_state_dict(module.state_dict())
    torch.testing.assert_close(written(image), module(image))
    assert crosscheck(config).equal
    for detail in Detail:
        for heat in HEATS:
            assert draw(network, detail, heat=heat).svg
    drawn = draw(network, Detail.OPERATIONS)
    assert all(drawn.export(kind) for kind in ("dot", "tex"))
    assert facts_of(network, (node.path for node in drawn.nodes)).keys() == {node.path for node in drawn.nodes}
    assert close_up(network, "layer2.0").nodes
    assert [row[0] for row in layer_table(network).rows] == [*(path for path, _ in network.walk()), "total"]
    assert all(unit_formula(stage.blocks[-1]) for stage in network.stages)
    assert value_in_words(field, f"new_{field}") == "New"
    assert memory(network).kept
    assert fields(network)
    assert decode(encode(config))[0] == config


def test_every_field_that_chooses_an_entry_is_tried_with_a_new_one() -> None:
    assert NEW.keys() == CHOICES.keys()
