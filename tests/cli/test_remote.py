"""Files on S3 are read through copies, and a server that fails is a sentence or not seen at all."""

import os
import signal
import subprocess
import time

import pytest

from commands import CROSSFADE, ok, run, write_log


@pytest.fixture
def log(tmp_path):
    write_log(tmp_path / "log.parquet", rows=3000)
    return tmp_path / "log.parquet"


def bring(path, out, env):
    return run("import", path, "--schema", "hackathon", "--out", out, "--json", env=env)


def content(store):
    """Every column of a store."""
    return {path.name: path.read_bytes() for path in sorted(store.glob("segments/*/*.npy"))}


def test_a_log_is_the_same_from_everywhere(remote, log, tmp_path):
    address = remote.put("one/log.parquet", log)
    ok("import", log, "--schema", "hackathon", "--out", tmp_path / "here")
    outcome = bring(address, tmp_path / "there", remote.env)
    assert outcome.code == 0, outcome.err
    assert content(tmp_path / "here") == content(tmp_path / "there")


def test_a_store_is_copied_once(remote, log, tmp_path):
    store = tmp_path / "store"
    ok("import", log, "--schema", "hackathon", "--out", store)
    for path in store.rglob("*"):
        if path.is_file():
            remote.put("store/" + str(path.relative_to(store)), path)
    first = ok("describe", "s3://bucket/store", "--json", env=remote.env)
    remote.fail(None, 0)
    assert ok("describe", "s3://bucket/store/", "--json", env=remote.env).json() == first.json()
    assert remote.served < 50_000  # listings only


def test_what_is_not_there_or_not_allowed(remote, log, tmp_path):
    missing = bring("s3://bucket/none.parquet", tmp_path / "a", remote.env)
    assert missing.code == 1 and "there is no s3://bucket/none.parquet" in missing.err
    address = remote.put("denied/log.parquet", log)
    remote.fail(403, 1000)
    denied = bring(address, tmp_path / "b", remote.env)
    assert denied.code == 1 and "is denied" in denied.err, denied.err
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()


@pytest.mark.parametrize("fault, times", [(500, 2), ("slow", 1), ("half", 2)])
def test_faults_that_pass_are_not_seen(remote, log, tmp_path, fault, times):
    address = remote.put(f"passing-{fault}/log.parquet", log)
    remote.fail(fault, times)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 0, outcome.err
    assert remote.left == 0


@pytest.mark.parametrize("fault", [500, "half"])
def test_faults_that_stay_are_a_sentence(remote, log, tmp_path, fault):
    address = remote.put(f"staying-{fault}/log.parquet", log)
    remote.fail(fault, 10**6)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 1 and address in outcome.err, outcome.err
    assert "run the command again" in outcome.err
    assert not (tmp_path / "store").exists()
    remote.fail(None, 0)
    assert bring(address, tmp_path / "store", remote.env).code == 0


def test_a_stopped_fetch_goes_on(remote, tmp_path):
    write_log(tmp_path / "large.parquet", rows=1_500_000)
    address = remote.put("stopped/large.parquet", tmp_path / "large.parquet")
    size = (tmp_path / "large.parquet").stat().st_size
    assert size > 9_000_000  # two parts
    remote.fail("slow", 10**6)
    line = [str(CROSSFADE), "import", address, "--schema", "hackathon", "--out",
            str(tmp_path / "store")]
    running = subprocess.Popen(line, env={**os.environ, **remote.env}, stderr=subprocess.PIPE)
    parts = lambda: list((tmp_path / "cache").rglob("*.part"))
    for _ in range(200):
        if any(part.stat().st_size > 0 for part in parts()):
            break
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 130
    assert not (tmp_path / "store").exists() and parts()
    remote.fail(None, 0)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 0, outcome.err
    assert remote.served < size


def test_the_same_file_from_two_places_is_refused(remote, log, tmp_path):
    here = remote.put("twice/log.parquet", log)
    copy = remote.put("twice/again/copy.parquet", log)
    for given in ([here, copy], [log, copy], ["s3://bucket/twice"]):
        outcome = run("import", *given, "--schema", "hackathon", "--out", tmp_path / "store",
                      env=remote.env)
        assert outcome.code == 3 and "is the same file as" in outcome.err, outcome.err
        assert str(tmp_path / "cache") not in outcome.err
    assert bring(log, tmp_path / "store", remote.env).code == 0
    again = run("import", copy, "--schema", "hackathon", "--into", tmp_path / "store",
                env=remote.env)
    assert again.code == 2 and "its rows would count twice" in again.err


def test_patterns_find_what_matches(remote, tmp_path):
    for n, key in enumerate(["day=1/part-0", "day=1/part-1", "day=2/part-0", "day=2/deep/part-0"]):
        write_log(tmp_path / "part.parquet", rows=100 + n)
        remote.put(f"hive/{key}.parquet", tmp_path / "part.parquet")
    rows = {}
    for pattern in ("day=*/part-0.parquet", "day=1/*.parquet", "day=?", "*/deep/*"):
        outcome = bring("s3://bucket/hive/" + pattern, tmp_path / f"store-{len(rows)}", remote.env)
        assert outcome.code == 0, outcome.err
        rows[pattern] = outcome.json()["import"]["rows_read"]
    assert list(rows.values()) == [202, 201, 406, 103]
    none = bring("s3://bucket/hive/*.csv", tmp_path / "none", remote.env)
    assert none.code == 1 and "no file matches s3://bucket/hive/*.csv" in none.err
    bucketless = bring("s3://", tmp_path / "none", remote.env)
    assert bucketless.code == 2 and "names no bucket" in bucketless.err


def test_people_read_addresses_and_not_copies(remote, log, tmp_path):
    store, page = tmp_path / "store", tmp_path / "page.html"
    ok("import", log, "--schema", "hackathon", "--out", store)
    address = remote.put("named/log.parquet", log)
    (tmp_path / "test.csv").write_text("user_id,item_id\n1001,501\n")
    given = remote.put("named/test.csv", tmp_path / "test.csv")
    (tmp_path / "bad.parquet").write_text("nothing")
    bad = remote.put("named/bad.parquet", tmp_path / "bad.parquet")
    described = ok("describe", address, "--schema", "hackathon", "--html", page, env=remote.env)
    split = ok("split", store, "--given", given, "--out", tmp_path / "cut", env=remote.env)
    damaged = run("describe", bad, "--schema", "hackathon", env=remote.env)
    assert damaged.code == 3
    for text, name in ((described.out, address), (page.read_text(), address), (split.out, given),
                       (damaged.err, bad)):
        assert name in text and str(tmp_path / "cache") not in text, text[:2000]
