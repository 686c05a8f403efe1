"""The example of films on a small generated world: it holds, and a second run makes nothing."""

import json

from commands import ROOT, ok


def test_the_recipe_runs_on_a_generated_world(tmp_path):
    ok("synth", "movies", "--seed", "3", "--set", "users=600", "--set", "items=400", "--set",
       "events=60000", "--out", tmp_path / "world")
    line = ("run", ROOT / "examples" / "movies" / "recipe.toml", "--data", tmp_path / "world",
            "--out", tmp_path / "run", "--json")
    ok(*line)
    quality = json.loads((tmp_path / "run" / "quality.json").read_text())
    popular, als = (report["metrics"]["ndcg@10"]["mean"] for report in quality["reports"])
    assert 0 < popular < 1 and 0 < als < 1
    cut = json.loads((tmp_path / "run" / "final" / "manifest.json").read_text())
    assert cut["parts"]["test"]["overlap"] == 0 and cut["parts"]["test"]["cold_users"] == 0
    again = ok(*line).json()
    assert not any(stage["made"] for stage in again["stages"]), again
