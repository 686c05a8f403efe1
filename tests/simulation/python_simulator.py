"""botify's simulated listener once more, written from its description with numpy alone: the oracle.

Sessions of one listener after another, for a recommender that is a function of the track played
last. float16 products are numpy's own; everything after them is double.
"""

import math

import numpy


def expit(x):
    return 1 / (1 + math.exp(-x))


def neighbours(embeddings, interest, n):
    """The n nearest of an interest by inner product, as an exact float32 index gives them."""
    rows = embeddings.astype(numpy.float32)
    return numpy.argsort(-(rows @ rows[interest]), kind="stable")[:n]


def session(world, recommend, random):
    """One session's messages: (message, user, track, time, recommendation)."""
    embeddings, artists, users = world
    user = users[random.randint(len(users))]
    interest = random.choice(user["interests"])
    vector = embeddings[interest]
    first = int(random.choice(neighbours(embeddings, interest, 10)))
    played, time, budget, lines = [first], 1.0, 5, []
    while budget > 0:
        track = recommend(played[-1])
        lines.append(("next", user["user"], played[-1], time, track))
        if track in played:
            time = 0.0
        else:
            dot = float(numpy.dot(embeddings[track], vector))
            before = sum(artists[track] == artists[one] for one in played)
            share = expit((dot - user["consume_bias"]) * user["consume_sharpness"])
            time = float(numpy.round(numpy.float64(share * 0.8**before), 2))
        budget -= random.random_sample() > time
        played.append(track)
    lines.append(("last", user["user"], played[-1], time, None))
    return lines


def simulate(world, recommend, seed, episodes):
    random = numpy.random.RandomState(seed)
    return [line for _ in range(episodes) for line in session(world, recommend, random)]
