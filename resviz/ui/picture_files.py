"""The file of a picture that a person asked for: made at once where that is quick, else in a process of its own."""

from collections.abc import Callable
from hashlib import blake2b

import streamlit as st

from resviz.apart import apart
from resviz.diagram import DrawError, Picture
from resviz.diagram.export import Exportable, exported
from resviz.progress import Report
from resviz.ui.text import plain
from resviz.ui.work import Kind, Results, forget, needed

AT_ONCE = 600
"""Nodes of a picture whose file a run of the page makes: a PDF takes a millisecond of CPU a node."""
SLOW = frozenset({"png", "pdf", "html", "paper.pdf"})
"""What takes longer than the picture itself."""
_FILES: Kind[bytes] = Kind("picture", Results(2))


def ask(held: str, kind: str | None) -> None:
    """Ask for a file of a kind, for callbacks; ``held`` is the session's key for what is asked for.

    One that was stopped is asked for anew.
    """
    forget(_FILES)
    st.session_state[held] = kind and (kind, "")


def made(
    held: str, drawn: Picture, name: str, export: Callable[[str], Exportable], *, networks: str, start: str = ""
) -> tuple[str, bytes] | None:
    """Return the kind and the bytes of the file that is asked for, once; None where there is none, or not yet.

    How far it is or why there is none is drawn. ``export`` gives what to write as a kind, ``networks`` says
    what the picture is of, which may differ where pictures are equal, and ``start`` what an HTML file begins with
    beside the picture. What was asked of another picture than the one that is ``drawn`` is asked for no more.
    """
    kind, mark = st.session_state.get(held) or ("", "")
    seen = repr((drawn.svg, networks, start if kind == "html" else "")) if kind else ""
    now = blake2b(seen.encode(), digest_size=16).hexdigest() if kind else ""
    if not kind or mark not in ("", now):
        _over(held)
        return None
    try:
        what = export(kind)
        form = kind.removeprefix("paper.")
        if len(drawn.nodes) <= AT_ONCE or kind not in SLOW:
            content: bytes | None = what.export(form)
        else:
            st.session_state[held] = kind, now

            def work(report: Report) -> bytes:
                return apart(exported, what, form, report=report)

            content = needed(_FILES, (kind, now), f"{name}.{kind}", work)
            if content is None:
                return None
    except DrawError as error:
        st.toast(plain(error), icon=":material/error:", duration="long")
        content = None
    _over(held)
    return None if content is None else (kind, content)


def _over(held: str) -> None:
    if st.session_state.pop(held, None):
        forget(_FILES)
