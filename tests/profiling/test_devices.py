import sys
from types import SimpleNamespace

import pytest
import torch

from resviz.profiling.devices import device_ids, inspect, pick


def test_the_cpu_is_always_here_and_comes_last() -> None:
    assert device_ids()[-1] == "cpu"


def test_no_wish_takes_the_first_device() -> None:
    assert str(pick(None)) == device_ids()[0]


def test_the_cpus_facts_are_those_of_this_process() -> None:
    facts = inspect(torch.device("cpu"))
    assert facts.name
    assert facts.threads == torch.get_num_threads()
    assert (facts.type, facts.clocks) == ("cpu", None)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> torch.device:
    """A machine that says it has two CUDA devices, and a vendor's library that knows one of them in part."""
    properties = SimpleNamespace(total_memory=80 * 2**30, uuid="1234")
    module = SimpleNamespace(get_device_name=lambda _: "NVIDIA H100 PCIe", get_device_properties=lambda _: properties)

    class NVMLError(Exception):
        pass

    def refuse(*_: object) -> int:
        raise NVMLError

    known = {
        "NVMLError": NVMLError,
        "NVML_CLOCK_SM": 1,
        "NVML_CLOCK_MEM": 2,
        "NVML_TEMPERATURE_GPU": 0,
        "nvmlInit": lambda: None,
        "nvmlShutdown": lambda: None,
        "nvmlDeviceGetHandleByUUID": lambda uuid: uuid,
        "nvmlSystemGetDriverVersion": lambda: "580.65",
        "nvmlDeviceGetClockInfo": lambda _, which: 1000 * which,
        "nvmlDeviceGetTemperature": refuse,
        "nvmlDeviceGetPowerUsage": lambda _: 250_500,
        "nvmlDeviceGetEnforcedPowerLimit": lambda _: 350_000,
    }
    monkeypatch.setitem(sys.modules, "pynvml", SimpleNamespace(**known))
    monkeypatch.setattr(torch, "get_device_module", lambda _: module)
    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "current_accelerator", lambda: torch.device("cuda"))
    monkeypatch.setattr(torch.accelerator, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: properties)
    monkeypatch.setattr(torch.version, "cuda", "13.0")
    return torch.device("cuda:0")


def test_accelerators_come_first_and_cuda_means_the_first_of_them(gpu: torch.device) -> None:
    assert device_ids() == ("cuda:0", "cuda:1", "cpu")
    assert pick("cuda") == gpu
    assert pick("cuda:1").index == 1


def test_a_gpus_facts_hold_what_the_vendors_library_tells(gpu: torch.device) -> None:
    facts = inspect(gpu)
    assert (facts.name, facts.driver, facts.runtime) == ("NVIDIA H100 PCIe", "580.65", "CUDA 13.0")
    assert facts.clocks is not None
    assert (facts.clocks.compute_mhz, facts.clocks.memory_mhz) == (1000, 2000)
    assert (facts.clocks.watts, facts.clocks.watts_limit, facts.clocks.celsius) == (250.5, 350.0, None)


def test_a_gpu_without_the_vendors_library_has_no_clocks(gpu: torch.device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pynvml", None)
    facts = inspect(gpu)
    assert (facts.driver, facts.clocks) == (None, None)
