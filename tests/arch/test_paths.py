"""A layer's path is the key that joins every view of it, so no two layers share one."""

from hypothesis import given, settings

from resviz.arch import PRESETS, Network, ResNetConfig, expand
from tests.presets import on_each
from tests.strategies import configs


def assert_unique(network: Network) -> None:
    paths = [path for path, _ in network.walk()]
    assert len(set(paths)) == len(paths), [path for path in paths if paths.count(path) > 1]


@on_each("name", PRESETS)
def test_every_preset_has_a_path_for_each_layer(name: str) -> None:
    assert_unique(expand(PRESETS[name].config))


@given(config=configs())
@settings(deadline=None)
def test_any_network_has_a_path_for_each_layer(config: ResNetConfig) -> None:
    assert_unique(expand(config))


def test_stem_and_head_may_both_activate() -> None:
    network = expand(ResNetConfig(order="full_preact", stem_norm=True))
    assert [layer.name for layer in network.stem] == ["conv1", "bn1", "relu", "maxpool"]
    assert [layer.name for layer in network.head] == ["bn", "relu_last", "avgpool", "flatten", "fc"]
