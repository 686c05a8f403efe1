"""The example of films on a small generated world: it holds, and a second run makes nothing."""

import json

import pyarrow.parquet

from commands import ROOT, ok


def test_the_recipe_runs_on_a_generated_world(tmp_path):
    ok("synth", "movies", "--seed", "3", "--set", "users=600", "--set", "items=400", "--set",
       "events=60000", "--out", tmp_path / "world")
    line = ("run", ROOT / "examples" / "movies" / "recipe.toml", "--data", tmp_path / "world",
            "--out", tmp_path / "run", "--set", "search.budget=5", "--json")
    ok(*line)
    run = tmp_path / "run"
    quality = json.loads((run / "quality.json").read_text())
    assert [report["name"] for report in quality["reports"]] == [
        "popular-lists", "defaults-lists", "als-lists"]
    for report in quality["reports"]:
        assert 0 < report["metrics"]["ndcg@10"]["mean"] < 1
        # Warm and cold users, length of history, popularity of films.
        assert [part["name"] for part in report["segments"]] == ["warm", "history", "popularity"]
        assert [group["name"] for group in report["segments"][0]["groups"]] == ["warm", "cold"]
    # Settings come from the search, which learned from nothing of the last two tenths.
    search = (run / "search" / "best.settings").read_text().splitlines()[1:]
    model = json.loads((run / "als" / "manifest.json").read_text())
    assert model["metadata"]["provenance"]["settings"] == search
    cut = json.loads((run / "final" / "manifest.json").read_text())
    assert cut["parts"]["test"]["overlap"] == 0 and cut["parts"]["test"]["cold_users"] > 0
    # Films by name: what is rated most, and what stands in most lists.
    titles = pyarrow.parquet.read_table(tmp_path / "world" / "items.parquet")["title"].to_pylist()
    page = (run / "report.txt").read_text()
    facts = json.loads((run / "facts.json").read_text())
    assert facts["domains"][0]["popularity"]["top"][0]["name"] in titles
    lists = page.split("als-lists: Recommendations of")[1].split("seconds")[0]
    assert "What stands in most lists." in lists and any(title in lists for title in titles)
    again = ok(*line).json()
    assert not any(stage["made"] for stage in again["stages"]), again
