"""What lessons measure of untrained nets: the claims of their texts, each with its seed."""

from collections.abc import Iterator
from math import log10
from statistics import fmean

import numpy as np
import pytest

from resviz.arch import expand, preset
from resviz.lessons import sight
from resviz.lessons.experiments.paths import middle
from resviz.lessons.experiments.trained import usual_training
from resviz.lessons.reading import lesson
from resviz.lessons.signals import Trace, trace
from resviz.training.loop import one_thread
from resviz.training.surgery import Deletion, deletions, swaps


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """One thread for torch: beside other tests more are slower."""
    with one_thread():
        yield


def traced(name: str, norm: str = "batch", start: str = "he") -> Trace:
    return trace(preset(name).with_(norm=norm), seed=0, batch=2, start=start)


def growth(found: Trace) -> float:
    """How much larger the gradient is at the first unit than at the last."""
    return found.gradient[0] / found.gradient[-1]


def ends(values: tuple[float, ...]) -> tuple[float, float, float]:
    """Return the last, the middle and the first value, as a text goes from the classifier to the input."""
    return values[-1], values[len(values) // 2], values[0]


def test_with_bn_a_plain_nets_gradient_grows_towards_the_input_and_a_residual_nets_hardly() -> None:
    plain, residual = (trace(preset(name), seed=0, batch=16) for name in ("plain56_cifar10", "resnet56_cifar10"))
    answer = lesson("gradients").steps[1].question
    assert answer
    said = " ".join(answer.answer.split())
    assert "about 0.0023 at the last block, 0.18 in the middle and 21 at the first" in said
    assert ends(plain.gradient) == pytest.approx((0.0023, 0.18, 21), rel=0.1)
    assert "0.0023, 0.0051 and 0.047: about 20 times as much at the first as at the last, not about 9,000" in said
    assert ends(residual.gradient) == pytest.approx((0.0023, 0.0051, 0.047), rel=0.1)
    assert growth(residual) == pytest.approx(20, rel=0.1)
    assert growth(plain) == pytest.approx(9_000, rel=0.1)


def test_with_bn_depth_makes_a_plain_nets_gradient_grow_by_orders_of_magnitude() -> None:
    first = [traced(f"plain{depth}_cifar10").gradient[0] for depth in (20, 56, 110)]
    assert first[0] * 100 < first[1] < first[2] / 100


def test_without_bn_and_with_pytorchs_start_nothing_is_left_at_the_first_of_56_plain_layers() -> None:
    assert traced("plain56_cifar10", "none", "torch").gradient[0] == 0
    assert 0.5 < growth(traced("resnet56_cifar10", "none", "torch")) < 2  # "about as large as at the last"


def test_without_bn_and_with_hes_start_every_addition_doubles_the_variance() -> None:
    found = traced("resnet56_cifar10", "none", "he")
    assert 2**24 < (found.deviation[-1] / found.deviation[0]) ** 2 < 2**29  # 26 additions after the first unit's


def test_the_mean_ends_three_times_as_high_where_relu_ends_the_branch_and_near_0_before_activation() -> None:
    names = ("relu_before_add", "relu_only_preact")
    original, adding, relu_only = (
        traced(name).mean[-1] for name in ("resnet110_cifar10", *(f"resnet110_cifar10_{order}" for order in names))
    )
    assert 2.5 < adding / original < 4
    assert abs(relu_only) < 0.1 * original
    assert abs(traced("preact_resnet110_cifar10").mean[-1]) < 0.1 * original


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


def test_half_the_field_of_resnet18s_fourth_unit_holds_most_of_the_gradient() -> None:
    net = expand(preset("resnet18").with_(input=(3, 128, 128)))
    field, side = sight.unit_fields(net)["layer2.1"]
    squares = sight.measured(net, "layer2.1", seeds=1, report=lambda phase, done, total: None)
    assert 0.4 < sight.core(squares, sight.centre_window(field, side)) / field.size < 0.65  # "about half as wide"


def test_a_trained_residual_net_bears_the_loss_of_a_block_and_a_swap_and_a_plain_one_does_not() -> None:
    experiment = usual_training("plain-20", "residual-20", "residual-56")
    plain, shallow, deep = deletions(experiment, 0)
    assert plain.whole > 0.9  # "recognises its digits well, as long as it is whole"

    def left(found: Deletion) -> list[float]:
        return [block.accuracy for block in found.blocks if block.accuracy is not None]

    assert max(left(plain)) < 0.5
    for residual in (shallow, deep):
        assert residual.blocks[0].accuracy == min(left(residual))  # "the very first"
    assert min(left(deep)) > min(left(shallow))  # "the deeper one bears a loss better"
    assert fmean(left(deep)) > fmean(left(shallow)) > 0.85
    turned = [fmean(pair.accuracy for pair in found.pairs) for found in swaps(experiment, 0)]
    assert turned[0] < 0.3
    assert min(turned[1:]) > 0.85
