"""crossfade-neural as the command line reaches it: trained, stopped, killed, missing, damaged."""

import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import numpy
import pyarrow
import pyarrow.parquet
import pytest

from commands import BUILD, CROSSFADE, SERVE, ok, refused, run
from planted_order import in_order, write_rows

NEURAL = BUILD / "crossfade" / "neural" / "crossfade-neural"
pytestmark = pytest.mark.skipif(not NEURAL.exists(), reason="built without libtorch")

SMALL = ["--set", "dimensions=32", "--set", "length=12", "--set", "batch=32", "--set", "blocks=1",
         "--set", "learning_rate=0.005"]


def write_order(path, users=300):
    """A history in the planted order for each."""
    rng = numpy.random.default_rng(5)
    rows = [(user, item, 1_700_000_000 + step) for user in range(users)
            for step, item in enumerate(in_order(rng, int(rng.integers(4, 14))))]
    write_rows(path, ["user_id", "item_id", "timestamp"], rows)


@pytest.fixture(scope="module")
def cut(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order")
    write_order(folder / "log.parquet")
    ok("import", folder / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
       "timestamp", "--weight", "none", "--out", folder / "store")
    ok("split", folder / "store", "--by", "last:1", "--no-validation", "--out", folder / "cut")
    return folder / "cut"


def train(cut, out, *settings, model="sasrec", **options):
    return run("train", model, "--data", cut / "train", "--out", out, *SMALL, *settings, **options)


def digest(model):
    """Of the weights: manifests say when they were made by whom."""
    return hashlib.sha256((model / "weights.safetensors").read_bytes()).hexdigest()


def set_(**knobs):
    return [word for name, value in knobs.items() for word in ("--set", f"{name}={value}")]


@pytest.mark.parametrize("model, settings", [
    ("sasrec", {"epochs": 15}), ("bert4rec", {"epochs": 150, "mask": 0.3, "dropout": 0})])
def test_the_planted_order_is_found_and_served(cut, tmp_path, model, settings):
    outcome = train(cut, tmp_path / "m", *set_(repeats="yes", **settings), model=model)
    assert outcome.code == 0, outcome.err
    assert re.search(r"validation ndcg@10 0\.\d+ \(best .* sequences/s", outcome.err), outcome.err
    ok("recommend", tmp_path / "m", "--data", cut / "train", "--k", "5", "--keep-seen", "--out",
       tmp_path / "recs.parquet")
    first = {row["user_id"]: row["item_id"]
             for row in pyarrow.parquet.read_table(tmp_path / "recs.parquet").to_pylist()
             if row["rank"] == 1}
    truth = pyarrow.parquet.read_table(cut / "test.parquet").to_pylist()
    hits = sum(first.get(row["user_id"]) == row["item_id"] for row in truth)
    assert hits > 0.7 * len(truth)  # 0.9 is what the order is worth
    manifest = json.loads((tmp_path / "m" / "manifest.json").read_text())["metadata"]
    told = manifest["training"]
    assert len(told["loss"]) == len(told["seconds"]) == told["epochs"]
    assert 0 < min(told["seconds"]) and max(told["seconds"]) < 60
    ok("bundle", "create", "--data", cut / "train", "--model", tmp_path / "m", "--out",
       tmp_path / "bundle")


def test_threads_change_nothing(cut, tmp_path):
    for threads in (1, 3):
        outcome = train(cut, tmp_path / str(threads), "--threads", threads, *set_(epochs=2))
        assert outcome.code == 0, outcome.err
    assert digest(tmp_path / "1") == digest(tmp_path / "3")


@pytest.mark.parametrize("model", ["sasrec", "bert4rec", "contextual"])
def test_what_was_learned_from_several_domains_is_read_again(tmp_path, model):
    rng = numpy.random.default_rng(3)
    for name, items in (("music", 40), ("shop", 25)):
        pyarrow.parquet.write_table(pyarrow.table({
            "user_id": pyarrow.array(numpy.repeat(numpy.arange(60), 8)),
            "item_id": pyarrow.array(rng.integers(0, items, 480)),
            "timestamp": pyarrow.array(1_700_000_000 + numpy.arange(480)),
            "sitting": pyarrow.array(numpy.repeat(numpy.arange(120), 4))}), tmp_path / name)
        ok("import", tmp_path / name, "--user", "user_id", "--item", "item_id", "--time",
           "timestamp", "--session", "sitting", "--domain", name,
           *(["--out"] if name == "music" else ["--into"]), tmp_path / "store")
    ok("train", model, "--data", tmp_path / "store", "--domain", "music", "--with", "shop",
       "--set", "epochs=2", "--set", "dimensions=8", "--out", tmp_path / "m")
    ok("recommend", tmp_path / "m", "--data", tmp_path / "store", "--k", "5", "--out",
       tmp_path / "lists.parquet")
    items = set(pyarrow.parquet.read_table(tmp_path / "lists.parquet")["item_id"].to_pylist())
    assert items <= set(range(40)) and len(items) > 5


@pytest.mark.parametrize("model", ["sasrec", "bert4rec"])
def test_memory_that_does_not_suffice_is_told_before_training(cut, tmp_path, model):
    refused(run("train", model, "--data", cut / "train", "--out", tmp_path / "m", "--memory",
                "10kB"), 4, "in training", "take fewer dimensions")


def start(cut, out, *settings):
    line = [str(CROSSFADE), "train", "sasrec", "--data", str(cut / "train"), "--out", str(out),
            *SMALL, *settings]
    return subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def children(pid):
    listed = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed]


def wait_for_a_child(process):
    for _ in range(400):
        if children(process.pid):
            return children(process.pid)[0]
        time.sleep(0.02)
    raise AssertionError("crossfade-neural was not started")


LONG = set_(epochs=400, patience=0)


def test_a_stop_leaves_a_checkpoint_that_is_gone_on_with(cut, tmp_path):
    out = tmp_path / "m"
    settings = set_(epochs=150, patience=0)
    ok("train", "sasrec", "--data", cut / "train", "--out", tmp_path / "whole", *SMALL, *settings)
    process = start(cut, out, *settings)
    child = wait_for_a_child(process)
    while "epoch 3 of" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert not pathlib.Path(f"/proc/{child}").exists()
    assert not out.exists() and (tmp_path / "m.checkpoint").exists()
    # Other settings are refused, the same ones go on, and end in the same bytes.
    refused(train(cut, out, *set_(epochs=151, patience=0)), 2, "epochs is 151 and was 150")
    again = train(cut, out, *settings)
    assert again.code == 0 and "goes on from a checkpoint" in again.err, again.err
    assert digest(out) == digest(tmp_path / "whole")
    assert not (tmp_path / "m.checkpoint").exists()


def has_ended(pid):
    for _ in range(400):
        state = pathlib.Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split(")")[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    return False


def test_a_kill_ends_the_program_too_and_leaves_only_what_is_gone_on_with(cut, tmp_path):
    settings = set_(epochs=60, patience=0)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    line = [str(CROSSFADE), "train", "sasrec", "--data", str(cut / "train"), "--out",
            str(tmp_path / "m"), *SMALL, *settings]
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "TMPDIR": str(temporary)})
    child = wait_for_a_child(process)
    while "epoch 3 of" not in process.stderr.readline():
        assert process.poll() is None
    process.kill()
    process.communicate()
    # At once, while the program may still be writing itself down: this one waits for it.
    again = train(cut, tmp_path / "m", *settings)
    assert again.code == 0 and "goes on from a checkpoint" in again.err, again.err
    assert has_ended(child), "crossfade-neural goes on for nobody"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "temporary"]
    assert list(temporary.iterdir()) == []


def test_a_job_whose_messages_nobody_reads_stops_with_a_checkpoint(cut, tmp_path):
    version = subprocess.run([str(NEURAL), "--version"], capture_output=True, text=True,
                             check=True).stdout.strip()
    job = {"version": version, "model": "sasrec", "store": str(cut / "train"), "domain": "",
           "out": str(tmp_path / "m"), "settings": [*SMALL[1::2], "epochs=4000", "patience=0"],
           "seed": 1, "threads": 1, "checkpoint": str(tmp_path / "kept")}
    (tmp_path / "job.json").write_text(json.dumps(job))
    process = subprocess.Popen([str(NEURAL), str(tmp_path / "job.json")], stdout=subprocess.PIPE,
                               text=True)
    while "epoch 3 of" not in process.stdout.readline():
        assert process.poll() is None
    process.stdout.close()
    assert process.wait(timeout=60) == 130
    assert list((tmp_path / "kept").glob("*/manifest.json"))


def test_a_refit_learns_from_what_was_held_back_too(cut, tmp_path):
    knobs = set_(epochs=8, patience=2, validation="time", refit="yes")
    outcome = train(cut, tmp_path / "m", *knobs)
    assert outcome.code == 0, outcome.err
    told = json.loads((tmp_path / "m" / "manifest.json").read_text())["metadata"]["training"]
    refit = told["refit"]
    assert refit["epochs"] == told["best_epoch"] and "validation ndcg@10" not in refit
    assert f"sasrec refit epoch {refit['epochs']} of {refit['epochs']}" in outcome.err
    assert "the weights are of as many epochs on everything" in outcome.out
    plain = train(cut, tmp_path / "plain", *set_(epochs=refit["epochs"], validation="none"))
    assert plain.code == 0 and digest(tmp_path / "plain") == digest(tmp_path / "m")
    refused(train(cut, tmp_path / "other", *set_(refit="yes", validation="none")), 2,
            "validation=none finds none")


def test_a_killed_training_is_an_error_with_a_sentence(cut, tmp_path):
    process = start(cut, tmp_path / "m", *LONG)
    child = wait_for_a_child(process)
    time.sleep(0.3)
    os.kill(child, signal.SIGKILL)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 4 and "killed by the system" in err, err


def test_a_missing_program_and_one_of_another_version(cut, tmp_path):
    refused(train(cut, tmp_path / "m",
                  env={"CROSSFADE_NEURAL_PROGRAM": str(tmp_path / "nothing")}),
            1, "cannot start", "crossfade-neural", "./dev build")
    other = tmp_path / "other"
    said = json.dumps({"event": "started", "version": "0.0.1"})
    other.write_text(f"#!/bin/sh\necho '{said}'\nsleep 5\n")
    other.chmod(0o700)
    refused(train(cut, tmp_path / "m", env={"CROSSFADE_NEURAL_PROGRAM": str(other)}),
            1, "is of version 0.0.1 and this is crossfade")


def test_bad_settings_are_refused_before_it_is_started(cut, tmp_path):
    refused(train(cut, tmp_path / "m", *set_(los="softmax")), 2, "los", "loss")
    refused(train(cut, tmp_path / "m", *set_(heads=5)), 2, "5 heads")
    refused(train(cut, tmp_path / "m", *set_(labels="yes")), 3, "labels=yes", "attach")
    refused(train(cut, tmp_path / "m", *set_(vectors="yes")), 3, "vectors=yes")
    refused(train(cut, tmp_path / "m", *set_(min_length=500)), 3, "min_length")
    if not shutil.which("nvidia-smi"):
        refused(train(cut, tmp_path / "m", *set_(device="cuda")), 2, "finds no CUDA", "device=cpu")
    refused(train(cut, tmp_path / "m", *set_(dimensions=2048, hidden=16384, blocks=64, heads=1)),
            4, "GiB")
    assert list(tmp_path.iterdir()) == []


def test_jobs_written_by_hand(tmp_path):
    def neural(*arguments):
        return subprocess.run([str(NEURAL), *map(str, arguments)], capture_output=True, text=True)

    assert neural("--version").stdout.strip()
    assert neural().returncode == 2 and "usage" in neural().stderr
    job = tmp_path / "job.json"
    for text, code, words in [("{", 3, "job.json"), ('{"version": "0.0.1"}', 2, "0.0.1")]:
        job.write_text(text)
        ended = neural(job)
        last = json.loads(ended.stdout.splitlines()[-1])
        assert ended.returncode == code and last["kind"] == code and words in last["message"]
    assert neural(tmp_path / "nothing").returncode == 1


def needed(program):
    listed = subprocess.run(["readelf", "-d", program], capture_output=True, text=True,
                            check=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", listed)


def test_libtorch_is_loaded_by_this_program_alone():
    assert any("torch" in name for name in needed(NEURAL))
    assert not any("arrow" in name or "openblas" in name for name in needed(NEURAL))
    for program in (CROSSFADE, SERVE):
        assert not any("torch" in name or "c10" in name for name in needed(program))


def write_plays(path, users=150, tracks=30):
    """A service's log: sessions of six, played on where the track is of the first one's third."""
    rng = numpy.random.default_rng(2)
    with path.open("w") as log:
        for session in range(users * 4):
            first = int(rng.integers(0, tracks))
            for step in range(6):
                track = first if step == 0 else int(rng.integers(0, tracks))
                log.write(json.dumps({
                    "message": "last" if step == 5 else "next", "user": session % users,
                    "timestamp": 1_700_000_000_000 + session * 100_000 + step * 1000,
                    "track": track, "time": 0.9 if track % 3 == first % 3 else 0.1}) + "\n")


@pytest.mark.parametrize("settings", [
    {"batch": 256, "learning_rate": 0.02, "spread": 0.1, "epochs": 60},
    {"solver": "squares", "ridge": 0.5, "centred": "yes", "epochs": 8}])
def test_the_contextual_network_learns_from_a_services_log(tmp_path, settings):
    write_plays(tmp_path / "data.json")
    ok("import", tmp_path / "data.json", "--schema", "botify", "--out", tmp_path / "store")
    ok("train", "contextual", "--data", tmp_path / "store", "--out", tmp_path / "m",
       *set_(dimensions=8, **settings))
    training = json.loads((tmp_path / "m" / "manifest.json").read_text())["metadata"]["training"]
    assert len(training["seconds"]) == len(training["validation mse"]) == training["epochs"]
    assert training["test mse"] < 0.2 * training["test mse of the mean"]
    tracks = tmp_path / "tracks.json"
    with tracks.open("w") as lines:
        for track in range(30):
            lines.write(json.dumps({"track": track, "artist": "a", "title": "t"}) + "\n")
    ok("similar", tmp_path / "m", "--data", tmp_path / "store", "--catalog", tracks, "--k", "5",
       "--out", tmp_path / "catalog.json")
    for text in (tmp_path / "catalog.json").read_text().splitlines():
        record = json.loads(text)
        assert len(record["recommendations"]) == 5
        assert all(other % 3 == record["track"] % 3 for other in record["recommendations"])


def test_the_contextual_network_solves_no_head(tmp_path):
    write_plays(tmp_path / "data.json", users=20)
    ok("import", tmp_path / "data.json", "--schema", "botify", "--out", tmp_path / "store")
    refused(run("train", "contextual", "--data", tmp_path / "store", "--out", tmp_path / "m",
                *set_(solver="squares", head=1)), 2, "without a head")


def test_the_contextual_network_needs_sessions(cut, tmp_path):
    refused(run("train", "contextual", "--data", cut / "train", "--out", tmp_path / "m"), 3,
            "has no sessions")
