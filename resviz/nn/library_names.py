"""The names of tensors that torchvision, pytorchcv, fb.resnet.torch, Detectron and transformers give, as rules."""

import re
from collections.abc import Callable

from resviz.nn.renaming import Rules, stage_names

_REGNET_BLOCK = r"^trunk_output\.block(\d+)\.block\d+-(\d+)\."
"""A block of torchvision's RegNet: its stage from 1 on, its index."""
REGNET: Rules = (
    (r"^stem\.0\.", "conv1."),
    (r"^stem\.1\.", "bn1."),
    (_REGNET_BLOCK + r"proj\.(\d)\.", r"layer\1.\2.downsample.\3."),
    *((rf"{_REGNET_BLOCK}f\.{letter}\.0\.", rf"layer\1.\2.conv{n}.") for n, letter in enumerate("abc", 1)),
    *((rf"{_REGNET_BLOCK}f\.{letter}\.1\.", rf"layer\1.\2.bn{n}.") for n, letter in enumerate("abc", 1)),
    (_REGNET_BLOCK + r"f\.se\.", r"layer\1.\2.se."),
)


def _convnext_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: odd features are stages, and each but the first begins with its downsampling."""
    stage = (int(match[1]) + 1) // 2
    return f"layer{stage}.{int(match[2]) + (stage > 1)}."


def _convnext_downsampling(match: re.Match[str]) -> str:
    return f"layer{int(match[1]) // 2 + 1}.0.{('norm', 'conv')[int(match[2])]}."


CONVNEXT: Rules = (
    (r"^features\.0\.0\.", "conv1."),
    (r"^features\.0\.1\.", "bn1."),
    (r"^features\.([246])\.([01])\.", _convnext_downsampling),
    (r"^features\.([1357])\.(\d+)\.", _convnext_block),
    (r"\.layer_scale$", ".layer_scale.weight"),
    (r"\.block\.0\.", ".conv1."),
    (r"\.block\.2\.", ".bn1."),
    (r"\.block\.3\.", ".conv2."),
    (r"\.block\.5\.", ".conv3."),
    (r"^classifier\.0\.", "norm."),
    (r"^classifier\.2\.", "fc."),
)


PYTORCHCV: Rules = (
    (r"^features\.init_block\.conv\.conv\.", "conv1."),
    (r"^features\.init_block\.conv\.bn\.", "bn1."),
    (r"^features\.init_block\.conv\.", "conv1."),
    (r"^features\.init_block\.bn\.", "bn1."),
    *((rf"^features\.init_block\.conv{n}\.conv\.", f"conv1.{3 * n - 3}.") for n in (1, 2, 3)),
    *((rf"^features\.init_block\.conv{n}\.bn\.", f"conv1.{3 * n - 2}.") for n in (1, 2)),
    (r"^features\.init_block\.conv3\.bn\.", "bn1."),
    (r"^features\.init_block\.(weight|bias)$", r"conv1.\1"),
    (r"^features\.stage(\d+)\.unit(\d+)\.", stage_names(1)),
    (r"\.body\.conv(\d)\.conv\.", r".conv\1."),
    (r"\.body\.conv(\d)\.bn\.", r".bn\1."),
    (r"\.identity_(?:block\.)?conv\.conv\.", ".downsample.0."),
    (r"\.identity_(?:block\.)?conv\.bn\.", ".downsample.1."),
    (r"\.identity_conv\.", ".downsample.0."),
    (r"\.se\.(?:conv|fc)(\d)\.", r".se.fc\1."),
    (r"(layer\d+\.\d+)\.bn\.", r"\1.bn3."),
    (r"^features\.post_activ\.bn\.", "bn."),
    (r"^output(?:\.fc)?\.", "fc."),
)


def _counted(name: str, first: int) -> Callable[[re.Match[str]], str]:
    """Return what numbers a layer of a Torch7 block, whose convolutions stand three places apart."""
    return lambda match: f"layer{int(match[1]) - 3}.{match[2]}.{name}{(int(match[3]) - first) // 3 + 1}."


TORCH7: Rules = (
    (r"^([4-7])\.(\d+)\.0\.0\.([036])\.", _counted("conv", 0)),
    (r"^([4-7])\.(\d+)\.0\.0\.([147])\.", _counted("bn", 1)),
    (r"^([4-7])\.(\d+)\.0\.1\.([01])\.", lambda match: f"layer{int(match[1]) - 3}.{match[2]}.downsample.{match[3]}."),
    (r"^0\.", "conv1."),
    (r"^1\.", "bn1."),
    (r"^(?:10|11)\.(?:1\.)?", "fc."),
)
DETECTRON2: Rules = (
    (r"^stem\.conv1\.norm\.", "bn1."),
    (r"^stem\.conv1\.", "conv1."),
    (r"^res(\d+)\.(\d+)\.", lambda match: f"layer{int(match[1]) - 1}.{match[2]}."),
    (r"\.shortcut\.norm\.", ".downsample.1."),
    (r"\.shortcut\.", ".downsample.0."),
    (r"\.conv(\d)\.norm\.", r".bn\1."),
    (r"^linear\.", "fc."),
)


def _caffe2_block(match: re.Match[str]) -> str:
    """Return a layer of a block as Caffe2 names it: branch 1 is the shortcut, 2a to 2c are the convolutions."""
    what = "downsample." if match[3] == "1" else "bn" if match[4] else "conv"
    number = ("1" if match[4] else "0") if match[3] == "1" else str("abc".index(match[3][1]) + 1)
    return f"layer{int(match[1]) - 1}.{match[2]}.{what}{number}_"


CAFFE2: Rules = (
    (r"^res(\d)_(\d+)_branch(1|2[abc])_(bn_)?", _caffe2_block),
    (r"^res_conv1_bn_", "bn1_"),
    (r"^(?:pred|fc1000)_", "fc_"),
    (r"_w$|_s$", ".weight"),
    (r"_b$", ".bias"),
    (r"_rm$", ".running_mean"),
    (r"_riv$", ".running_var"),
)
TRANSFORMERS: Rules = (
    (r"^embedder\.embedder\.convolution\.", "conv1."),
    (r"^embedder\.embedder\.normalization\.", "bn1."),
    (r"^encoder\.stages\.(\d+)\.layers\.(\d+)\.", stage_names(0)),
    (r"\.shortcut\.convolution\.", ".downsample.0."),
    (r"\.shortcut\.normalization\.", ".downsample.1."),
    (r"\.layer\.(\d)\.convolution\.", lambda match: f".conv{int(match[1]) + 1}."),
    (r"\.layer\.(\d)\.normalization\.", lambda match: f".bn{int(match[1]) + 1}."),
    (r"^classifier\.1\.", "fc."),
)
