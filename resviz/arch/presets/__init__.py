"""The networks that the literature names, each with its configuration and its source.

`PRESETS` holds those with a name of their own, at 3x224x224 and 1,000 classes unless the name or the
source gives others; each file of this package has the families of one kind as fields. `resviz.arch.families`
makes the rest of a family from its numbers.
"""

from dataclasses import dataclass

from resviz.arch.config import ResNetConfig
from resviz.arch.presets import byob, classic, convnext, multi_branch, norm_free, regnet, timm


@dataclass(frozen=True, slots=True)
class Preset:
    """A named configuration, the family it is listed under, and where it comes from."""

    config: ResNetConfig
    family: str
    source: str

    @property
    def name(self) -> str:
        """The name it is registered under."""
        return self.config.name


PRESETS: dict[str, Preset] = {
    name: Preset(ResNetConfig(name=name, **fields), family, source)
    for listed in (classic, timm, regnet, convnext, multi_branch, norm_free, byob)
    for (family, source), networks in listed.NETWORKS.items()
    for name, fields in networks.items()
}
