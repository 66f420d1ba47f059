"""What the README shows works."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from resviz.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m resviz (.*)$", README, re.MULTILINE)


@pytest.mark.parametrize("first", ["import resviz.diagram", "from resviz.diagram import draw", "import resviz"])
def test_the_library_draws_whatever_was_imported_before(first: str) -> None:
    code = f"{first}\nimport resviz\nprint(resviz.draw(resviz.preset('resnet18')).svg[:4])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "<svg\n"


def test_the_library_example_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(example, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "4 dashed shortcuts" in printed
    assert "conv5_x (2048, 7, 7)" in printed
    assert (tmp_path / "net.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_shell_examples_are_understood(command: str) -> None:
    verb, *arguments = shlex.split(command.split(" > ", maxsplit=1)[0])
    commands = get_command(app).commands  # type: ignore[attr-defined]
    commands[verb].make_context(verb, arguments)


def test_readme_names_every_verb() -> None:
    named = {command.split()[0] for command in COMMANDS}
    assert {"list", "summary", "table", "compare", "diagram", "check", "code", "profile"} <= named


@pytest.mark.parametrize("path", re.findall(r"(?:src|srcset)=\"(docs/[^\"]+)\"", README))
def test_readme_pictures_exist(path: str) -> None:
    assert (ROOT / path).stat().st_size > 10_000
