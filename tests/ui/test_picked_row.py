"""A row picked in Explore's layer table and a node clicked in its diagram, one after the other: the later one counts.

The table's message may arrive after the click, and the browser tells it again for as long as it shows that table.
"""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.ui.components import held, press

DIAGRAM = "resviz.diagram"
PAGE = "from resviz.ui import explore, state\nstate.start()\nexplore.page()\n"
ASKED = {"net": "resnet50", "detail": "layers", "tab": "Layers"}


def opened() -> AppTest:
    app = AppTest.from_string(PAGE, default_timeout=60)
    asked(app)
    app.run()
    assert not app.exception
    return app


def asked(app: AppTest) -> None:
    """The address of before, as a browser sends it that has not heard of the last run yet."""
    app.query_params.clear()
    for name, value in ASKED.items():
        app.query_params[name] = value


def table(app: AppTest) -> str:
    return str(app.dataframe[0].proto.id)


def message(app: AppTest, table: str, row: int) -> Any:
    """The message that a row is picked in a table that the page shows or has shown."""
    states = app._tree.get_widget_states()
    for one in [one for one in states.widgets if one.id == table]:
        states.widgets.remove(one)
    states.widgets.add(id=table, string_value=json.dumps({"selection": {"rows": [row], "columns": [], "cells": []}}))
    return states


def pick(app: AppTest, table: str, row: int) -> None:
    app._run(message(app, table, row))
    assert not app.exception


def node(app: AppTest) -> str:
    return "".join(app.query_params.get("node", []))


def test_a_picked_row_is_selected_and_another_one_picked_in_the_same_table_after_it() -> None:
    app = opened()
    old = table(app)
    for row, path in ((1, "bn1"), (3, "maxpool")):
        asked(app)
        pick(app, old, row)
        assert node(app) == held(app, DIAGRAM)["request"]["path"] == path


def test_a_row_whose_message_comes_after_a_click_has_no_say() -> None:
    app = opened()
    old = table(app)
    for clicked in ("fc", "conv1"):
        press(app, DIAGRAM, act="select", path=clicked, request=0)
        asked(app)
        pick(app, old, 3)
        assert node(app) == clicked
        old = table(app)


def test_a_click_in_one_message_with_a_picked_row_counts() -> None:
    app = opened()
    press(app, DIAGRAM, states=message(app, table(app), 3), act="select", path="fc", request=0)
    assert node(app) == "fc"


def test_a_click_before_the_rows_run_reached_the_browser_is_told_to_the_diagram_again() -> None:
    app = opened()
    pick(app, table(app), 3)
    first = held(app, DIAGRAM)["request"]
    assert first == {"number": 1, "path": "maxpool"}
    press(app, DIAGRAM, act="select", path="fc", request=0)
    assert held(app, DIAGRAM)["request"] == {"number": 2, "path": "fc"}
    assert node(app) == "fc"
    press(app, DIAGRAM, act="select", path="conv1", request=2)
    assert held(app, DIAGRAM)["request"]["number"] == 2  # the diagram knows better: the picture is not sent again
    assert node(app) == "conv1"
    assert held(app.run(), DIAGRAM)["request"] == {"number": 2, "path": "conv1"}  # for who comes back to the page
