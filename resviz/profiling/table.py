"""Runs as CSV: a line for each, its figures first and then what it takes to read the run back in.

Figures are derived, so reading takes them from the samples again. A breakdown does not fit on a line: JSON keeps it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from resviz.arch import ConfigError
from resviz.arch.validation_messages import sentences
from resviz.errors import DocumentError, ProtocolError
from resviz.profiling.result import MAX_DOCUMENT, MAX_RUNS, Profile, Sweep, expanded, too_long
from resviz.profiling.rows import COLUMNS, row_of

FIGURES = ("mean", "sd", "p5", "p95", "macs_per_second", "steps", "driver", "torch", "describes")
MEMORY = ("peak_memory", "predicted_memory")
WHOLE = ("config", "device", "protocol")
"""Parts that are JSON in a cell, under `config_json` and so on."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, or leaves out before one."""


def to_csv(runs: Iterable[Profile]) -> str:
    """Return runs as CSV; times in seconds, memory in bytes, samples separated by spaces."""
    return "".join(csv_lines(runs))


def csv_lines(runs: Iterable[Profile]) -> Iterator[str]:
    """Yield the heading of the CSV and a line for each run, as they come."""
    yield _line((*COLUMNS, *FIGURES, *MEMORY, "samples", *(f"{part}_json" for part in WHOLE)))
    for run in runs:
        s = run.summary
        software = (run.device.driver, run.device.torch, run.protocol.describe())
        figures = (s.mean, s.sd, s.p5, s.p95, run.macs_per_second, s.count, *software)
        memory = (run.peak_memory, run.predicted_memory)
        whole = (run.config.model_dump_json(), run.device.model_dump_json(), run.protocol.model_dump_json())
        yield _line((*astuple(row_of(run)), *figures, *memory, " ".join(map(repr, run.samples)), *whole))


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    # Every text is quoted: Python before 3.13 leaves one with a carriage return bare, and no reader joins it again.
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC).writerow(map(_inert, cells))
    return out.getvalue()


def _inert(cell: object) -> object:
    """Return a cell that a spreadsheet shows and does not compute (OWASP, "CSV injection").

    Reading a run back takes no cell that may begin like a formula, so nothing is lost.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def from_csv(text: str) -> tuple[Profile, ...]:
    """Return the runs that CSV of ours describes, without their breakdowns. Raises DocumentError."""
    import pandas as pd

    if len(text) > MAX_DOCUMENT:
        raise too_long(len(text))
    try:
        # One line more than may be read tells that there are too many. pandas has no limit on a cell's length.
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False, nrows=MAX_RUNS + 1)
    except ValueError as error:
        raise DocumentError(f"This is not a table of runs: {str(error).strip().rstrip('.')}.") from None
    needed = ("id", "measured_at", *MEMORY, "samples", *(f"{part}_json" for part in WHOLE))
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise DocumentError(f"This is not a table of runs: it has no column {missing[0]}.")
    if len(frame) > MAX_RUNS:
        raise DocumentError(f"The file has more than {MAX_RUNS:,} runs; as many are read at once.")
    records = frame[[*needed]].fillna("").itertuples(index=False, name=None)
    return tuple(_run(number, dict(zip(needed, record, strict=True))) for number, record in enumerate(records, start=2))


def _run(line: int, record: dict[str, str]) -> Profile:
    try:
        fields: dict[str, Any] = {name: record[name] for name in ("id", "measured_at")}
        fields |= {name: record[name] or None for name in MEMORY}
        fields |= {part: from_json(record[f"{part}_json"]) for part in WHOLE}
        fields["samples"] = tuple(float(word) for word in record["samples"].split())
        run = Profile.model_validate(fields)
        expanded(run.config)
    except ValidationError as error:
        raise DocumentError(f"Line {line} is not a run. {sentences(error)}") from None
    except (ConfigError, ProtocolError) as error:
        raise DocumentError(f"Line {line} is not a run. {error}") from None
    except ValueError as error:
        raise DocumentError(f"Line {line} is not a run. {str(error)[:200].rstrip('.')}.") from None
    return run


def read(name: str, data: bytes) -> tuple[Profile, ...]:
    """Return the runs of a file by the end of its name, CSV or else JSON. Raises DocumentError."""
    if len(data) > MAX_DOCUMENT:
        raise too_long(len(data))
    if not name.lower().endswith(".csv"):
        return Sweep.from_json(data).runs
    try:
        return from_csv(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise DocumentError("The file is not UTF-8 text.") from None
