"""Looks into trained nets, each against torch's own means or a net cut by hand."""

import gc
from dataclasses import replace

import pytest
import torch
from torch.nn import functional as F

from resviz.arch import expand
from resviz.nn import build
from resviz.nn.memory import Account
from resviz.training import Experiment, net
from resviz.training.digits import digits
from resviz.training.features import MOST_CHANNELS, feature_maps
from resviz.training.gradients import at_initialisation, gradients, main_path
from resviz.training.landscape import DIRECTIONS, direction, landscapes
from resviz.training.looks import GRADIENT_PICTURES as SOME
from resviz.training.surgery import accuracy, deleted, deletions, removable, swapped, swaps
from resviz.training.trained import trained


def test_gradient_norms_are_those_of_a_backward_pass() -> None:
    config = net("residual-8-w4-B")
    found = at_initialisation(config, 5)
    module = build(config, device="cpu", seed=5).train()
    F.cross_entropy(module(digits().train_images[:SOME]), digits().train_labels[:SOME]).backward()
    paths = main_path(expand(config))
    assert len(paths) == 7  # the stem and two convolutions in each of three blocks; no projection
    for path, layer in zip(paths, found.layers, strict=True):
        assert layer.path == path
        assert layer.norm == pytest.approx(module.get_parameter(f"{path}.weight").grad.norm().item(), rel=1e-4)


def test_gradients_of_a_deep_plain_net_grow_towards_the_input_with_bn_and_vanish_everywhere_without() -> None:
    def span(name: str) -> float:
        found = at_initialisation(net(name), 0).span
        assert found is not None
        return found

    assert span("plain-56") > 100
    assert span("residual-56") < 30
    assert max(layer.norm for layer in at_initialisation(net("plain-56-nobn"), 0).layers) < 1e-5


def test_gradients_come_before_and_after_training(tiny: Experiment) -> None:
    found = gradients(tiny, 0)
    assert [(each.subject.net, each.when) for each in found] == [
        (name, when) for name in ("plain-8-w4", "residual-8-w4") for when in ("at initialisation", "after training")
    ]
    assert found[0].layers != found[1].layers


def test_a_deleted_residual_block_leaves_its_shortcut() -> None:
    experiment = Experiment((net("residual-14-w4"),), epochs=1, seeds=(0,), batch=256)
    module = trained(experiment.nets[0], experiment, 0)
    images = digits().test_images[:8]
    with torch.no_grad():
        by_hand = trained(experiment.nets[0], experiment, 0)
        block = by_hand.get_submodule("layer1.1")
        block.bn2.weight.zero_()  # the branch gives nothing
        block.bn2.bias.zero_()
        expected = by_hand(images)
        with deleted(module, "layer1.1"):
            assert torch.allclose(module(images), expected, atol=1e-6)
        assert not torch.allclose(module(images), expected, atol=1e-3)  # and it is whole again


def test_only_blocks_that_leave_a_fitting_shape_can_go(tiny: Experiment) -> None:
    plain, residual = deletions(tiny, 0)
    assert [block.accuracy is None for block in plain.blocks] == [False, True, True]
    assert [block.accuracy is None for block in residual.blocks] == [False, False, False]
    assert [removable(block) for _, block in expand(tiny.nets[0]).blocks()] == [True, False, False]
    assert residual.whole == accuracy(trained(tiny.nets[1], tiny, 0))


def test_swapped_blocks_stand_in_each_others_place_and_go_back() -> None:
    module = build(net("residual-14-w4"), device="cpu", seed=0).eval()
    one, other = module.get_submodule("layer2.0"), module.get_submodule("layer2.1")
    stage = module.get_submodule("layer1")
    images = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(0))
    with torch.no_grad(), swapped(module, "layer1.0", "layer1.1"):
        assert torch.equal(stage(images), stage[1](stage[0](images)))
        turned = stage(images)
    with torch.no_grad():
        assert torch.equal(turned, stage[0](stage[1](images)))
        assert not torch.equal(turned, stage(images))
    assert (module.get_submodule("layer2.0"), module.get_submodule("layer2.1")) == (one, other)


def test_only_blocks_of_one_shape_are_swapped() -> None:
    experiment = Experiment((net("residual-20-w4"),), epochs=1, seeds=(0,), batch=256)
    (found,) = swaps(experiment, 0)
    assert [(pair.first, pair.second) for pair in found.pairs] == [
        ("layer1.0", "layer1.1"),
        ("layer1.0", "layer1.2"),
        ("layer1.1", "layer1.2"),
        ("layer2.1", "layer2.2"),
        ("layer3.1", "layer3.2"),
    ]


def test_each_filter_of_a_direction_is_as_long_as_the_nets_own() -> None:
    module = build(net("residual-8-w4"), device="cpu", seed=0)
    weights = [weight for weight in module.parameters() if weight.dim() > 1]
    for moved, weight in zip(direction(module, torch.Generator().manual_seed(DIRECTIONS)), weights, strict=True):
        assert torch.allclose(moved.flatten(1).norm(dim=1), weight.flatten(1).norm(dim=1), rtol=1e-4)
        assert not torch.allclose(moved, weight)


def test_the_middle_of_a_landscape_is_the_trained_net(tiny: Experiment) -> None:
    found = landscapes(tiny, 0, points=5)
    for plane, config in zip(found, tiny.nets, strict=True):
        module = trained(config, tiny, 0)
        with torch.no_grad():
            loss = F.cross_entropy(module(digits().train_images[:SOME]), digits().train_labels[:SOME]).item()
        assert plane.at == (-1.0, -0.5, 0.0, 0.5, 1.0)
        assert plane.centre == pytest.approx(loss, rel=1e-5)
        assert plane.losses[0][0] != plane.losses[4][4]
    assert landscapes(tiny, 0, points=5) == found


def test_a_point_of_a_landscape_is_the_net_moved_along_both_directions(tiny: Experiment) -> None:
    (plane,) = landscapes(replace(tiny, nets=tiny.nets[1:]), 0, points=3)
    module = trained(tiny.nets[1], tiny, 0)
    generator = torch.Generator().manual_seed(DIRECTIONS)
    first, second = direction(module, generator), direction(module, generator)
    untrained = build(tiny.nets[1], device="cpu", seed=0)
    weights = [weight for weight in module.parameters() if weight.dim() > 1]
    begun = [weight for weight in untrained.parameters() if weight.dim() > 1]
    for drawn in (first, second):  # and not along the net's own first weights
        assert abs(F.cosine_similarity(drawn[0].flatten(), begun[0].flatten(), 0).item()) < 0.5
    with torch.no_grad():
        for weight, right, up in zip(weights, first, second, strict=True):
            weight.add_(right - up)
        loss = F.cross_entropy(module(digits().train_images[:SOME]), digits().train_labels[:SOME]).item()
    assert plane.losses[0][2] == pytest.approx(loss, rel=1e-4)  # the lowest row, the last column


def test_feature_maps_are_those_of_the_trained_net_in_evaluation_mode(tiny: Experiment) -> None:
    found = feature_maps(tiny, 0)
    assert [each.digit for each in found] == [*range(10)] * 2
    each = found[17]
    module, images = trained(tiny.nets[1], tiny, 0), digits().test_images
    first = next(index for index, label in enumerate(digits().test_labels) if label == 7)
    assert torch.equal(each.picture, images[first, 0])
    with torch.no_grad():
        x = images[first : first + 1]
        assert each.verdict[0] == module(x).argmax().item()
        stem = module.relu(module.bn1(module.conv1(x)))
        block = module.get_submodule("layer1.0")
        branch = block.bn2(block.conv2(block.relu1(block.bn1(block.conv1(stem)))))
    assert torch.equal(each.blocks[0].skip, stem[0])
    assert torch.allclose(each.blocks[0].branch, branch[0])


def test_the_blocks_kept_are_the_ends_of_each_stage_and_their_channels_those_that_are_shown(
    process_account: Account,
) -> None:
    experiment = Experiment((net("residual-20-w16"),), epochs=1, seeds=(0,), batch=256)
    found = feature_maps(experiment, 0)
    assert [block.path for block in found[0].blocks] == [f"layer{stage}.{end}" for stage in (1, 2, 3) for end in (0, 2)]
    assert found[0].blocks[0].channels == (0, 2, 4, 6, 9, 11, 13, 15)
    assert found[0].blocks[-1].channels[-1] == 63
    kept = [maps for each in found for block in each.blocks for maps in (block.branch, block.skip, block.total)]
    assert {len(maps) for maps in kept} == {MOST_CHANNELS}
    assert process_account.held == sum(maps.untyped_storage().nbytes() for maps in kept)
    del found, kept
    gc.collect()
    assert process_account.held == 0
