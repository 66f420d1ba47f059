"""What Explore's download menu hands over, through Streamlit's own test runner."""

import base64
import gzip
import json
import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from resviz.arch import preset
from resviz.arch.links import encode
from resviz.diagram import draw
from resviz.profiling.jobs import PAGES
from resviz.ui import picture_files
from resviz.ui.queue import jobs
from tests.ui.components import held, press


def asked(kind: str, net: str = "resnet34", **parameters: str) -> AppTest:
    app = AppTest.from_string("from resviz.ui import explore, state\nstate.start()\nexplore.page()\n")
    app.default_timeout = 60
    app.query_params["net"] = net
    for name, value in parameters.items():
        app.query_params[name] = value
    return press(app.run(), "resviz.diagram", act="file", kind=kind)


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("paper.pdf", b"%PDF"), ("paper.tex", b"% In a paper")])
def test_picture_and_papers_figure_are_handed_over(kind: str, start: bytes) -> None:
    app = asked(kind)
    assert not app.exception
    file = held(app, "resviz.file")
    assert file["name"] == f"resnet34.{kind}"
    assert base64.b64decode(file["content"]).startswith(start)


@pytest.mark.parametrize("net", ["resnet34", "resnet50"], ids=["one column", "two columns"])
def test_papers_figure_has_the_level_and_the_folding_of_the_diagram(net: str) -> None:
    tex = base64.b64decode(held(asked("paper.tex", net, detail="Layers", fold="layer1"), "resviz.file")["content"])
    drawn = [line.split("\\strut ")[1].removesuffix("};") for line in tex.decode().splitlines() if "\\strut 3$" in line]
    assert drawn.count("3$\\times$3, 64") >= 1  # conv2_x in one node
    assert drawn.count("3$\\times$3") > 10  # the other stages layer by layer


def test_viewer_in_one_file_begins_with_what_is_on_the_screen() -> None:
    seen = {"detail": "stages", "direction": "right", "heat": "params", "unfold": "layer2", "node": "layer2.0"}
    file = held(asked("html", numbers="1", edges="size", **seen), "resviz.file")
    text = base64.b64decode(file["content"]).decode()
    packed = re.search(r'packed="([^"]+)"', text)
    assert packed
    shown = json.loads(gzip.decompress(base64.b64decode(packed[1])))["shown"]
    seen_too = {"unfold": ["layer2"], "fold": [], "numbers": True, "edges": True, "highlights": []}
    assert shown == seen | seen_too


def test_papers_figure_of_one_block_has_its_operations_and_no_other_block() -> None:
    file = held(asked("paper.tex", view="One block", block="layer2.0"), "resviz.file")
    tex = base64.b64decode(file["content"]).decode()
    assert file["name"] == "resnet34.paper.tex"
    assert tex.count("{\\strut BN};") == 3
    assert tex.count("{\\strut 3$\\times$3};") == 2


def test_what_fits_no_page_is_said() -> None:
    app = asked("paper.pdf", net="resnet152", detail="Layers")
    assert not app.exception
    assert "in tall in 8 pt, and a page holds 8.5; detail blocks" in app.toast[0].value.replace("\\", "")


def files(app: AppTest) -> list[str]:
    return [one.proto.component_name for one in app.get("bidi_component") if one.proto.component_name == "resviz.file"]


def test_a_large_pictures_file_is_made_in_a_process_of_its_own_and_handed_over_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture_files, "AT_ONCE", 5)
    monkeypatch.setattr("resviz.ui.work.PATIENCE", 0.0)
    app = asked("pdf")
    (job,) = jobs().all(PAGES)
    assert job.title == "resnet34.pdf"
    assert [button.label for button in app.button if button.label == "Stop"]
    jobs().wait(job.id, 60)
    app.run()
    assert not app.exception
    file = held(app, "resviz.file")
    assert file["name"] == "resnet34.pdf"
    assert base64.b64decode(file["content"]).startswith(b"%PDF")
    assert not files(app.run())


def test_a_large_pictures_file_can_be_stopped_and_is_not_asked_for_with_another_network(
    monkeypatch: pytest.MonkeyPatch, go_back: Callable[[AppTest], AppTest]
) -> None:
    monkeypatch.setattr(picture_files, "AT_ONCE", 5)
    monkeypatch.setattr("resviz.ui.work.PATIENCE", 0.0)
    app = asked("pdf", "resnet101")
    (job,) = jobs().all(PAGES)
    next(button for button in app.button if button.label == "Stop").click().run()
    ended = jobs().wait(job.id, 60)
    assert ended
    assert ended.state == "stopped"
    assert app.run().info[0].value == "resnet101.pdf: stopped."
    press(app, "resviz.diagram", act="file", kind="pdf")  # asked for again, it is made again
    (job,) = jobs().all(PAGES)
    app.query_params["net"] = "resnet18"
    go_back(app)
    assert not app.info
    ended = jobs().wait(job.id, 60)
    assert ended
    assert ended.state == "stopped"
    assert not files(app)


def test_networks_that_look_alike_have_files_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_files, "AT_ONCE", 5)

    def layers(net: str) -> str:
        app = asked("html", net)
        for job in jobs().all(PAGES):
            jobs().wait(job.id, 60)
            app.run()
        text = base64.b64decode(held(app, "resviz.file")["content"]).decode()
        packed = re.search(r'packed="([^"]+)"', text)
        assert packed
        return str(json.loads(gzip.decompress(base64.b64decode(packed[1])))["tables"][1])

    one, other = preset("resnet18"), preset("resnet18").with_(dropout=0.5)
    assert draw(one).svg == draw(other).svg
    plain, dropping = layers(encode(one)), layers(encode(other))
    assert "dropout" not in plain
    assert "dropout" in dropping
