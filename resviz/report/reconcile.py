"""Reconcile: the way from the figure that a paper prints to the figure that each tool prints, step by step.

For ResNet-50: 3.8 G as printed, 3,857,973,248 as the paper's net computes, 231,211,008 more for the stride
in the 3x3 (v1.5), then whatever a tool counts besides the MACs. Every step is exact, and they add up.
"""

from dataclasses import dataclass

from resviz.arch import Network, ResNetConfig, UnknownNameError, expand
from resviz.arch.block_types import strides_by_choice
from resviz.arch.entries import HE2015
from resviz.errors import unknown
from resviz.published import Printed, printed
from resviz.report.counting import CONVENTIONS, CountedPart, by_mean, total
from resviz.report.formatting import exact


@dataclass(frozen=True, slots=True)
class CountStep:
    """One step: what is added, or, if ``total``, how much there is by then; ``summary`` is why."""

    label: str
    value: int
    total: bool = False
    summary: str = ""


def route(config: ResNetConfig, convention: str) -> tuple[CountStep, ...]:
    """Return the steps from the printed figure, where there is one, to a convention's total.

    Raises UnknownNameError for a name that is not in `CONVENTIONS`, ConfigError for a configuration that
    cannot be.
    """
    if convention not in CONVENTIONS:
        raise UnknownNameError(unknown("convention", convention, CONVENTIONS))
    network = expand(config)
    return (*_to_macs(config, network), *_from_macs(network, convention))


def waterfall(config: ResNetConfig) -> tuple[CountStep, ...]:
    """Return the whole story in one row: as printed, v1, v1.5, as fvcore counts, and as FLOPs.

    After fvcore's total what it counts besides the MACs is taken off again, so that each level is exact.
    """
    network = expand(config)
    fvcore = _from_macs(network, "fvcore")
    besides = sum(step.value for step in fvcore if not step.total)
    back = CountStep("MACs alone", -besides, summary="What fvcore counts besides the MACs is taken off again.")
    return (*_to_macs(config, network), *fvcore, *([back] if besides else []), *_from_macs(network, "flops"))


def paper_form(config: ResNetConfig) -> ResNetConfig:
    """Return the configuration with its stride where the paper has it, in the first 1x1 (v1)."""
    return config.with_(stride_in="1x1") if strides_by_choice(config.each("block")) else config


def _to_macs(config: ResNetConfig, network: Network) -> list[CountStep]:
    """Return the steps up to the network's own MACs, a total."""
    form = paper_form(config)
    figure = _figure(form)
    if figure is None and (own := _figure(config)):
        form, figure = config, own  # printed of the v1.5 net itself, as ResNeXt's
    start = expand(form).macs
    steps = _printed_steps(figure, start) if figure else []
    if start == network.macs:
        return [*steps, CountStep("MACs", network.macs, total=True, summary=CONVENTIONS["macs"].summary)]
    return [
        *steps,
        CountStep(
            "v1", start, total=True, summary=f"A stage's stride sits in the first 1x1 convolution, as in {HE2015}."
        ),
        CountStep(
            "stride in the 3x3",
            network.macs - start,
            summary="With the stride in the 3x3 (v1.5) the first 1x1 of each striding block works on a larger map.",
        ),
        CountStep("v1.5", network.macs, total=True, summary=CONVENTIONS["macs"].summary),
    ]


def _figure(config: ResNetConfig) -> Printed | None:
    """Return the first figure that was printed of a configuration's MACs."""
    return next((each for each in printed(config) if each.quantity == "macs"), None)


def _printed_steps(figure: Printed, computed: int) -> list[CountStep]:
    where = figure.source.split(",", 1)[0]
    value = int(figure.value)
    steps = [
        CountStep("printed", value, total=True, summary=f"{figure.text} as printed by {where}, for {figure.model}.")
    ]
    explained = figure.check.explained if figure.check else None
    if explained is not None and explained != computed:
        digits = "The count that gives the printed digits has more of them."
        steps += [CountStep("further digits", explained - value, summary=digits)] if explained != value else []
        return [*steps, CountStep("other count", computed - explained, summary=figure.note)]
    if computed == value:
        return steps
    summary = figure.note or "The printed figure is rounded to its digits."
    return [*steps, CountStep("further digits", computed - value, summary=summary)]


def _from_macs(network: Network, name: str) -> list[CountStep]:
    """Return the steps from the MACs to a convention's total, which ends them; none for the MACs."""
    convention = CONVENTIONS[name]
    if not convention.parts:
        return []
    parts = [_part(network, part) for part in convention.parts]
    level = CountStep(
        convention.label, total(network, convention.count, convention.join), total=True, summary=_level(network, name)
    )
    return [*(step for step in parts if step.value), level]


def _level(network: Network, name: str) -> str:
    """Return the convention's rule, and what its tool prints for a module that pools otherwise, if it matters."""
    rule, other = CONVENTIONS[name].summary, by_mean(network, name)
    if other == total(network, CONVENTIONS[name].count, CONVENTIONS[name].join):
        return rule
    holds = "This holds for a module whose pools are layers, as torchvision's and this one's are"
    return f"{rule} {holds}; with a mean() for each global pool the tool prints {exact(other)}."


def _part(network: Network, part: CountedPart) -> CountStep:
    return CountStep(part.label, total(network, part.count, part.join), summary=part.summary)
