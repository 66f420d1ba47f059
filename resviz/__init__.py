"""resviz: any residual network, described once; drawn, tabulated, built, compared and profiled.

>>> import resviz
>>> net = resviz.expand(resviz.preset("resnet50"))
>>> net.params, net.macs
(25557032, 4089184256)

The names that need torch or pandas are imported when first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from resviz.arch import PRESETS, ConfigError, Network, ResNetConfig, ResvizError, expand, preset

if TYPE_CHECKING:
    from resviz.diagram import draw
    from resviz.nn import build
    from resviz.nn.from_module import from_module
    from resviz.nn.identify import identify
    from resviz.profiling import profile
    from resviz.profiling.estimate import estimate

__version__ = "0.1.0"

__all__ = [
    "PRESETS",
    "ConfigError",
    "Network",
    "ResNetConfig",
    "ResvizError",
    "build",
    "draw",
    "estimate",
    "expand",
    "from_module",
    "identify",
    "preset",
    "profile",
]

_LATE = {
    "build": "resviz.nn",
    "draw": "resviz.diagram",
    "estimate": "resviz.profiling.estimate",
    "from_module": "resviz.nn.from_module",
    "identify": "resviz.nn.identify",
    "profile": "resviz.profiling",
}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'resviz' has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
