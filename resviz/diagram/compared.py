"""The pictures of a comparison's networks, one by one, each with the marks of its nodes and what is said of them."""

from dataclasses import dataclass

from resviz.diagram.differences import node_marks, node_sentences
from resviz.diagram.layout import lay_out
from resviz.diagram.levels import Detail
from resviz.diagram.narrow import narrow, untitled
from resviz.diagram.picture import Picture
from resviz.report.compare import Comparison, Mark
from resviz.report.differences import differences_by_path


@dataclass(frozen=True, slots=True)
class Pane:
    """A network's picture under its title; ``marks`` are those of its nodes, ``sentences`` what they say, by path."""

    name: str
    picture: Picture
    marks: dict[str, Mark]
    sentences: dict[str, str]

    @property
    def slim(self) -> Picture:
        """The picture as narrow as it can be and without its heading, to stand next to others under names."""
        return untitled(narrow(self.picture))

    @property
    def marked(self) -> dict[str, list[str]]:
        """What the viewer's panes take of each marked node: the mark, its sign and what is said."""
        return {
            path: [mark.value, mark.sign, self.sentences.get(path, mark.words)] for path, mark in self.marks.items()
        }


def panes(comparison: Comparison, detail: Detail | str = Detail.BLOCKS) -> tuple[Pane, ...]:
    """Return each network's pane. Raises DrawError for a level of detail that does not exist."""
    marks = (comparison.base_marks, *comparison.marks[1:])
    others = [differences_by_path(comparison, index) for index in range(1, len(marks))]
    first = {path: f"in B {sentence}" for path, sentence in others[0].items()}
    found = []
    for name, network, layers, said in zip(
        comparison.titles, comparison.networks, marks, (first, *others), strict=True
    ):
        picture = lay_out(network, detail)
        paths = [node.path for node in picture.nodes]
        found.append(Pane(name, picture, node_marks(paths, network, layers), node_sentences(paths, said)))
    return tuple(found)
