"""Memory is estimated before it is taken, and the operator's limit holds."""

from threading import Thread

import pytest

from resviz.arch import expand, preset
from resviz.errors import MemoryLimitError
from resviz.nn.memory import VARIABLE, Account, ensure_fits, forward_bytes, limit
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


@pytest.mark.usefixtures("process_account")
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


@pytest.mark.parametrize("text", ["9" * 400, "1" * 31 + " GB"])
def test_a_limit_of_hundreds_of_digits_is_refused_in_one_short_sentence(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, text)
    with pytest.raises(MemoryLimitError, match="number with an optional unit") as caught:
        limit()
    assert len(str(caught.value)) < 160


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Account:
    """An account of its own, with a limit of 1,000 bytes."""
    monkeypatch.setenv(VARIABLE, "1000")
    return Account()


def test_claims_of_all_threads_add_up_and_end_with_their_work(account: Account) -> None:
    refused = []

    def other() -> None:
        try:
            account.claim(500, "Another")
        except MemoryLimitError as error:
            refused.append(str(error))

    with account.claim(600, "One"):
        thread = Thread(target=other)
        thread.start()
        thread.join()
    assert refused == [
        "Another would take 500 bytes of memory and the limit is 1.00 kB, of which 600 bytes are taken just now; try "
        "again in a moment, take a smaller network, input or batch, or raise RESVIZ_MEMORY_LIMIT."
    ]
    with account.claim(1000, "All of it"):
        assert account.held == 1000
    assert account.held == 0


def test_what_was_made_is_counted_until_it_is_gone(account: Account) -> None:
    made = Made()
    with account.claim(900, "Work") as held:
        held.keep(made, 400)
        assert account.held == 400
    assert account.held == 400
    made.itself = made  # only the collector finds it
    del made
    with account.claim(900, "Next"):
        assert account.held == 900


def test_a_claim_that_fails_or_is_dropped_is_let_go(account: Account) -> None:
    with pytest.raises(ZeroDivisionError), account.claim(900, "Work"):
        _ = 1 / 0
    kept = account.claim(300, "A file")
    assert account.held == 300
    del kept
    assert account.held == 0


def test_work_does_not_count_its_own_claim_twice_but_every_others(account: Account) -> None:
    other = account.claim(300, "Another's")
    with account.claim(600, "Work"):
        account.check(700, "Its own need, said again")
        with pytest.raises(MemoryLimitError, match="of which 300 bytes are taken"):
            account.check(701, "More than is left")
        with account.claim(100, "A part"):
            account.check(700, "Both")
    del other
    account.check(1000, "All")


def test_caches_are_cleared_before_anything_is_refused_and_only_where_that_helps(account: Account) -> None:
    cache = [Made()]
    with account.claim(800, "Cached") as held:
        held.keep(cache[0], 800)
    cleared = []

    def clear() -> None:
        cleared.append(True)
        cache.clear()

    for _ in range(3):
        account.let_go(clear)
    with pytest.raises(MemoryLimitError, match=r"the limit is 1\.00 kB; take"):
        account.claim(1001, "Never")
    assert not cleared
    with account.claim(900, "Now"):
        assert cleared == [True]


class Made:
    itself: object = None
