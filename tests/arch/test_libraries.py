"""Networks under the names of libraries."""

import csv
from pathlib import Path

import pytest

from resviz.arch import PRESETS, UnknownNameError, find
from resviz.arch.libraries import LIBRARIES

DATA = Path(__file__).parents[1] / "data" / "timm_counts.csv"


def test_timms_names_are_those_that_timm_counted() -> None:
    counted = {row["model"] for row in csv.DictReader(DATA.read_text().splitlines())}
    ours = {name for name in PRESETS if LIBRARIES["timm"].fullmatch(name)}
    assert ours == {name for name in counted if "." not in name}


@pytest.mark.parametrize(
    "name", ["timm/resnetaa50d", "timm/resnetaa50", "torchvision/wide_resnet50_2", "torchvision/regnet_y_400mf"]
)
def test_a_librarys_name_is_a_preset(name: str) -> None:
    assert find(name) is PRESETS[name.split("/")[1]]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("timm/resnet50.a1_in1k", "names weights; take timm/resnet50."),
        ("timm/plain34", "does not exist"),
        ("torchvision/resnetaa50d", "does not exist"),
        ("torchvision/resnet51", "did you mean torchvision/resnet"),
        ("timm/", "does not exist"),
    ],
)
def test_what_a_library_does_not_have_is_refused(name: str, says: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find(name)
    assert says in str(caught.value)
