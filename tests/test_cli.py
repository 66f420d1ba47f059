"""The command line: its JSON has the promised keys, its tables come in every form, `show` opens the app."""

import csv
import io
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from resviz.arch import PRESETS, expand, preset
from resviz.arch.ops import Kind
from resviz.cli import app
from tests.presets import OF_EACH_FAMILY, on_each

ROOT = Path(__file__).parents[1]
SUMMARY = [
    *("name", "input", "params", "macs", "flops", "activations", "depth"),
    *("n_conv", "n_linear", "n_norm", "shortcuts", "stages"),
]
LAYER = [
    *("name", "kind", "kernel", "stride", "padding", "groups", "bias"),
    *("in_shape", "out_shape", "params", "macs"),
]
runner = CliRunner()


def output(*args: str) -> str:
    result = runner.invoke(app, list(args))
    assert result.exit_code == 0, result.output
    return result.stdout


def data(*args: str) -> Any:
    return json.loads(output(*args, "--json"))


def test_summary_has_the_promised_keys_in_their_order() -> None:
    told = data("summary", "resnet50")
    assert list(told) == SUMMARY
    assert list(told["stages"][0]) == ["name", "output", "blocks", "params", "macs"]
    assert told["shortcuts"] == {"solid": 12, "dashed": 4}
    assert [told[key] for key in ("params", "macs", "flops", "depth", "n_conv", "n_linear", "n_norm")] == [
        25_557_032,
        4_089_184_256,
        8_178_368_512,
        50,
        53,
        1,
        53,
    ]
    assert [(stage["name"], stage["output"], stage["blocks"]) for stage in told["stages"]] == [
        ("conv2_x", [256, 56, 56], 3),
        ("conv3_x", [512, 28, 28], 4),
        ("conv4_x", [1024, 14, 14], 6),
        ("conv5_x", [2048, 7, 7], 3),
    ]


def test_layer_table_has_the_promised_keys_in_the_order_of_the_forward() -> None:
    layers = data("table", "resnet18", "--layers")
    assert all(list(layer) == LAYER for layer in layers)
    assert [layer["name"] for layer in layers] == [name for name, _ in expand(preset("resnet18")).walk()]
    by_name = {layer["name"]: layer for layer in layers}
    conv = by_name["layer2.0.conv1"]
    assert conv == {
        "name": "layer2.0.conv1",
        "kind": "conv",
        "kernel": 3,
        "stride": 2,
        "padding": 1,
        "groups": 1,
        "bias": False,
        "in_shape": [64, 56, 56],
        "out_shape": [128, 28, 28],
        "params": 73_728,
        "macs": 57_802_752,
    }
    assert [by_name["bn1"][key] for key in ("kernel", "stride", "padding", "groups", "bias")] == [None] * 5
    assert [by_name["maxpool"][key] for key in ("kernel", "stride", "padding", "groups", "bias")] == [
        3,
        2,
        1,
        None,
        None,
    ]
    assert [by_name["fc"][key] for key in ("kernel", "groups", "bias", "in_shape")] == [None, None, True, [512]]


@on_each("name", OF_EACH_FAMILY)
def test_the_layers_of_a_net_of_each_family_add_up_to_its_summary(name: str) -> None:
    layers, told = data("table", name, "--layers"), data("summary", name)
    assert sum(layer["params"] for layer in layers) == told["params"]
    assert sum(layer["macs"] for layer in layers) == told["macs"]
    assert {layer["kind"] for layer in layers} <= set(Kind)


def test_list_names_every_preset_and_every_family() -> None:
    text = output("list")
    assert all(f"  {name} " in text for name in PRESETS)
    assert "wrn{depth}_{k}_cifar{classes}" in text
    assert [entry["name"] for entry in data("list")] == list(PRESETS)


def test_set_changes_a_field_and_repeats() -> None:
    told = data("summary", "resnet50", "--set", "depths=[3, 4, 23, 3]", "--set", "stride_in=1x1")
    assert told["macs"] == expand(preset("resnet101_v1")).macs
    assert told["name"] == "custom, from resnet50"
    assert data("summary", "resnet50", "--set", "name=mine")["name"] == "mine"


def test_a_member_of_a_family_is_a_name() -> None:
    assert data("summary", "wrn22_4_cifar100")["depth"] == 20


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_a_file_is_a_name(tmp_path: Path, suffix: str) -> None:
    config = preset("resnext50_32x4d")
    path = tmp_path / f"net.{suffix}"
    path.write_text(config.to_yaml() if suffix == "yaml" else config.to_json())
    assert data("summary", str(path)) == data("summary", "resnext50_32x4d")


def test_csv_holds_raw_numbers() -> None:
    rows = list(csv.DictReader(io.StringIO(output("table", "resnet50", "--format", "csv"))))
    assert rows[-1]["Stage"] == "total"
    assert sum(int(row["MACs"]) for row in rows[:-1]) == int(rows[-1]["MACs"]) == 4_089_184_256
    assert rows[1]["Layers"] == "3x3 max pool, /2; [1x1, 64; 3x3, 64; 1x1, 256] x 3"


@pytest.mark.parametrize(("form", "start"), [("markdown", "| Stage"), ("latex", "\\begin{tabular}"), ("text", "Stage")])
def test_tables_come_in_every_form(form: str, start: str) -> None:
    text = output("table", "resnet50", "--format", form)
    assert text.startswith(start)
    assert "25,557,032" in text


def test_the_table_tells_why_a_printed_figure_differs() -> None:
    text = output("table", "resnet50")
    assert "3.8×10⁹" in text
    assert "231,211,008 more" in text


def test_compare_gives_differences_from_the_first() -> None:
    told = data("compare", "resnet50_v1", "resnet50")
    assert told["differences"][0]["macs"]["difference"] == 231_211_008
    assert [net["name"] for net in told["networks"]] == ["resnet50_v1", "resnet50"]
    assert "+231,211,008" in output("compare", "resnet50_v1", "resnet50")


def test_compare_draws_networks_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "both.svg"
    assert output("compare", "resnet18", "resnet34", "-o", str(path), "--detail", "stages").strip() == str(path)
    svg = path.read_text()
    assert "A: resnet18" in svg
    assert "B: resnet34" in svg


def test_whatif_prices_every_change() -> None:
    assert "one more block in conv4_x" in output("whatif", "resnet50")


def test_reconcile_goes_to_a_tools_count() -> None:
    assert "4,111,512,576" in output("reconcile", "resnet50")
    assert "4,089,238,376" in output("reconcile", "resnet50", "--to", "torchinfo")


def test_count_gives_every_tools_number() -> None:
    text = output("count", "resnet50")
    assert all(number in text for number in ("4,089,184,256", "4,111,512,576", "8,178,368,512", "4,089,238,376"))


def test_memory_takes_batches_a_type_and_an_optimiser() -> None:
    text = output("memory", "resnet50", "--batch", "1", "--batch", "64", "--dtype", "float16", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["Batch"] for row in rows] == ["1", "64"]
    assert int(rows[1]["Feature maps at inference"]) == 64 * int(rows[0]["Feature maps at inference"])


def test_receptive_lists_the_layers_that_see_more() -> None:
    rows = list(csv.DictReader(io.StringIO(output("receptive", "resnet50", "--format", "csv"))))
    assert [(row["Layer"], row["Receptive field, pixels"]) for row in rows[:2]] == [("conv1", "7"), ("maxpool", "11")]


def test_a_field_that_means_nothing_here_makes_no_other_network() -> None:
    assert data("summary", "seresnet152d", "--set", "skip_scale=0.75")["name"] == "seresnet152d"
    assert data("summary", "seresnet152d", "--set", "groups=2")["name"] == "custom, from seresnet152d"


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (("resnet50",), "resnet50"),
        (("resnet18", "--set", "depths=[1,2,3,4]"), "resnet18~depths~1-2-3-4"),
        (("wrn28_10_cifar10",), "wrn28_10_cifar10"),
    ],
)
def test_show_starts_the_app_and_opens_it_at_the_network(
    monkeypatch: pytest.MonkeyPatch, args: tuple[str, ...], word: str
) -> None:
    opened: list[str] = []
    served: list[list[str]] = []
    answered = threading.Event()
    with health() as port:
        monkeypatch.setattr("webbrowser.open", lambda address: (opened.append(address), answered.set()))
        monkeypatch.setattr("runpy.run_module", lambda *_, **__: (served.append(sys.argv), answered.wait(20)))
        monkeypatch.setattr("resviz.cli.start.HOST", "127.0.0.1")
        monkeypatch.setattr(sys, "argv", [])
        text = output("show", *args, "--port", str(port))
    (address,) = opened
    assert text.strip() == address
    assert parse_qs(urlsplit(address).query) == {"net": [word], "v": ["1"]}
    assert f"--server.port={port}" in served[0]


@contextmanager
def health() -> Iterator[int]:
    """A server that answers like Streamlit's health check, on a port of its own."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
