"""Results on S3: whole or not there, resumed by the same command, the same bytes as on a disk."""

import json
import pathlib
import shutil

import pytest

from commands import ok, run, write_log


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """One thread through the house on the disk."""
    folder = tmp_path_factory.mktemp("local")
    write_log(folder / "log.parquet", rows=3000)
    ok("import", folder / "log.parquet", "--schema", "hackathon", "--out", folder / "store")
    ok("split", folder / "store", "--by", "last:1", "--out", folder / "cut")
    ok("train", "popular", "--data", folder / "cut" / "train", "--out", folder / "model")
    ok("recommend", folder / "model", "--data", folder / "cut" / "train", "--k", "5", "--out",
       folder / "recs.parquet")
    return folder


def tree(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}


def is_empty(folder):
    return not any(path.is_file() for path in folder.rglob("*"))


def test_a_whole_thread_on_s3(remote, local, tmp_path):
    s3 = "s3://bucket/thread"
    env = {"env": remote.env}
    said = ok("import", local / "log.parquet", "--schema", "hackathon", "--out", f"{s3}/store",
              **env)
    ok("split", f"{s3}/store", "--by", "last:1", "--out", f"{s3}/cut", **env)
    ok("train", "popular", "--data", f"{s3}/cut/train", "--out", f"{s3}/model/", **env)
    ok("recommend", f"{s3}/model", "--data", f"{s3}/cut/train", "--k", "5", "--out",
       f"{s3}/recs.parquet", **env)
    ok("evaluate", f"{s3}/recs.parquet", "--truth", f"{s3}/cut/test.parquet", "--train",
       f"{s3}/cut/train", "--html", f"{s3}/page.html", **env)
    ok("bundle", "create", "--data", f"{s3}/cut/train", "--model", f"{s3}/model", "--out",
       f"{s3}/bundle", **env)
    ok("bundle", "verify", f"{s3}/bundle", **env)
    columns = {name: bytes for name, bytes in tree(local / "store").items() if ".npy" in name}
    found = remote.keys("thread/store")
    assert {name: found[name] for name in columns} == columns
    assert remote.keys("thread/recs.parquet") == {} and "recs.parquet" in remote.keys("thread")
    assert b"<html" in remote.keys("thread")["page.html"][:200].lower()
    assert not any(key.endswith(".upload") for key in remote.keys())
    assert is_empty(tmp_path / "cache" / "s3-out")
    assert str(tmp_path / "cache") not in said.out + said.err


def test_manifests_come_last(remote, local):
    ok("import", local / "log.parquet", "--schema", "hackathon", "--out", "s3://bucket/last/store",
       env=remote.env)
    sent = [path for path in remote.written if not path.endswith((".upload", "/"))]
    assert sent[-1] == "/bucket/last/store/manifest.json"
    assert sent[-2].endswith("/manifest.json") and sent[0].endswith(".npy")


def test_what_is_there_is_refused_and_pages_are_replaced(remote, local):
    line = ("train", "popular", "--data", local / "cut" / "train", "--out", "s3://bucket/there/m")
    ok(*line, env=remote.env)
    again = run(*line, env=remote.env)
    assert again.code == 2 and "the output s3://bucket/there/m exists already" in again.err
    for _ in range(2):
        ok("describe", local / "store", "--html", "s3://bucket/there/page.html", env=remote.env)
    file = run("compact", "s3://bucket/there/page.html", env=remote.env)
    assert file.code == 2 and "is a file, and a folder is needed" in file.err, file.err
    bare = run("describe", local / "store", "--html", "s3://bucket", env=remote.env)
    assert bare.code == 2 and "names no place for a result" in bare.err
    two = run("import", local / "log.parquet", "--schema", "hackathon", "--out", "s3://bucket/a",
              "--into", "s3://bucket/b", env=remote.env)
    assert two.code == 2 and "one result of a command can go to S3" in two.err
    logs = run("simulate", "--log", "s3://bucket/a.json", "--goods-log", "s3://bucket/b.json",
               env=remote.env)
    assert logs.code == 2 and "one result of a command can go to S3" in logs.err
    events = run("simulate", "--events", "s3://bucket/events.log", env=remote.env)
    assert events.code == 2 and "name a local file" in events.err


def test_what_is_denied_shows_before_the_work(remote, local, tmp_path):
    line = ("import", local / "log.parquet", "--schema", "hackathon", "--out")
    nowhere = run(*line, "s3://nobucket/store", env=remote.env)
    assert nowhere.code == 1, nowhere.err
    assert "there is no bucket nobucket for s3://nobucket/store" in nowhere.err
    remote.fail(403, 10**6, writes=True)
    denied = run(*line, "s3://bucket/denied/store", env=remote.env)
    assert denied.code == 1 and "access to s3://bucket/denied/store is denied" in denied.err
    for outcome in (nowhere, denied):
        assert str(tmp_path / "cache") not in outcome.err and "rows" not in outcome.err
    assert is_empty(tmp_path / "cache")


@pytest.mark.parametrize("fault, times", [(500, 2), ("slow", 2), ("half", 2)])
def test_faults_that_pass_are_not_seen(remote, local, fault, times):
    remote.fail(fault, times, writes=True, only="/store/")
    address = f"s3://bucket/passing-{fault}/store"
    ok("import", local / "log.parquet", "--schema", "hackathon", "--out", address, env=remote.env)
    assert remote.left == 0
    ok("describe", address, env=remote.env)


@pytest.mark.parametrize("fault", [403, 500, "half"])
def test_faults_that_stay_leave_nothing_that_looks_whole(remote, local, tmp_path, fault):
    address = f"s3://bucket/staying-{fault}/store"
    line = ("import", local / "log.parquet", "--schema", "hackathon", "--json", "--out", address)
    remote.fail(fault, 10**6, writes=True, only="weight.npy")
    failing = run(*line, env=remote.env)
    assert failing.code == 1 and address in failing.err and failing.out == ""
    assert str(tmp_path / "cache") not in failing.err
    assert "manifest.json" not in remote.keys(f"staying-{fault}/store")
    reading = run("describe", address, env=remote.env)
    assert reading.code == 1 and "its upload has not ended" in reading.err
    other = run(*line[:-1], address, "--strict", env=remote.env)
    assert other.code == 2 and "is an upload that has not ended" in other.err
    remote.fail(None, 0)
    assert "going on with the upload" in ok(*line, env=remote.env).err
    ok("describe", address, env=remote.env)


def test_the_same_command_goes_on_with_the_upload(remote, local, tmp_path):
    address = "s3://bucket/resumed/store"
    line = ("import", local / "log.parquet", "--schema", "hackathon", "--json", "--out", address)
    remote.fail(500, 10**6, writes=True, only="weight.npy")
    assert run(*line, env=remote.env).code == 1
    before = len(remote.written)
    remote.fail(None, 0)
    outcome = ok(*line, env=remote.env)
    assert "going on with the upload" in outcome.err and "reading" not in outcome.err
    assert outcome.json()["import"]["rows_read"] == 3000
    sent = [path for path in remote.written[before:] if ".upload" not in path]
    assert not any(path.endswith("/item.npy") for path in sent)  # was there already
    columns = {name: bytes for name, bytes in tree(local / "store").items() if ".npy" in name}
    found = remote.keys("resumed/store")
    assert {name: found[name] for name in columns} == columns
    assert is_empty(tmp_path / "cache" / "s3-out")


def test_stores_grow_on_s3(remote, local, tmp_path):
    address = "s3://bucket/grown/store"
    write_log(tmp_path / "next.parquet", rows=500, seed=2)
    (tmp_path / "items.csv").write_text("item_id,price\n500,1\n501,2\n")
    ok("import", local / "log.parquet", "--schema", "hackathon", "--domain", "d", "--out", address,
       env=remote.env)
    first = remote.keys("grown/store")
    before = len(remote.written)
    ok("import", tmp_path / "next.parquet", "--schema", "hackathon", "--domain", "d", "--into",
       address, env=remote.env)
    assert not any("segments/000" in path for path in remote.written[before:])
    ok("attach", address, "--domain", "d", "--items", tmp_path / "items.csv", env=remote.env)
    assert {name for name in first if name != "manifest.json"} < set(remote.keys("grown/store"))
    ok("compact", address, env=remote.env)
    described = ok("describe", address, "--json", env=remote.env).json()
    assert described["domains"][0]["interactions"] == 3500
    assert len([name for name in remote.keys("grown/store") if name.endswith("weight.npy")]) == 1
    nothing = run("compact", "s3://bucket/grown/none", env=remote.env)
    assert nothing.code == 1 and "there is no s3://bucket/grown/none" in nothing.err


def test_a_store_that_somebody_else_changed_is_not_overwritten(remote, local, tmp_path):
    address = "s3://bucket/raced/store"
    (tmp_path / "items.csv").write_text("item_id,price\n500,1\n501,2\n")
    ok("import", local / "log.parquet", "--schema", "hackathon", "--domain", "d", "--out", address,
       env=remote.env)
    line = ("attach", address, "--domain", "d", "--items", tmp_path / "items.csv")
    remote.fail(500, 10**6, writes=True, only="/attachments/")
    assert run(*line, env=remote.env).code == 1
    remote.fail(None, 0)
    ok("attach", address, "--domain", "d", "--items", tmp_path / "items.csv", "--item-columns",
       "price", env={**remote.env, "CROSSFADE_CACHE": str(tmp_path / "elsewhere")})
    raced = run(*line, env=remote.env)
    assert raced.code == 1 and "was changed by somebody else meanwhile" in raced.err
    ok(*line, env=remote.env)


RECIPE = """
name = "small"
[import]
log = "log.parquet"
schema = "hackathon"
[split]
store = "import"
by = "last:1"
[train.popular]
data = "split/train"
[describe]
store = "{store}"
"""


def test_a_recipe_with_data_and_run_on_s3(remote, local, tmp_path):
    remote.put("recipe/data/log.parquet", local / "log.parquet")
    for name, content in tree(local / "store").items():
        (tmp_path / "part").write_bytes(content)
        remote.put(f"recipe/store/{name}", tmp_path / "part")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(RECIPE.format(store="s3://bucket/recipe/store"))
    line = ("run", recipe, "--data", "s3://bucket/recipe/data", "--out", "s3://bucket/recipe/run")
    first = ok(*line, env=remote.env)
    assert str(tmp_path / "cache") not in first.out + first.err
    keys = remote.keys("recipe/run")
    assert "import/manifest.json" in keys and "report.html" in keys
    for name, content in keys.items():
        if name == ".crossfade/inputs.json":  # what files were when they were last read
            continue
        assert str(tmp_path / "cache").encode() not in content, name
    shutil.rmtree(tmp_path / "cache")
    again = ok(*line, env=remote.env)
    assert again.err.count("is there already") == 4, again.err
    assert json.loads(remote.keys("recipe/run")["provenance.json"])
    recipe.write_text(RECIPE.format(store="s3://bucket/recipe/gone"))
    gone = run(*line, env=remote.env)
    assert gone.code == 1 and "there is no s3://bucket/recipe/gone" in gone.err, gone.err
    missing = run("run", recipe, "--data", "s3://bucket/recipe/none", "--out",
                  "s3://bucket/recipe/other", env=remote.env)
    assert missing.code == 1 and "there is no s3://bucket/recipe/none" in missing.err


SMALL = """
name = "{name}"
[import]
log = "log.parquet"
schema = "hackathon"
"""


def test_a_run_that_is_refused_or_only_planned_leaves_nothing(remote, local, tmp_path):
    recipe, out = tmp_path / "recipe.toml", tmp_path / "cache" / "s3-out"
    line = ("run", recipe, "--data", local, "--out", "s3://bucket/own/run")
    recipe.write_text(SMALL.format(name="one"))
    planned = ok(*line, "--dry-run", env=remote.env)
    assert "import" in planned.out and remote.keys("own") == {} and is_empty(out)
    ok(*line, env=remote.env)
    whole = remote.keys("own")
    recipe.write_text(SMALL.format(name="other"))
    other = run(*line, env=remote.env)
    assert other.code == 2 and "holds a run of another recipe, one" in other.err, other.err
    assert str(tmp_path / "cache") not in other.err
    recipe.write_text(SMALL.format(name="one"))
    ok(*line, "--dry-run", "--from", "import", env=remote.env)
    assert remote.keys("own") == whole and is_empty(out)


def test_a_fetch_that_ended_early_is_not_taken_for_the_run(remote, local, tmp_path):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(SMALL.format(name="one"))
    line = ("run", recipe, "--data", local, "--out", "s3://bucket/early/run")
    ok(*line, env=remote.env)
    whole = set(remote.keys("early"))
    remote.fail(500, 10**6, only="/item.npy")
    ended = run(*line, env=remote.env)
    assert ended.code == 1 and "s3://bucket/early/run/import" in ended.err, ended.err
    remote.fail(None, 0)
    again = ok(*line, env=remote.env)
    assert again.err.count("is there already") == 1, again.err
    assert set(remote.keys("early")) == whole
    assert is_empty(tmp_path / "cache" / "s3-out")


def test_a_cache_that_cannot_be_written_names_the_address(remote, local, tmp_path):
    address = remote.put("cached/log.parquet", local / "log.parquet")
    (tmp_path / "file").write_text("no folder")
    env = {**remote.env, "CROSSFADE_CACHE": str(tmp_path / "file")}
    for line in (("import", address, "--schema", "hackathon", "--out", tmp_path / "store"),
                 ("import", local / "log.parquet", "--schema", "hackathon", "--out",
                  "s3://bucket/cached/store")):
        outcome = run(*line, env=env)
        assert outcome.code in (1, 4) and "s3://bucket/cached/" in outcome.err, outcome.err
        assert "/s3/" not in outcome.err
