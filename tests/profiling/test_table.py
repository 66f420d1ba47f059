import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resviz.arch import ResvizError
from resviz.errors import DocumentError
from resviz.profiling.result import MAX_DOCUMENT, Breakdown, LayerTime, Profile, Sweep
from resviz.profiling.table import FORMULA, from_csv, read, to_csv
from tests.profiling.conftest import TINY, Make, profile_of


def test_csv_has_a_line_for_each_run_with_its_figures(made: Make) -> None:
    run = made(peak_memory=123)
    (line,) = csv.DictReader(io.StringIO(to_csv([run])))
    assert float(line["median"]) == run.summary.median
    assert float(line["macs_per_second"]) == run.macs_per_second
    assert (line["net"], line["batch"], line["peak_memory"], line["driver"]) == ("tiny", "2", "123", "")


def test_a_run_survives_csv_but_for_its_breakdown(made: Make) -> None:
    part = LayerTime(path="conv1", seconds=0.001)
    run = made(
        samples=(1 / 3, 0.1),
        peak_memory=123,
        breakdown=Breakdown(steps=2, total=0.2, plain=0.1, blocks=(part,), layers=(part,)),
    )
    assert from_csv(to_csv([run, made()]))[0] == run.model_copy(update={"breakdown": None})


def test_a_long_run_survives_csv(made: Make) -> None:
    run = made(samples=(0.0123456789012345,) * 20_000)
    assert from_csv(to_csv([run])) == (run,)


def test_a_file_is_read_by_its_name(made: Make) -> None:
    run = made()
    assert read("a.csv", to_csv([run]).encode()) == read("a.json", Sweep(runs=(run,)).to_json().encode()) == (run,)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("samples", "sample", "it has no column samples"),
        ("0.01 0.012 0.011", "", "Line 2 is not a run. samples () is not possible"),
        ("0.01 0.012 0.011", "fast", "Line 2 is not a run. could not convert string to float: 'fast'"),
        ("0.01 0.012 0.011", "1e308", "Line 2 is not a run. samples.0 1e+308 is not possible"),
        ("0.01 0.012 0.011", "5e-324", "Line 2 is not a run. samples.0 5e-324 is not possible"),
        ("2026-01-02T03:04:05", "0001-01-02T03:04:05", "must lie between the years 2000 and 2100"),
        ('{""id"":""cpu""', "[" * 5000, "Line 2 is not a run."),
        ("0.01 0.012 0.011", "nan", "Line 2 is not a run. samples.0 nan is not possible"),
        ('""steps"":3', '""steps"":0', "steps 0 is not possible"),
        ('""depths"":[1,1]', '""depths"":[0,1]', "depths[0] 0 is not possible"),
        ('{""id"":""cpu""', '{""id"":', "Line 2 is not a run."),
    ],
)
def test_a_spoilt_table_is_refused_with_a_sentence(made: Make, old: str, new: str, sentence: str) -> None:
    text = to_csv([made()])
    assert old in text
    with pytest.raises(DocumentError) as error:
        from_csv(text.replace(old, new))
    assert sentence in str(error.value)


@pytest.mark.parametrize("data", [b"", b"a,b\n1,2,3,4\n", b"\xff\xfe", b'"'])
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(DocumentError):
        read("x.csv", data)


@given(st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_any_name_survives_csv_and_json(name: str, device: str) -> None:
    try:
        config = TINY.with_(name=name)
    except ResvizError:
        return  # a configuration refuses some names itself
    run = profile_of(config=config, device=device)
    assert from_csv(to_csv([run, run])) == (run, run)
    assert Profile.from_json(run.to_json()) == run


@pytest.mark.parametrize("name", ["a\rb", "\r", "a\r\nb", "a\nb", '"', "a,b", "x\x85y", "'", "'=1"])
def test_a_name_with_a_line_end_survives_csv(made: Make, name: str) -> None:
    run = made(config=TINY.with_(name=name))
    assert from_csv(to_csv([run])) == (run,)


@pytest.mark.parametrize("start", FORMULA)
def test_no_cell_begins_like_a_formula_and_the_run_is_read_back_exactly(made: Make, start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    run = made(config=TINY.with_(name=name), device=name)
    text = to_csv([run])
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert (line["net"], line["device"]) == (f"'{name}", f"'{name}")
    assert not [cell for cell in line.values() if cell.startswith(FORMULA)]
    assert from_csv(text) == (run,)


def test_a_file_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(DocumentError, match="at most 48,000,000 are read"):
        read("x.json", b"[" * (MAX_DOCUMENT + 1))


def test_a_file_of_too_many_runs_is_refused(made: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resviz.profiling.table.MAX_RUNS", 2)
    with pytest.raises(DocumentError, match="more than 2 runs"):
        from_csv(to_csv([made() for _ in range(3)]))
