#!/usr/bin/env python3
"""What events count: weights of views and carts that are tuned, against purchases alone.

usage: ./dev bench quality_events -- --data DIR [--models knn sparse_ease] [--tries 40]
                                     [--binary PATH] [--keep DIR]

DIR holds retailrocket-multibehavior/ with megamarket.parquet (user_id, datetime, event 0 view, 1
cart, 2 purchase, item_id) and test_purchases.parquet, one purchase per user, whose user and item
are nowhere in the log. The validation part is made in the same way: of every user with purchases
of two items the last one, taken out of the log with all its events. Three arms per model have the
same number of tries of a seeded random search by NDCG@10 there, over the same knobs: purchases
alone; the schema's weights (1, 3, 5); weights of views and carts searched too. The test is looked
at once per arm, with paired intervals over its users. Lists shorter than ten end with the popular
items.
"""

import argparse
import json
import math
import pathlib
import random
import subprocess
import tempfile

import pyarrow
import pyarrow.parquet as parquet

import quality
from quality import SEED, Cut, crossfade

K = 10
PURCHASE = 2
ARMS = ("purchases", "schema", "tuned")


def hold_out(source, folder):
    """The log without, and the pairs of, every user's last purchase, if others are left."""
    log = parquet.read_table(source).select(["user_id", "datetime", "event", "item_id"])
    rows = log.to_pylist()
    bought = {}
    for row in rows:
        if row["event"] == PURCHASE:
            bought.setdefault(row["user_id"], []).append(row["item_id"])
    last = {user: items[-1] for user, items in bought.items() if len(set(items)) > 1}
    kept = [n for n, row in enumerate(rows) if last.get(row["user_id"]) != row["item_id"]]
    parquet.write_table(log.take(kept), folder / "log.parquet")
    parquet.write_table(pyarrow.table({"user_id": pyarrow.array(list(last), pyarrow.int32()),
                                       "item_id": pyarrow.array(list(last.values()),
                                                                pyarrow.int32())}),
                        folder / "truth.parquet")
    return folder / "log.parquet", folder / "truth.parquet"


def prepare(log, truth, folder):
    store = folder / "store"
    if not store.exists():
        crossfade("import", log, "--schema", "megamarket", "--domain", "shop", "--out", store)
        crossfade("train", "popular", "--data", store, "--set", "count=events", "--out",
                  folder / "popular")
        crossfade("recommend", folder / "popular", "--data", store, "--k", K, "--out",
                  folder / "popular.parquet")
    return Cut(store, None, truth)


def draw(model, arm, random_numbers):
    """One point of the search; the arms draw the same shared knobs from the same seed."""
    log_uniform = lambda low, high: round(math.exp(random_numbers.uniform(math.log(low),
                                                                          math.log(high))), 4)
    settings = {"weighting": random_numbers.choice(["linear", "log", "binary"]),
                "history_weighting": random_numbers.choice(["linear", "log", "binary"]),
                "fading": round(random_numbers.uniform(0.5, 1), 3)}
    if model == "knn":
        settings["neighbours"] = round(log_uniform(20, 500))
        settings["shrinkage"] = round(random_numbers.uniform(0, 20), 2)
        settings["similarity"] = random_numbers.choice(["cosine", "tfidf", "bm25"])
    else:
        settings["l2"] = log_uniform(0.5, 100)
        settings["candidates"] = round(log_uniform(20, 200))
    views, carts = log_uniform(0.01, 1), log_uniform(0.05, 2)
    if arm == "purchases":
        settings.update(kind_0=0, kind_1=0, kind_2=1)
    elif arm == "tuned":
        settings.update(kind_0=views, kind_1=carts, kind_2=1)
    return settings


def fill(recommended, popular, out):
    """Lists end with popular items where they are short; users without a list get those alone."""
    def lists(path):
        found = {}
        table = parquet.read_table(path)
        for user, item in zip(table["user_id"].to_pylist(), table["item_id"].to_pylist()):
            found.setdefault(user, []).append(item)
        return found
    own, rows = lists(recommended), []
    for user, others in lists(popular).items():
        items = own.get(user, [])
        items = (items + [item for item in others if item not in items])[:K]
        rows += [(user, item, rank + 1) for rank, item in enumerate(items)]
    users, items, ranks = zip(*rows)
    parquet.write_table(pyarrow.table({"user_id": users, "item_id": items, "rank": ranks}), out)


def answer(model, settings, cut, folder, name):
    subprocess.run(["rm", "-rf", str(folder / "model")], check=True)
    line = [text for key, value in settings.items() for text in ("--set", f"{key}={value}")]
    crossfade("train", model, "--data", cut.store, "--out", folder / "model", "--seed", SEED, *line)
    raw, out = folder / "raw.parquet", folder / f"{name}.parquet"
    raw.unlink(missing_ok=True)
    crossfade("recommend", folder / "model", "--data", cut.store, "--k", K, "--out", raw)
    fill(raw, folder / "popular.parquet", out)
    return out


def judge(files, cut):
    return crossfade("evaluate", *files, "--truth", cut.truth, "--train", cut.store, "--k", K,
                     "--metrics", "ndcg,hit_rate", "--seed", SEED)


def search(model, arm, tries, cut, folder):
    random_numbers = random.Random(SEED)
    best, best_score = None, -1.0
    for _ in range(tries):
        settings = draw(model, arm, random_numbers)
        report = judge([answer(model, settings, cut, folder, "try")], cut)
        score = report["metrics"][f"ndcg@{K}"]["mean"]
        if score > best_score:
            best, best_score = settings, score
    print(f"  {model}, {arm}: {json.dumps(best)} ndcg@{K} {best_score:.4f} on the cut", flush=True)
    return best


def interval(values):
    return f"{values['mean']:.4f} [{values['low']:.4f}, {values['high']:.4f}]"


def table(model, report):
    first = report["reports"][0]["name"]
    against = {one["b"]: one["comparison"]["metrics"] for one in report["comparisons"]
               if one["a"] == first}
    for one in report["reports"]:
        cells = [model, one["name"]]
        for metric in (f"ndcg@{K}", f"hit_rate@{K}"):
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
    parser.add_argument("--models", nargs="+", default=["knn", "sparse_ease"])
    parser.add_argument("--tries", type=int, default=40)
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    parser.add_argument("--keep", type=pathlib.Path, help="a folder for stores and lists")
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    source = options.data / "retailrocket-multibehavior"
    with tempfile.TemporaryDirectory() as scratch:
        base = options.keep or pathlib.Path(scratch)
        folders = {name: base / name for name in ("cut", "final")}
        for folder in folders.values():
            folder.mkdir(parents=True, exist_ok=True)
        cut = prepare(*hold_out(source / "megamarket.parquet", folders["cut"]), folders["cut"])
        final = prepare(source / "megamarket.parquet", source / "test_purchases.parquet",
                        folders["final"])
        for model in options.models:
            files = []
            for arm in ARMS:
                best = search(model, arm, options.tries, cut, folders["cut"])
                files.append(answer(model, best, final, folders["final"], arm))
            files.append(folders["final"] / "popular.parquet")
            table(model, judge(files, final))


if __name__ == "__main__":
    main()
