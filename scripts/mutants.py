"""Mutation testing: small faults are put into `resviz.arch` and `resviz.report`, one at a time; the tests must notice.

    python -m scripts.mutants                             a sample of every module listed in pyproject.toml
    python -m scripts.mutants report/headline arch/rules  every mutant of two modules
    python -m scripts.mutants arch/weights --sample 20    twenty of them, drawn with a fixed seed
    python -m scripts.mutants arch/weights:43             those of a line

A mutant is compiled in a forked child, which imports the package anew with that one module changed and runs the
tests in process, up to the first that fails. No file is written. Tables, properties and what runs at import are
mutated like anything else. Annotations, docstrings and decorators are not.

The tests are those of tests/arch and tests/report, at first a fixed handful of the cases of each parametrised one,
few random examples, without those that build a module or measure memory: see ``[tool.mutants]`` in pyproject.toml. A
mutant that dies there does so in seconds. One that survives meets all of these tests, and those that
hold a built module to the tree.
"""

import argparse
import ast
import copy
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import resource
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).parents[1]
SETTINGS: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["mutants"]
WARM = ("hypothesis.strategies", "numpy", "pandas", "pydantic", "pytest", "tabulate", "yaml")
"""Third-party modules that the parent imports once for all children."""
WARMED = "ignore:Module already imported so cannot be rewritten"

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
SWAPS = {word: group[(at + 1) % len(group)] for group in SETTINGS["swaps"] for at, word in enumerate(group)}
"""A name and the one it is mistaken for: macs for params, in_shape for out_shape."""
KILLED, SURVIVED, TIMED_OUT = "killed", "survived", "timed out"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the module, as ``report/headline``, the line, what became what, and the compiled module."""

    module: str
    line: int
    change: str
    code: CodeType

    def __str__(self) -> str:
        return f"resviz/{self.module}.py:{self.line}: {self.change}"


def variants(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what may stand in a node's place: a neighbouring operator, number or name, or the contrary."""
    match node:
        case ast.Compare(left, [op], right):
            yield ast.Compare(left, [COMPARISONS[type(op)]()], right)
        case ast.BinOp(left, op, right) if type(op) in OPERATORS:
            yield ast.BinOp(left, OPERATORS[type(op)](), right)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.Constant(bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(int(value) | float(value)):
            yield ast.Constant(value + 1)
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test, body, orelse) if not isinstance(test, ast.Compare):
            yield ast.If(ast.UnaryOp(ast.Not(), test), body, orelse)
        case ast.Name(name, ast.Load()) if name in SWAPS:
            yield ast.Name(SWAPS[name], ast.Load())
        case ast.Attribute(value, name, ast.Load()) if name in SWAPS:
            yield ast.Attribute(value, SWAPS[name], ast.Load())


def places(tree: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield every node that a fault may replace, with its parent, the parent's field and the place in its list."""
    for field, value in ast.iter_fields(tree):
        if field in ("annotation", "returns", "decorator_list", "type_params"):
            continue
        if isinstance(tree, ast.keyword) and tree.arg == "strict":  # of zip: a guard, which changes no result
            continue
        for at, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield tree, field, at, child
                yield from places(child)


def mutants(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, compiled."""
    path = ROOT / "resviz" / f"{module}.py"
    tree = ast.parse(path.read_text("utf-8"))
    for parent, field, at, node in list(places(tree)):
        for variant in variants(node):
            other = ast.copy_location(variant, node)
            _put(parent, field, at, other)
            code = compile(ast.fix_missing_locations(copy.deepcopy(tree)), str(path), "exec")
            _put(parent, field, at, node)
            yield Mutant(module, getattr(node, "lineno", 0), f"{_short(node)}  ->  {_short(other)}", code)


def _put(parent: ast.AST, field: str, at: int | None, node: ast.AST) -> None:
    if at is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[at] = node


def _short(node: ast.AST) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).split())[:90]


class Planted(importlib.abc.Loader, importlib.abc.MetaPathFinder):
    """Imports a mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        self.name = f"resviz.{mutant.module.replace('/', '.')}"

    def find_spec(self, fullname: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.mutant.code.co_filename, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        exec(self.mutant.code, module.__dict__)


class Handful:
    """Keeps a fixed handful of each test's cases, leaves out what is slow, and runs a module's own tests first."""

    def __init__(self, module: str) -> None:
        self.own = f"test_{module.rpartition('/')[2]}.py"

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        cases: Counter[str] = Counter()
        kept = []
        for item in random.Random(0).sample(items, len(items)):
            name = item.nodeid.partition("[")[0]
            skipped = SETTINGS["left_out"] + ([] if item.path.name == self.own else SETTINGS["own"])
            if not any(words in name for words in skipped):
                cases[name] += 1
                if cases[name] <= SETTINGS["cases"]:
                    kept.append(item)
        files = [f"test_{name}.py" for name in SETTINGS["last"]]
        items[:] = sorted(kept, key=lambda item: (item.path.name != self.own, *_rank(item, files), item.nodeid))


def _rank(item: Any, last: list[str]) -> tuple[int, bool]:
    return last.index(item.path.name) + 1 if item.path.name in last else 0, hasattr(item.obj, "hypothesis")


def run(mutant: Mutant | None, *, whole: bool = False, loud: bool = False) -> int:
    """Fork a child that runs the tests, a handful or the whole, with a mutant in place or none; return its id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        import pytest

        seconds = SETTINGS["cpu_seconds"] * (10 if whole else 1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        os.environ["HYPOTHESIS_PROFILE"] = "mutants"
        if mutant:
            sys.meta_path.insert(0, Planted(mutant))
        if not loud:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
        options = [
            "-x",
            "-q",
            "--no-header",
            "-p",
            "no:cacheprovider",
            "-W",
            WARMED,
            *(["--durations=12"] if loud else ["--tb=no"]),
        ]
        handful = Handful(mutant.module if mutant else "")
        ignored = [f"--ignore={file}" for file in SETTINGS["heavy"] if not (whole or file.endswith(handful.own))]
        tests = [*SETTINGS["tests"], *SETTINGS["more"]] if whole else SETTINGS["tests"]
        code = int(pytest.main([*options, *ignored, *tests], plugins=[] if whole else [handful]))
        sys.stdout.flush()
    except Exception as error:
        print(f"no test ran: {error!r}", flush=True)
    finally:
        os._exit(code)


def tested(found: Sequence[Mutant], jobs: int, until: float) -> Iterator[tuple[Mutant, str]]:
    """Yield each mutant with its fate, several tried at a time; none is begun after ``until``, a monotonic time."""
    running: dict[int, tuple[Mutant, bool]] = {}
    waiting = [(mutant, False) for mutant in reversed(found)]
    while waiting or running:
        if time.monotonic() > until:
            waiting = [(mutant, whole) for mutant, whole in waiting if whole]
        while waiting and len(running) < jobs:
            mutant, whole = waiting.pop()
            running[run(mutant, whole=whole)] = mutant, whole
        child, status = os.wait()
        fate = TIMED_OUT if os.WIFSIGNALED(status) else KILLED if os.WEXITSTATUS(status) else SURVIVED
        mutant, whole = running.pop(child)
        if fate == SURVIVED and not whole:
            waiting.append((mutant, True))
        else:
            yield mutant, fate


def drawn(modules: Sequence[str], sample: int | None, seed: int) -> list[Mutant]:
    """Return the mutants to try: of each module all, or as many as a sample has, drawn with a seed."""
    chosen: list[Mutant] = []
    for module, _, line in (each.partition(":") for each in modules):
        every = [mutant for mutant in mutants(module) if not line or mutant.line == int(line)]
        if sample is not None and sample < len(every):
            order = random.Random(f"{seed} {module}").sample(range(len(every)), sample)
            every = [every[at] for at in sorted(order)]
        chosen += every
    return random.Random(seed).sample(chosen, len(chosen))  # so that a run cut short has tried some of each


def main() -> int:
    """Run the mutants of some modules and print the score of each; exit with 1 where a new one survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("modules", nargs="*", help="such as report/headline; without any, all that are listed")
    parser.add_argument("--sample", type=int, help="mutants of each module, drawn with the seed")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2, help="mutants tried at a time")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no mutant after so many")
    asked = parser.parse_args()
    modules = asked.modules or SETTINGS["modules"]
    sample = asked.sample if asked.sample is not None or asked.modules else SETTINGS["sample"]
    for name in WARM:
        importlib.import_module(name)
    start = time.monotonic()
    if os.waitpid(run(None, loud=True), 0)[1]:
        print("The tests fail without a mutant: mend them first.")
        return 2
    print(f"{time.monotonic() - start:.0f} s without a mutant", flush=True)
    score: dict[str, Counter[str]] = {module.partition(":")[0]: Counter() for module in modules}
    chosen, until = drawn(modules, sample, asked.seed), start + 60 * asked.minutes
    for mutant, fate in tested(chosen, asked.jobs, until):
        known = fate == SURVIVED and any(words in str(mutant) for words in SETTINGS["equivalent"])
        score[mutant.module]["equivalent" if known else fate] += 1
        if fate != KILLED:
            print(f"{'equivalent' if known else fate}: {mutant}", flush=True)
    print(f"{'module':24}{'mutants':>8}{'killed':>8}{'timeout':>8}{'survived':>9}{'equivalent':>11}")
    for name, fates in [*score.items(), ("all", sum(score.values(), Counter()))]:
        numbers = fates[KILLED], fates[TIMED_OUT], fates[SURVIVED], fates["equivalent"]
        print(f"{name:24}{fates.total():8}" + "{:8}{:8}{:9}{:11}".format(*numbers))
    print(f"{time.monotonic() - start:.0f} s")
    return int(any(fates[SURVIVED] for fates in score.values()))


if __name__ == "__main__":
    sys.exit(main())
