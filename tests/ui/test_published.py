"""The Published page, through Streamlit's own test runner."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch.links import decode
from resviz.published import SOURCES, Agreement, PrintedRow, tables, tally
from resviz.ui import state
from resviz.ui.published import CHART, TABLES


def script() -> None:
    from resviz.ui import published, state

    state.start()
    published.page()


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(script, default_timeout=30)


def charted(app: AppTest) -> AppTest:
    """The page with its chart open."""
    app.session_state["printed"] = CHART
    return app.run()


def chart(app: AppTest) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(app.get("plotly_chart")[0].proto.spec)
    return figure


@pytest.mark.parametrize("paper", dict.fromkeys(source.paper for source in SOURCES.values()))
def test_every_table_of_a_paper_is_shown_row_by_row(app: AppTest, paper: str) -> None:
    app.run().segmented_control(key="published.paper").set_value(paper).run()
    assert not app.exception
    shown = [list(frame.value["Net"]) for frame in app.dataframe]
    assert shown == [[row.model for row in table.rows] for table in tables() if table.about.paper == paper]


def test_table_1_stands_beside_the_computed_figures(app: AppTest) -> None:
    frame = app.run().dataframe[0].value
    assert list(frame["Printed MACs"])[2] == "3.8×10⁹"
    assert list(frame["Computed MACs"])[2] == "3,857,973,248"
    assert list(frame["Agreement, MACs"])[:3] == ["✓ agrees", "✓ agrees, cut off (+1.8%)", "✓ agrees, cut off (+1.5%)"]


def test_every_row_links_to_its_network(app: AppTest) -> None:
    app.run()
    rows = [row for table in tables() if table.about.paper == "He et al. 2015" for row in table.rows]
    links = [link for frame in app.dataframe for link in frame.value.get("Open", [""] * len(frame.value))]
    assert len(links) == len(rows)
    for row, link in zip(rows, links, strict=True):
        nets = parse_qs(urlsplit(link).query).get("net", [])
        assert [decode(net)[0] for net in nets] == ([] if row.config is None else [row.config])


@pytest.mark.parametrize(
    "row", [row for table in tables() for row in table.rows if row.config], ids=lambda row: row.net
)
def test_a_link_survives_whatever_a_row_is_called(row: PrintedRow) -> None:
    assert row.config is not None
    (net,) = parse_qs(urlsplit(state.link(row.config, base=row.net.split()[0])).query)["net"]
    assert decode(net)[0] == row.config


def test_a_reason_is_told_with_the_count_that_shows_it(app: AppTest) -> None:
    app.run()
    assert any("So counted: 3,644,493,824" in text.value for text in app.markdown)


def test_the_page_counts_how_many_agree(app: AppTest) -> None:
    app.run()
    assert f"{tally()[Agreement.ROUNDED]} of them are the computed count" in app.markdown[0].value


def test_the_sidebars_network_is_a_line_without_an_error(app: AppTest) -> None:
    traces = chart(charted(app))["data"]
    assert traces[-1]["name"] == "your net, 4.09 G"
    assert len(set(traces[-1]["x"])) == 1


def test_a_network_that_somebody_printed_is_told_so(app: AppTest) -> None:
    assert "torchvision" in app.run().info[0].value


def test_a_data_set_and_a_family_can_be_chosen(app: AppTest) -> None:
    charted(app).segmented_control(key="published.chart.data").set_value("CIFAR-100").run()
    assert not app.exception
    names = {trace["name"] for trace in chart(app)["data"]}
    assert names >= {"CIFAR ResNet", "WRN", "ResNeXt"}
    app.pills[0].set_value(["WRN"]).run()
    assert {trace["name"] for trace in chart(app)["data"] if trace["mode"] == "markers"} == {"WRN"}


def test_no_family_is_no_chart_but_a_sentence(app: AppTest) -> None:
    charted(app).pills[0].set_value([]).run()
    assert not app.exception
    assert "No family is chosen." in [info.value for info in app.info]


def test_the_chart_begins_with_the_data_set_of_the_sidebars_network(app: AppTest) -> None:
    app.query_params["net"] = "wrn40_4_cifar100"
    charted(app)
    assert app.segmented_control(key="published.chart.data").value == "CIFAR-100"
    app.segmented_control(key="published.chart.data").set_value("ImageNet").run()
    assert app.segmented_control(key="published.chart.data").value == "ImageNet"


def test_a_judgement_is_marked_in_the_table_and_said_below_it(app: AppTest) -> None:
    app.run().segmented_control(key="published.paper").set_value("He et al. 2016").run()
    frame = next(frame.value for frame in app.dataframe if "20.1" in list(frame.value["Top-1 error, %"]))
    assert list(frame["Judgement"])[-1] == "in part"
    assert any("Our judgement: The paper's footnote names fb.resnet.torch" in text.value for text in app.markdown)
    assert "what we took them to be is said there, too" in app.markdown[0].value


def test_a_network_of_ones_own_is_held_against_the_nearest_published_one(app: AppTest) -> None:
    assert not app.run().expander
    app.session_state["resviz.config"] = app.session_state["resviz.config"].with_(depths=(3, 4, 7, 3), name="mine")
    app.run()
    assert not app.exception
    assert app.expander[0].label == "The nearest published network is resnet50; 1 field differs."


def test_what_was_chosen_stays_chosen_while_the_other_tab_is_open(app: AppTest) -> None:
    charted(app).segmented_control(key="published.chart.data").set_value("CIFAR-10").run()
    app.session_state["printed"] = app.query_params["printed"] = TABLES
    app.run().segmented_control(key="published.paper").set_value("He et al. 2016").run()
    app.session_state["printed"] = app.query_params["printed"] = CHART
    assert app.run().segmented_control(key="published.chart.data").value == "CIFAR-10"
    app.session_state["printed"] = app.query_params["printed"] = TABLES
    assert app.run().segmented_control(key="published.paper").value == "He et al. 2016"
