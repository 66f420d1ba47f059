"""The catalogue: every preset with its totals, and the families that take any depth."""

from itertools import groupby
from typing import Any

from resviz.arch import FAMILIES, PRESETS, expand
from resviz.arch.fields import CHOICES
from resviz.arch.presets import Preset
from resviz.report import formatting


def catalogue() -> list[dict[str, Any]]:
    """Return every preset in order as plain data: name, family, source, input, params and MACs."""
    entries = []
    for name, preset in PRESETS.items():
        network = expand(preset.config)
        entries.append(
            {
                "name": name,
                "family": preset.family,
                "source": preset.source,
                "input": list(network.input),
                "params": network.params,
                "macs": network.macs,
            }
        )
    return entries


def search_words(preset: Preset) -> list[str]:
    """Return what people call a preset beside its name: its family's words, its block, order and attention, v1.5."""
    config = preset.config
    said = [*preset.family.replace(",", " ").split(), preset.family]
    for field in ("block", "order", "attention"):
        for value in dict.fromkeys(config.each(field)):
            if value not in ("post", "none"):
                said += [str(CHOICES[field][value].label), str(value)]
    if "preact" in "".join(config.each("order")):
        said.append("pre-activation")
    if "bottleneck" in config.each("block") and preset.family.startswith("ResNet"):
        said.append("v1" if config.stride_in == "1x1" else "v1.5")
    return list(dict.fromkeys(said))


def catalogue_text() -> str:
    """Return the catalogue for a person, by family."""
    entries = catalogue()
    patterns = [family.pattern for family in FAMILIES.values()]
    width = max(map(len, [*(entry["name"] for entry in entries), *patterns]))
    lines = [f"{'':{width + 2}}  {'Input':>9}  {'Params':>8}  {'MACs':>8}"]
    for family, members in groupby(entries, key=lambda entry: str(entry["family"])):
        lines.append(family)
        lines += [
            f"  {entry['name']:{width}}  {formatting.shape(entry['input']):>9}"
            f"  {formatting.short(entry['params']):>8}  {formatting.short(entry['macs']):>8}"
            for entry in members
        ]
    lines.append("Any depth of a family")
    lines += [f"  {family.pattern:{width}}  {family.formula}" for family in FAMILIES.values()]
    return "\n".join(lines)
