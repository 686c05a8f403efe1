"""Worlds are written in blocks: the rows do not bound the memory, nor do threads change a byte."""

import hashlib
import os
import subprocess

from commands import CROSSFADE, ok


def peak_kib(*arguments):
    """Runs the program and returns its largest resident memory in KiB."""
    process = subprocess.Popen([str(CROSSFADE), *map(str, arguments)], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(name, millions):
        return peak_kib("synth", "two-domain", "--users", "20000", "--items", "5000", "--events",
                        millions * 1_000_000, "--no-truth", "--out", tmp_path / name)

    little, much = peak("little", 3), peak("much", 12)
    # Nine million rows more would be 250 MiB in memory.
    assert much - little < 60 * 1024, (little, much)


def test_files_are_the_same_bytes_for_any_number_of_threads(tmp_path):
    def digests(threads):
        folder = tmp_path / f"threads-{threads}"
        ok("synth", "two-domain", "--users", "2000", "--items", "500", "--events", "300000",
           "--set", "order=time", "--threads", threads, "--out", folder)
        return {path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
                for path in sorted(folder.rglob("*.*"))}

    one = digests(1)
    assert len(one) > 8 and one == digests(3)
