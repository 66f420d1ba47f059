"""Receptive fields: the published ones, and those that gradients find."""

import pytest
import torch
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from torch import nn

from resviz.arch import ConfigError, ResNetConfig, expand, preset
from resviz.nn import build
from resviz.report.receptive import fields, last_field
from tests.strategies import configs, examples


@pytest.mark.parametrize(("name", "size"), [("resnet_v2_50", 483), ("resnet_v2_101", 1027), ("resnet_v2_152", 1507)])
def test_slim_nets_see_what_araujo_et_al_print(name: str, size: int) -> None:
    field = last_field(expand(preset(name)))
    assert (field.size, field.jump) == (size, 32)


def test_the_stem_of_resnet50_sees_7_then_11_pixels() -> None:
    by_name = {field.name: field for field in fields(expand(preset("resnet50")))}
    assert (by_name["conv1"].size, by_name["conv1"].jump) == (7, 2)
    assert (by_name["maxpool"].size, by_name["maxpool"].jump) == (11, 4)
    assert by_name["layer4.2.relu3"].covers == 1


def test_dilation_widens_the_field_and_keeps_the_jump() -> None:
    plain, dilated = (last_field(expand(preset("resnet50").with_(output_stride=stride))) for stride in (None, 8))
    assert dilated.jump == 8
    assert dilated.size > plain.size * 0.9


class Average(nn.AvgPool2d):
    """In the place of a max pool: the gradient of a maximum reaches one pixel only."""

    def __init__(self, pool: nn.MaxPool2d) -> None:
        super().__init__(pool.kernel_size, pool.stride, pool.padding)


class Held(nn.Module):
    """Behind what makes the weights of arms: they weigh, as an attention unit does, and no gradient passes them."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x.detach()


def linear(module: nn.Module) -> None:
    """Leave nothing in a module that stops a gradient or lets two cancel: no activations, weights above zero."""
    for name, child in list(module.named_children()):
        if name == "select":
            setattr(module, name, nn.Sequential(child, Held()))
            continue
        match child:
            case nn.Conv2d():
                nn.init.uniform_(child.weight, 1, 2)
                with torch.no_grad():
                    child.weight /= child.weight[0].sum()
            case nn.BatchNorm2d():
                nn.init.ones_(child.weight)
            case nn.MaxPool2d():
                setattr(module, name, Average(child))
            case nn.ReLU() | nn.LeakyReLU() | nn.GELU() | nn.SiLU() | nn.Mish():
                setattr(module, name, nn.Identity())
            case _:
                linear(child)


def seen(config: ResNetConfig, position: int) -> tuple[int, int]:
    """First row of the picture that a position of the last map depends on, and how many there are to the last."""
    net = build(config, seed=0).eval().double()
    linear(net)
    image = torch.ones(1, *config.input, dtype=torch.double, requires_grad=True)
    x = image
    for name, module in net.named_children():
        if name == "avgpool":
            break
        x = module(x)
    x[0, :, position, position].sum().backward()
    assert image.grad is not None
    rows = image.grad[0].abs().sum((0, 2)).nonzero().flatten()
    return int(rows[0]), int(rows[-1] - rows[0]) + 1


def assert_gradients_reach_the_field(config: ResNetConfig) -> None:
    network = expand(config)
    field = last_field(network)
    middle = network.stages[-1].out_shape[1] // 2
    first, count = seen(config, middle)
    assert count == field.size
    assert first + (count - 1) / 2 == field.start + middle * field.jump


@pytest.mark.parametrize(
    "config",
    [
        preset("resnet20_cifar10").with_(depths=[1, 1, 1], input=[3, 97, 97]),
        preset("resnet20_cifar10").with_(depths=[1, 1, 1], input=[3, 97, 97], output_stride=2),
        preset("resnet18").with_(depths=[1, 1, 1, 1], widths=[8, 8, 8, 8], input=[3, 417, 417]),
        preset("preact_resnet20_cifar10").with_(depths=[1, 2, 1], block="bottleneck", input=[3, 129, 129]),
        preset("resnet18").with_(depths=[1, 1], widths=[8, 8], stage_strides=[1, 2], stem="deep", input=[3, 193, 193]),
    ],
    ids=["cifar", "dilated", "imagenet", "bottleneck", "deep stem"],
)
def test_gradients_reach_exactly_the_receptive_field(config: ResNetConfig) -> None:
    assert_gradients_reach_the_field(config)


WIDE = {"widths": (8, 8), "depths": (1, 1), "num_classes": 2}


@pytest.mark.parametrize(
    "changes",
    [
        {"stage_strides": (1, 4)},
        {"stage_strides": (1, 3)},
        {"stage_strides": (1, 4), "order": "relu_before_add"},
        {"stage_strides": (1, 4), "order": "full_preact"},
        {"stage_strides": (4, 1), "block": "b3", "stem": "imagenet"},
        {"stage_strides": (1, 2), "widths": (8, 16), "output_stride": 4},
        {"stage_strides": (1, 2), "widths": (8, 16), "output_stride": 4, "downsampling": "layer", "depths": (1, 2)},
        {"stage_strides": (1, 3), "output_stride": 4, "downsampling": "pool"},
        {"stage_strides": (1, 4), "output_stride": 4, "downsampling": "pool"},
        {"stage_strides": (1, 8), "shortcut": "blur"},
        {"stage_strides": (1, 4), "skip": "exclusive_gate", "gate_bias_init": 0.1},
        *({"stage_strides": (1, 2), "block": block, "arms": 2} for block in ("sk", "resnest")),
    ],
    ids=str,
)
def test_gradients_reach_what_a_shortcut_sees_beyond_the_branch(changes: dict[str, object]) -> None:
    assert_gradients_reach_the_field(preset("resnet50d").with_(**{**WIDE, "input": (3, 257, 257), **changes}))


def test_an_average_over_a_stride_of_4_sees_more_than_the_branch() -> None:
    by_name = {field.name: field for field in fields(expand(preset("resnet50d").with_(stage_strides=(1, 4, 2, 2))))}
    branch, block = by_name["layer2.0.bn3"], by_name["layer2.0.relu3"]
    assert (branch.size, block.size) == (47, 55)
    assert block.start > branch.start


@st.composite
def linear_nets(draw: st.DrawFn) -> ResNetConfig:
    """Random nets without what looks at the whole map, on a picture that the middle position's field is inside of."""
    config = draw(configs(max_blocks=2))
    assume(config.arms != 1 or "resnest" not in config.each("block"))  # split attention of one arm is a gate
    stages = len(config.depths)
    strides = draw(st.lists(st.sampled_from((1, 2, 3, 4)), min_size=stages, max_size=stages))
    skip = {"skip": "scale"} if config.skip == "scale" else {"skip": "identity"}
    if config.shortcut != "none":
        skip["shortcut"] = draw(st.sampled_from(("avgpool", config.shortcut)))  # the one that may see more
    try:
        config = config.with_(
            attention="none",
            conv="plain",  # a weight that is one everywhere, standardised, is zero
            norm="batch",
            stem_norm=None,
            head="pool",
            stage_strides=strides,
            dropout=0.0,
            input=(1, 97, 97),
            **skip,
        )
        field = last_field(expand(config, advise=False))
        size, jump = field.size, field.jump
        side = (2 * size // jump + 3) * jump  # a multiple of the jump, so that average pools' arms fit
        assume(side <= 450)
        config = config.with_(input=(1, side, side))
        network = expand(config, advise=False)
    except ConfigError:
        reject()
    field, middle = last_field(network), network.stages[-1].out_shape[1] // 2
    reach = (field.size - 1) / 2
    assume(field.start + middle * field.jump - reach >= 0)
    assume(field.start + middle * field.jump + reach < side)
    return config


@settings(max_examples=examples(0.4), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(config=linear_nets())
def test_gradients_reach_the_field_of_any_network(config: ResNetConfig) -> None:
    assert_gradients_reach_the_field(config)


def test_a_field_is_centred_between_the_pixels_it_ends_at() -> None:
    by_name = {field.name: field for field in fields(expand(preset("resnet50")))}
    assert by_name["conv1"].start == 0  # pixels -3 to 3
    assert by_name["maxpool"].start == 0  # pixels -5 to 5
    config = preset("resnet50").with_(stem="patchify")
    assert fields(expand(config))[0].start == 1.5  # pixels 0 to 3


def test_the_last_map_is_the_one_before_the_pool_and_its_name_the_last_layers() -> None:
    network = expand(preset("resnet18"))
    field = last_field(network)
    assert field.name == "layer4.1.relu2"
    assert field == next(each for each in fields(network) if each.name == field.name)


@pytest.mark.parametrize("sides", [(64, 200), (200, 64)])
def test_what_a_field_covers_is_a_share_of_the_longer_side(sides: tuple[int, int]) -> None:
    network = expand(preset("resnet20_cifar10").with_(input=(3, *sides)))
    last = last_field(network)
    assert last.covers == last.size / 200
    assert last in fields(network)


def test_no_field_covers_more_than_the_whole_picture_and_the_first_a_share_of_it() -> None:
    found = fields(expand(preset("resnet50")))
    assert found[0].covers == 7 / 224
    assert max(field.covers for field in found) == 1
