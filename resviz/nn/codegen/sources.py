"""The small modules of `resviz.nn.modules` as text, so that each has its torch form once."""

import ast
import inspect
import re
from collections.abc import Iterator

from resviz.nn import modules
from resviz.nn.codegen.text import docstring

HELPERS = {
    name: member
    for name, member in vars(modules).items()
    if getattr(member, "__module__", "") == modules.__name__
    and name not in ("ResNet", "Gate", "Arms", "ResidualBlock", "heads")
}
"""The classes and functions that a written-out network may need, by name."""


def helpers(body: str) -> list[str]:
    """Return the text of every helper that a body of code uses."""
    return [source(name) for name in HELPERS if re.search(rf"\b{name}\(", body)]


def source(name: str) -> str:
    """Return a helper as a short program has it: no annotations, no docstrings inside, no ``extra_repr``."""
    text = re.sub(r"  # type: ignore.*", "", inspect.getsource(HELPERS[name]))
    lines, tree = text.splitlines(), ast.parse(text)
    for line, start, end in sorted({cut for node in ast.walk(tree) for cut in _annotations(node)}, reverse=True):
        lines[line - 1] = lines[line - 1][:start] + lines[line - 1][end:]
    dropped = {line for node in ast.walk(tree) for line in _dropped(node)}
    kept = [part for number, line in enumerate(lines, 1) if number not in dropped for part in _short(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _short(line: str) -> list[str]:
    """Return a class's docstring on as many lines as it needs here, any other line as it is."""
    quoted = re.fullmatch(r' {4}"""(.*)"""', line)
    return docstring(quoted[1]) if quoted else [line]


def _annotations(node: ast.AST) -> Iterator[tuple[int, int, int]]:
    """Yield where annotations stand: the line, the first column, the one behind the last."""
    match node:
        case ast.arg(annotation=ast.expr() as kind):
            yield node.lineno, node.col_offset + len(node.arg), kind.end_col_offset or 0
        case ast.FunctionDef(returns=ast.expr() as kind):
            yield kind.lineno, kind.col_offset - len(" -> "), kind.end_col_offset or 0
        case ast.AnnAssign(target=target, annotation=kind, value=ast.expr()):
            yield node.lineno, target.end_col_offset or 0, kind.end_col_offset or 0
        case _:
            pass


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
