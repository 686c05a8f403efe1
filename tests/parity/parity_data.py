"""The data set on which our metrics and the peers' are compared: seeded, small, full of corners.

300 users of the truth with 1 to 40 relevant items; a tenth of them have no list, 20 more users have
a list but no truth; lists hold 1 to 30 items, some of which the train part has never seen.
Both exporters write the same files, so either can be run alone.
"""

import json
import pathlib
import random

FOLDER = pathlib.Path(__file__).resolve().parent / "metrics"
KS = [1, 5, 20]
USERS, STRANGERS, ITEMS, COLD_ITEMS = 300, 20, 400, 10


def generate():
    """Rows of (user, item) for train and truth, of (user, item, rank) for lists."""
    rng = random.Random(20240607)
    weight = [1 / (1 + item) for item in range(ITEMS)]

    def draw(count):
        chosen = set()
        while len(chosen) < count:
            chosen.add(rng.choices(range(ITEMS), weight)[0])
        return sorted(chosen, key=lambda _: rng.random())

    train, truth, lists = [], [], []
    for user in range(USERS + STRANGERS):
        train += [(user, item) for item in draw(rng.randint(1, 12))]
        relevant = draw(min(rng.randint(1, 40), rng.randint(1, 40)))
        if user < USERS:
            truth += [(user, item) for item in sorted(relevant)]
        if user < USERS and user % 10 == 7:
            continue
        items = draw(rng.randint(1, 30))
        if user % 4 == 0:
            items[rng.randrange(len(items))] = ITEMS + rng.randrange(COLD_ITEMS)
        lists += [(user, item, rank) for rank, item in enumerate(items, 1)]
    return train, truth, lists


def write_rows(name, header, rows):
    text = ",".join(header) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    (FOLDER / name).write_text(text)


def write_data():
    FOLDER.mkdir(exist_ok=True)
    train, truth, lists = generate()
    write_rows("train.csv", ["user_id", "item_id"], train)
    write_rows("truth.csv", ["user_id", "item_id"], truth)
    write_rows("lists.csv", ["user_id", "item_id", "rank"], lists)
    return train, truth, lists


def rounded(value):
    """To 13 digits: beyond them the peers' sums change from run to run."""
    return float(f"{float(value):.13g}")


def write_expected(name, peer, means, per_user):
    """means: {"ndcg@5": value}; per_user: {"ndcg@5": {user: value}}. One metric a line."""
    means = {metric: rounded(mean) for metric, mean in means.items()}
    lines = [f'"peer": {json.dumps(peer)}', f'"means": {json.dumps(means)}']
    for metric, values in per_user.items():
        pairs = {str(int(user)): rounded(value) for user, value in sorted(values.items())}
        lines.append(f"{json.dumps(metric)}: {json.dumps(pairs)}")
    (FOLDER / name).write_text("{" + ",\n".join(lines) + "}\n")
