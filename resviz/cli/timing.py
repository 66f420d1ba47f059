"""The verbs about time: measured here, or estimated for a GPU that is not here."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.forms import AsJson, MaybeWritten, only_one
from resviz.cli.networks import Changes, Name, configured, field
from resviz.cli.program import app, echo, print_json
from resviz.report.tables import write


@app.command()
def profile(  # noqa: PLR0913 - typer takes each option as an argument
    name: Name,
    changes: Changes = None,
    *,
    device: Annotated[
        str | None, typer.Option(help="cuda, cuda:1, mps, xpu, cpu; the first accelerator if left out.")
    ] = None,
    batch: Annotated[
        str | None, typer.Option(help="Batch sizes, as 1,8,32; or sweep: doublings to saturation.")
    ] = None,
    protocol: Annotated[str | None, typer.Option(help="quick, slim, latency or throughput.")] = None,
    step: Annotated[
        str | None, typer.Option(help="forward, or train: forward, loss, backward, SGD; forward if left out.")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="FIELD=VALUE", help="Change a field of the protocol: precision=bf16. Repeatable."
        ),
    ] = None,
    layers: Annotated[
        bool, typer.Option("--layers", help="Time every block and layer of a forward pass in a run of its own.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write a file that the page opens.")
    ] = None,
) -> None:
    """Measure the time of a forward pass or a training step of a network on this machine."""
    from resviz.profiling import commands

    config = configured(name, changes)
    fields = dict(field(change, "--with") for change in option or ())
    fields |= {} if step is None else {"step": step}
    found = commands.run(config, device=device, batch=batch, protocol=protocol, changes=fields, breakdown=layers)
    if out:
        commands.write(found, out)
    echo(commands.text(found))


@app.command()
def estimate(  # noqa: PLR0913 - typer takes each option as an argument
    name: Name,
    changes: Changes = None,
    *,
    gpu: Annotated[
        str, typer.Option(help="RTX 4090, A100, T4 ...: a chip of resviz/profiling/chips.csv.")
    ] = "RTX 4090",
    precision: Annotated[str, typer.Option(help="amp, fp16, bf16, tf32 or fp32.")] = "amp",
    memory_format: Annotated[str, typer.Option(help="nhwc or nchw.")] = "nhwc",
    batch: Annotated[int, typer.Option(help="Images in a batch.")] = 256,
    compiled: Annotated[bool, typer.Option("--compiled", help="By torch.compile.")] = False,
    step: Annotated[str, typer.Option(help="forward, or train: forward, loss, backward, SGD.")] = "forward",
    with_run: Annotated[
        list[str] | None,
        typer.Option("--with-run", metavar="FILE|ID", help="Scale to runs of your own on that GPU. Repeatable."),
    ] = None,
    layers: Annotated[bool, typer.Option("--layers", help="One row for each layer as well.")] = False,
    as_json: AsJson = False,
    form: MaybeWritten = None,
) -> None:
    """Estimate the time of a forward pass or a training step on a GPU that is not here, with its band."""
    form = only_one(as_json, form)
    config = configured(name, changes)
    from resviz.profiling import estimate_views as views
    from resviz.profiling.estimate import estimate as estimated

    found = estimated(
        config, gpu, precision=precision, memory_format=memory_format, batch=batch, compiled=compiled, step=step
    )
    if with_run:
        from resviz.profiling.own_runs import anchor, anchored, runs_of

        found = anchored(found, anchor([run for word in with_run for run in runs_of(word)], found))
    if as_json:
        print_json(found.record())
        return
    if layers:
        echo(write(views.layer_table(found), form))
    echo(views.text(found))
