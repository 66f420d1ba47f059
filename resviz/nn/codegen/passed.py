"""Children that only some blocks of a class have: made by the caller, and handed to the class as an argument."""

from collections.abc import Mapping, Sequence
from typing import Any

from resviz.arch.layers import Chain, Layer, leaves
from resviz.arch.operation import Kind
from resviz.nn.codegen.chains import Made, Unit, grouped, module, own_name
from resviz.nn.codegen.numbers import DEFAULTS, ORDER, Alike, Names, plain, structure
from resviz.nn.codegen.text import definition

KINDS = {
    Kind.CONV: "projection",
    Kind.PAD: "padding",
    Kind.AVGPOOL: "pooling",
    Kind.MAXPOOL: "pooling",
    Kind.BLURPOOL: "pooling",
}
"""What a shortcut is called that holds such a layer; the first that fits."""
BEFORE = {Kind.AVGPOOL: "pooled_", Kind.MAXPOOL: "pooled_", Kind.BLURPOOL: "blurred_"}
"""What is added where it pools first."""
WORDS = {"padding": "zeros for the new channels", "pooling": "a pool"}

Numbers = Mapping[str, Any]
"""The value of each argument, by name."""


def passed(chains: Sequence[Chain | None], blocks: Sequence[Numbers]) -> tuple[Made | None, ...]:
    """Return what makes a child for each block, None where there is none; ``blocks`` are the blocks' numbers."""
    made: dict[int, Made] = {}
    for number, kind in enumerate(dict.fromkeys(structure(chain) for chain in chains if chain is not None)):
        found = [index for index, chain in enumerate(chains) if chain is not None and structure(chain) == kind]
        alike = tuple(chains[index] or () for index in found)
        made |= zip(found, _calls(alike, [blocks[index] for index in found], number), strict=True)
    return tuple(made.get(index) for index in range(len(chains)))


def _calls(alike: Alike, blocks: Sequence[Numbers], number: int) -> list[Made]:
    """Return a call for each block: of a layer's class with its numbers, or of a unit that holds the layers.

    ``number`` tells the several kinds of one child apart.
    """
    name = next(iter(grouped(alike)))
    first = alike[0][0]
    if isinstance(first, Layer) and first.name == name:
        return [module(name, (chain,), Names.of((chain,))) for chain in alike]
    names = Names.of(alike)
    inner = module(name, alike, names)
    single = not isinstance(first, Layer) and first.name == name
    units = inner.units if single else (*inner.units, _function(own_name(name, str(number)), inner, names, alike))
    unit = units[-1]
    every = [{**numbers, **names.values(index)} for index, numbers in enumerate(blocks)]
    return [Made(called(unit.name, unit.arguments, numbers, defaults=not single), units) for numbers in every]


def _function(name: str, inner: Made, names: Names, alike: Alike) -> Unit:
    """Return the function that makes a child of several layers; a shortcut's explains what it does."""
    arguments = names.arguments(alike)
    words = "What only some blocks have."
    if name.startswith("downsample__"):
        layers = list(leaves(alike[0]))
        base = next(word for kind, word in KINDS.items() if kind in {layer.kind for layer in layers})
        sizes = [layer.op.window.kernel for layer in layers if layer.kind is Kind.CONV and layer.op.window]
        before = BEFORE.get(layers[0].kind, "") if base != "pooling" else ""
        name = name.replace("downsample", f"{before}{base}")
        what = f"a {sizes[0]}x{sizes[0]} convolution" if sizes else WORDS[base]
        words = f"A shortcut that changes the shape: {'a pool, then ' if before else ''}{what}."
    return Unit(name, definition(f"def {name}({signature(arguments)})", words, [f"return {inner.text}"]), arguments)


def signature(arguments: Sequence[str], modules: Sequence[str] = ()) -> str:
    """Return the arguments of a function or a constructor, those that are modules last and optional."""
    numbers = [f"{name}={DEFAULTS[name]}" if name in DEFAULTS else name for name in arguments]
    return ", ".join([*numbers, *(f"{name}=None" for name in modules)])


def called(
    name: str,
    arguments: Sequence[str],
    numbers: Numbers,
    modules: Mapping[str, str] | None = None,
    *,
    defaults: bool = True,
) -> str:
    """Return a call with numbers; what has its default is left out, what is not a matter of course is named."""
    shown = []
    for argument in arguments:
        text = repr(plain(numbers[argument]))
        if not defaults or argument in ORDER:
            shown.append(text)
        elif text != DEFAULTS.get(argument):
            shown.append(f"{argument}={text}")
    shown += [f"{argument}={text}" for argument, text in (modules or {}).items()]
    return f"{name}({', '.join(shown)})"
