#!/usr/bin/env python3
"""Long runs that look for what short tests miss. Stops by itself after --seconds.

usage: ./dev soak [--seconds N] [--seed S]

mutants  a generated Parquet log with a few bytes changed, cut or repeated is imported again and
         again: every run ends with an exit code of ours, never with a signal, and leaves a whole
         store or none.
kills    a service is told events and killed with SIGKILL at random moments: every event that it
         acknowledged is in its log, and it starts again.
"""

import argparse
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


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name, soak in (("mutants", soak_mutants), ("kills", soak_kills)):
        with tempfile.TemporaryDirectory() as scratch:
            found = soak(pathlib.Path(scratch), options.seconds / 2, random.Random(options.seed))
        print(f"{name}: {json.dumps(found)}", flush=True)


if __name__ == "__main__":
    main()
