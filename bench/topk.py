#!/usr/bin/env python3
"""Top-k retrieval against implicit: the same factors, the same seen items, the same lists.

Top-100 of 100,000 items, 128 factors, for 10,000 users whose about 85 seen items are left out, on
two threads. Two sets of factors: "trained" (ALS, by implicit itself, on generated interactions with
clusters of taste and a popularity tail) and "gaussian" (independent normals: every item has the
same length and no direction is preferred, the hardest case for any pruning).

Runs of both sides are interleaved in one session and compared by medians of wall time; CPU seconds
stand beside them, because they hold on a machine that is busy otherwise. The lists are compared
item by item: they may differ only where scores tie within rounding. implicit is given its better
setting: one BLAS thread beside its own two threads, BLAS on two and its own on one, or two and two.

    ./dev bench topk            or      python bench/topk.py --json --runs 7
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
PEERS = HOME / ".crossfade" / "peers" / "bin" / "python"
DRIVER = HOME / "build" / "bench" / "crossfade" / "retrieval" / "crossfade_topk_bench"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--users", type=int, default=10_000)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--factors", type=int, default=128)
    parser.add_argument("--k", type=int, default=100)
    parser.add_argument("--seen", type=int, default=85, help="seen items per user, on average")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sets", default="trained,gaussian")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", help="keep the generated factors here and use them again")
    parser.add_argument("--peer-python", default=str(PEERS))
    parser.add_argument("--driver", default=str(DRIVER))
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    return parser.parse_args()


def interactions(options, users, rng):
    """Users and items in clusters of taste; items by a Zipf tail; lengths of history log-normal."""
    import numpy as np
    import scipy.sparse

    clusters = 200
    counts = np.maximum(1, rng.lognormal(np.log(options.seen) - 0.32, 0.8, users)).astype(np.int64)
    popular = 1.0 / (np.arange(options.items) + 50.0) ** 0.9
    rng.shuffle(popular)
    of_item = rng.integers(0, clusters, options.items)
    everywhere = np.cumsum(popular / popular.sum())
    within = []
    for cluster in range(clusters):
        members = np.flatnonzero(of_item == cluster)
        within.append((members, np.cumsum(popular[members] / popular[members].sum())))
    rows, columns = [], []
    for user, count in enumerate(counts):
        tastes = rng.integers(0, clusters, 4)
        for taste in tastes:
            members, odds = within[taste]
            draws = np.searchsorted(odds, rng.random(count // 5), "right")
            columns.append(members[np.minimum(draws, len(members) - 1)])
        rest = count - 4 * (count // 5)
        draws = np.searchsorted(everywhere, rng.random(rest), "right")
        columns.append(np.minimum(draws, options.items - 1))
        rows.append(np.full(count, user))
    rows, columns = np.concatenate(rows), np.concatenate(columns)
    matrix = scipy.sparse.csr_matrix(
        (np.ones(len(rows), np.float32), (rows, columns)), shape=(users, options.items))
    matrix.data[:] = 1
    matrix.sort_indices()
    return matrix


def generate(name, folder, options):
    """Writes items.npy, queries.npy and the seen items of one set of factors."""
    import numpy as np

    rng = np.random.default_rng(options.seed)
    if name == "trained":
        import implicit
        import threadpoolctl

        seen = interactions(options, 3 * options.users, rng)
        model = implicit.als.AlternatingLeastSquares(
            factors=options.factors, regularization=0.05, alpha=8.0, iterations=6,
            num_threads=options.threads, random_state=options.seed)
        with threadpoolctl.threadpool_limits(1):
            model.fit(seen, show_progress=False)
        users, items, seen = model.user_factors, model.item_factors, seen[: options.users]
    else:
        users = rng.standard_normal((options.users, options.factors), dtype=np.float32)
        items = rng.standard_normal((options.items, options.factors), dtype=np.float32)
        seen = interactions(options, options.users, rng)
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "items.npy", np.ascontiguousarray(items, dtype=np.float32))
    np.save(folder / "seen_offsets.npy", seen.indptr.astype(np.int64))
    np.save(folder / "seen_items.npy", seen.indices.astype(np.int32))
    np.save(folder / "queries.npy", np.ascontiguousarray(users[: options.users], np.float32))


class Ours:
    """The driver, told what to do line by line."""

    def __init__(self, folder, options, index):
        self.process = subprocess.Popen(
            [options.driver, folder, str(options.k), str(options.threads), index],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.isa = json.loads(self.process.stdout.readline())["isa"]

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench/topk.py: the driver stopped at '{command}'")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Implicit:
    """implicit.cpu.topk, what its recommend() calls, with factors and filter at hand."""

    def __init__(self, folder, options):
        import numpy as np
        import scipy.sparse

        self.k = options.k
        self.queries = np.load(folder / "queries.npy")
        self.items = np.load(folder / "items.npy")
        offsets, seen = np.load(folder / "seen_offsets.npy"), np.load(folder / "seen_items.npy")
        self.seen = scipy.sparse.csr_matrix(
            (np.ones(len(seen), np.float32), seen, offsets),
            shape=(len(self.queries), len(self.items)))
        settings = [(options.threads, 1), (1, options.threads), (options.threads, options.threads)]
        self.setting = min(settings, key=lambda setting: self.run(*setting)["wall_s"])

    def run(self, threads=None, blas=None):
        import threadpoolctl
        from implicit.cpu.topk import topk

        threads, blas = (threads, blas) if threads else self.setting
        with threadpoolctl.threadpool_limits(blas, user_api="blas"):
            wall, cpu = time.perf_counter(), time.process_time()
            self.ids, self.scores = topk(
                self.items, self.queries, self.k, filter_query_items=self.seen,
                num_threads=threads)
            return {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}


def differing_lists(folder, peer):
    """How many users' lists differ by more than ties within rounding, and the worst difference."""
    import numpy as np

    offsets = np.load(folder / "result_offsets.npy")
    items, scores = np.load(folder / "result_items.npy"), np.load(folder / "result_scores.npy")
    different, moved, worst = 0, 0, 0.0
    for user in range(len(peer.queries)):
        ours = items[offsets[user]: offsets[user + 1]]
        ours_scores = scores[offsets[user]: offsets[user + 1]]
        theirs, theirs_scores = peer.ids[user], peer.scores[user]
        if len(ours) != len(theirs):
            different += 1
            continue
        # Rounding is relative to the lengths, not to the score.
        size = np.linalg.norm(peer.queries[user]) * np.linalg.norm(peer.items[theirs], axis=1)
        gap = np.max(np.abs(ours_scores - theirs_scores) / np.maximum(size, 1e-30))
        worst = max(worst, float(gap))
        different += gap > 1e-5
        moved += bool(np.any(ours != theirs))
    return {"different": int(different), "ties_moved": int(moved), "worst_gap": worst}


def measure(name, folder, options):
    peer = Implicit(folder, options)
    with tempfile.TemporaryDirectory() as results:
        ours, exact = Ours(folder, options, "quantized"), Ours(folder, options, "exact")
        times = {"ours": [], "implicit": [], "plain scan": []}
        for run in range(options.runs):
            times["ours"].append(ours.tell("run"))
            times["implicit"].append(peer.run())
            if run == 0:
                times["plain scan"].append(exact.tell("run"))
        one = ours.tell("one")
        ours.tell(f"save {results}")
        lists = differing_lists(pathlib.Path(results), peer)
        ours.close()
        exact.close()
    medians = {side: {clock: statistics.median(run[clock] for run in runs)
                      for clock in ("wall_s", "cpu_s")} for side, runs in times.items()}
    return {
        "set": name, "isa": ours.isa, "runs": options.runs, "medians": medians,
        "ratio_wall": medians["implicit"]["wall_s"] / medians["ours"]["wall_s"],
        "ratio_cpu": medians["implicit"]["cpu_s"] / medians["ours"]["cpu_s"],
        "implicit_threads_and_blas": peer.setting, "one_query": one, "lists": lists,
    }


def show(result, options):
    lists = result["lists"]
    print(f"\ntop-{options.k} of {options.items:,} items, {options.factors} factors, "
          f"{options.users:,} users, {options.threads} threads, factors: {result['set']} "
          f"({result['isa']}, median of {result['runs']})")
    for side, clock in result["medians"].items():
        print(f"  {side:<12} {clock['wall_s']:8.3f} s wall  {clock['cpu_s']:8.3f} s CPU")
    print(f"  ratio        {result['ratio_wall']:8.2f} x wall  {result['ratio_cpu']:8.2f} x CPU")
    print(f"  one query    {result['one_query']['median_us']:.0f} us median, "
          f"{result['one_query']['p99_us']:.0f} us 99th percentile, one thread")
    print(f"  lists        {lists['different']} differ; {lists['ties_moved']} have ties in another "
          f"order; largest difference of scores {lists['worst_gap']:.1e} of the lengths")


def main():
    options = parse()
    # The peer lives in its own environment: start again with its interpreter.
    peer = pathlib.Path(options.peer_python)
    if pathlib.Path(sys.prefix).resolve() != peer.parent.parent.resolve():
        if not peer.exists():
            sys.exit(f"bench/topk.py: no {peer}; ./dev bench makes it")
        os.execv(peer, [str(peer), *sys.argv])
    if not pathlib.Path(options.driver).exists():
        sys.exit(f"bench/topk.py: no {options.driver}; ./dev build bench makes it")
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.sets.split(","):
            shape = f"{options.users}-{options.items}-{options.factors}-{options.seed}"
            folder = pathlib.Path(options.folder or temporary) / f"{name}-{shape}"
            if not (folder / "queries.npy").exists():
                print(f"making the factors: {name}", file=sys.stderr)
                generate(name, folder, options)
            results.append(measure(name, folder, options))
            if not options.json:
                show(results[-1], options)
    if options.json:
        print(json.dumps({"benchmark": "topk", "results": results}, indent=2))
    return 1 if any(result["lists"]["different"] for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
