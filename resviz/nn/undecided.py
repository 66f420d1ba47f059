"""What weights cannot tell: the fields whose change leaves every tensor's name and shape as it is.

Each field is changed to each of its other values and the network expanded anew, so that a new entry of a dictionary
is asked about without an edit here. What is likely is what the nearest preset has, for that is the convention.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, get_args

from resviz.arch import PRESETS, ConfigError, Network, ResNetConfig, expand
from resviz.arch.fields import CHOICES, PER_STAGE
from resviz.arch.inactive import inactive_fields
from resviz.arch.tensors import network_tensors
from resviz.nn.fitting import SIDE, Fit
from resviz.nn.identification import Difference, Undecided

NUMBERS: dict[str, tuple[Any, ...]] = {
    "num_classes": (1000, 10, 100),
    "stem_width": (None, 64, 32, 128),
    "groups": (1, 2, 32),
    "width_per_group": (64, 4, 128),
    "bottleneck_ratio": (None, 0.25, 0.5, 1.0),
    "kernel_size": (None, 3, 5, 7),
    "arms": (None, 1, 2, 4),
    "identity_units": (0, 1),
    "output_stride": (None, 8, 16),
    "skip_scale": (0.5, 1.0, 0.0),
    "branch_scale": (1.0, 0.5, 0.2),
    "gate_bias_init": (-6.0, -3.0, 0.0),
    "skip_dropout": (0.5, 0.1),
    "norm_groups": (32, 1, 16),
    "attention_ratio": (1 / 16, 1 / 4, 1 / 8),
    "attention_divisor": (None, 1, 8),
    "layer_scale": (None, 1e-6, 0.1),
    "dropout": (0.0, 0.3),
    "drop_path_rate": (0.0, 0.1, 0.2),
    "head_width": (None, 1024, 1280),
}
"""Values in use, of the fields that are numbers: where one of them leaves all tensors alone, so do others."""
SWITCHES = ("stem_norm", "projection_norm", "zero_init_last")
PICTURES = (224, 32, 64, 256, 288, 512, 1024, 2048)
"""Sides of pictures in use."""


def values(field: str, config: ResNetConfig) -> Iterator[Any]:
    """Yield what a field may be instead of what it is."""
    now = getattr(config, field)
    match field:
        case "input":
            found: Iterator[Any] = iter([(now[0], side, side) for side in PICTURES] + [(now[0] % 4 + 1, *now[1:])])
        case "depths" | "widths":
            found = (_with(now, stage, each + 1) for stage, each in enumerate(now))
        case "stage_strides":
            found = (_with(now, stage, 1 if each > 1 else 2) for stage, each in enumerate(now))
        case _:
            plain = CHOICES.get(field) or NUMBERS.get(field) or _closed(field)
            if field in PER_STAGE and isinstance(now, tuple):
                found = (_with(now, stage, value) for stage in range(len(now)) for value in plain)
            else:
                found = iter(plain)
    return (value for value in found if value != now)


def _closed(field: str) -> tuple[Any, ...]:
    annotation = ResNetConfig.model_fields[field].annotation
    if field in SWITCHES:
        return (None, True, False) if type(None) in get_args(annotation) else (True, False)
    return get_args(annotation)


def _with(values: tuple[Any, ...], stage: int, value: Any) -> tuple[Any, ...]:
    return (*values[:stage], value, *values[stage + 1 :])


def undecided(config: ResNetConfig, fit: Fit, distance: float) -> tuple[Undecided, ...]:
    """Return each field that could be otherwise without a tensor being otherwise, and what it could be."""
    each = ((field, tuple(others)) for field, others in _openings(config, fit, distance))
    return tuple(Undecided(field, getattr(config, field), others) for field, others in each if others)


def _openings(config: ResNetConfig, fit: Fit, distance: float) -> Iterator[tuple[str, Iterator[Any]]]:
    """Yield each field that means something, with what it could be, found as it is asked for."""
    network = expand(config)
    silent = inactive_fields(config.model_dump())
    for field in ResNetConfig.model_fields:
        if field != "name" and field not in silent:
            found = (value for value in values(field, config) if _alike(config, network, field, value, fit, distance))
            yield field, found


def _alike(config: ResNetConfig, network: Network, field: str, value: Any, fit: Fit, distance: float) -> bool:
    changed = config.model_copy(update={field: value})
    if not fit.distance(changed) <= distance:
        return False
    try:
        if _same(expand(config.with_(**{field: value})), network):
            return False  # another way to write the same
    except ConfigError:
        return False
    return field not in inactive_fields({**config.model_dump(), field: value})


def _same(one: Network, other: Network) -> bool:
    """Return whether two networks are equal, alike blocks in a row compared once."""
    ends = (one.input, one.stem, one.head) == (other.input, other.stem, other.head)
    return ends and [stage.runs for stage in one.stages] == [stage.runs for stage in other.stages]


def decided(config: ResNetConfig, left: tuple[Undecided, ...]) -> tuple[tuple[str, Any], ...]:
    """Return the fields that the tensors decide, and their values."""
    return _all_but(config, {each.field for each in left})


def known(config: ResNetConfig, fit: Fit, distance: float) -> tuple[tuple[str, Any], ...]:
    """Return what `decided` does; of what a field could be, no more than one value is looked for."""
    openings = _openings(config, fit, distance)
    return _all_but(config, {field for field, others in openings if next(others, _NONE) is not _NONE})


_NONE = object()


def _all_but(config: ResNetConfig, fields: set[str]) -> tuple[tuple[str, Any], ...]:
    """Return the values of the fields that mean something, some left out."""
    without = fields | inactive_fields(config.model_dump()) | {"name"}
    return tuple((field, getattr(config, field)) for field in ResNetConfig.model_fields if field not in without)


def differences(
    config: ResNetConfig, preset: ResNetConfig, left: tuple[Undecided, ...], fit: Fit, distance: float
) -> tuple[Difference, ...]:
    """Return in which fields a configuration differs from a preset: decided ones, and open ones that exclude its value.

    What stays open may still be known not to be the preset's: shortcuts without weights are of several kinds, but
    no projections.
    """
    found = [
        Difference(field, value, getattr(preset, field))
        for field, value in decided(config, left)
        if value != getattr(preset, field)
    ]
    for each in left:
        value = getattr(preset, each.field)
        shut = value not in (each.likely, *each.others)
        if shut and not fit.distance(config.model_copy(update={each.field: value})) <= distance:
            found.append(Difference(each.field, each.likely, value, each.others if each.field in CHOICES else ()))
    return tuple(found)


def usual_picture(config: ResNetConfig, fit: Fit, distance: float) -> ResNetConfig:
    """Return the configuration for a picture of a usual size, where it was searched for with another."""
    if config.input[1:] != (SIDE, SIDE):
        return config
    for side in PICTURES:
        changed = config.model_copy(update={"input": (config.input[0], side, side)})
        if fit.distance(changed) <= distance:
            return changed
    return config


def conventional(config: ResNetConfig, fit: Fit, distance: float) -> tuple[ResNetConfig, str]:
    """Return the configuration with what its nearest preset has in the fields left open, and that preset's name."""
    if config.name in PRESETS and not _far(config, PRESETS[config.name].config):
        return config, config.name
    fixed = known(config, fit, distance)
    each = {
        name: sum(value != getattr(preset.config, field) for field, value in fixed) for name, preset in PRESETS.items()
    }
    least = min(each.values())
    near = [name for name, count in each.items() if count <= least + 1][:24]
    name = min(near, key=lambda name: (each[name], fit.distance(PRESETS[name].config)))
    return adopted(config, PRESETS[name].config, fit, distance), name


def adopted(config: ResNetConfig, preset: ResNetConfig, fit: Fit, distance: float) -> ResNetConfig:
    """Return the configuration with a preset's values, else the defaults, wherever that changes no tensor."""
    for source in (preset, ResNetConfig()):
        for field in ResNetConfig.model_fields:
            now, value = getattr(config, field), getattr(source, field)
            settled = field in ("name", "input", "depths", "widths") or now in (value, getattr(preset, field))
            if not settled and fit.distance(config.model_copy(update={field: value})) <= distance:
                config = fit.changed(config, {field: value}) or config
    return config


def _far(config: ResNetConfig, preset: ResNetConfig) -> bool:
    ends = {"num_classes": preset.num_classes, "input": preset.input}
    return config.model_copy(update=ends) != preset


def word(name: str) -> str:
    """Return a tensor's name without its stage and block."""
    return re.sub(r"^layer\d{1,2}\.\d{1,5}\.", "block.", name)


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """Return the names that tensors have here, from the presets and each entry of each dictionary."""
    known: set[str] = set()
    for preset in PRESETS.values():
        short = preset.config.model_copy(update={"depths": tuple(min(depth, 2) for depth in preset.config.depths)})
        known.update(map(word, network_tensors(expand(short))))
    small = ResNetConfig(depths=(1, 1), widths=(16, 32), stage_strides=(1, 2))
    for field, entries in CHOICES.items():
        for entry in entries:
            try:
                known.update(map(word, network_tensors(expand(small.with_(**{field: entry})))))
            except ConfigError:
                continue
    return frozenset(known)
