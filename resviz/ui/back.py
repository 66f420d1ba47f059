"""Whether a run follows the Back or Forward button: only then does the browser's address say something new.

Any other run of a session may bring an address that is older than what the session wrote last, for the browser sends
the one it has at that moment.
"""

from streamlit.runtime.scriptrunner import get_script_run_ctx


def went_back() -> bool:
    """Return whether a step through the browser's history led to this run."""
    run = get_script_run_ctx(suppress_warning=True)
    return run is not None and run.is_history_navigation
