"""Both themes can be read: contrast by WCAG 2.2, from the colours in .streamlit/config.toml."""

import tomllib
from pathlib import Path

import pytest

THEME = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text())["theme"]
AAA, AA, GRAPHICS = 7, 4.5, 3  # the least ratio for text, for links and accents, for marks and controls
LEAST = {"textColor": AAA, "codeTextColor": AAA, "linkColor": AA, "primaryColor": AA}


def luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_white_can_be_read_on_a_primary_button(scheme: str) -> None:
    assert contrast("#ffffff", THEME[scheme]["primaryColor"]) >= GRAPHICS


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("background", ["backgroundColor", "secondaryBackgroundColor"])
def test_text_and_charts_stand_out(scheme: str, background: str) -> None:
    theme = THEME[scheme]
    least = {theme[name]: ratio for name, ratio in LEAST.items()}
    least |= dict.fromkeys(theme["chartCategoricalColors"], GRAPHICS)
    ratios = {color: contrast(color, theme[background]) for color in least}
    assert not {color: ratio for color, ratio in ratios.items() if ratio < least[color]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plotly_gets_the_ten_colours_it_asks_for(scheme: str) -> None:
    colors = THEME[scheme]["chartCategoricalColors"]
    assert len(colors) == len(set(colors)) == 10
