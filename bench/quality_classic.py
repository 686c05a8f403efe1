#!/usr/bin/env python3
"""Quality, time and memory of the generators that need no epochs, on Gowalla and Yelp2018.

usage: ./dev bench quality_classic -- --data DIR [--sets gowalla yelp2018] [--models ease ...]
                                   [--binary PATH] [--keep DIR]

DIR holds lightgcn-gowalla/ and lightgcn-yelp2018/ with train.parquet and test.parquet (user_id,
item_id). Protocol: all items ranked, train items masked, recall@20 and NDCG@20 over the users of
the test. A model with several settings is chosen on a seeded ratio cut of train (90/10 per user) by
NDCG@20; one with a single setting (published, or dear) is not searched. The test is looked at once
per model. Seconds are those of training, memory is the most that training held at once; both mean
what the machine was doing besides.
"""

import argparse
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import quality
from quality import K, SEED, Cut, crossfade, judge


def grid(**values):
    """All combinations of the lists."""
    return [dict(zip(values, point)) for point in itertools.product(*values.values())]


BEST_OF = ["row", "column"]
# Per model the settings that are tried, the same for both sets or by set. The published ones (of
# knn, rp3beta and ease) are those of sisinflab/Graph-RSs-Reproducibility, of gfcf the authors'.
SETTINGS = {
    "knn": {"gowalla": grid(similarity=["dot"], neighbours=[508], best_of=BEST_OF),
            "yelp2018": grid(similarity=["cosine"], neighbours=[144], best_of=BEST_OF)},
    "rp3beta": {"gowalla": grid(alpha=[0.566], beta=[0.00109], neighbours=[777], best_of=BEST_OF),
                "yelp2018": grid(alpha=[0.768], beta=[0.418], neighbours=[342], best_of=BEST_OF)},
    "gfcf": grid(factors=[256], alpha=[0.3]),
    "slim": grid(l1=[0.3, 1, 3], l2=[10, 100], candidates=[100]),
    "sparse_ease": grid(l2=[15.9, 50, 150, 500], candidates=[100])
                   + grid(l2=[150], candidates=[300]),
    "ease": {"gowalla": grid(l2=[50, 200], neighbours=[4000]),
             "yelp2018": grid(l2=[213], neighbours=[4000])},
}


def settings_of(model, name):
    found = SETTINGS[model]
    return found[name] if isinstance(found, dict) else found


class Fit:
    """What training took: seconds and the most memory, in GiB."""

    def __init__(self, seconds, memory_gib):
        self.seconds, self.memory_gib = seconds, memory_gib


def train(model, settings, store, out):
    subprocess.run(["rm", "-rf", str(out)], check=True)
    line = list(itertools.chain.from_iterable(
        ("--set", f"{name}={value}") for name, value in settings.items()))
    start = time.monotonic()
    child = subprocess.Popen([str(quality.CROSSFADE), "train", model, "--data", str(store), "--out",
                              str(out), "--seed", str(SEED), "--quiet", *line],
                             stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"train {model} ended with exit code {child.returncode}")
    return Fit(time.monotonic() - start, usage.ru_maxrss / 2**20)


def measure(model, settings, cut, folder):
    """Trains, recommends, judges; returns the metrics and what training took."""
    fit = train(model, settings, cut.store, folder / "model")
    recommendations = folder / "recommendations.parquet"
    recommendations.unlink(missing_ok=True)
    crossfade("recommend", folder / "model", "--data", cut.store, "--k", K, "--out",
              recommendations)
    return judge(recommendations, cut), fit


def search(model, points, cut, folder):
    """The best of several points on the validation cut; a single one as it is."""
    if len(points) == 1:
        return points[0]
    best, best_score = None, -1
    for settings in points:
        metrics, fit = measure(model, settings, cut, folder)
        score = metrics[f"ndcg@{K}"]["mean"]
        print(f"    cut: {model} {json.dumps(settings)} ndcg@{K} {score:.4f} "
              f"({fit.seconds:.0f} s, {fit.memory_gib:.1f} GiB)", flush=True)
        if score > best_score:
            best, best_score = settings, score
    return best


def prepare(data, name, folder):
    """The validation cut (of train) and the final one (train and test as published)."""
    source = data / f"lightgcn-{name}"
    store = folder / "final"
    if not store.exists():
        crossfade("import", source / "train.parquet", "--user", "user_id", "--item", "item_id",
                  "--time", "none", "--weight", "none", "--out", store)
        crossfade("split", store, "--by", "ratio:0.9", "--seed", SEED, "--no-validation", "--out",
                  folder / "cut")
    return (Cut(folder / "cut" / "train", None, folder / "cut" / "test.parquet"),
            Cut(store, None, source / "test.parquet"))


def row(name, model, settings, metrics, fit):
    cells = [f"{metrics[f'{metric}@{K}']['mean']:.4f} [{metrics[f'{metric}@{K}']['low']:.4f}, "
             f"{metrics[f'{metric}@{K}']['high']:.4f}]" for metric in ("recall", "ndcg")]
    said = ", ".join(f"{key} {value}" for key, value in settings.items())
    return (f"| {name} | {model} | {said} | {cells[0]} | {cells[1]} | {fit.seconds:.0f} s | "
            f"{fit.memory_gib:.1f} GiB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["gowalla", "yelp2018"])
    parser.add_argument("--models", nargs="+", default=list(SETTINGS), choices=list(SETTINGS))
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for stores and models")
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.sets:
            folder = (options.keep or pathlib.Path(scratch)) / name
            folder.mkdir(parents=True, exist_ok=True)
            validation, final = prepare(options.data, name, folder)
            for model in options.models:
                best = search(model, settings_of(model, name), validation, folder)
                metrics, fit = measure(model, best, final, folder)
                rows.append(row(name, model, best, metrics, fit))
                print("  " + rows[-1], flush=True)
    print(f"\n| set | model | settings | recall@{K} | NDCG@{K} | training | memory |\n"
          "| --- | --- | --- | --- | --- | ---: | ---: |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
