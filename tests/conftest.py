"""What every test may use: golden files, a history, the skip of GPU tests without a GPU, hypothesis' settings."""

import gc
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import Phase, settings

if TYPE_CHECKING:
    from resviz.nn.memory import Account

# Every worker, and each of the many processes that tests start, reads what the first has compiled.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

GOLDEN = Path(__file__).parent / "golden"

# No deadline: the time of an example depends on the machine. Under CI the same examples each time. Some forty
# properties draw the same networks, 25 each and new ones at every run on a desk; `make fuzz` draws more.
settings.register_profile("desk", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=25, derandomize=True, print_blob=True)
settings.register_profile("thorough", deadline=None, max_examples=200, print_blob=True)
settings.register_profile("fuzz", deadline=None, max_examples=1_000, print_blob=True)
settings.register_profile(
    "mutants", deadline=None, derandomize=True, database=None, max_examples=5, phases=[Phase.explicit, Phase.generate]
)
usual = "ci" if os.environ.get("CI") == "true" else "desk"
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", usual))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--overwrite", action="store_true", help="write the golden files instead of comparing")


def pytest_collection_finish() -> None:
    """Have Python's garbage collector pass over what all tests share, and come by less often.

    It walked through torch, Streamlit and six thousand collected tests again and again: a third of the suite's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu"):
        import torch

        if not torch.cuda.is_available():
            pytest.skip("no CUDA device")


@pytest.fixture(scope="session", autouse=True)
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test touches what the user has measured: servers that tests start inherit this."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("history")
        patch.setenv("RESVIZ_DB_URL", f"sqlite:///{folder / 'runs.db'}")
        patch.setenv("XDG_DATA_HOME", str(folder))
        yield


@pytest.fixture
def process_account(monkeypatch: pytest.MonkeyPatch) -> "Account":
    """An account of memory in the process's place: what other tests hold, or let go of, is not in it."""
    from resviz.nn import memory

    account = memory.Account()
    monkeypatch.setattr(memory, "ACCOUNT", account)
    return account


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)`: `text` is what tests/golden/`name` holds; `pytest --overwrite` makes it so.

    A golden file says that nothing changed, not that it is right: check the numbers some other way too.
    """

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--overwrite"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"no golden file {name}: run pytest --overwrite, then read what it wrote"
        assert text == path.read_text(encoding="utf-8")

    return check
