"""The commands of the thread: what they print, what they write, what they refuse."""

import collections
import json
import subprocess

import numpy
import pyarrow.csv
import pyarrow.parquet
import pytest

from commands import CROSSFADE, ok, run, write_log


def test_help_lists_commands_and_knobs():
    assert "import" in ok("--help").out
    assert "factors" in ok("train", "--help").out
    assert "1 / place of the first hit" in ok("evaluate", "--help").out
    assert "crossfade bundle create" in ok("bundle", "create", "--help").out
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


def pairs_of(path):
    table = pyarrow.parquet.read_table(path)
    return list(zip(table["user_id"].to_pylist(), table["item_id"].to_pylist()))


class Cut:
    """A log cut in two, so that what train holds is the log without the test's rows."""

    def __init__(self, thread, folder):
        ok("split", thread.store, "--by", "last:1", "--no-validation", "--out", folder / "cut")
        self.train, self.test = folder / "cut" / "train", folder / "cut" / "test.parquet"
        self.model, self.lists = folder / "als", folder / "als.parquet"
        ok("train", "als", "--data", self.train, "--out", self.model, "--set", "factors=8")
        ok("recommend", self.model, "--data", self.train, "--out", self.lists)
        seen = collections.Counter(pairs_of(thread.log))
        seen.subtract(pairs_of(self.test))
        self.seen = {pair for pair, count in seen.items() if count > 0}


@pytest.fixture(scope="module")
def cut(thread, tmp_path_factory):
    return Cut(thread, tmp_path_factory.mktemp("cut"))


def test_recommendations_never_hold_what_was_seen(cut):
    recommended = pairs_of(cut.lists)
    assert len(cut.seen) > 1000 and len(recommended) == 1000
    assert [pair for pair in recommended if pair in cut.seen] == []


def test_recommend_does_what_its_options_say(cut, tmp_path):
    def recommend(name, *options):
        ok("recommend", cut.model, "--data", cut.train, "--out",
           tmp_path / f"{name}.parquet", *options)
        return pyarrow.parquet.read_table(tmp_path / f"{name}.parquet")

    assert recommend("three", "--k", "3").num_rows == 300
    recommend("seen", "--keep-seen")
    kept = pairs_of(tmp_path / "seen.parquet")
    assert len([pair for pair in kept if pair in cut.seen]) > 100
    # A folded-in answer is near the stored one and not the same.
    folded, stored = recommend("folded", "--fold-in"), recommend("stored")
    assert folded["score"].to_pylist() != stored["score"].to_pylist()
    both = set(pairs_of(tmp_path / "folded.parquet")) & set(pairs_of(tmp_path / "stored.parquet"))
    assert len(both) > 700
    twice = recommend("twice", "--users", "1001,1000,1001")
    assert twice["user_id"].to_pylist() == [1001] * 10 + [1000] * 10


def test_a_seed_is_of_the_start_of_training(thread, tmp_path):
    for name, seed in (("first", 7), ("again", 7), ("other", 8)):
        ok("train", "als", "--data", thread.train, "--out", tmp_path / name, "--set", "factors=8",
           "--seed", seed)
    first, again, other = ((tmp_path / name / "item_factors.npy").read_bytes()
                           for name in ("first", "again", "other"))
    assert first == again != other


def test_lists_in_a_row_per_user_are_judged_as_rows_are(thread, tmp_path):
    made = tmp_path / "lists.parquet"
    answer = ok("recommend", thread.model, "--data", thread.train, "--lists", "--out", made,
                "--json").json()
    table = pyarrow.parquet.read_table(made)
    assert table.column_names == ["user_id", "item_id"] and answer["rows"] == table.num_rows
    rows = tmp_path / "rows.parquet"
    ok("recommend", thread.model, "--data", thread.train, "--out", rows)
    expected = {}
    for user, item in zip(*(pyarrow.parquet.read_table(rows)[name].to_pylist()
                            for name in ("user_id", "item_id"))):
        expected.setdefault(user, []).append(item)
    assert dict(zip(table["user_id"].to_pylist(), table["item_id"].to_pylist())) == expected
    judged = [ok("evaluate", file, "--truth", thread.test, "--train", thread.train, "--json").json()
              for file in (made, rows)]
    assert judged[0]["metrics"] == judged[1]["metrics"]
    twice = tmp_path / "twice.parquet"
    pyarrow.parquet.write_table(pyarrow.concat_tables([table, table.slice(0, 1)]), twice)
    outcome = run("evaluate", twice, "--truth", thread.test)
    assert outcome.code == 3 and "twice.parquet: user" in outcome.err and "two lists" in outcome.err


def test_evaluate_does_what_its_options_say(cut):
    def evaluate(*options):
        return ok("evaluate", cut.lists, "--truth", cut.test, "--train",
                  cut.train, "--k", "10", "--json", *options).json()

    first, again, other = (evaluate("--seed", seed)["metrics"]["ndcg@10"] for seed in (1, 1, 2))
    assert first == again
    assert first["mean"] == other["mean"] and first["low"] != other["low"]
    # A user whose hidden items are all in train already has nothing new, and is not counted.
    new = {user for user, item in pairs_of(cut.test) if (user, item) not in cut.seen}
    assert 0 < len(new) < 100
    assert evaluate("--new-only")["users"] == len(new)


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


def test_similar_writes_a_catalogue(thread, tmp_path):
    tracks = [504, 505, 508, 1]  # the last is in no log
    (tmp_path / "tracks.json").write_text("".join(
        json.dumps({"track": track, "artist": "A", "title": "T"}) + "\n" for track in tracks))
    written = ok("similar", thread.model, "--data", thread.train, "--catalog",
                 tmp_path / "tracks.json", "--k", "1000", "--out", tmp_path / "with.json", "--json")
    assert written.json() == {"catalog": str(tmp_path / "with.json"), "tracks": 4,
                              "with_recommendations": 3}
    lines = [json.loads(line) for line in (tmp_path / "with.json").read_text().splitlines()]
    assert [line["track"] for line in lines] == [1, 504, 505, 508]
    assert lines[0]["recommendations"] == []
    assert sorted(lines[1]["recommendations"]) == [505, 508]
    similar = ok("similar", thread.model, "--data", thread.train, "--item", "504", "--k", "1000",
                 "--json").json()["items"]
    kept = [int(item["item"]) for item in similar if int(item["item"]) in tracks]
    assert lines[1]["recommendations"] == kept


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


def test_a_reader_that_has_seen_enough_is_no_error():
    process = subprocess.Popen([CROSSFADE, "train", "--help"], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    process.stdout.close()  # before anything is printed
    assert process.stderr.read() == b""
    assert process.wait() == 0
