"""What `identify` answers: a configuration, how sure each of its fields is, and what does not fit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from resviz.arch import PRESETS, ResNetConfig
from resviz.nn.account import SHOWN, Account, listed
from resviz.report.field_words import LABELS, value_in_words
from resviz.report.formatting import plural

REASONS = {
    "input": "a network takes pictures of any size that its strides allow",
    "stage_strides": "a stride leaves no trace in a convolution's weight",
    "stride_in": "v1 strides in the first 1x1, v1.5 in the 3x3; a stride leaves no trace in a weight",
    "stride_unit": "a stride leaves no trace in a weight",
    "output_stride": "a dilation leaves no trace in a weight",
    "activation": "an activation has no weights",
    "anti_alias": "pools and fixed filters have no weights",
    "stem": "pools and paddings have no weights",
    "shortcut": "pools and paddings have no weights",
    "skip": "a constant factor has no weights",
    "norm": "normalisations without running statistics have the same two vectors",
    "norm_groups": "the groups of a normalisation leave no trace",
    "order": "where an activation stands leaves no trace",
    "zero_init_last": "how weights started is over once they are trained",
    "identity_units": "a block without weights leaves no trace",
}
"""Why weights cannot tell a field; what is not here is known in training only, or written in two ways."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """A field that no tensor decides: what is likely by convention, and what it might be as well."""

    field: str
    likely: Any
    others: tuple[Any, ...]

    @property
    def sentence(self) -> str:
        """The field in words."""
        reason = REASONS.get(self.field, "")
        others = " or ".join(value_in_words(self.field, value) for value in self.others[:6])
        more = f", and {len(self.others) - 6} more" if len(self.others) > 6 else ""
        said = f"{LABELS[self.field]}: {value_in_words(self.field, self.likely)} by convention; also {others}{more}"
        return f"{said} ({reason})" if reason else said


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a configuration differs from a preset; ``others`` is what it may be as well."""

    field: str
    here: Any
    there: Any
    others: tuple[Any, ...] = ()

    @property
    def sentence(self) -> str:
        """The difference in words."""
        here = " or ".join(value_in_words(self.field, value) for value in (self.here, *self.others[:6]))
        return f"{LABELS[self.field]}: {here}, there {value_in_words(self.field, self.there)}"


@dataclass(frozen=True, slots=True)
class Identification:
    """The configuration that tensors belong to; None where they are no residual network that can be described.

    ``nearest`` is the preset it is nearest to, ``alike`` are all presets with the same tensors but for the ends,
    ``differences`` the decided fields in which it differs from the nearest. ``names`` is whose names the tensors
    have, "" for this package's and torchvision's, ``prefix`` what stood before each. ``said`` explains a None.
    """

    config: ResNetConfig | None
    nearest: str
    alike: tuple[str, ...]
    differences: tuple[Difference, ...]
    decided: tuple[tuple[str, Any], ...]
    undecided: tuple[Undecided, ...]
    names: str
    prefix: str
    account: Account
    said: tuple[str, ...]
    layers: int = 0
    """Layers of a live module that were held against the tree's; 0 where there were only tensors."""
    disagreements: tuple[str, ...] = ()
    """What the module's layers have otherwise than the tree's."""

    @property
    def exact(self) -> bool:
        """Whether the configuration has the tensors that were found and no others, and layers as a module has them."""
        return self.config is not None and self.account.fits and not self.disagreements

    @property
    def sentence(self) -> str:
        """The answer in one sentence or two."""
        if self.config is None:
            return " ".join(self.said)
        count = len(self.account.fitting)
        if not self.account.fits:
            return (
                f"Nearest to {self.nearest}, but altered: {plural(count, 'tensor')} fit"
                f"{'s' if count == 1 else ''}; {' '.join(f'{said}.' for said in self.account.misfits)}"
            )
        tail = f", named as {self.names}" if self.names else ""
        if not self.differences:
            return f"This is {self._likely}: all {plural(count, 'tensor')} fit{tail}."
        if {each.field for each in self.differences} <= {"input", "num_classes"}:
            return f"This is {self._likely} with {self._ends}: all {plural(count, 'tensor')} fit{tail}."
        return (
            f"A network of its own, nearest to {self.nearest}: all {plural(count, 'tensor')} fit{tail}; "
            f"{'; '.join(each.sentence for each in self.differences)}."
        )

    @property
    def _likely(self) -> str:
        """The nearest preset, and a plain one where no shortcut would leave a tensor; or the other way round."""
        plain = {name: PRESETS[name].config.shortcut == "none" for name in (self.nearest, *self.alike)}
        twin = next((name for name in self.alike if plain[name] != plain[self.nearest]), None)
        return f"{self.nearest} or {twin}" if twin else self.nearest

    @property
    def _ends(self) -> str:
        fields = {each.field: each.here for each in self.differences}
        said = [f"{fields['num_classes']:,} classes"] if "num_classes" in fields else []
        if "input" in fields:
            said.append(f"pictures of {plural(fields['input'][0], 'channel')}")
        return " and ".join(said)

    def lines(self) -> Iterable[str]:
        """Yield the whole answer as lines of text."""
        yield self.sentence
        if self.config is None:
            return
        if self.layers:
            otherwise = f"; otherwise: {listed(self.disagreements)}" if self.disagreements else ", all as in the tree"
            yield f"{plural(self.layers, 'layer')} of the module checked{otherwise}."
        others = [name for name in self.alike if name != self.nearest]
        if others:
            more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
            yield f"The same tensors: {', '.join(others[:SHOWN])}{more}."
        yield "Decided by the weights:"
        yield from (f"  {LABELS[field]}: {value_in_words(field, value)}" for field, value in self.decided)
        yield "Not decided by the weights:"
        yield from (f"  {each.sentence}" for each in self.undecided)

    @property
    def text(self) -> str:
        """The whole answer."""
        return "\n".join(self.lines())

    def record(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        return {
            "sentence": self.sentence,
            "exact": self.exact,
            "nearest": self.nearest,
            "alike": list(self.alike),
            "names": self.names,
            "prefix": self.prefix,
            "config": self.config.to_dict() if self.config else None,
            "differences": [
                {"field": each.field, "here": _plain(each.here), "there": _plain(each.there)}
                for each in self.differences
            ],
            "decided": {field: _plain(value) for field, value in self.decided},
            "undecided": [
                {"field": each.field, "likely": _plain(each.likely), "others": [_plain(value) for value in each.others]}
                for each in self.undecided
            ],
            "layers": self.layers,
            "disagreements": list(self.disagreements),
            "missing": list(self.account.missing),
            "unexpected": list(self.account.unexpected),
            "misshaped": {
                each.key: {"found": list(each.found), "right": list(each.expected)} for each in self.account.misshaped
            },
        }


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
