"""A document from anywhere: it is refused with a sentence, or every page and file that may meet it copes."""

import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.errors import DocumentError
from resviz.profiling import charts, descriptions
from resviz.profiling.result import Breakdown, Ceiling, LayerTime, Profile, Sweep
from resviz.profiling.store import Store
from resviz.profiling.table import from_csv, to_csv
from resviz.profiling.trust import warnings
from tests.profiling.conftest import profile_of


def whole() -> Profile:
    """A run with every part that a document may have."""
    layers = tuple(LayerTime(path=path, seconds=0.001) for path in ("conv1", "layer1.0.conv1", "fc"))
    blocks = tuple(LayerTime(path=path, seconds=0.003) for path in ("conv1", "layer1.0", "layer2.0"))
    return profile_of(
        peak_memory=10**6,
        predicted_memory=10**6,
        breakdown=Breakdown(steps=2, total=0.02, plain=0.01, blocks=blocks, layers=layers),
        ceiling=Ceiling(macs_per_second=1e9, bytes_per_second=1e9),
        device={
            "id": "cuda:0",
            "name": "A GPU",
            "memory_bytes": 10**10,
            "driver": "1",
            "runtime": "CUDA",
            "threads": 2,
            "cores": 2,
            "torch": "2.13.0",
            "system": "Linux",
            "clocks": {"compute_mhz": 1, "memory_mhz": 1, "celsius": 1, "watts": 1.0, "watts_limit": 1.0},
        },
    )


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything in a document."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(place for key, child in inner for place in places(child, (*path, key)))]


DOCUMENT = json.loads(whole().to_json())
PLACES = [place for place in places(DOCUMENT) if place]
NASTY: tuple[Any, ...] = (
    None, True, "", "x" * 10_000, "abc", [], {}, -1, 0, 1, 10**400, -(10**400), 2**63, 1e308, -1e308, 5e-324, 1e-300,
    float("inf"), float("nan"), [1e308, 1e308], [5e-324], [0.0], "0001-01-01T00:00:00+14:00", "\x00", "\ud800", "\r",
    "9999-12-31T23:59:59-14:00", "=1+1", "😀", [[[[]]]], {"a": 1},
)  # fmt: skip


def used(run: Profile) -> None:
    """Do with a run all that pages, files and the history do."""
    descriptions.figures(run)
    descriptions.details(run)
    descriptions.compare(run, run)
    descriptions.refusal(run, run)
    descriptions.text(Sweep(runs=(run, run)))
    descriptions.roof_sentence(run)
    warnings(run)
    charts.steps_chart(run)
    charts.sweep_chart(Sweep(runs=(run, run)))
    charts.spread_chart([run, run])
    if run.breakdown:
        charts.blocks_chart(run)
        charts.roofline_chart(run)
        charts.time_heat(run)
    store = Store("sqlite://")
    store.add(run)
    assert store.get(run.id) == (run,)
    assert store.rows()[0].doubts != "cannot be read"
    assert from_csv(to_csv([run])) == (run.model_copy(update={"breakdown": None, "ceiling": None}),)
    assert Profile.from_json(run.to_json()) == run


def spoilt(path: tuple[Any, ...], value: Any) -> str:
    document: Any = json.loads(json.dumps(DOCUMENT))
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document)


@pytest.mark.parametrize("path", PLACES, ids=lambda path: ".".join(map(str, path)))
def test_whatever_stands_anywhere_is_refused_in_a_sentence_or_harms_nobody(path: tuple[Any, ...]) -> None:
    for value in NASTY:
        try:
            runs = Sweep.from_json(spoilt(path, value)).runs
        except DocumentError as error:
            assert len(str(error)) < 1500, value
            continue
        for run in runs:
            used(run)


CELLS = ("samples", "config_json", "device_json", "protocol_json", "measured_at", "peak_memory", "id")
BOMBS = ("[" * 5000, '{"a":' * 5000, "1e308", "5e-324", "9" * 5000, "1e9")


@given(st.sampled_from(CELLS), st.text(max_size=200) | st.sampled_from(BOMBS))
def test_whatever_stands_in_a_cell_is_refused_in_a_sentence_or_harms_nobody(column: str, cell: str) -> None:
    heading, line = csv.reader(io.StringIO(to_csv([whole()]), newline=""))
    line[heading.index(column)] = cell
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows((heading, line))
    try:
        runs = from_csv(out.getvalue())
    except DocumentError as error:
        assert len(str(error)) < 1500
        return
    for run in runs:
        used(run)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("runs", 0, "samples"), [1e308], "less than or equal to 1000000"),
        (("runs", 0, "samples"), [5e-324], "greater than or equal to"),
        (("runs", 0, "measured_at"), "0001-01-01T00:00:00+14:00", "must lie between the years 2000 and 2100"),
        (("runs", 0, "device", "memory_bytes"), 10**400, "memory_bytes"),
        (("runs", 0, "breakdown", "layers", 0, "seconds"), 5e-324, "must be 0 or at least 1e-09 seconds"),
    ],
)
def test_a_number_out_of_bounds_is_named_with_its_bounds(path: tuple[Any, ...], value: Any, sentence: str) -> None:
    with pytest.raises(DocumentError) as error:
        Sweep.from_json(spoilt(path, value))
    assert sentence in str(error.value)
    assert str(path[-1]) in str(error.value)
