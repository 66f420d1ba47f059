"""The errors of this room."""

from resviz.arch.errors import ResvizError


class DrawError(ResvizError):
    """A picture that cannot be drawn or written as asked; its text says what can."""
