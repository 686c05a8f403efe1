"""The example of the music service on a small generated world: planted faults are found."""

import json

import pyarrow.parquet as pq

from commands import ROOT, ok, run

# As the service's project published them, and the tables of users beside them.
COLUMNS = {
    "items.parquet": ["item_id", "albums", "artists", "genres", "name", "num_users",
                      "num_users_norm", "num_albums", "genre_score_mean"],
    "events.parquet": ["user_id", "item_id", "track_seq", "started_at", "num_users_norm",
                       "listened"],
    "users_per_track.parquet": ["item_id", "num_users"],
    "users_per_genre.parquet": ["genre", "num_users"],
}


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
    assert "repeated_names" not in checks  # import joined the tables; it is not known any more
    assert {path.name for path in files.iterdir()} == {
        "items.parquet", "events.parquet", "users_per_track.parquet", "users_per_genre.parquet",
        "checks.json"}

    # The same rows as from the files themselves, whose order is the catalogue's.
    ok("export", tmp_path / "run" / "log", "--as", "practicum", "--tracks",
       tmp_path / "world" / "tracks.parquet", "--names",
       tmp_path / "world" / "catalog_names.parquet", "--out", tmp_path / "from-files")
    for name, columns in COLUMNS.items():
        ours, theirs = (pq.read_table(folder / name) for folder in (files, tmp_path / "from-files"))
        assert ours.column_names == theirs.column_names == columns
        if name == "events.parquet":
            assert ours.equals(theirs)
        else:
            key = ("item_id" if "item_id" in columns else "genre", "ascending")
            assert sorted_rows(ours, key) == sorted_rows(theirs, key)
    told = json.loads((tmp_path / "from-files" / "checks.json").read_text())
    for check in checks.keys() - {"names", "ids_of_several_types"}:
        assert checks[check] == told[check], check


def sorted_rows(table, key):
    return table.sort_by([key, ("num_users", "ascending")]).to_pylist()


def test_export_says_what_it_lacks(tmp_path, thread):
    line = ("export", thread.store, "--tracks", thread.log, "--names", thread.log, "--out",
            tmp_path / "files")
    wrong = run(*line, "--as", "practicums")
    assert wrong.code == 2 and "practicum" in wrong.err
    bare = ("export", thread.store, "--as", "practicum", "--out", tmp_path / "files")
    wrong = run(*bare)
    assert wrong.code == 2 and "has no albums attached" in wrong.err
    wrong = run(*bare, "--tracks", thread.log)
    assert wrong.code == 2 and "--tracks and --names belong together" in wrong.err
    wrong = run(*line, "--as", "practicum")
    assert wrong.code == 3 and "has no column 'id'" in wrong.err
    assert not (tmp_path / "files").exists()
