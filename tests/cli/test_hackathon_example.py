"""The contest's example, small: one program trains, another has only its models and serves."""

import collections
import math
import shutil
import subprocess
import sys

import pyarrow.parquet
import pytest

from commands import CROSSFADE, ROOT, ok

EXAMPLE = ROOT / "examples" / "hackathon"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hackathon") / "world"
    ok("synth", "hackathon", "--seed", "5", "--set", "users=600", "--set", "items=700", "--set",
       "events=150000", "--out", folder)
    return folder


def serve(models, world, out, *more):
    """Lists from models that lie where no store is, and the histories of the users to serve."""
    return ok("recommend", models / "smm", models / "zvuk", "--history",
              f"smm={world / 'test_smm.parquet'}", "--history",
              f"zvuk={world / 'test_zvuk.parquet'}", "--schema", "hackathon", *more, "--format",
              "submission", "--out", out, "--json").json()["domains"]


def check(lists, world, service):
    table = pyarrow.parquet.read_table(lists / f"submission_{service}.parquet")
    assert table.column_names == ["user_id", "item_id"]
    asked = pyarrow.parquet.read_table(world / f"test_{service}.parquet", columns=["user_id"])
    rows = table.to_pylist()
    # Every listed user, once.
    assert sorted(row["user_id"] for row in rows) == sorted(set(asked["user_id"].to_pylist()))
    assert all(len(row["item_id"]) == 10 and len(set(row["item_id"])) == 10 for row in rows)


def test_training_and_serving_are_two_programs(world, tmp_path):
    run = tmp_path / "run"
    small = ["--set", "smm-personal.factors=32", "--set", "zvuk-personal.factors=32"]
    ok("run", EXAMPLE / "recipe.toml", "--data", world, "--out", run, *small)
    models = tmp_path / "models"
    for service in ("smm", "zvuk"):
        shutil.copytree(run / service, models / service)
    shutil.move(run / "both", tmp_path / "both")
    shutil.rmtree(run)
    told = serve(models, world, tmp_path / "lists")
    for served in told:
        check(tmp_path / "lists", world, served["domain"])
        assert served["short_lists"] == 0 and served["rows_of_unknown_items"] == 0
        assert served["warm"] + served["cold"] == served["users"]

    # With the popular for everybody the score is less.
    for service in ("smm", "zvuk"):
        ok("recommend", models / service / "parts" / "1", "--data", tmp_path / "both", "--format",
           "submission", "--out", tmp_path / f"submission_{service}.parquet")
    score = score_of(world, tmp_path, tmp_path / "lists", tmp_path)
    assert score[0] > 1.2 * score[1] > 0


def score_of(world, folder, *lists):
    """The contest's score of each, and the parts that it is made of."""
    finished = subprocess.run(
        [sys.executable, EXAMPLE / "score.py", *lists, "--answers", world / "truth", "--train",
         folder / "both", "--crossfade", CROSSFADE], capture_output=True, text=True, timeout=120)
    assert finished.returncode == 0, finished.stderr
    scores, parts = [], []
    for line in finished.stdout.splitlines():
        if "NDCG@10" in line:
            parts.append(float(line.split("NDCG@10 ")[1].split(" ")[0]))
        if ": score " in line:
            scores.append(float(line.split(": score ")[1]))
            assert abs(scores[-1] - math.sqrt(parts[-2] * parts[-1])) < 1e-3
    assert "warm:" in finished.stdout and "cold:" in finished.stdout
    return scores


def test_the_published_settings_run_too(world, tmp_path):
    small = [word for service in ("smm", "zvuk") for knob in ("factors=16", "iterations=4")
             for word in ("--set", f"{service}-als.{knob}")]
    ok("run", EXAMPLE / "published.toml", "--data", world, "--out", tmp_path / "run", *small)
    told = serve(tmp_path / "run", world, tmp_path / "lists", "--filter", "cap_weight:9")
    for served in told:
        check(tmp_path / "lists", world, served["domain"])
        # Items that few took were left out of the models, and are counted where they come back.
        assert served["unknown_items"] > 0
    # Cold are users with at most 20 events, as the saved models have it.
    events = {service: collections.Counter(pyarrow.parquet.read_table(
        world / f"test_{service}.parquet")["user_id"].to_pylist()) for service in ("smm", "zvuk")}
    at_most = sum(number + events["zvuk"][user] <= 20 for user, number in events["smm"].items())
    cold = next(served["cold"] for served in told if served["domain"] == "smm")
    assert cold >= at_most > 0  # events of items that were left out do not count


def test_the_choice_is_made_on_train_alone(world, tmp_path):
    for service in ("smm", "zvuk"):
        (tmp_path / "train").mkdir(exist_ok=True)
        shutil.copy(world / f"train_{service}.parquet", tmp_path / "train")
    small = [word for model in ("smm-gfcf", "smm-gfcf-joint", "zvuk-gfcf", "zvuk-gfcf-joint")
             for word in ("--set", f"{model}.factors=16")]
    ok("run", EXAMPLE / "choice.toml", "--data", tmp_path / "train", "--out", tmp_path / "choice",
       *small, timeout=300)
    assert (tmp_path / "choice" / "smm.json").exists()
    assert (tmp_path / "choice" / "zvuk.json").exists()
