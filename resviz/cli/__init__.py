"""The app's verbs from a shell: a verb parses, calls a room, prints.

What a verb needs beyond the tree it imports itself, so that the light ones answer at once. Bad input is
one sentence on standard error and exit code 2. A verb stands in the file of its subject; the files are
named here, in the order of `resviz --help`.
"""

from resviz.cli import tables, pictures, lessons, modules, identify, timing, training, search, start  # noqa: F401, I001 - each adds its verbs to the program
from resviz.cli.program import app, main

__all__ = ["app", "main"]
