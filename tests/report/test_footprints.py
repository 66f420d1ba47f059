"""What one operation does to memory, held to its module alone: in a network the peak may lie elsewhere."""

from collections.abc import Iterator

import pytest
import torch

from resviz.arch import expand, preset
from resviz.arch.layers import Layer
from resviz.arch.operation import Batch, Operation
from resviz.nn.build import leaf
from tests.families import FAMILIES
from tests.report.test_memory import SMALL, Kept, Watch


def smallest_layers() -> Iterator[Layer]:
    """Yield a layer of every class of operation: of those in some small nets the one that reads least."""
    small = [preset("resnet18").with_(input=(3, 37, 45), depths=(1, 2, 1, 1), **changes) for changes in SMALL]
    rest = [preset(name) for name in ("nf_resnet50", "resnetblur50", "resnet50_gn", "convnextv2_atto")]
    others = [config.with_(input=(3, 64, 64), depths=(1, 1, 1, 1)) for config in rest]
    families = [config.with_(input=(3, 64, 64)) for config in FAMILIES.values()]
    found: dict[type[Operation], Layer] = {}
    for config in [*small, *others, *families]:
        for layer, _ in expand(config).tally():
            best = found.setdefault(type(layer.op), layer)
            if sum(layer.in_shape) < sum(best.in_shape):
                found[type(layer.op)] = layer
    yield from found.values()


LAYERS = {type(layer.op).__name__: layer for layer in smallest_layers()}


@pytest.mark.parametrize("name", LAYERS)
def test_an_operation_takes_and_keeps_what_its_module_does(name: str) -> None:
    layer, batch = LAYERS[name], Batch(size=3, item=4, mask=4)
    expected = layer.op.footprint(layer.in_shape, layer.out_shape, batch, overwrites=False)
    module = leaf(layer.op, inplace=False)
    own = {tensor.untyped_storage()._cdata for tensor in (*module.parameters(), *module.buffers())}
    entered = torch.rand(batch.size, *layer.in_shape)
    with torch.no_grad(), Watch() as watch:
        watch.known |= own
        watch.see(entered)
        module.eval()(entered)
    maps = batch.bytes(layer.in_shape) + (batch.bytes(layer.out_shape) if expected.new else 0)
    assert watch.peak == maps + expected.scratch

    kept = Kept(own)
    entered.requires_grad_()
    with kept.watching():
        left = module.train()(entered)
    ends = {end.untyped_storage()._cdata for end in (entered, left)}
    assert sum(size for storage, size in kept.sizes.items() if storage not in ends) == expected.kept
    assert (entered.untyped_storage()._cdata in kept.sizes) == expected.keeps_input
    if expected.new:
        assert (left.untyped_storage()._cdata in kept.sizes) == expected.keeps_output
