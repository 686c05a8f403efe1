"""What bad input gets: a sentence that says what, where and what to do; never a crash, a
half-written result or a silent loss. Exit codes: 1 failed, 2 usage, 3 data invalid, 4 exhausted."""

import fcntl
import os
import shutil
import signal
import subprocess
import time

import pyarrow
import pyarrow.parquet
import pytest

from commands import CROSSFADE, ok, refused, run, write_log


def bring(path, out, *options):
    return run("import", path, "--schema", "hackathon", "--out", out, *options)


@pytest.fixture
def log(tmp_path):
    write_log(tmp_path / "log.parquet", rows=500)
    return tmp_path / "log.parquet"


def test_missing_file(tmp_path):
    refused(bring(tmp_path / "none.parquet", tmp_path / "store"), 1, "none.parquet")
    assert not (tmp_path / "store").exists()


def test_missing_column(log, tmp_path):
    outcome = run("import", log, "--user", "usr_id", "--item", "item_id", "--time", "none",
                  "--out", tmp_path / "store")
    refused(outcome, 3, "usr_id", "user_id")
    assert not (tmp_path / "store").exists()


def test_wrong_type(log, tmp_path):
    table = pyarrow.parquet.read_table(log)
    words = pyarrow.array(["soon"] * table.num_rows)
    changed = table.set_column(2, "timestamp", words)
    pyarrow.parquet.write_table(changed, tmp_path / "wrong.parquet")
    refused(bring(tmp_path / "wrong.parquet", tmp_path / "store"), 3, "timestamp")


def test_empty_file(tmp_path):
    (tmp_path / "empty.parquet").write_bytes(b"")
    refused(bring(tmp_path / "empty.parquet", tmp_path / "store"), 3, "empty")


def test_no_rows(log, tmp_path):
    table = pyarrow.parquet.read_table(log).slice(0, 0)
    pyarrow.parquet.write_table(table, tmp_path / "none.parquet")
    refused(bring(tmp_path / "none.parquet", tmp_path / "store"), 3, "no rows")


def test_text_named_parquet(tmp_path):
    (tmp_path / "text.parquet").write_text("user_id,item_id\n1,2\n" * 10)
    refused(bring(tmp_path / "text.parquet", tmp_path / "store"), 3, "text.parquet")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_truncated_parquet(log, tmp_path, share):
    data = log.read_bytes()
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(data[: int(len(data) * share)])
    refused(bring(cut, tmp_path / "store"), 3, "cut.parquet")


def test_flipped_bits_are_found_where_pages_carry_checksums(log, tmp_path):
    table = pyarrow.parquet.read_table(log)
    checked = tmp_path / "checked.parquet"
    pyarrow.parquet.write_table(table, checked, write_page_checksum=True)
    data = bytearray(checked.read_bytes())
    data[len(data) // 3] ^= 0x10
    checked.write_bytes(data)
    refused(bring(checked, tmp_path / "store"), 3, "checked.parquet")


def test_nulls_in_ids_are_counted_and_reported(log, tmp_path):
    table = pyarrow.parquet.read_table(log)
    users = table["user_id"].to_pylist()
    users[3] = users[7] = None
    changed = table.set_column(0, "user_id", pyarrow.array(users, pyarrow.int64()))
    pyarrow.parquet.write_table(changed, tmp_path / "nulls.parquet")
    outcome = ok("import", tmp_path / "nulls.parquet", "--schema", "hackathon", "--out",
                 tmp_path / "store")
    assert "2" in outcome.out and "null" in outcome.out
    refused(bring(tmp_path / "nulls.parquet", tmp_path / "strict", "--strict"), 3, "null")
    assert not (tmp_path / "strict").exists()


def test_absurd_times_are_counted_and_reported(log, tmp_path):
    table = pyarrow.parquet.read_table(log)
    times = table["timestamp"].to_pylist()
    times[0] = -(2**62)
    changed = table.set_column(2, "timestamp", pyarrow.array(times, pyarrow.int64()))
    pyarrow.parquet.write_table(changed, tmp_path / "times.parquet")
    outcome = ok("import", tmp_path / "times.parquet", "--schema", "hackathon", "--out",
                 tmp_path / "store")
    assert "time" in outcome.out


def test_existing_outputs_are_refused(thread, log, tmp_path):
    for outcome in (
        bring(log, thread.store),
        run("split", thread.store, "--by", "last:1", "--out", thread.train.parent),
        run("train", "als", "--data", thread.train, "--out", thread.model),
        run("recommend", thread.model, "--data", thread.train, "--out", thread.recommendations),
        run("bundle", "create", "--data", thread.train, "--model", thread.model, "--out",
            thread.bundle),
    ):
        refused(outcome, 2, "exists already")


def test_unknown_names_get_the_nearest_one(thread, tmp_path):
    refused(run("train", "asl", "--data", thread.train, "--out", tmp_path / "m"), 2, "'als'")
    refused(run("train", "als", "--data", thread.train, "--out", tmp_path / "m", "--set",
                "factor=8"), 2, "'factors'")
    refused(run("train", "als", "--data", thread.train, "--out", tmp_path / "m", "--set",
                "factors=many"), 2, "factors")
    refused(run("trian"), 2, "'train'")
    refused(run("train", "als", "--dta", thread.train), 2, "--data")
    refused(run("split", thread.store, "--by", "lest:1", "--out", tmp_path / "s"), 2, "last")
    refused(run("import", thread.log, "--schema", "hackaton", "--out", tmp_path / "s"), 2,
            "hackathon")


def test_training_that_needs_too_much_does_not_start(thread, tmp_path):
    train = ("train", "als", "--data", thread.train, "--out", tmp_path / "model")
    refused(run(*train, "--memory", "1kB"), 4, "als over", "items needs", "may take 1000 B",
            "fewer factors")
    refused(run(*train, "--memory", "much"), 2, "--memory", "much")
    assert not (tmp_path / "model").exists()


def test_damaged_model_and_bundle(thread, tmp_path):
    for name, source in (("model", thread.model), ("bundle", thread.bundle)):
        copy = tmp_path / name
        shutil.copytree(source, copy)
        victim = max(copy.rglob("*.npy"), key=lambda path: path.stat().st_size)
        data = bytearray(victim.read_bytes())
        data[-1] ^= 1
        victim.write_bytes(data)
    refused(run("recommend", tmp_path / "model", "--data", thread.train, "--out",
                tmp_path / "r.parquet"), 3, "not what was written")
    refused(run("bundle", "verify", tmp_path / "bundle"), 3, "not what was written")
    served = run("serve", tmp_path / "bundle", "--port", "0")
    assert served.code == 3 and "not what was written" in served.err


def test_a_store_is_not_a_model(thread, tmp_path):
    refused(run("recommend", thread.train, "--data", thread.train, "--out",
                tmp_path / "r.parquet"), 3, "model")
    refused(run("describe", thread.model), 3, "store")


def test_a_model_answers_only_for_the_ids_it_was_trained_over(thread, tmp_path):
    table = pyarrow.parquet.read_table(thread.log)
    pyarrow.parquet.write_table(table.take(list(range(table.num_rows))[::-1]),
                                tmp_path / "turned.parquet")
    assert bring(tmp_path / "turned.parquet", tmp_path / "turned", "--domain", "zvuk").code == 0
    data = ("--data", tmp_path / "turned")
    for line in (
        ("recommend", thread.model, *data, "--out", tmp_path / "r.parquet"),
        ("similar", thread.model, *data, "--item", "504"),
        ("explain", thread.model, *data, "--user", "1000", "--item", "504"),
        ("bundle", "create", "--model", thread.model, *data, "--out", tmp_path / "bundle"),
    ):
        refused(run(*line), 3, "als", "train it again")
    assert not (tmp_path / "r.parquet").exists() and not (tmp_path / "bundle").exists()


def test_a_model_answers_for_a_store_that_has_grown(thread, tmp_path):
    shutil.copytree(thread.train, tmp_path / "grown")
    write_log(tmp_path / "goods.parquet", rows=300, users=150, seed=3)
    ok("import", tmp_path / "goods.parquet", "--schema", "hackathon", "--domain", "goods",
       "--into", tmp_path / "grown")
    ok("recommend", thread.model, "--data", tmp_path / "grown", "--out", tmp_path / "r.parquet")


def test_damaged_store(thread, tmp_path):
    shutil.copytree(thread.store, tmp_path / "store")
    victim = max((tmp_path / "store").rglob("*.npy"), key=lambda path: path.stat().st_size)
    victim.write_bytes(victim.read_bytes()[:-8])
    outcome = run("train", "als", "--data", tmp_path / "store", "--out", tmp_path / "m")
    refused(outcome, 3, victim.name)


def test_unknown_user_and_item(thread, tmp_path):
    refused(run("recommend", thread.model, "--data", thread.train, "--users", "5", "--out",
                tmp_path / "r.parquet"), 2, "'5'")
    refused(run("similar", thread.model, "--data", thread.train, "--item", "5"), 2, "'5'")


def test_similar_asks_for_one_item_or_a_catalogue(thread, tmp_path):
    base = ("similar", thread.model, "--data", thread.train)
    refused(run(*base), 2, "--item", "--catalog")
    refused(run(*base, "--catalog", tmp_path / "t.json"), 2, "--out")
    refused(run(*base, "--item", "504", "--catalog", tmp_path / "t.json"), 2, "--item")
    refused(run(*base, "--catalog", tmp_path / "t.json", "--out", tmp_path / "o.json"), 1, "t.json")
    (tmp_path / "t.json").write_text("no catalogue\n")
    refused(run(*base, "--catalog", tmp_path / "t.json", "--out", tmp_path / "o.json"), 3, "line 1")
    assert not (tmp_path / "o.json").exists()


def test_truth_with_other_ids_is_said(thread, tmp_path):
    table = pyarrow.table({"user_id": [1, 2], "item_id": [1, 2]})
    pyarrow.parquet.write_table(table, tmp_path / "truth.parquet")
    report = ok("evaluate", thread.recommendations, "--truth", tmp_path / "truth.parquet",
                "--train", thread.train, "--k", "10", "--json").json()
    assert report["metrics"]["ndcg@10"]["mean"] == 0


def test_evaluate_blames_what_is_wrong(thread, tmp_path):
    judge = ("evaluate", thread.recommendations, "--truth")
    too_long = run(*judge, thread.test, "--k", "2000000")
    refused(too_long, 2, "k is at most")
    assert "als.parquet" not in too_long.err.splitlines()[-1]
    none = pyarrow.parquet.read_table(thread.test).slice(0, 0)
    pyarrow.parquet.write_table(none, tmp_path / "none.parquet")
    empty = run(*judge, tmp_path / "none.parquet")
    refused(empty, 3, "none.parquet")
    assert "als.parquet" not in empty.err.splitlines()[-1]
    lists = pyarrow.parquet.read_table(thread.recommendations)
    for rank, word in ((0, "below 1"), (1, "two items at one place")):
        ranks = pyarrow.array([rank] * lists.num_rows, pyarrow.int32())
        at = lists.column_names.index("rank")
        pyarrow.parquet.write_table(lists.set_column(at, "rank", ranks), tmp_path / "l.parquet")
        refused(run("evaluate", tmp_path / "l.parquet", "--truth", thread.test), 3, word)


def test_numbers_beyond_64_bits_are_not_clamped(thread, tmp_path):
    refused(run("train", "als", "--data", thread.train, "--out", tmp_path / "m", "--seed",
                "99999999999999999999"), 2, "64 bits", "--seed")


def test_a_named_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.parquet")
    refused(bring(tmp_path / "pipe.parquet", tmp_path / "store"), 1, "not a regular file")


def test_places_that_cannot_be_say_so(thread, log, tmp_path):
    (tmp_path / "file").write_text("x")
    below_a_file = run("train", "popular", "--data", thread.train, "--out", tmp_path / "file" / "m")
    refused(below_a_file, 1, "Not a directory")
    assert "remove" not in below_a_file.err
    long_name = bring(log, tmp_path / "store", "--domain", "d" * 300)
    refused(long_name, 2, "100 bytes")


def test_ids_that_are_no_text_are_dropped_and_counted(tmp_path):
    (tmp_path / "log.csv").write_bytes(b"user_id,item_id\nann,x\n\xff\xfe,y\nbob,\xc3\n")
    outcome = ok("import", tmp_path / "log.csv", "--user", "user_id", "--item", "item_id",
                 "--time", "none", "--weight", "none", "--out", tmp_path / "store")
    assert "user id is not UTF-8" in outcome.out and "item id is not UTF-8" in outcome.out
    assert ok("describe", tmp_path / "store", "--json").json()["users"] == 1


def test_controls_in_a_name_reach_no_terminal(tmp_path):
    outcome = run("describe", tmp_path / "a\x1b[2Jb\nc")
    refused(outcome, 1, "a\\x1b[2Jb\\nc")
    assert "\x1b" not in outcome.err and len(outcome.err.splitlines()) == 1


def test_a_store_has_one_writer(thread, log, tmp_path):
    shutil.copytree(thread.store, tmp_path / "store")
    other = os.open(tmp_path / "store", os.O_RDONLY | os.O_DIRECTORY)
    into = ("import", log, "--schema", "hackathon", "--domain", "goods", "--into",
            tmp_path / "store")
    try:
        fcntl.flock(other, fcntl.LOCK_EX)
        refused(run(*into), 1, "another program")
    finally:
        os.close(other)
    ok(*into)


def test_interrupt_leaves_nothing(thread, tmp_path):
    process = subprocess.Popen([CROSSFADE, "train", "als", "--data", thread.train, "--out",
                                tmp_path / "m", "--set", "iterations=1000", "--set",
                                "factors=256"], stderr=subprocess.PIPE)
    time.sleep(0.7)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert list(tmp_path.iterdir()) == []
