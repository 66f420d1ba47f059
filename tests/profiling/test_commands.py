from pathlib import Path

import pytest
from typer.testing import CliRunner

from resviz.cli import app
from resviz.errors import ProtocolError
from resviz.profiling.commands import batches
from resviz.profiling.result import Sweep

QUICK = ["--device", "cpu", "--with", "warmup=0", "--with", "steps=2"]
TINY = ["--set", "depths=[1,1,1]", "--set", "input=[3,16,16]"]


def test_batches_are_a_list_or_a_sweep() -> None:
    assert batches("1, 8,32") == (1, 8, 32)
    assert batches("sweep") is batches(None) is None


@pytest.mark.parametrize("text", ["0", "1,", "8,x", "-1", "1e3", "65537", ""])
def test_what_is_no_batch_is_a_sentence(text: str) -> None:
    with pytest.raises(ProtocolError, match="whole numbers from 1"):
        batches(text)


def test_the_verb_measures_prints_and_writes_what_the_page_opens(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    options = ["--batch", "1,2", "--layers", "--json", str(out)]
    ran = CliRunner().invoke(app, ["profile", "resnet20_cifar10", *TINY, *QUICK, *options])
    assert ran.exit_code == 0, ran.output
    assert "custom, from resnet20_cifar10" in ran.output
    assert "2 timed steps" in ran.output
    runs = Sweep.from_json(out.read_text(encoding="utf-8")).runs
    assert [(run.protocol.batch, len(run.samples), bool(run.breakdown)) for run in runs] == [(1, 2, True), (2, 2, True)]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--device", "abacus"], "here are"),
        (["--device", "cpu", "--protocol", "slimm"], "slim"),
        (["--device", "cpu", "--batch", "none"], "whole numbers"),
        (["--device", "cpu", "--with", "steps=0"], "steps 0"),
        ([*QUICK, "--json", "no/such/folder/out.json"], "cannot be written"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_two(options: list[str], sentence: str) -> None:
    ran = CliRunner().invoke(app, ["profile", "resnet20_cifar10", *TINY, *options])
    assert ran.exit_code == 2
    assert sentence in ran.output
    assert "Traceback" not in ran.output
