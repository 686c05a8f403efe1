"""The challenge of sequence models on a small generated world: the recipe runs, its lists hold what
may be recommended, and the submission has the challenge's form."""

import csv
import json
import re

import pyarrow.parquet
import pytest

from commands import ROOT, ok
from test_neural import NEURAL

pytestmark = pytest.mark.skipif(not NEURAL.exists(), reason="built without libtorch")
SHORT = [option for model in ("sasrec", "bert4rec", "past-sasrec", "answer")
         for option in ("--set", f"{model}.epochs=2")]


def pairs(path):
    table = pyarrow.parquet.read_table(path, columns=["user_id", "item_id"])
    return set(zip(*(table[name].to_pylist() for name in ("user_id", "item_id"))))


def test_the_recipe_runs_and_the_submission_is_whole(tmp_path):
    world, run = tmp_path / "world", tmp_path / "run"
    ok("synth", "movies", "--seed", "3", "--set", "users=300", "--set", "items=200", "--set",
       "events=20000", "--out", world)
    line = ("run", ROOT / "examples" / "movies" / "challenge.toml", "--data", world, "--out", run,
            *SHORT, "--json")
    ok(*line)
    quality = json.loads((run / "quality.json").read_text())
    assert [report["name"] for report in quality["reports"]] == [
        f"{name}-lists" for name in ("sasrec", "bert4rec", "popular", "als", "knn", "ease",
                                     "transitions")]
    page = (run / "report.html").read_text()
    assert "How the models learned" in page and "validation ndcg@10 by epoch" in page
    text = (run / "report.txt").read_text()
    for name in ("sasrec", "bert4rec", "past-sasrec", "answer"):
        assert re.search(rf"^ {name}$", text, re.MULTILINE), f"no curve of {name}"
    again = ok("report", run).out
    assert "leads with" in again and "validation ndcg@10 over time of learning" in again
    log, hidden = pairs(world / "ratings.parquet"), pairs(run / "final" / "test.parquet")
    assert 0.09 < len(hidden) / len(log) < 0.12
    # No list has what its user is known to have seen; the candidates' labels are hidden from them.
    for name in ("sasrec", "bert4rec", "ease"):
        assert not pairs(run / f"{name}-lists.parquet") & (log - hidden)
    past = json.loads((run / "past" / "manifest.json").read_text())["parts"]
    assert past["validation"]["rows"] > 0
    ok("recommend", run / "answer", "--data", run / "log", "--format", "csv", "--out",
       tmp_path / "submission.csv")
    with open(tmp_path / "submission.csv") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len({row["user_id"] for row in rows}) == 300
    for row in rows:
        items = row["item_id"].split(" ")
        assert len(items) == len(set(items)) == 10
        assert not {(int(row["user_id"]), int(item)) for item in items} & log
    assert not any(stage["made"] for stage in ok(*line).json()["stages"])
