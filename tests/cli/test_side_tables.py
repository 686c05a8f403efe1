"""Logs in published schemas, and what is known of their items beside them."""

import json

import numpy
import pyarrow
import pyarrow.parquet

from commands import ok, run


def write(path, **columns):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def column(store, domain, name):
    """A column of the first segment of a domain, or of its only attachment."""
    return numpy.load(next(store.glob(f"*/*-{domain}/{name}")))


def days(*numbers):
    return pyarrow.array(numbers, pyarrow.date32())


def practicum(folder):
    """A music service: track 40 is in no log, genre 7 has no name, ids repeat across types."""
    plays = write(
        folder / "interactions.parquet",
        user_id=pyarrow.array([1, 1, 2, 2, 3], pyarrow.int32()),
        track_id=pyarrow.array([10, 20, 10, 30, 20], pyarrow.int32()),
        track_seq=pyarrow.array([1, 2, 1, 2, 1], pyarrow.int32()),
        started_at=days(19_000, 19_001, 19_000, 19_002, 19_003),
    )
    tracks = write(
        folder / "tracks.parquet",
        track_id=[10, 20, 40],
        albums=pyarrow.array([[1], [1, 2], [3]]),
        artists=pyarrow.array([[10, 11], None, [12]]),
        genres=pyarrow.array([[7, 8], [8, None], []], pyarrow.list_(pyarrow.int64())),
    )
    names = write(
        folder / "catalog_names.parquet",
        id=[10, 20, 10, 11, 8, 1],
        type=["track", "track", "artist", "artist", "genre", "album"],
        name=["Früh ☀", "夜", "Абба", "Björk 🎵", "rock", None],
    )
    return plays, tracks, names


def test_zeros_of_ids_in_csv_tell_items_apart(tmp_path):
    log, items = tmp_path / "log.csv", tmp_path / "items.csv"
    log.write_text("user,item,time\n1,007,1600000000\n1,7,1600000100\n2,a,1600000200\n")
    items.write_text("item_id,price\n007,1.5\n7,2.5\n08,9.5\n")
    ok("import", log, "--user", "user", "--item", "item", "--time", "time", "--domain", "shop",
       "--out", tmp_path / "store", "--items", items)
    prices = numpy.load(next((tmp_path / "store").glob("attachments/*/a0.npy")))
    assert list(prices[:2]) == [1.5, 2.5] and numpy.isnan(prices[2])


def test_practicum_with_tracks_and_names(tmp_path):
    plays, tracks, names = practicum(tmp_path)
    store = tmp_path / "store"
    outcome = ok("import", plays, "--schema", "practicum", "--domain", "music", "--out", store,
                 "--items", tracks, "--names", names)
    assert "1 of 2 ids of type 'genre' have no name" in outcome.out
    assert "1 missing values inside lists were left out" in outcome.out
    assert "item is not in the log" in outcome.out
    attributes = json.loads(next(store.glob("attachments/*/manifest.json")).read_text())
    named = {a["name"]: i for i, a in enumerate(attributes["metadata"]["attributes"])}
    assert set(named) == {"albums", "artists", "genres", "name"}
    assert column(store, "music", f"a{named['artists']}.starts.npy").tolist() == [0, 2, 2, 2]
    texts = column(store, "music", f"a{named['artists']}.names.bytes.npy").tobytes().decode()
    assert texts == "АббаBjörk 🎵"
    # The parts of a split bring them along.
    ok("split", store, "--by", "last:1", "--no-validation", "--out", tmp_path / "split")
    assert list((tmp_path / "split" / "train" / "attachments").iterdir())
    ok("describe", tmp_path / "split" / "train")


def test_a_new_store_is_not_there_without_its_side_tables(tmp_path):
    plays, tracks, names = practicum(tmp_path)
    store = tmp_path / "store"
    other = write(tmp_path / "other.parquet", track_id=[98, 99], year=[1, 2])
    nameless = write(tmp_path / "nameless.parquet", year=[1, 2])
    line = ("import", plays, "--schema", "practicum", "--domain", "music")
    for tables, words in (
        (("--items", other), "has no row of an item of the log"),
        (("--items", tracks, "--names", other), "no column called 'title'"),
        (("--items", nameless), "no column of items' ids"),
        (("--items", tmp_path / "none.parquet"), "none.parquet"),
    ):
        outcome = run(*line, "--out", store, *tables)
        assert outcome.code in (1, 3) and words in outcome.err, outcome.err
        assert not list(tmp_path.glob("store*")), tables
    # The same command with the right file makes all of it.
    answer = ok(*line, "--out", store, "--items", tracks, "--names", names, "--json").json()
    assert [table["rows_kept"] for table in answer["tables"]] == [2, 5]
    assert len(list((store / "attachments").iterdir())) == 1
    # Nothing is dropped of a table that fits, so no empty table has headings.
    fits = write(tmp_path / "fits.parquet", track_id=[10, 20], year=[1, 2])
    shown = ok("attach", store, "--items", fits)
    assert "side table" in shown.out and "not used because" not in shown.out
    # A store that is there keeps the rows that it was given, and that is said.
    ok(*line, "--out", tmp_path / "grown")
    later = write(tmp_path / "later.parquet", **{
        name: pyarrow.parquet.read_table(plays)[name] for name in ("user_id", "track_id",
                                                                   "started_at")},
        track_seq=pyarrow.array([7, 7, 7, 7, 7], pyarrow.int32()))
    outcome = run("import", later, "--schema", "practicum", "--domain", "music", "--into",
                  tmp_path / "grown", "--items", other)
    assert outcome.code == 3 and "grown now, and nothing is attached" in outcome.err
    assert len(list((tmp_path / "grown" / "segments").iterdir())) == 2
    assert ok("describe", tmp_path / "grown", "--json").json()["domains"]


def test_items_that_nobody_played_can_be_kept(tmp_path):
    plays, tracks, names = practicum(tmp_path)
    line = ("import", plays, "--schema", "practicum", "--domain", "music", "--items", tracks,
            "--names", names, "--keep-unknown")
    store = tmp_path / "store"
    answer = ok(*line, "--out", store, "--json").json()
    assert any("1 items that are not in the log" in note for note in answer["tables"][0]["notes"])
    ok("compact", store)
    items = ok("describe", store, "--json").json()["domains"][0]
    assert items["items"] == 3  # active ones
    numbers = numpy.load(next(store.glob("segments/*/items.numbers.npy")))
    assert numbers.tolist() == [10, 20, 30, 40]
    ok("train", "als", "--data", store, "--out", tmp_path / "als", "--set", "factors=2")
    ok("recommend", tmp_path / "als", "--data", store, "--out", tmp_path / "recs.parquet")
    refused = run("attach", store, "--names", names, "--keep-unknown")
    assert refused.code == 2 and "--items or --vectors" in refused.err


def test_attach_to_a_store_that_is_there(tmp_path):
    plays, _, _ = practicum(tmp_path)
    store = tmp_path / "store"
    ok("import", plays, "--schema", "practicum", "--domain", "music", "--out", store)
    vectors = write(
        tmp_path / "vectors.parquet",
        track_id=[10, 20, 30, 99],
        vector=pyarrow.array([[1.0, 2.0], [1.0], [float("nan"), 0.0], [0.0, 0.0]],
                             pyarrow.list_(pyarrow.float32())),
    )
    report = ok("attach", store, "--vectors", vectors, "--json").json()["tables"][0]
    assert (report["rows_read"], report["rows_kept"]) == (4, 1)
    assert {reason["reason"]: reason["rows"] for reason in report["dropped"]} == {
        "item is not in the log": 1,
        "vector of another length": 1,
        "vector holds a value that is not a number": 1,
    }
    assert column(store, "music", "vectors.npy").tolist() == [[1, 2], [0, 0], [0, 0]]
    for line, code in (
        (("attach", store), 2),
        (("attach", store, "--items", tmp_path / "none.parquet"), 1),
        (("attach", store, "--domain", "shop", "--vectors", vectors), 2),
        (("attach", store, "--names", vectors), 3),
    ):
        assert run(*line).code == code, line
    assert len(list((store / "attachments").iterdir())) == 1


def test_a_shop_with_weights_by_kind_and_the_last_prices(tmp_path):
    log = write(
        tmp_path / "megamarket.parquet",
        user_id=pyarrow.array([1, 1, 1, 2], pyarrow.int32()),
        datetime=pyarrow.array([1, 2, 3, 4], pyarrow.timestamp("s")),
        event=pyarrow.array([0, 1, 2, 0], pyarrow.int32()),
        item_id=pyarrow.array([5, 5, 5, 6], pyarrow.int32()),
        category_id=pyarrow.array([8, 8, 9, 7], pyarrow.int32()),
        price=pyarrow.array([10, 12, None, 3], pyarrow.float32()),
    )
    store = tmp_path / "store"
    ok("import", log, "--schema", "megamarket", "--domain", "shop", "--out", store, "--items", log,
       "--item-columns", "category_id,price")
    assert column(store, "shop", "weight.npy").tolist() == [1, 3, 5, 1]
    assert column(store, "shop", "a1.npy").tolist() == [12, 3]
    ok("import", log, "--schema", "megamarket", "--domain", "shop", "--out", tmp_path / "bought",
       "--weights", "purchase=2", "--only-kinds", "purchase")
    assert column(tmp_path / "bought", "shop", "weight.npy").tolist() == [2]
    refused = run("import", log, "--schema", "megamarket", "--out", tmp_path / "no", "--weights",
                  "click=1")
    assert refused.code == 3 and "kind 1 (cart) has no weight" in refused.err


def test_the_hackathons_two_logs_share_their_users(tmp_path):
    def log(name, users, items):
        return write(tmp_path / name, user_id=users, item_id=items,
                     timestamp=[1_690_000_000_000_000_000 + i for i in range(len(users))],
                     rating=[float(1 + i) for i in range(len(users))])

    smm = log("train_smm.parquet", [7, 8, 7], [1, 2, 3])
    zvuk = log("train_zvuk.parquet", [8, 9], [1, 1])
    store = tmp_path / "store"
    ok("import", smm, "--schema", "hackathon", "--domain", "smm", "--out", store)
    outcome = ok("import", zvuk, "--schema", "hackathon", "--domain", "zvuk", "--into", store,
                 "--json").json()
    assert outcome["users"] == 3 and outcome["items"] == 1
    assert column(store, "zvuk", "offsets.npy").tolist() == [0, 0, 1, 2]


def test_attributes_of_users_for_a_domain_that_is_not_there(tmp_path):
    plays, _, _ = practicum(tmp_path)
    store = tmp_path / "store"
    ok("import", plays, "--schema", "practicum", "--domain", "music", "--out", store)
    users = write(tmp_path / "users.parquet", user_id=[1, 2], age=[20, 30])
    refused = run("attach", store, "--domain", "film", "--users", users)
    assert refused.code == 2 and "film" in refused.err and "music" in refused.err
