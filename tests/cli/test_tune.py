"""crossfade tune: better settings by validation data alone; kills, threads and place change
nothing; train, recipes and reports take what it found."""

import json
import shutil

import pytest

from commands import kill_again_and_again, ok, refused, run, write_log

SEARCH = ("--metric", "ndcg@5", "--seed", "3", "--set", "iterations=12")


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """A split with a validation part."""
    folder = tmp_path_factory.mktemp("tune")
    write_log(folder / "log.parquet", rows=6000)
    ok("import", folder / "log.parquet", "--schema", "hackathon", "--out", folder / "store")
    ok("split", folder / "store", "--by", "time:0.8", "--out", folder / "parts")
    return folder / "parts"


@pytest.fixture(scope="module")
def tuned(parts):
    out = parts.parent / "tuned"
    found = ok("tune", "als", "--data", parts, "--budget", "15", "--out", out, "--json", *SEARCH)
    return out, found.json()


def outputs(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def test_any_number_is_searched_where_it_is_said(parts, tmp_path):
    line = ("tune", "als", "--data", parts, "--budget", "4", *SEARCH, "--set", "factors=8")
    ok(*line, "--out", tmp_path / "tuned", "--search", "alpha=0.5..2")
    tries = [json.loads(text) for text in (tmp_path / "tuned/tries.jsonl").read_text().splitlines()]
    found = [float(setting.split("=")[1]) for one in tries for setting in one["settings"]
             if setting.startswith("alpha=")]
    assert len(found) >= 3 and len(set(found)) > 1
    assert all(0.5 <= value <= 2 for value in found)
    for wrong in ("alpha=2..0.5", "alpha=1", "alpha=0..1", "solver=1..2", "alfa=1..2"):
        assert run(*line, "--out", tmp_path / "other", "--search", wrong).code == 2, wrong


def test_the_best_is_no_worse_than_the_defaults_and_all_tries_are_kept(tuned):
    out, found = tuned
    assert len(found["tries"]) == 15
    assert found["against_defaults"]["best"] >= found["against_defaults"]["defaults"]
    lines = [json.loads(line) for line in (out / "tries.jsonl").read_text().splitlines()]
    assert lines == found["tries"]
    assert lines[0]["settings"] == [] and any(line["stopped"] for line in lines)
    page = (out / "report.html").read_text()
    assert "factors" in page and "<svg" in page and "stopped early" in page


def test_train_takes_the_best_and_comes_to_the_same_score(tuned, parts, tmp_path):
    out, found = tuned
    ok("train", "als", "--data", parts / "train", "--settings", out / "best.settings", "--seed",
       "3", "--out", tmp_path / "model")
    model = json.loads((tmp_path / "model" / "manifest.json").read_text())
    assert "iterations=12" in model["metadata"]["provenance"]["settings"]
    ok("recommend", tmp_path / "model", "--data", parts / "train", "--k", "5", "--out",
       tmp_path / "lists.parquet")
    # The validation part as a truth file: pyarrow reads the store's columns as NumPy does.
    import numpy
    import pyarrow
    import pyarrow.parquet
    segment = next((parts / "validation" / "segments").iterdir())
    columns = {name: numpy.load(segment / f"{name}.npy")
               for name in ("offsets", "item", "users.numbers", "items.numbers")}
    users = numpy.repeat(columns["users.numbers"], numpy.diff(columns["offsets"]))
    items = columns["items.numbers"][columns["item"]]
    pyarrow.parquet.write_table(pyarrow.table({"user_id": users, "item_id": items}),
                                tmp_path / "truth.parquet")
    report = ok("evaluate", tmp_path / "lists.parquet", "--truth", tmp_path / "truth.parquet",
                "--train", parts / "train", "--k", "5", "--metrics", "ndcg", "--json").json()
    assert report["metrics"]["ndcg@5"]["mean"] == pytest.approx(
        found["against_defaults"]["best"], abs=1e-12)


def test_threads_and_kills_change_no_byte(tuned, parts, tmp_path):
    line = ["tune", "als", "--data", parts, "--budget", "15", "--out", tmp_path / "tuned", *SEARCH]
    ok(*line[:-len(SEARCH) - 1], tmp_path / "timed", *SEARCH, "--threads", "1")
    assert outputs(tmp_path / "timed") == outputs(tuned[0])
    kill_again_and_again(line, 0.04, 6, 4, (tmp_path / "tuned").exists)
    if not (tmp_path / "tuned").exists():
        ok(*line)
    assert outputs(tmp_path / "tuned") == outputs(tuned[0])
    assert not (tmp_path / "tuned.tuning").exists()


def test_a_finished_search_goes_on_with_a_larger_budget(tuned, parts, tmp_path):
    out = tmp_path / "tuned"
    line = ("tune", "als", "--data", parts, "--out", out, *SEARCH, "--budget")
    ok(*line, "6")
    six = outputs(out)
    refused(run(*line, "6"), 2, "holds 6 tries of this search already", "larger --budget")
    refused(run(*line, "15", "--new-only"), 2, "holds another search", "another --out")
    refused(run(*line, "15", "--set", "factors=8"), 2, "holds another search")
    assert outputs(out) == six
    ok(*line, "15")
    assert outputs(out) == outputs(tuned[0])
    assert [path.name for path in tmp_path.iterdir()] == ["tuned"]
    (out / "tries.jsonl").write_bytes((out / "tries.jsonl").read_bytes()[:-30])
    refused(run(*line, "16"), 3, "tries.jsonl, line 15")


def test_kills_while_a_search_goes_on_leave_the_old_or_the_new(tuned, parts, tmp_path):
    out = tmp_path / "tuned"
    line = ["tune", "als", "--data", parts, "--out", out, *SEARCH, "--budget"]
    ok(*line, "6")
    six = outputs(out)
    kill_again_and_again([*line, "15"], 0.03, 8, 5, lambda: outputs(out) != six)
    if outputs(out) == six:
        ok(*line, "15")
    assert outputs(out) == outputs(tuned[0])


def test_minutes_count_from_where_a_finished_search_goes_on(parts, tmp_path):
    out = tmp_path / "tuned"
    line = ("tune", "als", "--data", parts, "--out", out, *SEARCH)
    ok(*line, "--budget", "5")
    five = (out / "tries.jsonl").read_bytes()
    ok(*line, "--minutes", "0.001")
    more = (out / "tries.jsonl").read_bytes()
    assert more.startswith(five) and len(more) > len(five)


def test_the_test_part_is_never_opened(tuned, parts, tmp_path):
    copy = tmp_path / "parts"
    shutil.copytree(parts, copy)
    (copy / "test.parquet").write_bytes(b"nobody reads this")
    ok("tune", "als", "--data", copy, "--budget", "15", "--out", tmp_path / "tuned", *SEARCH)
    assert outputs(tmp_path / "tuned") == outputs(tuned[0])


def test_any_model_and_a_refit(tmp_path):
    write_log(tmp_path / "log.parquet", rows=12000, users=1000)
    ok("import", tmp_path / "log.parquet", "--schema", "hackathon", "--out", tmp_path / "store")
    parts = tmp_path / "parts"
    ok("split", tmp_path / "store", "--by", "time:0.8", "--out", parts)
    found = ok("tune", "popular", "--data", parts, "--budget", "6", "--refit", "--out",
               tmp_path / "tuned", "--json").json()
    # A model without iterations is judged by a part of the users first.
    users = [[rung["users"] for rung in one["rungs"]] for one in found["tries"]]
    assert users[0] == sorted(users[0]) and users[0][-1] == found["users"]
    assert len(users[0]) > 1 and users[0][0] >= 100 and any(len(few) == 1 for few in users)
    manifest = json.loads((tmp_path / "tuned" / "model" / "manifest.json").read_text())
    assert manifest["metadata"]["model"] == "popular"
    ok("recommend", tmp_path / "tuned" / "model", "--data", parts / "train", "--out",
       tmp_path / "lists.parquet")
    # It holds the ids of its items, as models of train do.
    ok("recommend", tmp_path / "tuned" / "model", "--history", tmp_path / "log.parquet", "--schema",
       "hackathon", "--out", tmp_path / "from-files.parquet")


def test_users_that_train_does_not_know_are_answered_from_their_fold_in(parts, tmp_path):
    ok("split", parts.parent / "store", "--by", "users:0.2,0.8", "--out", tmp_path / "parts")
    found = ok("tune", "als", "--data", tmp_path / "parts", "--budget", "3", "--out",
               tmp_path / "tuned", "--keep-seen", "--json", *SEARCH).json()
    # Of 60 items 15 are of the user's kind; lists that do not know him come to about .15.
    assert found["against_defaults"]["defaults"] > 0.4, found["against_defaults"]
    shutil.rmtree(tmp_path / "parts" / "validation_fold_in")
    shutil.copytree(parts / "train", tmp_path / "parts" / "validation_fold_in")
    (tmp_path / "parts" / "validation").rename(tmp_path / "gone")
    ok("filter", tmp_path / "gone", "--filter", "min_users:3", "--out",
       tmp_path / "parts" / "validation")
    refused(run("tune", "als", "--data", tmp_path / "parts", "--out", tmp_path / "x"), 3,
            "not of one split")


def test_in_a_recipe(parts, tmp_path):
    (tmp_path / "recipe.toml").write_text("""
seed = 3
[tune.search]
model = "als"
data = "parts"
budget = 6
metric = "ndcg@5"
iterations = 6
[train.als]
data = "parts/train"
settings = "search/best.settings"
""")
    line = ("run", tmp_path / "recipe.toml", "--data", parts.parent, "--out", tmp_path / "run")
    first = ok(*line, "--json").json()
    assert [stage["made"] for stage in first["stages"]] == [True, True]
    assert not any(stage["made"] for stage in ok(*line, "--json").json()["stages"])
    model = json.loads((tmp_path / "run" / "als" / "manifest.json").read_text())
    best = [row for row in (tmp_path / "run" / "search" / "best.settings").read_text().splitlines()
            if not row.startswith("#")]
    assert model["metadata"]["provenance"]["settings"] == best


def test_mistakes_are_sentences(parts, tmp_path):
    out = tmp_path / "out"
    refused(run("tune", "asl", "--data", parts, "--out", out), 2, "'als'")
    refused(run("tune", "als", "--data", parts, "--out", out, "--metric", "ndgc@10"), 2, "'ndcg'")
    refused(run("tune", "als", "--data", parts, "--out", out, "--metric", "ndcg"), 2, "ndcg@10")
    refused(run("tune", "als", "--data", parts, "--out", out, "--budget", "0"), 2, "--budget")
    refused(run("tune", "als", "--data", parts, "--out", out, "--minutes", "soon"), 2, "--minutes")
    refused(run("tune", "als", "--data", parts, "--out", out, "--set", "factor=8"), 2, "'factors'")
    refused(run("tune", "als", "--data", parts / "train", "--out", out), 2, "split",
            "the test is for judging")
    refused(run("tune", "als", "--data", parts, "--out", parts), 2, "exists already")
    assert not out.exists() and not (tmp_path / "out.tuning").exists()
