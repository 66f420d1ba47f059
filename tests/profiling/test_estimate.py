"""Estimated forward times: what they must obey, what they rest on, and how near they come."""

import csv
import json
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import resviz
from resviz.arch import PRESETS, ResNetConfig, expand, preset
from resviz.arch.operation import Kind
from resviz.cli import app
from resviz.errors import EstimateError
from resviz.profiling import estimate_views as views
from resviz.profiling.chips import PEAK_OF, chip, chips
from resviz.profiling.costs import COEFFICIENTS, ItemColumns, costs
from resviz.profiling.estimate import BOUNDS, FORMATS, Estimate, stored
from resviz.profiling.fit import Mode, coefficients, conditions, fit, predicted
from resviz.profiling.protocol import STEPS
from resviz.profiling.published_times import covered, timings
from resviz.profiling.work import Item, Sort, items
from resviz.report.tables import layer_table

MODES = st.fixed_dictionaries(
    {
        "gpu": st.sampled_from(list(chips())),
        "precision": st.sampled_from(list(PEAK_OF)),
        "memory_format": st.sampled_from(FORMATS),
        "compiled": st.booleans(),
    }
).filter(lambda mode: bool(chip(str(mode["gpu"])).peak.macs[PEAK_OF[str(mode["precision"])]]))
"""Every way to run a network on every chip, timed or extrapolated, that has units for it."""
STEP = st.sampled_from(list(STEPS))
NETS = ("resnet18", "resnet50", "resnext50_32x4d", "seresnet34", "resnetv2_50d", "resnetblur50", "resnet50_gn")
REFERENCE = Path(__file__).parents[1] / "data" / "gpu_times.csv"


def net(name: str, **changes: Any) -> ResNetConfig:
    return preset(name).with_(**changes)


@settings(max_examples=40, deadline=None)
@given(name=st.sampled_from(NETS), mode=MODES, batch=st.integers(1, 2000), more=st.integers(1, 2000))
def test_time_grows_with_the_batch(name: str, mode: dict[str, Any], batch: int, more: int) -> None:
    less, longer = (resviz.estimate(preset(name), batch=size, **mode).seconds for size in (batch, batch + more))
    assert less < longer


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(("resnet18", "resnet50", "resnext50_32x4d", "seresnet34", "resnetv2_50d")),
    mode=MODES,
    batch=st.sampled_from([1, 32, 512]),
    depths=st.tuples(*[st.integers(1, 4)] * 4),
    stage=st.integers(0, 3),
    side=st.integers(64, 256),
    step=STEP,
)
def test_a_deeper_net_or_a_larger_picture_is_never_faster(
    name: str, mode: dict[str, Any], batch: int, depths: tuple[int, ...], stage: int, side: int, step: str
) -> None:
    def seconds(**changes: Any) -> float:
        return resviz.estimate(net(name, **changes), batch=batch, step=step, **mode).seconds

    deeper = tuple(depth + (n == stage) for n, depth in enumerate(depths))
    least = seconds(depths=depths, input=(3, side, side))
    assert least < seconds(depths=deeper, input=(3, side, side))
    assert least <= seconds(depths=depths, input=(3, side + 32, side + 32))


@settings(max_examples=40, deadline=None)
@given(mode=MODES, wide=st.sampled_from([64, 80, 96, 128, 160, 256]), more=st.sampled_from([8, 16, 64]), step=STEP)
def test_a_wider_net_is_never_faster(mode: dict[str, Any], wide: int, more: int, step: str) -> None:
    def seconds(first: int) -> float:
        widths = tuple(first * 2**n for n in range(4))
        return resviz.estimate(net("resnet50", widths=widths), step=step, **mode).seconds

    assert seconds(wide) < seconds(wide + more)


@settings(max_examples=100, deadline=None)
@given(
    sort=st.sampled_from(list(Sort)),
    sizes=st.tuples(st.floats(0, 9), st.floats(1, 8), st.floats(0, 7)),
    depth=st.integers(1, 5000),
    width=st.integers(1, 2048),
    mode=MODES,
    times=st.floats(1.01, 5),
    field=st.sampled_from(["macs", "moved", "weights", "launches"]),
)
def test_more_of_anything_never_costs_less(
    sort: Sort,
    sizes: tuple[float, float, float],
    depth: int,
    width: int,
    mode: dict[str, Any],
    times: float,
    field: str,
) -> None:
    chosen = Mode(**mode, torch="")
    at, on = coefficients(stored()["effects"], chosen), conditions(chosen, 64)
    given = dict(zip(("macs", "moved", "weights", "launches"), (*(10**size for size in sizes), 1.0), strict=True))

    def total(values: dict[str, Any]) -> float:
        item = Item("layer", "layer", sort, depth=depth, width=width, **values)
        return float(costs(ItemColumns.of([item]), on, at).total[0])

    assert total(given) <= total({**given, field: given[field] * times}) * (1 + 1e-12)


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("compiled", [False, True])
def test_layers_sum_to_the_total_and_so_do_the_nodes_of_the_diagram(name: str, compiled: bool) -> None:
    found = resviz.estimate(preset(name), "RTX 3090", compiled=compiled)
    assert isclose(sum(layer.seconds for layer in found.layers), found.seconds)
    assert isclose(sum(layer["seconds"] for layer in found.record()["layers"]), found.record()["seconds"])
    heat = views.estimated_heat(found).values
    ends = [layer.name for layer in (*found.network.stem, *found.network.head)]
    stages = [stage.name for stage in found.network.stages]
    assert isclose(sum(heat[path] for path in (*ends, *stages)), found.seconds)
    blocks = [path for path, _ in found.network.blocks()]
    assert isclose(sum(heat[path] for path in (*ends, *blocks)), found.seconds)
    assert isclose(sum(found.share(bound) for bound in BOUNDS), 1)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_has_an_estimate_whose_items_are_its_layers(name: str) -> None:
    network = expand(preset(name))
    merged = {item.path: item for item in items(network, compiled=False, autocast=True, each=True)}
    assert len(merged) == len(items(network, compiled=False, autocast=True, each=True))
    assert sum(item.macs for item in merged.values()) == network.macs
    weighted = {path for path, layer in network.walk() if layer.kind in (Kind.CONV, Kind.LINEAR, Kind.NORM)}
    assert weighted <= set(merged)


def test_items_counted_by_block_are_those_of_each_block() -> None:
    network = expand(preset("resnet152"))
    folded, each = (items(network, compiled=True, autocast=True, each=flag) for flag in (False, True))
    assert len(folded) < len(each) == sum(item.count for item in folded)
    assert sum(item.moved * item.count for item in folded) == sum(item.moved for item in each)


def test_compilation_moves_less_than_eager_layers() -> None:
    for name in NETS:
        network = expand(preset(name))
        eager, fused = (
            sum(item.moved * item.count for item in items(network, compiled=flag, autocast=True))
            for flag in (False, True)
        )
        assert fused < 0.9 * eager, name


def test_compiled_basic_units_move_what_fused_kernels_move() -> None:
    """An identity unit: two convolutions of 2 maps, BN with ReLU 2, BN with addition and ReLU 3."""
    network = expand(preset("resnet18"))
    unit = [i for i in items(network, compiled=True, autocast=True, each=True) if i.path.startswith("layer1.1.")]
    assert sum(item.moved for item in unit) == (2 + 2 + 2 + 3) * 64 * 56 * 56


def test_the_name_of_a_net_changes_nothing() -> None:
    renamed = preset("resnet50").with_(name="my own net")
    assert resviz.estimate(renamed).seconds == resviz.estimate(preset("resnet50")).seconds
    assert not {name for name in stored()["effects"] if any(timing.net in name for timing in timings())}


def test_shipped_timings_are_the_published_ones() -> None:
    with REFERENCE.open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    assert len(published) == len(timings())
    for row, timing in zip(published, timings(), strict=True):
        assert row["model"].removesuffix(" v1.5") == timing.net
        assert timing.gpu in row["gpu"]
        assert timing.source.partition(",")[0].removeprefix("NVIDIA ") in row["source"]
        assert (float(row["batch"]), float(row["img_size"])) == (timing.batch, timing.size)
        assert float(row["samples_per_sec"]) == timing.images_per_second
        assert (row["compile"] == "dynamo(inductor)") is timing.compiled
        assert row["precision"] == "fp32" if timing.precision == "fp32" else "AMP" in row["precision"].upper()
        assert row["memory_format"] in ("", timing.memory_format)


def test_most_published_runs_are_of_nets_with_a_preset() -> None:
    assert len(covered()) >= 496


def errors(held: list[Any], effects: dict[str, tuple[float, ...]]) -> np.ndarray:
    found: np.ndarray = np.abs(predicted(effects, held) / np.array([timing.seconds for timing in held]) - 1)
    return found


def test_nets_that_the_fit_has_not_seen_come_within_the_aims() -> None:
    unseen = {"seresnet152", "resnext101_64x4d", "wide_resnet50_2", "resnet34d", "resnetv2_101", "resnet26"}
    held = [timing for timing in covered() if timing.net in unseen]
    found = errors(held, fit([timing for timing in covered() if timing.net not in unseen], stored()["effects"]))
    assert len(held) > 60
    assert np.median(found) < 0.04
    assert np.quantile(found, 0.9) < 0.08


def test_a_chip_that_the_fit_has_not_seen_comes_within_the_aim() -> None:
    held = [timing for timing in covered() if timing.gpu == "RTX 4090"]
    found = errors(held, fit([timing for timing in covered() if timing.gpu != "RTX 4090"]))
    assert np.median(found) < 0.12


def test_stored_coefficients_are_what_the_fit_gives() -> None:
    again, kept = (predicted(effects, covered()) for effects in (fit(covered()), stored()["effects"]))
    assert np.median(np.abs(again / kept - 1)) < 0.005
    assert stored()["coefficients"] == list(COEFFICIENTS)


def test_a_timed_mode_carries_its_own_error_and_is_not_extrapolated() -> None:
    found = resviz.estimate(preset("resnet50"), "RTX 4090", memory_format="nhwc", batch=512)
    assert not found.extrapolated
    assert found.reach.error == stored()["errors"]["modes"]["RTX 4090, amp, nhwc, eager"]["p90"]
    assert found.low < found.seconds < found.high
    assert "held out" in found.reach.sentence


@pytest.mark.parametrize(
    ("name", "options", "why"),
    [
        ("resnet50", {"gpu": "L4"}, "No published timing of L4"),
        ("resnet50", {"gpu": "RTX 4090", "compiled": True}, "No published timing of this mode"),
        ("resnet50", {"gpu": "RTX 4090", "batch": 1}, "Batch 1 is far"),
        ("resnet50_gn", {"gpu": "RTX 4090"}, "group normalisation, of which no timing"),
        ("resnetblur50", {"gpu": "RTX 4090"}, "It has blur pools, of which"),
        ("resnet101_gn", {"gpu": "H100"}, "group normalisation"),
        ("resnet20_cifar10", {"gpu": "RTX 4090"}, "Pictures of 32 pixels are far"),
        ("convnext_tiny", {"gpu": "RTX 4090"}, "It has depthwise convolutions, layer normalisation and learnt scales"),
        ("resnest50d", {"gpu": "RTX 4090"}, "arms weighed by a softmax"),
    ],
)
def test_what_reaches_beyond_the_timings_says_so_and_has_the_wider_band(
    name: str, options: dict[str, Any], why: str
) -> None:
    found = resviz.estimate(preset(name), **options)
    assert found.extrapolated
    assert why in found.reach.sentence
    assert found.reach.error == stored()["errors"]["chips"]["p90"]
    assert views.basis(found).startswith("Extrapolated.")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"gpu": "RTX 4091"}, r"gpu 'RTX 4091' does not exist; did you mean RTX 4090"),
        ({"precision": "int8"}, r"precision 'int8' is not possible; it is one of amp, fp16, bf16, tf32, fp32\."),
        ({"gpu": "T4", "precision": "bf16"}, r"precision 'bf16' is not possible on T4, which has amp, fp16, fp32\."),
        ({"memory_format": "nwhc"}, r"memory_format 'nwhc' is not possible; it is one of nchw, nhwc\."),
        ({"batch": 0}, r"batch 0 is not possible: a whole number from 1 to 65,536\."),
    ],
)
def test_bad_input_is_refused_in_one_sentence(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(EstimateError, match=sentence):
        resviz.estimate(preset("resnet50"), **options)


def test_chips_have_peaks_and_sources_and_answer_to_the_names_of_their_drivers() -> None:
    for name, found in chips().items():
        assert chip(found.device) is chip(name.upper()) is found
        assert found.source
        assert found.peak.source
        assert 10 < found.multiprocessors < 400
        assert found.rate("amp") > found.rate("fp32") > 0
    assert not {timing.gpu for timing in timings()} - set(chips())


def shown(estimate: Estimate) -> str:
    return views.text(estimate)


def test_the_text_tells_time_band_and_basis() -> None:
    found = resviz.estimate(preset("resnet50"), "A100")
    lines = shown(found).splitlines()
    assert lines[0] == "resnet50 on A100, amp, nhwc, eager, forward pass, batch 256"
    assert "Extrapolated." in lines[-1]


def test_the_picture_holds_every_covered_run_twice() -> None:
    figure = views.fit_chart()
    dots = sum(len(trace.x) for trace in figure.data if trace.mode == "markers")
    assert dots == 2 * len(covered())


def test_the_verb_prints_the_record_of_the_estimate() -> None:
    asked = ["estimate", "resnet18", "--gpu", "rtx-3090", "--memory-format", "nchw", "--batch", "1024", "--json"]
    printed = CliRunner().invoke(app, asked)
    assert printed.exit_code == 0
    found = resviz.estimate(preset("resnet18"), "RTX 3090", memory_format="nchw", batch=1024)
    assert json.loads(printed.stdout) == json.loads(json.dumps(found.record()))


def test_the_verb_refuses_a_chip_that_does_not_exist_in_one_sentence() -> None:
    refused = CliRunner().invoke(app, ["estimate", "resnet18", "--gpu", "RTX 4091"])
    assert refused.exit_code == 2
    assert refused.stderr.startswith("resviz: gpu 'RTX 4091' does not exist; did you mean RTX 4090")
    assert refused.stderr.count("\n") == 1


def test_the_document_tells_the_errors_that_are_stored() -> None:
    text = (Path(__file__).parents[2] / "docs" / "estimates.md").read_text(encoding="utf-8")
    for group, words in (("fit", "nothing"), ("nets", "each net"), ("chips", "each chip")):
        part = stored()["errors"][group]
        assert f"| {words} | {100 * part['median']:.1f} % | {100 * part['p90']:.1f} % |" in text
    assert f"{len(timings())} published runs of {len({timing.net for timing in timings()})} nets" in text


@pytest.mark.parametrize("name", NETS)
def test_the_layer_table_tells_the_time_of_each_layer_and_what_bounds_it(name: str) -> None:
    network = expand(preset(name))
    found = resviz.estimate(preset(name), "T4")
    plain, table = layer_table(network), views.with_times(layer_table(network), found)
    assert [(*row[:2], *row[4:]) for row in table.rows] == list(plain.rows)
    at = {layer.path: layer for layer in found.layers}
    for row in table.rows[:-1]:
        layer = at.get(row[0])
        assert row[2:4] == ((layer.seconds * 1e3, layer.bound) if layer else (None, None))
        assert layer or row[1] in ("flatten", "dropout", "droppath")
    listed = {path for path, _ in network.walk()}
    between = sum(layer.seconds for layer in found.layers if layer.path not in listed)
    assert isclose(sum(row[2] or 0 for row in table.rows[:-1]) + between * 1e3, table.rows[-1][2])
