"""The commands of the thread: what they print, what they write, what they refuse."""

import json

import numpy
import pyarrow.csv
import pyarrow.parquet

from commands import ok, run, write_log


def test_help_lists_commands_and_knobs():
    assert "import" in ok("--help").out
    assert "factors" in ok("train", "--help").out
    assert run().code == 0


def test_version_names_the_instruction_set():
    assert ok("version", "--json").json()["isa"]


def test_recommendations_have_external_ids_and_falling_scores(thread):
    table = pyarrow.parquet.read_table(thread.recommendations)
    assert table.column_names == ["user_id", "item_id", "score", "rank", "source"]
    users = table["user_id"].to_numpy()
    assert users.min() >= 1000 and users.max() < 1100
    scores, ranks = table["score"].to_numpy(), table["rank"].to_numpy()
    same_user = users[1:] == users[:-1]
    assert (scores[1:] <= scores[:-1])[same_user].all()
    assert (ranks[1:] == ranks[:-1] + 1)[same_user].all()


def test_recommendations_never_hold_what_was_seen(thread):
    log = pyarrow.parquet.read_table(thread.log)
    test = pyarrow.parquet.read_table(thread.test)
    pairs = {}
    for user, item in zip(log["user_id"].to_pylist(), log["item_id"].to_pylist()):
        pairs[(user, item)] = pairs.get((user, item), 0) + 1
    for user, item in zip(test["user_id"].to_pylist(), test["item_id"].to_pylist()):
        pairs[(user, item)] -= 1
    validation_rows = 100  # last:1 hides one event per user for validation as well
    recommended = pyarrow.parquet.read_table(thread.recommendations)
    seen = [pair for pair in zip(recommended["user_id"].to_pylist(),
                                 recommended["item_id"].to_pylist()) if pairs.get(pair, 0) > 0]
    assert len(seen) <= validation_rows


def test_evaluation_prints_the_promised_json(thread):
    report = ok("evaluate", thread.recommendations, "--truth", thread.test, "--train",
                thread.train, "--k", "5,10", "--json").json()
    assert report["users"] == 100
    ndcg = report["metrics"]["ndcg@10"]
    assert 0 < ndcg["low"] <= ndcg["mean"] <= ndcg["high"] <= 1
    assert "recall@5" in report["metrics"]


def test_als_finds_the_planted_structure_and_popular_does_not(thread, tmp_path):
    ok("train", "popular", "--data", thread.train, "--out", tmp_path / "popular")
    ok("recommend", tmp_path / "popular", "--data", thread.train, "--out",
       tmp_path / "popular.parquet")
    report = ok("evaluate", thread.recommendations, tmp_path / "popular.parquet", "--truth",
                thread.test, "--train", thread.train, "--k", "10", "--json").json()
    als, popular = (r["metrics"]["ndcg@10"]["mean"] for r in report["reports"])
    assert als > 1.3 * popular
    assert report["comparisons"]


def test_same_seed_same_bytes_for_any_number_of_threads(thread, tmp_path):
    files = []
    for threads in (1, 2, 4):
        model, recs = tmp_path / f"als{threads}", tmp_path / f"als{threads}.parquet"
        ok("train", "als", "--data", thread.train, "--out", model, "--set", "factors=8",
           "--seed", "7", "--threads", threads)
        ok("recommend", model, "--data", thread.train, "--k", "10", "--out", recs, "--threads",
           threads)
        files.append({path.relative_to(model): path.read_bytes()
                      for path in sorted(model.rglob("*")) if path.is_file()})
        files[-1]["recommendations"] = recs.read_bytes()
    assert files[0] == files[1] == files[2]


def test_second_domain_shares_users(thread, tmp_path):
    store = tmp_path / "store"
    ok("import", thread.log, "--schema", "hackathon", "--domain", "zvuk", "--out", store)
    write_log(tmp_path / "smm.parquet", rows=500, users=120, seed=2)
    ok("import", tmp_path / "smm.parquet", "--schema", "hackathon", "--domain", "smm", "--into",
       store)
    described = ok("describe", store, "--json").json()
    assert described["users"] == 120
    assert [domain["name"] for domain in described["domains"]] == ["zvuk", "smm"]
    again = run("import", tmp_path / "smm.parquet", "--schema", "hackathon", "--domain", "smm",
                "--into", store)
    assert again.code == 2 and "smm" in again.err


def test_columns_by_name_and_absent_ones(thread, tmp_path):
    ok("import", thread.log, "--user", "user_id", "--item", "item_id", "--time", "none",
       "--weight", "none", "--out", tmp_path / "store")
    refused = run("split", tmp_path / "store", "--by", "time:0.9", "--out", tmp_path / "split")
    assert refused.code == 2 and "time" in refused.err
    ok("split", tmp_path / "store", "--by", "ratio:0.8", "--seed", "3", "--out",
       tmp_path / "split")


def test_csv_is_read_like_parquet(tmp_path):
    write_log(tmp_path / "log.parquet", rows=300)
    table = pyarrow.parquet.read_table(tmp_path / "log.parquet")
    pyarrow.csv.write_csv(table, tmp_path / "log.csv")
    for kind in ("parquet", "csv"):
        ok("import", tmp_path / f"log.{kind}", "--schema", "hackathon", "--out", tmp_path / kind)
    first, second = (ok("describe", tmp_path / kind, "--json").json()
                     for kind in ("parquet", "csv"))
    assert first["fingerprint"] == second["fingerprint"]


def test_similar_and_explain(thread):
    similar = ok("similar", thread.model, "--data", thread.train, "--item", "504", "--k", "5",
                 "--json").json()["items"]
    assert len(similar) == 5
    assert sum((int(item["item"]) - 500) % 4 == 0 for item in similar) >= 4
    reasons = ok("explain", thread.model, "--data", thread.train, "--user", "1000", "--item",
                 "504", "--json").json()["items"]
    assert reasons and reasons[0]["contribution"] >= reasons[-1]["contribution"]


def test_store_opens_in_numpy(thread):
    columns = sorted(thread.store.rglob("*.npy"))
    assert columns
    for column in columns:
        numpy.load(column, mmap_mode="r")


def test_world_files_and_oracle(tmp_path):
    world = tmp_path / "world"
    ok("synth", "two-domain", "--out", world, "--seed", "3", "--set", "users=300", "--set",
       "items=200", "--set", "events=20000")
    ok("import", world / "zvuk-interactions.parquet", "--schema", "zvuk", "--domain", "zvuk",
       "--out", tmp_path / "store")
    ok("split", tmp_path / "store", "--by", "time:0.8", "--no-validation", "--out",
       tmp_path / "split")
    ok("oracle", world, "--data", tmp_path / "split" / "train", "--domain", "zvuk", "--k", "10",
       "--out", tmp_path / "oracle.parquet")
    report = ok("evaluate", tmp_path / "oracle.parquet", "--truth",
                tmp_path / "split" / "test.parquet", "--train", tmp_path / "split" / "train",
                "--k", "10", "--json").json()
    assert report["metrics"]["ndcg@10"]["mean"] > 0


def test_worlds_are_written_as_published(tmp_path):
    films = tmp_path / "films"
    files = ok("synth", "movies", "--out", films, "--users", "50", "--events", "3000", "--set",
               "items=400", "--json").json()["files"]
    rows = {file["file"]: file["rows"] for file in files}
    lines = (films / "events.csv").read_text().splitlines()
    assert lines[0] == "user_id,item_id,rating,timestamp"
    assert len(lines) == rows["events.csv"] + 1
    assert rows["events.csv"] + rows["truth/hidden.parquet"] == rows["ratings.parquet"]
    music = tmp_path / "music"
    ok("synth", "practicum", "--out", music, "--users", "50", "--events", "3000", "--no-truth")
    assert {path.name for path in music.iterdir()} == {
        "manifest.json", "interactions.parquet", "tracks.parquet", "catalog_names.parquet"}
    wrong = run("synth", "movies", "--scale", "huge", "--out", tmp_path / "none")
    assert wrong.code == 2 and "full" in wrong.err


def test_bundle_is_inspected_and_verified(thread):
    facts = ok("bundle", "inspect", thread.bundle, "--json").json()
    assert json.dumps(facts)
    ok("bundle", "verify", thread.bundle)
