"""The log on which our splits and filters and the peers' are compared: seeded, no equal times.

80 users with 4 to 40 interactions among 50 items within 60 days, and 5 more who come in the last
week, with items of their own too; some items come several times in a row. A part is the list of its
rows, by their places in the log.
"""

import json
import pathlib
import random

FOLDER = pathlib.Path(__file__).resolve().parent / "splits"
START, DAY = 1_577_836_800, 86_400  # 2020-01-01


def generate():
    """Rows of (user, item, timestamp in seconds, rating)."""
    rng = random.Random(20250926)
    weight = [1 / (1 + item) for item in range(50)]
    users = [user for user in range(80) for _ in range(rng.randint(4, 40))]
    times = rng.sample(range(START, START + 60 * DAY), len(users))
    rows, last = [], {}
    late = [user for user in range(80, 85) for _ in range(6)]
    users += late
    times += rng.sample(range(START + 53 * DAY + 1, START + 60 * DAY, 2), len(late))
    for user, time in sorted(zip(users, times), key=lambda pair: pair[1]):
        item = last.get(user) if user in last and rng.random() < 0.2 else None
        last[user] = item if item is not None else rng.choices(range(50), weight)[0]
        if user >= 80 and rng.random() < 0.3:
            last[user] = 50 + rng.randrange(5)
        rows.append((user, last[user], time, rng.randint(2, 10) / 2))
    return rows


def write_log():
    FOLDER.mkdir(exist_ok=True)
    rows = generate()
    text = "".join(f"{user},{item},{time},{rating}\n" for user, item, time, rating in rows)
    (FOLDER / "log.csv").write_text("user_id,item_id,timestamp,rating\n" + text)
    return rows


def write_expected(name, peer, parts):
    """parts: {how we write the split or filter: rows of its test, or that stay}. One a line."""
    lines = [f'"peer": {json.dumps(peer)}']
    lines += [f"{json.dumps(rule)}: {json.dumps(sorted(map(int, rows)))}"
              for rule, rows in parts.items()]
    (FOLDER / name).write_text("{" + ",\n".join(lines) + "}\n")
