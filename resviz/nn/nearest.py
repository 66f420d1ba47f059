"""Where the search for a file's configuration starts: the presets, taken to the file's depths, widths and ends."""

from typing import Any

from resviz.arch import PRESETS, ConfigError, ResNetConfig
from resviz.arch.block_types import BLOCKS
from resviz.arch.fields import MAX_BLOCKS, MAX_CHANNELS, MAX_CLASSES, MAX_STAGES, PER_STAGE
from resviz.arch.inactive import without_inactive
from resviz.nn import measures
from resviz.nn.fitting import SIDE, Fit
from resviz.nn.inventory import Inventory

STARTS = 3
"""Presets that the search starts from, where none fits as it is."""


def ends(config: ResNetConfig, inventory: Inventory) -> dict[str, Any]:
    """Return the fields of a preset that a file of its own may have otherwise: channels of the picture, classes."""
    channels, classes = measures.channels(inventory), measures.classes(inventory)
    found: dict[str, Any] = {}
    if channels and channels <= MAX_CHANNELS:
        found["input"] = (channels, *config.input[1:])
    if classes and classes <= MAX_CLASSES:
        found["num_classes"] = classes
    return found


def adapted(config: ResNetConfig, inventory: Inventory) -> ResNetConfig | None:
    """Return a preset with the file's stages, depths, widths and ends, for a picture that any strides suit."""
    stages, last = measures.stages(inventory), len(inventory.stages)
    each = {name: (config.each(name) + config.each(name)[-1:] * last)[:last] for name in PER_STAGE}
    fields: dict[str, Any] = {
        **config.to_dict(),
        **ends(config, inventory),
        **each,
        "name": config.name,
        "depths": measures.depths(inventory),
        "widths": tuple(
            max(stage.out // BLOCKS[block].expansion, 1) for stage, block in zip(stages, each["block"], strict=True)
        ),
        "stage_strides": (config.stage_strides + (2,) * last)[:last],
        "stem_width": measures.stem_width(inventory),
        "output_stride": None,
        "identity_units": 0,
    }
    fields["input"] = (fields.get("input", config.input)[0], SIDE, SIDE)
    try:
        return ResNetConfig(**without_inactive(fields))
    except ConfigError:
        return None


def describable(inventory: Inventory) -> bool:
    """Return whether the file has blocks in stages, no more than a network may have, and no empty tensor."""
    sound = 0 < len(inventory.stages) <= MAX_STAGES and sum(inventory.depths) <= MAX_BLOCKS
    return sound and all(0 < side <= MAX_CHANNELS for shape in inventory.tensors.values() for side in shape)


def starts(fit: Fit) -> tuple[float, ResNetConfig]:
    """Return the preset that is nearest with the file's ends, and its distance.

    Only where none of the same depths fits are the others looked at.
    """
    depths = measures.depths(fit.inventory)
    same = [each.config for each in PRESETS.values() if each.config.depths == depths]
    found = _nearest(fit, same)
    if found is None or found[0] >= 1:
        found = _nearest(fit, [each.config for each in PRESETS.values()])
    assert found is not None
    return found


def _nearest(fit: Fit, presets: list[ResNetConfig]) -> tuple[float, ResNetConfig] | None:
    """Return the nearest of some presets, of two alike the simpler."""
    found = []
    for preset in presets:
        config = preset.model_copy(update=ends(preset, fit.inventory))
        found.append((fit.distance(config), rank(preset), config))
    least = min(found, key=lambda each: each[:2], default=None)
    return None if least is None else (least[0], least[2])


def rank(config: ResNetConfig) -> int:
    """Return how many of a configuration's fields are not at their defaults: of two alike, the simpler is likelier."""
    defaults = ResNetConfig.model_fields
    return sum(getattr(config, name) != field.default for name, field in defaults.items() if name != "name")
