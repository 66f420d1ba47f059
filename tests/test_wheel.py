"""The wheel, built and installed where nothing else of the repository is: the commands and the app work from it."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.NewSession_pb2 import NewSession
from websockets.asyncio.client import connect

from scripts.live import HOST, free_port, wait_until_healthy
from scripts.sessions import visited

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow
SOURCES = (
    "app.py",
    "setup.py",
    "pyproject.toml",
    "MANIFEST.in",
    "README.md",
    "LICENSE",
    *ROOT.glob("requirements*.txt"),
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that nothing is left in the repository."""
    source = tmp_path_factory.mktemp("source")
    for folder in ("resviz", ".streamlit"):
        shutil.copytree(ROOT / folder, source / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in SOURCES:
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--no-build-isolation", "--wheel-dir", source / "made", source], check=True)
    (made,) = (source / "made").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment that holds the wheel, and the dependencies of the one that runs the tests."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=os.name == "posix")
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-compile",
    ]
    subprocess.run([*pip, "--no-compile", "--no-deps", "--no-index", wheel], check=True)
    ask = [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return python


def run(command: list[str | Path], cwd: Path) -> str:
    """What an installed command prints, run from a folder that holds nothing."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_environment_holds_the_wheel_and_not_the_repository(python: Path, tmp_path: Path) -> None:
    probe = "import resviz; print(resviz.__file__)"
    found = subprocess.run([python, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert Path(found.strip()).is_relative_to(python.parents[1])


def test_list_and_diagram_work_from_the_wheel(python: Path, tmp_path: Path) -> None:
    assert "resnet50" in run([python, "-m", "resviz", "list"], tmp_path)
    run([python.with_name("resviz"), "diagram", "resnet18", "-o", "net.svg"], tmp_path)
    assert (tmp_path / "net.svg").read_text(encoding="utf-8").startswith("<svg")
    run([python.with_name("resviz"), "diagram", "resnet18", "-o", "net.html"], tmp_path)
    assert "class Viewer" in (tmp_path / "net.html").read_text(encoding="utf-8")


def test_every_file_of_the_packages_is_in_the_wheel_and_the_options_are_the_repositorys(wheel: Path) -> None:
    tracked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "resviz").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        assert not tracked - set(archive.namelist())
        for name in ("app.py", ".streamlit/config.toml"):
            assert archive.read(f"resviz/ui/script/{name}") == (ROOT / name).read_bytes()


@contextmanager
def served(command: list[str | Path], cwd: Path) -> Iterator[int]:
    """The port of the app, started by a command from a folder that holds nothing."""
    port = free_port()
    options = ["--server.port", str(port), "--server.headless=true", "--server.fileWatcherType=none"]
    with (cwd / "log").open("w+b") as log:
        process = subprocess.Popen(
            [*command, "app", *options], cwd=cwd, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_until_healthy(process, port, log)
            yield port
        finally:
            process.kill()
            process.wait()


async def first_message(port: int) -> tuple[NewSession, list[str]]:
    """What a new visitor's browser is told of the app, and the exceptions of the first run."""
    address = f"ws://{HOST}:{port}/_stcore/stream"
    exceptions = []
    async with connect(address, subprotocols=["streamlit"], origin=f"http://{HOST}:{port}", max_size=None) as socket:  # type: ignore[list-item, arg-type]  # NewTypes of str
        message = BackMsg()
        message.rerun_script.query_string = "net=resnet18"
        await socket.send(message.SerializeToString())
        while True:
            said = ForwardMsg.FromString(await socket.recv(decode=False))
            if said.WhichOneof("type") == "new_session":
                session = said.new_session
            elif said.delta.new_element.WhichOneof("type") == "exception":
                exceptions.append(said.delta.new_element.exception.message)
            elif said.WhichOneof("type") == "script_finished":
                return session, exceptions


def test_the_app_starts_from_the_wheel_with_the_repositorys_theme_and_options(python: Path, tmp_path: Path) -> None:
    with served([python.with_name("resviz")], tmp_path) as port:
        session, exceptions = visited(first_message(port))
        connection = HTTPConnection(HOST, port, timeout=30)
        connection.request("GET", "/_stcore/health")
        assert connection.getresponse().read() == b"ok"
        connection.close()
    assert exceptions == []
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert session.custom_theme.light.primary_color == options["theme"]["light"]["primaryColor"]
    assert session.config.toolbar_mode == session.config.ToolbarMode.Value(options["client"]["toolbarMode"].upper())
    assert not session.config.gather_usage_stats
