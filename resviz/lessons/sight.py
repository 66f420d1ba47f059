"""What a unit sees of a picture: the receptive field as computed, and the effective one as gradients measure it.

Luo et al. 2016, arXiv:1701.04128: the gradient of one position of a map by the picture's pixels, averaged over
random weights, falls off from the centre like a Gaussian.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from resviz.arch import Network
from resviz.progress import Report
from resviz.report.receptive import Field, fields

DARK = 0.35
"""How bright is what a unit does not see."""
CORE = 0.95
"""The share of the gradient's squares that the effective field holds."""
_LINE = (232, 106, 23)


@cache
def photograph(name: str, side: int) -> Any:
    """Return a photograph cut to a square, ``(side, side, 3)`` bytes. scikit-learn ships it, 427x640."""
    from PIL import Image
    from sklearn.datasets import load_sample_image

    pixels = np.asarray(load_sample_image(name))
    height, width, _ = pixels.shape
    least = min(height, width)
    top, left = (height - least) // 2, (width - least) // 2
    square = Image.fromarray(pixels[top : top + least, left : left + least])
    return np.asarray(square.resize((side, side), Image.Resampling.LANCZOS))


@dataclass(frozen=True, slots=True)
class Window:
    """The pixels that one position of a map sees, along height and width alike; ``last`` is included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        """Pixels along a side, those outside of the picture included."""
        return self.last - self.first + 1


def unit_fields(network: Network) -> dict[str, tuple[Field, int]]:
    """Return the field behind each unit's last convolution with the side of its map, by the unit's path."""
    by_name = {field.name: field for field in fields(network)}
    found = {}
    for path, block in network.blocks():
        names = [f"{path}.{layer.name}" for layer in block.layers() if f"{path}.{layer.name}" in by_name]
        found[path] = (max((by_name[name] for name in names), key=lambda field: field.size), block.out_shape[1])
    return found


def centre_window(field: Field, side: int) -> Window:
    """Return what the middle position of a map of ``side`` positions sees."""
    middle = field.start + field.jump * (side // 2)
    return Window(round(middle - (field.size - 1) / 2), round(middle + (field.size - 1) / 2))


def seen(picture: Any, window: Window) -> Any:
    """Return the picture with what is outside of a window darkened, and a frame around it."""
    shown = (picture * DARK).astype(np.uint8)
    side = len(picture)
    low, high = max(window.first, 0), min(window.last, side - 1)
    shown[low : high + 1, low : high + 1] = picture[low : high + 1, low : high + 1]
    for at in (low, high):
        shown[at, low : high + 1] = _LINE
        shown[low : high + 1, at] = _LINE
    return shown


def measured(network: Network, path: str, *, seeds: int, report: Report) -> Any:
    """Return the mean square of the gradient of a unit's middle position by each pixel, ``(H, W)``, over seeds.

    Weights are He-normal, pictures random, and the output's gradient is random over its channels. BN holds the
    statistics of the same picture fixed, for otherwise every pixel would act on every position through them.
    """
    import torch
    from torch import nn

    from resviz.nn import build

    total = torch.zeros(network.input[1:])
    for seed in range(seeds):
        report("gradient", seed, seeds)
        module = _up_to(build(network, device="cpu", seed=seed), path)
        generator = torch.Generator().manual_seed(seed)
        pictures = torch.randn(1, *network.input, generator=generator, requires_grad=True)
        for layer in module.modules():
            if isinstance(layer, nn.BatchNorm2d):
                layer.momentum = 1.0
        with torch.no_grad():
            module.train()(pictures)
        signal = module.eval()(pictures)
        position = signal.shape[2] // 2
        at = signal[0, :, position, position]
        (at * torch.randn(at.shape, generator=generator)).sum().backward()
        assert pictures.grad is not None
        total += pictures.grad[0].square().sum(0)
    report("gradient", seeds, seeds)
    return (total / seeds).numpy()


def _up_to(module: Any, path: str) -> Any:
    """Return the part of a net that ends with a unit, as one module."""
    from torch import nn

    stage, _, index = path.partition(".")
    parts = []
    for name, part in module.named_children():
        parts.append(part[: int(index) + 1] if name == stage else part)
        if name == stage:
            break
    return nn.Sequential(*parts)


def core(squares: Any, window: Window) -> int:
    """Return the side of the smallest square about a window's middle that holds `CORE` of the gradient's squares."""
    side, total = len(squares), squares.sum()
    middle = (window.first + window.last) / 2
    for size in range(1, side + 1):
        low, high = round(middle - (size - 1) / 2), round(middle + (size - 1) / 2)
        inside = squares[max(low, 0) : high + 1, max(low, 0) : high + 1].sum()
        if inside >= CORE * total:
            return size
    return side


def lit(picture: Any, squares: Any) -> Any:
    """Return the picture as bright as the gradient is strong at each pixel, by its root, smoothed over 5 pixels."""
    strength = np.sqrt(squares)
    kernel = np.ones(5) / 5
    for axis in (0, 1):
        strength = np.apply_along_axis(lambda row: np.convolve(row, kernel, "same"), axis, strength)
    top = np.percentile(strength[strength > 0], 99.5) if (strength > 0).any() else 1.0
    share = np.clip(strength / top, 0, 1)[..., None]
    return (picture * (0.12 + 0.88 * share)).astype(np.uint8)
