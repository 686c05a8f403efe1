"""Sequence models that read the running session: by numbers, by pauses, and what is familiar."""

import numpy
import pyarrow.parquet
import pytest

from commands import BUILD, ok, refused, run
from planted_order import in_order, write_rows

NEURAL = BUILD / "crossfade" / "neural" / "crossfade-neural"
pytestmark = pytest.mark.skipif(not NEURAL.exists(), reason="built without libtorch")

SMALL = ["--set", "dimensions=32", "--set", "length=12", "--set", "batch=32", "--set", "blocks=1",
         "--set", "learning_rate=0.005", "--set", "epochs=12", "--set", "repeats=yes",
         "--set", "reads=session"]


def write_sessions(path, users=150):
    """Three sessions of each user, a day apart, each in the planted order."""
    rng = numpy.random.default_rng(5)
    rows = [(user, item, 1_700_000_000 + 86_400 * session + step, 3 * user + session)
            for user in range(users) for session in range(3)
            for step, item in enumerate(in_order(rng, int(rng.integers(3, 8))))]
    write_rows(path, ["user_id", "item_id", "timestamp", "session_id"], rows)


@pytest.fixture(scope="module", params=["numbers", "pauses"])
def cut(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    write_sessions(folder / "log.parquet")
    numbers = ["--session", "session_id"] if request.param == "numbers" else []
    ok("import", folder / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
       "timestamp", *numbers, "--weight", "none", "--out", folder / "store")
    ok("split", folder / "store", "--by", "last:1", "--no-validation", "--out", folder / "cut")
    return folder / "cut"


def lists(cut, model, k):
    out = model.with_suffix(".parquet")
    ok("recommend", model, "--data", cut / "train", "--k", str(k), "--keep-seen", "--out", out)
    found = {}
    for row in pyarrow.parquet.read_table(out).to_pylist():
        found.setdefault(row["user_id"], []).append(row["item_id"])
    return found


def sessions_of(cut):
    """Items of each user's sessions but the one that runs, by the log that was imported."""
    table = pyarrow.parquet.read_table(cut.parent / "log.parquet").to_pylist()
    earlier = {}
    for row in table:
        if row["session_id"] % 3 < 2:
            earlier.setdefault(row["user_id"], set()).add(row["item_id"])
    return earlier


def test_the_order_within_sessions_is_found(cut, tmp_path):
    ok("train", "sasrec", "--data", cut / "train", "--out", tmp_path / "m", *SMALL)
    found = lists(cut, tmp_path / "m", 1)
    truth = pyarrow.parquet.read_table(cut / "test.parquet").to_pylist()
    hits = sum(found.get(row["user_id"], [None])[0] == row["item_id"] for row in truth)
    assert hits > 0.7 * len(truth)  # 0.9 is what the order is worth


def test_what_is_familiar_comes_first_if_it_weighs_enough(cut, tmp_path):
    ok("train", "sasrec", "--data", cut / "train", "--out", tmp_path / "m", *SMALL,
       "--set", "familiar=100")
    earlier = sessions_of(cut)
    for user, items in lists(cut, tmp_path / "m", 3).items():
        assert set(items[:len(earlier[user])]) <= earlier[user]


def test_what_cannot_be_read_by_sessions_is_told(cut, tmp_path):
    refused(run("train", "sasrec", "--data", cut / "train", "--out", tmp_path / "m", "--set",
                "familiar=2"), 2, "set reads=session, or familiar=0")
    ok("import", cut.parent / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
       "none", "--weight", "none", "--out", tmp_path / "timeless")
    refused(run("train", "sasrec", "--data", tmp_path / "timeless", "--out", tmp_path / "m",
                *SMALL), 3, "has neither sessions nor times")
