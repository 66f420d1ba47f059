import csv
import io

import pytest

from resviz.profiling.errors import DocumentError
from resviz.profiling.result import Breakdown, LayerTime, Sweep
from resviz.profiling.table import from_csv, read, to_csv
from tests.profiling.conftest import Make


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
