#!/usr/bin/env python3
"""Training speed of SASRec against RePlay and RecTools: sequences per second.

usage: ./dev bench sequence_training [-- --users 1280 --epochs 2 --runs 3 --peers replay rectools]

The same architecture (64 dimensions, 2 blocks, 1 head, length 200, dropout 0.1), batch (128), loss
(cross-entropy over all 3,416 items) and optimiser (Adam), two threads each, on a generated log with
histories as long as MovieLens-1M's (median 96, from 18 to 2,300 items). The newest 201 items of
each user are one sequence; an epoch takes each once. RePlay is given ready batches in a plain loop,
without its data loader and trainer; RecTools runs as its users run it.

Libraries take turns. The rates count epochs only, not starting up. On a busy machine the rate by
CPU time (threads together) moves less, but threads that wait for each other by spinning, as those
of libtorch do, count as working. Each peer has an environment of its own: the first call installs
them.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import numpy
import pyarrow
import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "bench"
ITEMS, THREADS = 3416, 2
WHEELS = {"replay": ["replay-rec==0.22.0", "numpy==1.26.4", "pandas==2.3.3", "polars==1.44.2",
                     "pyarrow==23.0.1", "lightning"],
          "rectools": ["rectools==0.19.0", "numpy==1.26.4", "pandas==2.3.3", "pyarrow==23.0.1",
                       "pytorch-lightning"]}


def environment(peer):
    """The peer's Python; torch first, and the one that we link, so that nothing replaces it."""
    folder = ROOT / ".crossfade" / f"sequence-{peer}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    if not stamp.exists():
        print(f"installing {peer} in {folder}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run([*pip, "torch==2.13.0+cpu"], stderr=subprocess.DEVNULL).returncode != 0:
            subprocess.run([*pip, "torch==2.13.0"], check=True)
        subprocess.run([*pip, *WHEELS[peer]], check=True)
        stamp.touch()
    return python


def write_log(path, users, seed=1):
    rng = numpy.random.default_rng(seed)
    lengths = numpy.exp(rng.normal(numpy.log(96), 0.98, users)).clip(18, 2300).astype(int)
    total = int(lengths.sum())
    popularity = 1 / numpy.arange(10, ITEMS + 10) ** 0.8
    items = rng.choice(ITEMS, total, p=popularity / popularity.sum())
    items[:ITEMS] = numpy.arange(ITEMS)[:total]  # every item comes
    table = pyarrow.table({
        "user_id": pyarrow.array(numpy.repeat(numpy.arange(users), lengths), pyarrow.int64()),
        "item_id": pyarrow.array(items, pyarrow.int64()),
        "timestamp": pyarrow.array(1_600_000_000 + numpy.arange(total), pyarrow.int64())})
    pyarrow.parquet.write_table(table, path)


def import_log(build, folder):
    """The folder's log.parquet as its store."""
    subprocess.run([build / "crossfade" / "cli" / "crossfade", "import", folder / "log.parquet",
                    "--user", "user_id", "--item", "item_id", "--time", "timestamp", "--time-unit",
                    "s", "--weight", "none", "--out", folder / "store", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)


def train_ours(build, folder, epochs):
    """Seconds and CPU seconds of one training, starting up included."""
    out = folder / "model"
    subprocess.run(["rm", "-rf", str(out)], check=True)
    program = build / "crossfade" / "neural" / "crossfade-neural"
    version = subprocess.run([program, "--version"], capture_output=True, text=True,
                             check=True).stdout.strip()
    job = {"version": version, "model": "sasrec", "store": str(folder / "store"), "domain": "",
           "out": str(out), "seed": 1, "threads": THREADS, "checkpoint": "",
           "settings": [f"epochs={epochs}", "validation=none", "dimensions=64", "blocks=2",
                        "heads=1", "length=200", "dropout=0.1", "batch=128"]}
    (folder / "job.json").write_text(json.dumps(job))
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    finished = subprocess.run([program, folder / "job.json"], capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(finished.stdout[-500:])
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic() - start
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def rate_of_ours(build, folder, users, epochs):
    """One epoch more or less is what epochs cost."""
    one, all_of_them = train_ours(build, folder, 1), train_ours(build, folder, 1 + epochs)
    return [users * epochs / (b - a) for a, b in zip(one, all_of_them)]


def run_peer(peer, folder, epochs, **more):
    """What peer_sequence.py says of a training on the folder's log."""
    job = {"peer": peer, "log": str(folder / "log.parquet"), "epochs": epochs, "threads": THREADS,
           **more}
    finished = subprocess.run([environment(peer), ROOT / "bench" / "peer_sequence.py",
                               json.dumps(job)], capture_output=True, text=True,
                              env={**os.environ, "OMP_NUM_THREADS": str(THREADS)})
    if finished.returncode != 0:
        sys.exit(f"{peer}: {finished.stderr[-2000:]}")
    return json.loads(finished.stdout.splitlines()[-1])


def rate_of_peer(peer, folder, users, epochs):
    answer = run_peer(peer, folder, epochs)
    return [users * epochs / answer["seconds"], users * epochs / answer["cpu_seconds"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=1280)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers", nargs="*", default=list(WHEELS), choices=list(WHEELS))
    parser.add_argument("--build", type=pathlib.Path, default=BUILD)
    options = parser.parse_args()
    rates = {name: [] for name in ["crossfade", *options.peers]}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        write_log(folder / "log.parquet", options.users)
        import_log(options.build, folder)
        for _ in range(options.runs):
            rates["crossfade"].append(
                rate_of_ours(options.build, folder, options.users, options.epochs))
            for peer in options.peers:
                rates[peer].append(rate_of_peer(peer, folder, options.users, options.epochs))
    middle = {name: [statistics.median(column) for column in zip(*runs)]
              for name, runs in rates.items()}
    print("| library | sequences/s | ours by it | sequences per CPU second | ours by it |\n"
          "| --- | ---: | ---: | ---: | ---: |")
    ours = middle["crossfade"]
    for name, (wall, cpu) in middle.items():
        print(f"| {name} | {wall:.0f} | {ours[0] / wall:.2f} | {cpu:.0f} | {ours[1] / cpu:.2f} |")


if __name__ == "__main__":
    main()
