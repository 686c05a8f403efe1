#!/usr/bin/env python3
"""Scores two submissions as the contest did, where the answers are known.

usage: score.py LISTS... --answers DIR --train STORE [--crossfade PROGRAM]

LISTS are folders with submission_smm.parquet and submission_zvuk.parquet; DIR holds answers_smm
and answers_zvuk.parquet. Per service binary NDCG@10: items that repeat in a list count once, a user
of the answers without a list counts 0; then the square root of the product. What a user had in
train (the store) is not asked for again, as in the contest's one row per user and item. Warm and
cold are users with and without a history in the service.
"""

import argparse
import json
import math
import pathlib
import subprocess
import sys

SERVICES = ["smm", "zvuk"]


def evaluate(options, lists, service):
    line = [options.crossfade, "evaluate", lists / f"submission_{service}.parquet", "--truth",
            options.answers / f"answers_{service}.parquet", "--train", options.train, "--domain",
            service, "--new-only", "--segments", "--k", "10", "--metrics", "ndcg", "--json",
            "--quiet"]
    finished = subprocess.run(list(map(str, line)), capture_output=True, text=True)
    if finished.returncode != 0:
        sys.exit(finished.stderr)
    return json.loads(finished.stdout)


def number(metric):
    return f"{metric['mean']:.4f} [{metric['low']:.4f}, {metric['high']:.4f}]"


def groups(report):
    """The metrics of warm and of cold users."""
    for segmentation in report["segments"]:
        names = {group["name"]: group for group in segmentation["groups"]}
        if {"warm", "cold"} <= set(names):
            return names["warm"], names["cold"]
    return None, None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lists", nargs="+", type=pathlib.Path)
    parser.add_argument("--answers", type=pathlib.Path, required=True)
    parser.add_argument("--train", type=pathlib.Path, required=True)
    parser.add_argument("--crossfade", default="crossfade")
    options = parser.parse_args()
    for lists in options.lists:
        score = 1
        for service in SERVICES:
            report = evaluate(options, lists, service)
            ndcg = report["metrics"]["ndcg@10"]
            score *= ndcg["mean"]
            print(f"{lists.name} {service}: NDCG@10 {number(ndcg)}, {report['users']} users")
            for name, group in zip(("warm", "cold"), groups(report)):
                if group and group["users"]:
                    print(f"    {name}: {number(group['metrics']['ndcg@10'])}, "
                          f"{group['users']} users")
        print(f"{lists.name}: score {math.sqrt(score):.4f}")


if __name__ == "__main__":
    main()
