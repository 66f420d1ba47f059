"""One picture as the viewer's document: it moves, searches and folds, and offers no other level or direction."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from resviz.arch.network import Network
from resviz.diagram.drawing import Drawing
from resviz.diagram.heat import Heat, heat_of
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail, foldable
from resviz.diagram.network_picture import NetworkPicture
from resviz.diagram.search import search_index
from resviz.diagram.strips import strips
from resviz.diagram.svg import screen_svg
from resviz.diagram.viewer_document import GIVEN, VERSION, Start, begins, heat_values
from resviz.diagram.views import DIRECTIONS
from resviz.report.headline import crowded


def still_document(picture: Drawing, network: Network, highlights: Collection[str] = ()) -> dict[str, Any]:
    """Return what the element shows of one picture of a network, of the form `viewer.schema.json`.

    The nodes of the paths ``highlights`` stand out. What folds in the picture of a whole network folds by hand.
    """
    direction, detail = "right" if picture.horizontal else "down", Detail(picture.detail)
    folds = isinstance(picture, NetworkPicture) and not crowded(network)
    laid = lay_out(network, detail, horizontal=picture.horizontal) if folds else picture
    heat = _heat(picture, network)
    colours = [node.path for node in picture.nodes] + list(foldable(network)) + [name for name, _ in network.walk()]
    return {
        "format": "resviz-diagram",
        "version": VERSION,
        "name": picture.name,
        "shown": begins(picture, [detail], GIVEN if heat else "", Start(highlights=tuple(highlights))),
        "choices": {
            "detail": [[detail.value, detail.value.capitalize()]],
            "direction": [[direction, DIRECTIONS[direction]]],
            "heat": [[GIVEN, heat.label] if heat else ["", "Kind of layer"]],
        },
        "totals": [],
        "pictures": {
            detail.value: {direction: screen_svg(laid), "search": asdict(search_index(network, laid)), "flow": []}
        },
        "strips": {name: strips(network, horizontal=name == "right") for name in DIRECTIONS} if folds else None,
        "heat": {GIVEN: heat_values(heat, colours)} if heat else {},
        "details": {},
        "numbers": None,
        "tables": [],
    }


def _heat(picture: Drawing, network: Network) -> Heat | None:
    """Return what a picture is coloured by."""
    heat = picture.heat if isinstance(picture, NetworkPicture) else None
    return heat_of(network, heat) if isinstance(heat, str) else heat
