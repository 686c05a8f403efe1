"""Learning from two domains: who only buys gets music, from the command line and in a service."""

import json
import subprocess
import urllib.request

import pyarrow
import pyarrow.parquet
import pytest

from commands import SERVE, ok, refused, run


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
    said = ok("recommend", tmp_path / "alone", "--data", store, "--out",
              tmp_path / "alone.parquet").out
    assert "The model has no answer for 60 users." in said
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
    refused(run(*line, "shop", "--with", "shop:0.5"), 2, "'shop' is named twice")


def test_sessions_that_a_helper_lacks_are_not_lost_silently(tmp_path):
    world(tmp_path)
    songs = pyarrow.parquet.read_table(tmp_path / "songs.parquet")
    songs = songs.append_column("sitting", pyarrow.array(range(songs.num_rows)))
    pyarrow.parquet.write_table(songs, tmp_path / "songs.parquet")
    where = ["--user", "user", "--item", "item", "--time", "time"]
    store = tmp_path / "second"
    ok("import", tmp_path / "things.parquet", *where, "--domain", "shop", "--out", store)
    ok("import", tmp_path / "songs.parquet", *where, "--session", "sitting", "--domain", "music",
       "--into", store)
    line = ["train", "knn", "--data", store, "--domain", "music", "--out"]
    told = "not all of the joined domains have sessions, so those of music do not count"
    assert told in ok(*line, tmp_path / "joined", "--with", "shop").err
    assert told not in ok(*line, tmp_path / "alone").err


@pytest.mark.parametrize("generator", ["knn", "als", "user_map"])
def test_a_purchase_changes_the_music_of_the_next_answer(tmp_path, generator):
    store = world(tmp_path)
    small = {"als": ["factors=4"], "user_map": ["factors=4", "source_factors=4"]}
    knobs = [word for knob in small.get(generator, []) for word in ("--set", knob)]
    ok("train", generator, "--data", store, "--domain", "music", "--with", "shop", *knobs, "--out",
       tmp_path / "model")
    ok("bundle", "create", "--data", store, "--domain", "music", "--model", tmp_path / "model",
       "--out", tmp_path / "bundle")
    service = subprocess.Popen([SERVE, tmp_path / "bundle", "--port", "0"],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        port = json.loads(service.stdout.readline())["port"]

        def post(path, body):
            request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/{path}",
                                             json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            return json.load(urllib.request.urlopen(request, timeout=10))

        for parity, user in ((0, 7000), (1, 7001)):
            asked = {"user": user, "domain": "music", "k": 5}
            before = post("recommend", asked)["items"]
            assert {song["source"] for song in before} == {"popular"}
            bought = [{"user": user, "domain": "shop", "item": item}
                      for item in range(parity, 12, 2)]
            post("events", {"events": bought})
            after = post("recommend", asked)["items"]
            assert len(after) == 5
            assert all(song["item"] % 2 == parity and song["source"] == generator
                       for song in after), after
    finally:
        service.terminate()
        service.wait(timeout=20)
        service.stdout.close()


def test_a_domain_without_shared_users_is_refused(tmp_path):
    for name, users in (("songs", (1, 2, 3)), ("things", (11, 12, 13))):
        table = pyarrow.table({"user": users, "item": (1, 2, 1), "time": (10**9, 10**9, 10**9)})
        pyarrow.parquet.write_table(table, tmp_path / f"{name}.parquet")
    where = ["--user", "user", "--item", "item", "--time", "time"]
    ok("import", tmp_path / "things.parquet", *where, "--domain", "shop", "--out",
       tmp_path / "store")
    ok("import", tmp_path / "songs.parquet", *where, "--domain", "music", "--into",
       tmp_path / "store")
    for generator in ("als", "user_map"):
        refused(run("train", generator, "--data", tmp_path / "store", "--domain", "music",
                    "--with", "shop", "--out", tmp_path / "model"),
                3, "no user of the domain music is known in shop", "same user ids")
    refused(run("split", tmp_path / "store", "--by", "cold:music,0.2", "--out", tmp_path / "cut"),
            3, "0 users of the domain music")
