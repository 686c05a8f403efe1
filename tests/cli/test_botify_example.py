"""examples/botify from end to end, on a world of a few hundred tracks."""

import json
import os
import subprocess

import numpy

from commands import BUILD, ROOT, ok, run


def write_world(folder, tracks=300, users=200, dimension=16, seed=3):
    """Tracks of an artist lie together and near each other, as in botify's own world."""
    rng = numpy.random.default_rng(seed)
    artists = rng.normal(size=(tracks // 10, dimension))
    vectors = artists.repeat(10, axis=0) + rng.normal(size=(tracks, dimension))
    vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
    numpy.save(folder / "embeddings.npy", vectors.astype(numpy.float32))
    (folder / "tracks.json").write_text("".join(
        json.dumps({"track": t, "artist": f"Artist {t // 10}", "title": f"Track {t}"}) + "\n"
        for t in range(tracks)))
    (folder / "users.json").write_text("".join(
        json.dumps({"user": u, "interests": rng.integers(0, tracks, 3).tolist(),
                    "consume_bias": 0.15, "consume_sharpness": 9.0}) + "\n"
        for u in range(users)))


def test_the_loop_runs_to_its_verdicts(tmp_path):
    world = tmp_path / "world"
    world.mkdir()
    write_world(world)
    out = tmp_path / "out"
    done = subprocess.run(
        [ROOT / "examples" / "botify" / "run", "--world", world, "--out", out,
         "--sessions", "2000", "--seed", "5"],
        capture_output=True, text=True, timeout=300,
        env={**os.environ, "CROSSFADE_BUILD": str(BUILD)})
    assert done.returncode == 0, done.stderr[-2000:]
    page = (out / "verdict.html").read_text()
    assert "RECOMMENDERS" in page
    for name in ("top_tracks.json", "contextual.jsonl", "i2i.jsonl", "personal.jsonl"):
        assert (out / "lists" / name).stat().st_size > 0
    arms = {}
    for text in (out / "logs" / "experiment.json").read_text().splitlines():
        record = json.loads(text)
        treatment = record["experiments"]["RECOMMENDERS"]
        arm = arms.setdefault(treatment, {"time": 0.0, "sessions": 0})
        arm["time"] += record["time"]
        arm["sessions"] += record["message"] == "last"
    assert sorted(arms) == ["C", "T1", "T2", "T3", "T4", "T5", "T6"]
    means = {name: arm["time"] / arm["sessions"] for name, arm in arms.items()}
    # What was learned from random traffic beats random traffic here by far.
    assert means["T6"] > means["C"] * 1.1, means
    assert (out / "next.html").exists()

    # The same listeners again, with the event log of the recommender in the same process.
    events = tmp_path / "events.log"
    ok("simulate", "--world", world, "--bundle", out / "bootstrap", "--episodes", 50,
       "--seed", 5, "--events", events)
    records = [json.loads(line[17:]) for line in events.read_text().splitlines()[1:]]
    shown = [record["shown"][0] for record in records if "asked" in record]
    assert {(item["source"], item["propensity"]) for item in shown} == {("random", 1 / 300)}
    store = ok("import", events, "--schema", "botify", "--out", tmp_path / "store", "--json").json()
    assert store["import"]["rows_kept"] == len(records) - len(shown)
    refused = run("simulate", "--world", world, "--recommender", "dummy", "--events", events)
    assert refused.code == 2 and "--bundle" in refused.err
