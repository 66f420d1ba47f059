"""Every error of this room, each a sentence for people.

ResvizError
├── MemoryLimitError a run that would need more memory than the operator allows
├── BlockLimitError  a network of more blocks than a page builds or checks
├── WeightsError     a file that holds no weights, or not this network's
├── PictureError     a file that is no picture that can be read
└── ExportError      a file format that cannot be written, or a library for it that is not installed
"""

from resviz.arch import ResvizError


class MemoryLimitError(ResvizError):
    """A run that would need more memory than the operator allows."""


class BlockLimitError(ResvizError):
    """A network of more blocks than a page builds or checks while somebody waits."""


class WeightsError(ResvizError):
    """A file that holds no weights, or weights that are not this network's."""


class PictureError(ResvizError):
    """A file that is no picture, or one too large to read."""


class ExportError(ResvizError):
    """A format that this network cannot be written in, or whose library is not installed."""
