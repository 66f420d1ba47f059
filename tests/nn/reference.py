"""Residual networks written by hand, each for itself and as plainly as possible.

They share nothing with resviz but the names of their layers, so that the same weights load into both. They
are the other side of the tests for equal outputs, and of the benchmark for equal speed.
"""

from collections.abc import Callable
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, planes: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inputs != planes:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, planes, 1, stride, bias=False), nn.BatchNorm2d(planes))

    def forward(self, x: Tensor) -> Tensor:
        skip = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        out += skip
        return self.relu(out)


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs: int, planes: int, stride: int = 1, groups: int = 1, width: int = 64) -> None:
        super().__init__()
        inner, outputs = planes * width // 64 * groups, 4 * planes
        self.conv1 = nn.Conv2d(inputs, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.conv2 = nn.Conv2d(inner, inner, 3, stride, 1, groups=groups, bias=False)
        self.bn2 = nn.BatchNorm2d(inner)
        self.conv3 = nn.Conv2d(inner, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        skip = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.relu(self.bn2(self.conv2(out)))
        out = self.bn3(self.conv3(out))
        out += skip
        return self.relu(out)


class SqueezeExcite(nn.Module):
    def __init__(self, channels: int, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Conv2d(channels, width, 1)
        self.fc2 = nn.Conv2d(width, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        weight = F.adaptive_avg_pool2d(x, 1)
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(weight))))


class SEBasicBlock(BasicBlock):
    def __init__(self, inputs: int, planes: int, stride: int = 1) -> None:
        super().__init__(inputs, planes, stride)
        self.se = SqueezeExcite(planes, max(8, (planes // 16 + 4) // 8 * 8))

    def forward(self, x: Tensor) -> Tensor:
        skip = x if self.downsample is None else self.downsample(x)
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.se(self.bn2(self.conv2(out))) + skip)


class OptionABlock(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, planes: int, stride: int = 1) -> None:
        super().__init__()
        self.stride, self.extra = stride, planes - inputs
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)

    def forward(self, x: Tensor) -> Tensor:
        out = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        skip = x[:, :, :: self.stride, :: self.stride]
        if self.extra:
            n, _, height, width = skip.shape
            skip = torch.cat([skip, skip.new_zeros(n, self.extra, height, width)], 1)
        return F.relu(out + skip)


class PreActBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs: int, planes: int, stride: int = 1) -> None:
        super().__init__()
        self.bn1 = nn.BatchNorm2d(inputs)
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.downsample = None
        if stride != 1 or inputs != planes:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, planes, 1, stride, bias=False))

    def forward(self, x: Tensor) -> Tensor:
        out = F.relu(self.bn1(x))
        skip = x if self.downsample is None else self.downsample(out)
        return self.conv2(F.relu(self.bn2(self.conv1(out)))) + skip


class DilatedDBlock(BasicBlock):
    """A basic block of ResNet-D with an output stride; ``dilations`` of its two convolutions."""

    def __init__(self, inputs: int, planes: int, stride: int, dilations: tuple[int, int]) -> None:
        super().__init__(inputs, planes, stride)
        first, second = dilations
        self.conv1 = nn.Conv2d(inputs, planes, 3, stride, first, first, bias=False)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, second, second, bias=False)
        self.stride, self.dilated = stride, second > 1
        if self.downsample is not None:
            # The pool has no weights and stands at place 0, the projection at 1, its BN at 2.
            self.downsample = nn.Sequential(nn.Identity(), *self.downsample)
            self.downsample[1] = nn.Conv2d(inputs, planes, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        skip = x
        if self.downsample is not None:
            if self.stride == 2:
                skip = F.avg_pool2d(skip, 2, 2, ceil_mode=True, count_include_pad=False)
            elif self.dilated:
                # Each pixel with its right, lower and diagonal neighbours, zeros beyond the edge
                # (timm 1.0, AvgPool2dSame).
                skip = F.avg_pool2d(F.pad(skip, (0, 1, 0, 1)), 2, 1)
            skip = self.downsample(skip)
        out = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(out)) + skip)


class DilatedResNetD(nn.Module):
    """resnet18d whose map shrinks by ``output_stride`` at most: 8 or 16."""

    def __init__(self, output_stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Sequential(
            nn.Conv2d(3, 32, 3, 2, 1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 32, 3, 1, 1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, 1, 1, bias=False),
        )
        self.bn1 = nn.BatchNorm2d(64)
        # Stride, then the dilations of the first unit and of the second, stage by stage.
        plan = {
            8: ((1, (1, 1), (1, 1)), (2, (1, 1), (1, 1)), (1, (1, 2), (2, 2)), (1, (2, 4), (4, 4))),
            16: ((1, (1, 1), (1, 1)), (2, (1, 1), (1, 1)), (2, (1, 1), (1, 1)), (1, (1, 2), (2, 2))),
        }[output_stride]
        channels = 64
        for index, (stride, first, second) in enumerate(plan):
            planes = 64 << index
            units = DilatedDBlock(channels, planes, stride, first), DilatedDBlock(planes, planes, 1, second)
            self.add_module(f"layer{index + 1}", nn.Sequential(*units))
            channels = planes
        self.fc = nn.Linear(512, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


class ImageNet(nn.Module):
    """7x7 stem, max pool, four stages, linear classifier."""

    def __init__(self, block: Callable[..., nn.Module], depths: tuple[int, ...]) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        channels, self.stages = 64, len(depths)
        for index, depth in enumerate(depths):
            blocks = []
            for unit in range(depth):
                made = block(channels, 64 * 2**index, 2 if index and not unit else 1)
                channels = 64 * 2**index * made.expansion
                blocks.append(made)
            self.add_module(f"layer{index + 1}", nn.Sequential(*blocks))
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, 1000)

    def forward(self, x: Tensor) -> Tensor:
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Cifar(nn.Module):
    """3x3 stem, three stages of widths 16k, 32k, 64k; pre-activating units are normalised in the head."""

    def __init__(self, block: Callable[..., nn.Module], depth: int, k: int = 1, preact: bool = False) -> None:
        super().__init__()
        self.preact = preact
        self.conv1 = nn.Conv2d(3, 16, 3, 1, 1, bias=False)
        if not preact:
            self.bn1 = nn.BatchNorm2d(16)
        widths = (16, 16 * k, 32 * k, 64 * k)
        for index, (inputs, planes) in enumerate(pairwise(widths)):
            first = block(inputs, planes, 2 if index else 1)
            rest = [block(planes, planes) for _ in range(depth - 1)]
            self.add_module(f"layer{index + 1}", nn.Sequential(first, *rest))
        if preact:
            self.bn = nn.BatchNorm2d(64 * k)
        self.fc = nn.Linear(64 * k, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        if not self.preact:
            x = F.relu(self.bn1(x))
        x = self.layer3(self.layer2(self.layer1(x)))
        if self.preact:
            x = F.relu(self.bn(x))
        return self.fc(F.adaptive_avg_pool2d(x, 1).flatten(1))


def _grouped(groups: int, width: int) -> Callable[..., nn.Module]:
    def block(inputs: int, planes: int, stride: int) -> nn.Module:
        return Bottleneck(inputs, planes, stride, groups, width)

    return block


REFERENCES: dict[str, Callable[[], nn.Module]] = {
    "resnet18": lambda: ImageNet(BasicBlock, (2, 2, 2, 2)),
    "resnet34": lambda: ImageNet(BasicBlock, (3, 4, 6, 3)),
    "resnet50": lambda: ImageNet(Bottleneck, (3, 4, 6, 3)),
    "resnext50_32x4d": lambda: ImageNet(_grouped(32, 4), (3, 4, 6, 3)),
    "wide_resnet50_2": lambda: ImageNet(_grouped(1, 128), (3, 4, 6, 3)),
    "seresnet18": lambda: ImageNet(SEBasicBlock, (2, 2, 2, 2)),
    "resnet20_cifar10": lambda: Cifar(OptionABlock, 3),
    "preact_resnet20_cifar10": lambda: Cifar(PreActBlock, 3, preact=True),
    "wrn16_2_cifar10": lambda: Cifar(PreActBlock, 2, k=2, preact=True),
}
"""Hand-written networks by the name of the configuration they are."""
