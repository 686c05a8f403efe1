"""A graceful stop waits until every acknowledged event is on the disk."""

import os
import subprocess

import pytest

from conftest import Service

# Counts fsync() and fdatasync() of the program that it is loaded into: a byte in a file for each.
COUNTER = r"""
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
static void count(void) {
  int file = open(getenv("SYNCS"), O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (write(file, "x", 1) == 1) close(file);
}
int fsync(int file) { count(); return syscall(SYS_fsync, file); }
int fdatasync(int file) { count(); return syscall(SYS_fdatasync, file); }
"""


@pytest.fixture
def syncs(tmp_path, monkeypatch):
    (tmp_path / "counter.c").write_text(COUNTER)
    library = tmp_path / "counter.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, tmp_path / "counter.c"], check=True)
    preloaded = [str(library), *filter(None, [os.environ.get("LD_PRELOAD")])]
    monkeypatch.setenv("LD_PRELOAD", ":".join(preloaded))
    monkeypatch.setenv("SYNCS", str(tmp_path / "syncs"))
    path = tmp_path / "syncs"
    return lambda: path.stat().st_size if path.exists() else 0


def test_a_stop_brings_the_events_to_the_disk(bundle, tmp_path, syncs):
    service = Service(tmp_path, bundle, "--events", tmp_path / "events.log")
    service.json("POST", "/v1/events", {"user": 1, "item": 2})
    before = syncs()
    assert service.stop() == 0
    assert syncs() > before
