"""The Design space page, through Streamlit's own test runner."""

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import expand, preset
from resviz.profiling import search_views as views
from resviz.profiling.search import Query, search
from resviz.report.axes import usual
from resviz.report.formatting import exact
from resviz.ui.address_bar import LAST_PAGE
from resviz.ui.design import TABLE
from resviz.ui.design_brush import KEPT


def script() -> None:
    from resviz.ui import design, state

    state.start()
    design.page()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script, default_timeout=60)


def chart(app: AppTest, index: int = 0) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(app.get("plotly_chart")[index].proto.spec)
    return figure


def test_each_limit_says_how_many_are_left_and_every_row_keeps_them(app: AppTest) -> None:
    for key, value in (("max_macs", "4G"), ("max_params", "25M"), ("max_time", "10ms")):
        app.session_state[key] = value
    app.run()
    assert not app.exception
    found = search(
        Query.of(
            preset("resnet50"),
            usual(preset("resnet50"), coarse=True),
            ["macs<=4G", "params<=25M", "time<=10ms"],
            gpu="T4",
        )
    )
    said = [caption.value for caption in app.caption]
    assert all(f"{exact(left)} left" in said for left in found.left)
    rows = app.dataframe[0].value
    assert 0 < len(rows) <= 100
    assert (rows["MACs, G"] <= 4).all()
    assert (rows["Parameters, M"] <= 25).all()
    assert (rows["Time, ms"] <= 10).all()
    assert rows["MACs, G"].is_monotonic_decreasing
    front = next(trace for trace in chart(app)["data"] if trace["name"] == "Pareto front")
    assert len(front["customdata"]) == len(found.front("time", "macs", most_y=True))


def test_the_ranges_follow_the_network_until_somebody_chooses_others(
    app: AppTest, go_back: Callable[[AppTest], AppTest]
) -> None:
    app.run()
    assert app.multiselect(key="ranges").value == list(usual(preset("resnet50"), coarse=True))
    app.query_params["net"] = "resnet20_cifar10"
    go_back(app)
    assert app.multiselect(key="ranges").value == list(usual(preset("resnet20_cifar10"), coarse=True))
    app.session_state["ranges"] = ["depths.1=1..3"]
    app.query_params["net"] = "resnet18"
    go_back(app)
    assert app.multiselect(key="ranges").value == ["depths.1=1..3"]
    assert "3 configurations." in [caption.value for caption in app.caption]


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("ranges", ["depths.1=1..100", "depths.2=1..100"], "at most 5,000 are counted"),
        ("ranges", ["depths.9=1,2"], "the network has 4 stages"),
        ("ranges", ["wdith=1,2"], "did you mean width"),
        ("max_macs", "lots", "is no number"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_a_sentence(app: AppTest, key: str, value: Any, sentence: str) -> None:
    app.session_state[key] = value
    app.run()
    assert not app.exception
    assert any(sentence in error.value for error in app.error)


def test_limits_that_leave_nothing_name_the_one_that_does(app: AppTest) -> None:
    app.session_state["max_macs"], app.session_state["min_depth"] = "4G", "500"
    app.run()
    assert "Weighted layers at least 500" in app.warning[0].value
    assert "0 left" in [caption.value for caption in app.caption]


def test_a_printed_error_stands_beside_a_net_that_has_one(app: AppTest) -> None:
    app.session_state["ranges"] = ["depths.3=6,23"]
    app.run()
    errors = app.dataframe[0].value["Printed top-1 error, %"]
    assert all(errors)


def test_the_files_hold_every_row_with_units() -> None:
    found = search(
        Query.of(preset("resnet50"), ["attention=none,se", "depths.1=1..3", "bottleneck_ratio=auto,0.5"], [])
    )
    data = pd.read_parquet(BytesIO(views.parquet(found, found.ranked("macs"))))
    assert len(data) == 12
    assert data["MACs"].is_monotonic_increasing
    row = found.ranked("macs")[0]
    assert data["MACs"][0] == expand(found.sweep.config(int(row))).macs
    assert data["Estimated time, s"][0] == pytest.approx(found.times.seconds[row])


def rows_left(app: AppTest) -> list[str]:
    return [each.value for each in app.markdown if "chosen, by" in each.value]


def told(app: AppTest) -> dict[str, Any]:
    """What the lines are drawn from."""
    data: dict[str, Any] = json.loads(app.get("bidi_component")[-1].proto.json)
    return data


def test_ranges_of_a_link_narrow_the_chart_the_lines_and_the_table_until_all_are_chosen(app: AppTest) -> None:
    app.session_state["ranges"] = ["depths.3=2..12"]
    app.query_params["within"] = "depths.3:4..6;macs:0..3.7e9"
    app.run()
    assert rows_left(app) == ["1 of 11 networks chosen, by 2 ranges on the lines' axes."]
    assert not app.dataframe  # a link with ranges opens the lines
    within = next(trace for trace in chart(app)["data"] if trace["name"] == "Within the limits")
    assert len(within["customdata"]) == 1
    assert "Beyond a limit or a range" in [trace["name"] for trace in chart(app)["data"]]
    assert (sum(told(app)["on"]), len(told(app)["on"])) == (1, 11)
    assert told(app)["ranges"] == {"depths.3": [2, 4], "macs": [0, 3.7]}
    del app.query_params["within"]  # as it is after another page was open
    app.session_state["below"] = app.query_params["below"] = TABLE
    app.run()
    assert app.query_params["within"] == "depths.3:4..6;macs:0..3.7e9"
    assert list(app.dataframe[0].value["depths.3"]) == [4]
    app.button(key="design.all").click().run()
    assert not rows_left(app)
    assert len(app.dataframe[0].value) == 11
    assert "within" not in app.query_params


def test_an_address_older_than_the_last_range_takes_it_not_back(
    app: AppTest, go_back: Callable[[AppTest], AppTest]
) -> None:
    app.session_state["ranges"] = ["depths.3=2..12"]
    app.run()
    app.session_state[KEPT] = {"within": "macs:0..3.7e9"}
    app.run()
    assert "chosen, by 1 range" in rows_left(app)[0]
    app.session_state[LAST_PAGE] = "design"
    del app.query_params["within"]  # what something used at the same moment sends
    assert "chosen, by 1 range" in rows_left(app.run())[0]
    del app.query_params["within"]
    assert not rows_left(go_back(app))


def test_ranges_come_and_go_without_turning_to_another_tab(app: AppTest) -> None:
    app.session_state["ranges"] = ["depths.3=2..12"]
    app.query_params["within"] = "macs:0..3.7e9"
    app.run()
    app.session_state["below"] = app.query_params["below"] = TABLE
    app.run()
    app.button(key="design.all").click().run()
    assert app.dataframe
    assert not rows_left(app)


def test_ranges_that_leave_nothing_keep_the_lines_and_a_way_back(app: AppTest) -> None:
    app.session_state["ranges"] = ["depths.3=2..12"]
    app.query_params["within"] = "macs:1..2"
    app.run()
    assert not app.exception
    assert "0 of 11 networks chosen" in rows_left(app)[0]
    assert not app.dataframe
    assert not any(told(app)["on"])
    app.session_state["below"] = app.query_params["below"] = TABLE
    assert "No network is chosen." in [caption.value for caption in app.run().caption]
    app.button(key="design.all").click().run()
    assert len(app.dataframe[0].value) == 11


def test_a_range_that_is_none_is_named_and_all_networks_stay(app: AppTest) -> None:
    app.session_state["ranges"] = ["depths.3=2..12"]
    app.query_params["within"] = "macs<4G"
    app.run()
    assert "'macs<4G' needs the form axis:low..high" in app.warning[0].value.replace("\\", "")
    assert len(app.dataframe[0].value) == 11
