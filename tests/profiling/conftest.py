"""A net small enough to measure in a test, and profiles that nobody measured."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from resviz.arch import ResNetConfig
from resviz.profiling.devices import Device
from resviz.profiling.protocol import Protocol
from resviz.profiling.result import Profile

TINY = ResNetConfig(
    name="tiny",
    input=(3, 16, 16),
    num_classes=4,
    stem="cifar",
    block="basic",
    depths=(1, 1),
    widths=(4, 8),
    stage_strides=(1, 2),
)
BRIEF = Protocol(name="brief", warmup=1, steps=3, batch=2)

Make = Callable[..., Profile]


@pytest.fixture
def tiny() -> ResNetConfig:
    return TINY


@pytest.fixture
def brief() -> Protocol:
    return BRIEF


def profile_of(**fields: Any) -> Profile:
    """Return a profile as if it had been measured: `profile_of(samples=…, config=…, device=…)`."""
    device = fields.pop("device", "A CPU")
    if isinstance(device, str):
        device = Device(id="cpu", name=device, torch="2.13.0", system="Linux")
    batch = fields.pop("batch", 2)
    plain: dict[str, Any] = {
        "id": uuid4().hex,
        "measured_at": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        "config": TINY,
        "device": device,
        "protocol": BRIEF.with_(batch=batch),
        "samples": (0.010, 0.012, 0.011),
    }
    return Profile(**{**plain, **fields})


@pytest.fixture
def made() -> Make:
    """`made(samples=…, config=…, device=…)`: a profile as if it had been measured."""
    return profile_of
