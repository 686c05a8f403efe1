#!/usr/bin/env python3
"""How near generated worlds come to real logs: seven statistics, by the same code on both.

Real figures: the published sizes of Zvuk and MegaMarket (history length); 30music-sample (shape of
histories, item popularity, gaps, repeats, new items), and Yandex Music's sessions (their length,
skips), both as Parquet in --data. Ours: what --scale full asks for, for the sizes; a world with
histories as long as Zvuk's, for sessions and skips; and one with 30music's users, tracks and year,
of which a tenth of the sessions is kept, as that sample is.

    python bench/world_statistics.py --data DIR [--crossfade build/release/crossfade/cli/crossfade]

Prints a table with every distance, and exits with 1 if one is above 10%.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

HOME = pathlib.Path(__file__).resolve().parent.parent
HALF_HOUR = 1800.0
SHORTEST_SCROBBLE = 30.0  # seconds: 30music holds plays that were not skipped
SKIP_UNDER = 0.3  # of the track: what Yandex counts as a skip (single-play sessions show it)
ZVUK = {"plays": 244_673_551, "users": 382_790}
MEGAMARKET = {"events": 196_644_020, "users": 2_730_776}


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, help="folder with 30music-sample and "
                        "yandex-music-aggregates")
    parser.add_argument("--crossfade", default=str(HOME / "build/release/crossfade/cli/crossfade"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", action="append", default=[], help="a knob of two-domain, to try")
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    return parser.parse_args()


class Plays:
    """A log of plays, by user and time."""

    def __init__(self, path, keep=lambda session: np.ones(len(session), bool)):
        table = pq.read_table(path)
        session = table["session_id"].to_numpy()
        kept = keep(session)
        time = table["datetime"].cast(pa.timestamp("us", "UTC")).cast(pa.int64()).to_numpy()
        columns = [table["user_id"].to_numpy(), time / 1e6, session,
                   table["track_id"].to_numpy(), table["play_duration"].to_numpy()]
        columns = [column[kept] for column in columns]
        order = np.lexsort((columns[1], columns[0]))
        self.user, self.time, self.session, self.track, self.played = (
            column[order] for column in columns)

    def only(self, rows):
        part = object.__new__(Plays)
        for name, column in vars(self).items():
            setattr(part, name, column[rows])
        return part


def counts_of(ids):
    return np.unique(ids, return_counts=True)[1]


def history_shape(plays):
    counts = counts_of(plays.user)
    return {"median / mean": np.median(counts) / counts.mean(),
            "90% / mean": np.quantile(counts, 0.9) / counts.mean()}


def popularity(plays):
    counts = np.sort(counts_of(plays.track))
    size, total = len(counts), counts.sum()
    return {"top 1% of tracks": counts[size - size // 100:].sum() / total,
            "top 10% of tracks": counts[size - size // 10:].sum() / total,
            "Gini": 1 + 1 / size - 2 * np.cumsum(counts).sum() / (total * size)}


def gaps(plays):
    heard = plays.only(plays.played >= SHORTEST_SCROBBLE)
    gap = np.diff(heard.time)[np.diff(heard.user) == 0]
    gap = gap[gap <= HALF_HOUR]
    return {"median s": np.median(gap), "mean s": gap.mean()}


def repeats(plays):
    pairs = len(np.unique(plays.user.astype(np.int64) << 32 | plays.track))
    return {"of a user's plays": 1 - pairs / len(plays.user)}


def new_items(plays):
    """Of the second half of all plays, those of tracks that the first half does not know."""
    track = plays.track[np.argsort(plays.time, kind="stable")]
    half = len(track) // 2
    return {"plays of the second half": 1 - np.isin(track[half:], track[:half]).mean()}


def yandex_sessions(folder):
    table = pq.read_table(folder / "yandex-music-aggregates" / "session_stats.parquet")
    size = table["n_listens"].to_numpy()
    return {"session length": {"mean": size.mean(), "median": np.median(size),
                               "90%": np.quantile(size, 0.9)},
            "repeats": {
                "within sessions": 1 - table["unique_tracks"].to_numpy().sum() / size.sum()},
            "skips": {"of plays": (table["skip_rate"].to_numpy() * size).sum() / size.sum(),
                      "mean of sessions": table["skip_rate"].to_numpy().mean()}}


def our_sessions(plays, lengths):
    _, first, size = np.unique(plays.session, return_index=True, return_counts=True)
    order = np.argsort(plays.session, kind="stable")
    skipped = (plays.played < SKIP_UNDER * lengths[plays.track])[order]
    starts = np.concatenate(([0], np.cumsum(size)[:-1]))
    share = np.add.reduceat(skipped, starts) / size
    pairs = len(np.unique(plays.session.astype(np.int64) * (plays.track.max() + 1) + plays.track))
    return {"session length": {"mean": size.mean(), "median": np.median(size),
                               "90%": np.quantile(size, 0.9)},
            "repeats": {"within sessions": 1 - pairs / len(plays.track)},
            "skips": {"of plays": skipped.mean(), "mean of sessions": share.mean()}}


def track_lengths(plays):
    """The longest play of a track: two plays of three are whole."""
    lengths = np.zeros(plays.track.max() + 1, np.float32)
    np.maximum.at(lengths, plays.track, plays.played)
    return lengths


def thirty_music(plays):
    return {"history length": history_shape(plays), "item popularity": popularity(plays),
            "gaps": gaps(plays), "repeats": repeats(plays), "new items": new_items(plays)}


def make_world(options, folder, settings):
    line = [options.crossfade, "synth", "two-domain", "--no-truth", "--out", str(folder),
            "--seed", str(options.seed), "--quiet"]
    for setting in ["shop_share=0", "overlap=0", "listeners=1", *settings, *options.set]:
        line += ["--set", setting]
    subprocess.run(line, check=True, stdout=subprocess.DEVNULL)
    return folder / "zvuk-interactions.parquet"


def kept_sessions(session):
    """A tenth of the sessions, by a hash of their number."""
    hashed = session.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (hashed >> np.uint64(40)) % np.uint64(10) == 0


def full_sizes():
    """Users and rows that --scale full asks for, as the world's file lists them."""
    source = (HOME / "crossfade/synth/two_domain.cc").read_text()
    knobs = dict(re.findall(r'"(\w+)=([0-9.]+)"', source))
    users, events = int(knobs["users"]), int(knobs["events"])
    both = round(users * float(knobs["overlap"]))
    listeners = both + round((users - both) * float(knobs["listeners"]))
    shop = round(events * float(knobs["shop_share"]))
    return {"history length": {
        "Zvuk, mean": (events - shop) / listeners,
        "MegaMarket, mean": shop / (users - listeners + both)}}


def merge(*parts):
    whole = {}
    for part in parts:
        for statistic, values in part.items():
            whole.setdefault(statistic, {}).update(values)
    return whole


def main():
    options = parse()
    data = pathlib.Path(options.data)
    real = merge(
        {"history length": {"Zvuk, mean": ZVUK["plays"] / ZVUK["users"],
                            "MegaMarket, mean": MEGAMARKET["events"] / MEGAMARKET["users"]}},
        thirty_music(Plays(data / "30music-sample" / "zvuk-interactions.parquet")),
        yandex_sessions(data))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        year = make_world(options, folder / "year",
                          ["users=14262", "items=9999", "events=3431830", "days=365"])
        long = make_world(options, folder / "long",
                          ["users=2000", "items=50000", "events=1278000"])
        long_plays = Plays(long)
        ours = merge(full_sizes(), thirty_music(Plays(year, kept_sessions)),
                     our_sessions(long_plays, track_lengths(long_plays)))
    rows = [{"statistic": statistic, "of": name, "real": float(value),
             "ours": float(ours[statistic][name]),
             "distance": float(ours[statistic][name] / value - 1)}
            for statistic, values in real.items() for name, value in values.items()]
    if options.json:
        print(json.dumps(rows))
    else:
        print("| statistic | of | real | ours | distance |\n| --- | --- | --- | --- | --- |")
        for row in rows:
            print(f"| {row['statistic']} | {row['of']} | {row['real']:.4g} | {row['ours']:.4g} | "
                  f"{row['distance']:+.1%} |")
    return int(any(abs(row["distance"]) > 0.1 for row in rows))


if __name__ == "__main__":
    sys.exit(main())
