from resviz.arch import expand
from resviz.profiling.breakdown import additions
from resviz.profiling.result import Breakdown, Ceiling, LayerTime, Profile
from resviz.profiling.roofline import MEASURED, points, roof
from tests.profiling.conftest import TINY, Make


def timed(made: Make, device: str = "A CPU", precision: str = "fp32") -> Profile:
    layers = tuple(LayerTime(path=path, seconds=0.001) for path, _ in expand(TINY).walk())
    blocks = tuple(LayerTime(path=path, seconds=0.010) for path, _ in expand(TINY).blocks())
    run = made(device=device, breakdown=Breakdown(steps=1, total=0.1, plain=0.1, blocks=blocks, layers=layers))
    return run.model_copy(update={"protocol": run.protocol.with_(precision=precision)})


def test_a_point_moves_input_weights_and_output_once(made: Make) -> None:
    first = points(timed(made))[0]
    assert first.path == "conv1"
    assert first.macs == 2 * 3 * 3 * 3 * 4 * 16 * 16
    assert first.bytes == 4 * (2 * (3 + 4) * 16 * 16 + 3 * 3 * 3 * 4)
    assert first.macs_per_second == first.macs / 0.001


def test_only_layers_with_macs_are_points(made: Make) -> None:
    network = expand(TINY)
    assert [point.path for point in points(timed(made))] == [path for path, layer in network.walk() if layer.macs]
    assert points(made()) == ()


def test_half_precision_moves_half_the_bytes(made: Make) -> None:
    full, half = points(timed(made)), points(timed(made, precision="fp16"))
    assert [point.bytes for point in full] == [2 * point.bytes for point in half]


def test_the_roof_bends_where_memory_and_arithmetic_meet(made: Make) -> None:
    above = roof(timed(made, "NVIDIA A100-SXM4-40GB"))
    assert above is not None
    assert above.ridge == 19.5e12 / 2 / 1555e9
    assert above.at(above.ridge / 8) == above.macs_per_second / 8
    assert above.at(above.ridge * 10) == above.macs_per_second
    assert roof(timed(made)) is None


def test_without_a_makers_figure_the_roof_is_what_was_measured(made: Make) -> None:
    ceiling = Ceiling(macs_per_second=8e9, bytes_per_second=2e9)
    above = roof(timed(made).model_copy(update={"ceiling": ceiling}))
    assert above is not None
    assert (above.ridge, above.source) == (4, MEASURED)
    named = roof(timed(made, "Tesla T4").model_copy(update={"ceiling": ceiling}))
    assert named is not None
    assert named.source.startswith("NVIDIA")


def test_an_addition_gets_what_its_block_took_beyond_its_layers(made: Make) -> None:
    run = timed(made)
    assert run.breakdown is not None
    found = additions(run.breakdown, run.network)
    inside = sum(1 for _ in next(run.network.blocks())[1].layers())
    assert abs(found["layer1.0.add"] - (0.010 - 0.001 * inside)) < 1e-12
