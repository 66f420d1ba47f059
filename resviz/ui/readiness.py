"""Whether visitors may be sent to this process: `/ready`, beside Streamlit's `/_stcore/health`.

Healthy is a process that answers at all; restart one that is not. Ready is one that can do its work for one visitor
more: its history answers and it has room. A balancer that asks leaves one that is not ready alone until it is.
"""

import os
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse
from starlette.routing import Route

from resviz.errors import ResvizError
from resviz.report.formatting import plural

if TYPE_CHECKING:
    from starlette.requests import Request

VARIABLE = "RESVIZ_MAX_SESSIONS"
PATH = "/ready"


def routes(base: str) -> list[Route]:
    """Return the routes of the answer: at the root, where a health check asks, and under the app's own path."""
    under = base.strip("/")
    paths = [PATH, *([f"/{under}{PATH}"] if under else [])]
    return [Route(path, answer, methods=["GET"]) for path in paths]


def answer(_request: "Request") -> JSONResponse:
    """Answer 200 where visitors may come, else 503; the body says how many are here and what is wrong."""
    sessions = _sessions()
    wrong = problems(sessions)
    found = {"ready": not wrong, "sessions": sessions, "problems": wrong}
    return JSONResponse(found, 503 if wrong else 200, {"Cache-Control": "no-store"})


def problems(sessions: int) -> list[str]:
    """Return what keeps a process with so many sessions from taking one more, a sentence each.

    Anybody may ask, so the sentences name no host and no file.
    """
    from resviz.profiling.store import ensure_answers

    found = []
    text = os.environ.get(VARIABLE, "").strip()
    if text and not text.isdecimal():
        found.append(f"{VARIABLE} is {text[:40]!r}; it is a whole number of sessions, as in 60.")
    elif text and sessions >= int(text):
        found.append(f"{plural(sessions, 'session')} open, and {VARIABLE} is {text}.")
    try:
        ensure_answers()
    except ResvizError:
        found.append("The history does not answer; its page says why.")
    return found


def _sessions() -> int:
    """Return how many browsers are connected."""
    from streamlit.runtime import Runtime

    family = "active_sessions"
    gauge: Any = Runtime.instance().stats_mgr.get_stats([family])[family][0]
    return int(gauge.value)
