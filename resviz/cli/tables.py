"""The verbs that tabulate: presets, totals, stages, layers, comparisons, counts, memory, receptive fields."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.arch import expand
from resviz.cli.forms import AsJson, MaybeWritten, Written, only_one
from resviz.cli.networks import Changes, Name, configured, network
from resviz.cli.program import app, echo, print_json
from resviz.errors import ResvizError
from resviz.report.layers import layer_records
from resviz.report.stages import stage_records
from resviz.report.tables import Form, layer_table, stage_table, write

MAX_BATCH = 10**6
"""Images in a batch."""


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the presets by family, and the families that take any depth."""
    from resviz.report.catalogue import catalogue, catalogue_text

    if as_json:
        print_json(catalogue())
    else:
        echo(catalogue_text())


@app.command()
def summary(name: Name, changes: Changes = None, *, as_json: AsJson = False) -> None:
    """Print a network's totals."""
    from resviz.report import summary as report

    net = network(name, changes)
    if as_json:
        print_json(report.summary(net))
        return
    echo(net.name)
    for what, figure in report.summary_lines(net):
        echo(f"  {what:<16} {figure}")


@app.command()
def table(
    name: Name,
    changes: Changes = None,
    *,
    layers: Annotated[bool, typer.Option("--layers", help="One row for each layer.")] = False,
    as_json: AsJson = False,
    form: MaybeWritten = None,
) -> None:
    """Print the stage table, as the paper's Table 1, or the layer table."""
    from resviz.report.paper import errors_table, printed_table

    config = configured(name, changes)
    net = expand(config)
    form = only_one(as_json, form)
    if as_json:
        print_json(layer_records(net) if layers else stage_records(net))
    else:
        echo(write(layer_table(net) if layers else stage_table(net), form))
        others = {"Printed elsewhere": printed_table(config, net), "Errors printed elsewhere": errors_table(config)}
        for title, printed in others.items():
            if form is Form.TEXT and printed.rows and not layers:
                echo(f"\n{title}\n{write(printed, form)}")


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="A B [C D]", help="Two to four networks, as NAME elsewhere.")],
    *,
    as_json: AsJson = False,
    form: MaybeWritten = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="Draw them instead: .svg, .png, .pdf, .dot, .tex; .html, a viewer; .json, its document.",
        ),
    ] = None,
    detail: Annotated[
        str | None,
        typer.Option(help="Of the picture: stages, blocks (if left out), layers; operations, but not in a viewer."),
    ] = None,
) -> None:
    """Print networks side by side, each held against the first, or draw them so."""
    from resviz.report import compare as report
    from resviz.report.cost_tables import comparison_table

    if output is not None and (as_json or form is not None):
        raise ResvizError("--json and --format write a table, and -o a picture: give one of them.")
    if output is None and detail is not None:
        raise ResvizError("--detail is the picture's, and a picture takes -o FILE.")
    form = only_one(as_json, form)
    comparison = report.compare([network(name, None) for name in names])
    if output is not None:
        from resviz.diagram import Detail, beside

        beside(comparison, detail or Detail.BLOCKS).save(output)
        echo(output)
        return
    if as_json:
        print_json(report.comparison_record(comparison))
        return
    for quantity, title in (("params", "Parameters"), ("macs", "MACs")):
        echo(f"{title}\n{write(comparison_table(comparison, quantity), form)}\n")


@app.command()
def whatif(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print what each single change to a network would cost."""
    from resviz.report.cost_tables import what_if_table
    from resviz.report.whatif import what_if

    config = configured(name, changes)
    echo(write(what_if_table(what_if(config, expand(config))), form))


@app.command()
def against(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print how a network differs from the nearest published one, and what each difference costs."""
    from resviz.report import against as report

    nearest, rows = report.against(configured(name, changes))
    if form is Form.TEXT:
        echo(report.sentence(nearest, rows))
    if rows or form is not Form.TEXT:
        echo(write(report.against_table(rows), form))


@app.command()
def reconcile(
    name: Name,
    changes: Changes = None,
    *,
    tool: Annotated[str | None, typer.Option("--to", help="A way of counting: fvcore, torchinfo, flops ...")] = None,
    form: Written = Form.TEXT,
) -> None:
    """Print the steps from a paper's MACs to each tool's count."""
    from resviz.report.cost_tables import steps_table
    from resviz.report.reconcile import route, waterfall

    config = configured(name, changes)
    echo(write(steps_table(route(config, tool) if tool else waterfall(config)), form))


@app.command()
def count(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print what each convention and tool counts of a network."""
    from resviz.report.cost_tables import count_table

    echo(write(count_table(network(name, changes)), form))


@app.command()
def memory(  # noqa: PLR0913 - typer takes each option as an argument
    name: Name,
    changes: Changes = None,
    *,
    batch: Annotated[list[int], typer.Option(min=1, max=MAX_BATCH, help="A batch size. Repeatable.")] = [1, 32, 256],  # noqa: B006
    dtype: Annotated[str, typer.Option(help="float32, float16 or bfloat16.")] = "float32",
    optimiser: Annotated[str, typer.Option(help="none, SGD, SGD with momentum or Adam.")] = "SGD with momentum",
    device: Annotated[str, typer.Option(help="cpu or cuda: how large a dropout's mask is.")] = "cpu",
    checkpoint: Annotated[str, typer.Option(help="none, block or stage: what keeps its input alone.")] = "none",
    fits: Annotated[
        bool, typer.Option("--fits", help="The largest batch for 8, 16, 24, 40 and 80 GB instead.")
    ] = False,
    form: Written = Form.TEXT,
) -> None:
    """Print the memory that inference and training take, or the largest batch that fits."""
    from resviz.report.cost_tables import memory_table
    from resviz.report.memory_tables import batch_table

    net = network(name, changes)
    if fits:
        echo(write(batch_table(net, dtype, optimiser, device), form))
    else:
        echo(write(memory_table(net, batch, dtype, optimiser, device, checkpoint), form))


@app.command()
def receptive(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print how much of the picture the layers of the main path see."""
    from resviz.report.cost_tables import field_table

    echo(write(field_table(network(name, changes)), form))
