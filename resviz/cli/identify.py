"""The verb that tells whose network a file of weights is."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.forms import AsJson
from resviz.cli.program import app, echo, print_json


@app.command()
def identify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Weights: .safetensors, .pth, .pt or .bin.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell whose network a file of weights is, from names and shapes alone; exit 1 if not every tensor fits."""
    from resviz.nn.identify import identify_file

    found = identify_file(file)
    if as_json:
        print_json(found.record())
    else:
        echo(found.text)
    if not found.exact:
        raise typer.Exit(1)
