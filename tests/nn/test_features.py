"""One picture's way through a network, and the pictures made of it."""

import io

import numpy as np
import pytest
import torch
from PIL import Image

from resviz.arch import ResNetConfig, expand, preset
from resviz.errors import MemoryLimitError, PictureError
from resviz.nn import build
from resviz.nn.charts import gamma_chart, histogram_chart, ratio_chart
from resviz.nn.features import CHANNELS, BlockMaps, Pass, run_picture
from resviz.nn.pictures import DRAWN, as_input, colour_grid, drawn, pixels, read_picture, signed_grid
from resviz.nn.weight_stats import BINS, first_filters, gammas, histogram, weights, weights_table
from tests.families import FAMILIES


def passed(name: str, picture: str = "Ball", **changes: object) -> tuple[Pass, torch.Tensor]:
    """A pass, and what the module itself makes of the same input."""
    config = preset(name).with_(**changes)
    network, net = expand(config), build(config, seed=0)
    x = as_input(drawn(picture, network.input), network.input)
    kept = x.clone()
    found = run_picture(net, network, x)
    assert torch.equal(x, kept)
    with torch.no_grad():
        return found, net.eval()(x)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("resnet20_cifar10", {}),
        ("preact_resnet20_cifar10", {}),
        ("resnet20_cifar10", {"skip": "exclusive_gate"}),
        ("resnet20_cifar10", {"identity_units": 1}),
        ("plain20_cifar10", {}),
    ],
)
def test_a_pass_gives_the_modules_own_outputs(name: str, changes: dict[str, object]) -> None:
    found, out = passed(name, **changes)
    classes, shares = zip(*found.top, strict=True)
    expected = out.softmax(1)[0].topk(len(classes))
    assert list(classes) == expected.indices.tolist()
    assert shares == pytest.approx(expected.values.tolist())


def test_every_block_has_its_arms_and_their_sum() -> None:
    found, _ = passed("resnet20_cifar10")
    assert [block.path for block in found.blocks] == [path for path, _ in expand(preset("resnet20_cifar10")).blocks()]
    for block in found.blocks:
        assert block.skip is not None
        assert len(block.channels) == CHANNELS
        torch.testing.assert_close(block.total, block.branch + block.skip)
        assert block.ratio == pytest.approx(block.branch_norm / block.skip_norm)


def test_zero_initialised_branches_add_nothing() -> None:
    found, _ = passed("resnet20_cifar10", zero_init_last=True)
    assert [block.ratio for block in found.blocks] == [0.0] * 9


def test_a_plain_net_has_no_skip_to_compare_with() -> None:
    found, _ = passed("plain20_cifar10")
    assert {(block.skip, block.ratio) for block in found.blocks} == {(None, None)}


def test_a_pass_beyond_the_memory_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    config = preset("resnet20_cifar10")
    net = build(config, device="meta")
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 MB")
    with pytest.raises(MemoryLimitError, match="A picture's pass"):
        run_picture(net, expand(config), torch.zeros(1, 3, 32, 32))


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("shape", [(3, 224, 224), (3, 31, 64), (1, 28, 28)])
def test_drawn_pictures_fit_any_input(name: str, shape: tuple[int, ...]) -> None:
    picture = drawn(name, shape)
    assert picture.shape == (3, *shape[1:])
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert picture.std() > 0.1
    assert as_input(picture, shape).shape == (1, *shape)
    assert pixels(picture).shape == (*shape[1:], 3)


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.new(mode, (width, height), 200 if mode == "L" else (200, 100, 50)).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA"])
def test_uploaded_pictures_are_cut_to_the_input(mode: str) -> None:
    picture = read_picture(png(100, 50, mode) if mode in ("RGB", "L") else png(100, 50), (3, 32, 48), "a.png")
    assert picture.shape == (3, 32, 48)
    assert 0 <= picture.min() <= picture.max() <= 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no picture that can be read"),
        (b"GIF89a broken", "is"),
        (png(100, 100)[:60], "is"),
        (png(8000, 7000, "L"), "56,000,000 pixels; at most 50,000,000"),
        (png(1, 20_001, "L"), "1 by 20,001 pixels; at most 20,000 do on a side."),
        (bytes(20_000_001), "at most 20.0 MB"),
    ],
    ids=["empty", "broken", "cut", "pixels", "sides", "bytes"],
)
def test_what_is_no_picture_is_refused_in_a_sentence(data: bytes, says: str) -> None:
    with pytest.raises(PictureError) as caught:
        read_picture(data, (3, 32, 32), "upload.png")
    assert str(caught.value).startswith("upload.png")
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


def test_a_picture_that_needs_more_memory_than_the_limit_leaves_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "1 MB")
    with pytest.raises(MemoryLimitError, match=r"Reading large\.png would take 8\.00 MB"):
        read_picture(png(1000, 1000), (3, 32, 32), "large.png")


def test_zero_is_nearly_white_and_signs_have_their_colour() -> None:
    maps = torch.tensor([[[0.0, 1.0, -1.0]]])
    cells = signed_grid(maps, 1.0, side=3)
    zero, up, down = (tuple(int(value) for value in cells[0, column, :3]) for column in range(3))
    assert min(zero) > 240
    assert up[0] > up[2]
    assert down[2] > down[0]


def test_grids_survive_maps_of_zeros_and_of_nothing_finite() -> None:
    for maps in (torch.zeros(4, 2, 2), torch.full((4, 2, 2), torch.nan)):
        assert signed_grid(maps, 0.0).shape[2] == 4
        assert signed_grid(maps, 1.0).dtype == np.uint8


def test_gaps_between_cells_are_transparent() -> None:
    cells = signed_grid(torch.ones(4, 2, 2), 1.0, side=4)
    assert cells[:, :, 3].min() == 0
    assert cells.shape[0] == 2 * 2 + 2


def test_a_layer_scale_at_the_end_of_a_branch_is_its_gamma() -> None:
    network = expand(FAMILIES["convnext_t"])
    found = gammas(build(network, seed=0), network)
    assert [gamma.path for gamma in found[:2]] == ["layer1.0.layer_scale", "layer1.1.layer_scale"]
    assert {gamma.near_zero for gamma in found} == {1.0}
    assert len(found) == 18  # the layers that only downsample have none


def test_a_network_without_a_stem_shows_the_filters_of_its_first_convolution() -> None:
    network = expand(FAMILIES["repvgg_a0"])
    assert first_filters(build(network, seed=0), network).shape[2] == 4


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_first_filters_are_shown_for_any_input(channels: int) -> None:
    config = ResNetConfig(input=(channels, 64, 64), depths=(1, 1, 1, 1))
    assert first_filters(build(config, seed=0), expand(config)).shape[2] == 4
    assert colour_grid(torch.zeros(2, channels, 3, 3)).dtype == np.uint8


def test_weights_are_told_layer_by_layer() -> None:
    config = preset("resnet20_cifar10")
    net, network = build(config, seed=0), expand(config)
    found = {each.path: each for each in weights(net, network)}
    assert list(found) == [path for path, layer in network.walk() if layer.params]
    assert found["bn1"].norm == pytest.approx(4.0)
    assert found["fc"].std == pytest.approx(0.01, rel=0.1)
    assert len(weights_table(tuple(found.values())).cells) == len(found)
    middles, counts = histogram(net, "conv1")
    assert len(middles) == BINS
    assert sum(counts) == 432
    assert histogram(net, "bn1") == ((1.0,), (16,))


def test_gammas_tell_blocks_near_the_identity() -> None:
    config = preset("resnet20_cifar10").with_(zero_init_last=True)
    found = gammas(build(config, seed=0), expand(config))
    assert next((each.block, each.path, each.mean, each.near_zero) for each in found) == (
        "layer1.0",
        "layer1.0.bn2",
        0.0,
        1.0,
    )
    assert len(found) == 9


def test_branches_that_end_in_a_weight_have_no_gamma() -> None:
    config = preset("preact_resnet20_cifar10")
    assert gammas(build(config, seed=0), expand(config)) == ()


def test_charts_show_every_block_and_weight() -> None:
    config = preset("resnet20_cifar10")
    net, network = build(config, seed=0), expand(config)
    found, _ = passed("resnet20_cifar10")
    blocks: tuple[BlockMaps, ...] = found.blocks
    assert list(ratio_chart(blocks).data[0].y) == [block.ratio for block in blocks]
    assert len(gamma_chart(gammas(net, network)).data[0].x) == 9
    assert sum(histogram_chart("fc", histogram(net, "fc")).data[0].y) == 640
