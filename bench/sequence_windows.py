#!/usr/bin/env python3
"""What it costs in quality that a full window of a sequence model drops a part at once.

A window that drops one item for each new one (slide=0) always shows the newest items, but every
position moves and all is read again; one that drops a quarter (slide=0.25) lets an answer cost one
step. Both answer from the same weights here, for every user of a cut by last item: HR@10 and
NDCG@10 over all items that the user has not met, for all users and for those whose history is
longer than the window. The difference is per user, with its standard error.

    crossfade import sasrec.parquet ...; crossfade split STORE --by last:1 --no-validation --out CUT
    crossfade train sasrec --data CUT/train --out MODEL
    ./dev bench sequence_windows -- --model MODEL --cut CUT --slides 0,0.25,0.5
"""
import argparse
import collections
import json
import math
import pathlib
import subprocess
import tempfile

HOME = pathlib.Path(__file__).resolve().parent.parent
DRIVER = HOME / "build" / "bench" / "bench" / "sequence_driver"
# Knobs of the network, as the model's manifest has them.
SHAPE = ["dimensions", "blocks", "heads", "length", "hidden", "norm", "activation", "normalise",
         "temperature"]


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", required=True, help="a folder that train sasrec wrote")
    parser.add_argument("--cut", required=True, help="a folder that split --by last:1 wrote")
    parser.add_argument("--slides", default="0,0.25,0.5")
    parser.add_argument("--driver", default=str(DRIVER))
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    return parser.parse_args()


def questions(cut):
    """Per user the target and the items before it, as indices of the train part."""
    import numpy as np
    import pyarrow.parquet

    segment = next((pathlib.Path(cut) / "train" / "segments").iterdir())
    items, users = np.load(segment / "items.numbers.npy"), np.load(segment / "users.numbers.npy")
    offsets, history = np.load(segment / "offsets.npy"), np.load(segment / "item.npy")
    of_item = {int(item): index for index, item in enumerate(items)}
    of_user = {int(user): index for index, user in enumerate(users)}
    test = pyarrow.parquet.read_table(pathlib.Path(cut) / "test.parquet")
    names = test.column_names
    for user, item in zip(test[names[0]].to_pylist(), test[names[1]].to_pylist()):
        place = of_user[user]
        yield of_item[item], history[offsets[place]:offsets[place + 1]]


def judge(options, metadata, slide, lines):
    knobs = metadata["sasrec"]
    settings = [f"{name}={str(knobs[name]).lower()}" for name in SHAPE]
    command = [options.driver, str(pathlib.Path(options.model) / "weights.safetensors"),
               str(metadata["num_items"]), "sasrec", *settings, f"slide={slide}"]
    finished = subprocess.run(command, input=f"judge {lines}\n", capture_output=True, text=True,
                              check=True)
    return json.loads(finished.stdout.splitlines()[1])


def summary(places, base):
    """HR@10, NDCG@10, and by how much NDCG@10 differs from `base`, with the standard error."""
    gains = [1 / math.log2(place + 1) if place else 0 for place in places]
    changes = [gain - (1 / math.log2(place + 1) if place else 0)
               for gain, place in zip(gains, base)]
    mean = sum(changes) / len(changes)
    spread = math.sqrt(sum((change - mean) ** 2 for change in changes)) / len(changes)
    return {"users": len(places), "hr@10": sum(place > 0 for place in places) / len(places),
            "ndcg@10": sum(gains) / len(gains), "difference": mean, "error": spread}


def main():
    options = parse()
    metadata = json.loads((pathlib.Path(options.model) / "manifest.json").read_text())["metadata"]
    results = collections.OrderedDict()
    with tempfile.TemporaryDirectory() as folder:
        lines, longer = pathlib.Path(folder) / "questions", []
        with open(lines, "w", encoding="ascii") as file:
            for target, history in questions(options.cut):
                longer.append(len(history) > metadata["sasrec"]["length"])
                file.write(" ".join(str(item) for item in [target, *history]) + "\n")
        slides = options.slides.split(",")
        places = {slide: judge(options, metadata, slide, lines) for slide in slides}
    for slide in slides:
        base = places[slides[0]]
        results[slide] = {
            "all": summary(places[slide], base),
            "longer than the window": summary(
                [place for place, long in zip(places[slide], longer) if long],
                [place for place, long in zip(base, longer) if long])}
    if options.json:
        print(json.dumps(results))
        return
    for slide, parts in results.items():
        for part, figures in parts.items():
            print(f"slide {slide:5} {part:24} {figures['users']:6} users   HR@10 "
                  f"{figures['hr@10']:.4f}   NDCG@10 {figures['ndcg@10']:.4f}   against slide "
                  f"{slides[0]}: {figures['difference']:+.4f} +- {figures['error']:.4f}")


if __name__ == "__main__":
    main()
