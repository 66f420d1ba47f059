"""The two styles of an SVG's elements: classes, which a page colours, and attributes, which a file carries."""

from resviz.diagram.drawing import Band, Face
from resviz.diagram.line_paths import bracket
from resviz.diagram.palette import HEAT
from resviz.diagram.styles import STYLES, Style
from resviz.diagram.text import FAMILIES

DASH = "5 3.5"
"""The dashes of a shortcut that changes the shape."""


class ScreenStyle:
    """Styles as classes; nodes are options of a list box, handles are buttons."""

    interactive = True
    family = ""
    style = STYLES["screen"]

    def box(self, face: Face, heat: int | None) -> str:
        """Return a node's frame as further attributes, after a space."""
        return ""

    def ground(self, band: Band) -> str:
        """Return the ground of a stage."""
        return f'<rect class="rz-ground {band.classes[0]}" {frame(band.left, band.top, band.width, band.height, 8)}/>'

    def line(self, *, dashed: bool, trunk: bool = False) -> str:
        """Return an edge's line as attributes."""
        return f'class="rz-line{" rz-dashed" if dashed else ""}"'

    def head(self) -> str:
        """Return an arrow head as attributes."""
        return 'class="rz-head"'

    def mark(self) -> str:
        """Return a mark of a comparison as attributes."""
        return 'class="rz-mark"'

    def cell(self, face: Face, heat: int | None) -> str:
        """Return the cell of a count as attributes."""
        return 'class="rz-cell"'

    def text(self, heat: int | None) -> str:
        """Return a node's text as further attributes, after a space."""
        return ""

    def note(self, classes: tuple[str, ...]) -> str:
        """Return words beside the picture as attributes."""
        return f'class="{" ".join(f"rz-{name}" for name in classes)}"'

    def step(self, step: int) -> str:
        """Return a step of the scale of heat as attributes."""
        return f'class="rz-step h{step}"'


class FileStyle:
    """Styles as attributes."""

    interactive = False
    family = f'font-family="{FAMILIES}" '

    def __init__(self, style: Style) -> None:
        self.style = style

    def box(self, face: Face, heat: int | None) -> str:
        """Return a node's frame as further attributes, after a space."""
        fill, stroke = self.style.paint(face.classes, heat)
        return f' fill="{fill}" stroke="{stroke}"'

    def ground(self, band: Band) -> str:
        """Return the ground of a stage."""
        if self.style.ground is None:
            pen = f'fill="none" stroke="{self.style.line}" stroke-width="0.8"'
            lines = (f"M{x:.1f} {y:.1f}L{to_x:.1f} {to_y:.1f}" for (x, y), (to_x, to_y) in bracket(band))
            return f'<path {pen} d="{"".join(lines)}"/>'
        fill = self.style.ground(band.classes[0])
        return f'<rect fill="{fill}" {frame(band.left, band.top, band.width, band.height, 8)}/>'

    def line(self, *, dashed: bool, trunk: bool = False) -> str:
        """Return an edge's line as attributes."""
        dash = f' stroke-dasharray="{DASH}"' if dashed else ""
        width = self.style.trunk if trunk else self.style.skip
        return f'fill="none" stroke="{self.style.line}" stroke-width="{width:g}"{dash}'

    def head(self) -> str:
        """Return an arrow head as attributes."""
        return f'fill="{self.style.line}"'

    def mark(self) -> str:
        """Return a mark of a comparison as attributes."""
        return f'fill="none" stroke="{self.style.line}" stroke-width="1.4"'

    def cell(self, face: Face, heat: int | None) -> str:
        """Return the cell of a count as attributes."""
        return f'fill="none" stroke="{self.style.paint(face.classes, heat).stroke}"'

    def text(self, heat: int | None) -> str:
        """Return a node's text as further attributes, after a space."""
        return f' fill="{self.style.ink(heat)}"'

    def note(self, classes: tuple[str, ...]) -> str:
        """Return words beside the picture as attributes."""
        weight = ' font-weight="bold"' if {"title", "label"} & set(classes) else ""
        return f'fill="{self.style.soft if "small" in classes else self.style.line}"{weight}'

    def step(self, step: int) -> str:
        """Return a step of the scale of heat as attributes."""
        return f'fill="{HEAT[step]}" stroke="#7a5a45" stroke-width="0.5"'


SvgStyle = ScreenStyle | FileStyle
"""Either of them."""


def number(value: float) -> str:
    """Return a length in pixels to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def frame(left: float, top: float, width: float, height: float, radius: float) -> str:
    """Return a rectangle's attributes."""
    numbers = (left, top, width, height, radius)
    pairs = zip(("x", "y", "width", "height", "rx"), numbers, strict=True)
    return " ".join(f'{name}="{number(value)}"' for name, value in pairs)
