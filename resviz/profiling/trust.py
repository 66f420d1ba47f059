"""Whether a time can be believed: what speaks against a run, and whether two may be held against each other.

A measurement that was disturbed looks like any other number. So every list carries its spread and its doubts,
and a pair gets a percentage only where both ran undisturbed and their spreads lie apart.
"""

from resviz.profiling import statistics
from resviz.profiling.protocol import STEPS
from resviz.profiling.result import Profile
from resviz.profiling.roofline import best, roof
from resviz.profiling.statistics import DRIFT_LIMIT, FEW, SPREAD_LIMIT, overlap
from resviz.report.formatting import duration, macs, percent

FAR = 1.25
"""Factor by which the sum over blocks may differ from a plain step."""


def doubts(run: Profile) -> tuple[str, ...]:
    """Return what makes a run's time unsure, each in a few words for a list; none for one to be believed."""
    s = run.summary
    found = []
    if s.count < FEW:
        found.append(f"only {s.count} timed step{'' if s.count == 1 else 's'}")
    elif s.spread > SPREAD_LIMIT:
        found.append("machine busy")
    elif abs(s.drift) > DRIFT_LIMIT:
        found.append("pace drifted")
    if breakdown_warnings(run):
        found.append("blocks do not add up")
    if roof_warnings(run):
        found.append("above the measured roof")
    return tuple(found)


def warnings(run: Profile) -> tuple[str, ...]:
    """Return what speaks against a run, each a sentence."""
    return (*statistics.warnings(run.summary), *breakdown_warnings(run), *roof_warnings(run))


def breakdown_warnings(run: Profile) -> tuple[str, ...]:
    """Return how far the timed steps, plain steps and the sum over blocks are from one another."""
    parts = run.breakdown
    if parts is None:
        return ()
    total = sum(block.seconds for block in parts.blocks)
    if changed_pace(run):
        took, plain = duration(run.summary.median), duration(parts.plain)
        return (
            f"The timed steps took {took}, plain steps of the instrumented run {plain}, and its blocks add up to "
            f"{duration(total)}: the machine changed its pace in between. Measure again.",
        )
    if not _near(total, parts.plain):
        return (
            f"The blocks add up to {duration(total)}, {percent(total / parts.plain)} of a plain step "
            f"({duration(parts.plain)}): marks and pauses weigh as much as the work, so the shares are rough.",
        )
    return ()


def changed_pace(run: Profile) -> bool:
    """Return whether plain steps took another time beside the instrumented ones than in the timed run.

    A compiled or captured step is another program than the eager one that is taken apart, so it is not asked.
    """
    eager = not (run.protocol.compiled or run.protocol.cuda_graph)
    return run.breakdown is not None and eager and not _near(run.breakdown.plain, run.summary.median)


def roof_warnings(run: Profile) -> tuple[str, ...]:
    """Return by how much a measured roof is too low; a maker's figure is not questioned here."""
    above = roof(run)
    if above is None or not above.measured or (reached := best(run)) <= above.macs_per_second:
        return ()
    return (
        f"{macs(reached)}/s were reached, more than the {macs(above.macs_per_second)}/s of the measured roof: the "
        "machine was busy when the roof was measured, or a convolution took fewer multiplications than are counted.",
    )


def refusals(first: Profile, second: Profile) -> tuple[str, ...]:
    """Return why no percentage can be given between the times of two runs, each a sentence; none where one can."""
    if unlike(first, second):
        steps = (STEPS[run.protocol.step] for run in (first, second))
        return ("The first run is of a {}, the second of a {}: other work, not another speed.".format(*steps),)
    said = []
    for which, run in (("first", first), ("second", second)):
        s = run.summary
        if s.count >= FEW and s.spread > SPREAD_LIMIT:
            said.append(
                f"The machine was busy during the {which} run: its steps spread over {percent(s.spread)} of the median."
            )
        elif s.count >= FEW and abs(s.drift) > DRIFT_LIMIT:
            said.append(f"The {which} run changed its pace by {percent(abs(s.drift))} while it was measured.")
        if changed_pace(run):
            said.append(f"The {which} run was followed by plain steps of another pace.")
    if overlap(first.summary, second.summary):
        ranges = " and ".join(f"{duration(s.p5)} to {duration(s.p95)}" for s in (first.summary, second.summary))
        said.append(f"The spreads overlap (5th to 95th percentile: {ranges}), so chance may explain the difference.")
    return tuple(said)


def unlike(first: Profile, second: Profile) -> bool:
    """Return whether one run is of a forward pass and the other of a training step."""
    return first.protocol.step != second.protocol.step


def spread_sentence(run: Profile) -> str:
    """Return between what the steps of a run lie."""
    s = run.summary
    if s.count == 1:
        return "One timed step: how far its time can be trusted is not known."
    few = f"; {s.count} steps are too few to judge it" if s.count < FEW else ""
    return (
        f"Steps from {duration(s.p5)} (5th percentile) to {duration(s.p95)} (95th): a spread of "
        f"{percent(s.spread)} of the median{few}."
    )


def _near(one: float, other: float) -> bool:
    return max(one, other) <= FAR * min(one, other)
