"""The verbs about the torch module: check, code, export."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.forms import Written
from resviz.cli.networks import Changes, Name, configured, network
from resviz.cli.program import app, echo
from resviz.errors import ResvizError
from resviz.report.tables import Form, write

MAX_SEED = 2**64 - 1
"""The largest seed that torch takes."""


@app.command()
def check(
    name: Name,
    changes: Changes = None,
    *,
    layers: Annotated[bool, typer.Option("--layers", help="One row for each layer as well.")] = False,
    form: Written = Form.TEXT,
) -> None:
    """Check a network's numbers against its torch module and three tools; exit 1 if one differs."""
    net = network(name, changes)
    from resviz.nn.crosscheck import crosscheck
    from resviz.nn.crosscheck_tables import layers_table, sums, totals_table, verdict

    found = crosscheck(net, lambda tool, done, steps: echo(f"{done + 1}/{steps} {tool} ...", err=True))
    if layers:
        echo(write(layers_table(found), form))
    echo(write(totals_table(found), form))
    for unit, added in sums(found):
        echo(f"{unit}: {added}")
    echo(verdict(found))
    if not found.equal:
        raise typer.Exit(1)


@app.command()
def code(name: Name, changes: Changes = None) -> None:
    """Print a network as one PyTorch file that needs nothing but torch."""
    net = configured(name, changes)
    from resviz.nn.codegen import code as written

    echo(written(net), nl=False)


@app.command()
def export(
    name: Name,
    changes: Changes = None,
    *,
    form: Annotated[str | None, typer.Option("--format", help="onnx (if left out), or torch for torch.export.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; by default the name's.")] = None,
    weights: Annotated[Path | None, typer.Option("--weights", help="A .safetensors or .pth state_dict.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=MAX_SEED, help="Of the initial weights; 0 if left out.")
    ] = None,
) -> None:
    """Write a network's module as an ONNX or torch.export file, checked against the module.

    Where NAME is a file of weights (.pth, .pt, .bin, .safetensors), they are written under torchvision's names.
    """
    if Path(name).suffix.lower() in WEIGHTS:
        _renamed(name, {"--set": changes, "--format": form, "--weights": weights, "--seed": seed}, output)
        return
    if weights is not None and seed is not None:
        raise ResvizError(f"--seed {seed} changes nothing beside --weights: give one of them.")
    net = network(name, changes)
    from resviz.nn.commands import write as write_module

    echo(write_module(net, form or "onnx", output, weights=weights, seed=seed or 0))


WEIGHTS = (".pth", ".pt", ".bin", ".safetensors")
"""What the name of a file of weights ends in."""


def _renamed(name: str, options: dict[str, object], output: Path | None) -> None:
    """Write a file's weights under torchvision's names."""
    given = [option for option, value in options.items() if value is not None]
    if given:
        raise ResvizError(f"{given[0]} changes nothing where {Path(name).name} is a file of weights: leave it out.")
    from resviz.nn.commands import rename

    echo(rename(Path(name), output))
