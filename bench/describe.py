#!/usr/bin/env python3
"""describe of a log of plays against DuckDB's SUMMARIZE of the same file, two threads each.

SUMMARIZE gives count, nulls, least, greatest, mean, deviation, quartiles and distinct values per
column. describe gives the whole exploration: growth, hours, histories, sessions, popularity,
repeats, duplicates, and writes its page. Runs of both sides alternate; the best of each counts.

    ./dev bench describe        or      python bench/describe.py --rows 5000000
"""

import argparse
import os
import pathlib
import subprocess
import tempfile
import time

import numpy
import pyarrow
import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parent.parent
CROSSFADE = ROOT / os.environ.get("CROSSFADE_BUILD", "build/bench") / "crossfade/cli/crossfade"
PEERS = ROOT / ".crossfade" / "peers" / "bin" / "python"
BLOCK = 1_000_000
DAYS = 120


def write_plays(path, rows, seed=1):
    """Plays in the Zvuk schema, in the order of time: heavy-tailed users and tracks, zstd."""
    rng = numpy.random.default_rng(seed)
    users, tracks = max(100, rows // 640), max(1000, min(1_506_950, rows // 27))
    activity = numpy.cumsum(rng.pareto(1.2, users) + 0.05)
    names = rng.permutation(tracks)
    schema = pyarrow.schema([("user_id", pyarrow.int32()), ("session_id", pyarrow.int32()),
                             ("datetime", pyarrow.timestamp("us")), ("track_id", pyarrow.int32()),
                             ("play_duration", pyarrow.float32())])
    span = DAYS * 86_400 * 10**6 * BLOCK // rows
    with pyarrow.parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for begin in range(0, rows, BLOCK):
            size = min(BLOCK, rows - begin)
            user = numpy.searchsorted(activity, rng.random(size) * activity[-1])
            track = names[(tracks ** rng.random(size) - 1).astype(numpy.int64)]
            moment = (1_672_531_200 * 10**6 + begin // BLOCK * span
                      + numpy.sort(rng.integers(0, span, size)))
            skipped = rng.random(size) < 0.3
            length = numpy.where(skipped, 30 * rng.random(size), rng.normal(180, 60, size))
            session = (user * 7919 + moment // (3600 * 10**6)) % 2_000_000_000
            columns = [user.astype("i4"), session.astype("i4"), moment.astype("M8[us]"),
                       track.astype("i4"), numpy.maximum(length, 0).astype("f4")]
            writer.write_table(pyarrow.table(columns, schema=schema))


def timed_describe(path, folder):
    begin = time.perf_counter()
    subprocess.run([CROSSFADE, "describe", path, "--schema", "zvuk", "--threads", "2", "--html",
                    folder / "page.html", "--quiet"], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begin


# DuckDB lives in the peers' environment; only its query is timed.
SUMMARIZE = """
import sys, time
import duckdb
connection = duckdb.connect(config={"threads": 2, "memory_limit": "4GB"})
connection.execute("SET enable_progress_bar = false")
begin = time.perf_counter()
connection.execute(f"SUMMARIZE SELECT * FROM '{sys.argv[1]}'").fetchall()
print(time.perf_counter() - begin)
"""


def timed_summarize(path):
    return float(subprocess.run([PEERS, "-c", SUMMARIZE, path], check=True, capture_output=True,
                                text=True).stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=40_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        path = folder / "plays.parquet"
        write_plays(path, arguments.rows)
        ours, peer = [], []
        for _ in range(arguments.runs):  # in turn, so that both meet the same machine
            ours.append(timed_describe(path, folder))
            peer.append(timed_summarize(path))
    print(f"{arguments.rows:,} rows, best of {arguments.runs}: describe {min(ours):.1f} s, "
          f"SUMMARIZE {min(peer):.1f} s, ratio {min(peer) / min(ours):.1f}x")


if __name__ == "__main__":
    main()
