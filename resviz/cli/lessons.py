"""The verb that writes a lesson."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.program import app, echo


@app.command()
def lesson(
    name: Annotated[str, typer.Argument(help="deeper, block, dashed ...: its name in the address of the page Learn.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="A file, .html.")],
    run: Annotated[
        bool, typer.Option("--run", help="Run its experiments, which takes up to minutes, and show what they find.")
    ] = False,
) -> None:
    """Write a lesson as one HTML file: every step with what it shows, no server, no network."""
    from resviz.diagram.export import ensure_writable, kind_of, write
    from resviz.errors import DrawError
    from resviz.lessons.lesson_page import lesson_page
    from resviz.lessons.reading import lesson as read

    found = read(name)
    if kind_of(output) != "html":
        raise DrawError(f"A lesson is written as .html, not as {output.name!r}.")
    ensure_writable(output)  # before its experiments run
    write(lesson_page(found, run=run).encode(), output)
    echo(output)
