"""What an upload box says it takes, the server takes."""

import ast
import tomllib
from importlib import import_module
from pathlib import Path

from streamlit.testing.v1 import AppTest

from resviz.arch import PRESETS
from resviz.report.formatting import size
from resviz.report.memory import weight_bytes
from resviz.ui.weights import too_large
from tests.presets import network

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


def test_the_weights_of_every_preset_can_be_uploaded_or_the_page_says_that_they_are_too_large() -> None:
    need = {name: weight_bytes(network(name)) for name in PRESETS}
    refused = {name for name in PRESETS if too_large(network(name), MOST)}
    assert {name for name in PRESETS if need[name] > 0.99 * MOST * 2**20} == refused  # room for a file's header
    assert all(size(need[name]) in too_large(network(name), MOST) for name in refused)
    assert "resnext101_32x32d" in refused
    assert min(network(name).params for name in refused) > 250_000_000


def test_a_page_with_too_large_a_network_says_so_below_the_box() -> None:
    app = AppTest.from_string(
        "from resviz.arch import preset\n"
        "from resviz.ui import weights\n"
        "from resviz.arch import expand\n"
        "weights.choose(expand(preset('regnet_y_128gf')))\n"
    )
    app.run()
    assert not app.exception
    assert [each.value for each in app.caption] == [too_large(network("regnet_y_128gf"), MOST)]
