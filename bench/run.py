#!/usr/bin/env python3
"""Runs benchmarks against their peers: all of them, or those named.

usage: ./dev bench [NAME ...] [-- OPTIONS of one benchmark]

Each benchmark is a script of this folder that measures us and a peer in turns, in one run, and
prints a table of ours, the peer's and the ratio. Those called quality need real data,
experiments has promises instead of a peer: see their --help.
"""

import pathlib
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
# What each measures stands at the head of its script.
DEFAULT = ["als", "knn", "topk", "evaluation", "parquet", "import", "describe", "http", "synth",
           "simulation"]
EXTRA = ["quality", "quality_blend", "quality_classic", "quality_contextual",
         "quality_cross", "quality_sequence", "sequence_engine", "sequence_training",
         "sequence_windows", "experiments"]
# A script named http.py would stand in the way of Python's own module.
SCRIPTS = {"http": "http_server"}


def main():
    arguments = sys.argv[1:]
    options = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    names = arguments or DEFAULT
    for name in names:
        if name not in DEFAULT + EXTRA:
            sys.exit(f"there is no benchmark '{name}'; known: {', '.join(DEFAULT + EXTRA)}")
    for name in names:
        print(f"\n== {name}", flush=True)
        script = FOLDER / f"{SCRIPTS.get(name, name)}.py"
        finished = subprocess.run([sys.executable, str(script), *options])
        if finished.returncode != 0:
            sys.exit(f"the benchmark {name} failed")


if __name__ == "__main__":
    main()
