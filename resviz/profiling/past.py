"""What the history knows of one network: its newest runs."""

from collections.abc import Sequence

from resviz.arch import ResNetConfig
from resviz.arch.inactive import same_network
from resviz.profiling.protocol import PRECISIONS, STEPS
from resviz.profiling.rows import UNREADABLE, RunRow
from resviz.profiling.store import Store
from resviz.report.formatting import duration, short
from resviz.report.tables import Column, Table, words

LOOKED = 20
"""Runs of a name that are looked through."""
COLUMNS = (
    words("Measured (UTC)"),
    words("Step"),
    Column("Batch"),
    words("Precision"),
    words("Protocol"),
    Column("Time per step"),
    Column("Images/s"),
    words("Device"),
    words("Doubts"),
)


def runs_of(
    store: Store, config: ResNetConfig, limit: int = LOOKED, *, steps: Sequence[str] = ()
) -> tuple[RunRow, ...]:
    """Return the newest runs of a network, at most ``limit``, of some steps (none named: all). Raises StoreError.

    They are looked for among the newest of its name, which is no evidence: every edit of a net is called alike, and a
    person may give any name.
    """
    rows = store.rows(nets=(config.name,), steps=steps, limit=LOOKED)
    rows = tuple(row for row in rows if row.doubts != UNREADABLE)
    same = {run.id for run in store.each([row.id for row in rows], readable=True) if same_network(run.config, config)}
    return tuple(row for row in rows if row.id in same)[:limit]


def runs_table(rows: tuple[RunRow, ...]) -> Table:
    """Return runs as people read them."""
    return Table(
        COLUMNS,
        tuple(
            (
                row.measured_at[:16].replace("T", " "),
                STEPS.get(row.step, row.step),
                row.batch,
                PRECISIONS[row.precision].label if row.precision in PRECISIONS else row.precision,
                row.protocol,
                duration(row.median),
                short(row.images_per_second),
                row.device,
                row.doubts or None,
            )
            for row in rows
        ),
    )
