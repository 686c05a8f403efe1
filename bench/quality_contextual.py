#!/usr/bin/env python3
"""The contextual network on a generated world of botify's 2022: its error, its sweep, its sessions.

usage: ./dev bench quality_contextual -- --keep DIR [--sessions 40000] [--rates 0.05 ..]
                                         [--dimensions 16 64 128] [--heads 0 2] [--binary PATH]

Listeners of a world of seed 1 play so many sessions with each of Random, StickyArtist and
TopPop(100); the three data logs are imported and the network trained on them, once per learning
rate, embedding size and head. Reported: mean squared error on the test tenth of the published
80/10/10 cut, beside answering the mean. The point with the best *validation* error writes its
catalogue (100 recommendations per track, as botify reads it) and plays new sessions beside the
three that made the log: reward is the time of a session without its first track, the gain is over
Random, of the whole session's time as published (2022: +164%).

All is kept in --keep: what is there is not made again, and a training that was stopped goes on.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys

import quality
from quality import crossfade

FLOWS = {"random": 'sources = ["random"]', "sticky": 'sources = ["sticky_artist", "flow:random"]',
         "top": 'sources = ["top:top,100"]',
         "contextual": 'sources = ["contextual", "flow:random"]'}
# Numbers begin as torch's own do where steps are as large as published, else smaller.
SPREAD = {0.05: 1.0}
DAY_MS, FIRST_MS = 86_400_000, 1_646_092_800_000


def bundle(folder, flow, catalog, top=None):
    """A bundle whose default flow is this one."""
    out = folder / f"bundle-{flow}"
    if not out.exists():
        parts = f'[parts]\ntop = "{top.resolve()}"\n' if flow == "top" else ""
        (folder / f"{flow}.toml").write_text(
            f'{parts}[flows]\nrandom = {{ {FLOWS["random"]}, repeats = true }}\n'
            f"default = {{ {FLOWS[flow]}, repeats = true }}\n")
        crossfade("bundle", "create", "--catalog", catalog, "--flows", folder / f"{flow}.toml",
                  "--out", out)
    return out


def play(folder, flow, made, sessions, seed, log=None):
    """Reward of a session and half of its 95% interval; with `log`, the lines too."""
    line = ["simulate", "--world", folder / "world", "--bundle", made, "--episodes", sessions,
            "--listeners", 64, "--seed", seed, "--start-ms", FIRST_MS + seed * DAY_MS]
    answer = crossfade(*line, *(["--log", log] if log else []))
    day = answer["days"][0]
    print(f"  {flow}: reward {day['reward']['mean']:.3f}", flush=True)
    return day["reward"]["mean"], 1.96 * day["reward"]["standard_error"]


def make_store(folder, sessions):
    store = folder / "store"
    if store.exists():
        return store
    world = folder / "world"
    if not world.exists():
        crossfade("synth", "botify", "--generation", "2022", "--seed", 1, "--out", world)
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    for seed, flow in enumerate(("random", "sticky", "top"), 1):
        made = bundle(folder, flow, world / "tracks.json", world / "top_tracks.json")
        log = logs / f"{flow}.json"
        log.unlink(missing_ok=True)
        play(folder, flow, made, sessions, seed, log)
    crossfade("import", *sorted(logs.iterdir()), "--schema", "botify", "--domain", "music", "--out",
              store)
    return store


def train(folder, store, settings):
    """The manifest's account of the training with these settings."""
    model = folder / "-".join(f"{name}{value}" for name, value in settings.items())
    if not model.exists():
        knobs = [("--set", f"{name}={value}") for name, value in settings.items()]
        line = [quality.CROSSFADE, "train", "contextual", "--data", store, "--out", model,
                *itertools.chain.from_iterable(knobs)]
        if subprocess.run(list(map(str, line)), stdout=subprocess.DEVNULL).returncode != 0:
            sys.exit("the training ended early; give the same command again to go on with it")
    return model, json.loads((model / "manifest.json").read_text())["metadata"]["training"]


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=pathlib.Path, required=True)
    parser.add_argument("--sessions", type=int, default=40000)
    parser.add_argument("--rates", nargs="+", type=float, default=[0.05, 0.01, 0.002])
    parser.add_argument("--dimensions", nargs="+", type=int, default=[16, 64, 128])
    parser.add_argument("--heads", nargs="+", type=int, default=[0, 2])
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    options.keep.mkdir(parents=True, exist_ok=True)
    store = make_store(options.keep, options.sessions)
    tried = []
    for rate, width, head in itertools.product(options.rates, options.dimensions, options.heads):
        model, told = train(options.keep, store,
                            {"learning_rate": rate, "spread": SPREAD.get(rate, 0.1),
                             "dimensions": width, "head": head})
        tried.append((min(told["validation mse"]), model))
        print(f"| {rate} | {width} | {head} | {min(told['validation mse']):.4f} | "
              f"{told['test mse']:.4f} | {told['test mse of the mean']:.4f} | "
              f"{told['best_epoch']} of {told['epochs']} |", flush=True)
    best = min(tried)[1]
    catalog = options.keep / "catalog.json"
    catalog.unlink(missing_ok=True)
    crossfade("similar", best, "--data", store, "--catalog", options.keep / "world" / "tracks.json",
              "--k", 100, "--out", catalog)
    subprocess.run(["rm", "-rf", str(options.keep / "bundle-contextual")], check=True)
    made = {flow: bundle(options.keep, flow, options.keep / "world" / "tracks.json",
                         options.keep / "world" / "top_tracks.json")
            for flow in ("random", "sticky", "top")}
    made["contextual"] = bundle(options.keep, "contextual", catalog)
    rewards = {flow: play(options.keep, flow, folder, options.sessions, 77)
               for flow, folder in made.items()}
    print(f"\nbest by validation: {best.name}\n| recommender | reward | gain over Random |")
    for flow, (mean, error) in rewards.items():
        gain = (1 + mean) / (1 + rewards["random"][0]) - 1
        print(f"| {flow} | {mean:.3f} ± {error:.3f} | {100 * gain:+.0f}% |")


if __name__ == "__main__":
    main()
