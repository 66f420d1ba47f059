"""The laboratory: small residual and plain nets trained on real handwritten digits, and what their weights tell.

The names that need torch or scikit-learn are imported when first used, so that reading a result loads neither.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from resviz.training.experiment import Experiment
from resviz.training.result import Result
from resviz.training.small import Small, net

if TYPE_CHECKING:
    from resviz.training.loop import train

__all__ = ["Experiment", "Result", "Small", "net", "train"]

_LATE = {"train": "resviz.training.loop"}


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module 'resviz.training' has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
