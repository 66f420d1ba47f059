"""The networks that the literature names, each with its configuration and its source.

`PRESETS` holds those with a name of their own, at 3x224x224 and 1,000 classes unless the name or the
source gives others; each file of this package has the families of one kind as fields. `resviz.arch.families`
makes the rest of a family from its numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from resviz.arch.config import ResNetConfig
from resviz.arch.presets import byob, classic, convnext, darknet, multi_branch, norm_free, regnet, timm


@dataclass(frozen=True)
class Preset:
    """A named configuration as the fields that make it, the family it is listed under, and where it comes from."""

    name: str
    family: str
    source: str
    fields: Mapping[str, Any]

    @cached_property
    def config(self) -> ResNetConfig:
        """The configuration, validated when it is first asked for: of hundreds, one is opened."""
        return ResNetConfig(name=self.name, **self.fields)


PRESETS: dict[str, Preset] = {
    name: Preset(name, family, source, fields)
    for listed in (classic, timm, regnet, convnext, multi_branch, norm_free, byob, darknet)
    for (family, source), networks in listed.NETWORKS.items()
    for name, fields in networks.items()
}
