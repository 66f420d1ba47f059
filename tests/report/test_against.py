"""Against the paper: differences from the nearest published network, each with its cost."""

from resviz.arch import expand, preset
from resviz.report.against import against, nearest, sentence


def test_a_published_network_is_itself() -> None:
    name, rows = against(preset("resnet50"))
    assert (name, rows) == ("resnet50", ())
    assert sentence(name, rows) == "This is resnet50 as published."


def test_each_difference_has_its_own_cost() -> None:
    config = preset("resnet50").with_(name="mine", depths=(3, 4, 7, 3), num_classes=10)
    name, rows = against(config)
    assert name == "resnet50"
    costs = {row.field: row.costs for row in rows}
    assert set(costs) == {"depths", "num_classes"}
    assert costs["num_classes"] is not None
    assert costs["num_classes"].params == -990 * 2049
    assert costs["depths"] is not None
    assert costs["depths"].params == expand(preset("resnet50").with_(depths=(3, 4, 7, 3))).params - 25_557_032


def test_attention_makes_the_attended_network_the_nearest() -> None:
    assert nearest(preset("resnet50").with_(attention="se", zero_init_last=True)) == "seresnet50"
