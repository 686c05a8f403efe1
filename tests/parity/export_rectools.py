"""Writes RecTools' numbers for the data of parity_data.py to metrics/rectools.json.

Where a definition differs, what is written is RecTools' number carried over to our definition by an
exact rule, which stands at the metric.
"""

import importlib.metadata
import warnings

import pandas as pd
from parity_data import ITEMS, KS, write_data, write_expected
from rectools.metrics import MAP, MRR, NDCG, CatalogCoverage, HitRate, MeanInvUserFreq, Precision
from rectools.metrics import Recall


def main():
    warnings.simplefilter("ignore")
    train, truth, lists = write_data()
    train = pd.DataFrame(train, columns=["user_id", "item_id"])
    truth = pd.DataFrame(truth, columns=["user_id", "item_id"])
    lists = pd.DataFrame(lists, columns=["user_id", "item_id", "rank"])
    scored = lists[lists.user_id.isin(truth.user_id)]
    relevant = truth.groupby("user_id").size()
    means, per_user = {}, {}
    for k in KS:
        by_truth = {
            # The default divides by the IDCG of k relevant items, whoever the user is.
            "ndcg": NDCG(k, divide_by_achievable=True),
            "recall": Recall(k),
            "precision": Precision(k),
            "hit_rate": HitRate(k),
            "mrr": MRR(k),
        }
        for name, metric in by_truth.items():
            per_user[f"{name}@{k}"] = metric.calc_per_user(lists, truth).to_dict()
            means[f"{name}@{k}"] = float(metric.calc(lists, truth))
        # RecTools divides by the number of relevant items, we by min(k, that).
        average_precision = MAP(k).calc_per_user(lists, truth)
        per_user[f"map@{k}"] = (average_precision * relevant / relevant.clip(upper=k)).to_dict()
        # Users without a list are missing here; we score them 0, so there is no common mean.
        per_user[f"novelty@{k}"] = MeanInvUserFreq(k).calc_per_user(scored, train).to_dict()
        # RecTools counts whatever is in the lists; we the scored users' items of the catalogue.
        catalogue = train.item_id.unique()
        in_catalogue = scored[scored.item_id.isin(catalogue)]
        coverage = CatalogCoverage(k, normalize=True).calc(in_catalogue, catalogue)
        means[f"coverage@{k}"] = float(coverage)
    assert max(lists.item_id) >= ITEMS, "the data must hold cold items"
    peer = "RecTools " + importlib.metadata.version("rectools")
    write_expected("rectools.json", peer, means, per_user)


if __name__ == "__main__":
    main()
