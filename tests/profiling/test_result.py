import json
from typing import Any

import pytest

from resviz.arch import expand
from resviz.errors import DocumentError
from resviz.profiling.result import Breakdown, LayerTime, Profile, Sweep
from tests.profiling.conftest import TINY, Make


def test_throughput_and_macs_come_from_the_median(made: Make) -> None:
    run = made(samples=(0.5, 0.1, 0.2), batch=4)
    assert run.images_per_second == 4 / 0.2
    assert run.macs_per_second == expand(TINY).macs * 20


def test_a_profile_survives_json_both_ways(made: Make) -> None:
    part = LayerTime(path="conv1", seconds=0.001)
    run = made(breakdown=Breakdown(steps=2, total=0.2, plain=0.1, blocks=(part,), layers=(part,)), peak_memory=5)
    assert Profile.from_json(run.to_json()) == run


def test_share_of_peak_counts_macs_not_flops(made: Make) -> None:
    run = made(device="NVIDIA H100 80GB HBM3")
    assert run.share_of_peak == pytest.approx(run.macs_per_second / (67e12 / 2))
    assert made(device="Some CPU").share_of_peak is None


def test_the_breakdown_is_held_against_the_plain_step() -> None:
    parts = (LayerTime(path="a", seconds=0.03), LayerTime(path="b", seconds=0.06))
    assert Breakdown(steps=1, total=0.2, plain=0.1, blocks=parts, layers=()).covered == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("ended", "failed", "sentence"),
    [
        ("all measured", None, "Every batch size was measured."),
        ("saturated", None, "Images per second stopped growing at batch 2."),
        ("out of memory", 4, "Batch 4 did not fit in the device's memory; the largest that fitted is 2."),
        ("stopped", None, "Stopped after batch 2."),
    ],
)
def test_a_sweep_says_how_it_ended(made: Make, ended: Any, failed: int | None, sentence: str) -> None:
    assert Sweep(runs=(made(),), ended=ended, failed_batch=failed).summary() == sentence


def test_a_sweep_in_which_nothing_fitted_says_so() -> None:
    assert "no batch fitted" in Sweep(runs=(), ended="out of memory", failed_batch=1).summary()


def spoil(document: dict[str, Any], path: str, value: Any) -> str:
    place: Any = document
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step)] if step.isdecimal() else place[step]
    place[last] = value
    return json.dumps(document)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("format", "pickle", "format 'pickle' is not possible"),
        ("version", 99, "version 99 is not possible"),
        ("runs.0.samples", [], "runs.0.samples [] is not possible"),
        ("runs.0.samples", [-1.0], "runs.0.samples.0 -1.0 is not possible"),
        ("runs.0.extra", 1, "runs.0.extra is not a field"),
        ("runs.0.config.depths", [0], "depths[0] 0 is not possible"),
        ("runs.0.config.input", [3, 1, 1], "does not suit this network"),
        ("runs.0.protocol.steps", 0, "steps 0 is not possible"),
        ("runs.0.measured_at", "yesterday", "runs.0.measured_at 'yesterday' is not possible"),
    ],
)
def test_a_spoilt_document_is_refused_with_a_sentence(made: Make, path: str, value: Any, sentence: str) -> None:
    imagenet = made(config=TINY.with_(stem="imagenet", widths=(4, 8), anti_alias="blur", input=(3, 64, 64)))
    text = spoil(json.loads(imagenet.to_json()), path, value)
    with pytest.raises(DocumentError) as error:
        Sweep.from_json(text)
    assert sentence in str(error.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "null", '{"runs": 1}', "\x00", '{"runs": []}x'])
def test_what_is_no_document_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(DocumentError, match=r"^This is not a resviz profile"):
        Sweep.from_json(text)


def test_one_run_is_not_read_from_a_file_of_two(made: Make) -> None:
    with pytest.raises(DocumentError, match="2 runs"):
        Profile.from_json(Sweep(runs=(made(), made())).to_json())
