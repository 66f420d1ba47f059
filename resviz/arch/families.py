"""Families of networks as functions of depth: a person types a depth and gets the net or the rule."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from resviz.arch.config import ResNetConfig
from resviz.arch.entries import HE2015, HE2016, HU2017, RADOSAVOVIC2020, XIE2016, ZAGORUYKO2016, Entry
from resviz.arch.libraries import in_library, library_preset
from resviz.arch.presets import PRESETS, Preset
from resviz.arch.presets.common import cifar, wrn
from resviz.arch.presets.regnet import Y, regnet
from resviz.errors import ConfigError, UnknownNameError, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Family(Entry):
    """Networks that differ in a few numbers; ``pattern`` is their name with the numbers in braces.

    A depth is possible where it is ``per_unit * n + extra`` for a whole n of at least 1.
    """

    pattern: str
    per_unit: int
    extra: int
    build: Callable[[dict[str, Any], int], dict[str, Any]]
    usual: tuple[tuple[str, int | float], ...] = ()

    @property
    def example(self) -> dict[str, int | float]:
        """The pattern's numbers, in order, for a small member; one that is a float may have decimals."""
        usual: dict[str, int | float] = {
            "depth": 3 * self.per_unit + self.extra,
            "k": 4,
            "groups": 32,
            "width": 4,
            "classes": 10,
        }
        usual |= dict(self.usual)
        return {name: usual[name] for name in re.findall(r"{(\w+)}", self.pattern)}

    def match(self, name: str) -> dict[str, int | float] | None:
        """Return the numbers in a name of this family, or None for a name that is not."""
        kinds = {key: type(value) for key, value in self.example.items()}
        digits = {int: "[0-9]{1,6}", float: r"[0-9]{1,4}(?:\.[0-9]{1,4})?"}
        regex = re.escape(self.pattern)
        for key, kind in kinds.items():
            regex = regex.replace(rf"\{{{key}\}}", f"(?P<{key}>{digits[kind]})")
        found = re.fullmatch(regex, name)
        return {key: kinds[key](value) for key, value in found.groupdict().items()} if found else None

    def preset(self, **numbers: Any) -> Preset:
        """Return the member that the pattern's numbers name. Raises ConfigError for a depth that is none."""
        depth = numbers["depth"]
        units, rest = divmod(depth - self.extra, self.per_unit)
        name = self.pattern.format(**numbers)
        if rest or units < 1:
            low = self.per_unit * max(units, 1) + self.extra
            near = " or ".join(str(d) for d in (low, low + self.per_unit))
            raise ConfigError.of(
                "name",
                f"{name}: depth {depth} does not exist in this family, whose depths are "
                f"{self.per_unit}n + {self.extra}; the nearest are {near}.",
            )
        return Preset(name, self.label, self.source, self.build(numbers, units))


def _classes(fields: dict[str, Any], numbers: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "num_classes": numbers["classes"]}


def _regnet(numbers: dict[str, Any], **changes: Any) -> dict[str, Any]:
    depth, w_0, w_a, w_m, group = (numbers[name] for name in ("depth", "w_0", "w_a", "w_m", "group_width"))
    if w_m <= 1 or min(w_0, group) < 1:
        raise ConfigError.of("name", f"w_m {w_m:g} must be greater than 1, w_0 {w_0} and the group's width at least 1.")
    if depth > 1_000:
        raise ConfigError.of("name", f"depth {depth} is more than the 1,000 blocks that a RegNet may have here.")
    return regnet(depth, w_0, w_a, w_m, group, **changes)


FAMILIES: dict[str, Family] = {
    "resnet_cifar": Family(
        label="ResNet-n for CIFAR",
        summary="Three stages of basic blocks, widths 16, 32, 64, option A.",
        formula="depth = 6n + 2",
        latex=r"\text{depth} = 6n + 2",
        source=f"{HE2015}, Sec. 4.2",
        pattern="resnet{depth}_cifar{classes}",
        per_unit=6,
        extra=2,
        build=lambda numbers, n: _classes(cifar("basic", n, shortcut="A"), numbers),
    ),
    "resnet_bn_cifar": Family(
        label="ResNet-n for CIFAR, bottleneck",
        summary="Three stages of bottlenecks, inner widths 16, 32, 64.",
        formula="depth = 9n + 2",
        latex=r"\text{depth} = 9n + 2",
        source=f"{HE2016}, Sec. 5",
        pattern="resnet{depth}bn_cifar{classes}",
        per_unit=9,
        extra=2,
        build=lambda numbers, n: _classes(cifar("bottleneck", n), numbers),
    ),
    "plain_cifar": Family(
        label="Plain-n for CIFAR",
        summary="The CIFAR nets without shortcuts.",
        formula="depth = 6n + 2",
        latex=r"\text{depth} = 6n + 2",
        source=f"{HE2015}, Sec. 4.2",
        pattern="plain{depth}_cifar{classes}",
        per_unit=6,
        extra=2,
        build=lambda numbers, n: _classes(cifar("basic", n, shortcut="none"), numbers),
    ),
    "preact_cifar": Family(
        label="Pre-activation ResNet-n for CIFAR",
        summary="Basic blocks in full pre-activation.",
        formula="depth = 6n + 2",
        latex=r"\text{depth} = 6n + 2",
        source=f"{HE2016}, Sec. 4",
        pattern="preact_resnet{depth}_cifar{classes}",
        per_unit=6,
        extra=2,
        build=lambda numbers, n: _classes(cifar("basic", n, order="full_preact"), numbers),
    ),
    "preact_bn_cifar": Family(
        label="Pre-activation ResNet-n for CIFAR, bottleneck",
        summary="Bottlenecks in full pre-activation.",
        formula="depth = 9n + 2",
        latex=r"\text{depth} = 9n + 2",
        source=f"{HE2016}, Sec. 5",
        pattern="preact_resnet{depth}bn_cifar{classes}",
        per_unit=9,
        extra=2,
        build=lambda numbers, n: _classes(cifar("bottleneck", n, order="full_preact"), numbers),
    ),
    "wrn_cifar": Family(
        label="WRN-d-k for CIFAR",
        summary="Pre-activation basic blocks, k times as wide as the CIFAR ResNet.",
        formula="depth = 6n + 4; widths 16k, 32k, 64k",
        latex=r"\text{depth} = 6n + 4;\ \text{widths } 16k, 32k, 64k",
        source=f"{ZAGORUYKO2016}, Table 1",
        pattern="wrn{depth}_{k}_cifar{classes}",
        per_unit=6,
        extra=4,
        build=lambda numbers, n: _classes(wrn(numbers["depth"], numbers["k"]), numbers),
    ),
    "wrn_dropout_cifar": Family(
        label="WRN-d-k for CIFAR with dropout",
        summary="WRN with dropout 0.3 between the convolutions of a block.",
        formula="depth = 6n + 4; widths 16k, 32k, 64k",
        latex=r"\text{depth} = 6n + 4;\ \text{widths } 16k, 32k, 64k",
        source=f"{ZAGORUYKO2016}, Sec. 2.4 and Table 6",
        pattern="wrn{depth}_{k}_dropout_cifar{classes}",
        per_unit=6,
        extra=4,
        build=lambda numbers, n: _classes({**wrn(numbers["depth"], numbers["k"]), "dropout": 0.3}, numbers),
    ),
    "resnext_cifar": Family(
        label="ResNeXt-n for CIFAR",
        summary="Three stages of grouped bottlenecks: cardinality x width.",
        formula="depth = 9n + 2",
        latex=r"\text{depth} = 9n + 2",
        source=f"{XIE2016}, Sec. 5.3",
        pattern="resnext{depth}_{groups}x{width}d_cifar{classes}",
        per_unit=9,
        extra=2,
        build=lambda numbers, n: _classes(
            cifar(
                "bottleneck",
                n,
                widths=(64, 128, 256),
                groups=numbers["groups"],
                width_per_group=numbers["width"],
            ),
            numbers,
        ),
    ),
    "seresnet_cifar": Family(
        label="SE-ResNet-n for CIFAR",
        summary="The CIFAR ResNet with projections and squeeze-and-excitation, reduced by 16 as in the paper.",
        formula="depth = 6n + 2",
        latex=r"\text{depth} = 6n + 2",
        source=f"{HU2017}, Sec. 6.1",
        pattern="seresnet{depth}_cifar{classes}",
        per_unit=6,
        extra=2,
        build=lambda numbers, n: _classes(cifar("basic", n, attention="se", attention_divisor=1), numbers),
    ),
    **{
        f"regnet{letter}": Family(
            label=f"RegNet{letter.upper()}",
            summary=summary,
            formula="u_j = w_0 + w_a j, put on w_0 w_m^s",
            latex=r"u_j = w_0 + w_a\,j,\ \text{put on } w_0\,w_m^s",
            source=f"{RADOSAVOVIC2020}, Sec. 3.3",
            pattern=f"regnet{letter}_d{{depth}}_w{{w_0}}_a{{w_a}}_m{{w_m}}_g{{group_width}}",
            per_unit=1,
            extra=0,
            usual=(("depth", 22), ("w_0", 24), ("w_a", 24.48), ("w_m", 2.54), ("group_width", 16)),
            build=build,
        )
        for letter, summary, build in (
            ("x", "Widths and depths from a quantised line, grouped bottlenecks.", lambda numbers, n: _regnet(numbers)),
            ("y", "A RegNetX with squeeze-and-excitation.", lambda numbers, n: _regnet(numbers, **Y)),
        )
    },
}


def find(name: str) -> Preset:
    """Return the preset of a name, or the member of a family that the name stands for.

    A library may stand before the name of its network: ``timm/resnetaa50d`` (`resviz.arch.libraries`). Raises
    UnknownNameError for a name that is neither, ConfigError for a family's impossible depth.
    """
    if name in PRESETS:
        return PRESETS[name]
    if in_library(name):
        return library_preset(name)
    for family in FAMILIES.values():
        numbers = family.match(name)
        if numbers is not None:
            member = family.preset(**numbers)
            _ = member.config  # numbers that no network has are refused here
            return member
    raise UnknownNameError(unknown("preset", name, PRESETS, like="resnet50 or wrn28_10_cifar10"))


def preset(name: str) -> ResNetConfig:
    """Return the configuration of a named network, ``resnet50`` or ``wrn28_10_cifar10``.

    Raises UnknownNameError for a name that nothing is registered under, ConfigError for a family's
    impossible depth.
    """
    return find(name).config
