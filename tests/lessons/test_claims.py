"""Numbers that stand typed in the lessons' sentences: each is computed here, and must still stand in its step."""

from collections.abc import Callable
from math import log, sqrt

import pytest

from resviz.arch import ConfigError, expand
from resviz.arch.links import decode
from resviz.arch.ops import Kind
from resviz.lessons.controls import Settings
from resviz.lessons.experiments import EXPERIMENTS
from resviz.lessons.experiments.live import SKIPS
from resviz.lessons.experiments.nets import PATH
from resviz.lessons.experiments.paths import kept
from resviz.lessons.experiments.slim import same
from resviz.lessons.experiments.trained import GRID
from resviz.lessons.figures import filled, network, number
from resviz.lessons.reading import lesson
from resviz.report import formatting as fmt
from resviz.report.classic import unit
from resviz.training.experiment import TEST, TRAIN
from resviz.training.recorded import recorded


def words(name: str, step: int) -> str:
    """Return all that a step says, in one line."""
    one = lesson(name).steps[step - 1]
    asked = [one.question.ask, *one.question.choices, one.question.answer] if one.question else []
    return " ".join(" ".join([one.text, one.caption, *asked]).split())


def right(name: str, step: int) -> str:
    """Return the choice that a question calls right."""
    question = lesson(name).steps[step - 1].question
    assert question
    return question.choices[question.right]


def error(key: str, model: str) -> float:
    return float(filled(f"[[error: {key} | {model}]]").removesuffix("%"))


def spoilt(model: str) -> float:
    """Return the error of a changed shortcut over that of the identity."""
    return error("he2016_table1", f"ResNet-110, {model}") / error("he2016_table1", "ResNet-110, original")


def top1(step: int) -> float:
    return float(PATH[step].top1)


def change(before: str, after: str) -> float:
    return network(after).macs / network(before).macs - 1


def blocks(word: str) -> int:
    return sum(1 for _ in network(word).blocks())


CLAIMS: dict[tuple[str, int, str], Callable[[], bool]] = {
    ("deeper", 6, "1,797 handwritten digits within a minute"): lambda: (
        TRAIN + TEST == 1_797 and sum(run.seconds for run in recorded().runs) < 60
    ),
    ("deeper", 6, "each trained from three seeds"): lambda: len(recorded().experiment.seeds) == 3,
    ("deeper", 6, "nearly as well as the shallow nets"): lambda: (
        {row.net.name: round(row.mean or 0, 2) for row in recorded().rows}["residual-56"] >= 0.95
    ),
    ("block", 3, "4 x 6 x 3 x 3"): lambda: (
        EXPERIMENTS["residual"].show(Settings(lesson("block").steps[2].settings)).facts["y"] == "4x6x3x3"
    ),
    ("block", 6, "eight such blocks"): lambda: blocks("resnet18") == 8,
    ("bottleneck", 3, r"$18\,C^2$"): lambda: all(unit("basic", c).weights == 18 * c * c for c in (64, 128, 1024)),
    ("bottleneck", 3, r"\tfrac{17}{16}\,C^2"): lambda: all(
        16 * unit("bottleneck", c).weights == 17 * c * c for c in (64, 128, 1024)
    ),
    ("bottleneck", 5, "3, 4, 6, 3"): lambda: (
        decode("resnet34")[0].depths == decode("resnet50")[0].depths == (3, 4, 6, 3)
    ),
    ("bottleneck", 5, "It adds 16 layers"): lambda: network("resnet50").depth - network("resnet34").depth == 16,
    ("bottleneck", 5, "About 15 times"): lambda: (
        14.5 < network("resnet50~block~basic~widths~256-512-1024-2048").macs / network("resnet50_v1").macs < 15.5
    ),
    ("bottleneck", 6, "a multiple of $2^{17}$"): lambda: (
        number("weights: basic | 256") % 2**17 == 0 != number("misprint: printed") % 2**17
    ),
    ("depth", 1, r"1 + 3 \cdot (3 + 4 + 6 + 3) + 1 = 50"): lambda: network("resnet50").depth == 1 + 3 * 16 + 1 == 50,
    ("depth", 1, "51 layers more are 17 bottlenecks more: 6 + 17"): lambda: (
        network("resnet101").depth - network("resnet50").depth == 51 == 3 * (blocks("resnet101") - blocks("resnet50"))
    ),
    ("depth", 4, "`resnet86_cifar10` as a preset in the sidebar: it exists. `resnet87_cifar10` does not"): lambda: (
        network("resnet86_cifar10").depth == 86 and not exists("resnet87_cifar10")
    ),
    ("depth", 5, "$6n + 4$ for $n$ blocks"): lambda: network("wrn28_10_cifar10").count(Kind.CONV) == 6 * 4 + 4 == 28,
    ("stride", 1, "halves its map five times"): lambda: 224 // network("resnet50").stages[-1].out_shape[1] == 2**5,
    ("stride", 5, "25.6 M parameters, 3.86 G MACs"): lambda: (
        fmt.short(network("resnet50_v1").params) == "25.6 M" and fmt.short(network("resnet50_v1").macs) == "3.86 G"
    ),
    ("table", 2, "112, 56, 28, 14"): lambda: [stage.out_shape[1] for stage in network("resnet34").stages[:3]]
    == [56, 28, 14],
    ("table", 3, "[1x1, 512; 3x3, 512; 1x1, 2048] x 3"): lambda: (
        right("table", 3) == filled("[[paper: 101 | conv5_x | bracket]] x [[paper: 101 | conv5_x | blocks]]")
    ),
    ("table", 6, "which rounds to 3.7"): lambda: round(network("resnet34").macs / 1e9, 1) == 3.7,
    ("table", 6, "that does round to 3.6"): lambda: round(network("resnet34_option_a").macs / 1e9, 1) == 3.6,
    ("table", 7, "4.09 GFLOPs for ResNet-50, another 8.18"): lambda: (
        fmt.short(network("resnet50").macs) == "4.09 G" and fmt.short(network("resnet50").flops) == "8.18 G"
    ),
    ("gradients", 1, r"$0.9^{50} \approx 0.005$; and $1.1^{50} \approx 117$"): lambda: (
        round(0.9**50, 3) == 0.005 and round(1.1**50) == 117
    ),
    ("gradients", 4, "After 27 blocks"): lambda: blocks("resnet56_cifar10") == 27,
    ("shortcuts", 1, "54 blocks"): lambda: blocks("resnet110_cifar10") == 54,
    ("shortcuts", 1, "1 in 10,000,000,000,000,000"): lambda: 1e16 < number("power: 2 | 54") < 2e16,
    ("shortcuts", 2, "six shortcuts"): lambda: len(SKIPS) - 1 == 6,
    ("shortcuts", 3, "seven nets of 110 layers"): lambda: (
        len(SKIPS) == 7 and {network(name).depth for name in SKIPS} == {110}
    ),
    ("shortcuts", 4, "nearly twice as large"): lambda: 1.8 < spoilt("1x1 conv shortcut") < 2,
    ("slim", 4, "(225, 113, 57, 29, 15)"): lambda: sizes(225) == [225, 113, 57, 29, 15],
    ("thousand", 1, r"$6 \cdot 200 + 2$ layers: three stages of 200"): lambda: (
        network("resnet1202_cifar10").depth == 6 * 200 + 2 and decode("resnet1202_cifar10")[0].depths == (200,) * 3
    ),
    ("thousand", 4, "$9n + 2$ layers with $n = 18$ and $n = 111$"): lambda: (
        [decode(f"preact_resnet{9 * n + 2}_cifar10")[0].depths for n in (18, 111)] == [(18,) * 3, (111,) * 3]
    ),
    ("thousand", 4, "about the same cost, and half as many layers again"): lambda: (
        abs(change("resnet110_cifar10", "preact_resnet164_cifar10")) < 0.03 and round(164 / 110, 1) == 1.5
    ),
    ("thousand", 4, "Without the parameters of BN there are 10.2 million"): lambda: (
        round(without_norms("preact_resnet1001_cifar10") / 1e6, 1) == 10.2
    ),
    ("paths", 2, r"$\sqrt{54}/2 \approx 3.7$"): lambda: round(sqrt(54) / 2, 1) == 3.7,
    ("paths", 6, "about three quarters of the blocks"): lambda: (
        round(float(kept(Settings({"percent": 50})).facts["expected"]) / 54, 2) == 0.75
    ),
    ("paths", 6, "It falls by about a percentage point"): lambda: (
        0.5 < error("wrn_table5", "original-ResNet-110") - error("wrn_table5", "stoc-depth-110") < 1.5
    ),
    ("field", 1, r"$7 + (3 - 1) \cdot 2 = 11$"): lambda: right("field", 1) == f"{7 + (3 - 1) * 2} pixels",
    ("field", 4, "ResNet-18 has 8 blocks, the others 16"): lambda: [
        blocks(f"resnet{depth}") for depth in (18, 34, 50)
    ] == [8, 16, 16],
    ("landscape", 3, "15 x 15 points"): lambda: GRID == 15,
    ("landscape", 3, "About 2.3"): lambda: round(log(10), 1) == 2.3,
    ("landscape", 3, "barely lower than guessing"): lambda: all(
        1.5 < run.points[-1].test_loss < log(10) for run in recorded().runs if run.net == "plain-56"
    ),
    ("family", 1, "32 times fewer"): lambda: 9 * 128 * 128 == 32 * (32 * 9 * 4 * 4),
    ("family", 2, "128 to 1,024 channels for 64 to 512"): lambda: (
        [inner("wide_resnet50_2"), inner("resnet50")] == [(128, 1024), (64, 512)]
    ),
    ("family", 2, "about as much as going to 152 layers"): lambda: (
        abs(error("wrn_models", "WRN-50-2-bottleneck") - error("wrn_models", "ResNet-152")) < 0.5
    ),
    ("family", 3, "Less than 1%"): lambda: change("resnet50_v1", "resnet50_v1~attention~se~attention_divisor~1") < 0.01,
    ("family", 5, "about as many MACs as ResNet-50"): lambda: abs(change("resnet50", "regnetx_040")) < 0.05,
    ("convnext", 1, "**78.8%**"): lambda: top1(0) == 78.8,
    ("convnext", 3, "The cost falls by about half"): lambda: -0.5 < change(PATH[2].net, PATH[3].net) < -0.45,
    ("convnext", 3, "96 channels for 64"): lambda: [decode(PATH[at].net)[0].widths[0] for at in (4, 3)] == [96, 64],
    ("convnext", 4, "the accuracy falls for a moment"): lambda: top1(6) < min(top1(5), top1(8)),
    ("convnext", 5, "About 2%"): lambda: 0.015 < change(PATH[6].net, PATH[8].net) < 0.025,
    ("convnext", 5, r"$49/9 \approx 5.4$"): lambda: round(49 / 9, 1) == 5.4,
    ("convnext", 6, "gains 0.7 points"): lambda: round(top1(10) - top1(9), 1) == 0.7,
    ("convnext", 6, "GELU for ReLU gains nothing"): lambda: top1(9) == top1(8),
    ("convnext", 6, "**ConvNeXt-T**, 82.0%"): lambda: top1(13) == 82.0,
    ("convnext", 6, "They grew by about a tenth"): lambda: 0.08 < change("resnet50", "convnext_tiny") < 0.12,
}  # fmt: skip
"""Whether a sentence of a lesson's step is true."""


def exists(word: str) -> bool:
    try:
        expand(decode(word)[0])
    except ConfigError:
        return False
    return True


def sizes(side: int) -> list[int]:
    """Return the sides of the maps that four strided windows make, one after the other."""
    found = [side]
    for _ in range(4):
        found.append(same(found[-1], 3, 2)[0])
    return found


def without_norms(word: str) -> int:
    net = network(word)
    return net.params - sum(layer.params for layer in net.layers() if layer.kind is Kind.NORM)


def inner(word: str) -> tuple[int, int]:
    """Return the channels of the 3x3 convolutions in the first and in the last stage."""
    convs = [layer for layer in network(word).layers() if layer.name.endswith("conv2")]
    return convs[0].out_shape[0], convs[-1].out_shape[0]


@pytest.mark.parametrize(("name", "step", "said"), CLAIMS, ids=[f"{key[0]}-{key[1]}" for key in CLAIMS])
def test_a_number_typed_in_a_sentence_is_true(name: str, step: int, said: str) -> None:
    assert said in words(name, step)
    assert CLAIMS[name, step, said]()


def test_the_summaries_count_rightly() -> None:
    assert len(PATH) - 1 == 13
    assert lesson("convnext").summary.startswith("Thirteen single changes")
    assert round(change("resnet50_v1", "resnet50") * 100) == 6
    assert "costs 6% more" in lesson("stride").summary
