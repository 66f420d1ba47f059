"""The garbage collector is kept from what is imported, once for each few hundred modules."""

import gc
import sys
from types import ModuleType

import pytest

from resviz.ui import collector


def test_what_was_imported_is_passed_over_and_only_much_that_is_new_is_looked_at_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frozen: list[int] = []
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(len(sys.modules)))
    collector._settle.cache_clear()
    collector.settle()
    collector.settle()
    assert len(frozen) == 1
    more = {f"resviz_{number}": ModuleType("more") for number in range(collector.MODULES)}
    monkeypatch.setattr(sys, "modules", {**sys.modules, **more})
    collector.settle()
    collector.settle()
    assert len(frozen) == 2


def test_a_cycle_made_later_is_still_collected() -> None:
    collector._settle.cache_clear()
    collector.settle()

    class Ring:
        ended = False

        def __init__(self) -> None:
            self.itself = self

        def __del__(self) -> None:
            Ring.ended = True

    Ring()
    gc.collect()
    assert Ring.ended
