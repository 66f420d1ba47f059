"""What lessons measure of untrained nets: the claims of their texts, each with its seed."""

from math import log10

import numpy as np

from resviz.arch import expand, preset
from resviz.lessons import sight
from resviz.lessons.experiments.paths import middle
from resviz.lessons.signals import Trace, trace


def traced(name: str, norm: str = "batch", start: str = "he") -> Trace:
    return trace(preset(name).with_(norm=norm), seed=0, batch=2, start=start)


def growth(found: Trace) -> float:
    """How much larger the gradient is at the first unit than at the last."""
    return found.gradient[0] / found.gradient[-1]


def test_with_bn_a_plain_nets_gradient_grows_towards_the_input_and_a_residual_nets_hardly() -> None:
    assert growth(traced("plain32_cifar10")) > 50
    assert 1 < growth(traced("resnet32_cifar10")) < 20


def test_without_bn_and_with_pytorchs_start_it_vanishes_in_the_plain_net_only() -> None:
    assert growth(traced("plain32_cifar10", "none", "torch")) < 1e-9
    assert 0.1 < growth(traced("resnet32_cifar10", "none", "torch")) < 10


def test_without_bn_and_with_hes_start_every_addition_doubles_the_variance() -> None:
    found = traced("resnet32_cifar10", "none", "he")
    assert (found.deviation[-1] / found.deviation[0]) ** 2 > 2**11


def test_a_relu_at_the_end_of_a_branch_only_adds() -> None:
    units = 3
    config = preset("resnet20_cifar10").with_(order="relu_before_add")
    mean = trace(config, batch=4).mean
    for stage in range(3):
        within = mean[stage * units : (stage + 1) * units]
        assert list(within) == sorted(within)


def test_a_trace_is_repeated_by_its_seed_and_reports_every_unit() -> None:
    seen: list[int] = []
    config = preset("resnet20_cifar10")
    first = trace(config, batch=2, report=lambda phase, done, total: seen.append(done))
    assert seen[-1] == 18
    assert trace(config, batch=2) == first
    assert trace(config, batch=2, seed=1) != first


def test_pixels_outside_of_the_computed_field_have_no_gradient() -> None:
    net = expand(preset("resnet18").with_(input=(3, 96, 96)))
    field, side = sight.unit_fields(net)["layer2.0"]
    window = sight.centre_window(field, side)
    squares = sight.measured(net, "layer2.0", seeds=1, report=lambda phase, done, total: None)
    rows = np.nonzero(squares.any(axis=1))[0]
    assert (rows.min(), rows.max()) == (window.first, window.last) == (window.first, window.first + 66)
    assert 20 < sight.core(squares, window) < 60


def test_a_picture_is_bright_inside_of_the_window_only() -> None:
    picture = np.full((20, 20, 3), 200, np.uint8)
    shown = sight.seen(picture, sight.Window(5, 9))
    assert (shown[6:9, 6:9] == 200).all()
    assert (shown[:4] == 70).all()


def test_the_middle_paths_of_54_units_are_20_to_34_branches_long() -> None:
    assert middle(54) == (20, 34)


def test_through_54_units_a_changed_shortcut_spreads_the_gradient_as_the_text_says() -> None:
    spread = {
        name: abs(log10(growth(traced(name))))
        for name in ("resnet110_cifar10", "resnet110_cifar10_half_skip", "resnet110_cifar10_conv_shortcut")
    }
    assert spread.pop("resnet110_cifar10") < 2  # "within two powers of ten"
    assert all(6 <= round(each) <= 7 for each in spread.values())  # "by six or seven"
