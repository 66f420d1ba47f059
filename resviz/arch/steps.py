"""The steps of an order put into a chain: normalisation and activation under torchvision's names."""

from functools import cache

from resviz.arch.activations import ACTIVATIONS
from resviz.arch.chain import ChainBuilder
from resviz.arch.choices import Choices
from resviz.arch.norms import norm
from resviz.arch.ops import Activation


def activation(choices: Choices) -> Activation:
    """Return the chosen activation."""
    return _activation(choices.activation)


@cache
def _activation(name: str) -> Activation:
    return Activation(ACTIVATIONS[name])


class Steps:
    """Appends the steps n and a, numbered through a block: ``bn1``, ``relu1``, ``bn2``."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self._norms = self._activations = 0

    def append(self, out: ChainBuilder, letters: str, *, zero_init: bool = False) -> None:
        """Append the steps to a chain; ``zero_init`` lets the norms among them start with gamma at 0."""
        for letter in letters:
            if letter == "n":
                self._norms += 1
                out.add(f"bn{self._norms}", norm(self.choices, out.shape[0], zero_init=zero_init))
            else:
                self._activations += 1
                out.add(f"{self.choices.activation}{self._activations}", activation(self.choices))
