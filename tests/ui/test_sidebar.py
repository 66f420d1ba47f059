"""The sidebar and the address, through Streamlit's own test runner."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import PRESETS, preset
from resviz.arch.links import decode, encode
from resviz.ui.fields import GROUPS
from resviz.ui.state import ECHO
from tests.presets import OF_EACH_FAMILY
from tests.ui.components import held, press

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(APP), default_timeout=30)


def opened(app: AppTest, net: str) -> AppTest:
    app.query_params["net"] = net
    return app.run()


def address(app: AppTest) -> str:
    word = app.query_params["net"]
    return word if isinstance(word, str) else word[0]


def metric(app: AppTest, label: str) -> str:
    """One of the totals beside the net's name."""
    line = next(html.proto.body for html in app.get("html") if "resviz-headline" in html.proto.body)
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", line))[label]


def sentences(app: AppTest) -> list[str]:
    """What the sidebar complains of, without Markdown's escapes."""
    return [error.value.replace("\\", "") for error in app.sidebar.error]


def labels(app: AppTest) -> set[str]:
    sidebar = app.sidebar
    return {widget.label for kind in (sidebar.selectbox, sidebar.number_input, sidebar.toggle) for widget in kind}


def test_first_visit_shows_resnet50_and_its_address(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert address(app) == "resnet50"
    assert metric(app, "parameters") == "25.56 M"


@pytest.mark.parametrize(
    "name", ["resnet34", "resnext50_32x4d", "preact_resnet1001_cifar10", "resnet110_cifar10_exclusive_gate"]
)
def test_picking_a_preset_shows_it(app: AppTest, name: str) -> None:
    press(app.run(), "resviz.presets", act="pick", name=name)
    assert not app.exception
    assert address(app) == name


def test_family_member_can_be_typed(app: AppTest) -> None:
    opened(app, "wrn22_6_cifar10")
    assert not app.exception
    assert held(app, "resviz.presets")["preset"] == "wrn22_6_cifar10"


def test_changing_a_depth_makes_the_preset_custom_and_reset_undoes_it(app: AppTest) -> None:
    app.run().sidebar.number_input(key="field.depths.2").set_value(9).run()
    assert address(app) == "resnet50~depths~3-4-9-3"
    assert held(app, "resviz.presets")["name"] == "custom, from resnet50"
    press(app, "resviz.presets", act="pick", name="resnet50")
    assert address(app) == "resnet50"
    assert app.sidebar.number_input(key="field.depths.2").value == 6


def test_a_depth_of_zero_shows_its_sentence_and_keeps_the_last_network(app: AppTest) -> None:
    app.run().sidebar.number_input(key="field.depths.0").set_value(0).run()
    assert not app.exception
    assert "depths[0] 0 is not possible: it must be at least 1." in sentences(app)
    assert (address(app), metric(app, "parameters")) == ("resnet50", "25.56 M")
    app.sidebar.number_input(key="field.depths.0").set_value(5).run()
    assert not app.sidebar.error
    assert address(app) == "resnet50~depths~5-4-6-3"


def test_a_stage_more_continues_the_last_one(app: AppTest) -> None:
    app.run().sidebar.number_input(key="field.stages").set_value(5).run()
    config, _ = decode(address(app))
    assert (config.depths, config.widths, config.stage_strides) == (
        (3, 4, 6, 3, 3),
        (64, 128, 256, 512, 512),
        (1, 2, 2, 2, 2),
    )
    app.sidebar.number_input(key="field.stages").set_value(2).run()
    assert decode(address(app))[0].depths == (3, 4)


def test_basic_blocks_have_no_cardinality(app: AppTest) -> None:
    app.session_state["group.Block"] = True
    opened(app, "resnext50_32x4d")
    assert "Groups (cardinality)" in labels(app)
    app.sidebar.selectbox(key="field.block").select("basic").run()
    assert not app.sidebar.error
    assert "Groups (cardinality)" not in labels(app)
    assert decode(address(app))[0].groups == 1


def test_plain_net_offers_nothing_about_skips(app: AppTest) -> None:
    app.session_state["group.Shortcut"] = True
    opened(app, "plain34")
    assert "Shortcut option" in labels(app)
    assert not {"Signal on the skip", "BN on projections", "Stochastic depth"} & labels(app)


@pytest.mark.parametrize(
    "net", ["nonsense", "resnet50~depths~0-0-0-0", "<script>alert(1)</script>", "resnet50~a", "x" * 5000]
)
def test_broken_address_gives_a_sentence_and_the_default(app: AppTest, net: str) -> None:
    opened(app, net)
    assert not app.exception
    assert app.warning[0].value.replace("\\", "").startswith("The address does not describe a network: ")
    assert metric(app, "parameters") == "25.56 M"


def page_without_its_content() -> None:
    import streamlit as st

    from resviz.ui import sidebar, state

    state.watch_address()
    state.start()
    with st.sidebar:
        sidebar.sidebar()
    state.say_address_problem()
    state.write_address()


@pytest.mark.parametrize(("script", "names"), [(page_without_its_content, tuple(PRESETS)), (None, OF_EACH_FAMILY)])
def test_every_preset_shows_in_the_sidebar_without_a_change(
    app: AppTest, script: Callable[[], None] | None, names: tuple[str, ...]
) -> None:
    app = app if script is None else AppTest.from_function(script, default_timeout=30)
    for group in GROUPS:
        app.session_state[f"group.{group}"] = True
    app.run()
    for name in names:
        press(app, "resviz.presets", act="pick", name=name)
        assert not app.exception, name
        assert not app.sidebar.error, name
        assert decode(address(app)) == (preset(name), name)


def test_link_opens_every_field_as_it_was(app: AppTest) -> None:
    config = preset("resnet18").with_(
        name="mine", input=(1, 96, 128), stem="cifar", norm="group", norm_groups=8, skip="scale", skip_scale=0.25
    )
    app.session_state["group.Shortcut"] = True
    opened(app, encode(config, "resnet18"))
    assert decode(address(app))[0] == config
    assert app.sidebar.number_input(key="field.skip_scale").value == 0.25


def test_setting_to_automatic_and_back(app: AppTest) -> None:
    app.session_state["group.Strides and depth"] = True
    app.run().sidebar.selectbox(key="field.output_stride").select(8).run()
    assert address(app) == "resnet50~output_stride~8"
    app.sidebar.selectbox(key="field.output_stride").select("unset").run()
    assert address(app) == "resnet50"


def test_a_net_of_120_thousand_layers_still_opens_at_every_level(app: AppTest) -> None:
    app.query_params["tab"] = "Layers"
    app.query_params["detail"] = "Operations"
    opened(app, "resnet18~depths~5000-5000-5000-5000")
    assert not app.exception
    assert any("more layers than the page lists" in info.value for info in app.info)
    assert held(app, "resviz.diagram")["toolbar"]["note"] == "More than 5,000 layers: drawn as blocks."


def test_family_form_makes_a_net_from_its_numbers_or_says_which_depths_there_are(app: AppTest) -> None:
    app.session_state["family.open"] = True
    app.run()
    depth = app.sidebar.number_input(key="family.resnet{depth}_cifar{classes}.depth")
    depth.set_value(86).run()
    show = next(button for button in app.sidebar.button if button.label == "Show resnet86_cifar10")
    show.click().run()
    assert address(app) == "resnet86_cifar10"
    depth = app.sidebar.number_input(key="family.resnet{depth}_cifar{classes}.depth")
    depth.set_value(21).run()
    next(button for button in app.sidebar.button if button.label == "Show resnet21_cifar10").click().run()
    assert any("6n + 2; the nearest are 20 or 26" in sentence for sentence in sentences(app))


def test_a_block_can_be_chosen_for_each_stage_and_put_back(app: AppTest) -> None:
    opened(app, "resnet50")
    app.session_state["group.Block"] = True
    app.run().sidebar.pills(key="field.each_stage").set_value(["block"]).run()
    assert address(app) == "resnet50"
    app.sidebar.selectbox(key="field.block.0").select("basic").run()
    app.sidebar.selectbox(key="field.block.1").select("basic").run()
    assert not app.exception
    assert address(app) == "resnet50~block~basic-basic-bottleneck-bottleneck"
    assert metric(app, "parameters") == "24.97 M"
    app.sidebar.pills(key="field.each_stage").set_value([]).run()
    assert address(app) == "resnet50~block~basic"


def test_a_link_with_a_block_for_each_stage_shows_them(app: AppTest) -> None:
    opened(app, "resnet50~block~basic-basic-bottleneck-bottleneck~groups~1-1-2-4")
    app.session_state["group.Block"] = True
    app.run()
    assert not app.exception
    assert [app.sidebar.selectbox(key=f"field.block.{index}").value for index in range(4)] == [
        "basic",
        "basic",
        "bottleneck",
        "bottleneck",
    ]
    app.sidebar.number_input(key="field.groups.3").set_value(8).run()
    assert address(app) == "resnet50~block~basic-basic-bottleneck-bottleneck~groups~1-1-2-8"


@pytest.mark.parametrize("net", ["resnet18~stem_norm~false", "preact_resnet20_cifar10~stem_norm~true"])
def test_an_edit_keeps_whether_a_norm_ends_the_stem(app: AppTest, net: str) -> None:
    before, _ = decode(net)
    opened(app, net).sidebar.number_input(key="field.depths.1").set_value(5).run()
    after, _ = decode(address(app))
    assert after.stem_norm is before.stem_norm
    assert after.depths[1] == 5


def test_the_formulas_are_those_of_the_unit_at_hand(app: AppTest) -> None:
    opened(app, "resnext50_32x4d")
    said = [text.value for text in (*app.caption, *app.markdown)]
    for line in (r"$2\,C\,w + \frac{9\,w^2}{g}\ \text{weights}$", "W_3"):
        assert any(line in text for text in said), line
    assert not any("17 w^2" in text for text in said)


def test_a_refused_depth_of_a_family_is_said_beside_its_form_only(app: AppTest) -> None:
    app.session_state["family.open"] = True
    app.run().sidebar.number_input(key="family.resnet{depth}_cifar{classes}.depth").set_value(21).run()
    next(button for button in app.sidebar.button if button.label == "Show resnet21_cifar10").click().run()
    assert len(sentences(app)) == 1
    assert sentences(app.run()) == []


def test_an_address_that_is_none_names_the_network_that_is_shown_for_it(app: AppTest) -> None:
    assert opened(app, "nonsense").warning[0].value.endswith("resnet50 is shown instead.")


@pytest.mark.parametrize("version", ["2", "999"])
def test_a_link_of_another_version_gets_a_sentence_and_the_default(app: AppTest, version: str) -> None:
    app.query_params["v"] = version
    opened(app, "resnet18")
    assert f"v '{version}' is a version of links" in app.warning[0].value.replace("\\", "")
    assert (address(app), app.query_params["v"]) == ("resnet50", "1")


def test_a_field_that_means_nothing_does_not_make_a_preset_custom(app: AppTest) -> None:
    opened(app, "seresnet152d~skip_scale~0.75")
    assert (held(app, "resviz.presets")["name"], held(app, "resviz.presets")["changes"]) == ("seresnet152d", [])


def test_regnet_is_made_from_its_numbers(app: AppTest) -> None:
    opened(app, "regnetx_d22_w24_a24.48_m2.54_g16")
    assert not app.exception
    assert decode(address(app))[0].widths == (32, 64, 160, 384)


def test_a_change_is_listed_from_old_to_new_and_each_is_undone_alone(app: AppTest) -> None:
    opened(app, "resnet50~depths~3-4-9-3~stride_in~1x1~attention~se")
    changes = held(app, "resviz.presets")["changes"]
    assert {(each["label"], each["before"], each["after"]) for each in changes} == {
        ("Blocks of the stages", "3, 4, 6, 3", "3, 4, 9, 3"),
        ("Stride sits in", "3x3 (v1.5)", "First 1x1 (v1)"),
        ("Attention", "None", "Squeeze-and-excitation (SE)"),
    }
    press(app, "resviz.presets", act="undo", field="depths")
    assert address(app) == "resnet50~stride_in~1x1~attention~se"
    assert app.sidebar.number_input(key="field.depths.2").value == 6


def test_stages_are_undone_together_where_their_number_changed(app: AppTest) -> None:
    app.run().sidebar.number_input(key="field.stages").set_value(5).run()
    press(app, "resviz.presets", act="undo", field="widths")
    assert address(app) == "resnet50"


def test_a_name_goes_into_link_and_heading_stays_through_an_edit_and_is_given_up_when_empty(app: AppTest) -> None:
    press(app.run(), "resviz.presets", act="name", name="mine")
    assert address(app) == "resnet50~name~mine"
    app.sidebar.number_input(key="field.depths.0").set_value(5).run()
    assert address(app) == "resnet50~depths~5-4-6-3~name~mine"
    assert any("<h1>mine</h1>" in html.proto.body for html in app.get("html"))
    press(app, "resviz.presets", act="name", name=" ")
    assert address(app) == "resnet50~depths~5-4-6-3"


def test_rows_of_the_list_are_sent_once_it_is_opened_and_not_before(app: AppTest) -> None:
    assert held(app.run(), "resviz.presets")["rows"] is None
    rows = {row["name"]: row for row in held(press(app, "resviz.presets", act="open"), "resviz.presets")["rows"]}
    assert set(rows) == set(PRESETS)
    assert (rows["resnet50"]["family"], rows["resnet50"]["params"], rows["resnet50"]["macs"]) == (
        "ResNet",
        "25.6 M",
        "4.09 G",
    )
    assert held(app.run(), "resviz.presets")["rows"] is None


def test_a_browser_that_missed_a_widgets_value_begins_with_it_all_the_same(app: AppTest) -> None:
    for group in GROUPS:
        app.session_state[f"group.{group}"] = True
    opened(app, "resnet50~attention~se~norm~group~stride_in~1x1~drop_path_rate~0.1~groups~2-2-4-4")
    kept = [each for each in app.sidebar.number_input if str(each.key).startswith("field.")]
    assert len(kept) > 20
    for number in kept:
        assert (number.proto.default if number.proto.HasField("default") else None) == number.value, number.key
    chosen = [each for each in app.sidebar.selectbox if str(each.key).startswith("field.")]
    assert len(chosen) > 10
    for box in chosen:
        assert box.options[box.proto.default] == box.options[box.index], box.key
    for toggle in app.sidebar.toggle:
        assert toggle.proto.default == toggle.value, toggle.key


def test_fields_that_the_browser_sent_before_it_showed_a_preset_change_nothing(app: AppTest) -> None:
    press(opened(app, "resnet50"), "resviz.presets", act="pick", name="resnet18")
    app.text_input(key=ECHO).set_value("1")  # as it was while resnet50 stood there, and so was the field
    app.number_input(key="field.depths.2").set_value(6).run()
    assert not app.exception
    assert (address(app), app.number_input(key="field.depths.2").value) == ("resnet18", 2)
    app.number_input(key="field.depths.2").set_value(6).run()
    assert address(app) == "resnet18~depths~2-2-6-2"
