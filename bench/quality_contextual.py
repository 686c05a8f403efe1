#!/usr/bin/env python3
"""The contextual network on a generated world of botify's 2022: its error, its sweep, its sessions.

usage: ./dev bench quality_contextual -- --keep DIR [--sessions 100000] [--rounds 3] [--k 30]
                                         [--sweep] [--world NAME=VALUE ..] [--binary PATH]

Listeners of a world of seed 1 play so many sessions with each of Random, StickyArtist and
TopPop(100); the three data logs are imported and the network trained on them (--set NAME=VALUE ..;
without it, what the docs recommend). Its catalogue (--k recommendations per track, as botify reads
it) plays new sessions of a seed of the round's own: asked by the session's first track, and by the
track just played, as the published service does. Then comes the next round, as in a service that
goes on: the log of so many sessions of the first of the two joins the others, and all is trained
again. In the last round lists of other --lengths, StickyArtist and TopPop play too.

--sweep instead: as published (learning rate 0.05, 64 dimensions, no head), then other learning
rates, at the best of them other dimensions, at the best of both a head. The best is that of the
validation; every point's sessions are shown.

Reported: mean squared error on the test tenth of the published 80/10/10 cut, beside answering the
mean; reward, the time of a session without its first track; its gain over Random, of the whole
session's time as published (2022: +164%). All is kept in --keep: what is there is not made again,
and a training that was stopped goes on.
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
         "start": 'sources = ["contextual_start", "flow:random"]',
         "previous": 'sources = ["contextual", "flow:random"]'}
FIRST_LOGS = ("random", "sticky", "top")  # of seeds 1, 2 and 3; those of rounds follow
RECOMMENDED = ["solver=squares", "dimensions=64", "ridge=20", "centred=yes", "epochs=12"]
DAY_MS, FIRST_MS = 86_400_000, 1_646_092_800_000


def set_options(settings):
    return itertools.chain.from_iterable(("--set", one) for one in settings)


class World:
    """The folder with everything, and how many sessions are played of what."""

    def __init__(self, options):
        self.folder, self.sessions, self.judged = options.keep, options.sessions, options.judged
        self.k, self.judge_seed = options.k, options.judge_seed
        self.catalog = self.folder / "world" / "tracks.json"
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        if not self.catalog.exists():
            crossfade("synth", "botify", "--generation", "2022", "--seed", 1,
                      *set_options(options.world), "--out", self.folder / "world")

    def bundle(self, flow, name, catalog=None):
        """A bundle whose default flow is this one."""
        out = self.folder / f"bundle-{name}-{flow}"
        if not out.exists():
            top = (self.folder / "world" / "top_tracks.json").resolve()
            parts = f'[parts]\ntop = "{top}"\n' if flow == "top" else ""
            text = out.with_suffix(".toml")
            text.write_text(f'{parts}[flows]\nrandom = {{ {FLOWS["random"]}, repeats = true }}\n'
                            f"default = {{ {FLOWS[flow]}, repeats = true }}\n")
            crossfade("bundle", "create", "--catalog", catalog or self.catalog, "--flows", text,
                      "--out", out)
        return out

    def play(self, made, sessions, seed, log=None):
        """Reward of a session and half of its 95% interval; with `log`, the lines too."""
        day = crossfade("simulate", "--world", self.folder / "world", "--bundle", made,
                        "--episodes", sessions, "--listeners", 64, "--seed", seed, "--start-ms",
                        FIRST_MS + seed * DAY_MS, *(["--log", log] if log else []))["days"][0]
        return day["reward"]["mean"], 1.96 * day["reward"]["standard_error"]

    def log(self, name):
        return self.folder / "logs" / f"{name}.json"

    def write_log(self, name, made, seed):
        log = self.log(name)
        if not log.exists():
            part = log.with_suffix(".part")
            part.unlink(missing_ok=True)
            self.play(made, self.sessions, seed, part)
            part.rename(log)

    def round_log(self, number, settings):
        """The name of the log that a round's model leaves; other settings leave another."""
        return "-".join([f"round{number}", *settings, f"k{self.k}"])

    def store(self, number, settings):
        """All logs before this round's training."""
        logs = list(FIRST_LOGS) + [self.round_log(one, settings) for one in range(1, number)]
        out = self.folder / f"store-{logs[-1]}"
        if not out.exists():
            crossfade("import", *map(self.log, logs), "--schema", "botify", "--domain", "music",
                      "--out", out)
        return out

    def train(self, number, settings):
        """The model of this round's store, and its manifest's account of the training."""
        k = [] if number == 1 else [f"k{self.k}"]
        model = self.folder / "-".join([f"model-{number}", *settings, *k])
        if not model.exists():
            line = [quality.CROSSFADE, "train", "contextual", "--data",
                    self.store(number, settings), "--out", model,
                    *set_options(settings)]
            if subprocess.run(list(map(str, line)), stdout=subprocess.DEVNULL).returncode != 0:
                sys.exit("the training ended early; the same command again goes on with it")
        return model, json.loads((model / "manifest.json").read_text())["metadata"]["training"]

    def bundle_of(self, model, store, flow, k=None):
        name = f"{model.name}-{k or self.k}"
        catalog = self.folder / f"catalog-{name}.json"
        if not catalog.exists():
            crossfade("similar", model, "--data", store, "--catalog", self.catalog,
                      "--k", k or self.k, "--out", catalog)
        return self.bundle(flow, name, catalog)


def report(what, reward, random, told=None):
    gain = (1 + reward[0]) / (1 + random[0]) - 1
    error = (f"{min(told['validation mse']):.4f} | {told['test mse']:.4f} | "
             f"{told['test mse of the mean']:.4f} | {told['best_epoch']} of {told['epochs']}"
             if told else " | | |")
    print(f"| {what} | {error} | {reward[0]:.3f} ± {reward[1]:.3f} | {100 * gain:+.0f}% |",
          flush=True)


def rounds(world, settings, count, lengths):
    for number in range(1, count + 1):
        model, told = world.train(number, settings)
        seed = world.judge_seed + number
        random = world.play(world.bundle("random", "plain"), world.judged, seed)
        for flow in ("start", "previous"):
            made = world.bundle_of(model, world.store(number, settings), flow)
            report(f"round {number}, asked by {flow}", world.play(made, world.judged, seed), random,
                   told)
        if number < count:
            made = world.bundle_of(model, world.store(number, settings), "start")
            world.write_log(world.round_log(number, settings), made, 3 + number)
    for k, flow in itertools.product(lengths, ("start", "previous")):
        made = world.bundle_of(model, world.store(count, settings), flow, k)
        report(f"{k} per track, asked by {flow}", world.play(made, world.judged, seed), random)
    report("Random", random, random)
    for flow in ("sticky", "top"):
        report(flow, world.play(world.bundle(flow, "plain"), world.judged, seed), random)


def sweep(world, options):
    tried = {}
    random = world.play(world.bundle("random", "plain"), world.judged, world.judge_seed)

    def try_point(rate, dimensions, head):
        # Numbers begin as torch's own do where steps are as large as published, else smaller.
        settings = [f"learning_rate={rate}", f"spread={1 if rate > 0.03 else 0.1}",
                    f"dimensions={dimensions}", f"head={head}", *(options.set or [])]
        model, told = world.train(1, settings)
        tried[rate, dimensions, head] = min(told["validation mse"])
        for flow in ("start", "previous"):
            made = world.bundle_of(model, world.store(1, settings), flow)
            report(f"{rate}, {dimensions}, head {head}, by {flow}",
                   world.play(made, world.judged, world.judge_seed), random, told)

    for rate in options.rates:
        try_point(rate, 64, 0)
    rate = min(tried, key=tried.get)[0]
    for dimensions in options.dimensions:
        try_point(rate, dimensions, 0)
    rate, dimensions, _ = min(tried, key=tried.get)
    for head in options.heads:
        try_point(rate, dimensions, head)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=pathlib.Path, required=True)
    parser.add_argument("--sessions", type=int, default=100000, help="of each recommender's log")
    parser.add_argument("--world", nargs="*", default=[], metavar="NAME=VALUE",
                        help="knobs of the world, such as fewer tracks for a quick sweep")
    parser.add_argument("--judged", type=int, default=40000, help="sessions that judge a model")
    parser.add_argument("--judge-seed", type=int, default=500, help="of these; logs have 1, 2, ..")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--k", type=int, default=30)
    parser.add_argument("--lengths", nargs="*", type=int, default=[10, 100],
                        help="other numbers of recommendations, shown of the last round")
    parser.add_argument("--set", nargs="+", metavar="NAME=VALUE")
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--rates", nargs="+", type=float, default=[0.05, 0.01, 0.002])
    parser.add_argument("--dimensions", nargs="+", type=int, default=[16, 128])
    parser.add_argument("--heads", nargs="+", type=int, default=[1, 2])
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    world = World(options)
    for seed, flow in enumerate(FIRST_LOGS, 1):
        world.write_log(flow, world.bundle(flow, "plain"), seed)
    print("| | validation mse | test mse | of the mean | best epoch | reward | gain |\n"
          "| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    if options.sweep:
        sweep(world, options)
    else:
        rounds(world, options.set or RECOMMENDED, options.rounds, options.lengths)


if __name__ == "__main__":
    main()
