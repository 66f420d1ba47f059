"""Pictures in and out: a picture as a network's input, and feature maps or filters as a grid to look at."""

import io
from collections.abc import Callable
from math import ceil, sqrt
from typing import Any

import torch
from torch import Tensor

from resviz.arch.ops import Shape
from resviz.errors import PictureError
from resviz.nn.memory import claim
from resviz.report.formatting import exact, size

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of ImageNet's pixels, channel by channel: what torchvision's weights expect to be taken off."""
MAX_BYTES = 20 * 10**6
"""Of a picture's file."""
MAX_PIXELS = 50 * 10**6
MAX_SIDE = 20_000
"""Pixels; a picture that is one pixel wide takes several times the memory of a square one."""
PIXEL_BYTES = 8
"""Bytes for each pixel while a picture is read: as it is, and in three colours; Pillow takes four for either."""
NEGATIVE, ZERO, POSITIVE = (0, 90, 170), (247, 247, 247), (200, 80, 0)
"""Colours of the lowest value, of zero and of the highest; blue and orange, which the colour-blind tell apart."""
GAP = 2
"""Pixels between the cells of a grid; transparent, so that the page shows."""


def _plane(height: int, width: int) -> tuple[Tensor, Tensor]:
    """Return the coordinates y and x of every pixel, the shorter side from -1 to 1."""
    scale = 2 / min(height, width)
    y = (torch.arange(height) - (height - 1) / 2) * scale
    x = (torch.arange(width) - (width - 1) / 2) * scale
    return y[:, None].expand(height, width), x.expand(height, width)


def _rings(height: int, width: int) -> Tensor:
    y, x = _plane(height, width)
    wave = 0.5 + 0.5 * torch.cos(18 * (x**2 + y**2).sqrt())
    return torch.stack([wave, wave.roll(width // 24 + 1, 1), 1 - wave])


def _stripes(height: int, width: int) -> Tensor:
    y, x = _plane(height, width)
    return torch.stack([(0.5 + 0.5 * torch.sin(20 * (x * c + y * s))) for c, s in ((1.0, 0.0), (0.7, 0.7), (0.0, 1.0))])


def _checkers(height: int, width: int) -> Tensor:
    y, x = _plane(height, width)
    dark = ((x * 4).floor() + (y * 4).floor()) % 2
    return torch.stack([0.9 - 0.7 * dark, 0.85 - 0.5 * dark, 0.7 - 0.4 * dark])


def _ball(height: int, width: int) -> Tensor:
    y, x = _plane(height, width)
    inside = x**2 + y**2 < 0.5
    light = (0.75 - ((x + 0.25) ** 2 + (y + 0.3) ** 2)).clamp(0.05, 1)
    ground = 0.35 + 0.25 * (y > 0.3)
    return torch.stack([torch.where(inside, light * c, ground * g) for c, g in ((1.25, 0.9), (0.5, 1.1), (0.25, 1.3))])


DRAWN: dict[str, Callable[[int, int], Tensor]] = {
    "Ball": _ball,
    "Rings": _rings,
    "Stripes": _stripes,
    "Checkerboard": _checkers,
}
"""Pictures that the program draws: height and width to ``(3, H, W)`` in 0 to 1, roughly."""


def drawn(name: str, shape: Shape) -> Tensor:
    """Return a picture of `DRAWN` in the height and width of an input shape, ``(3, H, W)`` in 0 to 1."""
    return DRAWN[name](*shape[1:]).clamp(0, 1)


def read_picture(data: bytes, shape: Shape, name: str = "The file") -> Tensor:
    """Return a picture file cut to the sides of an input shape, ``(3, H, W)`` in 0 to 1.

    Raises PictureError, or MemoryLimitError where decoding it needs more than the limit leaves.
    """
    import warnings

    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MAX_BYTES:
        raise PictureError(f"{name} has {size(len(data))}; a picture has at most {size(MAX_BYTES)}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the number of pixels is checked below
            image = Image.open(io.BytesIO(data))
        if image.width * image.height > MAX_PIXELS:
            raise PictureError(
                f"{name} has {exact(image.width * image.height)} pixels; at most {exact(MAX_PIXELS)} do."
            )
        if max(image.size) > MAX_SIDE:
            raise PictureError(
                f"{name} has {exact(image.width)} by {exact(image.height)} pixels; at most {exact(MAX_SIDE)} do on a "
                "side."
            )
        with claim(PIXEL_BYTES * image.width * image.height, f"Reading {name}"):
            ImageOps.exif_transpose(image, in_place=True)
            fitted = ImageOps.fit(image.convert("RGB"), (shape[2], shape[1]))
    except UnidentifiedImageError:
        raise PictureError(f"{name} is no picture that can be read; PNG, JPEG, GIF and WebP can.") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise PictureError(f"{name} is a damaged picture: {str(error).rstrip('.')}.") from None
    pixels = torch.frombuffer(bytearray(fitted.tobytes()), dtype=torch.uint8)
    return pixels.reshape(shape[1], shape[2], 3).permute(2, 0, 1) / 255


def as_input(picture: Tensor, shape: Shape) -> Tensor:
    """Return a picture ``(3, H, W)`` as a batch of one for an input shape.

    Three channels are normalised as ImageNet's are; any other number gets the grey picture in each.
    """
    if shape[0] == 3:
        mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
        return ((picture - mean) / std)[None]
    grey = (picture.mean(0, keepdim=True) - sum(MEAN) / 3) / (sum(STD) / 3)
    return grey.expand(1, *shape).contiguous()


def pixels(picture: Tensor) -> Any:
    """Return a picture ``(3, H, W)`` in 0 to 1 as a numpy array ``(H, W, 3)`` of bytes."""
    return (picture * 255).round().to(torch.uint8).permute(1, 2, 0).numpy()


def signed_grid(maps: Tensor, limit: float, *, side: int = 480) -> Any:
    """Return maps ``(n, H, W)`` as one picture, a numpy array ``(h, w, 4)`` of bytes, about ``side`` wide.

    ``limit`` is the value of the strongest colour, in both directions; zero is nearly white.
    """
    strength = (maps / limit).clamp(-1, 1) if limit > 0 else torch.zeros_like(maps)
    strength = strength.nan_to_num()
    zero = torch.tensor(ZERO, dtype=torch.float)
    end = torch.where(strength[..., None] < 0, torch.tensor(NEGATIVE), torch.tensor(POSITIVE))
    return _tiled(zero + strength.abs()[..., None] * (end - zero), side)


def colour_grid(filters: Tensor, *, side: int = 640) -> Any:
    """Return filters ``(n, C, H, W)`` as one picture of bytes: in colour where C is 3, else their mean in grey.

    Each filter is stretched to the whole range, so that weak ones can be seen as well.
    """
    shown = filters if filters.shape[1] == 3 else filters.mean(1, keepdim=True).expand(-1, 3, -1, -1)
    low = shown.amin((1, 2, 3), keepdim=True)
    spread = (shown.amax((1, 2, 3), keepdim=True) - low).clamp_min(1e-12)
    return _tiled(((shown - low) / spread).nan_to_num().permute(0, 2, 3, 1) * 255, side)


def _tiled(cells: Tensor, side: int) -> Any:
    """Return cells ``(n, H, W, 3)`` side by side in rows, each pixel enlarged a whole number of times."""
    count, height, width, _ = cells.shape
    columns = ceil(sqrt(count))
    rows = ceil(count / columns)
    times = max(1, side // (columns * width))
    cells = cells.round().to(torch.uint8).repeat_interleave(times, 1).repeat_interleave(times, 2)
    height, width = height * times, width * times
    sheet = torch.zeros(rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 4, dtype=torch.uint8)
    for index, cell in enumerate(cells):
        top, left = (index // columns) * (height + GAP), (index % columns) * (width + GAP)
        sheet[top : top + height, left : left + width, :3] = cell
        sheet[top : top + height, left : left + width, 3] = 255
    return sheet.numpy()
