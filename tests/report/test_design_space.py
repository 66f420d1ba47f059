"""A sweep counts what each network would count by itself, and takes ranges as people write them."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from resviz.arch import PRESETS, ConfigError, ResNetConfig, ResvizError, expand, preset
from resviz.report import sizes
from resviz.report.axes import axes, axis, changed, points, size, usual
from resviz.report.design_space import sweep
from resviz.report.memory import memory
from resviz.report.receptive import last_field
from tests.presets import on_each
from tests.strategies import configs


@settings(max_examples=60, deadline=None)
@given(config=configs(), batch=st.integers(1, 3), deeper=st.integers(1, 5))
def test_a_sweep_counts_what_each_network_counts_by_itself(config: ResNetConfig, batch: int, deeper: int) -> None:
    ranges = [f"depths.1=1,{deeper}", "width=1,2", f"depths.{len(config.depths)}=1..2"]
    try:
        found = sweep(config, axes(ranges), batch=batch, dtype="float16", optimiser="Adam")
    except ResvizError:
        assume(False)
        raise
    assert len(found.values) + sum(found.refused.values()) == size(found.axes)
    for row in range(len(found.values)):
        network = expand(found.config(row))
        whole = memory(network, batch, "float16", "Adam")
        assert {name: int(column[row]) for name, column in found.columns.items()} == {
            "params": network.params,
            "macs": network.macs,
            "activations": network.activations,
            "depth": network.depth,
            "field": last_field(network).size,
            "inference": whole.to_infer,
            "training": whole.to_train,
        }


def test_what_cannot_be_is_counted_with_its_reason() -> None:
    base = preset("resnet50").with_(bottleneck_ratio=0.25)
    found = sweep(base, axes(["groups=1,32,48", "block=basic,bottleneck"]))
    assert found.values == ((1, "bottleneck"), (32, "bottleneck"))
    assert sum(found.refused.values()) == 4
    assert any("does not divide" in reason for reason in found.refused)


def test_a_space_of_impossible_networks_and_one_too_large_are_refused() -> None:
    with pytest.raises(ResvizError, match="No combination of the ranges is a network"):
        sweep(preset("resnet18"), axes(["groups=2,4"]))
    with pytest.raises(ResvizError, match="make 1,000,000 configurations; at most 200,000"):
        sweep(preset("resnet18"), axes(["depths.1=1..100", "depths.2=1..100", "depths.3=1..100"]))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("depths.3=2..8/2", (2, 4, 6, 8)),
        ("width=0.5..1.25/0.25", (0.5, 0.75, 1, 1.25)),
        ("resolution=32,64..96/16", (32, 64, 80, 96)),
        ("block = basic , bottleneck", ("basic", "bottleneck")),
        ("attention_divisor=auto,8", (None, 8)),
        ("groups.2=1..3", (1, 2, 3)),
    ],
)
def test_ranges_are_read_as_they_are_written(text: str, values: tuple[object, ...]) -> None:
    found = axis(text)
    assert found.values == values
    assert axis(found.text) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("depths.3", "form field=values"),
        ("depth.3=1,2", "no field of a stage"),
        ("depths=1,2", "differs from stage to stage"),
        ("wdith=1", "did you mean width"),
        ("width=2..1", "is no range"),
        ("width=1..2/0", "is no range"),
        ("resolution=big", "is no number"),
        ("depths.1=1..99999", "at most 1,000 values"),
        ("depths.0=1", "no field of a stage"),
    ],
)
def test_a_range_that_is_none_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ResvizError, match=sentence):
        axis(text)


def test_a_stage_that_there_is_not_is_named() -> None:
    with pytest.raises(ResvizError, match=r"depths\.5 does not exist: the network has 4 stages"):
        sweep(preset("resnet18"), axes(["depths.5=1,2"]))


def test_scales_come_before_what_is_said_of_a_stage() -> None:
    base, space = preset("resnet50"), axes(["widths.4=512", "width=0.5", "depth=1.5", "depths.2=9", "resolution=96"])
    fields = changed(base.model_dump(), space, [each.values[0] for each in space])
    assert (fields["widths"], fields["depths"], fields["input"]) == ((32, 64, 128, 512), (5, 9, 9, 5), (3, 96, 96))


@on_each("name", PRESETS)
def test_the_usual_ranges_of_every_preset_are_a_space(name: str) -> None:
    base = preset(name)
    fine, coarse = axes(usual(base)), axes(usual(base, coarse=True))
    assert 4 < size(coarse) <= 500
    assert size(coarse) <= size(fine) <= 5000
    for space in (fine, coarse):
        values = list(points(space))
        assert any(_possible(base, space, each) for each in values[:: max(len(values) // 20, 1)])


def _possible(base: ResNetConfig, space: tuple[object, ...], values: tuple[object, ...]) -> bool:
    try:
        ResNetConfig(**changed(base.model_dump(), space, values))  # type: ignore[arg-type]
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "value"),
    [("4G", 4e9), ("25.6 M", 25.6e6), ("8GB", 8e9), ("500k", 5e5), ("1,000", 1e3), ("7", 7), ("2t", 2e12)],
)
def test_counts_are_read_as_people_write_them(text: str, value: float) -> None:
    assert sizes.count("macs", text) == value


@pytest.mark.parametrize(
    ("text", "value"), [("10ms", 0.01), ("10", 0.01), ("1.5 s", 1.5), ("300us", 3e-4), ("5µs", 5e-6)]
)
def test_times_are_read_as_people_write_them(text: str, value: float) -> None:
    assert sizes.seconds("time", text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["", "many", "-4G", "4 X", "1e9", "4.G", "nan", "9" * 30])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ResvizError, match="is no number"):
        sizes.count("macs", text)
    with pytest.raises(ResvizError, match="is no time"):
        sizes.seconds("time", text)
