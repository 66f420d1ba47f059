"""Batch norms on torch's meta device in one step: torch takes milliseconds of arithmetic on shapes for each."""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


class QuickNorms(TorchDispatchMode):  # type: ignore[no-untyped-call]  # torch's class says no types
    """A batch norm of shapes alone gives what it takes: torch has compared the sizes before it comes here.

    It holds for modules that do not train: the statistics of a batch are not given.
    """

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if func is torch.ops.aten.native_batch_norm.default and args[0].is_meta:
            return torch.empty_like(args[0]), args[0].new_empty(0), args[0].new_empty(0)
        return func(*args, **kwargs or {})
