#!/usr/bin/env python3
"""ALS against its peers: seconds per iteration, loss and NDCG@10 of the same objective.

Generates a log (default 200,000 users x 100,000 items x 17 million pairs, with tails of
popularity and activity and clusters of taste), trains ours (als_driver), implicit and irspack on
it in turns, all with conjugate gradients of three steps and the same threads, and prints medians
per iteration with their ratio. The objective is Hu, Koren and Volinsky's, which all three can
minimise; the loss is computed here, in double precision, from the factors that each leaves. Where
other work runs on the machine, the ratio of CPU seconds is the steadier one.

  ./dev bench als [-- --factors 64 128 --rounds 3 --json]
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
ALPHA, UNOBSERVED, REGULARIZATION, SEED = 10.0, 1.0, 5.0, 1


def generate(folder, users, items, pairs):
    """Writes the training matrix and a tenth of the pairs of some users, held out, as .npy."""
    import numpy as np

    rng = np.random.default_rng(SEED)
    activity = np.exp(rng.normal(0, 1, users))
    activity = np.clip(activity / activity.mean() * pairs / users * 1.07, 8, items // 10)
    user = np.repeat(np.arange(users, dtype=np.int64), activity.astype(np.int64))
    clusters = max(2, items // 500)
    size = items // clusters

    def draw(count, shift, number):
        tail = np.cumsum(1 / (np.arange(1, number + 1) + shift) ** 0.75)
        return np.searchsorted(tail / tail[-1], rng.random(count)).clip(0, number - 1)

    item = draw(len(user), 20, items)
    favourite = rng.integers(0, clusters, (users, 3))
    by_taste = rng.random(len(user)) < 0.6
    count = int(by_taste.sum())
    # Items c, c + clusters, ... are those of cluster c: each has popular and rare ones.
    item[by_taste] = favourite[user[by_taste], rng.integers(0, 3, count)] + clusters * draw(
        count, 5, size
    )
    key = np.unique(user * items + rng.permutation(items)[item])
    judged = np.zeros(users, bool)
    judged[rng.choice(users, min(10_000, users // 2), replace=False)] = True
    held = judged[key // items] & (rng.random(len(key)) < 0.1)
    os.makedirs(folder, exist_ok=True)
    for prefix, keys in (("", key[~held]), ("test_", key[held])):
        counts = np.bincount(keys // items, minlength=users)
        np.save(f"{folder}/{prefix}indptr.npy", np.r_[0, np.cumsum(counts)].astype(np.int64))
        np.save(f"{folder}/{prefix}indices.npy", (keys % items).astype(np.int32))
    np.save(f"{folder}/weights.npy", np.ones(int((~held).sum()), np.float32))
    np.save(f"{folder}/shape.npy", np.array([users, items], np.int64))


def load(folder, value):
    import numpy as np
    import scipy.sparse as sp

    indptr, indices = np.load(f"{folder}/indptr.npy"), np.load(f"{folder}/indices.npy")
    values = np.full(len(indices), value, np.float32)
    return sp.csr_matrix((values, indices, indptr), shape=np.load(f"{folder}/shape.npy"))


class Stopwatch:
    def __init__(self):
        self.seconds, self.cpu_seconds = [], []

    def start(self):
        self.at = time.perf_counter(), time.process_time()

    def lap(self):
        now = time.perf_counter(), time.process_time()
        self.seconds.append(now[0] - self.at[0])
        self.cpu_seconds.append(now[1] - self.at[1])
        self.at = now


def train_implicit(folder, factors, iterations, threads):
    from implicit.cpu.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    # implicit reads confidences c: 1 for a missing pair, 1 + alpha here.
    matrix = load(folder, UNOBSERVED + ALPHA)
    model = AlternatingLeastSquares(
        factors=factors, regularization=REGULARIZATION, alpha=1.0, use_native=True, use_cg=True,
        iterations=iterations, num_threads=threads, random_state=SEED)
    model.cg_steps = 3
    watch = Stopwatch()
    with threadpool_limits(1, "blas"):
        # The callback comes after each iteration; the first lap includes the start of the factors.
        watch.start()
        model.fit(matrix, show_progress=False, callback=lambda *_: watch.lap())
    return watch, model.user_factors, model.item_factors


def train_irspack(folder, factors, iterations, threads):
    from irspack import IALSRecommender
    from threadpoolctl import threadpool_limits

    # With loss_type ORIGINAL a pair of value x has confidence alpha_0 + x.
    model = IALSRecommender(
        load(folder, ALPHA), n_components=factors, alpha0=UNOBSERVED, reg=REGULARIZATION, nu=0.0,
        loss_type="ORIGINAL", solver_type="CG", max_cg_steps=3, n_threads=threads,
        random_seed=SEED, train_epochs=iterations)
    watch = Stopwatch()
    with threadpool_limits(1, "blas"):
        model.start_learning()
        for _ in range(iterations):
            watch.start()
            model.run_epoch()
            watch.lap()
    return watch, model.trainer_as_ials.core_trainer.user, model.trainer_as_ials.core_trainer.item


def train_ours(folder, factors, iterations, threads, driver, out):
    settings = [f"factors={factors}", f"iterations={iterations}", "solver=cg", "cg_steps=3",
                f"regularization={REGULARIZATION}", "nu=0", f"unobserved_weight={UNOBSERVED}",
                "unobserved=missing", "weighting=binary", f"alpha={ALPHA}"]
    run = subprocess.run([driver, folder, out, str(threads), str(SEED), *settings],
                         check=True, capture_output=True, text=True)
    return json.loads(run.stdout)


def objective(folder, users, items):
    """Hu, Koren and Volinsky's, in double precision."""
    import numpy as np

    matrix = load(folder, 1.0)
    observed = 0.0
    for start in range(0, matrix.shape[0], 4096):
        stop = min(start + 4096, matrix.shape[0])
        part = matrix[start:stop]
        rows = np.repeat(np.arange(start, stop), np.diff(part.indptr))
        score = np.einsum("ij,ij->i", users[rows], items[part.indices]).astype(np.float64)
        observed += float(((ALPHA + UNOBSERVED) * (1 - score) ** 2 - UNOBSERVED * score**2).sum())
    wide = [np.asarray(side, np.float64) for side in (users, items)]
    grams = [side.T @ side for side in wide]
    every_pair = float((grams[0] * grams[1]).sum())
    penalty = sum(float((side**2).sum()) for side in wide)
    return observed + UNOBSERVED * every_pair + REGULARIZATION * penalty


def ndcg_at_10(folder, users, items, limit=4000):
    """Mean and standard error over users with held-out pairs; seen items are left out."""
    import numpy as np

    matrix = load(folder, 1.0)
    indptr, indices = np.load(f"{folder}/test_indptr.npy"), np.load(f"{folder}/test_indices.npy")
    judged = np.flatnonzero(np.diff(indptr))[:limit]
    discount = 1 / np.log2(np.arange(2, 12))
    values = []
    for start in range(0, len(judged), 256):
        some = judged[start : start + 256]
        scores = users[some] @ items.T
        for row, user in zip(scores, some):
            row[matrix.indices[matrix.indptr[user] : matrix.indptr[user + 1]]] = -np.inf
            best = np.argpartition(-row, 10)[:10]
            best = best[np.argsort(-row[best], kind="stable")]
            truth = indices[indptr[user] : indptr[user + 1]]
            hits = np.isin(best, truth)
            values.append((discount * hits).sum() / discount[: min(10, len(truth))].sum())
    return float(np.mean(values)), float(np.std(values) / np.sqrt(len(values)))


def child(args):
    """Trains one peer in its own process and judges it."""
    import numpy as np

    if args.child == "judge":
        users = np.load(args.out + ".users.npy")
        items = np.load(args.out + ".items.npy")
        answer = {}
    else:
        train = {"implicit": train_implicit, "irspack": train_irspack}[args.child]
        watch, users, items = train(args.folder, args.factors[0], args.iterations, args.threads)
        users, items = np.asarray(users), np.asarray(items)
        answer = {"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds}
    if args.judge:
        answer["loss"] = objective(args.folder, users, items)
        answer["ndcg@10"], answer["ndcg@10 error"] = ndcg_at_10(args.folder, users, items)
    print(json.dumps(answer))


def run_child(args, name, factors, judge, out=""):
    command = [args.peers, os.path.abspath(__file__), "--child", name, "--folder", args.folder,
               "--factors", str(factors), "--iterations", str(args.iterations), "--threads",
               str(args.threads), "--out", out] + (["--judge"] if judge else [])
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", OMP_WAIT_POLICY="passive")
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    if run.returncode != 0:
        sys.exit(f"als.py: {name} failed with {args.peers}:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout.splitlines()[-1])


def compare(args, factors):
    names = ["ours", *args.against]
    laps = {name: {"seconds": [], "cpu_seconds": []} for name in names}
    quality = {}
    out = os.path.join(args.folder, "ours")
    for turn in range(args.rounds):
        for name in names:
            judge = turn == 0
            if name == "ours":
                answer = train_ours(args.folder, factors, args.iterations, args.threads,
                                    args.driver, out)
                if judge:
                    answer.update(run_child(args, "judge", factors, True, out))
            else:
                answer = run_child(args, name, factors, judge)
            for kind in laps[name]:  # the first iteration warms up
                laps[name][kind] += answer[kind][1:]
            if judge:
                quality[name] = {key: answer[key] for key in ("loss", "ndcg@10", "ndcg@10 error")}
    return {name: {**{kind: statistics.median(values) for kind, values in laps[name].items()},
                   **quality[name]} for name in names}


def print_table(factors, table):
    ours = table["ours"]
    print(f"\n{factors} factors     s/iteration  CPU s  ratio  CPU ratio  loss / ours  NDCG@10")
    for name, row in table.items():
        print(f"{name:14} {row['seconds']:13.2f} {row['cpu_seconds']:6.2f}"
              f" {row['seconds'] / ours['seconds']:6.2f}"
              f" {row['cpu_seconds'] / ours['cpu_seconds']:10.2f}"
              f" {row['loss'] / ours['loss']:12.4f}"
              f"  {row['ndcg@10']:.4f} +- {row['ndcg@10 error']:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--peers", default=os.path.join(ROOT, ".crossfade/peers/bin/python"),
                        help="the Python that has implicit, irspack, numpy, scipy, threadpoolctl")
    parser.add_argument("--driver", default=os.path.join(ROOT, "build/bench/bench/als_driver"))
    parser.add_argument("--folder", default="", help="where the generated log is kept")
    parser.add_argument("--against", nargs="*", default=["implicit", "irspack"])
    parser.add_argument("--factors", nargs="+", type=int, default=[64, 128])
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--pairs", type=int, default=17_000_000)
    parser.add_argument("--iterations", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    parser.add_argument("--out", default="", help=argparse.SUPPRESS)
    parser.add_argument("--judge", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    args.folder = args.folder or os.path.join(
        ROOT, f"build/bench/als-{args.users}x{args.items}x{args.pairs}")
    if args.child == "generate":
        return generate(args.folder, args.users, args.items, args.pairs)
    if args.child:
        return child(args)
    if not os.path.exists(f"{args.folder}/shape.npy"):
        subprocess.run([args.peers, os.path.abspath(__file__), "--child", "generate", "--folder",
                        args.folder, "--users", str(args.users), "--items", str(args.items),
                        "--pairs", str(args.pairs)], check=True)
    result = {}
    for factors in args.factors:
        result[factors] = compare(args, factors)
        if not args.json:
            print_table(factors, result[factors])
    if args.json:
        print(json.dumps({"threads": args.threads, "factors": result}))


if __name__ == "__main__":
    main()
