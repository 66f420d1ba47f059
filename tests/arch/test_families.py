"""The families beyond the first ResNets, against their papers' numbers and other people's modules."""

import csv
from itertools import pairwise, product
from math import erf, exp, log1p, pi, sqrt, tanh
from pathlib import Path

import pytest

from resviz.arch import ConfigError, ResNetConfig, expand, preset
from resviz.arch.activations import ACTIVATIONS
from resviz.arch.block_types import BLOCKS
from resviz.arch.layers import Arms, Layer
from resviz.arch.ops import BranchGain, ConstantScale, Conv2d, DropPath, MaxPool2d, ScaledStandardisedConv2d, ZeroPad2d
from resviz.arch.presets.regnet import nearest, nearest_from_below
from resviz.arch.tokens import SelfAttention

PATH = list(csv.DictReader((Path(__file__).parents[1] / "data" / "convnext_path.csv").read_text().splitlines()))
ELSEWHERE = {"13", "14"}
"""The steps whose printed GFLOPs are not their convolutions': 4.46 for 4.15, and 4.49 for 4.46."""

PYTORCHCV = [  # preset; parameters, MACs and activations of pytorchcv 0.0.74's module
    ("pyramidnet110_a48_cifar10", 1_772_706, 403_813_504, 1_420_298),
    ("pyramidnet110_a84_cifar10", 3_904_446, 772_168_168, 1_892_618),
    ("pyramidnet110_a270_cifar10", 28_485_477, 4_717_983_724, 4_332_938),
    ("pyramidnet164_a270_cifar10", 27_216_021, 4_569_837_040, 13_089_866),
    ("pyramidnet200_a240_cifar10", 26_752_702, 4_519_606_016, 14_440_202),
]
REGNETS = [  # the family's numbers (Radosavovic et al. 2020, Tables 11 and 12) and the stages they make
    ("regnetx_d13_w24_a36.44_m2.49_g8", (1, 1, 4, 7), (24, 56, 152, 368)),
    ("regnetx_d22_w24_a24.48_m2.54_g16", (1, 2, 7, 12), (32, 64, 160, 384)),
    ("regnetx_d23_w320_a69.86_m2_g168", (2, 7, 13, 1), (336, 672, 1344, 2520)),
    ("regnety_d16_w48_a27.89_m2.09_g8", (1, 3, 6, 6), (48, 104, 208, 440)),
    ("regnety_d20_w232_a115.89_m2.53_g232", (2, 5, 12, 1), (232, 696, 1392, 3712)),
]


@pytest.mark.parametrize("row", PATH, ids=lambda row: row["preset"])
def test_step_to_convnext_has_the_printed_gmacs(row: dict[str, str]) -> None:
    """Liu et al. 2022, Table 10."""
    rounded = f"{expand(preset(row['preset'])).macs / 1e9:.2f}"
    assert (float(rounded) == float(row["gmacs"])) == (row["step"] not in ELSEWHERE)


@pytest.mark.parametrize(("name", "params", "macs", "activations"), PYTORCHCV)
def test_pyramidnet_counts_as_pytorchcv_module_does(name: str, params: int, macs: int, activations: int) -> None:
    network = expand(preset(name))
    assert (network.params, network.macs, network.activations) == (params, macs, activations)


@pytest.mark.parametrize(("name", "depths", "widths"), REGNETS)
def test_four_numbers_and_a_groups_width_make_a_regnet(
    name: str, depths: tuple[int, ...], widths: tuple[int, ...]
) -> None:
    config = preset(name)
    assert (config.depths, config.widths) == (depths, widths)
    assert config.attention == ("se" if name.startswith("regnety") else "none")


def test_regnet_by_its_numbers_is_the_preset() -> None:
    numbers, named = preset("regnetx_d22_w24_a24.48_m2.54_g16"), preset("regnetx_004")
    assert numbers.with_(name=named.name, zero_init_last=True) == named


@pytest.mark.parametrize(
    "name", ["regnetx_d22_w24_a24.48_m1_g16", "regnetx_d9999_w24_a1.5_m2_g8", "regnetx_d5_w0_a1_m2_g8"]
)
def test_numbers_that_make_no_regnet_get_a_sentence(name: str) -> None:
    with pytest.raises(ConfigError):
        preset(name)


def test_widths_fit_a_groups_width_two_ways() -> None:
    assert [nearest(width, 120) for width in (80, 240, 720, 1920)] == [120, 240, 720, 1920]
    assert (nearest(250, 168), nearest_from_below(250, 168)) == (168, 336)


def test_three_forms_of_resnext_are_one_function_in_cost() -> None:
    """Xie et al. 2016, Fig. 3: arms added, arms concatenated, one grouped convolution."""
    forms = [expand(preset(f"resnext50_32x4d_form_{form}")) for form in "abc"]
    assert len({(net.params, net.macs, net.depth) for net in forms}) == 1
    assert forms[2].params == expand(preset("resnext50_32x4d")).params
    arms = [next((node for node in net.stages[0].blocks[0].branch if isinstance(node, Arms)), None) for net in forms]
    assert [len(node.arms) if node else 0 for node in arms] == [32, 32, 0]


def test_deployed_repvgg_has_a_convolution_and_its_bias_for_each_unit() -> None:
    trained, deployed = expand(preset("repvgg_a0")), expand(preset("repvgg_a0_deployed"))
    assert deployed.count("conv") == 22
    assert deployed.count("norm") == 0
    assert (trained.depth, deployed.depth) == (23, 23)
    widths = [deployed.input[0], *(block.out_shape[0] for _, block in deployed.blocks())]
    weights = sum(9 * a * b + b for a, b in pairwise(widths))
    assert deployed.params == weights + 1280 * 1000 + 1000


def test_norm_free_unit_divides_by_the_deviation_expected_of_its_input() -> None:
    """Brock et al. 2021, Sec. 3: 1 after a stage's first sum, alpha^2 more with each unit."""
    stages = expand(preset("nf_resnet50")).stages
    betas = [[factor(block.pre, "beta") for block in stage.blocks] for stage in stages[:2]]
    assert betas[0] == pytest.approx([1, (1 + 0.04) ** -0.5, (1 + 0.08) ** -0.5])
    assert betas[1] == pytest.approx([(1 + 0.12) ** -0.5, 1.04**-0.5, 1.08**-0.5, 1.12**-0.5])
    assert {factor(block.branch, "alpha") for stage in stages for block in stage.blocks} == {0.2}


def factor(chain: tuple[object, ...], name: str) -> float:
    """A constant of a chain, 1 where it has none by that name."""
    found = [node.op for node in chain if isinstance(node, Layer) and node.name == name]
    return found[0].factor if found and isinstance(found[0], ConstantScale) else 1


def test_skipinit_gain_stands_after_stochastic_depth_and_before_alpha() -> None:
    config = preset("dm_nfnet_f0").with_(drop_path_rate=0.2)
    end = [type(node.op) for node in expand(config).stages[0].blocks[0].branch[-3:] if isinstance(node, Layer)]
    assert end == [DropPath, BranchGain, ConstantScale]


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_gamma_gives_a_normal_input_variance_1(name: str) -> None:
    """Against the integral over the normal distribution; the published gammas are estimates from samples."""
    functions = {
        "relu": lambda x: max(x, 0.0),
        "leaky_relu": lambda x: max(x, 0.01 * x),
        "gelu": gelu,
        "silu": lambda x: x / (1 + exp(-x)),
        "mish": lambda x: x * tanh(softplus(x)),
    }
    function = functions[name]
    step, points = 0.01, [index * 0.01 - 10 for index in range(2001)]
    weights = [exp(-x * x / 2) / sqrt(2 * pi) * step for x in points]
    mean = sum(weight * function(x) for weight, x in zip(weights, points, strict=True))
    square = sum(weight * function(x) ** 2 for weight, x in zip(weights, points, strict=True))
    assert ACTIVATIONS[name].gamma * sqrt(square - mean**2) == pytest.approx(1, abs=2e-3)


def softplus(x: float) -> float:
    return log1p(exp(x))


def gelu(x: float) -> float:
    return x * (1 + erf(x / sqrt(2))) / 2


def test_scaled_convolution_takes_the_gamma_of_the_activation() -> None:
    config = ResNetConfig(conv="scaled_standardised", norm="none", activation="gelu")
    convs = [layer.op for layer, _ in expand(config).tally() if isinstance(layer.op, ScaledStandardisedConv2d)]
    assert {op.gamma for op in convs} == {ACTIVATIONS["gelu"].gamma}
    assert ("gamma", ACTIVATIONS["gelu"].gamma) in convs[0].torch.options


def test_head_convolution_has_the_last_steps_of_a_preactivating_net() -> None:
    kinds = [layer.kind.value for layer in expand(preset("nfnet_f0")).head]
    assert kinds == ["conv", "activation", "avgpool", "flatten", "linear"]


def test_clip_attends_among_the_positions_and_their_mean() -> None:
    head = {layer.name: layer for layer in expand(preset("resnet50_clip")).head}
    assert head["attnpool.tokens"].out_shape == (2048, 50, 1)
    assert head["attnpool.tokens"].params == 2048 * 50
    assert head["attnpool.attention"].op == SelfAttention(heads=32)
    assert head["token"].out_shape == (1024,)


def test_max_pools_of_stems_keep_the_edges_their_weights_were_trained_with() -> None:
    """BiT pools over zeros, Caffe lets the last window reach over the edge; both give 56x56 as the padded pool does."""
    pools = {name: expand(preset(name)).stem for name in ("resnetv2_50x1_bit", "legacy_seresnet50", "resnet50")}
    assert [layer.op for layer in pools["resnetv2_50x1_bit"][-2:]] == [ZeroPad2d(1), MaxPool2d(3, 2)]
    assert pools["legacy_seresnet50"][-1].op == MaxPool2d(3, 2, ceil_mode=True)
    assert {stem[-1].out_shape for stem in pools.values()} == {(64, 56, 56)}


def test_each_stage_may_have_a_block_of_its_own() -> None:
    network = expand(preset("test_resnet"))
    assert [len(stage.blocks[0].cells) for stage in network.stages] == [2, 2, 3, 2]


@pytest.mark.parametrize("block", BLOCKS)
def test_what_expands_has_convolutions_whose_groups_divide_their_channels(block: str) -> None:
    """Over groups, widths, arms and ratios that often contradict one another; what is refused names its field."""
    shortcut = "B" if BLOCKS[block].residual else "none"
    stage = {"block": block, "depths": (2,), "stage_strides": (1,), "input": (3, 32, 32), "shortcut": shortcut}
    made = 0
    for groups, width, arms, ratio in product((1, 2, 3, 8), (12, 37), (None, 1, 3), (None, 0.25, 0.3)):
        try:
            network = expand(ResNetConfig(groups=groups, widths=(width,), arms=arms, bottleneck_ratio=ratio, **stage))
        except ConfigError as error:
            assert {problem.field for problem in error.problems} <= {"groups", "arms", "bottleneck_ratio"}
            continue
        made += 1
        convs = [layer for layer, _ in network.tally() if isinstance(layer.op, Conv2d)]
        assert all(layer.op.in_channels == layer.in_shape[0] for layer in convs)
        assert not any(
            layer.op.in_channels % layer.op.groups or layer.op.out_channels % layer.op.groups for layer in convs
        )
    assert made
