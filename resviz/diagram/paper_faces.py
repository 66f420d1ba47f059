"""Nodes for print: as few words as the papers' tables have, and boxes just large enough for them."""

import re
from dataclasses import replace

from resviz.diagram.drawing import Face
from resviz.diagram.node_styles import CELL, LINE, ArmsFaces, BlockFaces, GateFaces, Item, Named, count_text
from resviz.diagram.styles import STYLES
from resviz.diagram.text import text_width

PAD = 4.0
"""From a node's words to its left and right side, pixels."""
SIGN = 15.0
"""Across the circle in which two arms meet."""
STYLE = STYLES["paper"]


def printed(faces: BlockFaces) -> BlockFaces:
    """Return the parts of a block with nodes for print."""

    def all_of(items: tuple[Named, ...]) -> tuple[Named, ...]:
        return tuple(_named(item) for item in items)

    return replace(
        faces,
        branch=tuple(_item(item) for item in faces.branch),
        arcs=tuple(replace(arc, items=tuple(_flat(item) for item in arc.items)) for arc in faces.arcs),
        pre=all_of(faces.pre),
        post=all_of(faces.post),
        gate=all_of(faces.gate),
    )


def printed_face(face: Face) -> Face:
    """Return a node for print: ``3×3`` over ``64, /2`` for a 3x3 convolution."""
    if face.shape == "circle":
        return replace(face, width=SIGN, height=SIGN)
    thin = face.height < LINE * len(face.lines) + 10
    lines = tuple(short(line) for line in face.lines)
    if "block" not in face.classes and "formula" not in face.classes:
        lines = tuple(part for line in lines for part in _narrow(line))
    width = max(text_width(line, STYLE.font) for line in lines) + 2 * PAD
    if face.count > 1:
        width += text_width(count_text(face.count), STYLE.font, bold=True) + 2 * CELL
    return replace(face, lines=lines, width=width, height=STYLE.leading * len(lines) + (4 if thin else 7))


def short(text: str) -> str:
    """Return words as a paper's table has them: ``3×3, 64`` for ``3x3 conv, 64``."""
    return re.sub(r"(?<=\d)x(?=\d)", "×", re.sub(r"(\d+x\d+) conv\b", r"\1", text))


def _narrow(line: str) -> tuple[str, ...]:
    """Return a layer's line as narrower ones: channels with their stride, then groups; two words of three below."""
    first, *rest = line.split(", ")
    if first.isdigit():
        stride = [word for word in rest if word.startswith("/")]
        return (", ".join([first, *stride]), *(word for word in rest if word not in stride))
    words = line.split(" ", 1)
    return tuple(words) if line.count(" ") == 2 and words[0].isalpha() else (line,)


def _flat(item: Named) -> Named:
    """Return a node of a shortcut: in one line, for there it is room above that is short."""
    return _named(replace(item, face=replace(item.face, lines=(", ".join(item.face.lines),), classes=("block",))))


def _named(item: Named) -> Named:
    return replace(item, face=printed_face(item.face))


def _item(item: Item) -> Item:
    match item:
        case Named():
            return _named(item)
        case GateFaces(chain, times):
            return GateFaces(tuple(_item(each) for each in chain), _named(times))
        case ArmsFaces(arms, join, weights):
            made = tuple(
                replace(arm, chain=tuple(_item(each) for each in arm.chain), label=short(arm.label)) for arm in arms
            )
            return ArmsFaces(made, _named(join), tuple(_item(each) for each in weights))
