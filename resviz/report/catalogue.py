"""The catalogue: every preset with its totals, and the families that take any depth."""

from itertools import groupby
from typing import Any

from resviz.arch import FAMILIES, PRESETS, expand
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


def catalogue_text() -> str:
    """Return the catalogue for a person, by family."""
    entries = catalogue()
    patterns = [family.pattern for family in FAMILIES.values()]
    width = max(map(len, [*(entry["name"] for entry in entries), *patterns]))
    lines = [f"{'':{width + 2}}  {'input':>9}  {'params':>8}  {'MACs':>8}"]
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
