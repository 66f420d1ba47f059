"""An experiment small enough to train in a test: two nets of eight layers, one epoch of large steps."""

import pytest

from resviz.training import Experiment, Result, net, train

TINY = Experiment((net("plain-8-w4"), net("residual-8-w4")), epochs=1, seeds=(0,), batch=256)


@pytest.fixture(scope="session")
def tiny() -> Experiment:
    return TINY


@pytest.fixture(scope="session")
def trained_once(tiny: Experiment) -> Result:
    return train(tiny)
