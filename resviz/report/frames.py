"""Tables as pandas data frames; imported late, for pandas takes its time."""

import pandas as pd

from resviz.arch.network import Network
from resviz.report.tables import Table, layer_table, plain_rows, stage_table


def frame(table: Table) -> pd.DataFrame:
    """Return a table as a data frame: raw numbers, shapes as ``64x56x56``, whole numbers as integers.

    An empty cell is ``<NA>`` in a column of numbers.
    """
    data = pd.DataFrame(list(plain_rows(table)), columns=list(table.headers))
    return data.convert_dtypes()


def stage_frame(network: Network) -> pd.DataFrame:
    """Return the stage table of a network, its totals as the last row."""
    return frame(stage_table(network))


def layer_frame(network: Network) -> pd.DataFrame:
    """Return the layer table of a network, its totals as the last row."""
    return frame(layer_table(network))
