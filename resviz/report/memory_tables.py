"""Tables of memory: where a step's bytes go, what checkpointing trades, the largest batch that fits."""

from resviz.arch import Network
from resviz.report import formatting
from resviz.report.checkpointing import CHECKPOINTS, Checkpointed, checkpointed
from resviz.report.memory import MOST_BATCH, largest_batch, memory, sized
from resviz.report.tables import Column, Table, words

ROOMS = (8, 16, 24, 40, 80)
"""Memories of usual GPUs, in GB of 10**9 bytes."""
GB = 10**9


def ways(network: Network, batch: int, dtype: str, device: str) -> dict[str, Checkpointed]:
    """Return what training keeps without checkpoints, with one for each block and one for each stage."""
    return {each: checkpointed(network, sized(batch, dtype, device), each) for each in CHECKPOINTS}


def trade_table(network: Network, batch: int, dtype: str, optimiser: str, device: str) -> Table:
    """Return for each way of checkpointing what is kept, what comes back, the whole, and the MACs paid again."""
    rows = []
    for each, way in ways(network, batch, dtype, device).items():
        whole = memory(network, batch, dtype, optimiser, device, each)
        share = way.macs / (3 * network.macs)
        rows.append((CHECKPOINTS[each].label, way.kept, way.peak - way.kept, whole.to_train, way.macs, share))
    columns = (
        words("Checkpoints"),
        Column("Kept", formatting.size),
        Column("Brought back at most", formatting.size),
        Column("Training step", formatting.size),
        Column("MACs run again, one image", formatting.short),
        Column("More arithmetic", formatting.percent),
    )
    return Table(columns, tuple(rows))


def batch_table(network: Network, dtype: str, optimiser: str, device: str) -> Table:
    """Return the largest batch that fits into usual memories: inference, and training with and without checkpoints."""
    rows = []
    for room in ROOMS:
        how = {"dtype": dtype, "optimiser": optimiser, "device": device}
        inference = largest_batch(network, room * GB, training=False, **how)
        training = [largest_batch(network, room * GB, training=True, checkpoint=each, **how) for each in CHECKPOINTS]
        rows.append((f"{room} GB", inference, *training))
    columns = (
        words("Memory"),
        Column("Inference", _batch),
        Column("Training", _batch),
        *(Column(f"Checkpoints: {CHECKPOINTS[each].label.lower()}", _batch) for each in ("block", "stage")),
    )
    return Table(columns, tuple(rows))


def _batch(count: int) -> str:
    return f"at least {formatting.exact(MOST_BATCH)}" if count >= MOST_BATCH else formatting.exact(count)
