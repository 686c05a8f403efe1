"""Writes RePlay's numbers for the data of parity_data.py to metrics/replay.json.

RePlay's Novelty is left out: it is the share of the list that the user has not seen, not ours.
"""

import importlib.metadata
import warnings

import polars as pl
from parity_data import KS, write_data, write_expected
from replay.metrics import MAP, MRR, NDCG, Coverage, HitRate, PerUser, Precision, Recall, Surprisal


def per_user_values(result):
    """{"NDCG-PerUser@5": {user: value}} to {5: {user: value}}."""
    return {int(name.split("@")[1]): values for name, values in result.items()}


def main():
    warnings.simplefilter("ignore")
    train, truth, lists = write_data()
    train = pl.DataFrame(train, schema=["query_id", "item_id"], orient="row")
    truth = pl.DataFrame(truth, schema=["query_id", "item_id"], orient="row")
    lists = pl.DataFrame(lists, schema=["query_id", "item_id", "rank"], orient="row")
    lists = lists.with_columns((1.0 / pl.col("rank")).alias("rating")).drop("rank")
    scored = lists.join(truth.select("query_id").unique(), on="query_id", how="semi")
    means, per_user = {}, {}
    metrics = {
        "ndcg": NDCG, "recall": Recall, "precision": Precision, "hit_rate": HitRate, "mrr": MRR,
        "map": MAP,
    }
    for name, metric in metrics.items():
        values = per_user_values(metric(KS, mode=PerUser())(lists, truth))
        mean = metric(KS)(lists, truth)
        for k in KS:
            per_user[f"{name}@{k}"] = values[k]
            means[f"{name}@{k}"] = float(mean[f"{metric.__name__}@{k}"])
    # Users without a list are missing here; we score them 0, so there is no common mean.
    values = per_user_values(Surprisal(KS, mode=PerUser())(scored, train))
    coverage = Coverage(KS)(scored, train)
    for k in KS:
        per_user[f"surprisal@{k}"] = values[k]
        means[f"coverage@{k}"] = float(coverage[f"Coverage@{k}"])
    peer = "RePlay " + importlib.metadata.version("replay-rec")
    write_expected("replay.json", peer, means, per_user)


if __name__ == "__main__":
    main()
