#!/usr/bin/env python3
"""Evaluation of 100,000 users x 100 recommendations at k = 10, 20, 100, beside RecTools' metrics.

usage: ./dev bench evaluation [-- --users N --runs N]

Both read the same generated Parquet files and score the same metrics, in turns; medians of the wall
clock. RecTools is timed inside its process, without its imports, by its fastest way (one
calc_metrics call, which shares the join between metrics); we are timed as the whole command, with
1,000 bootstrap resamples, which RecTools does not have. "ranking" is NDCG, recall, precision, hit
rate, MRR and MAP; "all" adds coverage and novelty, for which RecTools reads the train log and we
open the store that was imported from it. The means must agree.
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

ROOT = pathlib.Path(__file__).resolve().parent.parent
CROSSFADE = ROOT / "build" / "bench" / "crossfade" / "cli" / "crossfade"
PEER = ROOT / ".crossfade" / "parity-rectools" / "bin" / "python"
KS = [10, 20, 100]
RANKING = ["ndcg", "recall", "precision", "hit_rate", "mrr", "map"]
SETS = {"ranking": RANKING, "all": RANKING + ["coverage", "novelty"]}
# RecTools divides average precision by the number of relevant items, we by min(k, that).
COMPARED = ["ndcg", "recall", "precision", "hit_rate", "mrr", "coverage", "novelty"]


def generate(folder, users, items, length):
    """Lists of distinct popular items; a truth that takes some of them; a train log."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq
    rng = np.random.default_rng(7)
    popularity = 1 / np.arange(1, items + 1) ** 0.6
    cumulative = np.cumsum(popularity / popularity.sum())

    def draw(shape):
        return np.minimum(np.searchsorted(cumulative, rng.random(shape)), items - 1)

    lists = np.empty((users, length), np.int64)
    for begin in range(0, users, 1000):
        drawn = draw((min(1000, users - begin), 2 * length))
        order = np.argsort(drawn, axis=1, kind="stable")
        ordered = np.take_along_axis(drawn, order, axis=1)
        first = np.ones(drawn.shape, bool)
        np.put_along_axis(first, order[:, 1:], ordered[:, 1:] != ordered[:, :-1], axis=1)
        keep = np.argsort(~first, axis=1, kind="stable")[:, :length]
        assert np.take_along_axis(first, keep, axis=1).all(), "a list has too few distinct items"
        lists[begin:begin + len(drawn)] = np.take_along_axis(drawn, keep, axis=1)

    def write(name, columns):
        columns["user_id"] = columns["user_id"] * 7 + 13
        columns["item_id"] = columns["item_id"] * 3 + 5
        pq.write_table(pa.table(columns), folder / name)

    who = np.arange(users)
    liked = np.concatenate([lists[who, rng.integers(0, length, users)] for _ in range(3)])
    what = np.concatenate([liked, draw(7 * users)])
    pairs = np.unique(np.stack([np.tile(who, 10), what]), axis=1)
    write("truth.parquet", {"user_id": pairs[0], "item_id": pairs[1]})
    pairs = np.stack([rng.integers(0, users, 50 * users), draw(50 * users)])
    write("train.parquet", {"user_id": pairs[0], "item_id": pairs[1]})
    write("lists.parquet", {"user_id": np.repeat(who, length), "item_id": lists.ravel(),
                            "rank": np.tile(np.arange(1, length + 1, dtype=np.int32), users),
                            "score": np.tile(np.linspace(1, 0, length, dtype=np.float32), users)})


def peer(folder, which):
    """In RecTools' environment: prints seconds, cpu seconds and means as JSON."""
    import warnings

    import pandas as pd
    from rectools import metrics as rm
    warnings.simplefilter("ignore")
    wall, cpu = time.perf_counter(), time.process_time()
    lists = pd.read_parquet(folder / "lists.parquet", columns=["user_id", "item_id", "rank"])
    truth = pd.read_parquet(folder / "truth.parquet")
    metrics, more = {}, {}
    for k in KS:
        metrics |= {f"ndcg@{k}": rm.NDCG(k, divide_by_achievable=True), f"recall@{k}": rm.Recall(k),
                    f"precision@{k}": rm.Precision(k), f"hit_rate@{k}": rm.HitRate(k),
                    f"mrr@{k}": rm.MRR(k), f"map@{k}": rm.MAP(k)}
        if which == "all":
            metrics |= {f"coverage@{k}": rm.CatalogCoverage(k, normalize=True),
                        f"novelty@{k}": rm.MeanInvUserFreq(k)}
    if which == "all":
        train = pd.read_parquet(folder / "train.parquet")
        more = {"prev_interactions": train, "catalog": train["item_id"].unique()}
    means = rm.calc_metrics(metrics, lists, truth, **more)
    print(json.dumps({"seconds": time.perf_counter() - wall,
                      "cpu_seconds": time.process_time() - cpu,
                      "means": {name: float(mean) for name, mean in means.items()}}))


def run_peer(folder, which):
    command = [str(PEER), __file__, "--peer", which, "--folder", str(folder)]
    finished = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(finished.stdout)


def run_ours(folder, which, threads):
    command = [str(CROSSFADE), "evaluate", str(folder / "lists.parquet"), "--truth",
               str(folder / "truth.parquet"), "--k", ",".join(map(str, KS)), "--metrics",
               ",".join(SETS[which]), "--threads", str(threads), "--json", "--quiet"]
    if which == "all":
        command += ["--train", str(folder / "store")]
    before, wall = os.times(), time.perf_counter()
    finished = subprocess.run(command, capture_output=True, text=True)
    seconds, after = time.perf_counter() - wall, os.times()
    if finished.returncode != 0:
        sys.exit(f"crossfade evaluate: {finished.stderr}")
    metrics = json.loads(finished.stdout)["metrics"]
    cpu = (after.children_user + after.children_system
           - before.children_user - before.children_system)
    return {"seconds": seconds, "cpu_seconds": cpu,
            "means": {name: metric["mean"] for name, metric in metrics.items()}}


def check_agreement(ours, theirs):
    for name in ours:
        if name.split("@")[0] not in COMPARED:
            continue
        difference = abs(ours[name] - theirs[name])
        if difference > 1e-9 * abs(theirs[name]):
            sys.exit(f"{name}: ours is {ours[name]}, RecTools' {theirs[name]}")


def compare(folder, options):
    print(f"{options.users:,} users x {options.length} recommendations, k = {KS}; "
          f"medians of {options.runs} runs in turns; ours with {options.threads} threads")
    print(f"{'metrics':<9} {'ours s':>8} {'RecTools s':>11} {'ratio':>7} {'CPU ratio':>10}")
    for which in SETS:
        ours, theirs = [], []
        for _ in range(options.runs):
            ours.append(run_ours(folder, which, options.threads))
            theirs.append(run_peer(folder, which))
        check_agreement(ours[0]["means"], theirs[0]["means"])

        def median(runs, what):
            return statistics.median(run[what] for run in runs)

        wall = median(theirs, "seconds") / median(ours, "seconds")
        cpu = median(theirs, "cpu_seconds") / median(ours, "cpu_seconds")
        print(f"{which:<9} {median(ours, 'seconds'):>8.2f} {median(theirs, 'seconds'):>11.2f} "
              f"{wall:>6.1f}x {cpu:>9.1f}x", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--length", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--peer", choices=SETS, help=argparse.SUPPRESS)
    parser.add_argument("--generate", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=pathlib.Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return peer(options.folder, options.peer)
    if options.generate:
        return generate(options.folder, options.users, options.items, options.length)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="crossfade-evaluation-"))
    try:
        sizes = [f"--{name}={getattr(options, name)}" for name in ("users", "items", "length")]
        subprocess.run([str(PEER), __file__, "--generate", "--folder", str(folder), *sizes],
                       check=True)
        columns = ["--user", "user_id", "--item", "item_id", "--time", "none"]
        subprocess.run([str(CROSSFADE), "import", str(folder / "train.parquet"), *columns, "--out",
                        str(folder / "store"), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        compare(folder, options)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
