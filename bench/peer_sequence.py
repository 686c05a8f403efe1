#!/usr/bin/env python3
"""Trains a peer's SASRec for bench/sequence_training.py and bench/sequence_time.py, in the peer's
environment. One JSON job as argument; the last line printed is what its epochs took, one before
them not counted. With "judge" all are counted, each user's last item is held back, and NDCG@10 by
it is told after every epoch."""

import json
import logging
import sys
import time
import warnings

import numpy
import pyarrow.parquet
import torch

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
LENGTH, WIDTH, BATCH = 200, 64, 128


class Watch:
    """Sums what passes between start() and stop(), and what a judge says in between."""

    def __init__(self, judge=None):
        self.seconds = self.cpu_seconds = 0.0
        self.judge, self.epoch_seconds, self.ndcg = judge, [], []

    @property
    def first(self):
        """The first epoch that counts."""
        return 0 if self.judge else 1

    def start(self):
        self.began = time.monotonic(), time.process_time()

    def stop(self):
        self.seconds += time.monotonic() - self.began[0]
        self.cpu_seconds += time.process_time() - self.began[1]
        self.epoch_seconds.append(time.monotonic() - self.began[0])

    def ask(self, scores_of):
        """`scores_of` makes scores of all items of some histories, a column for each item id."""
        if self.judge:
            with torch.no_grad():
                self.ndcg.append(self.judge(scores_of))


class LastItems:
    """NDCG@10 of each user's last item, all items ranked, seen ones left out."""

    def __init__(self, table):
        everything = histories(table)
        self.histories = [items[:-1] for items in everything]
        self.targets = [int(items[-1]) for items in everything]

    def __call__(self, scores_of):
        gain = 0.0
        for begin in range(0, len(self.targets), BATCH):
            some = self.histories[begin:begin + BATCH]
            scores = scores_of(some)
            for row, seen, target in zip(scores, some, self.targets[begin:begin + BATCH]):
                wanted = row[target].item()
                row[torch.from_numpy(seen)] = -torch.inf
                place = int((row > wanted).sum())
                gain += 1 / numpy.log2(place + 2) if place < 10 else 0.0
        return gain / len(self.targets)


def padded(some, padding, length=LENGTH):
    rows = numpy.full((len(some), length), padding, dtype=numpy.int64)
    for row, items in zip(rows, some):
        row[-min(len(items), length):] = items[-length:]
    return torch.from_numpy(rows)


def histories(table):
    users, items = table["user_id"].to_numpy(), table["item_id"].to_numpy()
    return numpy.split(items, numpy.flatnonzero(numpy.diff(users)) + 1)


def train_replay(table, epochs, watch):
    from replay.data import FeatureHint, FeatureSource, FeatureType
    from replay.data.nn import TensorFeatureInfo, TensorFeatureSource, TensorSchema
    from replay.models.nn.sequential.sasrec import SasRec

    count = int(table["item_id"].to_numpy().max()) + 1
    schema = TensorSchema(TensorFeatureInfo(
        name="item_id", is_seq=True, cardinality=count, padding_value=count,
        feature_type=FeatureType.CATEGORICAL, embedding_dim=WIDTH,
        feature_hint=FeatureHint.ITEM_ID, feature_sources=[
            TensorFeatureSource(FeatureSource.INTERACTIONS, "item_id")]))
    model = SasRec(schema, block_count=2, head_count=1, hidden_size=WIDTH, max_seq_len=LENGTH,
                   dropout_rate=0.1, loss_type="CE")
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    tokens = padded(histories(table), count, LENGTH + 1)
    known = tokens != count

    def scores_of(some):
        rows = padded(some, count)
        return model({"item_id": rows}, rows != count)

    for epoch in range(watch.first + epochs):
        if epoch >= watch.first:
            watch.start()
        for some in torch.randperm(len(tokens)).split(BATCH):
            loss = model._compute_loss({
                "feature_tensor": {"item_id": tokens[some, :-1]},
                "padding_mask": known[some, :-1], "positive_labels": tokens[some, 1:],
                "target_padding_mask": known[some, 1:] & known[some, :-1]})
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch >= watch.first:
            watch.stop()
        model.eval()
        watch.ask(scores_of)
        model.train()


def train_rectools(table, epochs, watch):
    import pytorch_lightning
    from rectools import Columns
    from rectools.dataset import Dataset
    from rectools.models import SASRecModel

    count = int(table["item_id"].to_numpy().max()) + 1

    def scores_of(network, inside):
        places = inside.fillna(0).to_numpy(dtype=numpy.int64)  # 0 stands for padding
        items = network.item_model.get_all_embeddings()
        return lambda some: network.encode_sessions(
            {"x": padded([places[history] for history in some], 0)},
            items)[:, -1] @ items[places].T

    class Epochs(pytorch_lightning.Callback):
        def on_train_epoch_start(self, trainer, module):
            if trainer.current_epoch >= watch.first:
                watch.start()

        def on_train_epoch_end(self, trainer, module):
            if trainer.current_epoch >= watch.first:
                watch.stop()
            network = module.torch_model.eval()
            inside = model.data_preparator.item_id_map.to_internal
            watch.ask(scores_of(network, inside.reindex(numpy.arange(count))))
            network.train()

    def trainer():
        return pytorch_lightning.Trainer(
            max_epochs=watch.first + epochs, accelerator="cpu", callbacks=[Epochs()], logger=False,
            enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)

    log = table.to_pandas().rename(columns={
        "user_id": Columns.User, "item_id": Columns.Item, "timestamp": Columns.Datetime})
    log[Columns.Datetime] = log[Columns.Datetime].astype("datetime64[s]")
    log[Columns.Weight] = 1.0
    model = SASRecModel(
        n_factors=WIDTH, n_blocks=2, n_heads=1, session_max_len=LENGTH, dropout_rate=0.1,
        loss="softmax", batch_size=BATCH, lr=1e-3, train_min_user_interactions=2,
        get_trainer_func=trainer)
    model.fit(Dataset.construct(log))


def main():
    job = json.loads(sys.argv[1])
    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    table = pyarrow.parquet.read_table(job["log"])
    watch = Watch(LastItems(table) if job.get("judge") else None)
    if watch.judge:  # what is judged by is not learned from
        last = numpy.append(numpy.diff(table["user_id"].to_numpy()) != 0, True)
        table = table.filter(~last)
    {"replay": train_replay, "rectools": train_rectools}[job["peer"]](table, job["epochs"], watch)
    print(json.dumps({"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds,
                      "epoch_seconds": watch.epoch_seconds, "ndcg": watch.ndcg}))


if __name__ == "__main__":
    main()
