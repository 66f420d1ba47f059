"""The app's verbs from a shell: a verb parses, calls a room, prints.

What a verb needs beyond the tree it imports itself, so that the light ones answer at once. Bad input is
one sentence on standard error and exit code 2.
"""

import errno
import io
import json
import os
import runpy
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from resviz.arch import ConfigError, Network, ResNetConfig, ResvizError, UnknownNameError, expand, find
from resviz.arch.document import MAX_TEXT, read
from resviz.arch.fields import MAX_NAME
from resviz.arch.inactive import same_network
from resviz.report.escapes import lines
from resviz.report.layers import layer_records
from resviz.report.stages import stage_records
from resviz.report.tables import Form, layer_table, stage_table, write

MAX_BATCH = 10**6
"""Images in a batch."""
FILES = (".yaml", ".yml", ".json")
"""What the name of a configuration file ends in."""
MAX_SEED = 2**64 - 1
"""The largest seed that torch takes."""
UNWRITTEN = 74
"""The exit code where standard output cannot be written: EX_IOERR of sysexits."""
LOST_OUTPUT = {errno.EPIPE, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ESHUTDOWN}
"""A system's error numbers for a closed pipe, a full disk and their like."""

Name = Annotated[str, typer.Argument(help="A preset, a member of a family, or a YAML or JSON file.")]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Change a field; the value is YAML. Repeatable."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_FORM = typer.Option("--format", help="How the table is written.")
Written = Annotated[Form, _FORM]
MaybeWritten = Annotated[Form | None, _FORM]


class _Verbs(TyperGroup):
    """The verbs; what resviz refuses on purpose ends any of them in the same way."""

    def invoke(self, ctx: Any) -> Any:
        try:
            with _watched_output():
                return super().invoke(ctx)
        except ResvizError as error:
            _echo(f"resviz: {error}", err=True)
            raise typer.Exit(2) from None


app = typer.Typer(
    cls=_Verbs,
    name="resviz",
    help="Residual networks, described once: listed, tabulated, compared, drawn, built and profiled.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def configured(name: str, changes: list[str] | None) -> ResNetConfig:
    """Return the configuration that a verb's NAME and --set options describe. Raises ResvizError."""
    path = Path(name)
    config = (
        _read(path) if path.suffix.lower() in FILES or len(path.parts) > 1 or _is_folder(path) else find(name).config
    )
    fields = dict(_field(change, "--set") for change in changes or ())
    changed = ResNetConfig.from_dict({**config.to_dict(), **fields})
    if "name" in fields or same_network(changed, config):
        return changed
    return changed.with_(name=f"custom, from {config.name}"[:MAX_NAME])


def network(name: str, changes: list[str] | None) -> Network:
    """Return the expanded network that a verb's NAME and --set options describe. Raises ResvizError."""
    return expand(configured(name, changes))


def _echo(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Print text; a name from a file sends no command to the terminal."""
    typer.echo(lines(str(text)), err=err, nl=nl)


def print_json(data: Any) -> None:
    """Print plain data as JSON."""
    _echo(json.dumps(data, indent=2))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # a name that no file system takes is a preset's, or nothing
        return False


def _only_one(as_json: bool, form: Form | None) -> Form:
    """Return the form of a table, text where none is given. Raises ResvizError for one beside --json."""
    if as_json and form is not None:
        raise ResvizError(f"--format {form} changes nothing beside --json: give one of them.")
    return form or Form.TEXT


def _read(path: Path) -> ResNetConfig:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(MAX_TEXT + 1)  # a device or a pipe may never end
    except UnicodeDecodeError:
        raise ConfigError.of("file", f"The file {_cut(path)} is not UTF-8 text.") from None
    except (OSError, ValueError) as error:
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        raise UnknownNameError(f"The file {_cut(path)} cannot be read: {reason}.") from None
    if len(text) > MAX_TEXT:
        raise ConfigError.of("file", f"The file {_cut(path)} has more than {MAX_TEXT:,} characters; no more are read.")
    return ResNetConfig.from_text(text)


def _cut(text: object) -> str:
    shown = str(text)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _field(change: str, option: str) -> tuple[str, Any]:
    field, equals, value = change.partition("=")
    if not equals:
        raise ConfigError.of("set", f"{option} {_cut(change)!r} needs the form field=value, such as depths=[3,4,6,3].")
    return field.strip(), read(value, f"The value of {option} {_cut(change)!r}")


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the presets by family, and the families that take any depth."""
    from resviz.report.catalogue import catalogue, catalogue_text

    if as_json:
        print_json(catalogue())
    else:
        _echo(catalogue_text())


@app.command()
def summary(name: Name, changes: Changes = None, *, as_json: AsJson = False) -> None:
    """Print a network's totals."""
    from resviz.report import summary as report

    net = network(name, changes)
    if as_json:
        print_json(report.summary(net))
        return
    _echo(net.name)
    for what, figure in report.summary_lines(net):
        _echo(f"  {what:<16} {figure}")


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
    form = _only_one(as_json, form)
    if as_json:
        print_json(layer_records(net) if layers else stage_records(net))
    else:
        _echo(write(layer_table(net) if layers else stage_table(net), form))
        others = {"Printed elsewhere": printed_table(config, net), "Errors printed elsewhere": errors_table(config)}
        for title, printed in others.items():
            if form is Form.TEXT and printed.rows and not layers:
                _echo(f"\n{title}\n{write(printed, form)}")


@app.command()
def compare(
    names: Annotated[list[str], typer.Argument(metavar="A B [C D]", help="Two to four networks, as NAME elsewhere.")],
    *,
    as_json: AsJson = False,
    form: MaybeWritten = None,
) -> None:
    """Print networks side by side, each held against the first."""
    from resviz.report import compare as report
    from resviz.report.cost_tables import comparison_table

    form = _only_one(as_json, form)
    comparison = report.compare([network(name, None) for name in names])
    if as_json:
        print_json(report.comparison_record(comparison))
        return
    for quantity, title in (("params", "Parameters"), ("macs", "MACs")):
        _echo(f"{title}\n{write(comparison_table(comparison, quantity), form)}\n")


@app.command()
def whatif(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print what each single change to a network would cost."""
    from resviz.report.cost_tables import what_if_table
    from resviz.report.whatif import what_if

    config = configured(name, changes)
    _echo(write(what_if_table(what_if(config, expand(config))), form))


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
    _echo(write(steps_table(route(config, tool) if tool else waterfall(config)), form))


@app.command()
def count(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print what each convention and tool counts of a network."""
    from resviz.report.cost_tables import count_table

    _echo(write(count_table(network(name, changes)), form))


@app.command()
def memory(
    name: Name,
    changes: Changes = None,
    *,
    batch: Annotated[list[int], typer.Option(min=1, max=MAX_BATCH, help="A batch size. Repeatable.")] = [1, 32, 256],  # noqa: B006
    dtype: Annotated[str, typer.Option(help="float32, float16 or bfloat16.")] = "float32",
    optimiser: Annotated[str, typer.Option(help="none, SGD, SGD with momentum or Adam.")] = "SGD with momentum",
    device: Annotated[str, typer.Option(help="cpu or cuda: how large a dropout's mask is.")] = "cpu",
    form: Written = Form.TEXT,
) -> None:
    """Print the memory that inference and training take."""
    from resviz.report.cost_tables import memory_table

    _echo(write(memory_table(network(name, changes), batch, dtype, optimiser, device), form))


@app.command()
def receptive(name: Name, changes: Changes = None, *, form: Written = Form.TEXT) -> None:
    """Print how much of the picture the layers of the main path see."""
    from resviz.report.cost_tables import field_table

    _echo(write(field_table(network(name, changes)), form))


@app.command()
def diagram(  # noqa: PLR0913 - typer takes each option as an argument
    name: Name,
    changes: Changes = None,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="A file: .svg, .png, .pdf, .dot or .tex.")],
    detail: Annotated[str | None, typer.Option(help="stages, blocks (if left out), layers or operations.")] = None,
    unfold: Annotated[list[str] | None, typer.Option(help="A stage, run or block to take apart. Repeatable.")] = None,
    fold: Annotated[list[str] | None, typer.Option(help="A stage, run or block to take together.")] = None,
    horizontal: Annotated[bool, typer.Option("--horizontal", help="From left to right.")] = False,
    heat: Annotated[str | None, typer.Option(help="Colour by params, macs, activations or receptive.")] = None,
    block: Annotated[str | None, typer.Option(help="Draw only this block, from near: layer2.0.")] = None,
    plain: Annotated[bool, typer.Option("--twins", help="Draw the plain twin beside the network.")] = False,
) -> None:
    """Draw a network, one of its blocks or the network beside its plain twin to a file."""
    from resviz.diagram import Detail, DrawError, close_up, draw, refuse_unused, twins

    net = network(name, changes)
    options = {"detail": detail, "unfold": unfold, "fold": fold, "horizontal": horizontal or None, "heat": heat}
    given = [option for option, value in options.items() if value is not None]
    if block is not None and plain:
        raise DrawError("block and twins are two pictures: ask for one of them.")
    refuse_unused("block" if block is not None else "twins" if plain else "network", given)
    if block is not None:
        picture = close_up(net, block, horizontal=horizontal)
    elif plain:
        picture = twins(net, detail or Detail.BLOCKS)
    else:
        picture = draw(
            net, detail or Detail.BLOCKS, unfold=unfold or (), fold=fold or (), horizontal=horizontal, heat=heat
        )
    picture.save(output)
    _echo(output)


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

    found = crosscheck(net, lambda tool, done, steps: _echo(f"{done + 1}/{steps} {tool} ...", err=True))
    if layers:
        _echo(write(layers_table(found), form))
    _echo(write(totals_table(found), form))
    for unit, added in sums(found):
        _echo(f"{unit}: {added}")
    _echo(verdict(found))
    if not found.equal:
        raise typer.Exit(1)


@app.command()
def code(name: Name, changes: Changes = None) -> None:
    """Print a network as one PyTorch file that needs nothing but torch."""
    net = configured(name, changes)
    from resviz.nn.codegen import code as written

    _echo(written(net), nl=False)


@app.command()
def export(
    name: Name,
    changes: Changes = None,
    *,
    form: Annotated[str, typer.Option("--format", help="onnx, or torch for torch.export.")] = "onnx",
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The file; by default the name's.")] = None,
    weights: Annotated[Path | None, typer.Option("--weights", help="A .safetensors or .pth state_dict.")] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", min=0, max=MAX_SEED, help="Of the initial weights; 0 if left out.")
    ] = None,
) -> None:
    """Write a network's module as an ONNX or torch.export file, checked against the module."""
    if weights is not None and seed is not None:
        raise ResvizError(f"--seed {seed} changes nothing beside --weights: give one of them.")
    net = network(name, changes)
    from resviz.nn.commands import write as write_module

    _echo(write_module(net, form, output, weights=weights, seed=seed or 0))


@app.command()
def profile(
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
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--with", metavar="FIELD=VALUE", help="Change a field of the protocol: precision=bf16. Repeatable."
        ),
    ] = None,
    layers: Annotated[bool, typer.Option("--layers", help="Time every block and layer in a run of its own.")] = False,
    out: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write a file that the page opens.")
    ] = None,
) -> None:
    """Measure the forward time of a network on this machine."""
    from resviz.profiling import commands

    config = configured(name, changes)
    fields = dict(_field(change, "--with") for change in option or ())
    found = commands.run(config, device=device, batch=batch, protocol=protocol, changes=fields, breakdown=layers)
    if out:
        commands.write(found, out)
    _echo(commands.text(found))


@contextmanager
def _watched_output() -> Iterator[None]:
    """End the program with a sentence where standard output cannot be written; a verb's own files it watches itself."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.errno not in LOST_OUTPUT or error.filename is not None:
            raise
        with suppress(OSError):
            reason = (error.strerror or "unknown reason").lower()
            _echo(f"resviz: standard output cannot be written: {reason}.", err=True)
        with suppress(OSError, ValueError):  # what is left in the buffer must not fail again at the end
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(UNWRITTEN) from None


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
    layers: Annotated[bool, typer.Option("--layers", help="One row for each layer as well.")] = False,
    as_json: AsJson = False,
    form: MaybeWritten = None,
) -> None:
    """Estimate the forward time of a network on a GPU that is not here, with its band."""
    form = _only_one(as_json, form)
    config = configured(name, changes)
    from resviz.profiling import estimate_views as views
    from resviz.profiling.estimate import estimate as estimated

    found = estimated(config, gpu, precision=precision, memory_format=memory_format, batch=batch, compiled=compiled)
    if as_json:
        print_json(found.record())
        return
    if layers:
        typer.echo(write(views.layer_table(found), form))
    typer.echo(views.text(found))


@app.command("app", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def app_(context: typer.Context) -> None:
    """Start the app in a browser; what follows goes to Streamlit, such as --server.port 8600."""
    sys.argv = ["streamlit", "run", str(script()), *context.args]
    runpy.run_module("streamlit", run_name="__main__", alter_sys=True)


def script() -> Path:
    """Return the script that Streamlit runs, its options beside it: the wheel's, or the repository's."""
    here = Path(__file__).parent
    wheels = here / "ui" / "script" / "app.py"
    return wheels if wheels.exists() else here.parent / "app.py"


def main() -> None:
    """Run the command line; what it prints is UTF-8, also into a file on a system whose own encoding is less."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    with _watched_output():
        app(prog_name="resviz")
