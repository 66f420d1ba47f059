"""Estimated times on Explore: the choice is in the link, the table and the diagram follow it."""

from streamlit.testing.v1 import AppTest

import resviz
from resviz.arch import expand, preset
from resviz.diagram import Detail
from resviz.ui.layer_times import BATCH, KEY
from resviz.ui.shown import Shown, read, written
from resviz.ui.toolbar import toolbar

PAGE = """
import streamlit as st
from resviz.arch import preset
from resviz.ui import layer_times, shown, state, tables
state.show(preset("resnet18"), "resnet18")
now, here = state.current(), shown.current()
layer_times.choose(here)
found = layer_times.estimate(here, now)
tables.layers(now, None, found)
if found is not None:
    layer_times.say(found)
shown.write_address(here)
"""
HEATS = "Estimated time, T4"


def test_the_link_holds_the_gpu_and_the_heat() -> None:
    shown = Shown(gpu="RTX 3090", heat="time")
    assert read(written(shown)) == shown
    assert read({"gpu": "rtx 3090"}).gpu == "RTX 3090"
    assert read({"gpu": "RTX 9999"}).gpu == ""


def test_a_gpu_adds_its_times_to_the_layer_table_and_goes_again() -> None:
    app = AppTest.from_string(PAGE, default_timeout=60).run()
    assert not app.exception
    assert "Estimated time, ms" not in app.dataframe[0].value
    app.selectbox(key=KEY).select("T4").run()
    assert not app.exception
    table = app.dataframe[0].value
    found = resviz.estimate(preset("resnet18"), "T4", batch=BATCH)
    assert abs(table["Estimated time, ms"].iloc[-1] - found.seconds * 1e3) < 1e-6
    assert set(table["Bound by"].dropna()) <= {"arithmetic", "memory", "launch"}
    assert any("on T4, FP16 by" in caption.value and "additions" in caption.value for caption in app.caption)
    assert app.query_params["gpu"] == "T4"
    app.selectbox(key=KEY).select("").run()
    assert "Estimated time, ms" not in app.dataframe[0].value


def test_the_diagram_offers_estimated_time_where_a_gpu_is_chosen() -> None:
    config = preset("resnet18")

    def heats(shown: Shown, *, too_many: bool = False) -> list[str]:
        offered = toolbar(shown, config, expand(config), Detail.BLOCKS, too_many=too_many)
        return [label for _, label in offered["choices"]["heat"]["values"]]

    assert HEATS in heats(Shown(gpu="T4"))
    assert not any("Estimated" in label for label in heats(Shown()))
    assert HEATS not in heats(Shown(gpu="T4"), too_many=True)


def test_another_gpu_keeps_the_heat_and_none_takes_it_away() -> None:
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.query_params["gpu"], app.query_params["heat"] = "T4", "time"
    app.run()
    app.selectbox(key=KEY).select("L4").run()
    assert {name: app.query_params[name] for name in ("gpu", "heat")} == {"gpu": "L4", "heat": "time"}
    app.selectbox(key=KEY).select("").run()
    assert not {"gpu", "heat"} & set(app.query_params)
