"""How a verb writes what it found: JSON, or a table in one of several forms."""

from typing import Annotated

import typer

from resviz.errors import ResvizError
from resviz.report.tables import Form

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_FORM = typer.Option("--format", help="How the table is written.")
Written = Annotated[Form, _FORM]
MaybeWritten = Annotated[Form | None, _FORM]


def only_one(as_json: bool, form: Form | None) -> Form:
    """Return the form of a table, text where none is given. Raises ResvizError for one beside --json."""
    if as_json and form is not None:
        raise ResvizError(f"--format {form} changes nothing beside --json: give one of them.")
    return form or Form.TEXT
