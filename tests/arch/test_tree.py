from math import prod

import pytest
from hypothesis import given

from resviz.arch import PRESETS, ConfigError, Network, ResNetConfig, expand, preset
from resviz.arch.layers import Arms, Chain, Gate, Layer, leaves
from resviz.arch.merges import GatedAdd, ScaledAdd
from resviz.arch.ops import Conv2d, DropPath, Kind, Shape
from resviz.arch.skips import SKIPS
from resviz.arch.tree import Block, ShortcutKind
from tests.presets import on_each
from tests.strategies import configs


def end(chain: Chain, shape: Shape) -> Shape:
    """The shape a chain gives, having checked that each node takes what the one before gives."""
    for node in chain:
        assert node.in_shape == shape, node.name
        match node:
            case Layer():
                assert node.op.out_shape(shape) == node.out_shape
            case Gate():
                assert end(node.chain, shape)[0] in (shape[0], 1)
            case Arms():
                made = [end(arm, node.arm_shape) for arm in node.arms]
                assert node.join.out_shape(made) == node.out_shape
                assert not node.weights or prod(end(node.weights, made[0])) % len(made) == 0
        shape = node.out_shape
    return shape


def check_block(block: Block) -> None:
    pre = end(block.pre, block.in_shape)
    branch = end(block.branch, pre)
    if block.shortcut is not None:
        assert end(block.shortcut, block.in_shape) == branch
        assert end(block.gate, block.in_shape) == (branch if block.gate else block.in_shape)
    assert end(block.post, branch) == block.out_shape


@given(configs())
def test_shapes_chain_from_input_to_logits(config: ResNetConfig) -> None:
    network = expand(config)
    shape = end(network.stem, network.input)
    for stage in network.stages:
        for run in stage.runs:
            check_block(run.block)
        for block in stage.blocks:
            assert block.in_shape == shape
            shape = block.out_shape
    assert prod(end(network.head, shape)) == config.num_classes


@given(configs())
def test_totals_are_the_sums_over_layers(config: ResNetConfig) -> None:
    network = expand(config)
    layers = network.layers()
    assert network.params == sum(layer.params for layer in layers)
    assert network.macs == sum(layer.macs for layer in layers)
    assert network.activations == sum(layer.activations for layer in layers)
    ends = (*network.stem, *network.head)
    assert network.params == sum(s.params for s in network.stages) + sum(layer.params for layer in ends)
    assert network.flops == 2 * network.macs


@given(configs())
def test_every_path_is_unique(config: ResNetConfig) -> None:
    paths = [path for path, _ in expand(config).walk()]
    assert len(paths) == len(set(paths))


@given(configs())
def test_derivations_multiply_out_to_the_macs(config: ResNetConfig) -> None:
    for layer in expand(config).layers():
        factors = [int(factor) for factor in layer.derivation.split("*")] if layer.derivation else [0]
        assert prod(factors) == layer.macs


@on_each("name", PRESETS)
def test_identical_blocks_are_the_same_object(name: str) -> None:
    for stage in expand(preset(name)).stages:
        distinct = list({id(block): block for block in stage.blocks}.values())
        assert len(distinct) == len(set(distinct))
        norm_free = SKIPS[preset(name).skip].scaling is not None  # each unit of it has a factor of its own
        assert len(distinct) <= (len(stage.blocks) if norm_free or preset(name).width_growth != "none" else 3)


def test_a_1202_layer_net_has_as_few_distinct_layers_as_a_20_layer_one() -> None:
    deep, shallow = expand(preset("resnet1202_cifar10")), expand(preset("resnet20_cifar10"))
    assert len(list(deep.tally())) == len(list(shallow.tally()))


def blocks(name: str, **changes: object) -> list[Block]:
    return [block for _, block in expand(preset(name).with_(**changes)).blocks()]


def test_option_c_projects_everywhere_and_is_dashed_only_where_the_shape_changes() -> None:
    each = blocks("resnet34_option_c")
    assert {block.shortcut_kind for block in each} == {ShortcutKind.PROJECTION}
    assert [block.dashed for block in each].count(True) == 3


def test_option_a_has_no_parameters_on_its_shortcuts() -> None:
    dashed = [block for block in blocks("resnet20_cifar10") if block.dashed]
    assert [block.shortcut_kind for block in dashed] == [ShortcutKind.PADDING] * 2
    assert not any(layer.params for block in dashed for layer in block.shortcut or () if isinstance(layer, Layer))


def test_slim_identity_with_a_stride_is_a_max_pool_in_the_last_unit() -> None:
    stage = expand(preset("resnet_v2_50")).stages[0]
    assert [block.shortcut_kind for block in stage.blocks] == [
        ShortcutKind.PROJECTION,
        ShortcutKind.IDENTITY,
        ShortcutKind.POOLING,
    ]
    assert [block.dashed for block in stage.blocks] == [True, False, True]


def test_slim_biases_stand_where_no_norm_follows() -> None:
    biased = {path for path, layer in expand(preset("resnet_v2_50")).walk() if getattr(layer.op, "bias", False)}
    assert {path.split(".", 2)[-1] for path in biased} == {"conv1", "conv3", "downsample.0", "fc"}
    assert "layer1.0.conv1" not in biased


def test_full_preactivation_taps_projections_after_pre_and_identities_before() -> None:
    first, second, *_ = blocks("preact_resnet164_cifar10")
    assert (first.shortcut_kind, first.taps_pre) == (ShortcutKind.PROJECTION, True)
    assert (second.shortcut_kind, second.taps_pre) == (ShortcutKind.IDENTITY, False)
    assert [node.name for node in first.pre] == ["bn1", "relu1"]
    assert first.post == ()


ORDERS = {
    "original": "conv1 bn1 relu1 conv2 bn2 | relu2",
    "bn_after_add": "conv1 bn1 relu1 conv2 | bn2 relu2",
    "relu_before_add": "conv1 bn1 relu1 conv2 bn2 relu2 | ",
    "relu_only_preact": "relu1 conv1 bn1 relu2 conv2 bn2 | ",
    "full_preact": "bn1 relu1 conv1 bn2 relu2 conv2 | ",
}


@pytest.mark.parametrize("order", ORDERS)
def test_order_stands_as_figure_4_of_he_2016_draws_it(order: str) -> None:
    block = blocks("resnet110_cifar10", order=order)[1]
    names = [" ".join(node.name for node in chain) for chain in ((*block.pre, *block.branch), block.post)]
    assert " | ".join(names) == ORDERS[order]


def test_the_stem_leaves_to_preactivation_what_it_does_itself() -> None:
    def names(order: str, stem_norm: bool | None) -> list[str]:
        return [layer.name for layer in expand(preset("resnet18").with_(order=order, stem_norm=stem_norm)).stem]

    assert names("original", None) == ["conv1", "bn1", "relu", "maxpool"]
    assert names("relu_only_preact", None) == ["conv1", "bn1", "maxpool"]
    assert names("full_preact", None) == ["conv1", "maxpool"]
    assert names("full_preact", True) == ["conv1", "bn1", "relu", "maxpool"]


def test_gates_cost_a_biased_1x1_on_every_unit() -> None:
    gated, plain = expand(preset("resnet110_cifar10_exclusive_gate")), expand(preset("resnet110_cifar10"))
    assert gated.count("conv") == plain.count("conv") + 54
    first = gated.stages[0].blocks[0]
    assert isinstance(first.merge, GatedAdd)
    assert first.merge.exclusive
    assert first.merge.gate[0].params == 16 * 16 + 16


def test_constant_scaling_costs_nothing() -> None:
    scaled, plain = expand(preset("resnet110_cifar10_half_skip")), expand(preset("resnet110_cifar10"))
    assert scaled.stages[0].blocks[0].merge == ScaledAdd(0.5, 1.0)
    assert (scaled.params, scaled.macs) == (plain.params, plain.macs)


def test_dilation_keeps_the_map_and_the_parameters() -> None:
    config = preset("resnet50")
    wide = expand(config.with_(output_stride=8))
    assert [stage.out_shape[1] for stage in wide.stages] == [56, 28, 28, 28]
    assert wide.params == expand(config).params
    conv2 = {path: layer.op for path, layer in wide.walk() if path.endswith("conv2")}
    assert [conv2[f"layer4.{index}.conv2"].dilation for index in range(3)] == [2, 4, 4]  # type: ignore[union-attr]


def test_stochastic_depth_rises_linearly_and_keeps_blocks_identical() -> None:
    network = expand(preset("resnet18").with_(drop_path_rate=0.7))
    assert network.drop_path_rates == pytest.approx([0.1 * index for index in range(8)])
    assert {layer.op for layer, _ in network.tally() if layer.kind == "droppath"} == {DropPath(0.7)}
    assert set(expand(preset("resnet18")).drop_path_rates) == {0.0}


def test_units_without_weights_do_not_count_for_stochastic_depth() -> None:
    config = preset("resnet18").with_(drop_path_rate=0.7)
    rates = expand(config.with_(identity_units=2)).drop_path_rates
    assert [rate for index, rate in enumerate(rates) if index % 4 < 2] == list(expand(config).drop_path_rates)
    assert rates[-3] == pytest.approx(0.7)
    assert {rate for index, rate in enumerate(rates) if index % 4 >= 2} == {0.0}


@given(config=configs(max_blocks=2))
def test_the_last_unit_with_weights_is_dropped_at_the_rate_itself(config: ResNetConfig) -> None:
    network = expand(config)
    weighted = sum(bool(block.branch) for _, block in network.blocks())
    assert max(network.drop_path_rates) == pytest.approx(config.drop_path_rate if weighted > 1 else 0)


def test_identity_units_change_neither_shape_nor_cost() -> None:
    before, after = expand(preset("plain18")), expand(preset("plain18").with_(identity_units=3))
    assert (after.params, after.macs, after.depth) == (before.params, before.macs, before.depth)
    assert [len(stage.blocks) for stage in after.stages] == [5, 5, 5, 5]


def test_zero_init_marks_the_last_gamma_of_each_branch_and_nothing_else() -> None:
    def zeros(**changes: object) -> set[str]:
        network = expand(preset("resnet18").with_(zero_init_last=True, **changes))
        return {path.split(".")[-1] for path, layer in network.walk() if layer.op.zero_initialised}

    assert zeros() == {"bn2"}
    assert zeros(order="full_preact") == {"conv2"}
    assert zeros(norm="none") == {"conv2"}


def test_rectangular_input_keeps_its_ratio() -> None:
    shapes = [stage.out_shape for stage in expand(preset("resnet18").with_(input=(3, 128, 320))).stages]
    assert shapes == [(64, 32, 80), (128, 16, 40), (256, 8, 20), (512, 4, 10)]


def test_layers_of_the_network_carry_their_full_path() -> None:
    network: Network = expand(preset("resnet50"))
    layer = next(layer for layer in network.layers() if layer.name == "layer3.0.conv2")
    assert (layer.in_shape, layer.out_shape, layer.derivation) == ((256, 28, 28), (256, 14, 14), "3*3*256*256*14*14")


def test_a_unit_without_a_shortcut_is_neither_silenced_nor_dropped() -> None:
    network = expand(preset("regnetz_b16").with_(drop_path_rate=0.2))
    seen = set()
    for _, block in network.blocks():
        alone = block.shortcut is None
        silent = any(layer.op.zero_initialised for layer in leaves(block.branch))
        dropped = any(layer.kind is Kind.DROPPATH for layer in leaves(block.branch))
        assert (silent, dropped) == (not alone, not alone)
        assert alone == (block.in_shape != block.out_shape)
        seen.add(alone)
    assert seen == {True, False}


def test_groups_keep_their_width_where_a_unit_widens_from_its_input() -> None:
    convs = [
        layer.op
        for _, layer in expand(preset("regnetz_d8")).walk()
        if isinstance(layer.op, Conv2d) and layer.op.kernel_size == 3 and layer.op.groups > 1
    ]
    assert {op.in_channels // op.groups for op in convs} == {8}
    assert [op.groups for op in convs[2:5]] == [32, 32, 64]  # the second stage's first unit is as the stage before


def test_groups_that_do_not_divide_the_unit_that_changes_the_shape_are_refused_on_groups() -> None:
    with pytest.raises(ConfigError, match=r"groups 3 make groups of 128 channels, which do not divide the 96"):
        expand(preset("resnet50").with_(block="z", widths=(24, 96, 96, 96), groups=3))
