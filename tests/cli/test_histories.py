"""Lists from saved models alone: histories come from files, and the store is gone."""

import hashlib
import json
import shutil

import pyarrow
import pyarrow.parquet
import pytest

from commands import ok, refused, run


def write(path, rows):
    """A log in the hackathon's schema; times by the order of the rows."""
    user, item = zip(*rows)
    times = [1_700_000_000 * 10**9 + at * 10**9 for at in range(len(rows))]
    pyarrow.parquet.write_table(pyarrow.table(
        {"user_id": pyarrow.array(user, pyarrow.int64()),
         "item_id": pyarrow.array(item, pyarrow.int64()),
         "timestamp": pyarrow.array(times, pyarrow.int64()),
         "rating": pyarrow.array([1.0] * len(rows), pyarrow.float64())}), path)
    return path


def rows_of_taste(users, first, count):
    """Even users like even items, odd ones odd."""
    return [(user, first + item) for user in users for item in range(user % 2, count, 2)
            if (user * 7 + item * 5) % 3]


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A personal and a popular model of each of two domains that help each other; no store."""
    folder = tmp_path_factory.mktemp("saved")
    songs = write(folder / "songs.parquet", rows_of_taste(range(40), 1000, 24))
    things = write(folder / "things.parquet", rows_of_taste(range(60), 5000, 30))
    store = folder / "store"
    ok("import", things, "--schema", "hackathon", "--domain", "smm", "--out", store)
    ok("import", songs, "--schema", "hackathon", "--domain", "zvuk", "--into", store)
    for domain, other in (("smm", "zvuk"), ("zvuk", "smm")):
        ok("train", "knn", "--data", store, "--domain", domain, "--with", other, "--out",
           folder / "models" / f"{domain}-knn")
        ok("train", "popular", "--data", store, "--domain", domain, "--out",
           folder / "models" / f"{domain}-popular")
    ok("train", "als", "--data", store, "--domain", "zvuk", "--out", folder / "als", "--set",
       "factors=4")
    shutil.rmtree(store)
    return folder / "models"


def reseal(folder, change):
    """Changes a model's manifest and gives it the checksum that belongs to it."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    manifest["checksum"] = "0" * 64
    text = json.dumps(manifest, indent=2)
    path.write_text(text.replace("0" * 64, hashlib.sha256(text.encode()).hexdigest(), 1))


def lists_of(path):
    return {row["user_id"]: row["item_id"] for row in pyarrow.parquet.read_table(path).to_pylist()}


def test_two_submissions_of_strangers(models, tmp_path):
    # Users 100 and 101 listen, 102 buys only, 103 has items that nobody knows.
    songs = write(tmp_path / "songs.parquet", [(100, 1000), (100, 1002), (101, 1001), (101, 1003),
                                               (103, 9999), (101, 9998)])
    things = write(tmp_path / "things.parquet", [(102, 5001), (102, 5003)])
    out = tmp_path / "out"
    told = ok("recommend", models, "--history", f"zvuk={songs}", "--history", f"smm={things}",
              "--schema", "hackathon", "--format", "submission", "--k", "10", "--out", out,
              "--json").json()["domains"]
    zvuk, smm = lists_of(out / "submission_zvuk.parquet"), lists_of(out / "submission_smm.parquet")
    assert set(zvuk) == {100, 101, 103} and set(smm) == {102}
    assert all(len(set(items)) == 10 for items in [*zvuk.values(), *smm.values()])
    assert all(item % 2 == 0 and item not in (1000, 1002) for item in zvuk[100])
    assert all(item % 2 == 1 for item in smm[102])
    by_domain = {served["domain"]: served for served in told}
    assert by_domain["zvuk"]["warm"] == 2 and by_domain["zvuk"]["cold"] == 1
    # The models of smm know neither of the two songs: both rows are counted there too.
    assert by_domain["zvuk"]["rows_of_unknown_items"] == 2
    assert by_domain["zvuk"]["unknown_items"] == 2
    # Whoever has no known event gets the popular list, which is not empty.
    ok("recommend", models / "zvuk-popular", "--history", songs, "--schema", "hackathon",
       "--format", "submission", "--out", tmp_path / "popular.parquet")
    assert lists_of(tmp_path / "popular.parquet")[103] == zvuk[103]


def test_buyers_are_given_music_and_newcomers_the_popular(models, tmp_path):
    things = write(tmp_path / "things.parquet", [(102, 5001), (102, 5003), (104, 5000)])
    users = tmp_path / "users.csv"
    users.write_text("user_id\n102\n104\n200\n")
    line = ["recommend", models / "zvuk-knn", models / "zvuk-popular", "--history",
            f"smm={things}", "--schema", "hackathon", "--only-users-of", users]
    out = tmp_path / "rows.parquet"
    told = ok(*line, "--k", "6", "--out", out, "--json").json()["domains"][0]
    rows = pyarrow.parquet.read_table(out).to_pylist()
    of = {user: [row for row in rows if row["user_id"] == user] for user in (102, 104, 200)}
    assert all(len(lists) == 6 for lists in of.values())
    assert all(row["item_id"] % 2 == 1 and row["source"] == "knn" for row in of[102])
    assert all(row["source"] == "popular" for row in of[200])
    assert (told["users"], told["without_history"]) == (3, 1)
    # With one event or less a user is cold.
    told = ok(*line, "--cold-events", "1", "--out", tmp_path / "cold.parquet", "--json").json()
    assert told["domains"][0]["cold"] == 2
    rows = pyarrow.parquet.read_table(tmp_path / "cold.parquet").to_pylist()
    assert {row["source"] for row in rows if row["user_id"] == 104} == {"popular"}
    assert {row["source"] for row in rows if row["user_id"] == 102} == {"knn"}


def test_nobody_gets_the_list_of_a_user_of_the_training(models, tmp_path):
    # The first user of the file has the number of a user whom the factors know.
    users = tmp_path / "users.csv"
    users.write_text("user_id\n300\n301\n")
    songs = write(tmp_path / "songs.parquet", [(300, 9999), (302, 1000)])
    out = tmp_path / "als.parquet"
    told = ok("recommend", models.parent / "als", "--history", songs, "--schema", "hackathon",
              "--only-users-of", users, "--format", "submission", "--out", out, "--json").json()
    assert lists_of(out) == {300: [], 301: []}
    assert told["domains"][0]["short_lists"] == 2


def test_csv_has_ids_between_spaces(models, tmp_path):
    songs = write(tmp_path / "songs.parquet", [(100, 1000), (100, 1002)])
    out = tmp_path / "out.csv"
    ok("recommend", models / "zvuk-knn", "--history", songs, "--schema", "hackathon", "--format",
       "csv", "--k", "3", "--out", out)
    head, line = out.read_text().splitlines()
    assert head == "user_id,item_id"
    user, items = line.split(",")
    assert user == "100" and len(items.split(" ")) == 3
    assert all(int(item) % 2 == 0 for item in items.split(" "))
    # And evaluate reads it.
    truth = tmp_path / "truth.csv"
    truth.write_text(f"user_id,item_id\n100,{items.split(' ')[1]}\n")
    told = ok("evaluate", out, "--truth", truth, "--metrics", "mrr", "--json").json()
    assert told["metrics"]["mrr@10"]["mean"] == 0.5


def test_the_same_lists_as_from_the_store(models, tmp_path):
    songs = write(tmp_path / "songs.parquet", rows_of_taste(range(40), 1000, 24))
    things = write(tmp_path / "things.parquet", rows_of_taste(range(60), 5000, 30))
    store = tmp_path / "store"
    ok("import", things, "--schema", "hackathon", "--domain", "smm", "--out", store)
    ok("import", songs, "--schema", "hackathon", "--domain", "zvuk", "--into", store)
    both = [models / "zvuk-knn", models / "zvuk-popular"]
    ok("recommend", *both, "--data", store, "--fold-in", "--format", "submission", "--out",
       tmp_path / "store.parquet")
    ok("recommend", *both, "--history", f"smm={things}", "--history", f"zvuk={songs}", "--schema",
       "hackathon", "--format", "submission", "--out", tmp_path / "files.parquet", "--threads", "1")
    stored = lists_of(tmp_path / "store.parquet")
    answered = lists_of(tmp_path / "files.parquet")
    assert len(answered) == 40 and all(stored[user] == items for user, items in answered.items())


def test_what_does_not_fit_is_said(models, tmp_path):
    songs = write(tmp_path / "songs.parquet", [(100, 1000)])
    foreign = write(tmp_path / "foreign.parquet", [(100, 77), (101, 78)])
    one = models / "zvuk-knn"
    history = ["--history", songs, "--schema", "hackathon"]
    out = ["--out", tmp_path / "out.parquet"]
    refused(run("recommend", one, "--history", foreign, "--schema", "hackathon", *out), 3, "zvuk",
            "none of the 2 items")
    refused(run("recommend", one, *out), 2, "--data STORE", "--history FILE")
    refused(run("recommend", one, *history, "--data", tmp_path, *out), 2, "--data STORE")
    refused(run("recommend", one, "--history", f"film={songs}", "--schema", "hackathon", *out), 2,
            "film", "zvuk")
    refused(run("recommend", models, *history, *out), 2, "DOMAIN=FILE")
    refused(run("recommend", one, *history, "--format", "xml", *out), 2, "xml", "submission")
    refused(run("recommend", one, *history, "--users", "100", *out), 2, "--only-users-of")
    refused(run("recommend", one, *history, "--cold-events", "-1", *out), 2, "cold_events")
    refused(run("recommend", one, *history, "--k", "0", *out), 2, "--k")
    refused(run("recommend", tmp_path, *history, *out), 2, "folder of models")
    # A model of another store, of another version, and two that are both personal.
    log = write(tmp_path / "log.parquet", rows_of_taste(range(30), 1001, 24))
    ok("import", log, "--schema", "hackathon", "--domain", "zvuk", "--out", tmp_path / "store")
    ok("train", "popular", "--data", tmp_path / "store", "--out", tmp_path / "popular")
    refused(run("recommend", one, tmp_path / "popular", *history, *out), 3, "popular",
            "other items", "zvuk")
    shutil.copytree(models / "zvuk-popular", tmp_path / "newer")
    reseal(tmp_path / "newer", lambda manifest: manifest.update(schema=99))
    refused(run("recommend", tmp_path / "newer", *history, *out), 3, "newer", "schema 99")
    both = tmp_path / "both"
    shutil.copytree(one, both / "a")
    shutil.copytree(one, both / "b")
    refused(run("recommend", both, *history, *out), 2, "two personal models", "zvuk")
    assert not (tmp_path / "out.parquet").exists()


def test_whoever_is_named_is_served_also_without_a_usable_row(models, tmp_path):
    rows = pyarrow.table({"user_id": [100, 100, 101, None], "item_id": [1000, 1002, None, 1000],
                          "timestamp": [10**18] * 4, "rating": [1.0] * 4})
    pyarrow.parquet.write_table(rows, tmp_path / "songs.parquet")
    told = ok("recommend", models / "zvuk-knn", models / "zvuk-popular", "--history",
              f"zvuk={tmp_path / 'songs.parquet'}", "--schema", "hackathon", "--out",
              tmp_path / "out.parquet", "--json").json()["domains"][0]
    assert told["users"] == 2 and told["without_history"] == 1
    lists = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    assert {row["user_id"] for row in lists} == {100, 101}
    assert {row["source"] for row in lists if row["user_id"] == 101} == {"popular"}
    one = write(tmp_path / "one.parquet", [(102, 999999)])
    told = ok("recommend", models / "zvuk-knn", models / "zvuk-popular", "--history",
              f"zvuk={one}", "--schema", "hackathon", "--out", tmp_path / "one-out.parquet",
              "--json").json()["domains"][0]
    assert told["users"] == 1 and told["unknown_items"] == 1
    lists = pyarrow.parquet.read_table(tmp_path / "one-out.parquet").to_pylist()
    assert {row["source"] for row in lists} == {"popular"}


def test_models_without_ids_ask_for_the_store(models, tmp_path):
    shutil.copytree(models / "zvuk-popular", tmp_path / "old")
    # As an earlier version wrote it.
    reseal(tmp_path / "old", lambda manifest: manifest["metadata"].pop("ids"))
    songs = write(tmp_path / "songs.parquet", [(100, 1000)])
    outcome = run("recommend", tmp_path / "old", "--history", songs, "--schema", "hackathon",
                  "--out", tmp_path / "out.parquet")
    refused(outcome, 3, "ids of its items", "train it again")
