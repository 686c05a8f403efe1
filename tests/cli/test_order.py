"""An order column: rows of one day come in its order, however the file has them."""

import csv
import json
import random

import pyarrow
import pyarrow.parquet
import pytest

from commands import ok, run


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order") / "world"
    ok("synth", "practicum", "--seed", "5", "--set", "users=200", "--set", "items=3000", "--set",
       "events=30000", "--out", folder)
    return folder


@pytest.fixture(scope="module")
def shuffled(world):
    """The log in no order at all."""
    rows = pyarrow.parquet.read_table(world / "interactions.parquet")
    return rows.take(pyarrow.array(random.Random(3).sample(range(len(rows)), len(rows))))


def events(store, world, folder):
    """A store as rows of user, place, track and day."""
    ok("export", store, "--as", "practicum", "--tracks", world / "tracks.parquet", "--names",
       world / "catalog_names.parquet", "--out", folder)
    table = pyarrow.parquet.read_table(folder / "events.parquet")
    return sorted(zip(*(table[name].to_pylist()
                        for name in ("user_id", "track_seq", "item_id", "started_at"))))


def write(rows, kind, path):
    if kind == "parquet":
        pyarrow.parquet.write_table(rows, path, row_group_size=5000)
    elif kind == "csv":
        with path.open("w") as file:
            out = csv.writer(file)
            out.writerow(rows.column_names)
            out.writerows(zip(*(column.to_pylist() for column in rows.columns)))
    else:
        path.write_text("".join(json.dumps(row, default=str) + "\n" for row in rows.to_pylist()))
    return path


@pytest.mark.parametrize("kind", ["parquet", "csv", "jsonl"])
def test_a_shuffled_file_gives_the_same_histories(world, shuffled, tmp_path, kind):
    ok("import", world / "interactions.parquet", "--schema", "practicum", "--out", tmp_path / "a")
    log = write(shuffled, kind, tmp_path / f"shuffled.{kind}")
    out = ok("import", log, "--schema", "practicum", "--memory", "200kB", "--out",
             tmp_path / "b").out
    assert "column 'track_seq' orders rows of equal times" in out
    assert events(tmp_path / "a", world, tmp_path / "of-a") == events(tmp_path / "b", world,
                                                                       tmp_path / "of-b")


def test_days_may_come_one_after_the_other(world, shuffled, tmp_path):
    days = shuffled["started_at"].to_pylist()
    cut = sorted(days)[len(days) // 2]
    halves = {"early": [d < cut for d in days], "late": [d >= cut for d in days]}
    for name, chosen in halves.items():
        pyarrow.parquet.write_table(shuffled.filter(pyarrow.array(chosen)),
                                    tmp_path / f"{name}.parquet")
    line = ("--schema", "practicum", "--domain", "music")
    ok("import", tmp_path / "early.parquet", *line, "--out", tmp_path / "grown")
    ok("import", tmp_path / "late.parquet", *line, "--into", tmp_path / "grown")
    ok("import", tmp_path / "early.parquet", tmp_path / "late.parquet", *line, "--out",
       tmp_path / "whole")
    assert events(tmp_path / "grown", world, tmp_path / "a") == events(tmp_path / "whole", world,
                                                                       tmp_path / "b")


def test_days_stay_days(world, shuffled, tmp_path):
    """Cuts and gaps are those of a log without an order."""
    pyarrow.parquet.write_table(shuffled, tmp_path / "log.parquet")
    line = ("import", tmp_path / "log.parquet", "--schema", "practicum", "--out")
    ok(*line, tmp_path / "with")
    ok(*line, tmp_path / "without", "--order", "none")
    found = []
    for name in ("with", "without"):
        described = ok("describe", tmp_path / name, "--json").json()["domains"][0]
        sizes = []
        for rule in ("time:0.9", "time:7d", "time:2022-06-01"):
            cut = tmp_path / f"{name}-{rule.replace(':', '-')}"
            ok("split", tmp_path / name, "--by", rule, "--no-validation", "--out", cut)
            sizes.append(pyarrow.parquet.read_metadata(cut / "test.parquet").num_rows)
        histories = described["histories"]
        found.append((sizes, histories["gaps"], histories["gap_seconds"], described["time"]))
    assert found[0] == found[1]


def test_bad_places_are_counted_and_bad_columns_are_sentences(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("user_id,track_id,track_seq,started_at\n1,1,2,2022-01-01\n1,2,-1,2022-01-01\n"
                   "1,3,,2022-01-01\n1,4,1000000000,2022-01-01\n1,5,1,2022-01-01\n")
    line = ("--schema", "practicum", "--out", tmp_path / "store")
    dropped = ok("import", log, *line, "--json").json()["import"]["dropped"]
    assert {reason["reason"]: reason["rows"] for reason in dropped} == {
        "order is not from 0 to 999,999,999": 2, "missing order": 1}
    strict = run("import", log, "--schema", "practicum", "--strict", "--out", tmp_path / "strict")
    assert strict.code == 3 and "row 1" in strict.err
    log.write_text("user_id,track_id,track_seq,started_at\n1,1,2,2022-01-01 10:00:00.5\n")
    fine = run("import", log, "--schema", "practicum", "--out", tmp_path / "fine")
    assert fine.code == 3 and "--order none" in fine.err
    lacking = run("import", log, "--schema", "practicum", "--order", "place", "--out",
                  tmp_path / "lacking")
    assert lacking.code == 3 and "no column called 'place'" in lacking.err
    timeless = run("import", log, "--schema", "practicum", "--time", "none", "--order", "track_seq",
                   "--out", tmp_path / "timeless")
    assert timeless.code == 2 and "needs --time" in timeless.err
