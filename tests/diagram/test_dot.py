"""The DOT source: parsed as text, and drawn by Graphviz itself where it is installed."""

import json
import re
import subprocess

import pytest

from resviz.arch import PRESETS, expand, preset
from resviz.diagram import Detail, draw
from tests.diagram.programs import graphviz
from tests.presets import on_each

EDGE = re.compile(r"^\t+(\"[^\"]+\"|\S+) -> (\"[^\"]+\"|\S+) \[(.*)\]$", re.MULTILINE)


def run(program: str, source: str, kind: str) -> str:
    done = subprocess.run([program, *(["-n2"] if program == "neato" else []), f"-T{kind}"], input=source.encode(),
                          capture_output=True, check=True, timeout=120)  # fmt: skip
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("name", ["resnet18", "resnet50d", "seresnet50", "plain34", "resnet110_cifar10_shortcut_gate"])
def test_dot_has_each_node_and_each_edge_once(name: str, detail: Detail) -> None:
    drawing = draw(preset(name), detail)
    edges = [(tail.strip('"'), head.strip('"')) for tail, head, _ in EDGE.findall(drawing.dot)]
    assert sorted(edges) == sorted((edge.tail, edge.head) for edge in drawing.edges)
    assert drawing.dot.count("fixedsize=true") == len(drawing.nodes)


@on_each("name", PRESETS)
def test_dashed_edges_arrive_once_for_each_dashed_shortcut_that_is_drawn(name: str) -> None:
    drawing = draw(preset(name))
    arrivals = [head for _, head, rest in EDGE.findall(drawing.dot) if "dashed" in rest and head.endswith('.add"')]
    assert len(arrivals) == sum(edge.dashed and edge.blocks > 0 for edge in drawing.edges)


@graphviz
@pytest.mark.parametrize("horizontal", [False, True])
@pytest.mark.parametrize("name", ["resnet50", "seresnet18", "preact_resnet110_cifar10"])
def test_neato_draws_the_same_picture(name: str, horizontal: bool) -> None:
    drawing = draw(preset(name), horizontal=horizontal, unfold=["layer2.0"])
    graph = json.loads(run("neato", drawing.dot, "json"))
    places = {item["name"]: item["pos"].rstrip("!") for item in graph["objects"] if "pos" in item}
    first = drawing.nodes[0]
    x0, y0 = map(float, places[first.path].split(","))
    for node in drawing.nodes:
        x, y = map(float, places[node.path].split(","))
        assert (x - x0, y0 - y) == pytest.approx((node.x - first.x, node.y - first.y), abs=0.2)
    names = [item["name"] for item in graph["objects"]]
    routes = {(names[edge["tail"]], names[edge["head"]]): edge["pos"] for edge in graph["edges"]}
    assert len(routes) == len(drawing.edges)
    for edge in drawing.edges:
        tip = [float(number) for number in routes[edge.tail, edge.head].split()[0].removeprefix("e,").split(",")]
        wanted = edge.points[-1][0] - first.x, edge.points[-1][1] - first.y
        assert (tip[0] - x0, y0 - tip[1]) == pytest.approx(wanted, abs=0.2)


@graphviz
@pytest.mark.parametrize("name", ["resnet18", "seresnet50", "resnet110_cifar10_exclusive_gate"])
def test_plain_dot_lays_it_out_without_complaint(name: str) -> None:
    drawing = draw(preset(name))
    graph = json.loads(run("dot", drawing.dot, "json"))
    tops = {item["name"]: float(item["pos"].split(",")[1]) for item in graph["objects"] if "pos" in item}
    trunk = [tops[node.path] for node in drawing.nodes if node.trunk]
    assert trunk == sorted(trunk, reverse=True)  # from top to bottom, as read


@graphviz
def test_hostile_name_comes_out_as_text() -> None:
    name = '<b>x</b> "quoted" \\N \\l back\\slash ]]> 残差'
    drawing = draw(expand(preset("resnet18").with_(name=name)))
    svg = run("neato", drawing.dot, "svg")
    for piece in ("&lt;b&gt;x&lt;/b&gt;", "\\N \\l back\\slash", "残差"):
        assert piece in svg.replace("&#45;", "-").replace("&#160;", " ")
