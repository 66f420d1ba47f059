"""A network written out as one short PyTorch file that needs nothing but torch: `code`."""

from resviz.nn.codegen.file import code

__all__ = ["code"]
