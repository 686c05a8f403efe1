"""Generators through the command line: items that nobody has played, and what they refuse."""

import numpy
import pyarrow
import pyarrow.parquet
import pytest

from commands import ok, refused, run, write_log


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A log of four blocks of items (500 and on, by id mod 4)."""
    path = tmp_path_factory.mktemp("generators") / "log.parquet"
    write_log(path)
    return path


def about_tracks(folder):
    """Vectors and a genre by block for all items, and for two that are not in the log; one vector
    is no number, one item has none."""
    ids = [*range(500, 560), 9000, 9001]
    blocks = [number % 4 for number in ids]
    vectors = numpy.random.default_rng(3).normal(0, 0.05, (len(ids), 128)).astype(numpy.float32)
    for row, block in enumerate(blocks):
        vectors[row, block] += 1
    vectors[5, 7] = float("nan")
    pyarrow.parquet.write_table(
        pyarrow.table({"item_id": ids[1:],
                       "vector": pyarrow.array(list(vectors[1:]),
                                               pyarrow.list_(pyarrow.float32()))}),
        folder / "vectors.parquet")
    pyarrow.parquet.write_table(
        pyarrow.table({"item_id": ids,
                       "genre": [f"genre {block}" for block in blocks]}),
        folder / "tracks.parquet")


def recommended(model, store, folder):
    out = folder / "lists.parquet"
    out.unlink(missing_ok=True)
    ok("recommend", model, "--data", store, "--k", "60", "--keep-seen", "--out", out)
    table = pyarrow.parquet.read_table(out)
    lists = {}
    for user, item in zip(table["user_id"].to_pylist(), table["item_id"].to_pylist()):
        lists.setdefault(user, []).append(item)
    return lists


@pytest.mark.parametrize("line", [("content",), ("attributes", "--set", "by=genre")])
def test_what_nobody_has_played_is_recommended_to_whom_it_fits(log, tmp_path, line):
    about_tracks(tmp_path)
    store = tmp_path / "store"
    ok("import", log, "--schema", "hackathon", "--domain", "music", "--items",
       tmp_path / "tracks.parquet", "--keep-unknown", "--out", store)
    report = ok("attach", store, "--vectors", tmp_path / "vectors.parquet", "--json").json()
    assert {reason["reason"]: reason["rows"] for reason in report["tables"][0]["dropped"]} == {
        "vector holds a value that is not a number": 1}
    ok("train", *line, "--data", store, "--out", tmp_path / "model")
    lists = recommended(tmp_path / "model", store, tmp_path)
    # 9000 is of block 0, 9001 of block 1: users 1000 to 1099 like the block of their number.
    for user in (1000, 1004, 1040):
        assert lists[user].index(9000) < 25
        assert 9001 not in lists[user] or lists[user].index(9000) < lists[user].index(9001)
    if line[0] == "content":
        assert all(500 not in items and 505 not in items for items in lists.values())


def test_what_is_missing_or_does_not_fit_is_said(log, tmp_path):
    store = tmp_path / "store"
    ok("import", log, "--schema", "hackathon", "--domain", "music", "--out", store)

    def train(*line):
        return run("train", *line, "--data", store, "--out", tmp_path / "model")

    refused(train("content"), 3, "no vectors", "attach --vectors")
    refused(train("attributes"), 3, "attach --items")
    refused(train("attributes", "--set", "by=artist"), 2, "artist")
    refused(train("popular", "--set", "segment=country"), 2, "no attributes")
    refused(train("covisit", "--set", "second_kind=2"), 2, "kinds of events")
    refused(train("knn", "--set", "kind_1=3"), 2, "kinds of events")
    for model in ("als", "knn", "slim", "sparse_ease", "gfcf", "ease", "rp3beta", "rules"):
        refused(train(model, "--memory", "100B"), 4, "60 items needs", "may take")
