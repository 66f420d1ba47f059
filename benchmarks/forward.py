"""Forward time of the built ResNet-50 over that of one written by hand: the same weights, the same run.

The two take turns, so that whatever else the machine does falls on both. `python -m benchmarks.forward
[rounds]`; eager, and compiled where torch finds a compiler.
"""

import shutil
import statistics
import sys
import time
from collections.abc import Callable

import torch

from resviz.arch import preset
from resviz.nn import build
from tests.nn.reference import REFERENCES

NAME = "resnet50"
BATCH = 1
WARM_UP = 3


def clock(run: Callable[[], object], device: torch.device) -> float:
    """Seconds one call takes, the device's queue empty before and after."""
    wait = torch.cuda.synchronize if device.type == "cuda" else lambda: None
    wait()
    start = time.perf_counter()
    run()
    wait()
    return time.perf_counter() - start


def ratios(built: Callable[..., object], hand: Callable[..., object], x: torch.Tensor, rounds: int) -> list[float]:
    """Built over hand-written, round by round; who goes first alternates."""
    for _ in range(WARM_UP):
        built(x), hand(x)
    times: dict[str, list[float]] = {"built": [], "hand": []}
    for number in range(rounds):
        pair = [("built", built), ("hand", hand)]
        for name, net in pair if number % 2 else pair[::-1]:
            times[name].append(clock(lambda net=net: net(x), x.device))
    print(
        f"  built {statistics.median(times['built']) * 1e3:.2f} ms, "
        f"hand-written {statistics.median(times['hand']) * 1e3:.2f} ms (medians)"
    )
    return [a / b for a, b in zip(times["built"], times["hand"], strict=True)]


def main(rounds: int) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    built = build(preset(NAME), device=device, seed=0).eval()
    hand = REFERENCES[NAME]().to(device).eval()
    hand.load_state_dict(built.state_dict(), strict=True)
    x = torch.randn(BATCH, 3, 224, 224, generator=torch.Generator().manual_seed(0)).to(device)
    modes: dict[str, Callable[..., Callable[..., object]]] = {"eager": lambda net: net}
    if shutil.which("c++") or shutil.which("g++") or device.type == "cuda":
        modes["compiled"] = lambda net: torch.compile(net, fullgraph=True)
    with torch.inference_mode():
        assert torch.equal(built(x), hand(x)), "the two nets do not compute the same"
        for mode, prepare in modes.items():
            print(f"{NAME}, batch {BATCH}, {device}, {mode}, {rounds} rounds")
            found = sorted(ratios(prepare(built), prepare(hand), x, rounds))
            low, high = found[len(found) // 4], found[-1 - len(found) // 4]
            print(f"  ratio {statistics.median(found):.3f} (quartiles {low:.3f} to {high:.3f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
