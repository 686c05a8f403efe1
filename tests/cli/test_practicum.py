"""The example of the music service on a small generated world: planted faults are found."""

import json

from commands import ROOT, ok, run


def test_the_recipe_finds_what_the_world_planted(tmp_path):
    ok("synth", "practicum", "--seed", "3", "--set", "users=300", "--set", "items=4000", "--set",
       "events=20000", "--out", tmp_path / "world")
    ok("run", ROOT / "examples" / "practicum" / "recipe.toml", "--data", tmp_path / "world",
       "--out", tmp_path / "run")
    files = tmp_path / "run" / "files"
    checks = json.loads((files / "checks.json").read_text())
    assert checks["events"] == 20000 and checks["users"] == 300 and checks["tracks"] == 4000
    assert checks["genres"] == 173 and checks["nameless_genres"] == 30
    assert checks["ids_of_several_types"] > 0 and checks["without_artists"] > 20
    assert checks["repeated_pairs"] == 0 and checks["unknown_tracks"] == 0
    assert {path.name for path in files.iterdir()} == {
        "items.parquet", "events.parquet", "users_per_track.parquet", "users_per_genre.parquet",
        "checks.json"}


def test_export_says_what_it_lacks(tmp_path, thread):
    line = ("export", thread.store, "--tracks", thread.log, "--names", thread.log, "--out",
            tmp_path / "files")
    wrong = run(*line, "--as", "practicums")
    assert wrong.code == 2 and "practicum" in wrong.err
    wrong = run(*line, "--as", "practicum")
    assert wrong.code == 3 and "has no column 'id'" in wrong.err
    assert not (tmp_path / "files").exists()
