"""The small modules of `resviz.nn.operations` as text, so that each has its torch form once."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import lru_cache

from resviz.nn import operations
from resviz.nn.codegen.text import docstring
from resviz.nn.modules import attended, selected

HELPERS = {
    "selected": selected,
    "attended": attended,
    **{
        name: member
        for name, member in vars(operations).items()
        if getattr(member, "__module__", "") == operations.__name__
    },
}
"""The classes and functions that a written-out network may need, by name."""


def helpers(body: str) -> list[str]:
    """Return the text of every helper that a body of code uses."""
    return [source(name) for name in HELPERS if re.search(rf"\b{name}\(", body)]


@lru_cache(maxsize=64)
def source(name: str) -> str:
    """Return a helper as a short program has it: no annotations, one docstring, no ``extra_repr``."""
    text = re.sub(r"  # type: ignore.*", "", inspect.getsource(HELPERS[name]))
    lines, tree = text.splitlines(), ast.parse(text)
    for line, start, end, instead in sorted({cut for node in ast.walk(tree) for cut in _cuts(node)}, reverse=True):
        lines[line - 1] = lines[line - 1][:start] + instead + lines[line - 1][end:]
    definition = tree.body[0]
    assert isinstance(definition, ast.ClassDef | ast.FunctionDef)
    first, words = definition.body[0], (ast.get_docstring(definition) or "").split("\n\n")[0]
    lines[first.lineno - 1 : first.end_lineno] = ["\0".join(docstring(" ".join(words.split())))]
    dropped = {line for node in ast.walk(tree) for line in _dropped(node)}
    # What was folded to one line above leaves as many lines fewer below.
    fewer = (first.end_lineno or first.lineno) - first.lineno
    kept = [
        line
        for number, line in enumerate(lines, 1)
        if (number if number <= first.lineno else number + fewer) not in dropped
    ]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept).replace("\0", "\n")).strip()


def _cuts(node: ast.AST) -> Iterator[tuple[int, int, int, str]]:
    """Yield where annotations stand: the line, the first column, the one behind the last, what comes instead."""
    match node:
        case ast.arguments():
            positional = [*node.posonlyargs, *node.args]
            values = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)
            for each, value in [
                *zip(positional, values, strict=True),
                *zip(node.kwonlyargs, node.kw_defaults, strict=True),
            ]:
                yield from _argument(each, value)
            for rest in filter(None, (node.vararg, node.kwarg)):
                yield from _argument(rest, None)
        case ast.FunctionDef(returns=ast.expr() as kind):
            yield kind.lineno, kind.col_offset - len(" -> "), kind.end_col_offset or 0, ""
        case ast.AnnAssign(target=target, annotation=kind, value=ast.expr()):
            yield node.lineno, target.end_col_offset or 0, kind.end_col_offset or 0, ""
        case _:
            pass


def _argument(each: ast.arg, value: ast.expr | None) -> Iterator[tuple[int, int, int, str]]:
    if each.annotation:
        end = value.col_offset if value else each.annotation.end_col_offset or 0
        yield each.lineno, each.col_offset + len(each.arg), end, "=" if value else ""


def _dropped(node: ast.AST) -> Iterator[int]:
    """Yield the lines that go altogether: ``extra_repr``, docstrings of methods, declarations without a value."""
    match node:
        case ast.FunctionDef(name="extra_repr") | ast.AnnAssign(value=None):
            yield from range(node.lineno, (node.end_lineno or 0) + 1)
        case ast.ClassDef(body=body):
            methods = [each.body for each in body if isinstance(each, ast.FunctionDef) and len(each.body) > 1]
            for words, *_ in methods:
                if isinstance(words, ast.Expr) and isinstance(words.value, ast.Constant):
                    yield from range(words.lineno, (words.end_lineno or 0) + 1)
        case _:
            pass
