"""What is known of users: attached, shown, and kept by all that makes a store of a store."""

import json

import pytest

from commands import ok, run


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("users") / "world"
    ok("synth", "movies", "--seed", "3", "--set", "users=300", "--set", "items=400", "--set",
       "events=12000", "--out", folder)
    return folder


def about(store):
    return ok("describe", store, "--json").json()["about_users"]


def test_users_of_both_files_of_the_world(world, tmp_path):
    store = tmp_path / "store"
    ok("import", world / "ratings.parquet", "--schema", "movielens", "--domain", "movies",
       "--users", world / "users.parquet", "--out", store)
    found = {entry["attribute"]: entry for entry in about(store)["attributes"]}
    numbers = {entry["attribute"]: entry for entry in about(store)["numbers"]}
    assert set(found) == {"gender", "zip_code"} and set(numbers) == {"age", "occupation"}
    assert {top["value"] for top in found["gender"]["top"]} == {"F", "M"}
    age = numbers["age"]
    assert 1 <= age["min"] < age["q25"] <= age["median"] <= age["q75"] <= age["max"] <= 56
    assert age["min"] < age["mean"] < age["max"]
    assert numbers["occupation"]["max"] <= 20 and about(store)["users_without_any"] == 0
    page = ok("describe", store).out
    assert "number of users" in page and "1 (" not in page.split("number of users")[1][:400], page
    csv = tmp_path / "csv"
    outcome = ok("import", world / "events.csv", "--schema", "challenge", "--domain", "movies",
                 "--users", world / "user_features.csv", "--user-columns", "gender", "--out", csv)
    assert "user_features.csv" in outcome.out
    assert [entry["attribute"] for entry in about(csv)["attributes"]] == ["gender"]
    assert "most common" in ok("describe", csv).out


def test_attributes_stay_with_their_users(world, tmp_path):
    store = tmp_path / "store"
    log = ("import", world / "ratings.parquet", "--schema", "movielens")
    ok(*log, "--domain", "movies", "--out", store)
    half = world / "half.csv"
    lines = (world / "user_features.csv").read_text().splitlines(keepends=True)
    half.write_text("".join(lines[:151]))
    said = ok("attach", store, "--users", half).out
    assert "150 of 300 users have no attributes" in said
    assert about(store)["users_without_any"] == 150
    whole = about(store)
    ok(*log, "--domain", "again", "--allow-repeated-files", "--into", store)
    ok("compact", store)
    assert about(store) == whole
    ok("split", store, "--by", "last:1", "--no-validation", "--out", tmp_path / "cut")
    assert about(tmp_path / "cut" / "train") == whole
    ok("filter", store, "--filter", "period:1970-01-01..", "--out", tmp_path / "same")
    assert about(tmp_path / "same") == whole


def test_a_recipe_reads_users(world, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text('''name = "users"
[import]
log = "ratings.parquet"
schema = "movielens"
users = "users.parquet"
[describe]
store = "import"
''')
    ok("run", recipe, "--data", world, "--out", tmp_path / "run")
    found = json.loads((tmp_path / "run" / "describe.json").read_text())["about_users"]
    assert len(found["attributes"]) == 2 and len(found["numbers"]) == 2


def test_wrong_tables_leave_no_store(world, tmp_path):
    line = ("import", world / "ratings.parquet", "--schema", "movielens", "--out",
            tmp_path / "store", "--users")
    for table, words in (("user,age\n1,2\n", "say which with --user-column"),
                         ("user_id,age\n999999,2\n", "has no row of a user of the log")):
        (tmp_path / "users.csv").write_text(table)
        outcome = run(*line, tmp_path / "users.csv")
        assert outcome.code == 3 and words in outcome.err, outcome.err
        assert not (tmp_path / "store").exists()
    nothing = run("attach", tmp_path / "store")
    assert nothing.code == 2 and "--vectors or --users" in nothing.err
