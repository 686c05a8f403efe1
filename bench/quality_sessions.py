#!/usr/bin/env python3
"""How sessions go on: transitions, co-visitation and session kNN on 30Music, on two cuts.

usage: ./dev bench quality_sessions -- --data DIR [--cuts session time] [--budget 60]
                                       [--sequence] [--seeds 1 2 3] [--binary PATH] [--keep DIR]

DIR holds 30music-sample/zvuk-interactions.parquet. Asked is every play of a session but its first
one, with all plays before it as history; repeats are kept. The cuts: `session` holds out each
listener's last session, `time` everything after a date (the last tenth), which leaks nothing:
nobody's training data are younger than a question. Every model is tuned on the validation part of
the same cut, by recall@20 and by MRR@20 with as many tries each; then it is trained on all that
came before the test, which is looked at once. With --keep, tuned settings that lie there are taken.

--sequence trains SASRec too, once per seed, with the settings below, and compares it with session
kNN as tuned by recall, the best of the others.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import quality
from quality import K, SEED, crossfade

RULES = {"session": "session:1", "time": "time:0.9"}
# What is tuned, with the knobs that are held; plain transitions and popularity have none.
TUNED = {"covisit": ["last=30"], "transitions": ["last=30"], "session_knn": []}
BEST = ("session_knn", "recall")
# Chosen by recall@20 of the sessions before those of the test (of the cut `session`; the other cut
# takes the same). The epochs are run to their end: the best one by the last items of 2,000
# listeners, which training holds back, is kept.
SEQUENCE = ["reads=session", "familiar=2.5", "repeats=yes", "length=100", "dimensions=128",
            "dropout=0.4", "normalise=yes", "temperature=0.07", "output_bias=yes", "loss=sampled",
            "negatives=1024", "popular_negatives=0.8", "batch=128", "learning_rate=0.003",
            "schedule=cosine", "epochs=30", "patience=0", "validation_users=2000"]
PLAIN = {"popular": ["count=events"], "covisit": ["window=1", "last=1"]}


def settings_line(settings):
    return [text for setting in settings for text in ("--set", setting)]


def tune(model, metric, folder, budget):
    """The file of the best settings on the validation part."""
    out = folder / f"tuned_{model}_{metric}"
    if not (out / "best.settings").exists():
        crossfade("tune", model, "--data", folder / "cut", "--metric", f"{metric}@{K}",
                  "--keep-seen", "--budget", budget, "--seed", SEED, "--out", out,
                  *settings_line(TUNED[model]))
    return out / "best.settings"


def lists(model, name, options, folder, seed=SEED):
    """Trains on all before the test and answers its questions."""
    subprocess.run(["rm", "-rf", str(folder / "model")], check=True)
    out = folder / f"{name}.parquet"
    out.unlink(missing_ok=True)
    trained = crossfade("train", model, "--data", folder / "final" / "train", "--seed", seed,
                        "--out", folder / "model", *options)
    crossfade("recommend", folder / "model", "--data", folder / "final" / "fold_in", "--keep-seen",
              "--k", K, "--out", out)
    print(f"  {name}: trained in {trained['seconds']:.2f} s", flush=True)
    return out


def prepare(data, cut, folder):
    if (folder / "final").exists():
        return
    store = folder / "store"
    crossfade("import", data / "30music-sample" / "zvuk-interactions.parquet", "--schema", "zvuk",
              "--domain", "music", "--out", store)
    for name, more in (("cut", []), ("final", ["--no-validation"])):
        crossfade("split", store, "--by", RULES[cut], "--target", "following", "--out",
                  folder / name, *more)


def interval(values):
    return f"{values['mean']:.4f} [{values['low']:.4f}, {values['high']:.4f}]"


def judge(cut, folder, files):
    """A row per list, with its difference to the first of them."""
    report = crossfade("evaluate", *files, "--truth", folder / "final" / "test.parquet", "--train",
                       folder / "final" / "train", "--metrics", "recall,mrr", "--k", K, "--seed",
                       SEED)
    (folder / "report.json").write_text(json.dumps(report, indent=1))
    first = report["reports"][0]["name"]
    against = {one["b"]: one["comparison"]["metrics"] for one in report["comparisons"]
               if one["a"] == first}
    print(f"\n| {cut} cut | recall@{K} | against {first} | MRR@{K} | against |\n"
          "| --- | --- | --- | --- | --- |")
    for one in report["reports"]:
        cells = [one["name"]]
        for metric in (f"recall@{K}", f"mrr@{K}"):
            cells.append(interval(one["metrics"][metric]))
            found = against.get(one["name"], {}).get(metric)
            cells.append("" if found is None else
                         f"{found['difference']:+.4f} [{found['low']:+.4f}, {found['high']:+.4f}], "
                         f"detectable {found['minimum_detectable_effect']:.4f}")
        print("| " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--cuts", nargs="+", default=list(RULES), choices=list(RULES))
    parser.add_argument("--budget", type=int, default=60)
    parser.add_argument("--sequence", action="store_true")
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for stores, searches, lists")
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        for cut in options.cuts:
            folder = (options.keep or pathlib.Path(scratch)) / cut
            folder.mkdir(parents=True, exist_ok=True)
            prepare(options.data, cut, folder)
            if options.sequence:
                best = tune(*BEST, folder, options.budget)
                files = [lists(BEST[0], "_".join(BEST), ["--settings", best], folder)]
                files += [lists("sasrec", f"sasrec_{seed}", settings_line(SEQUENCE), folder, seed)
                          for seed in options.seeds]
                judge(cut, folder, files)
                continue
            files = [lists("covisit", "transitions_plain", settings_line(PLAIN["covisit"]), folder),
                     lists("popular", "popular", settings_line(PLAIN["popular"]), folder)]
            for model in TUNED:
                for metric in ("recall", "mrr"):
                    best = tune(model, metric, folder, options.budget)
                    files.append(lists(model, f"{model}_{metric}", ["--settings", best], folder))
            judge(cut, folder, files)


if __name__ == "__main__":
    main()
