"""The programs of one build as Python functions, and small generated logs."""

import json
import os
import pathlib
import random
import subprocess

import numpy
import pyarrow
import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / os.environ.get("CROSSFADE_BUILD", "build/dev")
CROSSFADE = BUILD / "crossfade" / "cli" / "crossfade"
SERVE = BUILD / "crossfade" / "service" / "crossfade-serve"


class Outcome:
    """What a command said: exit code, stdout, stderr."""

    def __init__(self, finished):
        self.code = finished.returncode
        self.out = finished.stdout
        self.err = finished.stderr

    def json(self):
        return json.loads(self.out)


def run(*arguments, timeout=120, env=None):
    """Runs crossfade and returns its Outcome, whatever the exit code."""
    line = [str(CROSSFADE), *map(str, arguments)]
    environment = {**os.environ, **(env or {})}
    return Outcome(
        subprocess.run(line, capture_output=True, text=True, errors="replace",
                       timeout=timeout, env=environment)
    )


def ok(*arguments, **options):
    """Runs crossfade and expects success."""
    outcome = run(*arguments, **options)
    assert outcome.code == 0, outcome.err
    return outcome


def kill_again_and_again(line, step, times, seed, is_done=lambda: False):
    """Starts crossfade and kills it, later and later, so that a machine of any speed is hit."""
    rng = random.Random(seed)
    kills = 0
    for point in range(times):
        process = subprocess.Popen([CROSSFADE, *line], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            process.wait(timeout=step * (point + 1) * rng.uniform(0.5, 1.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
        if is_done():
            break
    assert kills >= 1


def refused(outcome, code, *words):
    """The command ended with this exit code and a last line that says why, with these words."""
    assert outcome.code == code, (outcome.code, outcome.err)
    for word in words:
        assert word in outcome.err, outcome.err
    assert outcome.err.splitlines()[-1].startswith("crossfade: ")


def write_log(path, rows=4000, users=100, items=60, seed=1):
    """A hackathon-schema log with a planted structure: user u likes items of block u mod 4."""
    rng = numpy.random.default_rng(seed)
    user = rng.integers(0, users, rows)
    block = user % 4
    liked = block + 4 * rng.integers(0, items // 4, rows)
    item = numpy.where(rng.random(rows) < 0.9, liked, rng.integers(0, items, rows))
    day_ns = 86_400 * 10**9
    time = 1_700_000_000 * 10**9 + rng.integers(0, 100 * day_ns, rows)
    table = pyarrow.table(
        {
            "user_id": pyarrow.array(1000 + user, pyarrow.int64()),
            "item_id": pyarrow.array(500 + item, pyarrow.int64()),
            "timestamp": pyarrow.array(time, pyarrow.int64()),
            "rating": pyarrow.array(numpy.ones(rows), pyarrow.float64()),
        }
    )
    pyarrow.parquet.write_table(table, path)
    return table
