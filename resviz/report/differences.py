"""What differs between two networks, in words: fields of their configurations, then layers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from resviz.arch import Network, ResNetConfig
from resviz.arch.inactive import inactive_fields
from resviz.arch.layers import Layer
from resviz.arch.merges import Add, GatedAdd, Merge, ScaledAdd
from resviz.arch.operation import Kind
from resviz.report.compare import Comparison, Joined, Mark, Meeting, parts
from resviz.report.field_words import LABELS, value_in_words

SIZED = ("kernel", "stride", "dilation", "groups", "channels in", "width", "bias", "starts at")
"""The facts of a layer that a difference names, in this order."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field of two configurations whose values differ, both in words."""

    field: str
    label: str
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The difference as people say it: ``Order: Original, was Full pre-activation``."""
        return f"{self.label}: {self.after}, was {self.before}"


@dataclass(frozen=True, slots=True)
class LayerDifference:
    """Layers that differ in the same way: where they stand, what they are called there, and how they differ.

    ``count`` is how many layers it stands for.
    """

    where: str
    name: str
    what: str
    mark: Mark
    count: int


def differing(one: ResNetConfig, other: ResNetConfig) -> tuple[str, ...]:
    """Return the fields, but for the name, in which two configurations differ and that mean something to either."""
    silent = inactive_fields(one.model_dump()) & inactive_fields(other.model_dump())
    return tuple(
        field
        for field in ResNetConfig.model_fields
        if field != "name" and field not in silent and getattr(one, field) != getattr(other, field)
    )


def field_differences(before: ResNetConfig, after: ResNetConfig) -> tuple[FieldDifference, ...]:
    """Return the fields in which two configurations differ, in the order of the configuration."""
    return tuple(
        FieldDifference(
            name,
            LABELS[name],
            value_in_words(name, getattr(before, name)),
            value_in_words(name, getattr(after, name)),
        )
        for name in differing(before, after)
    )


def layer_differences(comparison: Comparison, index: int) -> tuple[LayerDifference, ...]:
    """Return how the layers of a comparison's network differ from the first's, like ones together, in order.

    Blocks that only one of the two has are named whole. Layers that differ in nothing but the size of their
    maps come last, in one row.
    """
    first, other = (dict(parts(comparison.networks[each])) for each in (0, index))
    marks = comparison.marks[index]
    whole = {Mark.ADDED: _whole(comparison.networks[index], marks, Mark.ADDED)}
    whole[Mark.MISSING] = _whole(comparison.networks[0], marks, Mark.MISSING)
    found: dict[tuple[str, str, Mark], list[str]] = {}
    resized = 0
    for path, mark in marks.items():
        block, name = _split(path)
        if mark is Mark.RESIZED:
            resized += 1
        elif mark is Mark.CHANGED:
            found.setdefault((name, change(first[path], other[path]), mark), []).append(block)
        elif block in whole[mark]:
            found.setdefault(("", "the whole block", mark), []).append(block)
        else:
            found.setdefault((name, _label((first if mark is Mark.MISSING else other)[path]), mark), []).append(block)
    paths = {mark: comparison.networks[0 if mark is Mark.MISSING else index].blocks() for mark in Mark}
    every = {mark: [path for path, _ in blocks] for mark, blocks in paths.items()}
    rows = [
        LayerDifference(_listed(dict.fromkeys(blocks), every[mark]), name, what, mark, len(blocks))
        for (name, what, mark), blocks in found.items()
    ]
    if resized:
        rows.append(LayerDifference("", "", "the same on maps of another size", Mark.RESIZED, resized))
    return tuple(rows)


def differences_by_path(comparison: Comparison, index: int) -> dict[str, str]:
    """Return a sentence for each layer of a comparison's network that differs from the first's, by its full path.

    Those that differ in nothing but the size of their maps come last.
    """
    first, other = (dict(parts(comparison.networks[each])) for each in (0, index))
    sentences = {}
    for path, mark in sorted(comparison.marks[index].items(), key=lambda each: each[1] is Mark.RESIZED):
        match mark:
            case Mark.CHANGED:
                sentences[path] = change(first[path], other[path])
            case Mark.RESIZED:
                sentences[path] = "the same on a map of another size"
            case Mark.ADDED:
                sentences[path] = f"{_label(other[path])}, not in A"
            case Mark.MISSING:
                sentences[path] = f"{_label(first[path])}, in A only"
    return sentences


def change(before: Layer | Joined | Meeting, after: Layer | Joined | Meeting) -> str:
    """Return how one part became another: ``stride 1, was 2``, or both labels where they are different operations."""
    if isinstance(before, Layer) and isinstance(after, Layer) and before.kind == after.kind:
        old, new = _facts(before), _facts(after)
        changed = [f"{fact} {new[fact]}, was {old[fact]}" for fact in SIZED if old.get(fact) != new.get(fact)]
        if changed and old.keys() == new.keys():
            return "; ".join(changed)
    return f"{_label(after)}, was {_label(before)}"


def _facts(layer: Layer) -> dict[str, str]:
    window = layer.op.window
    facts = {"width": str(layer.out_shape[0]), "starts at": "zero" if layer.op.zero_initialised else "its usual value"}
    if layer.kind in (Kind.CONV, Kind.LINEAR):
        facts["channels in"] = str(layer.in_shape[0])
    if window:
        facts |= {"kernel": f"{window.kernel}x{window.kernel}", "stride": str(window.stride)}
        facts |= {"dilation": str(window.dilation)}
    if layer.op.grouping is not None:
        facts["groups"] = str(layer.op.grouping)
    if layer.op.biased is not None:
        facts["bias"] = "yes" if layer.op.biased else "no"
    return facts


def _label(part: Layer | Joined | Meeting) -> str:
    match part:
        case Layer():
            return part.op.label
        case Joined(arms):
            return f"{len(arms.arms)} arms, joined by {type(arms.join).__name__.lower()}"
        case Meeting(merge):
            return _sum(merge)


def _sum(merge: Merge) -> str:
    match merge:
        case Add():
            return "plain addition"
        case ScaledAdd(skip, branch):
            return f"addition of {skip:g} skip and {branch:g} branch"
        case GatedAdd(exclusive=exclusive):
            return f"addition by {'an exclusive' if exclusive else 'a shortcut-only'} gate"


def _split(path: str) -> tuple[str, str]:
    """Return the block of a path, empty in stem and head, and the rest: ``layer2.0`` and ``conv1``."""
    stage, _, rest = path.partition(".")
    number, _, name = rest.partition(".")
    return (f"{stage}.{number}", name) if number.isdigit() and name else ("", path)


def _whole(network: Network, marks: dict[str, Mark], mark: Mark) -> frozenset[str]:
    """Return the blocks of a network all of whose parts carry a mark."""
    every: dict[str, bool] = {}
    for path, _ in parts(network):
        block = _split(path)[0]
        every[block] = every.get(block, True) and marks.get(path) is mark
    return frozenset(block for block, all_of_it in every.items() if all_of_it and block)


def _listed(blocks: Iterable[str], every: Sequence[str]) -> str:
    """Return blocks as people list them: ``every block``, ``layer1.0, layer2.0 to layer2.3``."""
    some = [block for block in blocks if block]
    return "every block" if len(some) > 1 and some == every else ", ".join(_runs(some))


def _runs(blocks: Sequence[str]) -> Iterator[str]:
    numbered = [(stage, int(number)) for stage, _, number in (block.partition(".") for block in blocks)]
    for _, run in groupby(enumerate(numbered), key=lambda each: (each[1][0], each[1][1] - each[0])):
        (stage, low), *_, (_, high) = [*(block for _, block in run)] * 2
        yield f"{stage}.{low}" if low == high else f"{stage}.{low} to {stage}.{high}"
