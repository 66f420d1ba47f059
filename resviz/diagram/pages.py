"""The verb that writes one HTML file of one network or of several."""

from resviz.arch.network import Network
from resviz.diagram.comparison_document import comparison_document
from resviz.diagram.element import page
from resviz.diagram.levels import Detail
from resviz.diagram.network_picture import network_picture


def html(*networks: Network, detail: Detail | str = Detail.BLOCKS) -> str:
    """Return a page of one file, without a server or the network, that begins with a level of detail.

    Of one network it is the viewer; of two to four they stand beside each other, each held against the first. Raises
    DrawError for a level that there is not, CompareError for another number of networks.
    """
    if len(networks) == 1:
        return page(network_picture(networks[0], detail).document)
    return page(comparison_document(networks, detail))
