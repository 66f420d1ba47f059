"""The data: 1,797 handwritten digits of 8x8 pixels that scikit-learn ships (Alpaydin and Kaynak 1998, UCI).

A fifth of each class, drawn once for good, is kept for testing. Pixels are 0 to 16; they are shifted and scaled to
mean 0 and standard deviation 1 over the training pictures.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from resviz.training.experiment import TEST

SPLIT_SEED = 0


@dataclass(frozen=True, slots=True)
class Digits:
    """Pictures ``(N, 1, 8, 8)`` and their classes ``(N,)``; nobody writes to them."""

    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor


@lru_cache(maxsize=1)
def digits() -> Digits:
    """Return the pictures, split and scaled."""
    from sklearn.datasets import load_digits  # takes a second, which a process that trains nothing saves
    from sklearn.model_selection import train_test_split

    bunch = load_digits()
    train, test, train_labels, test_labels = train_test_split(
        bunch.data, bunch.target, test_size=TEST, stratify=bunch.target, random_state=SPLIT_SEED
    )
    mean, deviation = train.mean(), train.std()

    def images(rows: np.ndarray) -> Tensor:
        return torch.tensor((rows - mean) / deviation, dtype=torch.float32).view(-1, 1, 8, 8)

    return Digits(images(train), torch.tensor(train_labels), images(test), torch.tensor(test_labels))
