"""The Compare page, through Streamlit's own test runner."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from resviz.arch import expand, preset
from resviz.profiling.store import open_store
from resviz.ui import compared_networks
from tests.profiling.conftest import profile_of


def script() -> None:
    from resviz.ui import compare, state

    state.start()
    compare.page()


def app(*words: str, net: str = "resnet50", **parameters: str) -> AppTest:
    test = AppTest.from_function(script, default_timeout=30)
    test.query_params["net"] = net
    if words:
        test.query_params["with"] = list(words)
    for name, value in parameters.items():
        test.query_params[name] = value
    return test.run()


def words(test: AppTest) -> list[str]:
    value = test.query_params["with"]
    return [value] if isinstance(value, str) else list(value)


def texts(test: AppTest) -> str:
    return "\n".join([*(text.value.replace("\\", "") for text in (*test.markdown, *test.caption)), pages(test)])


def pages(test: AppTest) -> str:
    return "\n".join(element.proto.body for element in test.get("html"))


def chart(test: AppTest) -> dict[str, Any]:
    figure: dict[str, Any] = json.loads(test.get("plotly_chart")[0].proto.spec)
    return figure


def test_a_first_visit_compares_with_the_papers_form() -> None:
    test = app()
    assert not test.exception
    assert "B: resnet50_v1" in texts(test)
    assert words(test) == ["resnet50_v1"]


def test_the_first_tab_says_in_words_what_differs() -> None:
    shown = pages(app("resnet50_v1", "resnet50"))
    assert "How B differs from A" in shown
    assert "<b>Stride sits in</b>: First 1x1 (v1) <span>was 3x3 (v1.5)</span>" in shown
    assert "stride 2, was 1" in shown
    assert "C is the same network as A." in shown


def test_networks_of_one_name_are_told_apart() -> None:
    test = app("resnet50~depths~3-4-6-2", "resnet50~attention~se", "resnet34")
    assert not test.exception
    shown = pages(test)
    assert all(f"How {letter} differs from A" in shown for letter in "BCD")


def test_a_measured_time_is_that_of_the_network_and_not_of_its_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    open_store().add(
        profile_of(config=preset("resnet18"), samples=(0.0125,) * 3),
        profile_of(config=preset("resnet50").with_(name="resnet34")),
    )
    shown = pages(app("resnet34", net="resnet18"))
    assert "12.5 ms" in shown
    assert shown.count("not measured") == 1


def test_the_papers_form_is_compared_with_torchvisions() -> None:
    assert "B: resnet50<" in texts(app(net="resnet50_v1"))


def test_an_address_opens_all_its_networks() -> None:
    test = app("resnet34", "resnet18~shortcut~A", "resnet101")
    assert [name in texts(test) for name in ("B: resnet34", "C: custom, from resnet18", "D: resnet101")] == [True] * 3
    assert words(test) == ["resnet34", "resnet18~shortcut~A", "resnet101"]


def test_a_card_says_how_far_a_network_is_from_the_first() -> None:
    assert "<b>3.858 G</b> MACs <small>−5.7%</small>" in texts(app("resnet50_v1"))


@pytest.mark.parametrize(
    "word",
    ["nonsense", "resnet50~depths~3", "resnet50~stem~unpadded~input~3-4-4", "resnet50~block~none", "~", "a" * 3000],
)
def test_a_network_that_cannot_be_gives_its_sentence_and_nothing_else_breaks(word: str) -> None:
    test = app(word, "resnet34")
    assert not test.exception
    assert len(test.error) == 1
    assert "B: resnet34" in texts(test)


def test_only_networks_that_cannot_be_leave_nothing_to_compare() -> None:
    test = app("nonsense")
    assert not test.exception
    assert [info.value for info in test.info] == ["Add a network to compare with."]


def test_a_fifth_network_of_an_address_is_left_out() -> None:
    assert len(words(app(*["resnet18"] * 5))) == 3


def test_a_fifth_network_of_an_address_is_named_as_left_out() -> None:
    test = app("resnet18", "resnet34", "resnet101", "resnet152", "wrn16_4_cifar10")
    assert [error.value.replace("\\", "") for error in test.error] == [
        "The link holds 6 networks and a comparison takes 4; left out: resnet152, wrn16_4_cifar10."
    ]
    assert len(app(*["resnet18"] * 500).error[0].value) < 300
    assert not app("resnet18", "resnet34", "resnet101").error


def test_removing_all_leaves_the_classic_questions() -> None:
    test = app("resnet34").button(key="compare.remove.0").click().run()
    assert not test.exception
    assert "B: resnet34" not in texts(test)
    assert test.info


def test_a_preset_is_added() -> None:
    test = app("resnet34")
    test.selectbox(key="compare.preset").select("resnet18").run().button(key="compare.add").click().run()
    assert words(test) == ["resnet34", "resnet18"]


def test_a_copy_with_one_change_is_added() -> None:
    test = app("resnet34").segmented_control(key="compare.way").set_value("A copy with one change").run()
    form = "compare.change.resnet50"
    test.selectbox(key=f"{form}.field").select("attention").run().selectbox(key=f"{form}.attention").select("se").run()
    test.button(key="compare.add").click().run()
    assert not test.exception
    assert "C: resnet50, attention se" in texts(test)


def test_stages_of_a_copy_are_typed_as_a_list() -> None:
    test = app("resnet34").segmented_control(key="compare.way").set_value("A copy with one change").run()
    test.text_input(key="compare.change.resnet50.depths").set_value("3, 4, 6").run()
    assert "one value for each" in test.error[0].value
    test.text_input(key="compare.change.resnet50.depths").set_value("3 4 23 3").run()
    test.button(key="compare.add").click().run()
    assert "C: resnet50, depths 3-4-23-3" in texts(test)


@pytest.mark.parametrize("text", ["http://localhost:8501/?net=resnet18&v=1", "/compare?net=resnet18", "resnet18"])
def test_a_pasted_link_is_added(text: str) -> None:
    test = app("resnet34").segmented_control(key="compare.way").set_value("A link").run()
    test.text_input(key="compare.link").set_value(text).run().button(key="compare.add").click().run()
    assert words(test) == ["resnet34", "resnet18"]


def test_a_link_to_nothing_is_refused_in_a_sentence() -> None:
    test = app("resnet34").segmented_control(key="compare.way").set_value("A link").run()
    test.text_input(key="compare.link").set_value("http://example.org/").run().button(key="compare.add").click().run()
    assert not test.exception
    assert "does not exist" in test.error[0].value
    assert words(test) == ["resnet34"]
    assert test.text_input(key="compare.link").value == ""


def test_stages_are_aligned_with_differences_in_units_and_per_cent() -> None:
    page = pages(app("resnet50_v1", question="Stages"))
    assert "−231,211,008" in page
    assert "−5.7%" in page


@pytest.mark.parametrize("form", ["grouped", "stacked"])
def test_bars_show_every_stage_of_every_network(form: str) -> None:
    test = app("resnet34", question="Charts").segmented_control(key="compare.bars").set_value(form).run()
    assert not test.exception
    traces = chart(test)["data"]
    nets, stages = {"A: resnet50", "B: resnet34"}, {"conv1", "conv2_x", "conv3_x", "conv4_x", "conv5_x", "head"}
    names, labels = {trace["name"] for trace in traces}, {label for trace in traces for label in trace["x"]}
    assert (names, labels) == ((nets, stages) if form == "grouped" else (stages, nets))


def test_basic_against_bottleneck_on_256_channels_is_the_papers_example() -> None:
    told = texts(app(question="Basic or bottleneck"))
    for part in ("1,179,648", "69,632", "73,728", "16.9 times", "1,170,648", "3 cdot 3 cdot 256 cdot 256 + 3 cdot 3"):
        assert part in told


@pytest.mark.parametrize("width", [16, 300, 1024])
def test_basic_against_bottleneck_takes_any_width_of_the_slider(width: int) -> None:
    test = app(question="Basic or bottleneck").slider(key="classic.width").set_value(width).run()
    assert not test.exception
    assert f"on {width} channels" in texts(test)
    assert "misprint" not in texts(test)


def test_the_waterfall_goes_from_the_papers_figure_to_flops() -> None:
    trace = chart(app(question="Reconcile"))["data"][0]
    assert (trace["text"][0], trace["text"][-1]) == ("3.80 G", "8.18 G")
    assert {"3.86 G", "+231 M", "4.09 G", "4.11 G"} <= set(trace["text"])


@pytest.mark.parametrize("net", ["resnet20_cifar10", "resnext50_32x4d", "d2l_resnet18", "preact_resnet1001_cifar10"])
def test_any_network_is_reconciled(net: str) -> None:
    test = app(net=net, question="Reconcile")
    assert not test.exception
    assert chart(test)["data"]


def test_what_if_lists_single_changes_the_costliest_first() -> None:
    frame = app(question="What if").dataframe[0].value
    assert list(frame["MACs"]) == sorted(frame["MACs"], reverse=True)
    row = frame[frame["Change"] == "v1: stride in the first 1x1"].iloc[0]
    assert row["More MACs"] == expand(preset("resnet50_v1")).macs - expand(preset("resnet50")).macs
    assert row["Compare"] == "/compare?net=resnet50&v=1&with=resnet50~stride_in~1x1"


@pytest.mark.parametrize(
    ("text", "word"),
    [("", ""), ("?net=a~b~c", "a~b~c"), ("https://x/y?v=1&net=resnet18#z", "resnet18"), (" wrn ", "wrn")],
)
def test_a_pasted_text_holds_a_word(text: str, word: str) -> None:
    assert compared_networks.word_in(text) == word


@pytest.mark.parametrize("text", ["http://[::1", "http://[::1?net=resnet18", "//[", "http://[x]?net=resnet18"])
def test_an_address_that_never_ends_is_no_link_and_no_traceback(text: str) -> None:
    test = app().segmented_control(key="compare.way").set_value("A link").run()
    test.text_input(key="compare.link").set_value(text).run().button(key="compare.add").click().run()
    assert not test.exception
    assert test.error
    assert words(test) == ["resnet50_v1"]


def test_a_pasted_link_of_another_version_is_refused() -> None:
    test = app()
    test.segmented_control(key="compare.way").set_value("A link").run()
    test.text_input(key="compare.link").set_value("http://here/?net=resnet18&v=2").run()
    assert not test.exception
    assert "v '2' is a version of links" in test.error[0].value.replace("\\", "")
    assert test.button(key="compare.add").disabled


def test_links_of_tables_stand_under_the_apps_own_path() -> None:
    before = config.get_option("server.baseUrlPath")
    config.set_option("server.baseUrlPath", "some/course")
    try:
        frame = app(question="What if").dataframe[0].value
    finally:
        config.set_option("server.baseUrlPath", before)
    assert all(link.startswith("/some/course/compare?net=resnet50") for link in frame["Compare"])
    assert all(link.startswith("/some/course/?net=resnet50") for link in frame["Open"])


def asking(*names: str) -> AppTest:
    """Return the page after networks were named elsewhere, the first of which is another than the sidebar's."""

    def script(names: tuple[str, ...]) -> None:
        import streamlit as st

        from resviz.ui import compare, compared_networks, state

        state.start()
        if "named" not in st.session_state:
            st.session_state["named"] = True
            compared_networks.ask(names)
            st.session_state["went"] = compared_networks.asked()
            st.session_state["refused"] = state.refused("preset")
        compare.page()

    test = AppTest.from_function(script, default_timeout=30, args=(names,))
    test.query_params["net"] = "resnet18"
    return test.run()


def test_networks_named_against_each_other_are_compared_and_nothing_else() -> None:
    test = asking("resnet50", "resnet50_v1", "wrn28_10_cifar10")
    assert not test.exception
    assert test.session_state["went"]
    assert [name in texts(test) for name in ("A: resnet50<", "B: resnet50_v1", "C: wrn28_10_cifar10")] == [True] * 3
    assert words(test) == ["resnet50_v1", "wrn28_10_cifar10"]


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (("resnet50", "resnet51"), "preset 'resnet51' does not exist"),
        (("wrn29_1_cifar10", "resnet50"), "28 or 34"),
        (("resnet18",) * 5, "A comparison takes 4 networks at most, not 5."),
    ],
)
def test_a_name_that_is_none_is_refused_in_a_sentence_and_changes_nothing(
    names: tuple[str, ...], sentence: str
) -> None:
    test = asking(*names)
    assert not test.exception
    assert sentence in test.session_state["refused"]
    assert not test.session_state["went"]
    assert "A: resnet18<" in texts(test)


def test_an_address_older_than_the_last_network_takes_none_away(go_back: Callable[[AppTest], AppTest]) -> None:
    test = app("resnet18")
    test.session_state[compared_networks.WORDS] = ["resnet18", "resnet34"]
    test.run()
    test.query_params["with"] = ["resnet18"]  # what something used at the same moment sends
    assert words(test.run()) == ["resnet18", "resnet34"]
    test.query_params["with"] = ["resnet18"]
    assert words(go_back(test)) == ["resnet18"]
