"""The picture as a LaTeX document of class `standalone`, drawn with TikZ; a point is taken for a pixel.

It is set in Latin Modern Sans, which scales, by pdfLaTeX, LuaLaTeX or XeLaTeX.
"""

import unicodedata

from resviz.diagram.drawing import Badge, Drawing, Edge, Face, Key, Node, Note, Point
from resviz.diagram.marks import RADIUS, SIGNS
from resviz.diagram.node_styles import CELL, FONT, LINE, count_text
from resviz.diagram.palette import GROUNDS, HEAT, INK, PAPER, SOFT, ink, paint
from resviz.diagram.text import text_width
from resviz.errors import DrawError
from resviz.report.escapes import printable

LAST_LETTER = "\u017f"
"""The last letter, in Unicode's order, of those that the fonts of pdfLaTeX hold."""
UNSEEN = ("Cc", "Cf", "Mn", "Me", "Cs", "Co", "Cn")
"""Unicode's categories of what has no shape of its own, or none that TeX could set."""
MAX_LENGTH = 16_000
"""Points; TeX gives up at 16,384 (2^14)."""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "×": r"$\times$",
    "−": r"$-$",
    "Σ": r"$\Sigma$",
}
"""What LaTeX would take for a command, and what its usual fonts lack."""


def tikz(drawing: Drawing) -> str:
    """Return the picture as a document; a name that is not Latin needs LuaLaTeX or XeLaTeX and a font.

    Raises DrawError for a picture longer than TeX can measure.
    """
    if max(drawing.width, drawing.height) > MAX_LENGTH:
        raise DrawError(
            f"This picture is {max(drawing.width, drawing.height):,.0f} points long and TeX measures no more than "
            f"{MAX_LENGTH:,}; choose a coarser level of detail, or fold some stages."
        )
    colours = _Colours()
    body = [
        *(
            f"\\fill[{colours(GROUNDS.get(band.classes[0], PAPER))},rounded corners=8pt] "
            f"{_at((band.left, band.top))} rectangle {_at((band.left + band.width, band.top + band.height))};"
            for band in drawing.bands
        ),
        *(_note(note, colours) for note in drawing.notes),
        *(line for key in drawing.legend for line in _key(key, colours)),
        *(line for edge in drawing.edges for line in _edge(edge, colours)),
        *(line for node in drawing.nodes for line in _node(node, colours)),
        *(line for badge in drawing.badges for line in _badge(badge, colours)),
    ]
    return "\n".join(
        [
            r"\documentclass[tikz,border=0pt]{standalone}",
            r"\usepackage{iftex}",
            r"\ifpdftex\usepackage[T1]{fontenc}\fi",
            r"\usepackage{lmodern}",
            r"\usepackage{textcomp}",
            *_letters(body),
            r"\usetikzlibrary{arrows.meta}",
            r"\renewcommand{\familydefault}{\sfdefault}",
            *colours.definitions,
            r"\begin{document}",
            r"\begin{tikzpicture}[x=1pt,y=-1pt,line width=0.8pt,inner sep=0pt,outer sep=0pt]",
            f"\\path[use as bounding box] (0,0) rectangle {_at((drawing.width, drawing.height))};",
            *body,
            r"\end{tikzpicture}",
            r"\end{document}",
            "",
        ]
    )


class _Colours:
    """Names for the colours that a picture uses; calling it with ``#rrggbb`` returns the name."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}

    def __call__(self, colour: str) -> str:
        return self.names.setdefault(colour, f"c{len(self.names)}")

    @property
    def definitions(self) -> list[str]:
        return [f"\\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}" for colour, name in self.names.items()]


def _at(point: Point) -> str:
    return f"({point[0]:.2f},{point[1]:.2f})"


def _words(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in printable(text) if unicodedata.category(char) not in UNSEEN)


def _letters(body: list[str]) -> list[str]:
    """Return what pdfLaTeX is to set for the letters that its fonts lack: a box with the letter's number.

    LuaLaTeX and XeLaTeX know no such command and set the letters themselves.
    """
    beyond = sorted({char for char in "".join(body) if char > LAST_LETTER})
    return [
        rf"\ifdefined\DeclareUnicodeCharacter\DeclareUnicodeCharacter{{{ord(char):04X}}}"
        rf"{{\fbox{{\tiny {ord(char):04X}}}}}\fi"
        for char in beyond
    ]


def _text(place: Point, text: str, size: float, colour: str, anchor: str = "center", *, bold: bool = False) -> str:
    # Latin Modern Sans runs a little narrower than the font that the layout reckons with.
    font = f"\\fontsize{{{size:g}}}{{{size * 1.2:.1f}}}\\selectfont" + ("\\bfseries" if bold else "")
    shown = f"\\strut {text}"
    return f"\\node[anchor={anchor},text={colour},font={{{font}}}] at {_at(place)} {{{shown}}};"


def _note(note: Note, colours: _Colours) -> str:
    anchor = {"start": "west", "middle": "center", "end": "east"}[note.anchor]
    colour = colours(SOFT if "small" in note.classes else INK)
    return _text(
        (note.x, note.y),
        _words(note.text),
        note.size,
        colour,
        anchor,
        bold=bool({"title", "label"} & set(note.classes)),
    )


def _key(key: Key, colours: _Colours) -> list[str]:
    if key.sample == "heat":
        steps = [
            f"\\filldraw[fill={colours(colour)},draw={colours('#7a5a45')},line width=0.4pt] "
            f"{_at((key.x + 12 * step, key.y - 6))} rectangle {_at((key.x + 12 * step + 12, key.y + 6))};"
            for step, colour in enumerate(HEAT)
        ]
        return [*steps, _text((key.x + 12 * len(HEAT) + 8, key.y), _words(key.text), 11, colours(SOFT), "west")]
    if key.sample == "mark":
        words = _text((key.x + 2 * RADIUS + 6, key.y), _words(key.text), 11, colours(SOFT), "west")
        return [*_sign(key.mark, (key.x + RADIUS, key.y), colours), words]
    dash = ",dash pattern=on 5pt off 3.5pt" if key.sample == "dashed" else ""
    line = f"\\draw[{colours(INK)}{dash}] {_at((key.x, key.y))} -- {_at((key.x + 26, key.y))};"
    return [line, _text((key.x + 34, key.y), _words(key.text), 11, colours(SOFT), "west")]


def _edge(edge: Edge, colours: _Colours) -> list[str]:
    dash = ",dash pattern=on 5pt off 3.5pt" if edge.dashed else ""
    corners = f",rounded corners={edge.radius:g}pt" if edge.radius else ""
    path = " -- ".join(_at(point) for point in edge.points)
    head = "-{Latex[length=5pt,width=5pt]}"
    line = f"\\draw[{colours(INK)}{dash}{corners},{head}] {path};"
    return [line, f"\\fill[{colours(INK)}] {_at(edge.points[0])} circle[radius=2.2pt];"] if edge.tapped else [line]


def _node(node: Node, colours: _Colours) -> list[str]:
    face, place = node.face, (node.x, node.y)
    fill, stroke = (colours(colour) for colour in paint(face.classes, node.heat))
    pen = f"fill={fill},draw={stroke}"
    if face.shape == "circle":
        sign = "$+$" if "add" in face.classes else r"$\times$"
        return [f"\\filldraw[{pen}] {_at(place)} circle[radius={face.width / 2:g}pt];", _text(place, sign, 13, stroke)]
    radius = face.height / 2 if face.shape == "pill" and len(face.lines) == 1 else 3
    lines = [_box(face, place, 3, radius, pen)] if face.count > 1 else []
    lines.append(_box(face, place, 0, radius, pen))
    colour, middle = colours(ink(node.heat)), node.x
    if face.count > 1:
        count = count_text(face.count)
        cell = text_width(count, FONT, bold=True) + 2 * CELL
        right = node.x + face.width / 2 - cell
        middle = node.x - cell / 2
        top, bottom = node.y - face.height / 2, node.y + face.height / 2
        lines.append(f"\\draw[{stroke}] {_at((right, top))} -- {_at((right, bottom))};")
        lines.append(_text((right + cell / 2, node.y), _words(count), FONT, colour, bold=True))
    first = node.y - LINE * (len(face.lines) - 1) / 2
    size = FONT if face.height > LINE + 6 else FONT - 1
    lines += [
        _text((middle, first + index * LINE), _words(line), size, colour) for index, line in enumerate(face.lines)
    ]
    return lines


def _box(face: Face, place: Point, aside: float, radius: float, pen: str) -> str:
    left, top = place[0] - face.width / 2 + aside, place[1] - face.height / 2 + aside
    corner = left + face.width, top + face.height
    return f"\\filldraw[{pen},rounded corners={radius:g}pt] {_at((left, top))} rectangle {_at(corner)};"


def _badge(badge: Badge, colours: _Colours) -> list[str]:
    corner = badge.left + badge.width, badge.top + badge.height
    frame = f"draw={colours(SIGNS[badge.mark].colour)},line width=2pt,rounded corners={badge.radius:g}pt"
    return [
        f"\\draw[{frame}] {_at((badge.left, badge.top))} rectangle {_at(corner)};",
        *_sign(badge.mark, badge.corner, colours),
    ]


def _sign(mark: str, place: Point, colours: _Colours) -> list[str]:
    sign = SIGNS[mark]
    pen = f"fill={colours(PAPER)},draw={colours(sign.colour)},line width=1pt"
    return [
        f"\\filldraw[{pen}] {_at(place)} circle[radius={RADIUS:g}pt];",
        _text(place, sign.latex, 10, colours(INK)),
    ]
