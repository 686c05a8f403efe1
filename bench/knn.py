#!/usr/bin/env python3
"""Item-item kNN against implicit's: seconds to build, users per second, and the same neighbours.

Both build the K nearest items by cosine on the generated log of bench/als.py (200,000 users x
100,000 items x 17 million pairs) with the same threads, and recommend ten items, seen ones left
out, to the same users. implicit counts an item as its own first neighbour, so it gets K + 1. Runs
alternate; medians are compared. Neighbours must agree: the scores of every row, best first, to
1e-5 (which of several equal items comes last is a matter of taste), and lists of ten likewise.

  ./dev bench knn         or       python3 bench/knn.py --neighbours 20 --rounds 3
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def load(folder):
    import numpy as np
    import scipy.sparse as sp

    indptr, indices = np.load(f"{folder}/indptr.npy"), np.load(f"{folder}/indices.npy")
    return sp.csr_matrix((np.ones(len(indices)), indices, indptr),
                         shape=np.load(f"{folder}/shape.npy"))


def peer(args):
    """implicit, in a process of its own."""
    import numpy as np
    from implicit.nearest_neighbours import CosineRecommender

    matrix = load(args.folder)
    model = CosineRecommender(K=args.neighbours + 1, num_threads=args.threads)
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(matrix, show_progress=False)
    build = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    few = matrix[: args.peer_users]
    wall, cpu = time.perf_counter(), time.process_time()
    lists, scores = model.recommend(np.arange(args.peer_users), few, N=10)
    spent = {"seconds": time.perf_counter() - wall, "cpu_seconds": time.process_time() - cpu}
    similarity = model.similarity.tocsr()
    similarity.setdiag(0)
    similarity.eliminate_zeros()
    np.savez(args.out, indptr=similarity.indptr, indices=similarity.indices, data=similarity.data,
             lists=lists, scores=scores)
    print(json.dumps({"build": build, "recommend": spent}))


def agreement(args, ours, theirs):
    """The share of rows whose scores are the same, best first; and of lists."""
    import numpy as np

    offsets, scores = np.load(f"{ours}.offsets.npy"), np.load(f"{ours}.scores.npy")
    lists = np.load(f"{ours}.lists.npy")
    with np.load(theirs) as saved:
        saved = dict(saved)
    starts, k = saved["indptr"], args.neighbours
    same = 0
    for item in range(len(offsets) - 1):
        mine = scores[offsets[item]:offsets[item + 1]]
        other = np.sort(saved["data"][starts[item]:starts[item + 1]])[::-1][:k]
        same += len(mine) == len(other) and np.allclose(mine, other, atol=1e-5)
    same_lists = sum(set(lists[user]) - {-1} == set(their[score > 0]) for user, (their, score) in
                     enumerate(zip(saved["lists"], saved["scores"])))
    return {"rows": same / (len(offsets) - 1), "lists": same_lists / args.peer_users}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", default=os.path.join(ROOT, ".crossfade/peers/bin/python"))
    parser.add_argument("--driver", default=os.path.join(ROOT, "build/bench/bench/knn_driver"))
    parser.add_argument("--folder", default="", help="where the generated log is kept")
    parser.add_argument("--neighbours", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--users", type=int, default=100_000, help="to recommend to, ours")
    parser.add_argument("--peer-users", type=int, default=2_000, help="to recommend to, implicit")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--out", default="", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.folder = args.folder or os.path.join(ROOT, "build/bench/als-200000x100000x17000000")
    if args.child == "peer":
        return peer(args)
    if args.child == "agreement":
        print(json.dumps(agreement(args, args.folder + "/knn", args.folder + "/knn_peer.npz")))
        return None
    if not os.path.exists(args.folder + "/shape.npy"):
        subprocess.run([args.peers, os.path.join(HERE, "als.py"), "--child", "generate",
                        "--folder", args.folder], check=True)
    common = ["--folder", args.folder, "--neighbours", str(args.neighbours), "--threads",
              str(args.threads), "--peer-users", str(args.peer_users)]
    child = [args.peers, os.path.abspath(__file__), *common, "--child"]
    runs = {"ours": [], "implicit": []}
    for _ in range(args.rounds):
        out = subprocess.run([args.driver, args.folder, args.folder + "/knn", str(args.threads),
                              str(args.users), f"neighbours={args.neighbours}"],
                             check=True, capture_output=True, text=True).stdout
        runs["ours"].append(json.loads(out))
        out = subprocess.run([*child, "peer", "--out", args.folder + "/knn_peer.npz"], check=True,
                             capture_output=True, text=True,
                             env=dict(os.environ, OMP_WAIT_POLICY="passive")).stdout
        runs["implicit"].append(json.loads(out.splitlines()[-1]))
    same = json.loads(subprocess.run([*child, "agreement"], check=True, capture_output=True,
                                     text=True).stdout)
    median = {name: {step: {kind: statistics.median(run[step][kind] for run in of)
                            for kind in ("seconds", "cpu_seconds")}
                     for step in ("build", "recommend")} for name, of in runs.items()}
    users = {"ours": args.users, "implicit": args.peer_users}
    rate, cpu_rate = ({name: users[name] / of["recommend"][kind] for name, of in median.items()}
                      for kind in ("seconds", "cpu_seconds"))
    if args.json:
        print(json.dumps({"benchmark": "knn", "results": median, "users_per_s": rate,
                          "users_per_cpu_s": cpu_rate,
                          "agreement": same}, indent=2))
        return None
    print(f"K = {args.neighbours}, {args.threads} threads, median of {args.rounds}")
    for name, of in median.items():
        build, mine = of["build"], median["ours"]["build"]
        print(f"{name:10} build {build['seconds']:7.2f} s, CPU {build['cpu_seconds']:7.2f} s "
              f"(ours takes {mine['seconds'] / build['seconds']:.2f}, CPU "
              f"{mine['cpu_seconds'] / build['cpu_seconds']:.2f} of it); recommend "
              f"{rate[name]:,.0f} users/s ({rate['ours'] / rate[name]:.1f}), "
              f"{cpu_rate[name]:,.0f} per CPU s ({cpu_rate['ours'] / cpu_rate[name]:.1f})")
    print(f"the same neighbours in {100 * same['rows']:.2f}% of the rows, "
          f"the same lists for {100 * same['lists']:.2f}% of the users")
    return None


if __name__ == "__main__":
    sys.exit(main())
