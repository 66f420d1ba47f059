"""Counts of timm 1.0.31's and pytorchcv 0.0.74's modules, taken by building each and counting it."""

import csv
from pathlib import Path

import pytest

from resviz.arch import PRESETS, expand, preset
from tests.presets import on_each

TIMM = list(csv.DictReader((Path(__file__).parents[1] / "data" / "timm_counts.csv").read_text().splitlines()))


@on_each("row", TIMM, lambda row: row["model"])
def test_preset_counts_as_timm_module_does(row: dict[str, str]) -> None:
    """A name with a tag is the same network at the size and for the classes of its published weights."""
    name, size = row["model"].partition(".")[0], tuple(map(int, row["input"].split("x")))
    network = expand(preset(name).with_(input=size, num_classes=int(row["classes"])))
    counted = {"params": network.params, "macs": network.macs, "activations": network.activations}
    assert counted == {key: int(row[key]) for key in counted}


OPTIONS = [
    ("resnet18", {"attention": "cbam"}, 11_777_352, 1_814_073_344 + 990_420),
    ("resnet18", {"attention": "eca"}, 11_689_548, 1_814_073_344 + 9_344),
    ("resnet18", {"attention": "se", "attention_divisor": 1}, 11_778_592, 1_814_073_344 + 87_040),
    ("resnet18", {"attention": "se", "attention_ratio": 0.25}, 12_040_072, 1_814_073_344 + 348_160),
    ("resnet50", {"attention": "cbam"}, 28_073_576, 4_089_184_256 + 6_388_854),
    ("resnet50", {"attention": "eca"}, 25_557_118, 4_089_184_256 + 87_808),
    ("resnet18", {"output_stride": 16}, 11_689_512, 3_047_198_720),
    ("resnet18", {"output_stride": 8}, 11_689_512, 9_212_825_600),
    ("resnet50", {"output_stride": 8}, 25_557_032, 19_079_364_608),
    ("resnext50_32x4d", {"output_stride": 16}, 25_028_904, 6_210_224_128),
    ("resnetblur50", {"output_stride": 8}, 25_557_032, 19_426_181_120),
    ("resnetaa50d", {"output_stride": 16}, 25_576_264, 7_141_892_096),
    ("resnetv2_18", {"output_stride": 8}, 11_687_720, 9_212_825_600),
    ("resnetv2_50d", {"output_stride": 16}, 25_568_584, 6_448_259_072),
    ("resnet50d", {"input": (3, 225, 225)}, 25_576_264, 4_870_652_768),
    ("resnetaa50", {"input": (3, 225, 225)}, 25_557_032, 5_131_750_592),
    ("resnetblur50", {"input": (3, 225, 225)}, 25_557_032, 5_724_966_080),
    ("resnetrs50", {"input": (3, 160, 160)}, 35_691_912, 2_268_569_600 + 10_059_776),
    ("resnetrs50", {"anti_alias": "blur"}, 35_691_912, 5_831_696_384 + 10_059_776),
    ("resnet18", {"num_classes": 10, "input": (1, 224, 224)}, 11_175_370, 1_734_890_496),
]


@pytest.mark.parametrize(("name", "changes", "params", "macs"), OPTIONS, ids=str)
def test_option_counts_as_timm_module_does(name: str, changes: dict[str, object], params: int, macs: int) -> None:
    network = expand(preset(name).with_(**changes))
    assert (network.params, network.macs) == (params, macs)


PYTORCHCV = [  # ours: name and changes; theirs: asserted weight count, counted MACs
    ("resnet164_cifar10", {}, 1_704_154, 247_646_720),
    ("resnet272bn_cifar10", {}, 2_816_986, 408_078_848),
    ("resnet542bn_cifar100", {}, 5_622_196, 809_182_208),
    ("resnet1001_cifar10", {}, 10_328_602, 1_490_995_712),
    ("resnet1202_cifar10", {"shortcut": "B"}, 19_424_026, 2_829_501_056),
    ("preact_resnet56_cifar100", {}, 861_428, 125_753_600),
    ("preact_resnet272bn_cifar10", {}, 2_816_090, 408_078_848),
    ("preact_resnet1001_cifar10", {}, 10_327_706, 1_490_995_712),
    ("preact_resnet1202_cifar10", {}, 19_423_834, 2_829_501_056),
    ("wrn16_10_cifar10", {}, 17_116_634, 2_412_173_568),
    ("wrn28_10_cifar100", {}, 36_536_884, 5_243_386_368),
    ("wrn40_8_cifar10", {}, 35_748_314, 5_172_024_320),
    ("resnext20_16x4d_cifar10", {}, 1_995_082, 322_119_680),
    ("resnext29_16x64d_cifar10", {}, 68_155_210, 10_688_866_304),
    ("resnext272_2x32d_cifar100", {}, 33_020_836, 4_825_321_472),
    ("seresnet20_cifar10", {}, 274_847, 40_813_184 + 2_016),
    ("seresnet110_cifar100", {}, 1_750_802, 253_155_584 + 12_096),
]


@pytest.mark.parametrize(("name", "changes", "params", "macs"), PYTORCHCV, ids=str)
def test_family_counts_as_pytorchcv_module_does(name: str, changes: dict[str, object], params: int, macs: int) -> None:
    network = expand(preset(name).with_(**changes))
    assert (network.params, network.macs) == (params, macs)


def test_slim_macs_follow_its_strides() -> None:
    macs = [expand(preset(f"resnet_v2_{depth}")).macs for depth in (50, 101, 152, 200)]
    assert macs == [3_482_255_360, 7_194_476_544, 10_906_697_728, 14_400_552_960]


def test_every_timm_name_is_a_preset() -> None:
    names = [row["model"] for row in TIMM]
    assert len(names) == len(set(names)) >= 300
    assert {name.partition(".")[0] for name in names} <= set(PRESETS)
