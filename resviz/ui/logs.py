"""What the server writes about itself: with ``RESVIZ_LOG=json`` one JSON object a line on standard error.

``docs/operating.md`` names the fields. No line holds what a visitor typed, uploaded or was called by: of libraries only
a message's template is kept where values are filled in, and of a fault its type and the lines of code, not its words.
"""

import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any

from resviz.apart import lines_of_code

VARIABLE = "RESVIZ_LOG"
OWN = "resviz"
FIELDS = ("page", "ms", "device", "state", "waited_s", "ran_s", "exit", "fault", "at")
"""What our own lines say beside their event; each is a number, one of our own words or a line of code."""
WARNINGS = "py.warnings"
WITHHELD = "withheld"
"""The event of a library's message that came whole: it may have been put together from what a visitor typed."""

_log = logging.getLogger(f"{OWN}.page")
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class _Record(logging.LogRecord):
    """A record that its formatter finds as a line of JSON under the name ``json``, without the words of a fault."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.raised = self.exc_info
        self.exc_info = self.stack_info = None  # a formatter would write them below the line
        self.json = _Line(self)


class _Line:
    """Written when it is formatted: what a caller adds to a record comes after its making."""

    def __init__(self, record: _Record) -> None:
        self._record = record

    def __str__(self) -> str:
        return line(self._record)


def start() -> None:
    """Have every logger of this process write JSON, where the operator wants it; a second call does nothing."""
    if os.environ.get(VARIABLE, "").strip().lower() != "json" or logging.getLogRecordFactory() is _Record:
        return
    from streamlit import config, logger

    logging.setLogRecordFactory(_Record)
    logging.captureWarnings(capture=True)
    config.set_option("logger.messageFormat", "%(json)s")  # Streamlit's loggers have handlers of their own each
    logger.get_logger(OWN)
    logger.get_logger(WARNINGS)
    logger.update_formatter()
    logging.basicConfig(format="%(json)s", level=logging.WARNING)


def line(record: _Record) -> str:
    """Return a record as one line of JSON."""
    said: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "event": _event(record),
    }
    if record.name.partition(".")[0] == OWN:
        said |= {field: value for field in FIELDS if (value := getattr(record, field, None)) is not None}
    if record.raised and record.raised[0]:
        said |= _fault(record.raised)
    return json.dumps(said)


def _event(record: logging.LogRecord) -> str:
    """Return the constant part of a message: what is filled in may be a visitor's."""
    if record.name == WARNINGS and isinstance(record.args, tuple) and record.args:
        where, category, *_ = (*str(record.args[0]).split(": "), "")
        return f"{Path(where).name}: {category}"  # file and line, without the folder
    return str(record.msg) if record.args or record.name.partition(".")[0] == OWN else WITHHELD


def _fault(fault: _ExcInfo) -> dict[str, Any]:
    kind, _, trace = fault
    return {"fault": kind.__name__, "at": lines_of_code(trace)}


def page_shown(name: str, began: float) -> None:
    """Say that a page was computed; ``began`` is the reading of ``perf_counter`` when its run began."""
    _log.info("page", extra={"page": name or "explore", "ms": round((perf_counter() - began) * 1e3, 1)})
