#!/usr/bin/env python3
"""Long runs that look for what short tests miss. Stops by itself after --seconds.

usage: ./dev soak [--seconds N] [--seed S] [--only mutants|kills|runs] [--run-kills N]

mutants  a generated Parquet log with a few bytes changed, cut or repeated is imported again and
         again: every run ends with an exit code of ours, never with a signal, and leaves a whole
         store or none.
kills    a service is told events and killed with SIGKILL at random moments: every event that it
         acknowledged is in its log, and it starts again.
runs     a recipe is run and killed with SIGKILL at random moments, at least --run-kills times, and
         always gone on with: every output that it ends with has the bytes of an uninterrupted run.
"""

import argparse
import functools
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from commands import CROSSFADE, ok, run, write_log  # noqa: E402

# What is made of what, with every kind of output and a search that keeps its tries.
RECIPE = """
name = "soak"
[import.first]
log = "first.parquet"
schema = "hackathon"
domain = "music"
[import.store]
log = "second.parquet"
schema = "hackathon"
domain = "shop"
into = "first"
[split.parts]
store = "store"
by = "time:0.8"
[tune.search]
model = "als"
data = "parts"
domain = "music"
budget = 6
factors = 8
[train.als]
data = "parts/train"
domain = "music"
settings = "search/best.settings"
[recommend.lists]
model = "als"
data = "parts/train"
[evaluate.quality]
recs = "lists"
truth = "parts/test.parquet"
train = "parts/train"
domain = "music"
[bundle.service]
data = "parts/train"
model = "als"
"""


def mutate(data, rng):
    """Changes one to five places, or cuts the tail off."""
    mutant = bytearray(data)
    for _ in range(rng.randint(1, 5)):
        mutant[rng.randrange(len(mutant))] = rng.randrange(256)
    return mutant[: rng.randrange(len(mutant))] if rng.random() < 0.2 else mutant


def soak_mutants(folder, seconds, rng):
    """Returns how many mutants were imported, refused; exits on the first crash."""
    write_log(folder / "log.parquet", rows=500)
    data = (folder / "log.parquet").read_bytes()
    counts = {"imported": 0, "refused": 0}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        (folder / "mutant.parquet").write_bytes(mutate(data, rng))
        outcome = run("import", folder / "mutant.parquet", "--schema", "hackathon", "--out",
                      folder / "store", "--quiet")
        if outcome.code not in (0, 1, 2, 3, 4):
            sys.exit(f"a mutant ended with {outcome.code}; it is {folder / 'mutant.parquet'}")
        if (folder / "store").exists() != (outcome.code == 0):
            sys.exit(f"exit code {outcome.code}, but the store says otherwise")
        counts["imported" if outcome.code == 0 else "refused"] += 1
        shutil.rmtree(folder / "store", ignore_errors=True)
    return counts


def tell_events(port, first, until):
    """Sends events one by one until the service is gone; returns how many were acknowledged."""
    sent = 0
    while time.monotonic() < until:
        body = json.dumps({"user": 1000, "item": 500 + (first + sent) % 60}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/events", body,
                                         {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request, timeout=5).read()
        except (urllib.error.URLError, ConnectionError):
            break
        sent += 1
    return sent


def soak_kills(folder, seconds, rng):
    """Returns kills and acknowledged events; exits if an acknowledged one is missing."""
    write_log(folder / "log.parquet")
    ok("import", folder / "log.parquet", "--schema", "hackathon", "--out", folder / "store")
    ok("train", "als", "--data", folder / "store", "--set", "factors=8", "--out",
       folder / "model")
    ok("bundle", "create", "--data", folder / "store", "--model", folder / "model", "--out",
       folder / "bundle")
    events = folder / "events.log"
    acknowledged = kills = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        service = subprocess.Popen([CROSSFADE, "serve", folder / "bundle", "--port", "0",
                                    "--events", events], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        line = service.stdout.readline()
        if not line:
            sys.exit(f"the service did not start again after {kills} kills")
        until = time.monotonic() + rng.uniform(0.05, 0.5)
        acknowledged += tell_events(json.loads(line)["port"], acknowledged, until)
        service.send_signal(signal.SIGKILL)
        service.wait()
        kills += 1
        kept = events.read_bytes().count(b"\n") - 1  # the first line names the format
        if kept < acknowledged:
            sys.exit(f"{acknowledged} events were acknowledged, {kept} are in the log")
    return {"kills": kills, "acknowledged": acknowledged}


def outputs(out):
    """The bytes of all outputs; reports and provenance hold times."""
    told = ("report.", "provenance.", ".crossfade")
    return {
        str(path.relative_to(out)): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and not str(path.relative_to(out)).startswith(told)
    }


def soak_runs(folder, seconds, rng, least_kills):
    """Returns kills and finished runs; exits if a resumed run came to other bytes."""
    write_log(folder / "first.parquet", rows=60_000, users=3000, items=400, seed=1)
    write_log(folder / "second.parquet", rows=30_000, users=2000, items=200, seed=2)
    (folder / "recipe.toml").write_text(RECIPE)
    out = folder / "run"
    line = ["run", folder / "recipe.toml", "--data", folder, "--out", out]
    start = time.monotonic()
    ok(*line)
    whole = time.monotonic() - start
    expected = outputs(out)
    shutil.rmtree(out)
    kills = finished = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end or kills < least_kills:
        process = subprocess.Popen([CROSSFADE, *line], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        try:
            code = process.wait(timeout=rng.uniform(0.02, 0.6) * whole)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
            continue
        if code != 0 or outputs(out) != expected:
            sys.exit(f"after {kills} kills a run ended with {code} and other bytes; it is {out}")
        finished += 1
        shutil.rmtree(out)
    ok(*line)
    if outputs(out) != expected:
        sys.exit(f"after {kills} kills a run came to other bytes; it is {out}")
    return {"kills": kills, "finished": finished + 1, "files": len(expected)}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--run-kills", type=int, default=50)
    parser.add_argument("--only", choices=["mutants", "kills", "runs"])
    options = parser.parse_args()
    soaks = {
        "mutants": soak_mutants,
        "kills": soak_kills,
        "runs": functools.partial(soak_runs, least_kills=options.run_kills),
    }
    chosen = [options.only] if options.only else list(soaks)
    for name in chosen:
        with tempfile.TemporaryDirectory() as scratch:
            found = soaks[name](pathlib.Path(scratch), options.seconds / len(chosen),
                                random.Random(options.seed))
        print(f"{name}: {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
