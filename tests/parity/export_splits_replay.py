"""Writes to splits/replay.json what RePlay makes of the log of split_data.py: parts and filters.

Left out: rules that draw (other random numbers), and QuantileItemsFilter (another draw). Where a
user would have nothing left, RePlay tests on everything and we on nothing: the log has no such
user, but for last:10d, where those users are left out of both. RatioSplitter rounds as we do
without split_by_fractions, its default.
"""

import importlib.metadata
import warnings

import pandas
from replay.preprocessing import filters
from replay.splitters import LastNSplitter, NewUsersSplitter, RatioSplitter, TimeSplitter
from split_data import DAY, START, write_expected, write_log


def test_of(splitter, log):
    return splitter.split(log)[1]["row"]


def main():
    warnings.simplefilter("ignore")
    rows = write_log()
    log = pandas.DataFrame(rows, columns=["user_id", "item_id", "timestamp", "rating"])
    log["row"] = range(len(log))
    names = {"query_column": "user_id", "item_column": "item_id"}
    by_user = {"divide_column": "user_id", **names}
    parts = {
        "split time:0.8": test_of(TimeSplitter(0.2, **names), log),
        "split last:2": test_of(LastNSplitter(2, **by_user), log),
        "split ratio:0.8,late": test_of(
            RatioSplitter(0.2, split_by_fractions=False, **by_user), log),
        "split new_users:0.2,0": test_of(NewUsersSplitter(0.2, **names), log),
    }
    tenth = test_of(LastNSplitter(10 * DAY, strategy="timedelta", **by_user), log)
    whole = log.groupby("user_id")["timestamp"].transform(lambda times: times.max() - times.min())
    parts["split last:10d"] = [row for row in tenth if whole[row] >= 10 * DAY]
    dated = log.assign(timestamp=pandas.to_datetime(log["timestamp"], unit="s"))
    days = {"entity_column": "user_id"}
    for rule, kept in {
        "filter min_users:15": filters.MinCountFilter(15, "user_id").transform(log),
        "filter min_items:30": filters.MinCountFilter(30, "item_id").transform(log),
        "filter kcore:12,20": filters.InteractionEntriesFilter(
            min_inter_per_user=12, min_inter_per_item=20).transform(log),
        "filter min_weight:3.5": filters.LowRatingFilter(3.5).transform(log),
        "filter first:5": filters.NumInteractionsFilter(5, True).transform(dated),
        "filter last:5": filters.NumInteractionsFilter(5, False).transform(dated),
        "filter user_recent:7d": filters.EntityDaysFilter(7, False, **days).transform(dated),
        "filter recent:7d": filters.GlobalDaysFilter(7, False).transform(dated),
        "filter period:2020-01-10..2020-02-01": filters.TimePeriodFilter(
            "2020-01-10 00:00:00", "2020-02-01 00:00:00").transform(dated),
        "filter repeats": filters.ConsecutiveDuplicatesFilter(
            query_column="user_id").transform(dated),
    }.items():
        parts[rule] = kept["row"]
    assert START == int(pandas.Timestamp("2020-01-01").timestamp())
    write_expected("replay.json", "RePlay " + importlib.metadata.version("replay-rec"), parts)


if __name__ == "__main__":
    main()
