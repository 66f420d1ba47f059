"""The command line where something is wrong: bad input is one sentence and exit code 2, a failing output 74."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resviz.cli import app

ROOT = Path(__file__).parents[1]
runner = CliRunner()


BAD = {
    "unknown preset": (["summary", "resnet51"], "resnet50"),
    "unknown field": (["summary", "resnet50", "--set", "depth=3"], "depths"),
    "impossible value": (["summary", "resnet50", "--set", "depths=[3,4,0,3]"], "depths[2]"),
    "no equals sign": (["table", "resnet50", "--set", "depths"], "field=value"),
    "value that is not YAML": (["table", "resnet50", "--set", "depths=[3"], "YAML"),
    "value of an odd type": (["summary", "resnet50", "--set", "depths={2020-01-01: 1}"], "depths"),
    "value that holds itself": (["summary", "resnet50", "--set", "depths=&a [*a]"], "depths"),
    "value of 5,000 digits": (["summary", "resnet50", "--set", f"num_classes=0x{'f' * 5000}"], "num_classes"),
    "field called self": (["summary", "resnet50", "--set", "self=1"], "self"),
    "impossible depth of a family": (["summary", "wrn29_1_cifar10"], "28 or 34"),
    "missing file": (["summary", "missing.yaml"], "missing.yaml"),
    "folder for a file": (["summary", "./"], "cannot be read"),
    "map that vanishes": (["table", "resnet50", "--set", "input=[3,1,1]", "--set", "stem=unpadded"], "input"),
    "anchor in a value": (["summary", "resnet50", "--set", "depths=&a [3, 4, 6, 3]"], "--set 'depths="),
    "type in a value": (["summary", "resnet50", "--set", "name=!!bool maybe"], "types are not read"),
    "type in a protocol's value": (["profile", "resnet18", "--with", "steps=!!int _"], "The value of --with"),
    "field of a protocol called self": (["profile", "resnet18", "--device", "cpu", "--with", "self=1"], "self"),
    "digits by the thousand in a protocol": (
        ["profile", "resnet18", "--device", "cpu", "--with", f"steps=0x{'f' * 5000}"],
        "no number",
    ),
    "batch of 5,000 digits": (["profile", "resnet18", "--device", "cpu", "--batch", "9" * 5000], "batch '999"),
    "name of 5,000 characters": (["summary", "x" * 5000], "does not exist"),
    "path of 5,000 characters": (["summary", f"a/{'x' * 5000}"], "cannot be read"),
    "name with NUL": (["summary", "a/\0"], "cannot be read"),
    "file without an end": (["summary", "/dev/zero"], "no more are read"),
    "change of 100,000 characters": (["summary", "resnet18", "--set", f"name={'x' * 100_000}"], "at most 16,384"),
    "change without an equals sign, long": (["summary", "resnet18", "--set", "x" * 100_000], "field=value"),
    "one network to compare": (["compare", "resnet50"], "2 to 4"),
    "unknown number type": (["memory", "resnet50", "--dtype", "int3"], "float16"),
    "unknown optimiser": (["memory", "resnet50", "--optimiser", "Adamant"], "Adam"),
    "form of a table beside JSON": (["table", "resnet50", "--json", "--format", "csv"], "--format csv changes nothing"),
    "form of a comparison beside JSON": (["compare", "resnet18", "resnet50", "--json", "--format", "text"], "nothing"),
    "form of a comparison that is drawn": (["compare", "resnet18", "resnet34", "-o", "a.pdf", "--json"], "picture"),
    "detail of a table": (["compare", "resnet18", "resnet34", "--detail", "layers"], "-o FILE"),
    "seed beside weights": (["export", "resnet18", "--weights", "w.pth", "--seed", "1"], "--seed 1 changes nothing"),
    "unknown convention": (["reconcile", "resnet50", "--to", "nothing"], "fvcore"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence_and_exit_code_2(case: str) -> None:
    args, said = BAD[case]
    result = runner.invoke(app, args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 700


FILES = {
    "not YAML": b"depths: [1, 2",
    "not a mapping": b"- 1\n- 2\n",
    "unknown field": b"depth: 3\n",
    "not UTF-8": b"\xff\xfe\x00",
    "empty": b"",
    "merge keys": b"a: &a {x: 1}\nb: {<<: [*a, *a]}",
    "5,000 unknown fields": b"\n".join(b"k%d: 1" % n for n in range(1000)),
    "a megabyte": b"#" * 10**6,
    "a billion laughs": b"a0: &a0 [x]\n%b\ndepths: [*a14, *a14]\n"
    % b"\n".join(b"a%d: &a%d [%b]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 15)),
}


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_one_sentence_and_exit_code_2(tmp_path: Path, case: str) -> None:
    path = tmp_path / "net.yaml"
    path.write_bytes(FILES[case])
    result = runner.invoke(app, ["summary", str(path)])
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("args", [["summary", "resnet51"], ["summary", "missing.yaml"], ["summary"], ["nothing"]])
def test_the_shell_sees_exit_code_2_and_no_traceback(args: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", "resviz", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr
    assert "Traceback" not in run.stderr


def test_output_is_utf_8_where_the_systems_encoding_is_less() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "resviz", "reconcile", "resnet50"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert "−22,328,320" in run.stdout.decode("utf-8")


VERBS = {
    "list": "list",
    "summary": "summary resnet18",
    "table": "table resnet18 --layers",
    "compare": "compare resnet18 resnet34",
    "whatif": "whatif resnet18",
    "reconcile": "reconcile resnet18",
    "count": "count resnet18",
    "memory": "memory resnet18",
    "receptive": "receptive resnet18",
    "code": "code resnet18",
    "help": "--help",
    "help of a verb": "table --help",
}


EACH_VERB = """
import json, os, sys
from resviz.cli import main

ended = {}
for verb, words in json.loads(sys.argv[1]).items():
    heard, said = os.pipe()
    child = os.fork()
    if not child:
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        os.dup2(said, 2)
        sys.argv = ["resviz", *words.split()]
        sys.exit(main())
    os.close(said)
    with os.fdopen(heard) as file:
        words = file.read()
    ended[verb] = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), words]
print(json.dumps(ended))
"""
"""Runs each verb in a fork, which ends as a program does; the package is loaded once."""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_behind_standard_output_is_a_sentence_and_exit_code_74() -> None:
    args = [sys.executable, "-c", EACH_VERB, json.dumps(VERBS)]
    run = subprocess.run(args, cwd=ROOT, capture_output=True, text=True, check=True)
    sentence = "resviz: standard output cannot be written: no space left on device.\n"
    assert json.loads(run.stdout) == {verb: [74, sentence] for verb in VERBS}


def test_a_full_disk_behind_both_outputs_still_ends_with_the_exit_code() -> None:
    with Path("/dev/full").open("w") as full:
        args = [sys.executable, "-m", "resviz", "list"]
        assert subprocess.run(args, cwd=ROOT, stdout=full, stderr=full, check=False).returncode == 74


@pytest.mark.parametrize("verb", ["list", "table"])
def test_a_closed_pipe_behind_standard_output_is_a_sentence_and_exit_code_74(verb: str) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    args = [sys.executable, "-m", "resviz", *VERBS[verb].split()]
    run = subprocess.run(args, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (run.returncode, run.stderr) == (74, "resviz: standard output cannot be written: broken pipe.\n")


@pytest.mark.parametrize("args", [["summary", "\udcff.yaml"], ["summary", "resnet18", "--set", "\udcff=\udcff"]])
def test_bytes_that_are_no_text_are_shown_escaped(args: list[str]) -> None:
    run = subprocess.run([sys.executable, "-m", "resviz", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "\\udcff" in run.stderr
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize("seed", [str(2**64), "-1", "9" * 400, "9" * 5000, "x"])
def test_a_seed_that_torch_does_not_take_is_exit_code_2(seed: str) -> None:
    result = runner.invoke(app, ["export", "resnet18", "--seed", seed])
    assert result.exit_code == 2
    assert "--seed" in result.stderr


def test_a_reader_that_stops_early_sees_no_traceback() -> None:
    run = subprocess.run(
        f"{shlex.quote(sys.executable)} -m resviz table resnet152 --layers --json | head -n 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == "[\n"
    assert "Traceback" not in run.stderr
