"""The example of two services on small generated worlds: what a second domain is worth to newcomers
where tastes are shared, and that it is worth nothing where they are not."""

import json

import pyarrow.parquet
import pytest

from commands import ROOT, ok

SMALL = ["users=2000", "items=1000", "events=150000", "new_items=0", "drift=0"]
# Few tries: the first is the defaults.
BUDGETS = [word for target in ("music", "goods") for kind in ("popular", "map", "joint")
           for word in ("--set", f"{target}-{kind}.budget=2")]


def run_recipe(folder, strength):
    knobs = [word for knob in [*SMALL, f"strength={strength}"] for word in ("--set", knob)]
    ok("synth", "two-domain", "--seed", "3", *knobs, "--out", folder / "world")
    line = ("run", ROOT / "examples" / "two_domain" / "recipe.toml", "--data", folder / "world",
            "--out", folder / "run", *BUDGETS, "--json")
    ok(*line, timeout=300)
    return line


def against_popular(folder, target):
    """The map's NDCG@10 beside the control's: control, difference, interval, detectable."""
    said = json.loads((folder / "run" / f"{target}-quality.json").read_text())
    assert [report["name"].split("-")[1] for report in said["reports"]] == [
        "popular", "map", "joint"]
    pair = said["comparisons"][0]
    assert pair["b"] == f"{target}-map-lists"
    return pair["comparison"]["metrics"]["ndcg@10"]


def test_shared_taste_is_worth_a_fifth_and_more(tmp_path):
    line = run_recipe(tmp_path, 0.5)
    for target in ("music", "goods"):
        found = against_popular(tmp_path, target)
        assert found["difference"] >= 0.2 * found["a"], (target, found)
        assert found["low"] > 0, (target, found)
    run = tmp_path / "run"
    # Whoever is asked about is new in the target and known elsewhere.
    cut = json.loads((run / "music-test" / "manifest.json").read_text())
    assert cut["plan"]["by"] == "cold:zvuk,0.2" and cut["parts"]["test"]["cold_users"] == 0
    # What to play is for everybody, also for those who have only bought.
    bought = pyarrow.parquet.read_table(tmp_path / "world" / "megamarket.parquet")["user_id"]
    heard = pyarrow.parquet.read_table(tmp_path / "world" / "zvuk-interactions.parquet")["user_id"]
    played_to = pyarrow.parquet.read_table(run / "what-to-play.parquet")["user_id"]
    only_bought = set(bought.to_pylist()) - set(heard.to_pylist())
    assert only_bought and only_bought <= set(played_to.to_pylist())
    again = ok(*line).json()
    assert not any(stage["made"] for stage in again["stages"]), again


def test_where_tastes_are_apart_nothing_is_claimed(tmp_path):
    run_recipe(tmp_path, 0)
    for target in ("music", "goods"):
        found = against_popular(tmp_path, target)
        assert found["low"] <= 0, (target, found)
