import pytest

from resviz.profiling.charts import blocks_chart, roofline_chart, spread_chart, steps_chart, sweep_chart
from resviz.profiling.descriptions import compare, details, differences, figures, roof_sentence, text
from resviz.profiling.devices import Clocks, Device
from resviz.profiling.result import Breakdown, LayerTime, Sweep
from tests.profiling.conftest import Make
from tests.profiling.test_roofline import timed


def test_the_headline_has_units_and_says_where_it_comes_from(made: Make) -> None:
    found = {figure.label: figure for figure in figures(made(peak_memory=2_500_000, predicted_memory=2_000_000))}
    assert found["Time per step"].value == "11.0 ms"
    assert found["Images per second"].value == "182"
    assert found["Peak memory"].value == "2.50 MB"
    assert "2.00 MB" in found["Peak memory"].summary
    assert found["Share of peak"].value == "unknown"


def test_a_known_device_has_a_share_of_its_peak_with_the_source(made: Make) -> None:
    found = {figure.label: figure for figure in figures(made(device="Tesla T4"))}
    assert found["Share of peak"].value.endswith("%")
    assert "white paper" in found["Share of peak"].summary


def test_details_name_driver_and_clocks_where_they_are_known(made: Make) -> None:
    clocks = Clocks(compute_mhz=1980, watts=312.4)
    device = Device(
        id="cuda:0", name="GPU", driver="580.1", runtime="CUDA 13.0", torch="2.13.0", system="Linux", clocks=clocks
    )
    found = dict(details(made(device="x").model_copy(update={"device": device})))
    assert found["Runs with"] == "CUDA 13.0, driver 580.1"
    assert found["Clocks at the end"] == "compute 1980 MHz, 312 W"


def test_two_runs_are_compared_row_by_row(made: Make) -> None:
    rows = {row[0]: row[1:] for row in compare(made(samples=(0.1,)), made(samples=(0.2,)))}
    assert rows["Time per step, median"] == ("100 ms", "200 ms", "+100.0%")
    rows = {row[0]: row[1:] for row in compare(made(samples=(0.01,)), made(samples=(0.2,)))}
    assert rows["Time per step, median"] == ("10.0 ms", "200 ms", "× 20")


def test_what_keeps_two_runs_from_comparing_is_named(made: Make) -> None:
    assert differences(made(), made()) == ()
    assert differences(made(), made(device="Another", batch=8)) == ("device", "batch")


def test_the_terminal_sees_protocol_device_and_a_line_for_each_batch(made: Make) -> None:
    out = text(Sweep(runs=(made(batch=1), made(batch=8)), ended="out of memory", failed_batch=32))
    assert "1 warm-up and 3 timed steps, FP32 (IEEE), NCHW, eager" in out
    assert "A CPU (cpu)" in out
    assert "Batch 32 did not fit" in out
    assert len([line for line in out.splitlines() if "11.0 ms" in line]) == 2


def test_charts_show_every_run_block_and_point(made: Make) -> None:
    run = timed(made, "Tesla T4")
    assert len(steps_chart(run).data[0].y) == 3
    sweep = sweep_chart(Sweep(runs=(made(batch=1), made(batch=4, peak_memory=10**6))))
    assert [tuple(trace.x) for trace in sweep.data] == [(1, 4)] * 4
    assert sweep.data[2].y == (None, 1.0)
    assert [trace.name for trace in blocks_chart(run).data] == ["conv2_x", "conv3_x"]
    shown = roofline_chart(run).data
    assert sum(len(trace.x) for trace in shown[:-1]) == 7
    assert shown[-1].name == "Roof"
    assert len(spread_chart([run, run]).data) == 2


def test_a_roof_names_its_source_and_a_missing_one_is_said(made: Make) -> None:
    assert "4.05 T MACs/s and 320 GB/s (NVIDIA Turing" in roof_sentence(made(device="Tesla T4"))
    assert "no roof is drawn" in roof_sentence(made())


def test_stem_and_head_have_bars_of_their_own(made: Make) -> None:
    parts = tuple(LayerTime(path=path, seconds=0.1) for path in ("conv1", "layer1.0", "layer2.0", "fc"))
    run = made(breakdown=Breakdown(steps=1, total=1, plain=1, blocks=parts, layers=()))
    assert [trace.name for trace in blocks_chart(run).data] == ["stem", "conv2_x", "conv3_x", "head"]
    assert blocks_chart(run).data[0].customdata == ("100 ms, 25.0% of the step",)


@pytest.mark.parametrize("ended", ["out of memory", "stopped"])
def test_a_sweep_without_runs_is_a_sentence(ended: str) -> None:
    assert text(Sweep(runs=(), ended=ended, failed_batch=1 if ended == "out of memory" else None)).endswith(".")  # type: ignore[arg-type]
