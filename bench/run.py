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
# A script named http.py would stand in the way of Python's own module.
SCRIPTS = {"http": "http_server"}
# Several that belong together.
GROUPS = {"sequence": ["sequence_training", "sequence_engine"]}


def script_of(name):
    return FOLDER / f"{SCRIPTS.get(name, name)}.py"


def known():
    """The names that scripts of this folder say they are called by."""
    called = {path.stem: name for name, path in ((name, script_of(name)) for name in SCRIPTS)}
    names = (called.get(path.stem, path.stem) for path in sorted(FOLDER.glob("*.py")))
    return [name for name in names if f"./dev bench {name}" in script_of(name).read_text()]


def main():
    arguments = sys.argv[1:]
    options = []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    names = [name for given in arguments or DEFAULT for name in GROUPS.get(given, [given])]
    for name in names:
        if name not in known():
            sys.exit(f"there is no benchmark '{name}'; known: {', '.join([*known(), *GROUPS])}")
    for name in names:
        print(f"\n== {name}", flush=True)
        finished = subprocess.run([sys.executable, str(script_of(name)), *options])
        if finished.returncode != 0:
            sys.exit(f"the benchmark {name} failed")


if __name__ == "__main__":
    main()
