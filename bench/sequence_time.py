#!/usr/bin/env python3
"""Time to the same quality: SASRec here, in RePlay and in RecTools, on a real log.

usage: ./dev bench sequence_time -- --log FILE [--epochs 8] [--peers replay rectools]

FILE is a Parquet log (user_id, item_id, timestamp), as MovieLens-1M of published leave-one-out
runs. Everybody learns all items of a user but the last one, by the same architecture, batch, loss
and optimiser as in sequence_training.py, two threads each, and is judged after every epoch by the
last items of all users: NDCG@10, all items ranked, seen ones left out. Seconds are those of the
epochs, without starting up and judging. Of us the settings that docs/quality_networks.md found to
need fewer epochs are run too. The level is the best that every library has reached.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import pyarrow
import pyarrow.parquet

from sequence_training import BUILD, THREADS, WHEELS, import_log, run_peer

OURS = {"crossfade": ["batch=128"],
        "crossfade, batch 32, .003, cosine of 30 epochs":
            ["batch=32", "learning_rate=0.003", "warmup=200", "schedule=cosine"]}
SHAPE = ["dimensions=64", "blocks=2", "heads=1", "length=200", "dropout=0.1", "patience=0",
         "validation=last", "validation_users=0"]


def curve_of_ours(build, folder, settings, epochs):
    out = folder / "model"
    subprocess.run(["rm", "-rf", out], check=True)
    words = [word for setting in [*SHAPE, *settings, f"epochs={epochs}"]
             for word in ("--set", setting)]
    subprocess.run([build / "crossfade" / "cli" / "crossfade", "train", "sasrec", "--data",
                    folder / "store", "--out", out, "--seed", "1", "--threads", str(THREADS),
                    "--quiet", *words], check=True, stdout=subprocess.DEVNULL)
    told = json.loads((out / "manifest.json").read_text())["metadata"]["training"]
    return told["seconds"], told["validation ndcg@10"]


def curve_of_peer(peer, folder, epochs):
    answer = run_peer(peer, folder, epochs, judge=True)
    return answer["epoch_seconds"], answer["ndcg"]


def until(level, seconds, values):
    """Epochs and seconds to a value of `level`, which is reached."""
    epoch = next(epoch for epoch, value in enumerate(values, 1) if value >= level)
    return epoch, sum(seconds[:epoch])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", type=pathlib.Path, required=True)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--peers", nargs="*", default=list(WHEELS), choices=list(WHEELS))
    parser.add_argument("--build", type=pathlib.Path, default=BUILD)
    options = parser.parse_args()
    curves = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        table = pyarrow.parquet.read_table(options.log, columns=["user_id", "item_id", "timestamp"])
        table = table.append_column("row", pyarrow.array(range(len(table))))
        table = table.sort_by([("user_id", "ascending"), ("timestamp", "ascending"),
                               ("row", "ascending")]).drop_columns("row")
        pyarrow.parquet.write_table(table, folder / "log.parquet")
        import_log(options.build, folder)
        for name, settings in OURS.items():
            epochs = 30 if "schedule=cosine" in settings else options.epochs
            curves[name] = curve_of_ours(options.build, folder, settings, epochs)
        for peer in options.peers:
            curves[peer] = curve_of_peer(peer, folder, options.epochs)
    for name, (seconds, values) in curves.items():
        print(f"{name}: {sum(seconds) / len(seconds):.1f} s per epoch; "
              + " ".join(f"{value:.4f}" for value in values))
    level = min(max(values) for _, values in curves.values())
    print(f"\n| to NDCG@10 {level:.4f} | epochs | seconds | of ours, same settings |\n"
          "| --- | ---: | ---: | ---: |")
    ours = until(level, *curves["crossfade"])[1]
    for name, curve in curves.items():
        epochs, seconds = until(level, *curve)
        print(f"| {name} | {epochs} | {seconds:.0f} | {seconds / ours:.1f} |")


if __name__ == "__main__":
    main()
