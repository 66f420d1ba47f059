"""Names that others give to the tensors of the same networks, and what they are called here.

Each renaming is data: patterns and what they become, applied in order to every name of a file. Where a name
of theirs stands for the same numbers in another shape, only axes of size 1 differ.
"""

from resviz.nn import library_names as libraries
from resviz.nn import timm_names as timm
from resviz.nn.renaming import Renaming

RENAMINGS = (
    Renaming("torchvision's RegNet (trunk_output.block1 is layer1)", libraries.REGNET),
    Renaming("torchvision's ConvNeXt (features.1 is layer1)", libraries.CONVNEXT),
    Renaming("timm's ECA units (se.conv is eca.conv)", ((r"\.se\.conv\.", ".eca.conv."),)),
    Renaming(
        "timm's CBAM units (se is cbam)",
        (
            (r"\.se\.spatial\.conv\.conv\.", ".cbam.spatial.conv."),
            (r"\.se\.spatial\.conv\.bn\.", ".cbam.spatial.bn."),
            (r"\.se\.channel\.", ".cbam.channel."),
        ),
    ),
    Renaming(
        "timm's resnetv2 (stages.0.blocks is layer1)",
        (*timm.V2, (r"\.downsample\.conv\.", ".downsample.0."), (r"\.downsample\.norm\.", ".downsample.1.")),
        unindexed=True,
    ),
    Renaming("timm's ByobNet (stages.0.0.conv1_1x1 is layer1.0.conv1)", timm.BYOB, unindexed=True),
    Renaming(
        "timm's ByobNet with a stem of four (stages.0.0.conv1_1x1 is layer1.0.conv1)", timm.BYOB_QUAD, unindexed=True
    ),
    Renaming("timm's ByobNet with two 3x3 (conv2b_kxk is conv3)", timm.BYOB_EXTRA, unindexed=True),
    Renaming("timm's Darknet (stages.0.conv_down is layer1.0)", timm.DARKNET),
    Renaming("timm's RepVGG (stem is layer1)", timm.REPVGG),
    Renaming("timm's RegNet (s1.b1 is layer1.0)", timm.REGNET, unindexed=True),
    Renaming(
        "timm's ConvNeXt (stages.0.blocks is layer1)",
        ((r"^stem\.0\.", "conv1."), (r"^stem\.1\.", "bn1."), *timm.CONVNEXT),
    ),
    Renaming(
        "timm's ConvNeXt with an overlapping stem (stages.0.blocks is layer1)",
        ((r"^stem\.0\.", "conv1.0."), (r"^stem\.1\.", "conv1.3."), (r"^stem\.2\.", "bn1."), *timm.CONVNEXT),
    ),
    Renaming("timm's NFNet (stages.0.0 is layer1.0)", timm.NFNET, unindexed=True),
    Renaming("timm's NFNet (conv2b is conv3)", timm.NFNET_F, unindexed=True),
    Renaming("timm's Res2Net (convs is conv2)", timm.RES2NET),
    Renaming("timm's SK units (conv1.paths.0 is conv1.0)", timm.SELECTIVE),
    Renaming("timm's ResNeSt (conv2.fc1 is conv2_select.select.fc1)", timm.RESNEST),
    Renaming("timm's ResNeSt of radix 1 (conv2.fc1 is conv2_select.fc1)", timm.RESNEST_1),
    Renaming("timm's legacy SENet (layer0.conv1 is conv1)", timm.LEGACY, unindexed=True),
    Renaming("timm's legacy SENet-154 (layer0.conv1 is conv1.0)", timm.LEGACY_DEEP, unindexed=True),
    Renaming("pytorchcv (features.stage1.unit1 is layer1.0)", libraries.PYTORCHCV, unindexed=True),
    Renaming("fb.resnet.torch (4.0 is layer1.0)", libraries.TORCH7, unindexed=True),
    Renaming("Detectron2 (res2 is layer1)", libraries.DETECTRON2, unindexed=True),
    Renaming("Detectron (res2_0_branch2a is layer1.0.conv1)", libraries.CAFFE2, unindexed=True),
    Renaming("transformers (encoder.stages.0.layers.0 is layer1.0)", libraries.TRANSFORMERS, unindexed=True),
)
"""The renamings that are tried where a file's own names do not fit (timm 1.0.31's, pytorchcv 0.0.74's names)."""
