#!/usr/bin/env python3
"""A blend of the generators without epochs beside the best of them, on Gowalla and Yelp2018.

usage: ./dev bench quality_blend -- --data DIR [--sets gowalla yelp2018] [--binary PATH]
                                 [--keep DIR] [--share 0.8]

The protocol of quality_classic.py: all items ranked, train items masked, recall@20 and NDCG@20.
Each part is trained with the settings that docs/quality.md names for it, on the validation cut
(90/10 of train, seeded) and on all of train. Rule and weights of the blend are chosen on the cut by
NDCG@20: by each rule from equal weights, then one weight after the other among STEPS, until a round
changes nothing. The test is looked at once, with what was chosen, and compared pairwise with the
best single part of the cut and with GF-CF.
"""

import argparse
import json
import pathlib
import tempfile

import quality
from quality import K, SEED, Cut, crossfade
from quality_classic import prepare, train

DEPTH = 100
STEPS = [0, 0.25, 0.5, 1, 2, 4]
RULES = ["scores", "reciprocal_rank"]
PARTS = {
    "gowalla": {
        "gfcf": {"factors": 256, "alpha": 0.3},
        "rp3beta": {"alpha": 0.566, "beta": 0.00109, "neighbours": 777, "best_of": "column"},
        "als": {"factors": 512, "iterations": 10},
        "sparse_ease": {"l2": 50, "candidates": 100},
    },
    "yelp2018": {
        "gfcf": {"factors": 256, "alpha": 0.3},
        "rp3beta": {"alpha": 0.768, "beta": 0.418, "neighbours": 342, "best_of": "row"},
        "als": {"factors": 512, "iterations": 10},
        "slim": {"l1": 0.3, "l2": 100, "candidates": 100},
    },
}


def other_cut(final, share, folder):
    """A validation cut that keeps another share of each user's train."""
    parts = folder / f"cut-{share}"
    if not parts.exists():
        crossfade("split", final.store, "--by", f"ratio:{share}", "--seed", SEED,
                  "--no-validation", "--out", parts)
    return Cut(parts / "train", None, parts / "test.parquet")


def lists_of(parts, cut, folder):
    """Every part's lists; those that are there already are taken as they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for model, settings in parts.items():
        out = folder / f"{model}.parquet"
        if out.exists():
            continue
        fit = train(model, settings, cut.store, folder / "model")
        crossfade("recommend", folder / "model", "--data", cut.store, "--k", DEPTH, "--out", out)
        print(f"    {model}: {fit.seconds:.0f} s, {fit.memory_gib:.1f} GiB", flush=True)
    return [folder / f"{model}.parquet" for model in parts]


def blend(files, rule, weights, folder):
    out = folder / "blend.parquet"
    out.unlink(missing_ok=True)
    used = [(file, weight) for file, weight in zip(files, weights) if weight]
    line = [word for _, weight in used for word in ("--weight", weight)]
    crossfade("blend", *[file for file, _ in used], "--by", rule, *line, "--depth", DEPTH, "--k",
              K, "--out", out)
    return out


def score(file, cut):
    report = crossfade("evaluate", file, "--truth", cut.truth, "--k", K, "--metrics", "ndcg")
    return report["metrics"][f"ndcg@{K}"]["mean"]


def search(files, parts, cut, folder):
    """The best rule and weights on the cut."""
    best = (-1, None, None)
    for rule in RULES:
        weights = [1.0] * len(files)
        reached = score(blend(files, rule, weights, folder), cut)
        looks, changed = 1, True
        while changed:
            changed = False
            for at in range(len(files)):
                for step in STEPS:
                    tried = weights[:at] + [step] + weights[at + 1:]
                    if step == weights[at] or not any(tried):
                        continue
                    value = score(blend(files, rule, tried, folder), cut)
                    looks += 1
                    if value > reached:
                        weights, reached, changed = tried, value, True
        said = dict(zip(parts, weights))
        print(f"    cut: {rule} {json.dumps(said)} ndcg@{K} {reached:.4f} ({looks} looks)",
              flush=True)
        best = max(best, (reached, rule, weights), key=lambda found: found[0])
    return best[1], best[2]


def cells(metrics):
    return " | ".join(f"{metrics[name]['mean']:.4f} [{metrics[name]['low']:.4f}, "
                      f"{metrics[name]['high']:.4f}]" for name in (f"recall@{K}", f"ndcg@{K}"))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--sets", nargs="+", default=list(PARTS))
    parser.add_argument("--share", default="0.9", help="of each user's train that the cut keeps")
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for stores and lists")
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        for name in options.sets:
            folder = (options.keep or pathlib.Path(scratch)) / name
            folder.mkdir(parents=True, exist_ok=True)
            validation, final = prepare(options.data, name, folder)
            if options.share != "0.9":
                validation = other_cut(final, options.share, folder)
            parts = PARTS[name]
            files = lists_of(parts, validation, folder / f"on-cut-{options.share}")
            for file in files:
                print(f"    cut: {file.stem} ndcg@{K} {score(file, validation):.4f}", flush=True)
            rule, weights = search(files, parts, validation, folder)
            chosen = blend(lists_of(parts, final, folder / "on-train"), rule, weights, folder)
            report = crossfade("evaluate", chosen, folder / "on-train" / "gfcf.parquet", "--truth",
                               final.truth, "--k", K, "--metrics", "recall,ndcg")
            print(f"| {name} | {rule}, {json.dumps(dict(zip(parts, weights)))} | "
                  f"{json.dumps(report)} |", flush=True)


if __name__ == "__main__":
    main()
