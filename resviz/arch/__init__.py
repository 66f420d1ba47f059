"""What a residual network is: configuration, layers, presets. Pure Python, no torch."""

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.families import FAMILIES, find, preset
from resviz.arch.network import Network
from resviz.arch.presets import PRESETS, Preset
from resviz.errors import ConfigError, ResvizError, UnknownNameError

__all__ = [
    "FAMILIES",
    "PRESETS",
    "ConfigError",
    "Network",
    "Preset",
    "ResNetConfig",
    "ResvizError",
    "UnknownNameError",
    "expand",
    "find",
    "preset",
]
