"""describe: of stores and of logs as they come, against a later part, as a page."""

import json
import re

import numpy
import pyarrow
import pyarrow.parquet

from commands import ok, run, write_log


def test_a_log_is_described_like_the_store_made_of_it(thread, tmp_path):
    of_store = ok("describe", thread.store, "--json").json()
    of_log = ok("describe", thread.log, "--schema", "hackathon", "--json").json()
    store, log = of_store["domains"][0], of_log["domains"][0]
    assert (store.pop("name"), log.pop("name")) == ("zvuk", "items")
    assert store == log
    assert of_store["users"] == of_log["users"] == 100
    assert "fingerprint" in of_store and "fingerprint" not in of_log


def test_numbers_of_a_planted_log(tmp_path):
    day = 86_400 * 10**9
    start = 19_358 * day  # 2023-01-01
    rows = [(1, 5, 0), (1, 5, 60), (1, 6, 7200), (2, 5, 86_400), (2, 5, 86_400)]
    users, items, seconds = map(numpy.array, zip(*rows))
    table = pyarrow.table({"user_id": users, "item_id": items,
                           "time": pyarrow.array(start + seconds * 10**9,
                                                 pyarrow.timestamp("ns")),
                           "weight": pyarrow.array(numpy.array([1, 0, 1, 1, 1.0]))})
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")
    domain = ok("describe", tmp_path / "log.parquet", "--json").json()["domains"][0]
    assert [month["events"] for month in domain["time"]["months"]] == [5]
    assert [part["new_users"] for part in domain["time"]["days"]] == [1, 1]
    assert domain["time"]["by_hour"][:3] == [4, 0, 1]
    assert domain["histories"]["duplicates"] == 1
    assert domain["histories"]["events_per_session"]["size"] == 3
    assert domain["popularity"]["repeats"] == 2
    assert domain["popularity"]["top"][0] == {"item": "5", "events": 4, "users": 2}
    assert domain["values"]["zero_weights"] == 1
    hours = ok("describe", tmp_path / "log.parquet", "--session-gap", "3h", "--json").json()
    assert hours["domains"][0]["histories"]["events_per_session"]["size"] == 2


def test_a_log_is_weighed_as_import_weighs_it(tmp_path):
    table = pyarrow.table({"user_id": [1, 1, 2, 2], "track_id": [5, 6, 5, 6],
                           "datetime": pyarrow.array([1, 2, 3, 4], pyarrow.timestamp("s")),
                           "what": [0, 1, 1, 2], "play_duration": [10.0, 40.0, 90.0, 300.0]})
    log = tmp_path / "log.parquet"
    pyarrow.parquet.write_table(table, log)
    columns = ("--user", "user_id", "--item", "track_id", "--time", "datetime")
    for options in (
        ("--play-length", "play_duration", "--skip-under", "60s", "--full-play", "2min"),
        ("--kind", "what", "--weights", "0=1,1=3,2=5", "--only-kinds", "1,2"),
    ):
        store = tmp_path / f"store{len(options)}{options[0]}"
        ok("import", log, *columns, *options, "--out", store, "--domain", "items")
        of_log = ok("describe", log, *columns, *options, "--json").json()["domains"]
        assert of_log == ok("describe", store, "--json").json()["domains"], options
    assert of_log[0]["values"]["weights"] == [[3, 2], [5, 1]]
    refused = run("describe", log, "--only-kinds", "1")
    assert refused.code == 2 and "--user" in refused.err


def test_prices_of_items_are_explored(tmp_path):
    table = pyarrow.table({"user_id": [1, 1, 2], "item_id": [5, 6, 7], "timestamp": [10, 20, 30],
                           "rating": [1.0, 1.0, 1.0]})
    pyarrow.parquet.write_table(table, tmp_path / "log.parquet")
    (tmp_path / "items.csv").write_text("item_id,price\n5,10.5\n6,20\n")
    ok("import", tmp_path / "log.parquet", "--schema", "hackathon", "--time-unit", "s", "--out",
       tmp_path / "store", "--items", tmp_path / "items.csv")
    numbers = ok("describe", tmp_path / "store", "--json").json()["domains"][0]["numbers"]
    assert numbers == [{"attribute": "price", "items": 2, "missing": 1, "mean": 15.25, "min": 10.5,
                        "q25": 10.5, "median": 10.5, "q75": 20.0, "max": 20.0}]
    assert "price" in ok("describe", tmp_path / "store").out


def test_drift_against_the_test_part(thread, tmp_path):
    page = tmp_path / "page.html"
    drift = ok("describe", thread.train, "--against", thread.test, "--html", page,
               "--json").json()["drift"]
    assert drift["users_after"] == 100 and drift["new_users"] == 0
    assert [shift["what"] for shift in drift["shifts"]][0] == "popularity of items"
    assert drift["shifts"][0]["psi"] < 0.5
    text = page.read_text()
    assert "Drift, against" in text and not re.search(r"https?://", text)


def test_drift_of_one_of_several_domains(thread, tmp_path):
    store = tmp_path / "store"
    ok("import", thread.log, "--schema", "hackathon", "--domain", "zvuk", "--out", store)
    write_log(tmp_path / "smm.parquet", rows=500, seed=2)
    ok("import", tmp_path / "smm.parquet", "--schema", "hackathon", "--domain", "smm", "--into",
       store)
    ok("split", store, "--by", "last:1", "--out", tmp_path / "cut")
    test = tmp_path / "cut" / "test.parquet"
    sizes = [ok("describe", tmp_path / "cut" / "train", "--against", test, "--domain", domain,
                "--json").json()["drift"]["events_after"] for domain in ("zvuk", "smm")]
    assert sizes[0] == 100 and 90 <= sizes[1] <= 100
    outcome = run("describe", tmp_path / "cut" / "train", "--against", test)
    assert outcome.code == 2 and "smm" in outcome.err


def test_same_bytes_for_any_number_of_threads(thread, tmp_path):
    pages = []
    for threads in (1, 4):
        page = tmp_path / f"{threads}.html"
        ok("describe", thread.store, "--html", page, "--threads", threads)
        pages.append(page.read_bytes())
    assert pages[0] == pages[1]


def test_wrong_words_are_refused(thread, tmp_path):
    for arguments, code, word in [
        ((tmp_path / "none",), 1, "none"),
        ((thread.log, "--schema", "zvok"), 2, "did you mean 'zvuk'"),
        ((thread.log,), 3, "time"),  # none of our own files: the columns have to be said
        ((thread.store, "--session-gap", "soon"), 2, "--session-gap is a length of time"),
        ((thread.store, "--html", tmp_path / "page.pdf"), 2, ".html"),
        ((thread.store, "--top", "-1"), 2, "--top"),
        ((thread.store, "--against", thread.model), 3, "store"),
    ]:
        outcome = run("describe", *arguments)
        assert outcome.code == code and word in outcome.err, outcome.err
    assert json.loads(ok("describe", thread.store, "--json").out)
