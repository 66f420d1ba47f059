"""A lesson's Markdown as HTML that stands alone: formulas as MathML, which browsers typeset without fonts of ours."""

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

OURS = "resviz:"
"""What an address begins with that leads to a page of the app."""
_PRIME = re.compile(r"<msup>(<mi>[^<]*</mi>)<mi>&#x02032;</mi></msup>")
_GROUPED = re.compile(r"\d{1,3}(?:\{,\}\d{3})+")


def html(text: str) -> str:
    """Return Markdown with LaTeX in ``$`` and ``$$`` as HTML. Words that lead to a page of the app stay as words."""
    return str(_parser().render(text))


def html_line(text: str) -> str:
    """Return the same for words within a line."""
    return str(_parser().renderInline(text))


def mathml(formula: str, *, display: bool = False) -> str:
    """Return LaTeX as MathML."""
    from latex2mathml.converter import convert

    # A prime is a character that is raised already, and no spaces stand around it.
    whole = _GROUPED.sub(lambda found: rf"\text{{{found[0].replace('{,}', ',')}}}", formula)
    made = str(convert(whole, display="block" if display else "inline"))
    return _PRIME.sub(r"<mrow>\1<mo lspace='0' rspace='0'>&#x02032;</mo></mrow>", made)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(
        parser,
        allow_space=False,
        renderer=lambda formula, options: mathml(formula, display=options["display_mode"]),
    )
    parser.core.ruler.push("pages of the app", _without_ours)
    return parser


def _without_ours(state: Any) -> None:
    """Take the links to pages of the app away, which is not there; their words stay."""
    for token in state.tokens:
        if token.children:
            token.children = _kept(token.children)


def _kept(tokens: Sequence[Any]) -> list[Any]:
    kept, ours = [], False
    for token in tokens:
        if token.type == "link_open" and str(token.attrGet("href")).startswith(OURS):
            ours = True
        elif token.type == "link_close" and ours:
            ours = False
        else:
            kept.append(token)
    return kept
