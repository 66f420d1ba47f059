"""The picture as a LaTeX document of class `standalone`, drawn with TikZ; a point is taken for a pixel.

It is set in Latin Modern Sans, which scales, by pdfLaTeX, LuaLaTeX or XeLaTeX. A paper's figure has its size in print
and is set in Latin Modern Roman; in a paper that loads it with the package `standalone`, in the fonts of the paper.
"""

import unicodedata

from resviz.diagram.drawing import Badge, Band, Drawing, Edge, Face, Key, Node, Note, Point
from resviz.diagram.line_paths import bracket
from resviz.diagram.marks import RADIUS, SIGNS
from resviz.diagram.node_styles import CELL, SMALL, count_text
from resviz.diagram.palette import HEAT, INK, PAPER
from resviz.diagram.styles import STYLES, Style
from resviz.diagram.text import text_width
from resviz.errors import DrawError
from resviz.report.escapes import printable

LAST_LETTER = "\u017f"
"""The last letter, in Unicode's order, of those that the fonts of pdfLaTeX hold."""
UNSEEN = ("Cc", "Cf", "Mn", "Me", "Cs", "Co", "Cn")
"""Unicode's categories of what has no shape of its own, or none that TeX could set."""
FOR_PAPERS = r"% In a paper: \usepackage{standalone,tikz}, \usetikzlibrary{arrows.meta}, then \input this file."
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
    "…": r"\ldots{}",
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
    pen = _Pen(STYLES[drawing.style])
    body = [
        *(_ground(band, pen) for band in drawing.bands),
        *(_note(note, pen) for note in drawing.notes),
        *(line for key in drawing.legend for line in _key(key, pen)),
        *(line for edge in drawing.edges for line in _edge(edge, pen)),
        *(line for node in drawing.nodes for line in _node(node, pen)),
        *(line for badge in drawing.badges for line in _badge(badge, pen)),
    ]
    unit = pen.long(1)
    return "\n".join(
        [
            *([] if pen.style.sans else [FOR_PAPERS]),
            r"\documentclass[tikz,border=0pt]{standalone}",
            r"\usepackage{iftex}",
            r"\ifpdftex\usepackage[T1]{fontenc}\fi",
            r"\usepackage{lmodern}",
            r"\usepackage{textcomp}",
            *_letters(body),
            r"\usetikzlibrary{arrows.meta}",
            *([r"\renewcommand{\familydefault}{\sfdefault}"] if pen.style.sans else []),
            *pen.definitions,
            r"\begin{document}",
            f"\\begin{{tikzpicture}}[x={unit},y=-{unit},line width={pen.long(0.8)},inner sep=0pt,outer sep=0pt]",
            f"\\path[use as bounding box] (0,0) rectangle {_at((drawing.width, drawing.height))};",
            *body,
            r"\end{tikzpicture}",
            r"\end{document}",
            "",
        ]
    )


class _Pen:
    """A style's colours and lengths in TeX; calling it with ``#rrggbb`` returns the colour's name."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.names = {"#000000": "black", "#ffffff": "white"}

    def __call__(self, colour: str) -> str:
        return self.names.setdefault(colour, f"c{len(self.names) - 2}")

    def long(self, pixels: float) -> str:
        """Return a length: a TeX point for a pixel, or the pixel's size in print (PostScript's points)."""
        points = self.style.points
        return f"{pixels:g}pt" if points is None else f"{pixels * points:.5g}bp"

    @property
    def definitions(self) -> list[str]:
        named = list(self.names.items())[2:]
        return [f"\\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}" for colour, name in named]


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


def _text(
    place: Point, text: str, size: float, colour: str, pen: _Pen, anchor: str = "center", *, bold: bool = False
) -> str:
    # Latin Modern runs a little narrower than the font that the layout reckons with.
    font = f"\\fontsize{{{pen.long(size)}}}{{{pen.long(round(size * 1.2, 1))}}}\\selectfont" + (
        "\\bfseries" if bold else ""
    )
    shown = f"\\strut {text}"
    return f"\\node[anchor={anchor},text={colour},font={{{font}}}] at {_at(place)} {{{shown}}};"


def _ground(band: Band, pen: _Pen) -> str:
    if pen.style.ground is None:
        lines = " ".join(f"{_at(start)} -- {_at(end)}" for start, end in bracket(band))
        return f"\\draw[{pen(pen.style.line)},line width={pen.long(0.8)}] {lines};"
    corner = band.left + band.width, band.top + band.height
    return (
        f"\\fill[{pen(pen.style.ground(band.classes[0]))},rounded corners={pen.long(8)}] "
        f"{_at((band.left, band.top))} rectangle {_at(corner)};"
    )


def _note(note: Note, pen: _Pen) -> str:
    anchor = {"start": "west", "middle": "center", "end": "east"}[note.anchor]
    colour = pen(pen.style.soft if "small" in note.classes else pen.style.line)
    bold = bool({"title", "label"} & set(note.classes))
    return _text((note.x, note.y), _words(note.text), note.size, colour, pen, anchor, bold=bold)


def _key(key: Key, pen: _Pen) -> list[str]:
    soft = pen(pen.style.soft)
    if key.sample == "heat":
        steps = [
            f"\\filldraw[fill={pen(colour)},draw={pen('#7a5a45')},line width=0.4pt] "
            f"{_at((key.x + 12 * step, key.y - 6))} rectangle {_at((key.x + 12 * step + 12, key.y + 6))};"
            for step, colour in enumerate(HEAT)
        ]
        return [*steps, _text((key.x + 12 * len(HEAT) + 8, key.y), _words(key.text), SMALL, soft, pen, "west")]
    if key.sample == "mark":
        words = _text((key.x + 2 * RADIUS + 6, key.y), _words(key.text), SMALL, soft, pen, "west")
        return [*_sign(key.mark, (key.x + RADIUS, key.y), pen), words]
    dash = _dash(pen) if key.sample == "dashed" else ""
    line = f"\\draw[{pen(pen.style.line)}{_weight(pen)}{dash}] {_at((key.x, key.y))} -- {_at((key.x + 26, key.y))};"
    return [line, _text((key.x + 34, key.y), _words(key.text), SMALL, soft, pen, "west")]


def _dash(pen: _Pen) -> str:
    return f",dash pattern=on {pen.long(5)} off {pen.long(3.5)}"


def _weight(pen: _Pen, *, trunk: bool = False) -> str:
    """Return the width of a line in print."""
    if pen.style.points is None:
        return ""
    return f",line width={pen.long(pen.style.trunk if trunk else pen.style.skip)}"


def _edge(edge: Edge, pen: _Pen) -> list[str]:
    weight = _weight(pen, trunk=edge.role in ("trunk", "arm"))
    dash = _dash(pen) if edge.dashed else ""
    corners = f",rounded corners={pen.long(edge.radius)}" if edge.radius else ""
    path = " -- ".join(_at(point) for point in edge.points)
    head = f"-{{Latex[length={pen.long(5)},width={pen.long(5)}]}}"
    colour = pen(pen.style.line)
    line = f"\\draw[{colour}{weight}{dash}{corners},{head}] {path};"
    dot = f"\\fill[{colour}] {_at(edge.points[0])} circle[radius={pen.long(2.2)}];"
    return [line, dot] if edge.tapped else [line]


def _node(node: Node, pen: _Pen) -> list[str]:
    face, place, style = node.face, (node.x, node.y), pen.style
    fill, stroke = (pen(colour) for colour in style.paint(face.classes, node.heat))
    drawn = f"fill={fill},draw={stroke}"
    if face.shape == "circle":
        sign = "$+$" if "add" in face.classes else r"$\times$"
        circle = f"\\filldraw[{drawn}] {_at(place)} circle[radius={pen.long(face.width / 2)}];"
        return [circle, _text(place, sign, 13, stroke, pen)]
    radius = face.height / 2 if face.shape == "pill" and len(face.lines) == 1 else 3
    lines = [_box(face, place, 3, radius, drawn, pen)] if face.count > 1 else []
    lines.append(_box(face, place, 0, radius, drawn, pen))
    colour, middle = pen(style.ink(node.heat)), node.x
    if face.count > 1:
        count = count_text(face.count)
        cell = text_width(count, style.font, bold=True) + 2 * CELL
        right = node.x + face.width / 2 - cell
        middle = node.x - cell / 2
        top, bottom = node.y - face.height / 2, node.y + face.height / 2
        lines.append(f"\\draw[{stroke}] {_at((right, top))} -- {_at((right, bottom))};")
        lines.append(_text((right + cell / 2, node.y), _words(count), style.font, colour, pen, bold=True))
    first = node.y - style.leading * (len(face.lines) - 1) / 2
    size = style.size(face.height)
    lines += [
        _text((middle, first + index * style.leading), _words(line), size, colour, pen)
        for index, line in enumerate(face.lines)
    ]
    return lines


def _box(face: Face, place: Point, aside: float, radius: float, drawn: str, pen: _Pen) -> str:
    left, top = place[0] - face.width / 2 + aside, place[1] - face.height / 2 + aside
    corner = left + face.width, top + face.height
    return f"\\filldraw[{drawn},rounded corners={pen.long(radius)}] {_at((left, top))} rectangle {_at(corner)};"


def _badge(badge: Badge, pen: _Pen) -> list[str]:
    corner = badge.left + badge.width, badge.top + badge.height
    frame = f"draw={pen(SIGNS[badge.mark].colour)},line width={pen.long(2)},rounded corners={pen.long(badge.radius)}"
    return [
        f"\\draw[{frame}] {_at((badge.left, badge.top))} rectangle {_at(corner)};",
        *_sign(badge.mark, badge.corner, pen),
    ]


def _sign(mark: str, place: Point, pen: _Pen) -> list[str]:
    sign = SIGNS[mark]
    drawn = f"fill={pen(PAPER)},draw={pen(sign.colour)},line width={pen.long(1)}"
    return [
        f"\\filldraw[{drawn}] {_at(place)} circle[radius={pen.long(RADIUS)}];",
        _text(place, sign.latex, 10, pen(INK), pen),
    ]
