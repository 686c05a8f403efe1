#!/usr/bin/env python3
"""Experiments: do the statistics keep their promises, and how fast are arms dealt and logs read?

Thousands of simulated experiments whose truth is known (experiments_driver.cc): false alarms and
coverage at a fixed horizon, continuous looking, off-policy estimates; some minutes of CPU. Then
assignments and lines of log per second on one core. No peer: the figures to reach are promises.

    ./dev bench experiments      or      python bench/experiments.py --scale 0.1 --seed 2
"""
import argparse
import pathlib
import subprocess

BUILD = pathlib.Path(__file__).resolve().parent.parent / "build" / "bench"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--scale", type=float, default=1, help="of the numbers of trials")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    driver = BUILD / "bench" / "experiments_driver"
    subprocess.run([driver, str(options.scale), str(options.seed)], check=True)
    speed = BUILD / "crossfade" / "experiments" / "crossfade_experiments_bench"
    subprocess.run([speed], check=True)


if __name__ == "__main__":
    main()
