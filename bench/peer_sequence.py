#!/usr/bin/env python3
"""Trains a peer's SASRec for bench/sequence_training.py, in the peer's environment. One JSON job as
argument; the last line printed is what its epochs took, one before them not counted."""

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
    """Sums what passes between start() and stop()."""

    def __init__(self):
        self.seconds = self.cpu_seconds = 0.0

    def start(self):
        self.began = time.monotonic(), time.process_time()

    def stop(self):
        self.seconds += time.monotonic() - self.began[0]
        self.cpu_seconds += time.process_time() - self.began[1]


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
    rows = numpy.full((len(table["user_id"].unique()), LENGTH + 1), count, dtype=numpy.int64)
    for row, items in zip(rows, histories(table)):
        row[-min(len(items), LENGTH + 1):] = items[-(LENGTH + 1):]
    tokens = torch.from_numpy(rows)
    known = tokens != count
    for epoch in range(1 + epochs):
        if epoch > 0:
            watch.start()
        for some in torch.randperm(len(tokens)).split(BATCH):
            loss = model._compute_loss({
                "feature_tensor": {"item_id": tokens[some, :-1]},
                "padding_mask": known[some, :-1], "positive_labels": tokens[some, 1:],
                "target_padding_mask": known[some, 1:] & known[some, :-1]})
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch > 0:
            watch.stop()


def train_rectools(table, epochs, watch):
    import pytorch_lightning
    from rectools import Columns
    from rectools.dataset import Dataset
    from rectools.models import SASRecModel

    class Epochs(pytorch_lightning.Callback):
        def on_train_epoch_start(self, trainer, module):
            if trainer.current_epoch > 0:
                watch.start()

        def on_train_epoch_end(self, trainer, module):
            if trainer.current_epoch > 0:
                watch.stop()

    def trainer():
        return pytorch_lightning.Trainer(
            max_epochs=1 + epochs, accelerator="cpu", callbacks=[Epochs()], logger=False,
            enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False)

    log = table.to_pandas().rename(columns={
        "user_id": Columns.User, "item_id": Columns.Item, "timestamp": Columns.Datetime})
    log[Columns.Datetime] = log[Columns.Datetime].astype("datetime64[s]")
    log[Columns.Weight] = 1.0
    SASRecModel(n_factors=WIDTH, n_blocks=2, n_heads=1, session_max_len=LENGTH, dropout_rate=0.1,
                loss="softmax", batch_size=BATCH, lr=1e-3, train_min_user_interactions=2,
                get_trainer_func=trainer).fit(Dataset.construct(log))


def main():
    job = json.loads(sys.argv[1])
    torch.set_num_threads(job["threads"])
    torch.manual_seed(1)
    watch = Watch()
    table = pyarrow.parquet.read_table(job["log"])
    {"replay": train_replay, "rectools": train_rectools}[job["peer"]](table, job["epochs"], watch)
    print(json.dumps({"seconds": watch.seconds, "cpu_seconds": watch.cpu_seconds}))


if __name__ == "__main__":
    main()
