"""The printed structure is the module's own: every name, class and tensor, in order."""

import re
from collections.abc import Iterator

import pytest
import torch

from resviz.arch import expand, preset
from resviz.nn import build
from resviz.report.structure import structure
from tests.presets import OF_EACH_FAMILY

LINE = re.compile(r"( *)\((\d+)(?:-(\d+))?\): (?:\d+ x )?(\w+)\(|( *)\((\w+)\): (\w+)\(")


def unfolded(lines: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield the path, class and tensors of every module that lines print, those of a run for each of its blocks."""
    at = 0
    while at < len(lines):
        found = LINE.match(lines[at])
        if found is None:
            at += 1
            continue
        indent = found[1] if found[1] is not None else found[5]
        end = at
        if "(" in lines[at].partition("#")[0] and lines[at].partition("  #")[0].endswith("("):
            end = next(i for i in range(at + 1, len(lines)) if lines[i].startswith(f"{indent})"))
        names = [found[6]] if found[6] else [str(i) for i in range(int(found[2]), int(found[3] or found[2]) + 1)]
        for name in names:
            yield name, found[4] or found[7], lines[at].partition("  # ")[2] if end == at else ""
            for inner, cls, tensors in unfolded(lines[at + 1 : end]):
                yield f"{name}.{inner}", cls, tensors
        at = end + 1


def printed_tensors(path: str, said: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    for part in filter(None, said.split("; ")):
        names, _, size = part.rpartition(" ")
        for name in names.split(", "):
            yield f"{path}.{name}", () if size == "scalar" else tuple(map(int, size.split("x")))


@pytest.mark.parametrize("name", OF_EACH_FAMILY)
def test_what_is_printed_is_what_is_built(name: str) -> None:
    network = expand(preset(name))
    module = build(network, "meta")
    told = list(unfolded(structure(network).splitlines()))
    assert [(path, cls) for path, cls, _ in told] == [
        (path, type(each).__name__) for path, each in module.named_modules() if path
    ]
    tensors = {key: shape for path, _, said in told for key, shape in printed_tensors(path, said)}
    built = {key: tuple(each.shape) for key, each in module.state_dict().items() if each.dtype != torch.int64}
    assert tensors == built


def test_alike_blocks_are_printed_once() -> None:
    text = structure(expand(preset("resnet152")))
    assert "(1-35): 35 x ResidualBlock(  # 1,117,184 parameters each" in text
    assert text.endswith(")  # 60,192,808 parameters")
    assert text.count("ResidualBlock") == 8
