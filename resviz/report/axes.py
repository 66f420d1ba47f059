"""The axes of a design space: which field takes which values, as a person writes it: ``depths.3=2..36/4``.

An axis is a field of a configuration, for all stages or for one (``groups.2``), or one of the three that scale a
whole network: ``depth`` and ``width`` are factors, ``resolution`` is the picture's side. Depths are rounded up and
widths to multiples of 8, as Tan & Le 2019 do (arXiv:1905.11946).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import ceil, lcm, prod
from typing import Any

from resviz.arch import ResNetConfig, ResvizError
from resviz.arch.block_types import BLOCKS
from resviz.arch.fields import PER_STAGE, ResNetFields
from resviz.arch.rounding import divisible
from resviz.errors import unknown

MAX_AXES, MAX_VALUES = 12, 1000
DIVISOR = 8
"""Widths that a factor makes are multiples of this."""
FACTORS = ("depth", "width")
SCALES = (*FACTORS, "resolution")
LISTS = ("depths", "widths")
"""The fields that have an axis for each stage alone."""
FIELDS = tuple(
    name
    for name in ResNetFields.model_fields
    if name not in (*LISTS, "name", "input", "stage_strides", "num_classes", "zero_init_last", "gate_bias_init")
)
"""The fields that may be an axis, beside the scales and each stage's depth and width."""
_RANGE = re.compile(r"([0-9.]{1,12}?)\.\.([0-9.]{1,12}?)(?:/([0-9.]{1,12}))?")


@dataclass(frozen=True, slots=True)
class Axis:
    """A field, or one stage's of it counted from 0, and the values that it takes."""

    field: str
    stage: int | None
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The axis as it is written: ``depths.3``, ``resolution``."""
        return self.field if self.stage is None else f"{self.field}.{self.stage + 1}"

    @property
    def text(self) -> str:
        """The axis with its values as it is written: ``depths.3=2,4,6``."""
        return f"{self.name}={','.join(map(_written, self.values))}"


def axis(text: str) -> Axis:
    """Return the axis that a text describes: ``width=0.5..2/0.25``, ``block=basic,bottleneck``. Raises ResvizError."""
    name, equals, listed = text.partition("=")
    name, dot, number = name.strip().partition(".")
    if not equals or not listed.strip():
        raise ResvizError(f"The range {text[:60]!r} needs the form field=values, such as depths.3=2..36/4.")
    known = (*SCALES, *LISTS, *FIELDS)
    if name not in known:
        raise ResvizError(unknown("range of", name, known))
    stage = None
    if dot:
        if not re.fullmatch("[1-9][0-9]?", number) or name not in (*LISTS, *PER_STAGE):
            able = ", ".join((*LISTS, *PER_STAGE))
            raise ResvizError(f"{name}.{number[:20]} is no field of a stage; those with one for each are {able}.")
        stage = int(number) - 1
    elif name in LISTS:
        raise ResvizError(f"{name} differs from stage to stage: vary {name}.1, or all by the factor {name[:-1]}.")
    values = tuple(dict.fromkeys(value for part in listed.split(",") for value in _values(name, part.strip())))
    return Axis(name, stage, values)


def _values(field: str, text: str) -> Iterable[Any]:
    found = _RANGE.fullmatch(text)
    try:
        if not found:
            return (_value(field, text),)
        least, most, step = (Decimal(part or "1") for part in found.groups())
        if step <= 0 or most < least or (most - least) / step >= MAX_VALUES:
            raise ValueError
        return tuple(_number(least + step * n) for n in range(int((most - least) / step) + 1))
    except (ValueError, ArithmeticError):
        sentence = f"is no range: least..most/step, with at most {MAX_VALUES:,} values"
        raise ResvizError(f"{field}={text[:60]} {sentence}.") from None


def _value(field: str, text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text in ("auto", "null"):
        return None
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,12})?", text):
        return _number(Decimal(text))
    if field in (*SCALES, *LISTS):
        raise ResvizError(f"{field}={text[:40]} is no number; write values as 1,2,4 or a range as 1..4/0.5.")
    return text


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _written(value: Any) -> str:
    if value is None:
        return "auto"
    return str(value).lower() if isinstance(value, bool) else f"{value:g}" if isinstance(value, float) else str(value)


def axes(texts: Iterable[str]) -> tuple[Axis, ...]:
    """Return the axes of a design space; of one named twice the last counts. Raises ResvizError."""
    found = {each.name: each for each in map(axis, texts)}
    if len(found) > MAX_AXES:
        raise ResvizError(f"{len(found)} ranges are too many; a design space has at most {MAX_AXES}.")
    return tuple(found.values())


def size(space: Sequence[Axis]) -> int:
    """Return how many combinations a space has."""
    return prod(len(each.values) for each in space)


def points(space: Sequence[Axis]) -> Iterable[tuple[Any, ...]]:
    """Return every combination of the values of a space, in order."""
    return product(*(each.values for each in space))


def changed(fields: Mapping[str, Any], space: Sequence[Axis], values: Sequence[Any]) -> dict[str, Any]:
    """Return a configuration's fields at a point of a space. Scales come first, what is said of a stage last.

    Raises ResvizError for a stage that there is not.
    """
    out = dict(fields)
    chosen = sorted(
        zip(space, values, strict=True), key=lambda each: (each[0].field not in SCALES, bool(each[0].stage is not None))
    )
    for each, value in chosen:
        match each.field:
            case "depth":
                out["depths"] = tuple(max(ceil(depth * value - 1e-9), 1) for depth in out["depths"])
            case "width":
                out |= widened(out, value)
            case "resolution":
                out["input"] = (out["input"][0], value, value)
            case field if each.stage is None:
                out[field] = value
            case field:
                stages = len(out["depths"])
                if each.stage >= stages:
                    raise ResvizError(f"{each.name} does not exist: the network has {stages} stages.")
                old = out[field]
                old = old if isinstance(old, tuple) else (old,) * stages
                out[field] = (*old[: each.stage], value, *old[each.stage + 1 :])
    return out


def widened(fields: Mapping[str, Any], factor: float) -> dict[str, Any]:
    """Return the widths, the stem's too, times a factor and rounded; unchanged at 1.

    They are rounded to multiples of 8, and of a stage's groups where these have to divide them.
    """
    if factor == 1:
        return {}
    stem, stages = fields["stem_width"], range(len(fields["widths"]))
    each = {
        name: value if isinstance(value := fields[name], tuple) else (value,) * len(stages)
        for name in ("block", "groups", "bottleneck_ratio")
    }
    by_group = [BLOCKS[each["block"][n]].by_group and each["bottleneck_ratio"][n] is None for n in stages]
    divisors = [DIVISOR if by_group[n] else lcm(DIVISOR, each["groups"][n]) for n in stages]
    return {
        "widths": tuple(divisible(fields["widths"][n] * factor, divisors[n]) for n in stages),
        "stem_width": None if stem is None else divisible(stem * factor, DIVISOR),
    }


def usual(config: ResNetConfig, *, coarse: bool = False) -> tuple[str, ...]:
    """Return ranges to begin with for a network: a few thousand configurations around it, ``coarse`` a hundred."""
    last = len(config.depths)
    found = ["block=basic,bottleneck"] if config.block in ("basic", "bottleneck") and config.groups == 1 else []
    if last > 2 and not (coarse and found):
        found.append(f"depths.{last - 2}={'3,4' if coarse else '2,3,4,6,8'}")
    deepest = "2,4,6,12,18,23" if coarse else "2,4,6,9,12,18,23"
    found += [f"depths.{last - 1}={deepest}"] if last > 1 else ["depth=0.5,1,1.5,2,3"]
    found.append(f"width={'0.75,1,1.25' if coarse else '0.5..1.5/0.25'}")
    side = config.input[1]
    if side >= 96:
        shares = (0.7, 1, 1.3) if coarse else (0.6, 0.7, 0.85, 1, 1.15, 1.3)
        found.append(f"resolution={','.join(str(round(side * share / 32) * 32) for share in shares)}")
    return tuple(found)
