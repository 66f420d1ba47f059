"""What every look into a trained net shares: how it stands in a file, and how long it may take."""

from dataclasses import dataclass

LONGEST_LOOK = 180.0
"""Seconds that one look may take, training what is not kept included."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose weights were looked at."""

    net: str
    seed: int


GRADIENT_PICTURES = 256
"""Training pictures that gradients are taken over."""
LANDSCAPE_PICTURES = 256
"""Training pictures that the loss of a landscape is the mean of."""
POINTS = 21
"""Points of a landscape to a side."""
