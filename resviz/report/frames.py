"""Tables as pandas data frames; imported late, for pandas takes its time."""

import pandas as pd

from resviz.report.tables import Table, plain_rows


def frame(table: Table) -> pd.DataFrame:
    """Return a table as a data frame: raw numbers, shapes as ``64x56x56``, whole numbers as integers.

    An empty cell is ``<NA>`` in a column of numbers.
    """
    data = pd.DataFrame(list(plain_rows(table)), columns=list(table.headers))
    return data.convert_dtypes()
