"""Networks of more blocks than a page can build or check are refused before anything is assembled."""

import pytest

from resviz.arch import ResNetConfig, expand, preset
from resviz.errors import BlockLimitError
from resviz.nn.limits import MAX_BUILT, MAX_CHECKED, ensure_buildable, ensure_checkable


def test_every_preset_can_be_built_and_checked_by_a_page() -> None:
    network = expand(preset("resnet1202_cifar10"))
    assert sum(len(stage.blocks) for stage in network.stages) == MAX_CHECKED
    ensure_buildable(network)
    ensure_checkable(network)


@pytest.mark.parametrize(("ensure", "most"), [(ensure_buildable, MAX_BUILT), (ensure_checkable, MAX_CHECKED)])
def test_one_block_more_is_refused_with_the_limit_and_the_remedy(ensure: object, most: int) -> None:
    config = ResNetConfig(name="deep", depths=(most, 1), widths=(8, 8), stage_strides=(1, 1))
    ensure(expand(config.with_(depths=(most - 1, 1))))
    with pytest.raises(BlockLimitError) as caught:
        ensure(expand(config))
    assert f"deep has {most + 1:,} blocks and this page" in str(caught.value)
    assert str(caught.value).endswith("take smaller depths, or use the command line, which has no such limit.")
