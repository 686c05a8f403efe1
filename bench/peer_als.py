#!/usr/bin/env python3
"""Runs a peer's ALS for bench/quality.py, in the peers' environment. One JSON job as argument."""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy  # noqa: E402
import pyarrow  # noqa: E402
import pyarrow.parquet  # noqa: E402
import scipy.sparse  # noqa: E402


def read_pairs(path):
    table = pyarrow.parquet.read_table(path, columns=["user_id", "item_id"])
    return table["user_id"].to_numpy(), table["item_id"].to_numpy()


def subtract(job):
    """Writes train without the pairs of another file: the validation cut's log."""
    users, items = read_pairs(job["train"])
    gone_users, gone_items = read_pairs(job["subtract"])
    width = int(items.max()) + 1
    keep = ~numpy.isin(users.astype(numpy.int64) * width + items,
                       gone_users.astype(numpy.int64) * width + gone_items)
    table = pyarrow.table({"user_id": users[keep], "item_id": items[keep]})
    pyarrow.parquet.write_table(table, job["out"])


def fit_implicit(matrix, settings, seed):
    """Implicit fixes the unobserved weight to 1: divide our objective by it."""
    import implicit
    weight = settings["unobserved_weight"]
    model = implicit.als.AlternatingLeastSquares(
        factors=settings["factors"], iterations=settings["iterations"],
        regularization=settings["regularization"] / weight, alpha=1.0 / weight,
        use_gpu=False, num_threads=2, random_state=seed)
    model.fit(matrix, show_progress=False)
    return model.user_factors, model.item_factors


def fit_irspack(matrix, settings, seed):
    from irspack.recommenders.ials import IALSRecommender
    model = IALSRecommender(
        matrix, n_components=settings["factors"], alpha0=settings["unobserved_weight"],
        reg=settings["regularization"], nu=settings["nu"], train_epochs=settings["iterations"],
        solver_type="CG", max_cg_steps=3, n_threads=2, random_seed=seed)
    model.learn()
    return model.get_user_embedding(), model.get_item_embedding()


def top_k(users, items, matrix, k):
    """Ids and scores of the best k unseen items of every user, in blocks."""
    for start in range(0, users.shape[0], 1000):
        scores = users[start:start + 1000] @ items.T
        rows = matrix[start:start + 1000]
        scores[rows.nonzero()] = -numpy.inf
        best = numpy.argpartition(-scores, k, axis=1)[:, :k]
        values = numpy.take_along_axis(scores, best, axis=1)
        order = numpy.argsort(-values, axis=1, kind="stable")
        yield start, numpy.take_along_axis(best, order, 1), numpy.take_along_axis(values, order, 1)


def main():
    job = json.loads(sys.argv[1])
    if "subtract" in job:
        subtract(job)
        return
    users, items = read_pairs(job["train"])
    matrix = scipy.sparse.csr_matrix(
        (numpy.ones(len(users), numpy.float32), (users, items)),
        shape=(int(users.max()) + 1, int(items.max()) + 1))
    start = time.monotonic()
    fit = {"implicit": fit_implicit, "irspack": fit_irspack}[job["library"]]
    user_factors, item_factors = fit(matrix, job["settings"], job["seed"])
    seconds = time.monotonic() - start
    columns = {"user_id": [], "item_id": [], "score": []}
    for first, best, values in top_k(user_factors, item_factors, matrix, job["k"]):
        columns["user_id"].append(numpy.repeat(numpy.arange(first, first + len(best)), job["k"]))
        columns["item_id"].append(best.ravel())
        columns["score"].append(values.ravel())
    table = pyarrow.table({name: numpy.concatenate(parts) for name, parts in columns.items()})
    pyarrow.parquet.write_table(table, job["out"])
    print("\n" + json.dumps({"seconds": seconds}))  # irspack leaves a bar without an end of line


if __name__ == "__main__":
    main()
