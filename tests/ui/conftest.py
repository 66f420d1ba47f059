"""What tests of pages may use beside what all tests may."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest


@pytest.fixture
def own_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty history of this test's own."""
    monkeypatch.setenv("RESVIZ_DB_URL", f"sqlite:///{tmp_path / 'runs.db'}")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def go_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[AppTest], AppTest]:
    """Run an app with the address it has now as after the browser's Back button."""

    def go_back(app: AppTest) -> AppTest:
        with monkeypatch.context() as patch:
            back = SimpleNamespace(is_history_navigation=True)
            patch.setattr("resviz.ui.address_bar.get_script_run_ctx", lambda **_: back)
            return app.run()

    return go_back
