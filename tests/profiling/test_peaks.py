import csv
from importlib.resources import files

import pytest

from resviz.profiling.descriptions import figures, roof_sentence
from resviz.profiling.devices import Device
from resviz.profiling.peaks import peak
from resviz.profiling.result import Ceiling
from tests.profiling.conftest import Make


@pytest.mark.parametrize(
    ("name", "fp32", "half", "bandwidth"),
    [
        ("Tesla V100-SXM2-16GB", 15.7, 125, 900),
        ("Tesla T4", 8.1, 65, 320),
        ("NVIDIA A100-SXM4-40GB", 19.5, 312, 1555),
        ("NVIDIA A100 80GB PCIe", 19.5, 312, 1935),
        ("NVIDIA H100 80GB HBM3", 67, 989.5, 3350),
        ("NVIDIA H200", 67, 989.5, 4800),
        ("NVIDIA L4", 30.3, 121, 300),
        ("NVIDIA L40S", 91.6, 362, 864),
        ("NVIDIA GeForce RTX 4090", 82.6, 165.2, 1008),
        ("AMD Instinct MI300X", 163.4, 1307.4, 5300),
    ],
)
def test_a_drivers_name_finds_its_makers_figures(name: str, fp32: float, half: float, bandwidth: float) -> None:
    found = peak(name)
    assert found is not None
    assert (found.macs["fp32"], found.macs["fp16"]) == (fp32 / 2 * 1e12, half / 2 * 1e12)
    assert found.bytes_per_second == bandwidth * 1e9
    assert found.source


@pytest.mark.parametrize("name", ["NVIDIA GeForce RTX 4090 Laptop GPU", "NVIDIA L40", "NVIDIA H200 NVL", "A CPU", ""])
def test_a_device_that_is_not_listed_has_no_peak(name: str) -> None:
    assert peak(name) is None


def test_a_device_without_bf16_units_has_no_bf16_peak() -> None:
    for name in ("Tesla T4", "Tesla V100-SXM2-16GB"):
        found = peak(name)
        assert found is not None
        assert found.macs["bf16"] is None
        assert found.macs["tf32"] is None


def test_no_two_rows_are_of_one_device() -> None:
    text = files("resviz.profiling").joinpath("peaks.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert len({row["pattern"] for row in rows}) == len(rows)


def test_a_figure_says_how_far_it_was_checked(made: Make) -> None:
    device = Device(id="cuda:0", name="Tesla T4", torch="2.13.0", system="Linux")
    run = made(device=device, ceiling=Ceiling(macs_per_second=1e12, bytes_per_second=1e11))
    assert run.peak is not None
    assert "these pages print the same: sysrqmts.com/en/gpus/nvidia/tesla/t4 (all)" in run.peak.agreement.sentence
    assert run.peak.agreement.sentence in next(f.summary for f in figures(run) if f.label == "Share of peak")
    assert run.peak.agreement.sentence in roof_sentence(run)
