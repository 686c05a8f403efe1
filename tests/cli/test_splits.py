"""Splits and protocols on the command line: what is written, what is recorded, and the way from a
held-out user's history to a judged list."""

import json

import pyarrow
import pyarrow.parquet

from commands import ok, run, write_log


def users_of(path):
    return set(pyarrow.parquet.read_table(path)["user_id"].to_pylist())


def test_new_users_are_served_from_what_is_given_of_them(thread, tmp_path):
    cut = tmp_path / "cut"
    answer = ok("split", thread.store, "--protocol", "strong-generalisation", "--filter",
                "unique:first", "--no-validation", "--out", cut, "--json").json()
    parts = answer["parts"]
    assert parts["test"]["users"] == parts["fold_in"]["users"] == 10
    assert parts["train"]["users"] == 90
    assert answer["filters"][0]["filter"] == "unique:first"
    ok("train", "als", "--data", cut / "train", "--out", tmp_path / "als", "--set", "factors=8",
       "--seed", "7")
    recommended = tmp_path / "als.parquet"
    ok("recommend", tmp_path / "als", "--data", cut / "fold_in", "--only-users-of",
       cut / "test.parquet", "--fold-in", "--k", "100", "--out", recommended)
    assert users_of(recommended) == users_of(cut / "test.parquet")
    # Without the flag the same: a split's fold_in is always answered from the histories.
    told = ok("recommend", tmp_path / "als", "--data", cut / "fold_in", "--only-users-of",
              cut / "test.parquet", "--k", "100", "--keep-seen", "--out", tmp_path / "seen.parquet")
    assert "asks for lists without items seen before" in told.err
    ok("recommend", tmp_path / "als", "--data", cut / "fold_in", "--only-users-of",
       cut / "test.parquet", "--k", "100", "--out", tmp_path / "again.parquet")
    assert (tmp_path / "again.parquet").read_bytes() == recommended.read_bytes()
    report = ok("evaluate", recommended, "--truth", cut / "test.parquet", "--train",
                cut / "train", "--json").json()
    # The protocol's lengths and metrics, without being asked for.
    assert set(report["metrics"]) == {f"{name}@{k}" for name in ("ndcg", "recall_capped")
                                      for k in (20, 50, 100)}
    assert report["protocol"] == "strong-generalisation"
    assert report["metrics"]["recall_capped@20"]["mean"] > 0.3  # 15 of 60 items are liked
    shown = ok("evaluate", recommended, "--truth", cut / "test.parquet", "--k", "20").out
    assert "made from the fold-in part" in shown and "recall_capped@20" in shown


def test_one_target_per_user_and_nothing_after_it(thread, tmp_path):
    ok("split", thread.store, "--protocol", "time-to-split", "--filter", "repeats", "--out",
       tmp_path / "cut")
    table = pyarrow.parquet.read_table(tmp_path / "cut" / "test.parquet")
    assert len(users_of(tmp_path / "cut" / "test.parquet")) == table.num_rows
    for part in ("train", "validation", "validation_fold_in", "fold_in"):
        ok("describe", tmp_path / "cut" / part)
    manifest = json.loads((tmp_path / "cut" / "manifest.json").read_text())
    assert manifest["kind"] == "split" and manifest["plan"]["settings"]["target"] == "last"
    assert manifest["parts"]["test"]["overlap"] == 0
    first = ok("split", thread.store, "--protocol", "time-to-split", "--filter", "repeats",
               "--target", "first", "--out", tmp_path / "first", "--json").json()
    assert first["plan"]["settings"]["target"] == "first" and first["rows_dropped"] > 0


def test_every_interaction_is_asked_for_in_turn(thread, tmp_path):
    cut = tmp_path / "cut"
    parts = ok("split", thread.store, "--by", "time:0.95", "--target", "successive",
               "--no-validation", "--out", cut, "--json").json()["parts"]
    assert parts["test"]["rows"] == parts["test"]["users"] == 200
    ok("train", "als", "--data", cut / "train", "--out", tmp_path / "als", "--set", "factors=8",
       "--seed", "7")
    ok("recommend", tmp_path / "als", "--data", cut / "fold_in", "--only-users-of",
       cut / "test.parquet", "--fold-in", "--keep-seen", "--out", tmp_path / "als.parquet")
    report = ok("evaluate", tmp_path / "als.parquet", "--truth", cut / "test.parquet", "--train",
                cut / "train", "--json").json()
    assert report["users"] == 200
    assert report["metrics"]["hit_rate@10"]["mean"] > 0.4  # 10 of 15 liked items; chance: 0.17


def test_the_same_cut_for_any_number_of_threads(thread, tmp_path):
    contents = []
    for threads in (1, 3):
        out = tmp_path / f"cut{threads}"
        ok("split", thread.store, "--by", "users:0.3,0.5", "--seed", "5", "--out", out,
           "--threads", threads)
        contents.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*")
                         if path.is_file()})
    assert contents[0] == contents[1]


def test_a_given_test_is_taken_as_it_is(thread, tmp_path):
    pairs = pyarrow.table({"user_id": [1000, 1001, 5], "item_id": [500, 7, 501]})
    pyarrow.parquet.write_table(pairs, tmp_path / "test.parquet")
    answer = ok("split", thread.store, "--protocol", "lightgcn", "--given",
                tmp_path / "test.parquet", "--out", tmp_path / "cut", "--json").json()
    assert answer["parts"]["test"]["rows"] == 3
    assert round(answer["parts"]["test"]["cold_users"], 3) == 0.333
    table = pyarrow.parquet.read_table(tmp_path / "cut" / "test.parquet")
    assert sorted(table["item_id"].to_pylist()) == [7, 500, 501]


def test_what_cannot_be_cut_is_said(thread, tmp_path):
    out = tmp_path / "cut"
    for line, code, words in (
        ((), 2, "--by time:0.9"),
        (("--protocol", "sasrec"), 2, "sasrec-loo"),
        (("--protocol", "lightgcn"), 2, "--given"),
        (("--by", "last:1", "--given", "x.parquet"), 2, "nothing to cut by"),
        (("--given", "x.parquet", "--filter", "repeats"), 2, "without --filter"),
        (("--given", tmp_path / "none.parquet"), 1, "none.parquet"),
        (("--by", "last:1", "--target", "middle"), 2, "last"),
        (("--by", "last:1", "--cold-users", "maybe"), 2, "drop"),
        (("--by", "time:0.9", "--sessions", "later"), 2, "no sessions"),
        (("--by", "last:1", "--filter", "kcor:5"), 2, "kcore"),
        (("--protocol", "liang", "--filter", "repeats"), 2, "there are 100 users"),
    ):
        refused = run("split", thread.store, *line, "--out", out)
        assert refused.code == code and words in refused.err, (line, refused.err)
        assert not out.exists()


def test_lists_only_for_the_users_of_a_file(thread, tmp_path):
    ids = tmp_path / "users.parquet"
    pyarrow.parquet.write_table(
        pyarrow.table({"user_id": [1003, 1001, 1003, 77], "item_id": [1, 2, 3, 4]}), ids)
    answer = ok("recommend", thread.model, "--data", thread.train, "--only-users-of", ids, "--out",
                tmp_path / "some.parquet")
    assert "2 of the 3 users" in answer.err
    assert users_of(tmp_path / "some.parquet") == {1001, 1003}
    pyarrow.parquet.write_table(pyarrow.table({"user_id": [1], "item_id": [1]}), ids)
    refused = run("recommend", thread.model, "--data", thread.train, "--only-users-of", ids,
                  "--out", tmp_path / "none.parquet")
    assert refused.code == 3 and "knows no user" in refused.err


def test_help_lists_rules_and_protocols():
    shown = ok("split", "--help").out
    for name in ("users:0.1,0.8", "session:1", "hide:0.106", "time-to-split", "kdd24"):
        assert name in shown


def test_second_domain_stays_apart(tmp_path):
    for seed, domain in ((1, "zvuk"), (2, "smm")):
        write_log(tmp_path / f"{domain}.parquet", rows=900, seed=seed)
        ok("import", tmp_path / f"{domain}.parquet", "--schema", "hackathon", "--domain", domain,
           "--out" if seed == 1 else "--into", tmp_path / "store")
    ok("split", tmp_path / "store", "--protocol", "hackathon", "--out", tmp_path / "cut")
    table = pyarrow.parquet.read_table(tmp_path / "cut" / "test.parquet")
    assert set(table["domain"].to_pylist()) == {"zvuk", "smm"}
