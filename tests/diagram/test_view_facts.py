"""What is told of a node in the pictures of one unit and of five orders: each that is drawn, and no other."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import close_up, orders
from resviz.diagram.facts import Facts
from resviz.diagram.orders import FIVE, in_own_order, without_order
from resviz.diagram.search import search_index
from resviz.diagram.view_facts import facts_in_view


def known(view: str, path: str, name: str = "resnet50", unit: str = "layer2.0") -> Facts | None:
    config = preset(name)
    return facts_in_view(config, expand(config), view, unit, path)


def row(found: Facts | None, label: str) -> str:
    assert found is not None
    return next(each.latex or each.value for each in found.rows if each.label == label)


@pytest.mark.parametrize("name", ["resnet50", "resnet34", "preact_resnet164_cifar10"])
def test_each_node_and_shortcut_of_the_five_orders_has_details_that_name_its_order(name: str) -> None:
    config, network = preset(name), expand(preset(name))
    picture = orders(config, "layer2.0")
    shortcuts = [place.path for place in search_index(network, picture).places]
    assert len(shortcuts) == len(FIVE)
    labels = {}
    for path in [*(node.path for node in picture.nodes), *shortcuts]:
        found = facts_in_view(config, network, "orders", "layer2.0", path)
        assert found is not None, path
        assert found.path == path
        assert found.rows[0].label == "Order"
        labels[path.partition(".")[0]] = found.rows[0].value
    assert [", as here" in labels[order] for order in FIVE] == [order == config.order for order in FIVE]


def test_the_details_are_those_of_the_order_and_not_of_the_network() -> None:
    assert row(known("orders", "original.output"), "Computes") == (
        r"y = \mathrm{ReLU}(\mathrm{BN}(\allowbreak W_s\,x) + F(x))"
    )
    assert row(known("orders", "full_preact.output"), "Computes") == r"y = \allowbreak W_s\,h + F(x)"
    assert "after its pre-activation" in row(known("orders", "full_preact.layer2.0.shortcut"), "Joins")
    assert "after" not in row(known("orders", "original.layer2.0.shortcut"), "Joins")


@pytest.mark.parametrize(
    "path",
    [
        "full_preact",
        "full_preact.",
        "full_preact.fc",
        "full_preact.layer1.0.conv1",
        "full_preact.layer2.0.conv9",
        "no.x",
    ],
)
def test_what_the_five_orders_do_not_show_has_no_details(path: str) -> None:
    assert known("orders", path) is None


def test_the_ends_of_one_block_are_its_own_and_not_the_networks() -> None:
    assert row(known("block", "input"), "Shape") == "256x56x56"
    assert row(known("block", "output"), "Shape") == "512x28x28"
    assert row(known("network", "input"), "Shape") == "3x224x224"
    assert known("network", "output") is None
    picture = close_up(expand(preset("resnet50")), "layer2.0")
    assert all(known("block", node.path) for node in picture.nodes)


def test_a_path_of_the_network_is_that_of_its_own_order_where_the_five_show_it() -> None:
    assert in_own_order(preset("resnet50"), "layer2.0", "layer2.0.conv1") == "original.layer2.0.conv1"
    assert in_own_order(preset("preact_resnet164_cifar10"), "layer2.0", "layer2.0.conv1").startswith("full_preact.")
    for path in ("layer2.1.conv1", "fc", "full_preact.layer2.0.conv1", ""):
        assert in_own_order(preset("resnet50"), "layer2.0", path) == path


def test_a_path_of_an_order_is_the_networks_in_its_other_pictures() -> None:
    assert without_order("full_preact.layer2.0.conv1") == "layer2.0.conv1"
    assert without_order("layer2.0.conv1") == "layer2.0.conv1"
