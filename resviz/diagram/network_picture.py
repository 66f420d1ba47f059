"""The verb that draws a network, and the picture it returns, which also knows the network that it is of."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Self

from resviz.arch.config import ResNetConfig
from resviz.arch.expand import expand
from resviz.arch.network import Network
from resviz.diagram.facts import facts
from resviz.diagram.heat import Heat, heat_of
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail, level_of
from resviz.diagram.paper import Width, figure
from resviz.diagram.picture import Picture
from resviz.diagram.styles import STYLES
from resviz.diagram.viewer_document import Start, document
from resviz.diagram.viewer_picture import ViewerPicture
from resviz.errors import DrawError

PAPER = "A paper's figure is black on white, from left to right in rows."


@dataclass(frozen=True, repr=False)
class NetworkPicture(ViewerPicture):
    """What `draw` returns of a network for a screen.

    ``heat`` is what it is coloured by, ``start`` what stands on it where the viewer shows it.
    """

    network: Network | None = field(default=None, compare=False, repr=False)
    heat: str | Heat | None = field(default=None, compare=False, repr=False)
    start: Start = field(default=Start(), compare=False, repr=False)

    def starting(
        self, node: str = "", *, numbers: bool = False, edges: bool = False, highlights: Collection[str] = ()
    ) -> Self:
        """Return the same picture with what the viewer begins with on it: in a notebook, as .html and as .json.

        ``node`` is the path of what is selected (``layer3.0.conv2``), ``numbers`` counts the weighted layers, ``edges``
        makes lines as wide as the tensors that they carry, and nodes of the ``highlights``' paths stand out. Other
        formats show none of it. Raises DrawError for a path that the network does not have.
        """
        assert self.network is not None
        for name, path in (("node", node), *(("highlights", path) for path in highlights)):
            if path and facts(self.network, path) is None:
                raise DrawError(
                    f"{name} {path!r} does not exist in {self.name}; it is the path of a layer, block, stage or "
                    "shortcut, as in layer2.0.conv1, layer2.0, layer2, layer2.0.shortcut."
                )
        return replace(self, start=Start(node, numbers, edges, tuple(highlights)))

    @property
    def document(self) -> dict[str, Any]:
        """All that the viewer shows, as plain data (`viewer.schema.json`); it begins with this picture."""
        assert self.network is not None
        return document(self.network, self, self.heat, self.start)


def draw(  # noqa: PLR0913 - each is a word of its own about the picture, and all but two are optional
    network: Network | ResNetConfig,
    detail: Detail | str = Detail.BLOCKS,
    *,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    horizontal: bool = False,
    heat: str | Heat | None = None,
    style: str = "screen",
    width: Width | str | None = None,
    only: Collection[str] = (),
) -> Picture:
    """Return the picture of a network at a level of detail.

    ``unfold`` and ``fold`` name stages (``layer3``), runs (``layer3.1-5``) or blocks (``layer3.0``) to take
    apart or together against the level. ``heat`` colours the nodes: "params", "macs", "activations",
    "receptive", or a `Heat` of measured values. What is returned is a `NetworkPicture`, which a notebook shows as the
    viewer.

    ``style="paper"`` is a figure for print: black on white, no heading, from left to right in rows of a column's
    ``width`` ("one", or "two" for both columns), with text of 8 pt or more. ``only`` names the stages, runs, blocks
    and single layers that it shows.

    Raises DrawError for a level, a path, a heat or a style that does not exist, for what a style has no use for and
    for a figure that does not fit; ConfigError for an impossible configuration.
    """
    if isinstance(network, ResNetConfig):
        network = expand(network)
    if style == "paper":
        if horizontal or heat is not None:
            raise DrawError(f"{'heat' if heat is not None else 'horizontal'} changes nothing in this picture. {PAPER}")
        column = Width.ONE if width is None else width
        return figure(network, level_of(detail), unfold, fold, only=only, width=column)
    if style not in STYLES:
        raise DrawError(f"style {style!r} does not exist; it is one of {', '.join(STYLES)}.")
    if width is not None or only:
        raise DrawError(f"{'only' if only else 'width'} changes nothing in this picture. Take style paper with it.")
    return network_picture(network, detail, unfold=unfold, fold=fold, horizontal=horizontal, heat=heat)


def network_picture(
    network: Network,
    detail: Detail | str = Detail.BLOCKS,
    *,
    unfold: Collection[str] = (),
    fold: Collection[str] = (),
    horizontal: bool = False,
    heat: str | Heat | None = None,
) -> NetworkPicture:
    """Return the picture for a screen; options and errors are those of `draw`."""
    scale = heat_of(network, heat) if isinstance(heat, str) else heat
    laid = lay_out(network, detail, unfold=unfold, fold=fold, horizontal=horizontal, heat=scale)
    parts = {name: getattr(laid, name) for name in laid.__dataclass_fields__}
    return NetworkPicture(**parts, network=network, heat=heat)
