"""The operations that torch.nn lacks, each a small module. Tensors are ``(N, C, H, W)``."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class BlurPool2d(nn.Module):
    """A fixed 3x3 binomial filter with a stride, reflecting at the edges (Zhang 2019)."""

    kernel: Tensor

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.channels, self.stride = channels, stride
        self.register_buffer("kernel", torch.empty(channels, 1, 3, 3), persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the constant filter, the outer product of (1, 2, 1) / 4 with itself."""
        line = torch.tensor([0.25, 0.5, 0.25], device=self.kernel.device)
        self.kernel.copy_((line[:, None] * line).expand_as(self.kernel))

    def forward(self, x: Tensor) -> Tensor:
        """Return the smoothed map, every ``stride``-th position of it."""
        x = F.pad(x, (1, 1, 1, 1), "reflect")
        return F.conv2d(x, self.kernel, stride=self.stride, groups=self.channels)


class AvgPool2dSame(nn.AvgPool2d):
    """An average pool of stride 1 that keeps the size: zeros below and to the right count in the mean (timm)."""

    def __init__(self, kernel_size: int) -> None:
        super().__init__(kernel_size, stride=1)
        self.reach = kernel_size - 1

    def forward(self, x: Tensor) -> Tensor:
        """Return the smoothed map; of the padding, the lesser half stands before the first row and column."""
        before = self.reach // 2
        after = self.reach - before
        return super().forward(F.pad(x, (before, after, before, after)))


class SubsamplePad(nn.Module):
    """Option A: every ``stride``-th position, and zeros for the new channels (He et al. 2015)."""

    def __init__(self, extra: int, stride: int) -> None:
        super().__init__()
        self.extra, self.stride = extra, stride

    def forward(self, x: Tensor) -> Tensor:
        """Return ``(N, C + extra, H / stride, W / stride)``, sides rounded up."""
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.extra))


class ChannelConv1d(nn.Conv1d):
    """ECA's convolution along the channels of a pooled vector (Wang et al. 2019)."""

    def __init__(self, kernel_size: int) -> None:
        super().__init__(1, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Return a vector of the same shape."""
        return super().forward(x.flatten(2).transpose(1, 2)).transpose(1, 2)[..., None]


class AvgMaxPool2d(nn.Module):
    """CBAM's two pooled vectors: ``(N, C, H, W)`` to ``(N, C, 2, 1)`` (Woo et al. 2018)."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the two vectors side by side."""
        return torch.cat([x.mean((2, 3), keepdim=True), x.amax((2, 3), keepdim=True)], 2)


class SumPositions(nn.Module):
    """The sum over all positions: ``(N, C, H, W)`` to ``(N, C, 1, 1)``."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the sum."""
        return x.sum((2, 3), keepdim=True)


class ChannelMeanMax(nn.Module):
    """CBAM's two maps, mean and maximum over channels: ``(N, C, H, W)`` to ``(N, 2, H, W)``."""

    def forward(self, x: Tensor) -> Tensor:
        """Return the two maps."""
        return torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)


class DropPath(nn.Module):
    """Stochastic depth: in training an image loses the branch at a rate (Huang et al. 2016)."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x``; while training, images that keep their branch have it divided by ``1 - rate``."""
        if not self.training or self.rate == 0:
            return x
        keep = 1 - self.rate
        return x * x.new_empty((len(x), 1, 1, 1)).bernoulli_(keep).div_(keep)

    def extra_repr(self) -> str:
        """Return the rate, for ``print(net)``."""
        return f"rate={self.rate:.3g}"


class ChannelNorm(nn.LayerNorm):
    """Layer normalisation over the channels of each position (Ba et al. 2016)."""

    def __init__(self, channels: int) -> None:
        super().__init__(channels, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        """Return the normalised map."""
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class ChannelScale(nn.Module):
    """A learnt factor a channel, which starts at ``initial``: LayerScale (Touvron et al. 2021)."""

    def __init__(self, channels: int, initial: float) -> None:
        super().__init__()
        self.initial = initial
        self.weight = nn.Parameter(torch.empty(channels))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set every factor to its first value."""
        nn.init.constant_(self.weight, self.initial)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scaled map."""
        return x * self.weight[:, None, None]


class BranchGain(nn.Module):
    """One learnt factor for a whole branch, which starts at zero: SkipInit (De & Smith 2020)."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(()))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the factor to zero."""
        nn.init.zeros_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return the scaled map."""
        return x * self.weight


class ResponseNorm2d(nn.Module):
    """Global response normalisation of ``(N, C, H, W)`` (Woo et al. 2023, arXiv:2301.00808, Algorithm 1)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels))
        self.bias = nn.Parameter(torch.empty(channels))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set scale and shift to zero."""
        nn.init.zeros_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        """Return the map plus its channels weighed by their share of the response."""
        norms = torch.linalg.vector_norm(x, dim=(2, 3), keepdim=True)
        shares: Tensor = norms / (norms.mean(1, keepdim=True) + 1e-6)
        return x + self.weight[:, None, None] * (x * shares) + self.bias[:, None, None]


class TokensWithMean(nn.Module):
    """The positions of a map in a row behind their mean, plus a learnt map of their places (Radford et al. 2021)."""

    def __init__(self, channels: int, positions: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(channels, positions + 1, 1))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the map of places to zero."""
        nn.init.zeros_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        """Return ``(N, C, H W + 1, 1)``."""
        tokens = x.flatten(2)
        return torch.cat([tokens.mean(2, keepdim=True), tokens], 2)[..., None] + self.weight


class SelfAttention(nn.Module):
    """Scaled dot-product attention among tokens, in heads (Vaswani et al. 2017).

    ``(N, 3 C, T, 1)`` to ``(N, C, T, 1)``: queries, keys and values come in a row.
    """

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.heads = heads

    def forward(self, x: Tensor) -> Tensor:
        """Return what each token gathers."""
        in_heads = x.view(len(x), 3, self.heads, -1, x.shape[2]).transpose(3, 4)
        queries, keys, values = in_heads.unbind(1)
        gathered = F.scaled_dot_product_attention(queries, keys, values)
        return gathered.transpose(2, 3).reshape(len(x), -1, x.shape[2], 1)


class FirstToken(nn.Module):
    """The first token: ``(N, C, T, 1)`` to ``(N, C)``."""

    def forward(self, x: Tensor) -> Tensor:
        """Return it."""
        return x[:, :, 0, 0]


class ConstantScale(nn.Module):
    """A constant factor (Brock et al. 2021)."""

    def __init__(self, factor: float) -> None:
        super().__init__()
        self.factor = factor

    def forward(self, x: Tensor) -> Tensor:
        """Return the scaled map."""
        return x * self.factor


class StandardisedConv2d(nn.Conv2d):
    """A convolution whose weight has mean 0 and variance 1 an output channel when it is used (Qiao et al. 2019)."""

    def standardised(self) -> Tensor:
        """Return the weight as it is used."""
        variance, mean = torch.var_mean(self.weight, (1, 2, 3), correction=0, keepdim=True)
        return (self.weight - mean) / torch.sqrt(variance + 1e-8)

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolved map."""
        made: Tensor = self._conv_forward(x, self.standardised(), self.bias)
        return made


class ScaledStandardisedConv2d(nn.Conv2d):
    """A standardised convolution over the root of the fan-in, with a learnt gain (Brock et al. 2021).

    ``gamma`` makes up for the variance that the activation before it takes.
    """

    def __init__(self, *arguments: int, gamma: float = 1.0, **options: int | bool) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # as nn.Conv2d takes them
        self.scale = gamma * self.weight[0].numel() ** -0.5
        self.gain = nn.Parameter(torch.ones(self.out_channels, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the convolved map."""
        variance, mean = torch.var_mean(self.weight, (1, 2, 3), correction=0, keepdim=True)
        scale = torch.rsqrt(variance + 1e-5) * self.gain * self.scale
        made: Tensor = self._conv_forward(x, (self.weight - mean) * scale, self.bias)
        return made
