"""Formulas are those of the unit at hand: their values are its weights, their letters its layers."""

import re

import pytest
from hypothesis import given

from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.arch.layers import Arms, Layer, main_path
from resviz.arch.ops import Conv2d, ScaledStandardisedConv2d
from resviz.arch.orders import ORDERS
from resviz.arch.tree import Block
from resviz.report.formulas import in_words, typical, unit_formula, weight_formula
from tests.presets import on_each
from tests.strategies import configs


def value(latex: str, letters: dict[str, int]) -> float:
    """What a product or sum written in LaTeX amounts to."""
    text = latex.replace(r"\,", "*").replace(r"\cdot", "*").replace("^2", "**2").replace("{,}", "")
    text = re.sub(r"\\frac\{(.*?)\}\{(.*?)\}", r"((\1)/(\2))", text)
    names = {letter.replace("'", "_"): number for letter, number in letters.items()}
    return eval(text.replace("C'", "C_"), {"__builtins__": {}}, names)


def weights_of(block: Block) -> int:
    """The weights of the branch's convolutions, counted by their layers."""
    convs = [layer.op for layer in main_path(block.branch) if isinstance(layer.op, Conv2d)]
    vectors = [op.bias + isinstance(op, ScaledStandardisedConv2d) for op in convs]  # a bias, a gain a channel
    return sum(op.params - vector * op.out_channels for op, vector in zip(convs, vectors, strict=True))


def assert_the_value_is_the_weights(block: Block) -> None:
    formula = weight_formula(block)
    assert formula.value == weights_of(block)
    assert value(formula.symbols, formula.values) == formula.value
    product, total = formula.result.rsplit(" = ", 1)
    assert value(product, {}) == value(total, {}) == formula.value


@on_each("name", PRESETS)
def test_a_formulas_value_is_the_weights_of_every_presets_blocks(name: str) -> None:
    for stage in expand(preset(name)).stages:
        for run in stage.runs:
            assert_the_value_is_the_weights(run.block)


@given(config=configs(max_blocks=2))
def test_a_formulas_value_is_the_weights_of_any_networks_blocks(config: ResNetConfig) -> None:
    network = expand(config)
    for _, block in network.blocks():
        if block.branch:
            assert_the_value_is_the_weights(block)
        letters = " ".join(unit_formula(block))
        convs = [node for node in block.branch if isinstance(node, Layer) and isinstance(node.op, Conv2d)]
        assert set(re.findall(r"W_(\d)", letters)) == {str(i + 1) for i in range(len(convs))}
        assert letters.count("{arms}") == sum(isinstance(node, Arms) for node in block.branch)
        assert letters.count("(") == letters.count(")")
        assert letters.count("{") == letters.count("}")
    assert typical(network)[1].branch


@pytest.mark.parametrize(
    ("name", "symbols", "letters"),
    [
        ("resnet18", r"18\,C^2", "C = 64"),
        ("resnet50", r"2\,C\,w + 9\,w^2", r"C = 256,\ w = 64"),
        ("wide_resnet50_2", r"2\,C\,w + 9\,w^2", r"C = 256,\ w = 128"),
        ("resnext50_32x4d", r"2\,C\,w + \frac{9\,w^2}{g}", r"C = 256,\ w = 128,\ g = 32"),
    ],
)
def test_only_a_plain_bottleneck_has_17_times_the_square_of_its_width(name: str, symbols: str, letters: str) -> None:
    formula = weight_formula(typical(expand(preset(name)))[1])
    assert (formula.symbols, formula.letters) == (symbols, letters)
    assert (formula.value == 17 * 64**2) == (name == "resnet50")


def plain(lines: tuple[str, ...]) -> str:
    text = re.sub(r"\\mathrm\{(.*?)\}", r"\1", "; ".join(lines))
    return text.replace(r"\allowbreak ", "").replace(r"\,", " ")


FORMULAS = {
    "original": "y = ReLU(x + F(x)); F(x) = BN(W_3 ReLU(BN(W_2 ReLU(BN(W_1 x)))))",
    "bn_after_add": "y = ReLU(BN(x + F(x))); F(x) = W_3 ReLU(BN(W_2 ReLU(BN(W_1 x))))",
    "relu_before_add": "y = x + F(x); F(x) = ReLU(BN(W_3 ReLU(BN(W_2 ReLU(BN(W_1 x))))))",
    "relu_only_preact": "y = x + F(x); F(x) = BN(W_3 ReLU(BN(W_2 ReLU(BN(W_1 ReLU(x))))))",
    "full_preact": "y = x + F(x); F(x) = W_3 ReLU(BN(W_2 ReLU(BN(W_1 ReLU(BN(x))))))",
    "pyramid": "y = x + F(x); F(x) = BN(W_3 ReLU(BN(W_2 ReLU(BN(W_1 BN(x))))))",
    "linear": "y = x + F(x); F(x) = BN(W_3 ReLU(BN(W_2 ReLU(BN(W_1 x)))))",
    "branch_only": "y = x + F(x); F(x) = W_3 ReLU(BN(W_2 ReLU(BN(W_1 x))))",
    "branch_only_head": "y = x + F(x); F(x) = W_3 ReLU(BN(W_2 ReLU(BN(W_1 x))))",
}


@pytest.mark.parametrize("order", ORDERS)
def test_an_orders_formula_has_the_three_weights_of_a_bottleneck(order: str) -> None:
    assert plain(in_words(expand(preset("resnet50").with_(order=order)), "order")) == FORMULAS[order]


@pytest.mark.parametrize(
    ("changes", "path", "formula"),
    [
        ({"shortcut": "none"}, 1, "y = ReLU(F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x)))"),
        ({"shortcut": "A"}, 2, "y = ReLU(pad(x) + F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x)))"),
        ({}, 2, "y = ReLU(BN(W_s x) + F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x)))"),
        ({"order": "full_preact"}, 2, "y = W_s h + F(x); F(x) = W_2 ReLU(BN(W_1 h)); h = ReLU(BN(x))"),
        ({"skip": "scale"}, 1, "y = ReLU(0.5 x + F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x)))"),
        ({"skip": "scale", "branch_scale": 2}, 1, "y = ReLU(0.5 x + 2 F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x)))"),
        (
            {"skip": "shortcut_gate"},
            1,
            r"y = ReLU((1 - g(x)) x + F(x)); F(x) = BN(W_2 ReLU(BN(W_1 x))); g(x) = \sigma(W_g x + b)",
        ),
        ({"attention": "se", "norm": "layer"}, 1, "y = ReLU(x + F(x)); F(x) = SE(LN(W_2 ReLU(LN(W_1 x))))"),
    ],
    ids=str,
)
def test_a_units_formula_is_that_of_its_own_arms(changes: dict[str, object], path: int, formula: str) -> None:
    network = expand(preset("resnet18").with_(**changes))
    assert plain(unit_formula(network.stages[path - 1].blocks[0])) == formula


def test_a_unit_without_weights_passes_its_input_on() -> None:
    network = expand(preset("resnet18").with_(identity_units=1))
    assert unit_formula(network.stages[0].blocks[-1]) == ("y = x",)
    assert typical(network)[0] == "layer1.1"
