"""What is known of items gives those that nobody took yet a place among those like them."""

import re

import numpy
import pyarrow
import pyarrow.parquet
import pytest

from commands import ok, refused, run
from test_neural import NEURAL, set_

pytestmark = pytest.mark.skipif(not NEURAL.exists(), reason="built without libtorch")

GROUPS, OLD = 3, 30
# Behind the log's items: one new item of each group, one of a group of its own.
NEW = {30: 0, 31: 1, 32: 2, 33: 3}
QUIET = set_(dimensions=16, length=12, batch=32, blocks=1, learning_rate=0.01, epochs=15,
             dropout=0, repeats="yes")


def group(item):
    return NEW.get(item, item % GROUPS)


def write_world(folder, broken=()):
    """After an item of a group comes one of the next; which one is up to chance. `broken` items
    have a vector with a number that is none."""
    rng = numpy.random.default_rng(1)
    rows = []
    for user in range(300):
        place = int(rng.integers(0, GROUPS))
        for step in range(8):
            item = int(rng.integers(0, OLD // GROUPS)) * GROUPS + place
            rows.append((user, item, 1_700_000_000 + step))
            place = (place + 1) % GROUPS
    columns = list(zip(*rows))
    write(folder / "log.parquet", user_id=columns[0], item_id=columns[1], timestamp=columns[2])
    items = range(OLD + len(NEW))
    write(folder / "items.parquet", item_id=list(items),
          category_id=[f"group {group(item)}" for item in items])
    vectors = [[1.0 * (group(item) == place) for place in range(GROUPS + 1)] for item in items]
    for item in NEW:
        vectors[item] = vectors[item] if group(item) < GROUPS else [0.0] * (GROUPS + 1)
    for item in broken:
        vectors[item][0] = float("nan")
    write(folder / "vectors.parquet", item_id=list(items),
          vector=pyarrow.array(vectors, pyarrow.list_(pyarrow.float32())))


def write(path, **columns):
    pyarrow.parquet.write_table(pyarrow.table(columns), path)


def make_store(folder, **world):
    write_world(folder, **world)
    return ok("import", folder / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
              "timestamp", "--weight", "none", "--items", folder / "items.parquet", "--vectors",
              folder / "vectors.parquet", "--keep-unknown", "--out", folder / "store")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cold")
    make_store(folder)
    return folder / "store"


def lists(store, folder, k, **knobs):
    """Per user the items of his list, best first."""
    model = knobs.pop("model", "sasrec")
    ok("train", model, "--data", store, "--out", folder / "m", *QUIET, *set_(**knobs))
    ok("recommend", folder / "m", "--data", store, "--k", k, "--keep-seen", "--out",
       folder / "recs.parquet")
    answers = {}
    for row in pyarrow.parquet.read_table(folder / "recs.parquet").to_pylist():
        answers.setdefault(row["user_id"], []).append(row["item_id"])
    return answers


def last_group(store):
    log = pyarrow.parquet.read_table(store.parent / "log.parquet").to_pylist()
    return {row["user_id"]: group(row["item_id"]) for row in log}  # the last row stays


@pytest.mark.parametrize("knobs", [
    {"labels": "yes"}, {"vectors": "yes"}, {"labels": "yes", "output_bias": "yes"},
    {"vectors": "yes", "loss": "sampled", "negatives": 10}])
def test_new_items_come_where_others_of_their_group_do(store, tmp_path, knobs):
    last = last_group(store)
    answers = lists(store, tmp_path, OLD // GROUPS + 1, **knobs)
    found = 0
    for user, items in answers.items():
        wanted = (last[user] + 1) % GROUPS
        found += any(item in NEW and NEW[item] == wanted for item in items)
        assert 33 not in items  # nothing of what is known of it has been learned
    assert found > 0.8 * len(answers)


@pytest.mark.parametrize("model", ["sasrec", "bert4rec"])
def test_new_items_of_which_nothing_is_known_are_never_recommended(store, tmp_path, model):
    answers = lists(store, tmp_path, 100, model=model, epochs=2, heads=2)
    assert len(answers) == 300
    assert all(sorted(items) == list(range(OLD)) for items in answers.values())


def test_a_vector_with_a_number_that_is_none_is_no_vector(tmp_path):
    said = make_store(tmp_path, broken=[31])
    assert re.search(r"vector holds a value that is not a number +1 +row 31", said.out), said.out
    answers = lists(tmp_path / "store", tmp_path, 100, vectors="yes", epochs=2)
    shown = set().union(*answers.values())
    assert 31 not in shown and 30 in shown


def test_side_information_that_is_not_there_is_asked_for(tmp_path):
    write_world(tmp_path)
    ok("import", tmp_path / "log.parquet", "--user", "user_id", "--item", "item_id", "--time",
       "timestamp", "--weight", "none", "--out", tmp_path / "bare")
    for knob in ("labels", "vectors"):
        refused(run("train", "sasrec", "--data", tmp_path / "bare", "--out", tmp_path / "m",
                    *set_(**{knob: "yes"})), 3, f"{knob}=yes", "crossfade attach")
    assert not (tmp_path / "m.checkpoint").exists()
