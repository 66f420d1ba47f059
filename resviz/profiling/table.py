"""Runs as CSV: a line for each, its figures first and then what it takes to read the run back in.

Figures are derived, so reading takes them from the samples again. A breakdown does not fit on a line: JSON keeps it.
"""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import astuple
from typing import Any

from pydantic import ValidationError

from resviz.arch import ConfigError, expand
from resviz.profiling.errors import DocumentError, ProtocolError, sentences
from resviz.profiling.result import MAX_DOCUMENT, Profile, Sweep
from resviz.profiling.store import COLUMNS, row_of
from resviz.report.escapes import csv_cell

FIGURES = ("mean", "sd", "p5", "p95", "macs_per_second", "steps", "driver", "torch", "describes")
MEMORY = ("peak_memory", "predicted_memory")
WHOLE = ("config", "device", "protocol")
"""Parts that are JSON in a cell, under `config_json` and so on."""


def to_csv(runs: Iterable[Profile]) -> str:
    """Return runs as CSV; times in seconds, memory in bytes, samples separated by spaces."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow((*COLUMNS, *FIGURES, *MEMORY, "samples", *(f"{part}_json" for part in WHOLE)))
    for run in runs:
        s = run.summary
        software = (run.device.driver, run.device.torch, run.protocol.describe())
        figures = (s.mean, s.sd, s.p5, s.p95, run.macs_per_second, s.count, *software)
        memory = (run.peak_memory, run.predicted_memory)
        whole = (run.config.model_dump_json(), run.device.model_dump_json(), run.protocol.model_dump_json())
        told = map(csv_cell, (*astuple(row_of(run)), *figures))  # what is read back stands as it is
        writer.writerow((*told, *memory, " ".join(map(repr, run.samples)), *whole))
    return out.getvalue()


def from_csv(text: str) -> tuple[Profile, ...]:
    """Return the runs that CSV of ours describes, without their breakdowns. Raises DocumentError."""
    import pandas as pd

    if len(text) > MAX_DOCUMENT:
        raise DocumentError(f"The file has {len(text):,} characters; at most {MAX_DOCUMENT:,} are read.")
    try:
        frame = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)  # no limit on a cell's length
    except ValueError as error:
        raise DocumentError(f"This is not a table of runs: {str(error).strip().rstrip('.')}.") from None
    needed = ("id", "measured_at", *MEMORY, "samples", *(f"{part}_json" for part in WHOLE))
    missing = [name for name in needed if name not in frame.columns]
    if missing:
        raise DocumentError(f"This is not a table of runs: it has no column {missing[0]}.")
    records: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
    return tuple(_run(number, record) for number, record in enumerate(records, start=2))


def _run(line: int, record: dict[str, Any]) -> Profile:
    try:
        fields: dict[str, Any] = {name: record[name] for name in ("id", "measured_at")}
        fields |= {name: int(record[name]) if record[name] else None for name in MEMORY}
        fields |= {part: json.loads(record[f"{part}_json"]) for part in WHOLE}
        fields["samples"] = tuple(float(word) for word in record["samples"].split())
        run = Profile.model_validate(fields)
        expand(run.config)
    except ValidationError as error:
        raise DocumentError(f"Line {line} is not a run. {sentences(error)}") from None
    except (ConfigError, ProtocolError, ValueError) as error:
        raise DocumentError(f"Line {line} is not a run. {error}") from None
    return run


def read(name: str, data: bytes) -> tuple[Profile, ...]:
    """Return the runs of a file by the end of its name, CSV or else JSON. Raises DocumentError."""
    if not name.lower().endswith(".csv"):
        return Sweep.from_json(data).runs
    try:
        return from_csv(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise DocumentError("The file is not UTF-8 text.") from None
