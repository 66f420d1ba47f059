"""Random input at every entrance: a result or a sentence, within two seconds, and nothing changed for the next.

`make fuzz` tries at least 5,000 inputs; without it each entrance gets the same few. An entrance is one line of
`ENTRANCES`: what makes input, and what takes it and may raise nothing but `ResvizError`.
"""

import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from resviz.arch import PRESETS, ResNetConfig, ResvizError, expand, preset
from resviz.arch.links import decode, encode, ensure_version
from resviz.cli import app
from resviz.ui.compared_networks import word_in
from tests.test_injection import NAMES

QUICK = 2.0
"""Seconds of this process that one input may take."""
FIELDS = sorted(ResNetConfig.model_fields)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "1",
        "3",
        "64",
        "1e9",
        "9" * 400,
        "0x_",
        "0b",
        "nan",
        ".inf",
        "-.inf",
        "null",
        "~",
        "true",
        "none",
    ),
    *(
        "3-4-6-3",
        "[3, 4, 6, 3]",
        "[[]]",
        "{}",
        "{a: b}",
        "!!int _",
        "&a [*a]",
        "*a",
        "<<: *a",
        "1:20:30.5",
        "2020-01-01",
    ),
    *("basic", "bottleneck", "se", "auto", "imagenet", "cifar", "'", '"', "\x00", "\x85", "\ud83d", "%", "%ff", "%00"),
    *("20000", "1048576", "16384", "10000000", "0.999999", "1e-300", "5e-324", "100", "4096"),
)
words = st.sampled_from((*VALUES, *NAMES)) | st.text(max_size=30)
fields = st.sampled_from(FIELDS) | st.text(max_size=12)
names = st.sampled_from(sorted(PRESETS)) | st.sampled_from(NAMES) | st.text(max_size=400)
VERBS = ("list", "summary", "table", "compare", "reconcile", "count", "memory", "receptive", "")
OPTIONS = (
    "--set",
    "--json",
    "--layers",
    "--format",
    "--to",
    "--batch",
    "--dtype",
    "--optimiser",
    "--help",
    "--",
    "-x",
    "",
)


def bend(base: bytes) -> st.SearchStrategy[bytes]:
    """Return strategies for a file with some bytes changed, cut out or put in."""
    cuts = st.lists(
        st.tuples(st.integers(0, len(base)), st.integers(0, 40), st.binary(max_size=40)), min_size=1, max_size=5
    )

    def bent(some: list[tuple[int, int, bytes]]) -> bytes:
        data = base
        for start, length, new in some:
            data = data[:start] + new + data[start + length :]
        return data

    return cuts.map(bent) | st.integers(0, len(base)).map(lambda end: base[:end])


def config_text(text: str) -> None:
    expand(ResNetConfig.from_text(text))


def link(words: tuple[str, str]) -> None:
    word, version = words
    ensure_version(version)
    config, base = decode(word_in(word))
    expand(config)
    assert decode(encode(config, base))[0].with_(name="x") == config.with_(name="x")


def command(args: list[str]) -> None:
    result = CliRunner().invoke(app, args)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1, 2)


def weight_file(data: bytes) -> None:
    from resviz.nn.weights import read_weights
    from tests import forked

    for name in ("x.safetensors", "x.pth"):
        try:
            with forked.reader():
                read_weights(data, name)
        except ResvizError as error:
            assert str(error)


def picture(data: bytes) -> None:
    from resviz.nn.pictures import read_picture

    read_picture(data, (3, 32, 32), "x.png")


def runs(data: bytes) -> None:
    from resviz.profiling.table import read

    for name in ("x.json", "x.csv"):
        try:
            read(name, data)
        except ResvizError as error:
            assert str(error)


def _links() -> st.SearchStrategy[Any]:
    pairs = st.lists(st.tuples(fields, words), max_size=4)
    built = st.tuples(names, pairs).map(lambda both: "~".join([both[0], *(part for pair in both[1] for part in pair)]))
    return st.tuples(
        built | words | built.map("http://[::1/?net={}".format) | built.map("/?net={}".format), words | st.just("1")
    )


def _texts() -> st.SearchStrategy[Any]:
    lines = st.lists(st.tuples(fields, words), max_size=6)
    yaml = lines.map(lambda rows: "\n".join(f"{field}: {value}" for field, value in rows))
    plain = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(fields, inner, max_size=4),
        max_leaves=8,
    )
    ours = preset("resnet50")
    return st.one_of(
        yaml,
        st.dictionaries(fields, plain, max_size=5).map(json.dumps),
        bend(ours.to_yaml().encode()).map(lambda data: data.decode(errors="replace")),
        bend(ours.to_json().encode()).map(lambda data: data.decode(errors="replace")),
        st.text(alphabet="[]{}:,-?&*!|>'\"%@#~<= \n\tabc019.", max_size=200),
        st.tuples(
            st.sampled_from(["[", "{", "- ", "? ", "{a: ", "a:\n ", "!a ", "&a ", "'"]), st.integers(1, 20_000)
        ).map(lambda both: both[0] * both[1]),
    )


def _commands() -> st.SearchStrategy[Any]:
    sets = st.tuples(fields, words).map(lambda both: ["--set", f"{both[0]}={both[1]}"])
    more = st.tuples(st.sampled_from(OPTIONS), words).map(list) | sets | words.map(lambda word: [word])
    return st.tuples(st.sampled_from(VERBS) | words, names, st.lists(more, max_size=3)).map(
        lambda all_: [all_[0], all_[1], *(word for part in all_[2] for word in part)]
    )


def _weights() -> st.SearchStrategy[Any]:
    import torch
    from safetensors.torch import save

    tensors = {"fc.weight": torch.ones(2, 2), "fc.bias": torch.zeros(2)}
    pth = io.BytesIO()
    torch.save(tensors, pth)
    return bend(save(tensors)) | bend(pth.getvalue()) | st.binary(max_size=200)


def _pictures() -> st.SearchStrategy[Any]:
    from PIL import Image

    files = []
    for form in ("png", "jpeg", "gif", "webp"):
        file = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(file, form)
        files.append(bend(file.getvalue()))
    return st.one_of(*files, st.binary(max_size=200))


def _runs() -> st.SearchStrategy[Any]:
    from datetime import UTC, datetime

    from resviz.profiling.devices import Device
    from resviz.profiling.protocol import Protocol
    from resviz.profiling.result import Profile, Sweep
    from resviz.profiling.table import to_csv

    run = Profile(
        id="0" * 32,
        measured_at=datetime(2026, 1, 2, tzinfo=UTC),
        config=preset("resnet20_cifar10"),
        device=Device(id="cpu", name="A CPU", torch="2.13.0", system="Linux"),
        protocol=Protocol(name="brief", warmup=1, steps=3, batch=2),
        samples=(0.010, 0.012, 0.011),
    )
    return bend(Sweep(runs=(run,)).to_json().encode()) | bend(to_csv([run]).encode()) | st.binary(max_size=200)


@dataclass(frozen=True, slots=True)
class Entrance:
    """A way in: a strategy, made when it is first needed, what takes its input, its share of a long run."""

    inputs: Callable[[], st.SearchStrategy[Any]]
    take: Callable[[Any], None]


ENTRANCES = {
    "link": Entrance(_links, link),
    "text of a configuration": Entrance(_texts, config_text),
    "command line": Entrance(_commands, command),
    "weight file": Entrance(_weights, weight_file),
    "picture": Entrance(_pictures, picture),
    "profile document": Entrance(_runs, runs),
}
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


@pytest.mark.parametrize("entrance", ENTRANCES)
@pytest.mark.filterwarnings("ignore")  # libraries warn of bent files
def test_any_input_is_a_result_or_a_sentence_at_once(entrance: str) -> None:
    way = ENTRANCES[entrance]

    @settings(settings(), suppress_health_check=QUIET)
    @given(way.inputs())
    def tried(value: Any) -> None:
        begun = time.process_time()
        try:
            way.take(value)
        except ResvizError as error:
            sentence = str(error)
            assert sentence
            assert len(sentence) < 6_000
        assert time.process_time() - begun < QUICK
        assert expand(decode("resnet18")[0]).params == 11_689_512

    tried()
