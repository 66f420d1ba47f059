"""The weights of nets that were trained lately: a bounded store of the process.

What was forgotten, or was trained elsewhere, can be trained again (`resviz.training.trained`).
"""

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor, nn

    from resviz.arch import ResNetConfig
    from resviz.training.experiment import Experiment

MOST_BYTES = 64_000_000
"""Bytes of weights that a process keeps."""

Key = tuple[str, int, int, float, int]


class Kept:
    """State dicts by what made them, the least lately used forgotten first."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._states: OrderedDict[Key, dict[str, Tensor]] = OrderedDict()

    def put(self, key: Key, state: "dict[str, Tensor]") -> None:
        """Keep a state, and forget others as far as it takes."""
        with self._lock:
            self._states[key] = state
            self._states.move_to_end(key)
            while len(self._states) > 1 and sum(map(_bytes, self._states.values())) > self._most:
                self._states.popitem(last=False)

    def get(self, key: Key) -> "dict[str, Tensor] | None":
        """Return a state, None where it is not here."""
        with self._lock:
            if key in self._states:
                self._states.move_to_end(key)
            return self._states.get(key)


_KEPT = Kept()


def _bytes(state: "dict[str, Tensor]") -> int:
    return sum(value.numel() * value.element_size() for value in state.values())


def _key(net: "ResNetConfig", experiment: "Experiment", seed: int) -> Key:
    return net.to_json(), experiment.epochs, experiment.batch, experiment.rate, seed


def kept(net: "ResNetConfig", experiment: "Experiment", seed: int) -> "dict[str, Tensor] | None":
    """Return what a net has learnt, None where it is not kept."""
    return _KEPT.get(_key(net, experiment, seed))


def keep(net: "ResNetConfig", experiment: "Experiment", seed: int, module: "nn.Module") -> None:
    """Keep what a net has learnt."""
    state = {name: value.detach().clone() for name, value in module.state_dict().items()}
    _KEPT.put(_key(net, experiment, seed), state)
