#!/usr/bin/env python3
"""Generated worlds: how many rows a second, and what a peer needs only to write them.

`crossfade synth two-domain` in the proportions of the published logs (--scale full, fewer users,
items and events) on two threads: generated, encoded, packed with zstd, hashed, on disk. Beside it
pyarrow, which has the same rows in memory already and writes them with zstd level 1 on its threads.
Runs alternate; medians of wall time. CPU seconds stand beside them, because they hold on a machine
that is busy otherwise.

    ./dev bench synth              or      python bench/synth.py --events 40000000 --runs 3
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
PEERS = HOME / ".crossfade" / "peers" / "bin" / "python"
CROSSFADE = HOME / "build" / "bench" / "crossfade" / "cli" / "crossfade"
LOGS = ["zvuk-interactions.parquet", "megamarket.parquet"]
FULL = {"users": 3_021_696, "items": 1_506_950, "events": 441_317_571}

PEER = """
import resource, sys, time
import pyarrow, pyarrow.parquet
pyarrow.set_cpu_count(int(sys.argv[1]))
tables = [pyarrow.parquet.read_table(path) for path in sys.argv[3:]]
def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
start, before = time.perf_counter(), cpu()
for number, table in enumerate(tables):
    pyarrow.parquet.write_table(table, f"{sys.argv[2]}/{number}.parquet", compression="zstd",
                                compression_level=1, row_group_size=1 << 20)
print(time.perf_counter() - start, cpu() - before)
"""


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=40_000_000)
    parser.add_argument("--order", choices=["user", "time"], default="user")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--crossfade", default=str(CROSSFADE))
    parser.add_argument("--peer-python", default=str(PEERS))
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    return parser.parse_args()


def measured(line):
    """Wall and CPU seconds and the largest resident memory (KiB) of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(line, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(line)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def generate(options, folder):
    shutil.rmtree(folder, ignore_errors=True)
    line = [options.crossfade, "synth", "two-domain", "--scale", "full", "--no-truth", "--quiet",
            "--threads", str(options.threads), "--set", f"order={options.order}",
            "--out", str(folder)]
    for knob, size in FULL.items():
        line += [f"--{knob}", str(size * options.events // FULL["events"])]
    return measured(line)


def write_with_peer(options, folder, out):
    line = [options.peer_python, "-c", PEER, str(options.threads), str(out),
            *(str(folder / log) for log in LOGS)]
    output = subprocess.run(line, check=True, capture_output=True, text=True).stdout
    return tuple(map(float, output.split()))


def main():
    options = parse()
    ours, peer = [], []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "peer").mkdir()
        for _ in range(options.runs):
            ours.append(generate(options, folder / "world"))
            peer.append(write_with_peer(options, folder / "world", folder / "peer"))
    middle = statistics.median
    rows = options.events
    result = {
        "rows": rows, "order": options.order, "threads": options.threads,
        "wall_s": middle(run[0] for run in ours), "cpu_s": middle(run[1] for run in ours),
        "peak_mib": max(run[2] for run in ours) / 1024,
        "pyarrow_write_wall_s": middle(run[0] for run in peer),
        "pyarrow_write_cpu_s": middle(run[1] for run in peer)}
    result["rows_per_s"] = rows / result["wall_s"]
    result["rows_per_cpu_s"] = rows / result["cpu_s"]
    if options.json:
        print(json.dumps(result))
        return
    print(f"{rows:,} rows of two-domain in the order of {options.order}, "
          f"{options.threads} threads, median of {options.runs}")
    print(f"  crossfade synth      {result['wall_s']:6.1f} s  {result['cpu_s']:6.1f} CPU s  "
          f"{result['rows_per_s'] / 1e6:.1f} M rows/s  "
          f"{result['rows_per_cpu_s'] / 1e6:.1f} M rows/CPU s  peak {result['peak_mib']:.0f} MiB")
    print(f"  pyarrow, write only  {result['pyarrow_write_wall_s']:6.1f} s  "
          f"{result['pyarrow_write_cpu_s']:6.1f} CPU s")


if __name__ == "__main__":
    main()
