#!/usr/bin/env python3
"""Lists for botify's recommenders, counted from a service's data log: no training, no library.

    lists.py OUT data.json [data.json ..]

top_tracks.json    tracks by the sum of the time they were listened to
contextual.jsonl   by the track played before: those listened to longest behind it, on average
i2i.jsonl          by track: those listened to in the sessions in which it was
personal.jsonl     by user: what goes with the tracks that the user listened to
"""
import collections
import json
import pathlib
import sys

LIKED = 0.3     # the share of a track from which on it was liked
PRIOR = 2.0     # plays of the average length that every pair is given beforehand
LENGTH = 10     # of a list by track
PERSONAL = 30   # of a list by user


def sessions(paths):
    """(user, [(track, time), ..]) of every session that was ended."""
    lines = []
    for path in paths:
        for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue  # torn, where the service was killed
    lines.sort(key=lambda line: (line["user"], line["timestamp"]))
    heard, user = [], None
    for line in lines:
        if line["user"] != user:
            heard, user = [], line["user"]
        heard.append((line["track"], line["time"]))
        if line["message"] == "last":
            yield user, heard
            heard = []


def best(scores, length):
    return sorted(scores, key=lambda track: (-scores[track], track))[:length]


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    total = collections.Counter()
    behind = collections.defaultdict(lambda: collections.defaultdict(list))
    together = collections.defaultdict(collections.Counter)
    liked_by = collections.defaultdict(collections.Counter)
    for user, heard in sessions(sys.argv[2:]):
        for (before, _), (track, time) in zip(heard, heard[1:]):
            behind[before][track].append(time)
        for track, time in heard:
            total[track] += time
        liked = {track: time for track, time in heard if time >= LIKED}
        liked_by[user].update(liked)
        for track in liked:
            for other, time in liked.items():
                if other != track:
                    together[track][other] += time

    def write(name, lines):
        (out / name).write_text("".join(json.dumps(line) + "\n" for line in lines))

    (out / "top_tracks.json").write_text(json.dumps(best(total, 1000)))
    times = [time for tracks in behind.values() for times in tracks.values() for time in times]
    average = sum(times) / max(len(times), 1)
    write("contextual.jsonl", (
        {"track": before, "recommendations": best(
            {track: (sum(times) + PRIOR * average) / (len(times) + PRIOR)
             for track, times in tracks.items()}, LENGTH)}
        for before, tracks in sorted(behind.items())))
    write("i2i.jsonl", (
        {"item_id": track, "recommendations": best(others, LENGTH)}
        for track, others in sorted(together.items())))

    def personal(liked):
        scores = collections.Counter(liked)
        for track, time in liked.items():
            for other, weight in together[track].items():
                scores[other] += time * weight
        return best(scores, PERSONAL)

    write("personal.jsonl", (
        {"user": user, "tracks": personal(liked)} for user, liked in sorted(liked_by.items())
        if liked))


if __name__ == "__main__":
    main()
