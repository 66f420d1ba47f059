"""The small classes that a written-out network may need, each as text, and only where it is used."""

BLUR_POOL = '''
class BlurPool2d(nn.Module):
    """A fixed 3x3 binomial filter with a stride, reflecting at the edges (Zhang 2019)."""

    def __init__(self, channels, stride):
        super().__init__()
        self.channels, self.stride = channels, stride
        line = torch.tensor([1.0, 2.0, 1.0]) / 4
        kernel = (line[:, None] * line).repeat(channels, 1, 1, 1)
        self.register_buffer("kernel", kernel, persistent=False)

    def forward(self, x):
        x = F.pad(x, (1, 1, 1, 1), "reflect")
        return F.conv2d(x, self.kernel, stride=self.stride, groups=self.channels)
'''

DILATED_AVG_POOL = '''
class DilatedAvgPool2d(nn.AvgPool2d):
    """An average pool; without a stride it keeps the size, as timm's does in a dilated stage."""

    def __init__(self, kernel_size, stride):
        super().__init__(kernel_size, stride, ceil_mode=True, count_include_pad=False)

    def forward(self, x):
        return super().forward(F.pad(x, (0, 1, 0, 1)) if self.stride == 1 else x)
'''

SUBSAMPLE_PAD = '''
class SubsamplePad(nn.Module):
    """Option A: every stride-th position, and zeros for the new channels (He et al. 2015)."""

    def __init__(self, extra, stride):
        super().__init__()
        self.extra, self.stride = extra, stride

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.extra))
'''

DROP_PATH = '''
class DropPath(nn.Module):
    """Stochastic depth: while training, drops the branch of some images (Huang et al. 2016)."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        keep = 1 - self.rate
        return x * x.new_empty((len(x), 1, 1, 1)).bernoulli_(keep).div_(keep)
'''

SQUEEZE_EXCITE = '''
class SqueezeExcite(nn.Module):
    """Two 1x1 convolutions on the pooled vector weigh the channels (Hu et al. 2017)."""

    def __init__(self, channels, width):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, width, kernel_size=1)
        self.fc2 = nn.Conv2d(width, channels, kernel_size=1)

    def forward(self, x):
        weight = F.relu(self.fc1(F.adaptive_avg_pool2d(x, 1)))
        return x * torch.sigmoid(self.fc2(weight))
'''

EFFICIENT_CHANNEL = '''
class EfficientChannel(nn.Module):
    """A short convolution along the pooled channels weighs them (Wang et al. 2019)."""

    def __init__(self, kernel_size):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        weight = F.adaptive_avg_pool2d(x, 1).flatten(2).transpose(1, 2)
        weight = self.conv(weight).transpose(1, 2)[..., None]
        return x * torch.sigmoid(weight)
'''

CBAM = '''
class ChannelGate(nn.Module):
    """CBAM's first half: a shared pair of 1x1 convolutions on mean and maximum (Woo et al. 2018)."""

    def __init__(self, channels, width):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, width, kernel_size=1, bias=False)
        self.fc2 = nn.Conv2d(width, channels, kernel_size=1, bias=False)

    def forward(self, x):
        pooled = torch.cat([x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)], 2)
        weight = self.fc2(F.relu(self.fc1(pooled))).sum((2, 3), keepdim=True)
        return x * torch.sigmoid(weight)


class SpatialGate(nn.Module):
    """CBAM's second half: a 7x7 convolution on the mean and the maximum over channels."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 1, kernel_size=7, padding=3, bias=False)
        self.bn = {norm}

    def forward(self, x):
        maps = torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)
        return x * torch.sigmoid(self.bn(self.conv(maps)))


class CBAM(nn.Sequential):
    """First the channels are weighed, then the positions."""

    def __init__(self, channels, width):
        super().__init__()
        self.channel = ChannelGate(channels, width)
        self.spatial = SpatialGate()
'''

HELPERS = {
    "BlurPool2d(": BLUR_POOL,
    "DilatedAvgPool2d(": DILATED_AVG_POOL,
    "SubsamplePad(": SUBSAMPLE_PAD,
    "DropPath(": DROP_PATH,
    "SqueezeExcite(": SQUEEZE_EXCITE,
    "EfficientChannel(": EFFICIENT_CHANNEL,
    "CBAM(": CBAM,
}
"""The text of a class by how its use begins."""
