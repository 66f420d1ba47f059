"""The network as a real torch module: built, cross-checked, loaded, looked into, exported."""

from resviz.nn.build import build

__all__ = ["build"]
