#!/usr/bin/env python3
"""The generated botify worlds against what is published of the original: calibrates and checks.

usage: bench/botify_world.py check [--users FOLDER] [--episodes N] [--seed S]
       bench/botify_world.py draws --users FOLDER
       bench/botify_world.py calibrate 2022|2026 --users FOLDER --start NAME=VALUE ...

FOLDER holds the published listeners, users_2022-2023.json and users_2026.json. Needs the preset
bench: cmake --preset bench && ninja -C build/bench botify_driver

check plays Random, StickyArtist, TopPop(100) and the sticky mixture, 30,000 sessions each, with
the published listeners (if given) and with generated ones. Random and StickyArtist were
calibrated: the gain has to lie within 10 points of the published one, or the script fails. TopPop
and the mixture were not, but they had been seen when the knobs were frozen (docs/simulation.md):
their distance is how far a world's word may be trusted at best.

draws compares the first sessions of seed 31337 over the published listeners with those of a
published log of the original: users, interests and places of the first tracks.

calibrate looks for knobs at which Random and StickyArtist (and, for 2026, the published cosines)
are as published, by steps along one knob after another from where --start says, and prints them;
nobody has to believe the search, only the check. It aims at no other recommender, although the
driver plays the others too.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DRIVER = ROOT / os.environ.get("CROSSFADE_BUILD", "build/bench") / "bench" / "botify_driver"
USERS = {"2022": "users_2022-2023.json", "2026": "users_2026.json"}

# Published: mean time of a session (the first track's 1.0 among it), gains over Random in percent.
PUBLISHED = {
    "2022": {"random": 2.08, "sticky": 51, "top100": 57},
    "2026": {"random": 3.83, "sticky": -23, "mixture": -11},
}
CALIBRATED = ("sticky",)
DRAWS = [[3255, 5191, 7], [7229, 204, 2], [9016, 1670, 5], [4432, 3156, 2], [5769, 1390, 8],
         [2786, 558, 4], [4327, 613, 8], [3931, 9959, 5]]

# What a search may turn.
FREE = {"2022": ("length", "common", "genre"),
        "2026": ("spectrum", "genre", "artist", "artist_spread")}


def play(generation, seed, episodes, users="-", settings=()):
    line = [str(DRIVER), generation, str(seed), str(episodes), str(users), *settings]
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stderr or f"{DRIVER} failed")
    return json.loads(done.stdout)


def check_draws(folder):
    done = subprocess.run([str(DRIVER), "draws", str(folder / USERS["2026"])],
                          capture_output=True, text=True, check=True)
    draws = json.loads(done.stdout)
    if draws != DRAWS:
        sys.exit(f"published {DRAWS}\nours      {draws}")
    print(f"all {len(DRAWS)} sessions begin as published: {draws}")


def gain(run, name):
    """Percent over Random."""
    return 100 * (run[name]["time"] / run["random"]["time"] - 1)


def aims(generation, run):
    """What a search aims at: value of a run, published value, one unit of distance."""
    known = PUBLISHED[generation]
    listed = [(run["random"]["time"], known["random"], 0.05), (gain(run, "sticky"),
                                                               known["sticky"], 2)]
    if generation == "2026":
        cosines = run["cosines"]
        listed += [(cosines["random_deviation"], 0.135, 0.005),
                   (cosines["artist_mean"], 0.44, 0.03),
                   (cosines["artist_low"], 0.2, 0.1), (cosines["artist_high"], 0.75, 0.1)]
    return listed


def distance(generation, settings, users):
    """Mean squared distance over two worlds, each with published and with generated listeners."""
    total = 0
    for seed in (1, 2):
        for who in (users, "-"):
            run = play(generation, seed, 10000, who, ["dims=512"] * (generation == "2026") +
                       [f"{name}={value:.4g}" for name, value in settings.items()])
            total += sum(((value - aim) / unit) ** 2
                         for value, aim, unit in aims(generation, run)) / 4
    return total


def calibrate(generation, folder, start):
    users = folder / USERS[generation]
    settings = dict(start)
    best, step = distance(generation, settings, users), 1.3
    while step > 1.04:
        moved = False
        for name in FREE[generation]:
            for factor in (step, 1 / step):
                tried = {**settings, name: settings[name] * factor}
                value = distance(generation, tried, users)
                if value < best:
                    settings, best, moved = tried, value, True
                    print(f"{best:8.2f}  " + " ".join(f"{k}={v:.4g}" for k, v in settings.items()),
                          flush=True)
                    break
        if not moved:
            step = step ** 0.5
    return settings


def check(folder, episodes, seed):
    failed = False
    print("| year | listeners | recommender | time | gain | published | distance |")
    print("| --- | --- | --- | ---: | ---: | ---: | ---: |")
    for generation, known in PUBLISHED.items():
        for who in ([folder / USERS[generation]] if folder else []) + ["-"]:
            run = play(generation, seed, episodes, who)
            listeners = "generated" if who == "-" else "published"
            time = run["random"]["time"]
            print(f"| {generation} | {listeners} | Random | {time:.2f} | | {known['random']} | "
                  f"{100 * (time / known['random'] - 1):+.0f}% |")
            for name in ("sticky", "top100", "mixture"):
                if name not in known:
                    continue
                points = gain(run, name) - known[name]
                failed |= name in CALIBRATED and abs(points) > 10
                mark = "" if name in CALIBRATED else " (seen, not calibrated)"
                print(f"| {generation} | {listeners} | {name}{mark} | {run[name]['time']:.2f} ± "
                      f"{1.96 * run[name]['error']:.2f} | {gain(run, name):+.0f}% | "
                      f"{known[name]:+}% | {points:+.0f} points |")
    return failed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("check", "draws", "calibrate"))
    parser.add_argument("generation", nargs="?", choices=tuple(PUBLISHED))
    parser.add_argument("--users", type=pathlib.Path)
    parser.add_argument("--episodes", type=int, default=30000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", nargs="*", default=[], help="knobs to begin with: name=value")
    options = parser.parse_args()
    if options.what != "check" and not options.users:
        parser.error(f"{options.what} needs --users")
    if options.what == "calibrate" and not options.generation:
        parser.error("calibrate needs a generation: " + " or ".join(PUBLISHED))
    if options.what == "calibrate":
        start = {name: float(value) for name, value in (s.split("=") for s in options.start)}
        missing = [name for name in FREE[options.generation] if name not in start]
        if missing:
            sys.exit(f"say where to begin: --start {' '.join(f'{name}=..' for name in missing)}")
        print(calibrate(options.generation, options.users, start))
    elif options.what == "draws":
        check_draws(options.users)
    elif check(options.users, options.episodes, options.seed):
        sys.exit("a calibrated gain is more than 10 points from the published one")


if __name__ == "__main__":
    main()
