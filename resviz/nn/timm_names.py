"""timm's names of tensors, family by family, as rules that make them this package's (timm 1.0.31)."""

import re

from resviz.nn.renaming import Rules, stage_names

V2: Rules = (
    (r"^stem\.conv\.", "conv1."),
    *((rf"^stem\.conv{number}\.", f"conv1.{3 * number - 3}.") for number in (1, 2, 3)),
    *((rf"^stem\.norm{number}\.", f"conv1.{3 * number - 2}.") for number in (1, 2)),
    *((rf"^stages\.{number}\.blocks\.", f"layer{number + 1}.") for number in range(4)),
    (r"\.norm(\d)\.", r".bn\1."),
    (r"^norm\.", "bn."),
    (r"^head\.fc\.", "fc."),
)

BYOB: Rules = (
    (r"^stem\.(conv|bn)\.", lambda match: f"{match[1]}1."),
    *((rf"^stem\.conv{n}\.conv\.", f"conv1.{3 * n - 3}.") for n in (1, 2, 3)),
    *((rf"^stem\.conv{n}\.bn\.", f"conv1.{3 * n - 2}.") for n in (1, 2)),
    (r"^stem\.conv3\.bn\.", "bn1."),
    (r"^stages\.(\d+)\.(\d+)\.", stage_names(0)),
    (r"\.shortcut\.(?:conv\.)?bn\.", ".downsample.1."),
    (r"\.shortcut\.(?:conv\.)?conv\.", ".downsample.0."),
    (r"\.conv(\d)_(?:1x1|kxk)\.conv\.", r".conv\1."),
    (r"\.conv(\d)_(?:1x1|kxk)\.bn\.", r".bn\1."),
    (r"\.attn\.conv_attn\.", ".gc.context.1.conv."),
    (r"\.attn\.mlp_add\.", ".gc."),
    (r"\.attn\.conv\.", ".eca.conv."),
    (r"\.attn\.", ".se."),
    (r"^head\.norm\.", "norm."),
    (r"^head\.pre_logits\.fc\.", "hidden."),
    (r"^final_conv\.conv\.", "head.0."),
    (r"^final_conv\.bn\.", "head.1."),
    (r"^head\.fc\.", "fc."),
)
BYOB_QUAD: Rules = (
    *((rf"^stem\.conv{n}\.(?:conv\.)?weight", f"conv1.{3 * n - 3}.weight") for n in (1, 2, 3, 4)),
    *((rf"^stem\.conv{n}\.bn\.", f"conv1.{3 * n - 2}.") for n in (1, 2, 3)),
    (r"^stem\.conv4\.bn\.", "bn1."),
    *BYOB,
)
BYOB_EXTRA: Rules = ((r"\.conv3_1x1\.", ".conv4_1x1."), (r"\.conv2b_kxk\.", ".conv3_kxk."), *BYOB_QUAD)


def _repvgg_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: the stem is the first stage's only one."""
    return f"layer{int(match[1]) + 2}.{match[2]}."


REPVGG: Rules = (
    (r"^stem\.", "layer1.0."),
    (r"^stages\.(\d+)\.(\d+)\.", _repvgg_block),
    (r"\.conv_kxk\.", ".conv1.0."),
    (r"\.conv_1x1\.", ".conv1.1."),
    (r"\.identity\.", ".conv1.2.bn."),
    (r"^head\.fc\.", "fc."),
)
REGNET: Rules = (
    (r"^stem\.conv\.", "conv1."),
    (r"^stem\.bn\.", "bn1."),
    (r"^s(\d+)\.b(\d+)\.", stage_names(1)),
    (r"\.downsample\.conv\.", ".downsample.0."),
    (r"\.downsample\.bn\.", ".downsample.1."),
    (r"\.conv(\d)\.conv\.", r".conv\1."),
    (r"\.conv(\d)\.bn\.", r".bn\1."),
    (r"^final_conv\.conv\.", "head.0."),
    (r"^final_conv\.bn\.", "head.1."),
    (r"^head\.fc\.", "fc."),
)


def _dark_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: each stage begins with its downsampling."""
    return f"layer{int(match[1]) + 1}.{int(match[2]) + 1}."


DARKNET: Rules = (
    (r"^stem\.conv1\.(conv|bn)\.", r"\g<1>1."),
    (r"^stages\.(\d+)\.conv_down\.(?:1\.)?", lambda match: f"layer{int(match[1]) + 1}.0."),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.", _dark_block),
    (r"\.conv(\d)\.conv\.", r".conv\1."),
    (r"\.conv(\d)\.bn\.", r".bn\1."),
    (r"\.attn\.", ".se."),
    (r"^head\.fc\.", "fc."),
)


def _convnext_block(match: re.Match[str]) -> str:
    """Return the prefix of a block: each stage but the first begins with its downsampling."""
    stage = int(match[1])
    return f"layer{stage + 1}.{int(match[2]) + (stage > 0)}."


def _convnext_downsampling(match: re.Match[str]) -> str:
    return f"layer{int(match[1]) + 1}.0.{('norm', 'conv')[int(match[2])]}."


CONVNEXT: Rules = (
    (r"^stages\.(\d+)\.downsample\.([01])\.", _convnext_downsampling),
    (r"^(stages\.\d+\.blocks\.\d+)\.norm\.", r"\1.bn1."),
    (r"^stages\.(\d+)\.blocks\.(\d+)\.", _convnext_block),
    (r"\.gamma$", ".layer_scale.weight"),
    (r"\.conv_dw\.", ".conv1."),
    (r"\.mlp\.fc1\.", ".conv2."),
    (r"\.mlp\.fc2\.", ".conv3."),
    (r"\.mlp\.grn\.", ".grn."),
    (r"^head\.norm\.", "norm."),
    (r"^norm_pre\.", "bn."),
    (r"^head\.pre_logits\.fc\.", "hidden."),
    (r"^head\.fc\.", "fc."),
)
NFNET: Rules = (
    (r"^stem\.conv\.", "conv1."),
    *((rf"^stem\.conv{n}\.", f"conv1.{3 * n - 3}.") for n in (1, 2, 3, 4)),
    (r"^stages\.(\d+)\.(\d+)\.", stage_names(0)),
    (r"\.downsample\.conv\.", ".downsample.0."),
    (r"\.attn(?:_last)?\.conv\.", ".eca.conv."),
    (r"\.attn(?:_last)?\.", ".se."),
    (r"\.skipinit_gain$", ".gain.weight"),
    (r"^final_conv\.", "head.0."),
    (r"^head\.fc\.", "fc."),
)
NFNET_F: Rules = ((r"(stages\.\d+\.\d+)\.conv3\.", r"\1.conv4."), (r"\.conv2b\.", ".conv3."), *NFNET)
LEGACY: Rules = (
    (r"^layer0\.conv1\.", "conv1."),
    (r"^layer0\.bn1\.", "bn1."),
    *((rf"^layer0\.conv{n}\.", f"conv1.{3 * n - 3}.") for n in (2, 3)),
    (r"\.se_module\.", ".se."),
    (r"^last_linear\.", "fc."),
)
LEGACY_DEEP: Rules = (
    *((rf"^layer0\.conv{n}\.", f"conv1.{3 * n - 3}.") for n in (1, 2, 3)),
    *((rf"^layer0\.bn{n}\.", f"conv1.{3 * n - 2}.") for n in (1, 2)),
    (r"^layer0\.bn3\.", "bn1."),
    (r"\.se_module\.", ".se."),
    (r"^last_linear\.", "fc."),
)
RES2NET: Rules = (
    (r"\.convs\.(\d+)\.", r".conv2.\1.conv."),
    (r"\.bns\.(\d+)\.", r".conv2.\1.bn."),
    (r"(layer\d+\.\d+)\.bn3\.", r"\1.bn2."),
)
SELECTIVE: Rules = (
    (r"(layer\d+\.\d+\.conv\d)\.paths\.(\d)\.", r"\1.\2."),
    (r"(layer\d+\.\d+)\.conv(\d)\.conv\.", r"\1.conv\2."),
    (r"(layer\d+\.\d+)\.conv1\.bn\.", r"\1.bn1."),
    (r"(layer\d+\.\d+)\.conv2\.bn\.", r"\1.bn1."),
    (r"(layer\d+\.\d+)\.conv3\.bn\.", r"\1.bn2."),
    (r"\.attn\.fc_reduce\.", ".select.fc1."),
    (r"\.attn\.fc_select\.", ".select.fc2."),
    (r"\.attn\.bn\.", ".select.bn."),
)
RESNEST: Rules = (
    (r"\.conv2\.conv\.", ".conv2."),
    (r"\.conv2\.bn0\.", ".bn2."),
    (r"\.conv2\.fc(\d)\.", r".conv2_select.select.fc\1."),
    (r"\.conv2\.bn1\.", ".conv2_select.select.bn."),
)
RESNEST_1: Rules = tuple((pattern, to.replace(".select", "")) for pattern, to in RESNEST if isinstance(to, str))
