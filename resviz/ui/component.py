"""A component whose script is sent once and not with every change of what it shows.

Streamlit sends a component's script beside its data, again whenever the data change. An element that stays the same it
names instead of sending it again. So the script goes in an element of its own, without data, and the component that
shows the data waits for it.
"""

import json
from collections.abc import Callable
from typing import Any

import streamlit as st

EXPORT = "export default function"
KEPT = """
const kept = ((globalThis[Symbol.for("resviz.scripts")] ??= {})[NAME] ??= (() => {
  const it = {};
  it.promise = new Promise((done) => { it.resolve = done; });
  return it;
})());
"""
SCRIPT = "kept.resolve(show);\nexport default function () {}\n"
SHOW = """
export default (component) => {
  let end, over = false;
  kept.promise.then((show) => { if (!over) end = show(component); });
  return () => { over = true; end?.(); };
};
"""


def component(name: str, *, html: str, css: str, js: str) -> Callable[..., Any]:
    """Return what mounts a component, as `st.components.v2.component` does; ``js`` exports one function by default."""
    kept = KEPT.replace("NAME", json.dumps(name))
    function = js.replace(EXPORT, "function show", 1)
    script = st.components.v2.component(f"{name}.script", js=f"{function}\n{kept}{SCRIPT}")
    shown = st.components.v2.component(name, html=html, css=css, js=f"{kept}{SHOW}")

    def mount(*, key: str, **options: Any) -> Any:
        script(key=f"resviz.script.{key}")  # page.css hides what is called so
        return shown(key=key, **options)

    return mount
