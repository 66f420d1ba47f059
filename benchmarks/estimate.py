"""How well forward times are estimated: the relative error, leaving each net out and leaving each chip out.

`python -m benchmarks.estimate` prints the median and the 90th percentile of its size by mode, and the nets that
are worst; `--write` stores the fit with these errors in resviz/profiling/coefficients.json. V100 and T4 were
timed with ResNet-50 alone: without it they are chips without timings, so they count among the chips only.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from resviz.profiling import fit as fitting
from resviz.profiling import training_fit
from resviz.profiling.costs import COEFFICIENTS, Numbers
from resviz.profiling.published_times import Timing, covered, network, timings
from resviz.profiling.work import items

FILE = Path("resviz", "profiling", "coefficients.json")
COMMAND = "python -m benchmarks.estimate --write"
WORST = 8


def sizes(errors: Iterable[float]) -> dict[str, Any]:
    """Return the count, the median and the 90th percentile of the sizes of relative errors."""
    found = np.abs(np.array(list(errors)))
    return {
        "count": len(found),
        "median": round(float(np.median(found)), 4),
        "p90": round(float(np.quantile(found, 0.9)), 4),
    }


def by(names: Sequence[str], errors: Numbers) -> dict[str, dict[str, Any]]:
    """Return the sizes of errors by name."""
    return {name: sizes(e for n, e in zip(names, errors, strict=True) if n == name) for name in sorted(set(names))}


def show(title: str, parts: dict[str, dict[str, Any]]) -> None:
    """Print sizes of errors, a line each."""
    print(title)
    for name, part in parts.items():
        print(f"  {name:<40} {part['count']:>4} runs  median {part['median']:6.1%}  p90 {part['p90']:6.1%}")


def modes(runs: Sequence[Timing]) -> dict[str, dict[str, Any]]:
    """Return what each mode was timed with."""
    found: dict[str, dict[str, Any]] = {}
    for name in sorted({fitting.mode_of(run).name for run in runs}):
        own = [run for run in runs if fitting.mode_of(run).name == name]
        found[name] = {
            "gpu": own[0].gpu,
            "rows": len(own),
            "nets": len({run.net for run in own}),
            "batches": [min(run.batch for run in own), max(run.batch for run in own)],
            "effects": sorted({effect for run in own for effect in fitting.mode_of(run).effects}),
        }
    return found


def layers(runs: Sequence[Timing]) -> list[str]:
    """Return the classes of the operations and joins that the timed nets have."""
    first = {run.net: run for run in runs}.values()
    networks = filter(None, map(network, first))
    return sorted({item.what for net in networks for item in items(net, compiled=False, autocast=True)})


def main(*, write: bool) -> None:
    runs = covered()
    nets = {run.net for run in runs}
    print(f"{len(runs)} of {len(timings())} published runs are of the {len(nets)} nets that have a preset")
    effects = fitting.fit(runs)
    published = np.array([run.seconds for run in runs])
    inside = fitting.predicted(effects, runs) / published - 1
    names = [fitting.mode_of(run).name for run in runs]
    show("In the fit", {"all": sizes(inside)})

    timed = modes(runs)
    several = [n for n, name in enumerate(names) if timed[name]["nets"] > 1]
    chosen = [runs[n] for n in several]
    alone = [run for n, run in enumerate(runs) if n not in set(several)]
    errors = fitting.left_out(chosen, [run.net for run in chosen], effects, always=alone)
    labels = [names[n] for n in several]
    unseen_nets = {"all": sizes(errors), "modes": by(labels, errors)}
    show("Each net left out", {"all": unseen_nets["all"], **unseen_nets["modes"]})
    show("  by net", dict(sorted(by([r.net for r in chosen], errors).items(), key=lambda i: -i[1]["p90"])[:WORST]))

    errors_of_chips = fitting.left_out(runs, [run.gpu for run in runs], {})
    show("Each chip left out", {"all": sizes(errors_of_chips), **by([run.gpu for run in runs], errors_of_chips)})
    show("  by mode", by(names, errors_of_chips))

    steps = training_fit.training_timings()
    table = training_fit.shares(steps)
    factors = training_fit.fit(table)
    steps_inside = training_fit.predicted(factors, table) - 1
    steps_left_out = training_fit.left_out(table, [step.net for step in steps])
    show("Training steps, in the fit", {"all": sizes(steps_inside)})
    show("Training steps, each net left out", {"all": sizes(steps_left_out)})
    worst = sorted(by([step.net for step in steps], steps_left_out).items(), key=lambda i: -i[1]["p90"])
    show("  by net", dict(worst[:WORST]))
    mode = fitting.Mode(training_fit.GPU, training_fit.PRECISION, training_fit.LAYOUT, False, "")
    if write:
        text = {
            "command": COMMAND,
            "coefficients": list(COEFFICIENTS),
            "effects": {name: [round(x, 5) for x in logs] for name, logs in effects.items()},
            "modes": timed,
            "sizes": [min(run.size for run in runs), max(run.size for run in runs)],
            "layers": layers(runs),
            "training": {
                "factors": [round(x, 4) for x in (factors.product, factors.grouped, factors.elementwise)],
                "source": training_fit.SOURCE,
                "mode": mode.name,
                "torch": training_fit.TORCH,
                "rows": len(steps),
                "batches": [min(step.batch for step in steps), max(step.batch for step in steps)],
                "errors": {"fit": sizes(steps_inside), "nets": sizes(steps_left_out)},
            },
            "errors": {
                "fit": sizes(inside),
                "nets": unseen_nets["all"],
                "modes": unseen_nets["modes"],
                "chips": sizes(errors_of_chips),
                "chip": by([run.gpu for run in runs], errors_of_chips),
            },
        }
        FILE.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
        print(FILE)


if __name__ == "__main__":
    main(write="--write" in sys.argv[1:])
