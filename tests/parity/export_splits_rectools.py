"""Writes to splits/rectools.json what RecTools' splitters make of the log of split_data.py.

TimeRangeSplitter's periods end with the last day, ours with the last interaction: the cut is given
as a date.
"""

import importlib.metadata
import warnings

import pandas
from rectools import Columns
from rectools.dataset import Interactions
from rectools.model_selection import LastNSplitter, TimeRangeSplitter
from split_data import write_expected, write_log


def main():
    warnings.simplefilter("ignore")
    rows = write_log()
    log = pandas.DataFrame(rows, columns=[Columns.User, Columns.Item, Columns.Datetime,
                                          Columns.Weight])
    log[Columns.Datetime] = pandas.to_datetime(log[Columns.Datetime], unit="s")
    interactions = Interactions(log)
    keep_all = {"filter_cold_users": False, "filter_cold_items": False,
                "filter_already_seen": False}
    warm = {**keep_all, "filter_cold_users": True, "filter_cold_items": True}
    week = "time:2020-02-23"  # the last seven days of 2020-01-01 to 2020-02-29
    parts = {}
    for rule, splitter in {
        "split last:1": LastNSplitter(1, 1, **keep_all),
        "split last:3": LastNSplitter(3, 1, **keep_all),
        "split " + week: TimeRangeSplitter("7D", 1, **keep_all),
        "warm " + week: TimeRangeSplitter("7D", 1, **warm),
    }.items():
        (_, test, _), = splitter.split(interactions)
        parts[rule] = test
    write_expected("rectools.json", "RecTools " + importlib.metadata.version("rectools"), parts)


if __name__ == "__main__":
    main()
