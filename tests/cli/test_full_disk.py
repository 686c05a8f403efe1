"""What a full disk, a closed output and too little memory get: a sentence, exit code 4, and nothing
half-written under the name that was asked for."""

import subprocess

import pytest

from commands import CROSSFADE, ok, run, write_log


def shell(line, **options):
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=120,
                          **options)


@pytest.mark.parametrize("where", ["> /dev/full", ">&-"])
def test_a_result_that_cannot_be_printed_is_not_success(thread, where):
    for line in (f"describe {thread.store} --json", "--help", "version",
                 f"similar {thread.model} --data {thread.train} --item 504"):
        lost = shell(f"{CROSSFADE} {line} {where}")
        assert lost.returncode == 4, (line, lost.stderr)
        assert "standard output" in lost.stderr.splitlines()[-1]


def test_closed_streams_never_become_a_file_of_the_result(thread, tmp_path):
    closed = shell(f"{CROSSFADE} train popular --data {thread.train} --out {tmp_path}/model"
                   " <&- >&- 2>&-")
    assert closed.returncode == 4
    assert ok("recommend", tmp_path / "model", "--data", thread.train, "--out",
              tmp_path / "r.parquet").code == 0


def test_a_failed_command_keeps_its_code_where_nothing_can_be_printed(tmp_path):
    assert shell(f"{CROSSFADE} describe {tmp_path}/none > /dev/full").returncode == 1
    assert run("describe", tmp_path / "none").code == 1


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A log and what was made of it, too large for the limits below."""
    folder = tmp_path_factory.mktemp("large")
    write_log(folder / "log.parquet", rows=60_000, users=3000, items=400)
    ok("import", folder / "log.parquet", "--schema", "hackathon", "--out", folder / "store")
    ok("train", "als", "--data", folder / "store", "--out", folder / "als", "--set", "factors=8",
       "--set", "iterations=2")
    return folder


@pytest.mark.parametrize("line", [
    "import {from_}/log.parquet --schema hackathon --out {out}",
    "split {from_}/store --by last:1 --out {out}",
    "train als --data {from_}/store --set factors=32 --set iterations=1 --out {out}",
    "recommend {from_}/als --data {from_}/store --out {out}",
    "bundle create --data {from_}/store --model {from_}/als --out {out}",
])
def test_a_full_disk_leaves_nothing_and_says_so(large, tmp_path, line):
    # A limit on the size of files fails like a full disk, and needs no file system of its own.
    command = line.format(from_=large, out=tmp_path / "result")
    full = shell(f"ulimit -f 32; {CROSSFADE} {command}")
    assert full.returncode == 4, full.stderr
    assert "free some space" in full.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [1, 2])
def test_too_little_memory_is_a_sentence(large, tmp_path, threads):
    failed = shell(f"ulimit -v 900000; {CROSSFADE} train als --data {large}/store --set "
                   f"factors=8192 --threads {threads} --out {tmp_path}/als")
    assert failed.returncode == 4, failed.stderr
    assert "memory" in failed.stderr.splitlines()[-1]
    assert list(tmp_path.iterdir()) == []
