"""Heat: the hottest node is the one that costs most, whatever is folded."""

import pytest

from resviz.arch import expand, preset
from resviz.diagram import HEATS, LABELS, Detail, draw, measured
from resviz.diagram.heat import STEPS, heat_of, per_block, share_in_words
from resviz.report.formatting import percent

NET = expand(preset("resnet50"))


@pytest.mark.parametrize("detail", Detail)
@pytest.mark.parametrize("name", HEATS)
def test_every_heat_reaches_the_top_of_its_scale_and_never_leaves_it(name: str, detail: Detail) -> None:
    steps = [node.heat for node in draw(NET, detail, heat=name).nodes if node.heat is not None]
    assert max(steps) == STEPS
    assert min(steps) >= 0


def test_folded_run_is_as_hot_as_its_blocks_together() -> None:
    values = heat_of(NET, "macs").values
    assert values["layer3.1-5"] == sum(values[f"layer3.{index}"] for index in range(1, 6))
    assert values["layer3"] == NET.stages[2].macs
    assert values["layer3.1-5.conv2"] == 5 * values["layer3.1.conv2"]


def test_hottest_layer_of_resnet50_by_parameters_is_a_3x3_of_the_last_stage() -> None:
    nodes = draw(NET, "layers", heat="params").nodes
    assert {f"layer4.{index}.conv2" for index in range(3)} <= {node.path for node in nodes if node.heat == STEPS}


def test_measured_times_colour_and_are_told_in_their_unit() -> None:
    heat = measured(NET, "time", {"conv1": 0.002, "layer1.0.conv1": 0.001})
    drawing = draw(NET, "layers", heat=heat)
    assert {node.path: node.heat for node in drawing.nodes}["conv1"] == STEPS
    assert "time: 0 to 2.00 ms" in [key.text for key in drawing.legend]


def test_nothing_is_hot_without_heat() -> None:
    assert all(node.heat is None for node in draw(NET).nodes)


def test_every_heat_has_a_name_for_people() -> None:
    assert LABELS.keys() == HEATS.keys()


def test_receptive_field_grows_along_the_main_path_and_arms_stay_without() -> None:
    nodes = draw(NET, "layers", heat="receptive").nodes
    steps = [node.heat for node in nodes if node.trunk and node.heat is not None]
    assert steps == sorted(steps)
    assert all(node.heat is None for node in nodes if not node.trunk)


@pytest.mark.parametrize("name", ["params", "macs", "activations"])
def test_each_heat_is_the_quantity_of_its_name(name: str) -> None:
    values = heat_of(NET, name).values
    assert values["conv1"] == getattr(NET.stem[0], name)
    assert values["layer2"] == getattr(NET.stages[1], name)
    assert values["fc"] == getattr(NET.head[-1], name)


def test_a_folded_run_has_the_colour_of_one_of_its_blocks_where_sums_are_not_asked_for() -> None:
    whole, each = heat_of(NET, "macs"), per_block(NET, heat_of(NET, "macs"))
    assert each.values["layer3.1-5"] == whole.values["layer3.1"]
    assert each.values["layer3.1-5.conv2"] == whole.values["layer3.1.conv2"]
    assert each.values["layer3"] == whole.values["layer3"] / 6
    assert {path: each.values[path] for path in ("conv1", "layer3.0", "layer3.1.conv2", "fc")} == {
        path: whole.values[path] for path in ("conv1", "layer3.0", "layer3.1.conv2", "fc")
    }


def test_a_selected_node_says_its_value_that_of_a_block_and_its_share() -> None:
    times = {path: 0.001 for path, _ in NET.walk()}
    heat, layers = measured(NET, "time", times), len(times)
    assert share_in_words(NET, heat, "conv1") == f"1.00 ms; {percent(1 / layers)} of the sum over all layers"
    count = sum(1 for _ in dict(NET.blocks())["layer3.1"].layers())
    assert share_in_words(NET, heat, "layer3.1-5").startswith(
        f"{5 * count}.0 ms in 5 blocks, {count}.00 ms each on average"
    )
    assert share_in_words(NET, heat, "layer3.0.shortcut") == ""
