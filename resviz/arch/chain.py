"""A builder for chains: it appends operations and keeps the shape, so that no caller computes one."""

from collections.abc import Sequence

from resviz.arch.joins import Join
from resviz.arch.layers import Arms, Chain, Gate, Layer, Node
from resviz.arch.operation import Operation, Shape
from resviz.errors import ChannelError, ShapeError


class ChainBuilder:
    """Grows a chain of layers from a shape on; ``shape`` is where it has got to."""

    def __init__(self, shape: Shape, prefix: str = "") -> None:
        self.shape = shape
        self.prefix = prefix
        self._nodes: list[Node] = []

    def add(self, name: str, op: Operation | None) -> None:
        """Append an operation under a name; None appends nothing. Raises ShapeError, naming the layer."""
        if op is None:
            return
        name = f"{self.prefix}{name}"
        try:
            out_shape = op.out_shape(self.shape)
        except ShapeError as error:
            raise type(error)(f"{name}: {error}") from None
        self._nodes.append(Layer(name, op, self.shape, out_shape))
        self.shape = out_shape

    def inside(self, name: str, shape: Shape | None = None) -> "ChainBuilder":
        """Return a builder for a chain inside a node of this one, from a shape on, else from where this one is."""
        return ChainBuilder(self.shape if shape is None else shape, f"{self.prefix}{name}.")

    def gate(self, name: str, chain: "ChainBuilder", *, adds: bool = False) -> None:
        """Append an attention unit, which keeps the shape."""
        self._nodes.append(Gate(f"{self.prefix}{name}", chain.chain(), self.shape, adds))

    def arms(
        self,
        name: str,
        arms: "Sequence[ChainBuilder]",
        join: Join,
        *,
        split: bool = False,
        cascaded: int = 0,
        weights: "ChainBuilder | None" = None,
    ) -> None:
        """Append parallel arms. Raises ShapeError, naming them, where the arms do not fit together."""
        name = f"{self.prefix}{name}"
        if split and self.shape[0] % len(arms):
            raise ChannelError(f"{name}: {self.shape[0]} channels cannot be shared among {len(arms)} arms")
        try:
            out_shape = join.out_shape([arm.shape for arm in arms])
        except ShapeError as error:
            raise ShapeError(f"{name}: {error}") from None
        chains = tuple(arm.chain() for arm in arms)
        made = weights.chain() if weights else ()
        self._nodes.append(Arms(name, chains, join, self.shape, out_shape, split, cascaded, made))
        self.shape = out_shape

    def __len__(self) -> int:
        """Return the number of nodes."""
        return len(self._nodes)

    def layers(self) -> tuple[Layer, ...]:
        """Return what was appended, where no gate and no arms are among it."""
        return tuple(node for node in self._nodes if isinstance(node, Layer))

    def chain(self) -> Chain:
        """Return what was appended."""
        return tuple(self._nodes)
