"""The example of the music service on a small generated world: planted faults are found."""

import collections
import datetime
import json

import pyarrow.parquet as pq
import pytest

from commands import ROOT, ok, refused, run

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


# Step 3, as far as the ranking.
RECOMMENDATIONS = {
    "top_popular.parquet": ["item_id", "users_top", "users_top_norm", "num_users_norm", "name",
                            "albums", "artists", "genres"],
    "personal_als.parquet": ["user_id", "item_id", "score", "rank"],
    "similar.parquet": ["item_id_1", "item_id_2", "score"],
    "user_features.parquet": ["user_id", "listening_month", "tracks_listened",
                              "tracks_per_month"],
}
CUT, SINCE = datetime.date(2022, 12, 16), datetime.date(2022, 9, 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("practicum")
    ok("synth", "practicum", "--seed", "5", "--set", "users=800", "--set", "items=1500", "--set",
       "events=40000", "--out", folder / "world")
    ok("run", ROOT / "examples" / "practicum" / "recipe.toml", "--data", folder / "world", "--out",
       folder / "run", "--set", "als.factors=8")
    return folder


def test_step_three_has_the_columns_of_the_original(made):
    files = made / "run" / "recommendations"
    assert {path.name for path in files.iterdir()} == {*RECOMMENDATIONS, "metrics.json"}
    tables = {name: pq.read_table(files / name) for name in RECOMMENDATIONS}
    for name, columns in RECOMMENDATIONS.items():
        assert tables[name].column_names == columns

    plays = pq.read_table(made / "world" / "interactions.parquet").to_pylist()
    day = {id(play): play["started_at"] for play in plays}
    days = {key: value.date() if isinstance(value, datetime.datetime) else value
            for key, value in day.items()}
    train = [play for play in plays if days[id(play)] < CUT]
    # Popular: distinct users since September, from most to fewest; every pair is played once.
    since = collections.Counter(play["track_id"] for play in train if days[id(play)] >= SINCE)
    top = tables["top_popular.parquet"].to_pylist()
    assert len(top) == 100
    assert [row["users_top"] for row in top] == sorted(since.values(), reverse=True)[:100]
    assert all(since[row["item_id"]] == row["users_top"] for row in top)
    assert top[0]["users_top_norm"] == 1 and all(row["name"] for row in top)
    everything = collections.Counter(play["track_id"] for play in train)
    most = max(everything.values())
    least = 0 if len(everything) < 1500 else min(everything.values())
    for row in top[:10]:
        expected = (everything[row["item_id"]] - least) / (most - least)
        assert abs(row["num_users_norm"] - expected) < 1e-9

    # Personal: a list for whoever has a history, of tracks that he has not heard.
    heard = collections.defaultdict(set)
    for play in train:
        heard[play["user_id"]].add(play["track_id"])
    personal = collections.defaultdict(list)
    for row in tables["personal_als.parquet"].to_pylist():
        personal[row["user_id"]].append(row)
    assert set(personal) == set(heard)
    for user, rows in personal.items():
        assert [row["rank"] for row in rows] == list(range(1, 101))
        assert not heard[user] & {row["item_id"] for row in rows}
        assert all(a["score"] >= b["score"] for a, b in zip(rows, rows[1:]))

    similar = tables["similar.parquet"].to_pylist()
    assert {row["item_id_1"] for row in similar} == set(everything)
    assert all(row["item_id_1"] != row["item_id_2"] for row in similar)

    first, last = {}, {}
    for play in train:
        user, when = play["user_id"], days[id(play)]
        first[user] = min(first.get(user, when), when)
        last[user] = max(last.get(user, when), when)
    for row in tables["user_features.parquet"].to_pylist():
        user = row["user_id"]
        months = ((last[user] - first[user]).days + 1) / 30.4375
        assert row["tracks_listened"] == len(heard[user])
        assert abs(row["listening_month"] - months) < 1e-9
        assert abs(row["tracks_per_month"] - len(heard[user]) / months) < 1e-6


def test_warm_and_cold_users_are_judged_apart(made):
    told = json.loads((made / "run" / "recommendations" / "metrics.json").read_text())["quality"]
    assert [(row["list"], row["users_are"]) for row in told] == [
        ("top_popular", "cold"), ("top_popular", "warm"), ("personal_als", "warm")]
    plays = pq.read_table(made / "world" / "interactions.parquet").to_pylist()
    cut = datetime.datetime.combine(CUT, datetime.time())
    moment = [datetime.datetime.combine(play["started_at"], datetime.time())
              if not isinstance(play["started_at"], datetime.datetime)
              else play["started_at"].replace(tzinfo=None) for play in plays]
    before = {play["user_id"] for play, when in zip(plays, moment) if when < cut}
    truth = collections.defaultdict(set)
    for play, when in zip(plays, moment):
        if when >= cut:
            truth[play["user_id"]].add(play["track_id"])
    cold = {user for user in truth if user not in before}
    assert cold and told[0]["users"] == len(cold) and told[1]["users"] == len(truth) - len(cold)
    top = [row["item_id"] for row in pq.read_table(
        made / "run" / "recommendations" / "top_popular.parquet").to_pylist()]
    hits = [len(truth[user] & set(top)) / len(truth[user]) for user in cold]
    met = [share for share in hits if share > 0]
    assert abs(told[0]["users_without_a_hit"] - (1 - len(met) / len(cold))) < 1e-9
    assert abs(told[0]["mean_user_coverage"] - sum(met) / len(met)) < 1e-9
    precision = [len(truth[user] & set(top[:5])) / 5 for user in cold]
    assert abs(told[0]["precision@5"] - sum(precision) / len(cold)) < 1e-9
    assert told[0]["novelty@5"] == 1 and told[2]["novelty@5"] == 1 and told[1]["novelty@5"] < 1
    for row in told:
        assert row["ndcg@5_all_users"] <= row["ndcg@5_users_with_a_hit"] <= 1
        assert row["ndcg@5_low"] <= row["ndcg@5_all_users"] <= row["ndcg@5_high"]
        assert 0 < row["mae"] <= row["rmse"]


def test_the_files_go_to_s3_too(made, remote):
    run_folder = made / "run"
    ok("export", run_folder / "parts" / "train", "--as", "practicum-recommendations", "--model",
       run_folder / "als", "--test", run_folder / "parts" / "test.parquet", "--since",
       "2022-09-01", "--out", "s3://bucket/recsys/recommendations", env=remote.env)
    for name in (*RECOMMENDATIONS, "metrics.json"):
        with remote.files.open_input_file(f"bucket/recsys/recommendations/{name}") as file:
            assert file.read() == (run_folder / "recommendations" / name).read_bytes()


def test_recommendations_say_what_they_lack(made, tmp_path, thread):
    run_folder = made / "run"
    line = ["export", run_folder / "parts" / "train", "--as", "practicum-recommendations", "--out",
            tmp_path / "files"]
    model = ["--model", run_folder / "als"]
    test = ["--test", run_folder / "parts" / "test.parquet"]
    refused(run(*line, *model), 2, "--model and --test")
    refused(run(*line, *model, *test, "--since", "autumn"), 2, "autumn", "2022-09-01")
    refused(run(*line, *model, *test, "--since", "2023-06-01"), 3, "earlier")
    refused(run(*line, "--model", thread.model, *test), 3, "als", "zvuk")
    refused(run(*line, *model, "--test", tmp_path / "none.parquet"), 1, "none.parquet")
    refused(run("export", run_folder / "log", "--as", "practicum", *model, "--out",
                tmp_path / "files"), 2, "--model")
    assert not (tmp_path / "files").exists()
