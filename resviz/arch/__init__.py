"""What a residual network is: configuration, layers, presets. Pure Python, no torch."""

from resviz.arch.config import ResNetConfig
from resviz.arch.errors import ConfigError, ResvizError, UnknownNameError
from resviz.arch.expand import expand
from resviz.arch.families import FAMILIES, find, preset
from resviz.arch.network import Network
from resviz.arch.presets import PRESETS, Preset

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
