"""The verb `train`: what it prints and writes, what it refuses."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resviz.cli import app
from resviz.training import Result


def test_it_trains_prints_a_row_a_net_and_writes_both_files(tmp_path: Path) -> None:
    out, table = tmp_path / "out.json", tmp_path / "out.csv"
    words = ["train", "residual-8-w4", "--epochs", "1", "--seeds", "0,7", "--batch", "256"]
    run = CliRunner().invoke(app, [*words, "--json", str(out), "--csv", str(table)])
    assert run.exit_code == 0, run.output
    assert "All 2 runs were trained." in run.stdout
    result = Result.from_json(out.read_text(encoding="utf-8"))
    assert result.experiment.command == f"resviz {' '.join(words[:4])} --seeds 0,7 --rate 0.1 --batch 256"
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["Seed"] for row in csv.DictReader(file)} == {"0", "7"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["plain-9"], "depth 9"),
        (["plain-8", "plain-8"], "Two nets are called plain-8"),
        (["plain-8", "--seeds", "a"], "seeds 'a'"),
        (["plain-8", "--rate", "nan"], "rate nan"),
        (["plain-8-w4", "--epochs", "1", "--seeds", "0", "--json", "/no/such/folder/x"], "cannot be written"),
    ],
)
def test_what_cannot_be_is_one_sentence(words: list[str], said: str) -> None:
    run = CliRunner().invoke(app, ["train", *words])
    assert run.exit_code == 2
    assert run.stderr.startswith("resviz: ")
    assert said in run.stderr
