"""A builder for chains: it appends operations and keeps the shape, so that no caller computes one."""

from typing import TYPE_CHECKING

from resviz.arch.errors import ShapeError
from resviz.arch.tree import Chain, Gate, Layer, Node

if TYPE_CHECKING:
    from resviz.arch.ops import Op, Shape


class ChainBuilder:
    """Grows a chain of layers from a shape on; ``shape`` is where it has got to."""

    def __init__(self, shape: "Shape", prefix: str = "") -> None:
        self.shape = shape
        self.prefix = prefix
        self._nodes: list[Node] = []

    def add(self, name: str, op: "Op | None") -> None:
        """Append an operation under a name; None appends nothing. Raises ShapeError, naming the layer."""
        if op is None:
            return
        name = f"{self.prefix}{name}"
        try:
            out_shape = op.out_shape(self.shape)
        except ShapeError as error:
            raise ShapeError(f"{name}: {error}") from None
        self._nodes.append(Layer(name, op, self.shape, out_shape))
        self.shape = out_shape

    def gate(self, name: str, layers: "tuple[Layer, ...]") -> None:
        """Append an attention unit, which keeps the shape."""
        self._nodes.append(Gate(name, layers, self.shape))

    def layers(self) -> tuple[Layer, ...]:
        """Return what was appended, where no gate is among it."""
        return tuple(node for node in self._nodes if isinstance(node, Layer))

    def chain(self) -> Chain:
        """Return what was appended."""
        return tuple(self._nodes)
