#!/usr/bin/env python3
"""Tracks that nobody has played: attributes against popularity and kNN on playlists.

usage: ./dev bench quality_cold -- --data DIR [--binary PATH]

DIR holds polimi-playlists-2018/ with interactions.parquet (user_id: the playlist, track_id, split)
and tracks.parquet (albums, artists). Every tenth track (ids that end in 3) is taken out of train
altogether; of the committed test part the pairs with such tracks are one truth, all others another.
All tracks are ranked for both. Settings are the defaults but for what the rows say; nothing was
searched.
"""

import argparse
import pathlib
import tempfile

import pyarrow
import pyarrow.compute as compute
import pyarrow.parquet as parquet

import quality
from quality import SEED, crossfade

K = 10
MODELS = {"attributes": ["attributes"],
          "attributes_artists": ["attributes", "--set", "by=artists"],
          "attributes_albums": ["attributes", "--set", "by=albums", "--set", "popularity=0"],
          "popular": ["popular"], "knn": ["knn"]}


def is_cold(tracks):
    return pyarrow.array([track % 10 == 3 for track in tracks.to_pylist()])


def prepare(source, folder):
    """A log in which cold tracks have events of weight zero only: they are items without plays."""
    pairs = parquet.read_table(source / "interactions.parquet").select(
        ["user_id", "track_id", "split"]).rename_columns(["user_id", "item_id", "split"])
    tracks = parquet.read_table(source / "tracks.parquet").select(["track_id", "albums", "artists"])
    cold = is_cold(pairs["item_id"])
    train = pairs.filter(compute.and_(compute.equal(pairs["split"], "train"),
                                      compute.invert(cold))).drop(["split"])
    ids = tracks["track_id"].filter(is_cold(tracks["track_id"]))
    unplayed = pyarrow.table({"user_id": pyarrow.array([9_999_999] * len(ids), pyarrow.int32()),
                              "item_id": ids})
    weights = pyarrow.array([1.0] * train.num_rows + [0.0] * len(ids), pyarrow.float32())
    log = pyarrow.concat_tables([train, unplayed]).append_column("weight", weights)
    parquet.write_table(log, folder / "log.parquet")
    parquet.write_table(tracks, folder / "tracks.parquet")
    in_test = compute.equal(pairs["split"], "test")
    for name, which in (("warm", compute.invert(cold)), ("cold", cold)):
        parquet.write_table(pairs.filter(compute.and_(in_test, which)).drop(["split"]),
                            folder / f"{name}.parquet")
    crossfade("import", folder / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
              "none", "--weight", "weight", "--domain", "music", "--items",
              folder / "tracks.parquet", "--out", folder / "store")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        prepare(options.data / "polimi-playlists-2018", folder)
        files = []
        for name, line in MODELS.items():
            crossfade("train", *line, "--data", folder / "store", "--out", folder / name)
            files.append(folder / f"lists_{name}.parquet")
            crossfade("recommend", folder / name, "--data", folder / "store", "--k", K, "--out",
                      files[-1])
        for truth in ("warm", "cold"):
            report = crossfade("evaluate", *files, "--truth", folder / f"{truth}.parquet", "--k", K,
                               "--metrics", "recall,ndcg", "--seed", SEED)
            for one, name in zip(report["reports"], MODELS):
                cells = [f"{value['mean']:.4f} [{value['low']:.4f}, {value['high']:.4f}]"
                         for value in (one["metrics"][f"{m}@{K}"] for m in ("recall", "ndcg"))]
                print(f"| {truth} | {name} | {cells[0]} | {cells[1]} |", flush=True)


if __name__ == "__main__":
    main()
