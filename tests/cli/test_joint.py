"""Learning from two domains: who only buys gets music, from the command line and in a service."""

import json

import pyarrow
import pyarrow.parquet

from commands import ok, refused, run


def world(folder):
    """Even users like even things and songs, odd ones odd; users from 40 on only buy."""
    songs, things = [], []
    for user in range(60):
        for item in range(user % 2, 24, 2):
            if (user * 7 + item * 5) % 3:
                things.append((user, item))
            if user < 40 and (user * 5 + item * 3) % 4:
                songs.append((user, 1000 + item))
    for name, rows in (("songs", songs), ("things", things)):
        columns = list(zip(*rows))
        times = [1_600_000_000 + at for at in range(len(rows))]
        table = pyarrow.table({"user": columns[0], "item": columns[1], "time": times})
        pyarrow.parquet.write_table(table, folder / f"{name}.parquet")
    where = ["--user", "user", "--item", "item", "--time", "time"]
    ok("import", folder / "things.parquet", *where, "--domain", "shop", "--out", folder / "store")
    ok("import", folder / "songs.parquet", *where, "--domain", "music", "--into", folder / "store")
    return folder / "store"


def test_buyers_get_music_of_their_taste(tmp_path):
    store = world(tmp_path)
    ok("train", "knn", "--data", store, "--domain", "music", "--with", "shop", "--out",
       tmp_path / "model")
    ok("recommend", tmp_path / "model", "--data", store, "--k", "5", "--out",
       tmp_path / "recs.parquet")
    recs = pyarrow.parquet.read_table(tmp_path / "recs.parquet").to_pylist()
    buyers = [row for row in recs if row["user_id"] >= 40]
    assert len({row["user_id"] for row in buyers}) == 20
    assert all(row["item_id"] % 2 == row["user_id"] % 2 and row["item_id"] >= 1000
               for row in buyers)
    ok("train", "knn", "--data", store, "--domain", "music", "--out", tmp_path / "alone")
    ok("recommend", tmp_path / "alone", "--data", store, "--out", tmp_path / "alone.parquet")
    alone = pyarrow.parquet.read_table(tmp_path / "alone.parquet").to_pylist()
    assert not [row for row in alone if row["user_id"] >= 40]
    provenance = json.loads((tmp_path / "model" / "manifest.json").read_text())["metadata"]
    assert provenance["provenance"]["with"] == ["shop"]


def test_bad_helpers_are_named(tmp_path):
    store = world(tmp_path)
    line = ["train", "knn", "--data", store, "--domain", "music", "--out", tmp_path / "m", "--with"]
    refused(run(*line, "shp"), 2, "shp", "shop")
    refused(run(*line, "shop:much"), 2, "shop:much", "NAME:SHARE")
    refused(run(*line, "shop:-1"), 2, "share from 0 on")
    refused(run(*line, "music"), 2, "name another")
