"""The verb that draws."""

from pathlib import Path
from typing import Annotated

import typer

from resviz.cli.networks import Changes, Name, configured, network
from resviz.cli.program import app, echo


@app.command()
def diagram(  # noqa: PLR0913 - typer takes each option as an argument
    name: Name,
    changes: Changes = None,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="A file: .svg, .png, .pdf, .dot, .tex; .html, a viewer in one file; .json, its data."
        ),
    ],
    detail: Annotated[str | None, typer.Option(help="stages, blocks (if left out), layers or operations.")] = None,
    unfold: Annotated[list[str] | None, typer.Option(help="A stage, run or block to take apart. Repeatable.")] = None,
    fold: Annotated[list[str] | None, typer.Option(help="A stage, run or block to take together.")] = None,
    horizontal: Annotated[bool, typer.Option("--horizontal", help="From left to right.")] = False,
    heat: Annotated[str | None, typer.Option(help="Colour by params, macs, activations or receptive.")] = None,
    node: Annotated[
        str | None, typer.Option(help="Of a viewer, .html or .json: the path of what is selected, layer3.0.conv2.")
    ] = None,
    numbers: Annotated[bool, typer.Option("--numbers", help="Of a viewer: number the weighted layers.")] = False,
    edges: Annotated[
        bool, typer.Option("--edges", help="Of a viewer: lines as wide as the tensors they carry.")
    ] = False,
    style: Annotated[str | None, typer.Option(help="screen (if left out), or paper: for print, in rows.")] = None,
    width: Annotated[str | None, typer.Option(help="Of a paper's figure: one column (if left out) or two.")] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="Of a paper's figure: a stage, run, block or layer to show. Repeatable.")
    ] = None,
    block: Annotated[str | None, typer.Option(help="Draw only this block, from near: layer2.0.")] = None,
    plain: Annotated[bool, typer.Option("--twins", help="Draw the plain twin beside the network.")] = False,
    five: Annotated[bool, typer.Option("--orders", help="Draw a block in the five orders of He et al. 2016.")] = False,
) -> None:
    """Draw a network, one of its blocks or the network beside its plain twin to a file; `compare -o` draws several."""
    from resviz.diagram import Detail, DrawError, NetworkPicture, close_up, draw, orders, refuse_unused, twins
    from resviz.diagram.export import kind_of
    from resviz.diagram.viewer_picture import VIEWER_FORMATS
    from resviz.diagram.views import STARTS

    options = {"detail": detail, "unfold": unfold, "fold": fold, "horizontal": horizontal or None, "heat": heat}
    options |= {"style": style, "width": width, "only": only}
    options |= {"node": node, "numbers": numbers or None, "edges": edges or None}
    given = [option for option, value in options.items() if value is not None]
    net = network(name, changes)
    if plain and (block is not None or five):
        raise DrawError(f"{'orders' if five else 'block'} and twins are two pictures: ask for one of them.")
    refuse_unused("orders" if five else "block" if block is not None else "twins" if plain else "network", given)
    if five:
        picture = orders(configured(name, changes), block or next(path for path, _ in net.blocks()))
    elif block is not None:
        picture = close_up(net, block, horizontal=horizontal)
    elif plain:
        picture = twins(net, detail or Detail.BLOCKS)
    else:
        picture = draw(
            net,
            detail or Detail.BLOCKS,
            unfold=unfold or (),
            fold=fold or (),
            horizontal=horizontal,
            heat=heat,
            style=style or "screen",
            width=width,
            only=only or (),
        )
    if starts := [name for name in given if name in STARTS]:
        if not isinstance(picture, NetworkPicture) or kind_of(output) not in VIEWER_FORMATS:
            raise DrawError(f"{starts[0]} is for what the viewer shows: write .html or .json, and no paper's figure.")
        picture = picture.starting(node or "", numbers=numbers, edges=edges)
    picture.save(output)
    echo(output)


@app.command()
def element(
    output: Annotated[Path, typer.Option("-o", "--output", help="A file, such as resviz-diagram.js.")],
) -> None:
    """Write the script of the element <resviz-diagram>, which shows the .json of `diagram` on a page of one's own."""
    from resviz.diagram.element import element_script
    from resviz.diagram.export import write

    write(element_script().encode(), output)
    echo(output)
