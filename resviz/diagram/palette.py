"""The colours of an exported picture, and the style sheet that gives them to a screen's.

The stages' hues are those of the 34-layer figure (He et al. 2015, Fig. 3: violet, green, red, blue), light
enough for dark text on them; each class also differs in shape or words, so that grey prints say the same.
"""

from typing import NamedTuple


class Paint(NamedTuple):
    """A fill and a stroke."""

    fill: str
    stroke: str


INK = "#1c2733"
"""Text and lines."""
SOFT = "#51606e"
"""Words beside the picture."""
PAPER = "#ffffff"
"""The ground."""

PAINTS: dict[str, Paint] = {
    "s1": Paint("#e7e0f4", "#6b4fa0"),
    "s2": Paint("#dcefdf", "#3b7d4b"),
    "s3": Paint("#fae1dd", "#b3483b"),
    "s4": Paint("#d9e8f7", "#2f6aa8"),
    "s5": Paint("#fbe9cf", "#a86a12"),
    "s6": Paint("#d6eeee", "#27787a"),
    "stem": Paint("#e9ecef", "#56636f"),
    "head": Paint("#e9ecef", "#56636f"),
    "input": Paint(PAPER, INK),
    "merge": Paint(PAPER, INK),
    "norm": Paint("#ffffff", "#8a96a1"),
    "activation": Paint("#fdf6d8", "#96852f"),
    "pool": Paint("#f1f3f5", "#56636f"),
    "identity": Paint("#ffffff", "#8a96a1"),
}
"""Fill and stroke by class."""

GROUNDS = {"s1": "#faf8fd", "s2": "#f7fcf8", "s3": "#fefaf9", "s4": "#f7fafe", "s5": "#fefbf6", "s6": "#f6fcfc"}
"""A stage's ground."""

HEAT = ("#ffffff", "#fff3d6", "#ffe2a8", "#fdc97c", "#f8aa5b", "#ee8544", "#d95f2f", "#b73d22", "#8a1f1a")
"""The steps of the heat scale, from zero up: yellow to red, ever darker (after ColorBrewer's YlOrRd)."""
LIGHT_TEXT_FROM = 6
"""The first step of the scale that takes light text."""

KINDS = {
    "norm": "norm",
    "dropout": "norm",
    "droppath": "norm",
    "flatten": "norm",
    "activation": "activation",
    "maxpool": "pool",
    "avgpool": "pool",
    "blurpool": "pool",
    "pad": "pool",
    "reduce": "pool",
    "attention": "activation",
    "identity": "identity",
    "merge": "merge",
    "input": "input",
}
"""Classes that decide a node's paint before its stage does."""


def paint(classes: tuple[str, ...], heat: int | None = None) -> Paint:
    """Return the paint of a node of some classes, or of its heat."""
    if heat is not None:
        return Paint(HEAT[heat], "#7a5a45")
    for name in classes:
        if name in KINDS:
            return PAINTS[KINDS[name]]
    return next((PAINTS[name] for name in classes if name in PAINTS), PAINTS["stem"])


def ink(heat: int | None) -> str:
    """Return the colour of text on a step of the scale."""
    return PAPER if heat is not None and heat >= LIGHT_TEXT_FROM else INK
