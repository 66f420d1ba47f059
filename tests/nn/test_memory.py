"""Memory is estimated before it is taken, and the operator's limit holds."""

import pytest

from resviz.arch import expand, preset
from resviz.nn.errors import MemoryLimitError
from resviz.nn.memory import VARIABLE, ensure_fits, forward_bytes, limit
from resviz.report.memory import memory


@pytest.mark.parametrize(
    ("text", "count"),
    [("1000", 1000), ("2 GB", 2 * 10**9), ("1.5gib", 3 * 2**29), ("500MiB", 500 * 2**20), (" 7 kB ", 7000)],
)
def test_limit_is_a_number_with_a_unit(text: str, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    assert limit() == count


@pytest.mark.parametrize("text", ["much", "5 apples", "-1 GB", "1e9", "9" * 400, "9" * 5000])
def test_limit_that_cannot_be_read_is_refused_in_words(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(MemoryLimitError, match="number with an optional unit"):
        limit()


def test_limit_without_a_word_is_half_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert limit() > 10**8


def test_refusal_names_need_limit_and_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1 GB")
    ensure_fits(10**9, "This")
    with pytest.raises(MemoryLimitError) as caught:
        ensure_fits(2 * 10**9, "That")
    assert str(caught.value) == (
        "That would take 2.00 GB of memory and the limit is 1.00 GB; take a smaller network, input or batch, or raise "
        "RESVIZ_MEMORY_LIMIT."
    )


def test_feature_maps_grow_with_the_batch_and_weights_do_not() -> None:
    network = expand(preset("resnet50"))
    once = memory(network)
    assert forward_bytes(network) == once.weights + once.inference
    assert forward_bytes(network, 8) == once.weights + 8 * once.inference
