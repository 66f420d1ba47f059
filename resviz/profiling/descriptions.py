"""Profiles in words: the figures of a result and of a comparison, formatted for a page or a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from resviz.profiling.devices import Device
from resviz.profiling.protocol import PRECISIONS, STEPS
from resviz.profiling.result import Breakdown, Phases, Profile, Sweep, iso
from resviz.profiling.roofline import points, roof
from resviz.profiling.trust import doubts, refusals, unlike, warnings
from resviz.report.formatting import change, duration, macs, percent, plural, short, size

FACTOR = 10
"""From here on a change is shown as a factor and not in per cent."""
NOT_TOLD = "unsure"
"""What stands for a percentage between times that cannot be trusted."""


@dataclass(frozen=True, slots=True)
class RunFigure:
    """One figure for a person: its name, its value with unit, and a sentence on how it comes about."""

    label: str
    value: str
    summary: str


def figures(run: Profile) -> tuple[RunFigure, ...]:
    """Return the headline of a run: time, throughput, achieved MACs/s, share of the peak, memory."""
    s = run.summary
    share = run.share_of_peak
    return (
        RunFigure(
            "Time per step",
            duration(s.median),
            f"Median of {s.count} timed steps, each a {STEPS[run.protocol.step]} of {run.protocol.batch} images.",
        ),
        RunFigure("Images per second", short(run.images_per_second), "Batch size over the median time."),
        RunFigure(
            "Achieved",
            f"{macs(run.macs_per_second)}/s",
            "MACs of convolutions and linear layers"
            + (", forward and backward," if run.protocol.step == "train" else "")
            + " over the median time.",
        ),
        RunFigure(
            "Share of peak",
            "unknown" if share is None else percent(share),
            f"Of what {run.peak.source} prints for {PRECISIONS[run.protocol.precision].label}. "
            f"{run.peak.agreement.sentence}"
            if run.peak and share is not None
            else "The maker's figure for this device and precision is not known here.",
        ),
        RunFigure(
            "Peak memory",
            "unknown" if run.peak_memory is None else size(run.peak_memory),
            "Most bytes held during one step, weights and input included"
            + ("." if run.predicted_memory is None else f"; counted from the tree: {size(run.predicted_memory)}."),
        ),
    )


def details(run: Profile) -> tuple[tuple[str, str], ...]:
    """Return everything that belongs beside the headline, by name: statistics, protocol, device."""
    s = run.summary
    return (
        ("Mean", duration(s.mean)),
        ("Standard deviation", duration(s.sd)),
        ("5th percentile", duration(s.p5)),
        ("95th percentile", duration(s.p95)),
        ("Doubts", "; ".join(doubts(run)) or "none"),
        ("Spread (5th to 95th, of the median)", percent(s.spread)),
        *(("Parts of a step", phases_sentence(phases)) for phases in (run.phases,) if phases),
        ("Predicted memory", "unknown" if run.predicted_memory is None else size(run.predicted_memory)),
        ("Protocol", f"{run.protocol.name}: {run.protocol.describe()}"),
        *device_lines(run.device),
        ("Measured", iso(run.measured_at)),
    )


def device_lines(device: Device) -> Iterator[tuple[str, str]]:
    """Yield the facts about a device that are known."""
    yield "Device", f"{device.name} ({device.id})"
    if device.runtime or device.driver:
        known = [device.runtime or "", f"driver {device.driver}" if device.driver else ""]
        yield "Runs with", ", ".join(text for text in known if text)
    if device.memory_bytes:
        yield "Device memory", size(device.memory_bytes)
    if device.threads:
        cores = f" of {device.cores} cores" if device.cores else ""
        yield "Threads", f"{device.threads}{cores}"
    if device.clocks:
        c = device.clocks
        known = [
            f"compute {c.compute_mhz} MHz" if c.compute_mhz else "",
            f"memory {c.memory_mhz} MHz" if c.memory_mhz else "",
            f"{c.celsius} °C" if c.celsius else "",
            f"{c.watts:.0f} W" if c.watts else "",
            f"limit {c.watts_limit:.0f} W" if c.watts_limit else "",
        ]
        yield "Clocks at the end", ", ".join(text for text in known if text)
    yield "Software", f"torch {device.torch}, {device.system}"


def phases_sentence(phases: Phases) -> str:
    """Return what the parts of a training step take, and their shares of the sum."""
    total = (phases.forward + phases.backward + phases.update) or 1.0
    parts = (
        ("forward and loss", phases.forward),
        ("backward", phases.backward),
        ("SGD", phases.update),
    )
    return ", ".join(f"{name} {duration(seconds)} ({percent(seconds / total, 0)})" for name, seconds in parts)


def breakdown_sentence(breakdown: Breakdown) -> str:
    """Return a sentence that holds the instrumented run against the plain one."""
    total = sum(block.seconds for block in breakdown.blocks)
    return (
        f"Blocks add up to {duration(total)}, {percent(breakdown.covered)} of the {duration(breakdown.plain)} of an "
        f"uninstrumented step; with marks around every layer a step takes {duration(breakdown.total)} (medians of "
        f"{breakdown.steps} rounds, eager)."
    )


def roof_sentence(run: Profile) -> str:
    """Return a sentence on where the roof of a roofline comes from."""
    above = roof(run)
    if above is None:
        return "The maker's figures for this device and precision are not known here, so no roof is drawn."
    cached = sum(above.at(point.intensity) < point.macs_per_second <= above.macs_per_second for point in points(run))
    fast = f" {plural(cached, 'layer')} above the slope found data in a cache." if cached else ""
    checked = f" {run.peak.agreement.sentence}" if run.peak and not above.measured else ""
    bounds = f"{macs(above.macs_per_second)}/s and {size(above.bytes_per_second)}/s"
    return f"Dashed: {bounds} ({above.source}).{checked}{fast}"


def compare(first: Profile, second: Profile) -> tuple[tuple[str, str, str, str], ...]:
    """Return rows of name, first, second and change, for two runs side by side.

    Where `refusals` explains why not, times have no change: a percentage would be believed.
    """
    refused = bool(refusals(first, second))
    other_work = unlike(first, second)

    def row(name: str, a: float, b: float, words: "Iterable[str]", *, sure: bool = False) -> tuple[str, str, str, str]:
        one, two = words
        if other_work or (refused and not sure):
            return name, one, two, NOT_TOLD
        return name, one, two, change(a, b) if b < FACTOR * a else f"× {short(b / a)}"

    x, y = first.summary, second.summary
    rows = [
        row("Time per step, median", x.median, y.median, map(duration, (x.median, y.median))),
        row("Time per step, mean", x.mean, y.mean, map(duration, (x.mean, y.mean))),
        row("5th percentile", x.p5, y.p5, map(duration, (x.p5, y.p5))),
        row("95th percentile", x.p95, y.p95, map(duration, (x.p95, y.p95))),
        ("Spread, of the median", percent(x.spread), percent(y.spread), ""),
        row(
            "Images per second",
            first.images_per_second,
            second.images_per_second,
            map(short, (first.images_per_second, second.images_per_second)),
        ),
        row(
            "Achieved MACs/s",
            first.macs_per_second,
            second.macs_per_second,
            map(short, (first.macs_per_second, second.macs_per_second)),
        ),
    ]
    if first.peak_memory and second.peak_memory:
        both = (first.peak_memory, second.peak_memory)
        rows.append(row("Peak memory", *both, map(size, both), sure=True))
    return (
        ("Net", first.config.name, second.config.name, ""),
        ("Device", first.device.name, second.device.name, ""),
        ("Step", STEPS[first.protocol.step], STEPS[second.protocol.step], ""),
        ("Protocol", first.protocol.describe(), second.protocol.describe(), ""),
        ("Software", f"torch {first.device.torch}", f"torch {second.device.torch}", ""),
        ("Doubts", "; ".join(doubts(first)) or "none", "; ".join(doubts(second)) or "none", ""),
        *rows,
    )


def refusal(first: Profile, second: Profile) -> str:
    """Return why no percentage is given between two runs, or nothing where one is."""
    why = refusals(first, second)
    return f"No percentage is given between these times. {' '.join(why)}" if why else ""


def differences(first: Profile, second: Profile) -> tuple[str, ...]:
    """Return what else differs between two runs, so that their times do not compare the nets alone."""
    pairs = (
        ("device", first.device.name, second.device.name),
        ("torch version", first.device.torch, second.device.torch),
        ("driver", first.device.driver, second.device.driver),
        ("threads", first.device.threads, second.device.threads),
    )
    said = [name for name, a, b in pairs if a != b]
    fields = ("step", "precision", "batch", "channels_last", "compiled", "cuda_graph", "fold_bn", "warmup", "steps")
    said += [name for name in fields if getattr(first.protocol, name) != getattr(second.protocol, name)]
    return tuple(said)


def sweep_table(runs: Sequence[Profile]) -> tuple[tuple[str, ...], ...]:
    """Return a heading and a row for each run of a sweep."""
    heading = ("batch", "median", "p5", "p95", "spread", "images/s", "MACs/s", "memory", "predicted", "doubts")
    return (
        heading,
        *(
            (
                str(run.protocol.batch),
                duration(run.summary.median),
                duration(run.summary.p5),
                duration(run.summary.p95),
                percent(run.summary.spread),
                short(run.images_per_second),
                short(run.macs_per_second),
                "unknown" if run.peak_memory is None else size(run.peak_memory),
                "unknown" if run.predicted_memory is None else size(run.predicted_memory),
                "; ".join(doubts(run)) or "none",
            )
            for run in runs
        ),
    )


def text(sweep: Sweep) -> str:
    """Return a sweep for a terminal: what ran how, a table, and what the samples say against themselves."""
    if not sweep.runs:
        return sweep.summary()
    first = sweep.runs[0]
    steps = first.protocol.describe().replace(f"batch {first.protocol.batch}, ", "")
    rows = sweep_table(sweep.runs)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        f"{first.config.name} ({macs(first.network.macs)} an image)",
        *(f"  {name}: {value}" for name, value in (("Protocol", steps), *device_lines(first.device))),
        "",
        *("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows),
    ]
    lines += ["", sweep.summary()] if sweep.ended != "all measured" else []
    for run in sweep.runs:
        lines += [f"Batch {run.protocol.batch}: {warning}" for warning in warnings(run)]
        lines += [f"Batch {run.protocol.batch}: {phases_sentence(run.phases)}."] if run.phases else []
        if run.breakdown:
            lines.append(f"Batch {run.protocol.batch}: {breakdown_sentence(run.breakdown)}")
    return "\n".join(lines)
