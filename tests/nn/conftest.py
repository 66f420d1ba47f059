"""Small nets run fastest on one thread, and tests that run beside each other do not fight for cores."""

from collections.abc import Iterator

import pytest
import torch

from tests import forked


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def forked_reader() -> Iterator[None]:
    """Pickled weights are read in a fork of this process, which has loaded torch already."""
    with forked.reader():
        yield
