"""What there is to measure on, and the facts about it that a time means nothing without."""

import os
import platform
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from resviz.errors import DeviceError

if TYPE_CHECKING:
    import torch


Words = Annotated[str, Field(max_length=200)]
"""What a driver or a system calls something."""
Bytes = Annotated[int, Field(ge=0, le=10**18)]
"""Bytes of memory, or a number that a document gives; an exabyte is more than any device has."""
Count = Annotated[int, Field(ge=0, le=10**6)]
"""Cores, threads, MHz."""
Watts = Annotated[float, Field(ge=0, le=1e6, allow_inf_nan=False)]
"""Power."""


class Clocks(BaseModel):
    """What the vendor's library said at the end of a measurement; None where it does not say."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    compute_mhz: Count | None = None
    """Clock of the compute units, MHz."""
    memory_mhz: Count | None = None
    """Clock of the memory, MHz."""
    celsius: Annotated[int, Field(ge=-273, le=10_000)] | None = None
    """Temperature, degrees Celsius."""
    watts: Watts | None = None
    """Power drawn, watts."""
    watts_limit: Watts | None = None
    """Power limit, watts."""


class Device(BaseModel):
    """The facts about a device at the time of a measurement."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    id: Words
    """torch's name for it: `cpu`, `cuda:0`, `mps`."""
    name: Words
    """The maker's name for it."""
    memory_bytes: Bytes | None = None
    """Its memory, bytes."""
    driver: Words | None = None
    """Driver version."""
    runtime: Words | None = None
    """CUDA, ROCm or instruction set that torch runs it with."""
    threads: Count | None = None
    """CPU threads that torch uses for one operation."""
    cores: Count | None = None
    """CPU cores that this process may use."""
    torch: Words
    """torch's version."""
    system: Words
    """Operating system and Python."""
    clocks: Clocks | None = None
    """Clocks, where the vendor's library tells them."""

    @property
    def type(self) -> str:
        """The kind of device: `cpu`, `cuda`, `xpu`, `mps`."""
        return self.id.partition(":")[0]


def device_ids() -> tuple[str, ...]:
    """Return torch's names for every device of this machine that can be measured, accelerators first."""
    import torch

    if not torch.accelerator.is_available():
        return ("cpu",)
    kind = torch.accelerator.current_accelerator()
    assert kind is not None  # is_available has just said so
    return (*(f"{kind.type}:{index}" for index in range(torch.accelerator.device_count())), "cpu")


def pick(wanted: str | None) -> "torch.device":
    """Return a device by torch's name for it; None takes the first accelerator, else the CPU.

    Raises DeviceError for one that is not here.
    """
    import torch

    here = device_ids()
    if wanted is None:
        return torch.device(here[0])
    try:
        device = torch.device(wanted)
    except RuntimeError:
        raise DeviceError(f"device {wanted!r} is not a name that torch knows; here are {', '.join(here)}.") from None
    full = "cpu" if device.type == "cpu" else f"{device.type}:{device.index or 0}"
    if full not in here:
        raise DeviceError(f"device {wanted!r} is not on this machine; here are {', '.join(here)}.")
    return torch.device(full)


def inspect(device: "torch.device") -> Device:
    """Return the facts about a device, its clocks as they are now included."""
    import torch

    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    if device.type == "cpu":
        from resviz.nn.machine import machine_bytes

        return Device(
            id="cpu",
            name=_cpu_name(),
            memory_bytes=machine_bytes(),
            runtime=torch.backends.cpu.get_cpu_capability(),
            threads=torch.get_num_threads(),
            cores=cores(),
            torch=torch.__version__,
            system=system,
        )
    nvml = _nvml(device) if torch.version.cuda and device.type == "cuda" else {}
    return Device(
        id=str(device),
        name=_accelerator_name(device),
        memory_bytes=device_memory(device),
        driver=nvml.get("driver"),
        runtime=_runtime(device),
        torch=torch.__version__,
        system=system,
        clocks=nvml.get("clocks"),
    )


def _accelerator_name(device: "torch.device") -> str:
    import torch

    module = torch.get_device_module(device)
    named = getattr(module, "get_device_name", None) or getattr(module, "get_name", None)
    return str(named(device)) if named else f"{_cpu_name()} ({device.type})"


def device_memory(device: "torch.device") -> int | None:
    """Return the bytes of an accelerator's memory; None where torch does not say."""
    import torch

    if device.type == "mps":
        return int(torch.mps.recommended_max_memory())
    properties = getattr(torch.get_device_module(device), "get_device_properties", None)
    return int(properties(device).total_memory) if properties else None


def _runtime(device: "torch.device") -> str | None:
    import torch

    if device.type != "cuda":
        return device.type.upper()
    return f"ROCm {torch.version.hip}" if torch.version.hip else f"CUDA {torch.version.cuda}"


def _nvml(device: "torch.device") -> dict[str, Any]:
    """Return driver and clocks of an NVIDIA device, or nothing without nvidia-ml-py or its library.

    NVML numbers devices by bus, torch as CUDA_VISIBLE_DEVICES lists them, so the device is found by its UUID.
    """
    import torch

    try:
        import pynvml
    except ImportError:
        return {}
    try:
        pynvml.nvmlInit()
        uuid = f"GPU-{torch.cuda.get_device_properties(device).uuid}"
        handle = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        driver = pynvml.nvmlSystemGetDriverVersion()
    except pynvml.NVMLError:
        return {}

    def ask(question: str, *details: int, scale: float = 1) -> Any:
        try:
            return getattr(pynvml, question)(handle, *details) / scale
        except pynvml.NVMLError:
            return None  # a virtual or old device does not tell everything

    compute = ask("nvmlDeviceGetClockInfo", pynvml.NVML_CLOCK_SM)
    memory = ask("nvmlDeviceGetClockInfo", pynvml.NVML_CLOCK_MEM)
    celsius = ask("nvmlDeviceGetTemperature", pynvml.NVML_TEMPERATURE_GPU)
    clocks = Clocks(
        compute_mhz=compute,
        memory_mhz=memory,
        celsius=celsius,
        watts=ask("nvmlDeviceGetPowerUsage", scale=1000),
        watts_limit=ask("nvmlDeviceGetEnforcedPowerLimit", scale=1000),
    )
    pynvml.nvmlShutdown()
    return {"driver": driver if isinstance(driver, str) else driver.decode(), "clocks": clocks}


def _cpu_name() -> str:
    """Return the CPU's trade name, which Python's `platform` knows on few systems."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"^(?:model name|Model|Hardware)\s*:\s*(.+)$", cpuinfo.read_text(errors="replace"), re.M)
        if found:
            return re.sub(r"\s+", " ", found[1])
    if platform.system() == "Darwin":
        asked = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        )
        if asked.returncode == 0 and asked.stdout.strip():
            return asked.stdout.strip()
    return platform.processor() or platform.machine() or "unknown CPU"


def cores() -> int | None:
    """Return the CPU cores that this process may use, or None where the system does not say."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count()
