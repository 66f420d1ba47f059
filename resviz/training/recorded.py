"""The run of the classic experiment that comes with resviz, so that there are curves before anything is trained.

`resviz train --json resviz/training/recorded.json` made the file; it says when, and with which versions.
"""

from functools import cache
from importlib.resources import files

from resviz.training.result import Result

COMMAND = "resviz train --json resviz/training/recorded.json"


@cache
def recorded() -> Result:
    """Return the recorded result. The data file is read on the first call."""
    return Result.from_json(files("resviz.training").joinpath("recorded.json").read_text(encoding="utf-8"))
