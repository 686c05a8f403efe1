#!/usr/bin/env python3
"""Quality of the sequence models on public sequences: leave one out, all items ranked.

usage: ./dev bench quality_sequence -- --data DIR --keep DIR [--runs ml-1m/sasrec ...]
                                       [--seeds 1 2 3] [--threads 2]
                                       [--binary PATH]

DIR of --data holds ml-1m/sasrec.parquet and s3rec-seq/Beauty.parquet (user_id, item_id,
timestamp). Protocol: each user's last item is the test, the last but one stops the training
(validation=last), seen items are masked, NDCG@10 and HR@10 over all users. Settings are written
down below and not searched here; the test is looked at once per run and seed.

All is kept in --keep: what was judged is not made again, and a training that was stopped or killed
goes on from its checkpoint when the same command is given again.
"""

import argparse
import itertools
import json
import pathlib
import statistics
import subprocess
import sys
import time

import quality
from quality import crossfade

K = 10
FILES = {"ml-1m": "ml-1m/sasrec.parquet", "beauty": "s3rec-seq/Beauty.parquet"}
RUNS = {
    # The size of the published .1821 (cross-entropy, 64 dimensions, 2 blocks). Smaller batches and
    # larger steps that fall to zero learn as much in a third of the epochs; only some users' last
    # items are held back to stop by.
    "ml-1m/sasrec": {"model": "sasrec", "dimensions": 64, "blocks": 2, "heads": 1, "length": 200,
                     "dropout": 0.1, "batch": 32, "learning_rate": 0.003, "warmup": 200,
                     "schedule": "cosine", "epochs": 30, "patience": 0, "validation_users": 2000,
                     "slide": 0},
    # The same on everything but the test: how long is known from the validations.
    "ml-1m/sasrec-all": {"model": "sasrec", "dimensions": 64, "blocks": 2, "heads": 1,
                         "length": 200, "dropout": 0.1, "batch": 32, "learning_rate": 0.003,
                         "warmup": 200, "schedule": "cosine", "epochs": 30, "validation": "none",
                         "slide": 0},
    # The settings of the published too.
    "ml-1m/sasrec-published": {"model": "sasrec", "dimensions": 64, "blocks": 2, "heads": 1,
                               "length": 200, "dropout": 0.1, "batch": 128, "scaled": "no",
                               "learning_rate": 0.001, "patience": 10, "slide": 0},
    "ml-1m/bert4rec": {"model": "bert4rec", "dimensions": 64, "blocks": 2, "heads": 2,
                       "length": 200, "dropout": 0.1, "mask": 0.2, "batch": 32,
                       "learning_rate": 0.002, "warmup": 500, "schedule": "cosine", "epochs": 60,
                       "patience": 0, "validation_users": 2000},
    "beauty/sasrec": {"model": "sasrec", "dimensions": 64, "blocks": 2, "heads": 1, "length": 50,
                      "dropout": 0.5, "batch": 256, "learning_rate": 0.001, "patience": 10,
                      "slide": 0},
}


def prepare(data, name, folder):
    """The store without each user's last item, and those items."""
    cut = folder / name / "cut"
    if not cut.exists():
        store = folder / name / "store"
        subprocess.run(["rm", "-rf", str(store)], check=True)
        store.parent.mkdir(parents=True, exist_ok=True)
        crossfade("import", data / FILES[name], "--user", "user_id", "--item", "item_id", "--time",
                  "timestamp", "--time-unit", "s", "--weight", "none", "--out", store)
        crossfade("split", store, "--by", "last:1", "--no-validation", "--out", cut)
    return cut


def train(settings, cut, model, seed, threads):
    """Goes on where it was stopped; progress is shown as it comes."""
    knobs = [("--set", f"{name}={value}") for name, value in settings.items() if name != "model"]
    line = [quality.CROSSFADE, "train", settings["model"], "--data", cut / "train", "--out", model,
            "--seed", seed, "--threads", threads, *itertools.chain.from_iterable(knobs)]
    start = time.monotonic()
    if subprocess.run(list(map(str, line)), stdout=subprocess.DEVNULL).returncode != 0:
        sys.exit("the training ended early; give the same command again to go on with it")
    return time.monotonic() - start


def measure(run, seed, cut, folder, threads):
    """The judgement of one training, made once."""
    result = folder / "result.json"
    if result.exists():
        return json.loads(result.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    model, recommendations = folder / "model", folder / "recommendations.parquet"
    seconds = train(RUNS[run], cut, model, seed, threads) if not model.exists() else None
    recommendations.unlink(missing_ok=True)
    crossfade("recommend", model, "--data", cut / "train", "--k", K, "--out", recommendations)
    judged = crossfade("evaluate", recommendations, "--truth", cut / "test.parquet", "--train",
                       cut / "train", "--k", K)["metrics"]
    manifest = json.loads((model / "manifest.json").read_text())["metadata"]
    answer = {"ndcg": judged[f"ndcg@{K}"], "hit_rate": judged[f"hit_rate@{K}"],
              "seconds": seconds, "training": manifest["training"]}
    result.write_text(json.dumps(answer))
    return answer


def detectable(cut, folders):
    """The smallest difference of NDCG that so many users show, by the lists of two seeds."""
    lists = [folder / "recommendations.parquet" for folder in folders[:2]]
    if len(lists) < 2:
        return ""
    report = crossfade("evaluate", *lists, "--truth", cut / "test.parquet", "--metrics", "ndcg",
                       "--k", K)
    found = report["comparisons"][0]["comparison"]["metrics"][f"ndcg@{K}"]
    return f"{found['minimum_detectable_effect']:.4f}"


def row(run, seeds, answers, least):
    ndcg = [answer["ndcg"]["mean"] for answer in answers]
    hits = [answer["hit_rate"]["mean"] for answer in answers]
    spread = f" ± {statistics.stdev(ndcg):.4f}" if len(ndcg) > 1 else ""
    first = answers[0]["ndcg"]
    validation = [max(answer["training"].get("validation ndcg@10", [0])) for answer in answers]
    epochs = [answer["training"]["best_epoch"] for answer in answers]
    minutes = [f"{answer['seconds'] / 60:.0f}" if answer["seconds"] else "?" for answer in answers]
    return (f"| {run} | {len(seeds)} | {statistics.mean(ndcg):.4f}{spread} "
            f"[{first['low']:.4f}, {first['high']:.4f}] | {statistics.mean(hits):.4f} | "
            f"{statistics.mean(validation):.4f} | {', '.join(map(str, epochs))} | {least} | "
            f"{', '.join(minutes)} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--keep", type=pathlib.Path, required=True)
    parser.add_argument("--runs", nargs="+", default=list(RUNS), choices=list(RUNS))
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    rows = []
    for run in options.runs:
        cut = prepare(options.data, run.split("/")[0], options.keep)
        folders = [options.keep / run / str(seed) for seed in options.seeds]
        answers = [measure(run, seed, cut, folder, options.threads)
                   for seed, folder in zip(options.seeds, folders)]
        rows.append(row(run, options.seeds, answers, detectable(cut, folders)))
        print(rows[-1], flush=True)
    headings = ["run", "seeds", f"NDCG@{K} [95%, first seed]", f"HR@{K}", "best validation",
                "epoch", "detectable", "minutes"]
    print("\n| " + " | ".join(headings) + " |\n" + "| --- " * len(headings) + "|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
