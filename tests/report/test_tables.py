"""Tables say the same in every form: text, CSV, Markdown, LaTeX, data frame."""

import ast
import csv
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given

from resviz.arch import ResNetConfig, expand, preset
from resviz.arch.block_types import BLOCKS
from resviz.report.compare import compare
from resviz.report.cost_tables import comparison_table, steps_table, what_if_table
from resviz.report.frames import frame
from resviz.report.paper import paper_stages, printed_table, stage_table_beside_paper
from resviz.report.reconcile import waterfall
from resviz.report.tables import Column, Form, Table, layer_table, stage_table, words, write
from resviz.report.whatif import what_if
from tests.presets import on_each
from tests.strategies import configs

RESNET50 = preset("resnet50")
NETWORK = expand(RESNET50)
TABLES = {
    "stages": stage_table(NETWORK),
    "stages beside the paper's": stage_table_beside_paper(RESNET50, NETWORK),
    "printed": printed_table(RESNET50, NETWORK),
    "layers": layer_table(NETWORK),
    "compare": comparison_table(compare([expand(preset("resnet18")), NETWORK]), "macs"),
    "what if": what_if_table(what_if(RESNET50, NETWORK)),
    "steps": steps_table(waterfall(RESNET50)),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_form_has_a_line_for_each_row(table: Table) -> None:
    assert len(write(table, Form.TEXT).splitlines()) == len(table.rows) + 2
    assert len(write(table, Form.MARKDOWN).splitlines()) == len(table.rows) + 2
    assert len(list(csv.reader(io.StringIO(write(table, Form.CSV))))) == len(table.rows) + 1
    assert write(table, Form.LATEX).count("\\\\") == len(table.rows) + 1
    assert len(frame(table)) == len(table.rows)


def test_a_bar_in_a_cell_does_not_end_a_markdown_cell() -> None:
    table = Table((words("label"), Column("n")), (("avg | max", 1),))
    assert "avg \\| max" in write(table, Form.MARKDOWN)


def test_latex_escapes_what_latex_reads() -> None:
    table = Table((words("a_b"),), (("50% & more_of #1",),))
    assert "50\\% \\& more\\_of \\#1" in write(table, Form.LATEX)


def test_latex_gets_no_character_that_it_cannot_read() -> None:
    text = write(TABLES["printed"], Form.LATEX) + write(TABLES["compare"], Form.LATEX)
    assert "3.8$\\times$10\\textsuperscript{9}" in text
    assert "B $-$ A" in text
    assert text.isascii()


def test_stage_frames_hold_whole_numbers_and_missing_cells() -> None:
    stages = frame(stage_table(NETWORK))
    assert stages["Parameters"].dtype == stages["Blocks"].dtype == pd.Int64Dtype()
    assert stages["Blocks"].isna().tolist() == [True, False, False, False, False, True, False]
    assert stages["MACs"].iloc[:-1].sum() == stages["MACs"].iloc[-1] == 4_089_184_256


def test_layer_frames_have_one_row_for_each_layer_and_a_total() -> None:
    layers = frame(layer_table(NETWORK))
    assert layers["Parameters"].iloc[:-1].sum() == layers["Parameters"].iloc[-1] == 25_557_032
    assert len(layers) == len(NETWORK.layers()) + 1


def test_a_frame_reads_back_from_its_csv() -> None:
    table = stage_table(NETWORK)
    read = pd.read_csv(io.StringIO(write(table, Form.CSV)))
    assert read["MACs"].tolist() == frame(stage_table(NETWORK))["MACs"].tolist()


@given(config=configs())
def test_tables_of_any_network_end_in_its_totals(config: ResNetConfig) -> None:
    network = expand(config)
    for table in (stage_table(network), layer_table(network)):
        total = dict(zip(table.headers, table.rows[-1], strict=True))
        assert (total["Parameters"], total["MACs"]) == (network.params, network.macs)


@pytest.mark.parametrize(("name", "blocks"), [("resnet18", 2), ("resnet34", 3), ("resnet50", 3), ("plain34", 3)])
def test_the_papers_column_stands_beside_nets_with_its_blocks(name: str, blocks: int) -> None:
    assert paper_stages(preset(name))[1].blocks == blocks


@pytest.mark.parametrize("name", ["resnet20_cifar10", "resnet200", "resnet26"])
def test_nets_that_table_1_does_not_have_stand_alone(name: str) -> None:
    assert paper_stages(preset(name)) == ()
    assert stage_table_beside_paper(preset(name), expand(preset(name))) == stage_table(expand(preset(name)))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("resnet50", {"block": "b333"}),
        ("resnet50", {"block": "b131"}),
        ("resnet34", {"block": "b31"}),
        ("resnet50", {"width_per_group": 128}),
        ("resnext50_32x4d", {}),
        ("resnet18", {"widths": (64, 128, 256, 1024)}),
        ("resnet18", {"identity_units": 1}),
        ("resnet18", {"depths": (2, 2, 2), "widths": (64, 128, 256), "stage_strides": (1, 2, 2)}),
    ],
)
def test_the_papers_column_stands_beside_no_net_of_other_kernels_or_channels(
    name: str, changes: dict[str, object]
) -> None:
    assert paper_stages(preset(name).with_(**changes)) == ()


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
@pytest.mark.parametrize("changes", [{}, {"stem": "deep", "order": "full_preact", "input": (3, 160, 160)}], ids=str)
@on_each("block", BLOCKS)
def test_what_stands_in_the_papers_column_is_what_the_stages_print(
    depth: int, block: str, changes: dict[str, object]
) -> None:
    kind = BLOCKS[block]
    others = changes if kind.residual else {**changes, "shortcut": "none"}
    if kind.post is not None:  # the block has an order of its own
        others = {field: value for field, value in others.items() if field != "order"}
    config = preset(f"resnet{depth}").with_(block=block, **others)
    columns = {(net.block, net.depths) for net in map(preset, ("resnet18", "resnet34", "resnet50", "resnet101"))}
    columns.add(("bottleneck", (3, 8, 36, 3)))
    columns |= {("bottleneck_attention_inside", depths) for name, depths in columns if name == "bottleneck"}
    assert bool(paper_stages(config)) == ((block, config.depths) in columns)
    beside = stage_table_beside_paper(config, expand(config))
    if not paper_stages(config):
        assert "Paper's layers" not in beside.headers
        return
    column = beside.headers.index("Layers"), beside.headers.index("Paper's layers")
    for row in beside.rows[1:-2]:
        ours, theirs = (str(row[index]) for index in column)
        assert ours.removeprefix("3x3 max pool, /2; ") == theirs


def test_the_papers_figure_stands_beside_the_v15_net_with_its_reason() -> None:
    quantity, printed, computed, difference, _, agreement, why, source = printed_table(RESNET50, NETWORK).rows[0]
    assert (quantity, printed, computed, difference) == ("MACs", "3.8×10⁹", 4_089_184_256, 289_184_256)
    assert agreement == "differs"
    assert "231,211,008 more" in why
    assert "Table 1" in source


def test_a_custom_net_has_no_printed_figures() -> None:
    config = RESNET50.with_(depths=[3, 4, 7, 3])
    assert printed_table(config, expand(config)).rows == ()


IDENTIFIERS = {"x", "y", "v1: map", "v1: MACs", "v1.5: map", "v1.5: MACs"}
"""Headers that are names themselves."""
SOURCE = Path(__file__).parents[2] / "resviz"


def headers() -> list[tuple[str, str]]:
    """Return every header that is written out in the package, with its file."""
    return [
        (path.name, call.args[0].value)
        for path in SOURCE.rglob("*.py")
        if path.name not in ("rows.py", "store.py")  # a data base's columns
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("Column", "words")
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    ]


def test_headers_are_written_like_sentences() -> None:
    found = headers()
    assert len(found) > 150
    assert [one for one in found if one[1][:1].islower() and one[1] not in IDENTIFIERS] == []
