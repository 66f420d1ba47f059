"""A component's script stands in an element that stays the same, so that a change sends the data alone."""

import subprocess
from shutil import which
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

PAGE = """
import streamlit as st
from resviz.ui.component import component
JS = "const words = [];\\nexport default function ({ data }) { words.push(data); return words.length; }\\n// the end\\n"
mount = component("test.sum", html="<p></p>", css="p {}", js=JS)
mount(key="sum", data=st.session_state.get("data", 1))
"""


def elements(app: AppTest) -> list[Any]:
    return [each.proto for each in app.get("bidi_component")]


def test_another_value_changes_the_component_and_leaves_the_script_as_it_was() -> None:
    app = AppTest.from_string(PAGE).run()
    assert not app.exception
    script, shown = elements(app)
    assert [script.component_name, shown.component_name] == ["test.sum.script", "test.sum"]
    assert "words.push(data)" in script.js_content
    assert "// the end" in script.js_content
    assert "words" not in shown.js_content
    app.session_state["data"] = 2
    app.run()
    same, other = elements(app)
    assert same.SerializeToString() == script.SerializeToString()
    assert other.SerializeToString() != shown.SerializeToString()
    assert other.js_content == shown.js_content


def test_the_element_of_the_script_has_the_name_that_the_style_sheet_hides() -> None:
    script, _ = elements(AppTest.from_string(PAGE).run())
    assert "-resviz.script.sum" in script.id


@pytest.mark.skipif(which("node") is None, reason="no node to read JavaScript with")
def test_both_scripts_are_javascript_modules() -> None:
    for element in elements(AppTest.from_string(PAGE).run()):
        read = ["node", "--input-type=module", "--check"]
        done = subprocess.run(read, input=element.js_content, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
