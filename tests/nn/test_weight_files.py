"""Files made to take memory, time or the process with them: each is one sentence, and costs little."""

import io
import json
import pickle
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from resviz.errors import MemoryLimitError, WeightsError
from resviz.nn import unpickling, weight_files
from resviz.nn.memory import Account
from resviz.nn.weights import read_weights


def saved(data: object, **options: object) -> bytes:
    file = io.BytesIO()
    torch.save(data, file, **options)
    return file.getvalue()


class Big:
    """Asks for 6 GB on its way out of a pickle, by a constructor that weights_only allows."""

    def __reduce__(self) -> tuple[object, ...]:
        return (bytearray, (6 * 10**9,))


def with_pickle(data: bytes) -> bytes:
    """A file of weights whose pickle is another one."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(saved({"weight": torch.zeros(2)}))) as good,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for entry in good.infolist():
            archive.writestr(entry.filename, data if entry.filename.endswith("data.pkl") else good.read(entry))
    return out.getvalue()


def persistent() -> bytes:
    class Pickler(pickle.Pickler):
        def persistent_id(self, found: object) -> str | None:
            return "elsewhere" if isinstance(found, float) else None

    file = io.BytesIO()
    Pickler(file, protocol=2).dump({"weight": 1.0})
    return file.getvalue()


def flipped(seed: int) -> bytes:
    """A file with some of its bits turned over."""
    data = bytearray(saved({"weight": torch.ones(4, 4)}, _use_new_zipfile_serialization=bool(seed % 2)))
    draw = random.Random(seed)
    for _ in range(20):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(data)


def nested() -> bytes:
    with pytest.warns(UserWarning, match="nested tensors"):
        return saved({"weight": torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])})


HOSTILE = {
    "bytearray": (lambda: saved(Big()), "of memory that is allowed beside the weights"),
    "brackets": (lambda: with_pickle(b"\x80\x02" + b"]" * 8_000_000), "of memory that is allowed"),
    "stride of nothing": (lambda: saved({"weight": torch.zeros(1).expand(10**12)}), "of memory that is allowed"),
    "packed zeros": (lambda: with_pickle(bytes(200_000_000)), "it unpacks to 200 MB, and weights cannot be packed"),
    "nested tensor": (nested, "holds no weights"),
    "persistent id": (persistent, "something other than tensors, or is damaged"),
    "on no device": (lambda: saved({"weight": torch.empty(9, device="meta")}), "holds no weights"),
    "half a letter": (lambda: saved({"\ud800": torch.zeros(2)}), "no intact safetensors file"),
}
"""How to make each file, and what is said of it."""


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.usefixtures("forked_reader")
def test_a_hostile_pickle_is_one_sentence_and_none_of_its_memory_is_taken_here(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpickling, "MARGIN", unpickling.MARGIN // 4)  # sooner full; the whole one is filled below
    make, says = HOSTILE[name]
    with pytest.raises((WeightsError, MemoryLimitError)) as caught:
        read_weights(make(), "upload.pth")
    assert str(caught.value).startswith("upload.pth ")
    assert says in str(caught.value)
    assert str(caught.value).endswith(".")


@pytest.mark.slow
def test_a_reader_of_its_own_does_as_its_fork_does() -> None:
    make, says = HOSTILE["bytearray"]
    with pytest.raises((WeightsError, MemoryLimitError), match=says):
        read_weights(make(), "upload.pth")


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.usefixtures("forked_reader")
def test_bits_turned_over_end_in_tensors_or_in_a_sentence(seed: int) -> None:
    try:
        assert all(isinstance(tensor, torch.Tensor) for tensor in read_weights(flipped(seed), "flipped.pth").values())
    except WeightsError as error:
        assert str(error).startswith("flipped.pth ")
        assert "\n" not in str(error)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs a system that holds a process to a limit")
def test_the_reader_cannot_take_more_memory_than_weights_of_the_files_size_need() -> None:
    probe = (
        "import sys; sys.path[0] = ''; import torch; from resviz.nn import unpickling\n"
        "unpickling.hold_to(1000); bytearray(unpickling.MARGIN // 2); print('half'); bytearray(2 * unpickling.MARGIN)"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("half\n", 1)
    assert "MemoryError" in done.stderr


def test_a_reader_that_takes_too_long_or_crashes_is_stopped_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*args: object, **options: object) -> None:
        raise subprocess.TimeoutExpired("unpickling", 1)

    for run in (too_long, lambda *args, **options: subprocess.CompletedProcess(args, -11, b"", b"")):
        monkeypatch.setattr(weight_files.subprocess, "run", run)
        with pytest.raises(WeightsError, match=r"slow\.pth was not opened: reading it takes more memory or time"):
            read_weights(b"anything", "slow.pth")


def test_tensors_come_back_as_they_were_whatever_their_kind_and_layout() -> None:
    tied = torch.randn(3, 3)
    tensors = {
        "tied.0": tied,
        "tied.1": tied,
        "turned": torch.arange(12.0).reshape(3, 4).t(),
        "scalar": torch.tensor(3),
        "none": torch.zeros(0, 4),
        **{str(kind): torch.ones(2, dtype=kind) for kind in unpickling.DTYPES},
    }
    found = read_weights(saved(tensors), "all.pth")
    assert sorted(found) == sorted(tensors)
    for name, tensor in tensors.items():
        assert torch.equal(found[name], tensor)
        assert found[name].dtype is tensor.dtype


def header(entries: object, data: bytes = b"") -> bytes:
    text = entries if isinstance(entries, bytes) else json.dumps(entries).encode()
    return len(text).to_bytes(8, "little") + text + data


ENTRY = {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}


@pytest.mark.parametrize(
    "data",
    [
        header(b"[" * 100_000),
        header([1]),
        header({"weight": ENTRY}),
        header({"weight": {**ENTRY, "shape": [2**40, 2**40]}}, bytes(8)),
        header({"weight": {**ENTRY, "shape": [-2]}}, bytes(8)),
        header({"weight": {**ENTRY, "data_offsets": [0, 10**18]}}, bytes(8)),
        header({"weight": {"dtype": "F32"}}, bytes(8)),
        header({"weight": {**ENTRY, "dtype": "F8"}}, bytes(8)),
        header({"weight": {**ENTRY, "dtype": ["F32"]}}, bytes(8)),
        header({"weight": 7}, bytes(8)),
        header({"__metadata__": {"a": "b"}}),
        (2**63).to_bytes(8, "little") + b"{}",
        save({"weight": torch.zeros(2, dtype=torch.complex64)}),
    ],
)
def test_a_header_that_lies_is_one_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "upload.safetensors"
    path.write_bytes(data)
    for source in (data, path):
        with pytest.raises(WeightsError, match=r"^upload\.safetensors (is no intact|holds no weights).*\.$"):
            read_weights(source, "upload.safetensors")


def test_a_long_header_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weight_files, "MAX_HEADER", 10)
    with pytest.raises(WeightsError, match="header is cut, damaged or too long"):
        read_weights(save({"weight": torch.zeros(2)}), "long.safetensors")


@pytest.mark.usefixtures("forked_reader")
def test_a_file_is_counted_while_it_is_read_and_not_after(process_account: Account) -> None:
    read_weights(save({"weight": torch.zeros(2)}), "a.safetensors")
    with pytest.raises(WeightsError):
        read_weights(b"no weights", "b.pth")
    assert process_account.held == 0
    assert next(process_account._keys) == 2  # each file was a claim


def test_shapes_are_read_from_the_header_alone(tmp_path: Path) -> None:
    file = tmp_path / "cut.safetensors"
    file.write_bytes(header({"weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}, b"short"))
    assert weight_files.read_shapes(file) == {"weight": (2, 3)}


@pytest.mark.parametrize("shape", ["[2]", [-1], [2.5], [True], None, {"a": 1}])
def test_a_header_whose_shapes_are_none_is_refused(shape: object) -> None:
    data = header({"weight": {"dtype": "F32", "shape": shape, "data_offsets": [0, 8]}}, bytes(8))
    with pytest.raises(WeightsError, match="holds no weights"):
        weight_files.read_shapes(data, "own.safetensors")


@pytest.mark.usefixtures("forked_reader")
def test_shapes_of_a_hostile_pickle_are_refused_in_a_sentence() -> None:
    with pytest.raises((WeightsError, MemoryLimitError), match=r"^upload\.pth "):
        weight_files.read_shapes(saved(Big()), "upload.pth")
