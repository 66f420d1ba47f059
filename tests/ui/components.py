"""The app's own components in Streamlit's test runner, which knows their messages only: what they hold, and a press."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

from scripts.sessions import events_of


def held(app: AppTest, component: str) -> dict[str, Any]:
    """Return the data that a component was given."""
    data: dict[str, Any] = json.loads(_proto(app, component).json)
    return data


def press(app: AppTest, component: str, event: str = "said", states: Any = None, **words: Any) -> AppTest:
    """Have a component say, in an event of its, what it says when a person presses something in it.

    ``states`` are what the message says beside it, what the widgets hold where none are given.
    """
    states = states or app._tree.get_widget_states()
    states.widgets.add(
        id=events_of(_proto(app, component).id), json_trigger_value=json.dumps([{"event": event, "value": words}])
    )
    return app._run(states)


def _proto(app: AppTest, component: str) -> Any:
    return next(one.proto for one in app.get("bidi_component") if one.proto.component_name == component)
