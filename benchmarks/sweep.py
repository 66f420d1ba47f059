"""How fast a design space is swept: `python -m benchmarks.sweep`.

10,080 networks around ResNet-50 over block, depths, widths, groups and resolution: parameters, MACs,
activations, memory, receptive field, depth and the estimated time on a T4, in one process, nothing made before.
"""

import time

from resviz.arch import preset
from resviz.profiling.search import Query, search

RANGES = (
    "block=basic,bottleneck",
    "depths.2=2..8/2",
    "depths.3=2..36/5",
    "depths.4=1..4",
    "width=0.5..1.75/0.25",
    "groups.4=1,2",
    "resolution=160..288/32",
)
AIM = 5.0
"""Seconds."""


def main() -> None:
    query = Query.of(preset("resnet50"), RANGES, ["macs<=4G", "params<=25M", "time<=10ms"], gpu="T4")
    start, spent = time.perf_counter(), time.process_time()
    found = search(query)
    wall, cpu = time.perf_counter() - start, time.process_time() - spent
    asked = len(found.sweep.values) + sum(found.sweep.refused.values())
    print(f"{asked:,} combinations: {len(found.sweep.values):,} networks of {len(found.sweep.parts):,} distinct parts")
    print(f"  {wall:.2f} s, {cpu:.2f} s of CPU in one process (aim: under {AIM:g} s)")
    print(f"  {' -> '.join(f'{left:,}' for left in found.left)} remain after {len(found.left)} limits")


if __name__ == "__main__":
    main()
