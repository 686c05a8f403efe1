"""Lists of several files, and several models, become one."""

import json

import pyarrow
import pyarrow.parquet

from commands import ok, refused, run


def write_lists(path, lists, scores=None):
    """A file with the items of each user, best first."""
    rows = [(user, item, rank) for user, items in lists.items()
            for rank, item in enumerate(items, 1)]
    user, item, rank = zip(*rows)
    columns = {"user_id": user, "item_id": item, "rank": pyarrow.array(rank, pyarrow.int32())}
    if scores:
        columns["score"] = [scores[u][r - 1] for u, _, r in rows]
    pyarrow.parquet.write_table(pyarrow.table(columns), path)
    return path


def read_lists(path):
    lists, sources = {}, {}
    for row in pyarrow.parquet.read_table(path).to_pylist():
        lists.setdefault(row["user_id"], []).append(row["item_id"])
        sources.setdefault(row["user_id"], []).append(row["source"])
    return lists, sources


def test_lists_of_files_are_merged(tmp_path):
    first = write_lists(tmp_path / "first.parquet", {1: [10, 11, 12], 2: [20]})
    second = write_lists(tmp_path / "second.parquet", {3: [30], 1: [12, 13, 10]})
    out = tmp_path / "turns.parquet"
    told = ok("blend", first, second, "--by", "interleave", "--k", "4", "--out", out,
              "--json").json()
    lists, sources = read_lists(out)
    assert lists == {1: [10, 12, 11, 13], 2: [20], 3: [30]}
    assert sources[1] == ["first", "second", "first", "second"]
    assert told["users"] == 3 and [file["items"] for file in told["lists"]] == [3, 3]

    # 10: 1/1 + 1/3; 11: 1/2; 12: 1/3 + 1; 13: 1/2, with a constant of 0; equal ones by first seen.
    out = tmp_path / "ranks.parquet"
    ok("blend", first, second, "--rank-constant", "0", "--out", out)
    assert read_lists(out)[0][1] == [10, 12, 11, 13]
    out = tmp_path / "weighted.parquet"
    ok("blend", first, second, "--weight", "1", "--weight", "3", "--rank-constant", "0", "--out",
       out)
    assert read_lists(out)[0][1] == [12, 10, 13, 11]
    # The same command, the same bytes.
    again = tmp_path / "again.parquet"
    ok("blend", first, second, "--weight", "1", "--weight", "3", "--rank-constant", "0", "--out",
       again, "--threads", "1")
    assert again.read_bytes() == out.read_bytes()


def test_scores_quotas_and_fallbacks(tmp_path):
    first = write_lists(tmp_path / "first.parquet", {1: [10, 11, 12]}, {1: [9.0, 8.0, 1.0]})
    second = write_lists(tmp_path / "second.parquet", {1: [12, 13, 14]}, {1: [3.0, 2.0, 1.0]})
    popular = write_lists(tmp_path / "popular.parquet", {1: [10, 90], 2: [90, 91]})
    out = tmp_path / "scores.parquet"
    # 10: 1; 11: 7/8; 12: 0 + 1; 13: 1/2; 14: 0.
    ok("blend", first, second, "--by", "scores", "--k", "4", "--out", out)
    assert read_lists(out)[0] == {1: [10, 12, 11, 13]}
    out = tmp_path / "quota.parquet"
    ok("blend", first, second, "--by", "quota", "--weight", "1", "--weight", "3", "--k", "4",
       "--fallback", popular, "--out", out)
    lists, sources = read_lists(out)
    assert lists == {1: [10, 12, 13, 14], 2: [90, 91]}
    assert sources[2] == ["popular", "popular"]
    out = tmp_path / "short.parquet"
    ok("blend", first, "--fallback", popular, "--k", "4", "--lists", "--out", out)
    assert pyarrow.parquet.read_table(out).to_pylist() == [
        {"user_id": 1, "item_id": [10, 11, 12, 90]}, {"user_id": 2, "item_id": [90, 91]}]


def test_what_cannot_be_blended_is_said(tmp_path, thread):
    lists = write_lists(tmp_path / "lists.parquet", {1: [10]})
    out = ["--out", tmp_path / "out.parquet"]
    refused(run("blend", lists, "--by", "vote", *out), 2, "vote", "reciprocal_rank")
    refused(run("blend", lists, "--weight", "1", "--weight", "2", *out), 2, "2 times", "1 lists")
    refused(run("blend", lists, "--weight", "much", *out), 2, "much")
    refused(run("blend", lists, "--weight", "0", *out), 2, "weigh 0")
    refused(run("blend", lists, "--k", "0", *out), 2, "--k")
    texts = tmp_path / "texts.csv"
    texts.write_text("user_id,item_id\na,b\n")
    refused(run("blend", lists, texts, *out), 3, "texts.csv", "user_id")
    refused(run("combine", thread.model, "--by", "vote", "--out", tmp_path / "m"), 2, "vote")
    refused(run("combine", thread.train, "--out", tmp_path / "m"), 3, "train")


def test_models_become_one_that_is_served_like_any(tmp_path, thread):
    ok("train", "popular", "--data", thread.train, "--out", tmp_path / "popular")
    ok("train", "knn", "--data", thread.train, "--out", tmp_path / "knn")
    combined = tmp_path / "combined"
    ok("combine", thread.model, tmp_path / "knn", "--weight", "1", "--weight", "2", "--fallback",
       tmp_path / "popular", "--cold-events", "3", "--out", combined)
    ok("recommend", combined, "--data", thread.train, "--k", "8", "--out",
       tmp_path / "recs.parquet")
    lists, sources = read_lists(tmp_path / "recs.parquet")
    assert len(lists) == 100 and all(len(set(items)) == 8 for items in lists.values())
    assert {source for of in sources.values() for source in of} <= {"als", "knn", "popular"}
    ok("bundle", "create", "--data", thread.train, "--model", combined, "--out", tmp_path / "b")
    ok("bundle", "verify", tmp_path / "b")
    manifest = json.loads((combined / "manifest.json").read_text())["metadata"]
    assert [part["model"] for part in manifest["parts"]] == ["als", "knn", "popular"]
    # Another store's items are not these.
    table = pyarrow.parquet.read_table(thread.log)
    pyarrow.parquet.write_table(table.slice(1000), tmp_path / "part.parquet")
    ok("import", tmp_path / "part.parquet", "--schema", "hackathon", "--domain", "zvuk", "--out",
       tmp_path / "other")
    ok("train", "knn", "--data", tmp_path / "other", "--out", tmp_path / "foreign")
    refused(run("combine", thread.model, tmp_path / "foreign", "--out", tmp_path / "m"), 3,
            "foreign", "other items", "one store")


def test_a_recipe_blends(tmp_path, thread):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(f"""
name = "blend"
[train.popular]
data = "{thread.train}"
[train.knn]
data = "{thread.train}"
[combine.both]
models = ["knn"]
fallback = "popular"
[recommend.knn-lists]
model = "knn"
data = "{thread.train}"
[recommend.popular-lists]
model = "popular"
data = "{thread.train}"
[blend.lists]
recs = ["knn-lists", "popular-lists"]
by = "interleave"
weight = [2, 1]
k = 6
[evaluate.quality]
recs = ["lists", "knn-lists"]
truth = "{thread.test}"
metrics = "ndcg"
""")
    ok("run", recipe, "--out", tmp_path / "run")
    lists, _ = read_lists(tmp_path / "run" / "lists.parquet")
    assert len(lists) == 100 and all(len(items) == 6 for items in lists.values())
    assert (tmp_path / "run" / "both" / "parts" / "1" / "manifest.json").exists()
