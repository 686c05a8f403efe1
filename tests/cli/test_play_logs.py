"""Logs of services: served, collected, rotated, torn, and imported."""

import json

import numpy

from commands import ok, run


def line(message, user, track, time, ms):
    recommendation = None if message == "last" else 7
    return json.dumps({"message": message, "timestamp": ms, "user": user, "track": track,
                       "time": time, "latency": 2.5e-05, "recommendation": recommendation,
                       "experiments": {"AA": "C"}}) + "\n"


def sessions(users, rng, start_ms):
    """The lines of one session per user, and how many plays they are."""
    lines = []
    for user in range(users):
        steps = int(rng.integers(1, 6))
        for step in range(steps + 1):
            message = "last" if step == steps else "next"
            time = 1.0 if step == 0 else round(float(rng.random()) * rng.integers(0, 2), 2)
            lines.append(line(message, user, int(rng.integers(0, 30)), time,
                              start_ms + user * 100 + step))
    return lines


def test_a_collected_folder_becomes_a_store(tmp_path):
    rng = numpy.random.default_rng(1)
    lines = sessions(40, rng, 1_700_000_000_000) + sessions(40, rng, 1_700_000_100_000)
    for container, part in enumerate((lines[::2], lines[1::2])):
        folder = tmp_path / "logs" / f"botify-recommender-{container}"
        folder.mkdir(parents=True)
        third = len(part) // 3
        (folder / "data.json.2").write_text("".join(part[:third]))
        (folder / "data.json.1").write_text("".join(part[third:2 * third]))
        torn = line("next", 1, 1, 0.5, 1)[:40] if container == 0 else ""
        (folder / "data.json").write_text("".join(part[2 * third:]) + torn)
    store = tmp_path / "store"
    outcome = ok("import", tmp_path / "logs", "--schema", "botify", "--domain", "music",
                 "--out", store, "--json").json()
    assert outcome["import"]["rows_kept"] == len(lines)
    assert [(r["reason"], r["rows"]) for r in outcome["import"]["dropped"]] == [
        ("torn last line", 1)]
    segment = store / "segments" / "000-music"
    weights = numpy.load(segment / "weight.npy")
    expected = sum(json.loads(text)["time"] for text in lines)
    assert abs(weights.sum() - expected) < 1e-3
    assert (weights == 0).sum() == sum(json.loads(text)["time"] == 0 for text in lines)
    # Two sessions per user, whichever container kept which line.
    offsets = numpy.load(segment / "offsets.npy")
    session, kind = numpy.load(segment / "session.npy"), numpy.load(segment / "kind.npy")
    for begin, end in zip(offsets, offsets[1:]):
        assert len(set(session[begin:end])) == 2
        assert list(numpy.flatnonzero(kind[begin:end])) == [
            numpy.flatnonzero(session[begin:end] == session[begin])[-1], end - begin - 1]


def test_the_next_day_goes_on_and_strict_refuses(tmp_path):
    day = tmp_path / "day1.json"
    day.write_text(line("next", 1, 1, 1.0, 1_700_000_000_000) + "garbage\n")
    refused = run("import", day, "--schema", "botify", "--out", tmp_path / "strict", "--strict")
    assert refused.code == 3 and "damaged line" in refused.err
    ok("import", day, "--schema", "botify", "--domain", "music", "--out", tmp_path / "store")
    other = tmp_path / "day2.json"
    other.write_text(line("last", 1, 2, 0.5, 1_700_000_001_000)
                     + line("next", 1, 3, 1.0, 1_700_000_002_000))
    ok("import", other, "--schema", "botify", "--domain", "music", "--into", tmp_path / "store")
    session = [
        list(numpy.load(tmp_path / "store" / "segments" / name / "session.npy"))
        for name in ("000-music", "001-music")
    ]
    assert session[0][0] == session[1][0] != session[1][1]


def test_what_is_no_log_is_a_sentence(tmp_path):
    path = tmp_path / "users.json"
    path.write_text('{"user": 1, "interests": [1]}\n')
    outcome = run("import", path, "--schema", "botify", "--out", tmp_path / "store")
    assert outcome.code == 3
    assert "has no play in its first lines" in outcome.err
