"""What a person reads about a thing in one of a network's pictures: a unit from near has ends, orders are networks."""

from dataclasses import replace

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.network import Network
from resviz.arch.orders import ORDERS
from resviz.diagram.facts import Fact, Facts, facts
from resviz.diagram.orders import FIVE
from resviz.report import formatting as fmt
from resviz.report.formulas import unit_formula


def facts_in_view(config: ResNetConfig, network: Network, view: str, unit: str, path: str) -> Facts | None:
    """Return what is known of a path in a network's picture of the kind ``view``, of the unit ``layer2.0`` if of one.

    Of a path that this picture does not draw, a layer picked in a table, it is what the network knows; None where that
    has none either.
    """
    if view == "block":
        return _ends(network, unit, path) or facts(network, path)
    order, _, rest = path.partition(".")
    if view != "orders" or order not in FIVE:
        return facts(network, path)
    other = expand(config.with_(order=order))
    found = _ends(other, unit, rest) or (facts(other, rest) if rest.startswith(f"{unit}.") else None)
    if found is None:
        return None
    here = ", as here" if order in config.each("order") else ""
    of = Fact("Order", f"{ORDERS[order].label}{here}. {ORDERS[order].summary}")
    return replace(found, path=path, rows=(of, *found.rows))


def _ends(network: Network, unit: str, path: str) -> Facts | None:
    """Return what a unit takes, or gives and computes; None for what is neither of its ends."""
    block = dict(network.blocks()).get(unit)
    if block is None or path not in ("input", "output"):
        return None
    if path == "input":
        return Facts(path, "the block's input", (Fact("Shape", fmt.shape(block.in_shape)),))
    words = f"the output of {unit}"
    lines = (Fact("where" if index else "Computes", words, line) for index, line in enumerate(unit_formula(block)))
    return Facts(path, "the block's output", (Fact("Shape", fmt.shape(block.out_shape)), *lines))
