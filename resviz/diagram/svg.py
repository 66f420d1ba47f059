"""The picture as SVG: for a page, which gives the classes their colours, and for a file, which carries them.

Both have the same elements. Arrow heads are plain triangles and text stands on a computed base line,
because converters know neither markers nor `dominant-baseline`.
"""

from html import escape

from resviz.diagram.drawing import Badge, Drawing, Face, Key, Note
from resviz.diagram.line_paths import edge_paths
from resviz.diagram.marks import RADIUS, SIGNS
from resviz.diagram.node_styles import CELL, count_text
from resviz.diagram.palette import HEAT, INK, PAPER
from resviz.diagram.styles import STYLES
from resviz.diagram.svg_styles import FileStyle, ScreenStyle, SvgStyle, frame, number
from resviz.diagram.text import text_width

SHEET = 3.0
"""How far the second sheet of a folded run looks out behind the first."""
SHEET_STYLE = """
.rz-ground{fill:#fafbfc}.rz-line{fill:none;stroke:#1c2733;stroke-width:1.2}.rz-head{fill:#1c2733}
.rz-dashed{stroke-dasharray:5 3.5}.node rect,.node circle{fill:#fff;stroke:#1c2733}
.node text,.rz-title,.rz-label,.rz-formula{fill:#1c2733}.rz-small{fill:#51606e}
.rz-mark,.rz-cell{fill:none;stroke:#1c2733}
.handle circle{fill:#fff;stroke:#51606e}.handle path{fill:none;stroke:#1c2733}
.edge .rz-hit{fill:none;stroke:transparent;stroke-width:12px;vector-effect:non-scaling-stroke;pointer-events:stroke}
.handle circle.rz-hit{fill:transparent;stroke:none;pointer-events:all}
"""
"""What a page that has no style of its own shows; a page's style sheet comes after it."""


def screen_svg(drawing: Drawing) -> str:
    """Return the picture as SVG with classes and, for each node, its path, role and label."""
    return _svg(drawing, ScreenStyle())


def file_svg(drawing: Drawing) -> str:
    """Return the picture as SVG that looks the same wherever it is opened: its colours are filled in."""
    return _svg(drawing, FileStyle(STYLES[drawing.style]))


def screen_header(drawing: Drawing) -> str:
    """Return what `screen_svg` begins with: its style, title, facts and legend."""
    style = ScreenStyle()
    sheet = f"<style>{SHEET_STYLE}</style>"
    return "".join(
        [sheet, *(_note(note, style) for note in drawing.notes[:2]), *(_key(key, style) for key in drawing.legend)]
    )


def screen_parts(drawing: Drawing) -> dict[str, str]:
    """Return a picture's edges, nodes, notes and handles as parts of `screen_svg`, without what stands above it."""
    style = ScreenStyle()
    return {
        "edges": "".join(_edges(drawing, style)),
        "nodes": "".join(_nodes(drawing, style)),
        "notes": "".join(_note(note, style) for note in drawing.notes[2:]),
        "handles": "".join(_handle(each.x, each.y, each.path, each.action) for each in drawing.handles),
    }


def _svg(drawing: Drawing, style: SvgStyle) -> str:
    width, height = number(drawing.width), number(drawing.height)
    name = text_of(drawing.name)
    points = STYLES[drawing.style].points
    size = f'width="{width}" height="{height}"'
    if points is not None and not style.interactive:  # 96 of SVG's pixels are an inch
        width, height = f"{drawing.width:.3f}", f"{drawing.height:.3f}"
        size = f'width="{drawing.width * points / 0.75:.2f}" height="{drawing.height * points / 0.75:.2f}"'
    root = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size} '
        f'{style.family}role="group" aria-label="Diagram of {name}">'
    )
    out = [root, f"<title>{name}</title>"]
    if style.interactive:
        out.append(f"<style>{SHEET_STYLE}</style>")
    else:
        out.append(f'<rect width="{width}" height="{height}" fill="{PAPER}"/>')
    for band in drawing.bands:
        out.append(style.ground(band))
    out += [_note(note, style) for note in drawing.notes]
    out += [_key(key, style) for key in drawing.legend]
    if style.interactive:
        out.append(f'<g role="listbox" aria-label="Layers of {name}">')
    out += _edges(drawing, style)
    if not style.interactive:
        out.append("<g>")
    out += _nodes(drawing, style)
    out.append("</g>")
    out += [_badge(badge) for badge in drawing.badges]
    if style.interactive:
        out += [_handle(handle.x, handle.y, handle.path, handle.action) for handle in drawing.handles]
    out.append("</svg>")
    return "\n".join(out)


def text_of(text: str) -> str:
    """Return a text as XML: escaped, and without the control characters that XML cannot hold."""
    if not text.isprintable():
        text = "".join(char for char in text if char >= " " and char not in "\ufffe\uffff")
    return escape(text)


def _note(note: Note, style: SvgStyle) -> str:
    base = number(note.y + note.size * 0.35)
    return (
        f'<text {style.note(note.classes)} x="{number(note.x)}" y="{base}" font-size="{note.size:g}" '
        f'text-anchor="{note.anchor}">{text_of(note.text)}</text>'
    )


def _key(key: Key, style: SvgStyle) -> str:
    y = number(key.y)
    if key.sample == "heat":
        steps = "".join(
            f"<rect {style.step(step)} {frame(key.x + 12 * step, key.y - 6, 12, 12, 0)}/>" for step in range(len(HEAT))
        )
        words = Note(key.x + 12 * len(HEAT) + 8, key.y, key.text, "start", ("small",), 11)
        return f'<g class="key heat">{steps}{_note(words, style)}</g>'
    if key.sample == "mark":
        words = Note(key.x + 2 * RADIUS + 6, key.y, key.text, "start", ("small",), 11)
        return f'<g class="key mark">{_sign(key.mark, key.x + RADIUS, key.y)}{_note(words, style)}</g>'
    line = f'<path {style.line(dashed=key.sample == "dashed")} d="M{number(key.x)} {y}h26"/>'
    words = Note(key.x + 34, key.y, key.text, "start", ("small",), 11)
    return f'<g class="key {key.sample}">{line}{_note(words, style)}</g>'


def _edges(drawing: Drawing, style: SvgStyle) -> list[str]:
    """Return the edges: the main path with its arms in one element, each shortcut in one of its own."""
    lines, heads, out = [], [], []
    for edge in drawing.edges:
        line, head = edge_paths(edge)
        if edge.role in ("trunk", "arm"):
            lines.append(line)
            heads.append(head)
            continue
        start = edge.points[0]
        dot = f'<circle {style.head()} cx="{start[0]:g}" cy="{start[1]:g}" r="2.2"/>' if edge.tapped else ""
        kind = f"{edge.role} {'dashed' if edge.dashed else 'solid'}"
        area = f'<path class="rz-hit" d="{line}"/>' if style.interactive and edge.role == "skip" else ""
        out.append(
            f'<g class="edge {kind}" data-edge="{text_of(edge.path)}" data-count="{edge.blocks}">'
            f'<path {style.line(dashed=edge.dashed)} d="{line}"/>{dot}<path {style.head()} d="{head}"/>{area}</g>'
        )
    path, tips = "".join(lines), "".join(heads)
    trunk = f'<path {style.line(dashed=False, trunk=True)} d="{path}"/><path {style.head()} d="{tips}"/>'
    return [f'<g class="edge trunk">{trunk}</g>', *out]


def _nodes(drawing: Drawing, style: SvgStyle) -> list[str]:
    bodies: dict[tuple[int, int | None], str] = {}
    labels: dict[int, str] = {}
    out = []
    for node in drawing.nodes:
        path, x, y, face, _, heat = node
        key = id(face), heat
        body = bodies.get(key)
        if body is None:
            body = bodies[key] = _body(face, heat, style)
            labels[id(face)] = text_of("; ".join(face.facts))
        path = text_of(path)
        if style.interactive:
            classes = " ".join(face.classes) + (f" heat h{heat}" if heat is not None else "")
            out.append(
                f'<g class="node {classes}" data-path="{path}" role="option" aria-label="{path}: {labels[id(face)]}" '
                f'transform="translate({x:g} {y:g})">{body}</g>'
            )
        else:
            title = f"<title>{path}: {labels[id(face)]}</title>"
            out.append(f'<g data-path="{path}" transform="translate({x:g} {y:g})">{title}{body}</g>')
    return out


def _body(face: Face, heat: int | None, style: SvgStyle) -> str:
    """Return what a face looks like, around (0, 0)."""
    box = style.box(face, heat)
    if face.shape == "circle":
        sign = "M-5 0H5M0 -5V5" if "add" in face.classes else "M-3.6 -3.6L3.6 3.6M-3.6 3.6L3.6 -3.6"
        return f'<circle r="{face.width / 2:g}"{box}/><path {style.mark()} d="{sign}"/>'
    width, height, look = face.width, face.height, style.style
    radius = height / 2 if face.shape == "pill" and len(face.lines) == 1 else 3
    out = []
    if face.count > 1:
        out.append(f"<rect {frame(SHEET - width / 2, SHEET - height / 2, width, height, radius)}{box}/>")
    out.append(f"<rect {frame(-width / 2, -height / 2, width, height, radius)}{box}/>")
    middle = 0.0
    if face.count > 1:
        count = count_text(face.count)
        cell = text_width(count, look.font, bold=True) + 2 * CELL
        middle, right = -cell / 2, width / 2 - cell
        out.append(f'<path {style.cell(face, heat)} d="M{number(right)} {number(-height / 2)}v{number(height)}"/>')
        place = f'x="{number(right + cell / 2)}" y="{number(look.font * 0.35)}" font-size="{look.font:g}"'
        out.append(f'<text {place} font-weight="bold" text-anchor="middle"{style.text(heat)}>{count}</text>')
    size = look.size(height)
    first = -look.leading * (len(face.lines) - 1) / 2 + size * 0.35
    for index, line in enumerate(face.lines):
        out.append(
            f'<text x="{number(middle)}" y="{number(first + index * look.leading)}" font-size="{size:g}" '
            f'text-anchor="middle"{style.text(heat)}>{text_of(line)}</text>'
        )
    return "".join(out)


def _badge(badge: Badge) -> str:
    """Return a frame and its sign, in the same colours on every page: they say what the legend says."""
    outline = frame(badge.left, badge.top, badge.width, badge.height, badge.radius)
    colour = SIGNS[badge.mark].colour
    return (
        f'<g class="badge {badge.mark}" data-of="{text_of(badge.path)}">'
        f'<rect {outline} fill="none" stroke="{colour}" stroke-width="2.5"/>{_sign(badge.mark, *badge.corner)}</g>'
    )


def _sign(mark: str, x: float, y: float) -> str:
    sign = SIGNS[mark]
    return (
        f'<g transform="translate({number(x)} {number(y)})">'
        f'<circle r="{RADIUS:g}" fill="{PAPER}" stroke="{sign.colour}" stroke-width="1.5"/>'
        f'<path d="{sign.lines}" fill="none" stroke="{INK}" stroke-width="1.4"/></g>'
    )


def _handle(x: float, y: float, path: str, action: str) -> str:
    sign = "M-3.5 0H3.5" + ("M0 -3.5V3.5" if action == "unfold" else "")
    name = text_of(path)
    return (
        f'<g class="handle {action}" data-fold="{name}" data-action="{action}" role="button" tabindex="0" '
        f'aria-label="{action.capitalize()} {name}" transform="translate({x:g} {y:g})">'
        f'<circle r="7"/><path d="{sign}"/><circle class="rz-hit" r="9"/></g>'
    )
