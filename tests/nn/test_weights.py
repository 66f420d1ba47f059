"""Weights from files: loaded where they fit, accounted for where they do not, never trusted."""

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from safetensors.torch import save, save_file
from torch import Tensor

from resviz.arch import ResNetConfig, preset
from resviz.errors import MemoryLimitError, WeightsError
from resviz.nn import build
from resviz.nn.account import account
from resviz.nn.modules import ResNet
from resviz.nn.weight_files import read_shapes
from resviz.nn.weights import load_weights, read_weights

pytestmark = pytest.mark.usefixtures("forked_reader")

CONFIG = preset("resnet20_cifar10")


@pytest.fixture
def trained() -> dict[str, Tensor]:
    return build(CONFIG, seed=7).state_dict()


@pytest.fixture
def fresh() -> ResNet:
    return build(CONFIG, seed=0)


def saved(data: object, **options: object) -> bytes:
    file = io.BytesIO()
    torch.save(data, file, **options)
    return file.getvalue()


class Hostile:
    """Would run code on its way out of a pickle."""

    def __reduce__(self) -> tuple[object, ...]:
        return (print, ("owned",))


@pytest.mark.parametrize("name", ["net.safetensors", "net.pth"])
def test_a_file_of_the_same_architecture_gives_the_same_outputs(
    name: str, trained: dict[str, Tensor], fresh: ResNet, tmp_path: Path
) -> None:
    path = tmp_path / name
    if name.endswith("safetensors"):
        save_file(trained, path)
    else:
        torch.save(trained, path)
    found = load_weights(fresh, read_weights(path))
    assert found.fits
    assert found.sentence == f"All {len(trained)} tensors fit."
    x = torch.randn(1, 3, 32, 32)
    with torch.no_grad():
        assert torch.equal(fresh.eval()(x), build(CONFIG, seed=7).eval()(x))


@pytest.mark.parametrize(
    "wrap",
    [
        lambda weights: {"state_dict": weights, "epoch": 90},
        lambda weights: {"model": {"state_dict": weights}, "optimizer": {}},
        lambda weights: OrderedDict((f"module.{key}", value) for key, value in weights.items()),
    ],
    ids=["state_dict", "model", "DataParallel"],
)
def test_what_training_scripts_wrap_around_weights_is_taken_off(
    wrap: object, trained: dict[str, Tensor], fresh: ResNet
) -> None:
    assert load_weights(fresh, read_weights(saved(wrap(trained)), "checkpoint.pth")).fits


def test_old_files_without_batch_counts_fit(trained: dict[str, Tensor], fresh: ResNet) -> None:
    old = {key: value for key, value in trained.items() if not key.endswith("num_batches_tracked")}
    assert load_weights(fresh, old).fits


def test_old_format_is_read(trained: dict[str, Tensor], fresh: ResNet) -> None:
    data = saved(trained, _use_new_zipfile_serialization=False)
    assert load_weights(fresh, read_weights(data, "old.pth")).fits


@pytest.mark.parametrize("name", ["net.safetensors", "net.pth"])
def test_tensors_come_in_the_order_of_their_file(trained: dict[str, Tensor], name: str) -> None:
    data = save(trained) if name.endswith("safetensors") else saved(trained)
    assert list(read_weights(data, name)) == list(read_shapes(data, name))


def test_missing_unexpected_and_misshaped_tensors_are_named_and_nothing_changes(
    trained: dict[str, Tensor], fresh: ResNet
) -> None:
    before = {key: value.clone() for key, value in fresh.state_dict().items()}
    spoilt = dict(trained)
    del spoilt["layer1.0.conv1.weight"]
    spoilt["head.weight"] = torch.zeros(1)
    spoilt["fc.weight"] = torch.zeros(1000, 64)
    own, theirs = ({key: tuple(value.shape) for key, value in each.items()} for each in (fresh.state_dict(), spoilt))
    found = account(own, theirs)
    assert found.missing == ("layer1.0.conv1.weight",)
    assert found.unexpected == {"head.weight": (1,)}
    assert [(each.key, each.expected, each.found) for each in found.misshaped] == [("fc.weight", (10, 64), (1000, 64))]
    with pytest.raises(WeightsError) as caught:
        load_weights(fresh, spoilt)
    assert str(caught.value) == (
        "These weights are not this network's: 1 tensor missing: layer1.0.conv1.weight; 1 tensor that it has no place "
        f"for: head.weight (a scale or a bias of 1 channel); 1 tensor of another shape: fc.weight is 1000x64, not "
        f"10x64; {len(trained) - 2} fit."
    )
    assert all(torch.equal(before[key], value) for key, value in fresh.state_dict().items())


def test_another_architecture_is_refused(fresh: ResNet) -> None:
    other = build(ResNetConfig(depths=(1, 1, 1, 1)), device="meta").state_dict()
    with pytest.raises(WeightsError, match="not this network's"):
        load_weights(fresh, other)


def test_objects_are_never_unpickled(capsys: pytest.CaptureFixture[str]) -> None:
    for data in (saved({"weight": Hostile()}), pickle.dumps(Hostile(), protocol=2)):
        with pytest.raises(WeightsError, match="Only weights are read"):
            read_weights(data, "hostile.pth")
    assert "owned" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.pth", b""),
        ("empty.safetensors", b""),
        ("text.pth", b"these are not weights"),
        ("text.safetensors", b"these are not weights"),
        ("huge-header.safetensors", b"\xff" * 8 + b"{}"),
        ("cut.safetensors", save({"weight": torch.zeros(1000)})[:-100]),
        ("cut.pth", saved({"weight": torch.zeros(1000)})[:-100]),
        ("list.pth", saved([torch.zeros(1)])),
        ("numbers.pth", saved({"epoch": 3})),
        ("nothing.pth", saved({})),
        ("complex.pth", saved({"weight": torch.zeros(1, dtype=torch.complex64)})),
        ("sparse.pth", saved({"weight": torch.zeros(2, 2).to_sparse()})),
        ("zip.pth", b"PK\x05\x06" + bytes(18)),
    ],
)
def test_files_that_hold_no_weights_are_refused_in_a_sentence(name: str, data: bytes) -> None:
    with pytest.raises(WeightsError) as caught:
        read_weights(data, name)
    text = str(caught.value)
    assert text.startswith(name)
    assert text.endswith(".")
    assert "\n" not in text


def test_a_mapping_that_holds_itself_is_refused() -> None:
    loop: dict[str, object] = {}
    loop["state_dict"] = loop
    with pytest.raises(WeightsError, match="holds no weights"):
        read_weights(saved(loop), "loop.pth")


def test_an_archive_that_unpacks_beyond_the_limit_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESVIZ_MEMORY_LIMIT", "10 MB")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", bytes(20_000_000))
    assert len(file.getvalue()) < 100_000
    with pytest.raises(MemoryLimitError, match=r"Unpacking bomb\.pth would take 20.0 MB"):
        read_weights(file.getvalue(), "bomb.pth")


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"away\.pth cannot be read: no such file or directory"):
        read_weights(tmp_path / "away.pth")


def test_a_counter_of_averages_does_not_keep_weights_from_loading(trained: dict[str, Tensor], fresh: ResNet) -> None:
    averaged = {**{f"module.{key}": value for key, value in trained.items()}, "n_averaged": torch.tensor(7)}
    assert load_weights(fresh, read_weights(saved(averaged), "swa.pth")).fits
    assert all(torch.equal(fresh.state_dict()[key], value) for key, value in trained.items())
