"""What a shortcut has to bridge."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """What a shortcut has to bridge: channels in and out, and the stride; ``dilation`` is the unit's.

    ``dilated`` is a stride that became a dilation of what follows: where it is not 1, ``stride`` is.
    """

    in_channels: int
    out_channels: int
    stride: int
    dilation: int = 1
    dilated: int = 1

    @property
    def none(self) -> bool:
        """Whether the shape stays."""
        return self.stride == 1 and self.in_channels == self.out_channels
