"""What an upload box says it takes, the server takes."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

import resviz
from resviz.report.memory import weight_bytes

ROOT = Path(__file__).parents[2]
MOST = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["maxUploadSize"]
"""Megabytes that the server takes; a box without a limit of its own says as much."""


def boxes() -> dict[str, int]:
    """The limit of every upload box of the pages, in megabytes, by where it is."""
    found = {}
    for path in (ROOT / "resviz" / "ui").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "file_uploader":
                names = vars(import_module(f"resviz.ui.{path.stem}"))
                own = [eval(ast.unparse(word.value), names) for word in node.keywords if word.arg == "max_upload_size"]
                found[f"{path.name}:{node.lineno}"] = own[0] if own else MOST
    return found


def test_no_box_says_more_than_the_server_takes() -> None:
    assert len(boxes()) >= 5
    assert {place: limit for place, limit in boxes().items() if limit > MOST} == {}


def test_the_weights_of_every_preset_but_the_widest_can_be_uploaded() -> None:
    too_large = {
        name for name in resviz.PRESETS if weight_bytes(resviz.expand(resviz.preset(name))) > 0.99 * MOST * 2**20
    }
    assert too_large == {"resnext101_32x32d"}
