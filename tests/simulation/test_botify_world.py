"""`crossfade synth botify`: files as botify's own, worlds of a log, sentences for what is wrong."""

import json

import numpy
import pytest

from commands import ok, run, write_log

SMALL = ("--set", "tracks=500", "--set", "artists=50", "--set", "genres=5", "--users", "200")


def read_lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.mark.parametrize("generation,kind", [("2026", "float16"), ("2022", "float32")])
def test_files_of_both_generations(tmp_path, generation, kind):
    ok("synth", "botify", "--generation", generation, *SMALL, "--set", "dims=64", "--set",
       "rank=40", "--out", tmp_path / "world")
    rows = numpy.load(tmp_path / "world" / "embeddings.npy")
    assert rows.shape == (500, 64) and rows.dtype == kind
    if kind == "float16":
        assert numpy.allclose(numpy.linalg.norm(rows.astype("f8"), axis=1), 1, atol=2e-3)
    tracks = read_lines(tmp_path / "world" / "tracks.json")
    assert [track["track"] for track in tracks] == list(range(500))
    assert len({track["artist"] for track in tracks}) == 50
    users = read_lines(tmp_path / "world" / "users.json")
    assert [user["user"] for user in users] == list(range(200))
    top = json.loads((tmp_path / "world" / "top_tracks.json").read_text())
    assert sorted(top) == list(range(500))
    result = ok("simulate", "--world", tmp_path / "world", "--episodes", 50, "--json").json()
    assert result["sessions"] == 50 and result["reward"]["mean"] > 0


def test_the_same_command_makes_the_same_world(tmp_path):
    for name in ("one", "two"):
        ok("synth", "botify", *SMALL, "--set", "dims=64", "--set", "rank=64", "--seed", 7,
           "--threads", 1 if name == "one" else 2, "--out", tmp_path / name)
    for name in ("tracks.json", "users.json", "top_tracks.json", "embeddings.npy"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_world_of_a_log(tmp_path):
    write_log(tmp_path / "log.parquet")
    store = tmp_path / "store"
    ok("import", tmp_path / "log.parquet", "--schema", "hackathon", "--domain", "zvuk", "--out",
       store)
    ok("train", "als", "--data", store, "--out", tmp_path / "als", "--set", "factors=8")
    vectors = tmp_path / "als" / "item_factors.npy"
    ok("synth", "botify", "--from", store, "--vectors", vectors,
       "--least-items", 10, "--items", 40, "--users", 50, "--out", tmp_path / "world")
    tracks = read_lines(tmp_path / "world" / "tracks.json")
    rows, all_rows = numpy.load(tmp_path / "world" / "embeddings.npy"), numpy.load(vectors)
    assert rows.shape == (40, 8) and len(tracks) == 40
    # Every track is an item of the log with that item's vector.
    known = [numpy.flatnonzero((all_rows == row).all(axis=1)) for row in rows]
    assert all(len(found) == 1 for found in known)
    assert len({int(found[0]) for found in known}) == 40
    assert {int(track["item"]) for track in tracks} <= set(range(500, 560))
    # Listeners of 2022, whose worlds were made of logs; the manifest says what came out.
    users = read_lines(tmp_path / "world" / "users.json")
    assert {len(user["interests"]) for user in users} == {3}
    assert max(user["consume_bias"] for user in users) > 1
    facts = json.loads((tmp_path / "world" / "manifest.json").read_text())["metadata"]
    assert facts["generation"] == "2022"
    assert (facts["knobs"]["tracks"], facts["knobs"]["dims"]) == (40, 8)
    assert facts["knobs"]["normalised"] is False
    ok("simulate", "--world", tmp_path / "world", "--episodes", 20)
    # What listeners cannot be is refused as it is for invented worlds.
    outcome = run("synth", "botify", "--from", store, "--vectors", vectors, "--least-items", 10,
                  "--set", "bias_low=20", "--out", tmp_path / "other")
    assert outcome.code == 2 and "lower end" in outcome.err
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("arguments,code,words", [
    (["--generation", "2020"], 2, "2022"),
    (["--set", "artists=501"], 2, "more artists"),
    (["--set", "artist=1", "--set", "nothing=2"], 2, "nothing"),
    (["--scale", "full"], 2, "published size"),
    (["--events", "5"], 2, "no events"),
    (["--from", "nowhere"], 2, "--vectors"),
])
def test_bad_input_gets_a_sentence(tmp_path, arguments, code, words):
    outcome = run("synth", "botify", *SMALL, *arguments, "--out", tmp_path / "world")
    assert outcome.code == code, outcome.err
    assert words in outcome.err
    assert not (tmp_path / "world").exists()


def test_vectors_of_another_store_are_refused(tmp_path):
    write_log(tmp_path / "log.parquet")
    ok("import", tmp_path / "log.parquet", "--schema", "hackathon", "--domain", "zvuk", "--out",
       tmp_path / "store")
    numpy.save(tmp_path / "v.npy", numpy.zeros((3, 4), "float32"))
    outcome = run("synth", "botify", "--generation", "2022", "--from", tmp_path / "store",
                  "--vectors", tmp_path / "v.npy", "--out", tmp_path / "world")
    assert outcome.code == 3 and "item_factors.npy" in outcome.err
