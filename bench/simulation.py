#!/usr/bin/env python3
"""How many sessions listeners play: in this process, and over HTTP beside wrk on the same endpoint.

usage: ./dev bench simulation [-- --rounds N --seconds N --json --build FOLDER]

Generated worlds of both sizes, 16,198 x 4,096 float16 and 50,000 x 100 float32, and bundles that
answer by botify's Indexed, a list of 100 tracks for every listener. In process: one thread,
sessions per second of its CPU time, because cores may be shared; `dummy` answers at random,
`lists` through serving's Recommender. The searches for the neighbours of interests (once per
interest) come before the clock starts. Over HTTP: crossfade-serve with one thread; wrk and the
simulator, one thread each, ask POST /next in turns with as many connections. Medians over the
rounds.

The original, on two cores of another machine: 13 sessions a second over HTTP on the larger world,
450 with its own dummy on the smaller one.
"""

import argparse
import json
import pathlib
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORLDS = {"16,198 x 4,096": ("2026", 16198, 13000), "50,000 x 100": ("2022", 50000, 45000)}
EPISODES = 100000
NEXT = """
local n = 0
request = function()
  n = n + 1
  return wrk.format("POST", "/next/" .. (n * 7919 % 10000), {["Content-Type"] = "application/json"},
                    '{"track": ' .. (n * 104729 % 16000) .. ', "time": 0.3}')
end
"""


class Programs:
    def __init__(self, build):
        self.crossfade = build / "crossfade" / "cli" / "crossfade"
        self.serve = build / "crossfade" / "service" / "crossfade-serve"

    def run(self, *arguments):
        done = subprocess.run([str(self.crossfade), *map(str, arguments), "--quiet"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(done.stderr)
        return done.stdout

    def simulate(self, world, *arguments):
        return json.loads(self.run("simulate", "--world", world, *arguments, "--json",
                                   "--threads", 1))


def make_world(programs, folder, generation, tracks):
    """A world, and a bundle whose one flow is botify's Indexed: a draw from 100 tracks a user."""
    folder.mkdir()
    programs.run("synth", "botify", "--generation", generation, "--out", folder / "world")
    draw = random.Random(2)
    with open(folder / "lists.json", "w") as file:
        for user in range(10000):
            line = {"user": user, "tracks": draw.sample(range(tracks), 100)}
            file.write(json.dumps(line) + "\n")
    (folder / "flows.toml").write_text(
        '[parts]\nlists = "lists.json"\n[flows]\n'
        'default = { sources = ["indexed:lists", "random"], repeats = true }\n')
    programs.run("bundle", "create", "--catalog", folder / "world" / "tracks.json", "--flows",
                 folder / "flows.toml", "--out", folder / "bundle")


def in_process(programs, folder, rounds):
    rows = []
    for recommender, listeners in (("dummy", 1), ("dummy", 64), ("lists", 1), ("lists", 64)):
        who = (["--recommender", "dummy"] if recommender == "dummy"
               else ["--bundle", folder / "bundle"])
        rates = []
        for _ in range(rounds):
            result = programs.simulate(folder / "world", *who, "--listeners", listeners,
                                       "--episodes", EPISODES)
            rates.append(result["sessions"] / result["cpu_seconds"])
        rows.append((recommender, listeners, statistics.median(rates)))
    return rows


def over_http(programs, folder, rounds, seconds):
    script = folder / "next.lua"
    script.write_text(NEXT)
    server = subprocess.Popen([str(programs.serve), str(folder / "bundle"), "--port", "0",
                               "--threads", "1"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        url = f"http://127.0.0.1:{json.loads(server.stdout.readline())['port']}"
        rows = []
        for connections in (1, 16, 64):
            ours, wrk = [], []
            for _ in range(rounds):
                text = subprocess.run(
                    ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "-s", str(script), url],
                    capture_output=True, text=True, check=True).stdout
                wrk.append(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]))
                episodes = max(1000, int(wrk[-1] * seconds / 8))
                result = programs.simulate(folder / "world", "--url", url, "--listeners",
                                           connections, "--episodes", episodes)
                ours.append(result["requests"] / result["seconds"])
                time.sleep(0.2)
            rows.append((connections, statistics.median(ours), statistics.median(wrk),
                         statistics.median(a / b for a, b in zip(ours, wrk))))
        return rows
    finally:
        server.terminate()
        server.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "bench")
    options = parser.parse_args()
    programs = Programs(options.build.resolve())
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (generation, tracks, aim)) in enumerate(WORLDS.items()):
            place = pathlib.Path(folder) / str(number)
            make_world(programs, place, generation, tracks)
            found[name] = {"aim": aim, "in_process": in_process(programs, place, options.rounds),
                           "http": over_http(programs, place, options.rounds, options.seconds)}
    if options.json:
        print(json.dumps(found))
        return
    print("| world | recommender | at once | sessions / CPU s | aim |")
    print("| --- | --- | ---: | ---: | ---: |")
    for name, result in found.items():
        for recommender, listeners, rate in result["in_process"]:
            aim = f"{result['aim']:,}" if recommender == "lists" else ""
            print(f"| {name} | {recommender} | {listeners} | {rate:,.0f} | {aim} |")
    print("\n| world | connections | ours, requests / s | wrk | ratio |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, result in found.items():
        for connections, ours, wrk, ratio in result["http"]:
            print(f"| {name} | {connections} | {ours:,.0f} | {wrk:,.0f} | **{ratio:.2f}** |")


if __name__ == "__main__":
    main()
