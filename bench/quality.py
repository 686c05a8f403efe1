#!/usr/bin/env python3
"""Quality of ALS on the public splits Gowalla and Yelp2018, beside two peers with the same search.

usage: ./dev bench quality -- --data DIR [--sets gowalla yelp2018] [--factors 256]

DIR holds lightgcn-gowalla/ and lightgcn-yelp2018/ with train.parquet and test.parquet (user_id,
item_id). Protocol: all items ranked, train items masked, recall@20 and NDCG@20 over the users of
the test. Settings are chosen on a seeded ratio cut of train (90/10 per user) by NDCG@20; the test
is looked at once per library, with the settings so chosen. Every library searches a grid of the
same size; implicit has no frequency scaling, so its strengths of regularisation are others.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CROSSFADE = ROOT / "build" / "bench" / "crossfade" / "cli" / "crossfade"
PEERS = ROOT / ".crossfade" / "peers" / "bin" / "python"
SEED = 7
K = 20

UNOBSERVED = [0.003, 0.01, 0.03, 0.1]
GRIDS = {
    "crossfade": {"unobserved_weight": UNOBSERVED, "regularization": [0.001, 0.003, 0.01],
                  "nu": [1.0]},
    "irspack": {"unobserved_weight": UNOBSERVED, "regularization": [0.001, 0.003, 0.01],
                "nu": [1.0]},
    "implicit": {"unobserved_weight": UNOBSERVED, "regularization": [0.003, 0.03, 0.3],
                 "nu": [0.0]},
}


def crossfade(*arguments):
    """Runs a command and returns its JSON."""
    finished = subprocess.run([str(CROSSFADE), *map(str, arguments), "--json", "--quiet"],
                              capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(f"crossfade {arguments[0]}: {finished.stderr}")
    return json.loads(finished.stdout)


class Cut:
    """A store to learn from, the same log as `parquet` for the peers, and the truth."""

    def __init__(self, store, parquet, truth):
        self.store, self.parquet, self.truth = store, parquet, truth


def fit(library, settings, cut, folder):
    """Trains and writes recommendations; returns their file and the seconds of training."""
    out = folder / "recommendations.parquet"
    out.unlink(missing_ok=True)
    if library == "crossfade":
        model = folder / "model"
        subprocess.run(["rm", "-rf", str(model)], check=True)
        line = list(itertools.chain.from_iterable(
            ("--set", f"{name}={value}") for name, value in settings.items()))
        seconds = crossfade("train", "als", "--data", cut.store, "--out", model, "--seed", SEED,
                            *line)["seconds"]
        crossfade("recommend", model, "--data", cut.store, "--k", K, "--out", out)
        return out, seconds
    job = {"library": library, "settings": settings, "train": str(cut.parquet), "k": K,
           "seed": SEED, "out": str(out)}
    finished = subprocess.run([str(PEERS), str(ROOT / "bench" / "peer_als.py"), json.dumps(job)],
                              capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(f"{library}: {finished.stderr[-2000:]}")
    return out, json.loads(finished.stdout.splitlines()[-1])["seconds"]


def judge(recommendations, cut):
    report = crossfade("evaluate", recommendations, "--truth", cut.truth, "--train", cut.store,
                       "--k", K)
    return report["metrics"]


def search(library, factors, iterations, cut, folder):
    """Every point of the library's grid on the validation cut; returns the best settings."""
    grid = GRIDS[library]
    best, best_score = None, -1
    for values in itertools.product(*grid.values()):
        settings = {"factors": factors, "iterations": iterations,
                    **dict(zip(grid.keys(), values))}
        recommendations, seconds = fit(library, settings, cut, folder)
        score = judge(recommendations, cut)[f"ndcg@{K}"]["mean"]
        print(f"    {library} {json.dumps(settings)} ndcg@{K} {score:.4f} ({seconds:.0f} s)",
              flush=True)
        if score > best_score:
            best, best_score = settings, score
    return best


def prepare(data, name, folder):
    """The validation cut (of train) and the final one (train and test as published)."""
    source = data / f"lightgcn-{name}"
    final_store = folder / "final"
    columns = ["--user", "user_id", "--item", "item_id", "--time", "none", "--weight", "none"]
    crossfade("import", source / "train.parquet", *columns, "--out", final_store)
    crossfade("split", final_store, "--by", "ratio:0.9", "--seed", SEED, "--no-validation",
              "--out", folder / "cut")
    validation_log = folder / "validation-train.parquet"
    subprocess.run([str(PEERS), str(ROOT / "bench" / "peer_als.py"), json.dumps(
        {"subtract": str(folder / "cut" / "test.parquet"), "train": str(source / "train.parquet"),
         "out": str(validation_log)})], check=True)
    return (Cut(folder / "cut" / "train", validation_log, folder / "cut" / "test.parquet"),
            Cut(final_store, source / "train.parquet", source / "test.parquet"))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--sets", nargs="+", default=["gowalla", "yelp2018"])
    parser.add_argument("--libraries", nargs="+", default=list(GRIDS))
    parser.add_argument("--factors", type=int, default=256)
    parser.add_argument("--iterations", type=int, default=16)
    options = parser.parse_args()
    rows = []
    for name in options.sets:
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            validation, final = prepare(options.data, name, folder)
            for library in options.libraries:
                start = time.monotonic()
                best = search(library, options.factors, options.iterations, validation, folder)
                recommendations, seconds = fit(library, best, final, folder)
                metrics = judge(recommendations, final)
                recall, ndcg = metrics[f"recall@{K}"], metrics[f"ndcg@{K}"]
                rows.append(f"| {name} | {library} | {recall['mean']:.4f} "
                            f"[{recall['low']:.4f}, {recall['high']:.4f}] | {ndcg['mean']:.4f} "
                            f"[{ndcg['low']:.4f}, {ndcg['high']:.4f}] | {json.dumps(best)} | "
                            f"{seconds:.0f} s of {time.monotonic() - start:.0f} s |")
                print("  " + rows[-1], flush=True)
    print("\n| set | library | recall@20 | ndcg@20 | settings | training |\n"
          "| --- | --- | --- | --- | --- | --- |")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
