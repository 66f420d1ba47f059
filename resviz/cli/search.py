"""The verb that asks the other way round: which networks keep within limits."""

from typing import Annotated

import typer

from resviz.cli.forms import AsJson, MaybeWritten, only_one
from resviz.cli.networks import Changes, configured
from resviz.cli.program import app, echo, print_json
from resviz.report.tables import Form, write


@app.command()
def search(  # noqa: PLR0913 - typer takes each option as an argument
    name: Annotated[str, typer.Argument(help="The network to vary, as NAME elsewhere.")] = "resnet50",
    changes: Changes = None,
    *,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=VALUES",
            help="A range: depths.3=2..36/4, width=0.5..2/0.25, block=basic,bottleneck. Repeatable.",
        ),
    ] = None,
    max_macs: Annotated[str | None, typer.Option(help="Multiply-accumulates at most, as 4G.")] = None,
    max_params: Annotated[str | None, typer.Option(help="Parameters at most, as 25M.")] = None,
    max_ms: Annotated[str | None, typer.Option(help="Estimated milliseconds of a batch at most.")] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(help="Another limit, as 'depth>=50' or 'training<=8G'. Repeatable."),
    ] = None,
    gpu: Annotated[str, typer.Option(help="The chip of the time: T4, A100 ...")] = "RTX 4090",
    precision: Annotated[str, typer.Option(help="amp, fp16, bf16, tf32 or fp32.")] = "amp",
    batch: Annotated[int, typer.Option(min=1, max=10**6, help="Images in a batch, for time and memory.")] = 1,
    compiled: Annotated[bool, typer.Option("--compiled", help="By torch.compile.")] = False,
    sort: Annotated[str, typer.Option(help="The quantity to rank by, lowest first; -macs: highest first.")] = "-macs",
    top: Annotated[int, typer.Option(min=1, max=10**6, help="Networks to list.")] = 10,
    as_json: AsJson = False,
    form: MaybeWritten = None,
) -> None:
    """List the networks of a design space that keep within limits of cost.

    Only costs are known: how well a network learns, no count tells. Quantities: params, macs, activations, time,
    inference and training (memory), field (receptive), depth. Ranges: any field, one stage's (depths.3, groups.2), or
    the whole network's depth, width and resolution.
    """
    form = only_one(as_json, form)
    base = configured(name, changes)
    from resviz.profiling import search as found_by

    short = {"macs": max_macs, "params": max_params, "time": max_ms}
    limits = [f"{quantity}<={value}" for quantity, value in short.items() if value is not None]
    query = found_by.Query.of(
        base, vary or (), [*limits, *(where or ())], gpu=gpu, precision=precision, batch=batch, compiled=compiled
    )
    found = found_by.search(query)
    rows = found.ranked(sort)[:top]
    if as_json:
        print_json(found_by.record(found, rows))
        return
    if form is not Form.TEXT:
        echo(write(found_by.table(found, rows, units=form is Form.CSV), form))
        return
    echo(found_by.text(found, rows, sort))
