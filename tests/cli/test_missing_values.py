"""What becomes of rows without a kind or session, and of ids with zeros in front."""

import pyarrow
import pyarrow.parquet

from commands import ok

COLUMNS = ("--user", "u", "--item", "i", "--time", "t")


def write(path, **columns):
    rows = len(next(iter(columns.values())))
    minutes = columns.pop("minutes", range(rows))
    table = pyarrow.table({"u": [1] * rows, "i": list(range(rows)),
                           "t": pyarrow.array([60 * m for m in minutes], pyarrow.timestamp("s")),
                           **columns})
    pyarrow.parquet.write_table(table, path)


def test_a_missing_kind_is_no_purchase(tmp_path):
    log = tmp_path / "log.parquet"
    write(log, kind=["view", None, "buy", "view"])
    for name, options in {"plain": (), "weighed": ("--weights", "buy=5,view=1"),
                          "chosen": ("--only-kinds", "buy")}.items():
        ok("import", log, *COLUMNS, "--kind", "kind", *options, "--domain", "d",
           "--out", tmp_path / name)
        described = ok("describe", tmp_path / name, "--json").json()
        [reason] = described["imports"][0]["dropped"]
        assert (reason["reason"], reason["rows"]) == ("missing kind", 1)
        kinds = described["domains"][0]["values"]["kinds"]
        assert kinds == ({"0": 1} if name == "chosen" else {"0": 1, "1": 2})


def test_rows_without_a_session_are_not_one_session(tmp_path):
    log, store = tmp_path / "log.parquet", tmp_path / "store"
    write(log, minutes=[0, 10, 20, 100, 200, 210], session=["a", "a", None, None, None, None])
    out = ok("import", log, *COLUMNS, "--session", "session", "--domain", "d", "--out", store).out
    assert "4 rows have no session" in out
    histories = ok("describe", store, "--json").json()["domains"][0]["histories"]
    assert histories["sessions_are_given"] and histories["sessions_per_user"]["max"] == 4
    ok("split", store, "--by", "session:1", "--no-validation", "--out", tmp_path / "cut")
    test = pyarrow.parquet.read_table(tmp_path / "cut" / "test.parquet")
    assert test["item_id"].to_pylist() == [4, 5]


def test_ids_keep_their_zeros(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("u,i,t\n007,1,2023-01-01\n7,2,2023-01-02\n")
    for name, options in (("auto", ()), ("text", ("--ids", "text"))):
        ok("import", log, *COLUMNS, *options, "--domain", "d", "--out", tmp_path / name)
        assert ok("describe", tmp_path / name, "--json").json()["users"] == 2
        top = ok("describe", tmp_path / name, "--json").json()["domains"][0]["popularity"]["top"]
        assert sorted(item["item"] for item in top) == ["1", "2"]
