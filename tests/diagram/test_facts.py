"""What a person is told about a node: products whose values are the tree's."""

import re
from math import prod

import pytest

from resviz.arch import PRESETS
from resviz.arch.layers import Gate
from resviz.diagram import facts
from tests.presets import network, on_each


def rows(name: str, path: str) -> dict[str, str]:
    found = facts(network(name), path)
    assert found is not None
    return {row.label: row.value for row in found.rows}


def test_convolution_shows_its_product_with_the_values_put_in() -> None:
    told = rows("resnet18", "layer1.0.conv1")
    assert told["MACs for one image"] == "3·3·64·64·56·56 = 115,605,504"
    assert told["Parameters"] == "3·3·64·64 = 36,864"


def test_layer_tells_the_line_of_torch_that_makes_it() -> None:
    found = facts(network("resnet50"), "layer2.0.downsample.0")
    assert found is not None
    assert found.torch == "nn.Conv2d(256, 512, kernel_size=1, stride=2, bias=False)"


@on_each("name", PRESETS)
def test_every_product_gives_the_layers_parameters(name: str) -> None:
    for layer, _ in network(name).tally():
        terms = layer.op.params_formula.split(" + ") if layer.params else []
        assert sum(prod(int(factor) for factor in term.split("*")) for term in terms) == layer.params


def test_run_tells_one_block_times_their_number() -> None:
    assert re.match(r"3 x 280,064 = 840,192 ", rows("resnet50", "layer2.1-3")["Parameters"])


def test_shares_of_the_stages_add_up() -> None:
    net = network("resnet50")
    shares = [rows("resnet50", stage.name)["MACs for one image"] for stage in net.stages]
    values = [int(share.split(" ")[0].replace(",", "")) for share in shares]
    assert sum(values) == sum(stage.macs for stage in net.stages)


def test_gate_and_sum_tell_their_formula() -> None:
    assert rows("resnet110_cifar10_exclusive_gate", "layer1.0.add")["Formula"] == "y = (1 − g) x + g F(x)"
    assert rows("resnet50", "layer1.0.add")["Formula"] == "y = F(x) + s(x)"
    assert rows("resnet50", "layer1.1.add")["Formula"] == "y = F(x) + x"


def test_attention_unit_tells_its_chain() -> None:
    gate = next(node for node in dict(network("seresnet50").blocks())["layer1.0"].branch if isinstance(node, Gate))
    assert rows("seresnet50", f"layer1.0.{gate.name}")["g"].startswith("global avg pool, 1x1 conv, 16")


@pytest.mark.parametrize("path", ["", "layer9", "layer1.9", "layer1.x", "layer1.0.conv9", "layer1.1-99", "layer1.0.se"])
def test_path_of_nothing_has_no_facts(path: str) -> None:
    assert facts(network("resnet18"), path) is None


def test_plain_block_has_no_facts_about_a_sum_or_a_shortcut() -> None:
    assert facts(network("plain34"), "layer1.0.add") is None
    assert facts(network("plain34"), "layer1.0.shortcut") is None
