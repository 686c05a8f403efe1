"""The order that tests of sequence models plant in their logs, and how such a log is written."""

import numpy
import pyarrow
import pyarrow.parquet

ITEMS = 30


def in_order(rng, length):
    """Items: after i comes (7 i + 3) mod ITEMS, nine times of ten; all are equally frequent."""
    items = [int(rng.integers(0, ITEMS))]
    while len(items) < length:
        follows = rng.random() < 0.9
        items.append((7 * items[-1] + 3) % ITEMS if follows else int(rng.integers(0, ITEMS)))
    return items


def write_rows(path, names, rows):
    pyarrow.parquet.write_table(pyarrow.table({
        name: pyarrow.array(numpy.array(column, dtype=numpy.int64))
        for name, column in zip(names, zip(*rows))}), path)
