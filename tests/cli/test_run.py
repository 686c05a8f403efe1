"""crossfade run: recipes as a user writes them. The complete one of docs/recipes.md is run here, so
it is true; runs are killed and come to the same bytes; every mistake is a sentence."""

import json
import os
import re
import resource
import shutil
import signal
import subprocess

import pyarrow
import pyarrow.parquet
import pytest

from commands import CROSSFADE, ROOT, kill_again_and_again, ok, refused, run, write_log


def complete_recipe():
    """The first TOML block of the documentation."""
    text = (ROOT / "docs" / "recipes.md").read_text()
    return re.search(r"```toml\n(.*?)```", text, re.S).group(1)


@pytest.fixture(scope="module")
def kitchen(tmp_path_factory):
    """A folder of data, the documentation's recipe, and a run of it."""
    folder = tmp_path_factory.mktemp("kitchen")
    (folder / "data").mkdir()
    write_log(folder / "data" / "ratings.parquet")
    (folder / "recipe.toml").write_text(complete_recipe())
    cook(folder, folder / "run")
    return folder


def cook(folder, out, *options, **more):
    return ok("run", folder / "recipe.toml", "--data", folder / "data", "--out", out, *options,
              **more)


def states(outcome):
    return {stage["stage"]: stage for stage in outcome.json()["stages"]}


def outputs(out):
    """The bytes of every output; reports and provenance hold times, .crossfade times of change."""
    told = ("report.", "provenance.", ".crossfade")
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not str(path.relative_to(out)).startswith(told)
    }


def test_the_documented_recipe_makes_what_it_says(kitchen):
    out = kitchen / "run"
    quality = json.loads((out / "quality.json").read_text())
    assert [report["name"] for report in quality["reports"]] == ["popular-lists", "als-lists"]
    ndcg = [report["metrics"]["ndcg@10"]["mean"] for report in quality["reports"]]
    assert ndcg[1] > ndcg[0]
    ok("bundle", "verify", out / "service")
    report = (out / "report.md").read_text()
    assert "als-lists" in report and str(kitchen) not in report.split("How it was made")[0]
    provenance = json.loads((out / "provenance.json").read_text())
    assert provenance["seed"] == 7 and provenance["blas_core"]
    assert [entry["path"] for entry in provenance["inputs"]] == [
        str(kitchen / "data" / "ratings.parquet")]


def test_nothing_is_made_twice_and_a_knob_only_what_it_touches(kitchen):
    again = states(cook(kitchen, kitchen / "run", "--json"))
    assert not any(stage["made"] for stage in again.values())
    plan = states(cook(kitchen, kitchen / "run", "--json", "--dry-run", "--set", "als.factors=8"))
    assert plan["als"]["because"] == "factors was 16 and is 8"
    assert {name for name, stage in plan.items() if stage["state"] != "cached"} == {
        "als", "als-lists", "quality", "service"}


def test_another_processor_makes_what_depends_on_it(kitchen):
    plan = states(cook(kitchen, kitchen / "run", "--json", "--dry-run",
                       env={"CROSSFADE_ISA": "scalar"}))
    assert plan["als"]["because"].startswith("processor was ")
    assert plan["log"]["state"] == plan["parts"]["state"] == "cached"


def test_a_stage_is_the_command_of_its_name(kitchen, tmp_path):
    out = kitchen / "run"
    ok("train", "als", "--data", out / "parts" / "train", "--out", tmp_path / "als", "--seed", "7",
       "--set", "factors=16", "--set", "iterations=8")
    ok("recommend", out / "popular", "--data", out / "parts" / "train", "--k", "20", "--out",
       tmp_path / "popular-lists.parquet")
    made = outputs(out)
    for name, data in outputs(tmp_path).items():
        assert made[name] == data, name


def test_threads_and_place_change_no_byte(kitchen, tmp_path):
    shutil.copytree(kitchen / "data", tmp_path / "data")
    ok("run", kitchen / "recipe.toml", "--data", tmp_path / "data", "--out", tmp_path / "elsewhere",
       "--threads", "1")
    assert outputs(tmp_path / "elsewhere") == outputs(kitchen / "run")


def test_killed_runs_come_to_the_same_bytes(kitchen, tmp_path):
    out = tmp_path / "run"
    line = ["run", kitchen / "recipe.toml", "--data", kitchen / "data", "--out", out]
    kill_again_and_again(line, 0.02, 8, 5)
    cook(kitchen, out)
    assert outputs(out) == outputs(kitchen / "run")
    assert not list(out.glob("*.part-*")) and not list((out / ".crossfade").glob("*.new"))


def test_a_full_disk_stops_a_run_that_then_goes_on(kitchen, tmp_path):
    def small_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    line = [CROSSFADE, "run", kitchen / "recipe.toml", "--data", kitchen / "data", "--out",
            tmp_path / "run"]
    stopped = subprocess.run(line, capture_output=True, text=True, preexec_fn=small_files,
                             timeout=60)
    assert stopped.returncode in (1, 4), stopped.stderr
    assert "crossfade: stage " in stopped.stderr
    cook(kitchen, tmp_path / "run")
    assert outputs(tmp_path / "run") == outputs(kitchen / "run")


def test_a_damaged_output_is_made_anew_and_that_is_said(kitchen, tmp_path):
    out = tmp_path / "run"
    cook(kitchen, out)
    victim = out / "als" / "item_factors.npy"
    data = bytearray(victim.read_bytes())
    data[-1] ^= 1
    victim.write_bytes(data)
    again = states(cook(kitchen, out, "--json"))
    assert "item_factors.npy is not what was written" in again["als"]["because"]
    assert [name for name, stage in again.items() if stage["made"]] == ["als"]
    assert outputs(out) == outputs(kitchen / "run")


def test_the_demo_as_a_recipe(tmp_path):
    small = ("--set", "world.users=600", "--set", "world.events=60000", "--set", "als.factors=8")
    line = ("run", ROOT / "examples" / "demo" / "recipe.toml", *small, "--out")
    ok(*line, tmp_path / "run")
    ok(*line, tmp_path / "elsewhere", "--threads", "1")
    assert outputs(tmp_path / "elsewhere") == outputs(tmp_path / "run")
    quality = json.loads((tmp_path / "run" / "quality.json").read_text())
    ndcg = {report["name"]: report["metrics"]["ndcg@10"]["mean"] for report in quality["reports"]}
    assert ndcg["oracle-lists"] > max(ndcg["als-lists"], ndcg["popular-lists"]) > 0
    ok("bundle", "verify", tmp_path / "run" / "service")
    facts = ok("describe", tmp_path / "run" / "store", "--json").json()
    assert [domain["name"] for domain in facts["domains"]] == ["zvuk", "megamarket"]
    facts = ok("describe", tmp_path / "run" / "music", "--json").json()
    assert [domain["name"] for domain in facts["domains"]] == ["zvuk"]


GROWING = """
[import.log]
log = "ratings.parquet"
schema = "hackathon"
[import.more]
log = "later.parquet"
schema = "hackathon"
into = "log"
[attach.known]
store = "more"
items = "items.parquet"
names = "names.csv"
[compact.whole]
store = "known"
[import.at-once]
log = "ratings.parquet"
schema = "hackathon"
items = "items.parquet"
"""


def test_stores_grow_are_told_of_their_items_and_compacted(kitchen, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(kitchen / "data", data)
    write_log(data / "later.parquet", rows=500, seed=2)
    ids = list(range(500, 560))
    pyarrow.parquet.write_table(
        pyarrow.table({"item_id": ids, "price": [float(i) for i in ids]}), data / "items.parquet")
    (data / "names.csv").write_text("id,name\n" + "".join(f"{i},Film {i}\n" for i in ids))
    (tmp_path / "grow.toml").write_text(GROWING)
    line = ("run", tmp_path / "grow.toml", "--data", data, "--out")
    ok(*line, tmp_path / "run")

    def folders(stage, what):
        return len(list((tmp_path / "run" / stage / what).glob("*")))

    # Each stage leaves the store that it took as it was.
    for stage, segments, attachments in (("log", 1, 0), ("more", 2, 0), ("known", 2, 1),
                                         ("whole", 1, 1), ("at-once", 1, 1)):
        found = folders(stage, "segments"), folders(stage, "attachments")
        assert found == (segments, attachments), stage
        ok("describe", tmp_path / "run" / stage)
    provenance = json.loads((tmp_path / "run" / "provenance.json").read_text())
    assert str(data / "names.csv") in [entry["path"] for entry in provenance["inputs"]]
    # Reports inside the stores say the names of the recipe: other folders, same bytes.
    shutil.copytree(data, tmp_path / "elsewhere")
    ok("run", tmp_path / "grow.toml", "--data", tmp_path / "elsewhere", "--out", tmp_path / "again")
    assert outputs(tmp_path / "again") == outputs(tmp_path / "run")
    # Another price makes what holds it anew, and nothing else.
    pyarrow.parquet.write_table(
        pyarrow.table({"item_id": ids, "price": [2.0 for _ in ids]}), data / "items.parquet")
    plan = states(ok(*line, tmp_path / "run", "--dry-run", "--json"))
    assert {name for name, stage in plan.items() if stage["state"] != "cached"} == {
        "known", "whole", "at-once"}


JUDGED = """
[import.log]
log = "ratings.parquet"
schema = "hackathon"
[split.parts]
store = "log"
%s
[train.popular]
data = "parts/train"
[recommend.lists]
model = "popular"
data = "parts/train"
[evaluate.quality]
recs = "lists"
truth = "parts/test.parquet"
"""


def test_another_protocol_judges_anew_where_the_test_is_the_same(kitchen, tmp_path):
    def cut(how):
        (tmp_path / "judged.toml").write_text(JUDGED % how)
        stages = states(ok("run", tmp_path / "judged.toml", "--data", kitchen / "data", "--out",
                           tmp_path / "run", "--json"))
        answer = json.loads((tmp_path / "run" / "quality.json").read_text())
        return {name for name, stage in stages.items() if stage["made"]}, answer

    first = cut("by = 'time:0.9'")
    test = (tmp_path / "run" / "parts" / "test.parquet").read_bytes()
    made, answer = cut("protocol = 'hackathon'")
    assert (tmp_path / "run" / "parts" / "test.parquet").read_bytes() == test
    assert made == {"parts", "quality"} and answer["protocol"] == "hackathon"
    assert "protocol" not in first[1] and set(answer["metrics"]) != set(first[1]["metrics"])


def test_two_runs_are_kept_apart(kitchen, tmp_path):
    line = [CROSSFADE, "run", kitchen / "recipe.toml", "--data", kitchen / "data", "--out",
            tmp_path / "run", "--set", "als.iterations=1000", "--set", "als.factors=64"]
    first = subprocess.Popen(line, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        while "als (train)" not in first.stderr.readline():
            assert first.poll() is None
        second = run(*line[1:])
        refused(second, 1, "another run works in", "--out")
    finally:
        os.kill(first.pid, signal.SIGINT)
        first.stderr.read()
        assert first.wait(timeout=30) == 130


def test_mistakes_are_sentences(kitchen, tmp_path):
    def bake(text, *options):
        (tmp_path / "bad.toml").write_text(text)
        return run("run", tmp_path / "bad.toml", "--data", kitchen / "data", "--out",
                   tmp_path / "out", *options)

    store = '[import.log]\nlog = "ratings.parquet"\nschema = "hackathon"\n'
    refused(bake("[trian.als]\n"), 2, "line 1", "'train'")
    refused(bake(store + "[train.asl]\ndata = 'log'\n"), 2, "line 4", "'asl'", "'als'")
    refused(bake(store + "[train.als]\ndata = 'log'\nfactor = 3\n"), 2, "line 6", "'factors'")
    refused(bake(store + "[train.als]\ndata = 'log'\nfactors = 0\n"), 2, "line 6", "factors")
    refused(bake(store + "[train.als]\ndata = 'lgo'\n"), 2, "line 5", "'lgo'", "'log'")
    refused(bake(store + "[train.als]\n"), 2, "als needs the key data")
    refused(bake("x = \n"), 3, "bad.toml", "line 1")
    refused(bake(store, "--from", "lug"), 2, "'log'")
    refused(bake(store, "--set", "log.schema=hackaton"), 2, "stage log", "hackathon")
    refused(run("run", tmp_path / "none.toml", "--out", tmp_path / "out"), 1, "none.toml")
    refused(run("run", kitchen / "recipe.toml", "--data", kitchen / "data", "--set", "name=other",
                "--out", kitchen / "run"), 2, "another recipe, movies")
    assert [path.name for path in (tmp_path / "out").iterdir()] == [".crossfade"]
