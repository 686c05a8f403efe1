"""Imports that are killed, run out of disk or memory, or meet each other: whole or not there."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time

import pytest

from commands import CROSSFADE, ok, run, write_log

SMALL = ("--memory", "300kB")  # spills every few thousand rows


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    path = tmp_path_factory.mktemp("stops") / "log.parquet"
    write_log(path, rows=400_000, users=3000, items=800)
    return path


@pytest.fixture(scope="module")
def whole(log):
    store = log.parent / "whole"
    ok("import", log, "--schema", "hackathon", "--out", store)
    return contents(store)


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def command(log, store, *options):
    return [str(CROSSFADE), "import", str(log), "--schema", "hackathon", "--out", str(store),
            *options]


def leftovers(store):
    return [path.name for path in store.parent.iterdir() if path.name.startswith(store.name + ".")]


def test_killed_imports_go_on_and_end_in_the_same_bytes(log, whole, tmp_path):
    store = tmp_path / "store"
    rng = random.Random(5)
    start = time.monotonic()
    ok("import", log, "--schema", "hackathon", "--out", store, *SMALL)
    seconds = time.monotonic() - start
    assert contents(store) == whole
    shutil.rmtree(store)
    kills = resumed = 0
    for _ in range(60):
        process = subprocess.Popen(command(log, store, *SMALL), stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        try:
            process.wait(timeout=rng.uniform(0.2, 0.9) * seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            kills += 1
            if store.exists():  # the kill came behind the last step
                assert contents(store) == whole
                shutil.rmtree(store)
                process.communicate()
                continue
        said = process.communicate()[1]
        resumed += "going on with an import that was stopped" in said
        if process.returncode == 0 and resumed > 0:
            break
        if process.returncode == 0:  # every kill came before the first checkpoint: once more
            assert contents(store) == whole
            shutil.rmtree(store)
    else:
        ok("import", log, "--schema", "hackathon", "--out", store, *SMALL)
    assert contents(store) == whole
    assert kills > 0 and resumed > 0
    assert not leftovers(store)


def test_a_killed_day_leaves_the_store_as_it_was(log, tmp_path):
    store = tmp_path / "store"
    write_log(tmp_path / "first.parquet", rows=3000, seed=3)
    ok("import", tmp_path / "first.parquet", "--schema", "hackathon", "--out", store)
    before = ok("describe", store, "--json").json()["fingerprint"]
    line = [str(CROSSFADE), "import", str(log), "--schema", "hackathon", "--into", str(store),
            *SMALL]
    for seconds in (0.1, 0.2, 0.3):
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        process.kill()
        process.wait()
        if process.returncode == 0:
            return  # this machine was faster than the kill
        if ok("describe", store, "--json").json()["fingerprint"] != before:
            again = run(*line[1:])  # the kill came behind the last step: the day is in it, once
            assert again.code == 2 and "its rows would count twice" in again.err
            return
    ok(*line[1:])
    assert ok("describe", store, "--json").json()["fingerprint"] != before
    assert not (store / "importing").exists()


@pytest.mark.parametrize("memory", ["300kB", "1GB"])
def test_a_full_disk_is_said_and_the_same_command_goes_on(log, whole, tmp_path, memory):
    store = tmp_path / "store"

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))

    stopped = subprocess.run(command(log, store, "--memory", memory), capture_output=True,
                             text=True, preexec_fn=limit)
    assert stopped.returncode == 4, stopped.stderr
    assert "cannot write" in stopped.stderr
    assert not store.exists()
    ok("import", log, "--schema", "hackathon", "--out", store, "--memory", memory)
    assert contents(store) == whole
    assert not leftovers(store)


def test_too_little_memory_is_an_error_and_nothing_is_left(tmp_path):
    """The address space is capped below what --memory allows: 3 M rows need 150 MB and more."""
    log, store = tmp_path / "log.parquet", tmp_path / "store"
    write_log(log, rows=3_000_000, users=3000, items=800)

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (260_000_000, 260_000_000))

    starved = subprocess.run(command(log, store, "--memory", "1GB", "--threads", "2"),
                             capture_output=True, text=True, preexec_fn=limit)
    assert starved.returncode == 4, starved.stderr
    assert "memory" in starved.stderr
    assert not store.exists() and not leftovers(store)


def interrupt(log, store):
    """Ctrl-C behind the first checkpoint; the exit code."""
    journal = store.parent / "store.importing" / "journal.json"
    process = subprocess.Popen(command(log, store, *SMALL), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    while process.poll() is None and not journal.exists():
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    return process.wait()


def test_ctrl_c_keeps_the_checkpoint(log, whole, tmp_path):
    store = tmp_path / "store"
    journal = tmp_path / "store.importing" / "journal.json"
    for _ in range(10):  # an import may be over before it is stopped
        code = interrupt(log, store)
        if code != 0:
            break
        shutil.rmtree(store)
    assert code == 130
    assert journal.exists() and not store.exists()
    again = ok("import", log, "--schema", "hackathon", "--out", store, *SMALL)
    assert "going on with an import that was stopped" in again.err
    assert contents(store) == whole


def test_two_writers_are_kept_apart(log, tmp_path):
    store = tmp_path / "store"
    first = subprocess.Popen(command(log, store, *SMALL), stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)
    while first.poll() is None and not (tmp_path / "store.importing").exists():
        time.sleep(0.001)
    os.kill(first.pid, signal.SIGSTOP)
    try:
        second = run("import", log, "--schema", "hackathon", "--out", store)
    finally:
        os.kill(first.pid, signal.SIGCONT)
    # Whoever has the lock is not disturbed. That is the first, unless it was halted before it had
    # the lock, or (2) was done already.
    assert 0 in (first.wait(), second.code)
    if second.code == 1:
        assert first.returncode == 0 and "another program" in second.err
    ok("describe", store)


def test_days_are_read_as_one_and_compacted(tmp_path):
    store, whole = tmp_path / "store", tmp_path / "whole"
    logs = [tmp_path / f"day-{day}.parquet" for day in range(3)]
    for day, path in enumerate(logs):
        write_log(path, rows=2000, users=80 + 40 * day, seed=day)
    ok("import", *logs, "--schema", "hackathon", "--out", whole)
    ok("import", logs[0], "--schema", "hackathon", "--out", store)
    for path in logs[1:]:
        ok("import", path, "--schema", "hackathon", "--into", store)
    ok("train", "popular", "--data", store, "--out", tmp_path / "days")
    ok("train", "popular", "--data", whole, "--out", tmp_path / "once")
    assert (tmp_path / "days" / "scores.npy").read_bytes() == \
        (tmp_path / "once" / "scores.npy").read_bytes()
    assert ok("compact", store, "--json").json()["segments_after"] == 1
    assert sorted(path.name for path in (store / "segments").iterdir()) == ["003-items"]
    columns = [{path.name: path.read_bytes() for path in (folder / "segments").rglob("*.npy")}
               for folder in (store, whole)]
    assert columns[0] == columns[1]
    again = run("import", logs[2], "--schema", "hackathon", "--into", store)
    assert again.code == 2 and "would count twice" in again.err


def test_options_get_a_sentence(log, tmp_path):
    for options in (("--memory", "lots"), ("--sessions-gap", "soon"), ("--sessions-gap", "0")):
        refused = run("import", log, "--schema", "hackathon", "--out", tmp_path / "s", *options)
        assert refused.code == 2 and options[0] in refused.err
    ok("import", log, "--schema", "hackathon", "--out", tmp_path / "s", "--sessions-gap", "1h")
    names = [path.name for path in (tmp_path / "s").rglob("*.npy")]
    assert "session.npy" in names
