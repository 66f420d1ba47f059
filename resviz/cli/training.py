"""The verb that trains: small nets on handwritten digits, as the page Laboratory does."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.program import app, echo


@app.command()
def train(
    nets: Annotated[
        list[str] | None,
        typer.Argument(
            help="One to four: plain-8, residual-56, residual-20-w16, residual-56-preact, residual-56-nobn, "
            "residual-56-drop50, or a preset. plain-8 residual-8 plain-56 residual-56 if left out."
        ),
    ] = None,
    *,
    epochs: Annotated[int, typer.Option(help="Passes over the 1,437 training pictures.")] = 6,
    seeds: Annotated[str, typer.Option(help="A run of every net for each: 0,1,2.")] = "0,1,2",
    rate: Annotated[float, typer.Option(help="The highest learning rate.")] = 0.1,
    batch: Annotated[int, typer.Option(help="Pictures in a step.")] = 64,
    limit: Annotated[float, typer.Option(help="Seconds after which it ends with what there is.")] = 180.0,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write every curve and what made it.")
    ] = None,
    table: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write a line for each point.")] = None,
) -> None:
    """Train small plain and residual nets on handwritten digits, on the CPU."""
    from resviz.training import commands

    settings = commands.experiment(nets, seeds, epochs=epochs, rate=rate, batch=batch, limit=limit)
    found = commands.run(settings)
    if out:
        commands.write_file(found.to_json(), out)
    if table:
        from resviz.training.tables import points_table, to_csv

        commands.write_file(to_csv(points_table(found)), table)
    echo(commands.text(found))
