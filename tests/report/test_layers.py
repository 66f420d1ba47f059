"""The layer table derives each cost from its factors."""

from hypothesis import given

from resviz.arch import PRESETS, Network, ResNetConfig, expand, preset
from resviz.report.layers import LayerRow, layer_records, layer_rows
from tests.presets import on_each
from tests.strategies import configs


def by_name(network: Network) -> dict[str, LayerRow]:
    return {row.name: row for row in layer_rows(network)}


def derived(text: str) -> int:
    """The value of a derivation, ``2048*1000+1000``."""
    return sum(product(term) for term in text.split("+")) if text else 0


def product(term: str) -> int:
    result = 1
    for factor in term.split("*"):
        result *= int(factor)
    return result


def test_a_3x3_convolution_is_derived_from_its_factors() -> None:
    row = by_name(expand(preset("resnet50")))["layer1.0.conv2"]
    assert row.macs_derivation == "3*3*64*64*56*56"
    assert row.params_derivation == "3*3*64*64"


def test_a_bias_is_a_term_of_its_own() -> None:
    assert by_name(expand(preset("resnet50")))["fc"].params_derivation == "2048*1000+1000"


def test_groups_divide_the_input_channels() -> None:
    assert by_name(expand(preset("resnext50_32x4d")))["layer1.0.conv2"].params_derivation == "3*3*4*128"


def test_every_layer_of_resnet34_has_one_row() -> None:
    network = expand(preset("resnet34"))
    assert [row.name for row in layer_rows(network)] == [layer.name for layer in network.layers()]


@on_each("name", [name for name in PRESETS if "1202" not in name and "1001" not in name])
def test_derivations_give_the_costs_of_every_preset(name: str) -> None:
    for row in layer_rows(expand(PRESETS[name].config)):
        assert derived(row.params_derivation) == row.params
        assert derived(row.macs_derivation) == row.macs


@given(config=configs())
def test_derivations_give_the_costs_of_any_network_and_add_up_to_it(config: ResNetConfig) -> None:
    network = expand(config)
    rows = layer_rows(network)
    assert sum(derived(row.params_derivation) for row in rows) == network.params
    assert sum(derived(row.macs_derivation) for row in rows) == network.macs
    assert sum(row.activations for row in rows) == network.activations


def test_what_does_not_apply_to_a_kind_is_none() -> None:
    records = {record["name"]: record for record in layer_records(expand(preset("ecaresnet26t")))}
    assert records["layer1.0.bn1"]["kernel"] is None
    eca = records["layer1.0.eca.conv"]
    assert [eca[key] for key in ("kind", "kernel", "stride", "padding", "groups", "bias")] == [
        "conv",
        5,
        1,
        2,
        1,
        False,
    ]


def test_a_row_and_its_record_have_the_shapes_of_their_layer() -> None:
    network = expand(preset("resnet50"))
    shapes = [(layer.in_shape, layer.out_shape) for layer in network.layers()]
    assert [(row.in_shape, row.out_shape) for row in layer_rows(network)] == shapes
    assert [(tuple(row["in_shape"]), tuple(row["out_shape"])) for row in layer_records(network)] == shapes
    costs = [(layer.params, layer.macs) for layer in network.layers()]
    assert [(row["params"], row["macs"]) for row in layer_records(network)] == costs
    strided = by_name(network)["layer2.0.conv2"]
    assert (strided.in_shape, strided.out_shape) == ((128, 56, 56), (128, 28, 28))
