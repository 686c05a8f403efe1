"""Flows over HTTP: a bundle made of a catalogue and lists alone, treatments, and both logs."""

import json
import subprocess

import pytest

from conftest import BUILD, PROGRAM, services_of

CROSSFADE = BUILD.resolve() / "crossfade" / "cli" / "crossfade"
TRACKS = 60
LISTS = {user: [(7 * user + 3 * i) % TRACKS for i in range(5)] for user in range(20)}
NEAR = {track: [(track + 1) % TRACKS, (track + 2) % TRACKS] for track in range(TRACKS)}
# As published: botify's experiment HSTU with two treatments, users 0 to 15.
HSTU = [0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1]

FLOWS = """
[parts]
hstu = "lists/hstu_recommendations.json"
sasrec = "lists/sasrec_i2i.jsonl"
[flows]
control = { sources = ["i2i:sasrec", "random"], repeats = true }
hstu = { sources = ["indexed:hstu", "flow:control"], repeats = true }
[[experiments]]
name = "HSTU"
split = 2
flows = { C = "control", T1 = "hstu" }
[[experiments]]
name = "AA"
"""


def write_lines(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))


def create(*arguments):
    return subprocess.run(
        [CROSSFADE, "bundle", "create", *map(str, arguments)], capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """tracks.json, lists/ and flows.toml."""
    folder = tmp_path_factory.mktemp("flows")
    (folder / "lists").mkdir()
    write_lines(
        folder / "tracks.json",
        ({"track": t, "artist": f"A{t // 4}", "title": f"T{t}"} for t in range(TRACKS)),
    )
    write_lines(
        folder / "lists" / "hstu_recommendations.json",
        ({"user": user, "tracks": tracks} for user, tracks in LISTS.items()),
    )
    write_lines(
        folder / "lists" / "sasrec_i2i.jsonl",
        ({"item_id": track, "recommendations": near} for track, near in NEAR.items()),
    )
    (folder / "flows.toml").write_text(FLOWS)
    return folder


@pytest.fixture(scope="module")
def flows_bundle(files):
    made = create(
        "--catalog", files / "tracks.json", "--flows", files / "flows.toml",
        "--out", files / "bundle",
    )
    assert made.returncode == 0, made.stderr
    return files / "bundle"


@pytest.fixture
def start_flows(flows_bundle, tmp_path):
    yield from services_of(flows_bundle, tmp_path)


def listen(service, user, first, steps):
    """The tracks that a listener is answered who hears half of each."""
    track, share, heard = first, 1.0, []
    for _ in range(steps):
        track = service.json("POST", f"/next/{user}", {"track": track, "time": share})["track"]
        share = 0.5
        heard.append(track)
    service.json("POST", f"/last/{user}", {"track": track, "time": share})
    return heard


def test_each_treatment_answers_by_its_flow(start_flows):
    service = start_flows()
    for user, treatment in enumerate(HSTU):
        if treatment == 1:
            assert set(listen(service, user, 59, 5)) <= set(LISTS[user])
        else:
            # One play, so one anchor: the first of its list.
            assert listen(service, user, 30, 1) == [31]
    facts = service.json("GET", "/health/info")["serving"]
    assert facts["flows"] == ["control", "hstu"]
    assert facts["experiments"] == ["HSTU", "AA"]


def test_the_data_log_is_what_python_would_write(start_flows, tmp_path):
    log = tmp_path / "log" / "data.json"
    service = start_flows("--data-log", log, "--threads", 2)
    heard = {user: listen(service, user, 10, 3) for user in range(16)}
    service.ask("POST", "/next/1", '{"time": 1.0}')  # refused: no line
    assert service.stop() == 0
    lines = log.read_text().splitlines()
    assert len(lines) == 16 * 4
    keys = ["message", "timestamp", "user", "track", "time", "latency", "recommendation",
            "experiments"]
    for line in lines:
        record = json.loads(line)
        assert json.dumps(record) == line
        assert list(record) == keys
        assert list(record["experiments"]) == ["HSTU", "AA"]
        assert record["experiments"]["HSTU"] == ("C", "T1")[HSTU[record["user"]]]
        assert 0 < record["latency"] < 10
    for user, tracks in heard.items():
        records = [r for r in map(json.loads, lines) if r["user"] == user]
        assert [r["message"] for r in records] == ["next", "next", "next", "last"]
        assert [r["track"] for r in records] == [10, *tracks]
        assert [r["recommendation"] for r in records] == [*tracks, None]
        assert [r["time"] for r in records] == [1.0, 0.5, 0.5, 0.5]


def test_the_data_log_rotates_and_tells_propensities(start_flows, tmp_path):
    log = tmp_path / "data.json"
    service = start_flows("--data-log", log, "--data-log-max-bytes", 1000, "--data-log-backups", 3,
                          "--data-log-propensities", "yes")
    for user in range(16):
        listen(service, user, 10, 1)
    assert service.stop() == 0
    parts = sorted(path.name for path in tmp_path.glob("data.json*"))
    assert parts == ["data.json", "data.json.1", "data.json.2", "data.json.3"]
    assert all((tmp_path / part).stat().st_size < 1000 for part in parts)
    for line in log.read_text().splitlines():
        record = json.loads(line)
        assert record["message"] == "last" or 0 < record["propensity"] <= 1


def test_a_data_log_that_cannot_be_kept_is_said(flows_bundle, start_flows):
    wrong = subprocess.run([PROGRAM, flows_bundle, "--data-log", "/proc/no/such/data.json"],
                           capture_output=True, text=True, timeout=30)
    assert wrong.returncode == 1 and "/proc/no" in wrong.stderr
    # A full disk costs no listener an answer; what is lost is counted at the stop.
    full = start_flows("--data-log", "/dev/full", "--data-log-max-bytes", 0)
    assert len(listen(full, 1, 10, 3)) == 3
    assert full.stop() == 4
    assert "4 lines of /dev/full are lost" in full.log.read_text()


def test_the_event_log_tells_what_was_shown(start_flows, tmp_path):
    events = tmp_path / "events.log"
    service = start_flows("--events", events)
    user = HSTU.index(1)
    heard = listen(service, user, 59, 3)
    assert service.stop() == 0
    records = [json.loads(line[17:]) for line in events.read_text().splitlines()[1:]]
    answers = [record for record in records if "asked" in record]
    assert [answer["shown"][0]["item"] for answer in answers] == heard
    assert [answer["after"] for answer in answers] == [59, *heard[:-1]]
    for answer in answers:
        assert answer["flow"] == "hstu"
        assert answer["treatments"] == {"HSTU": "T1", "AA": "C" if user == 2 else "T1"}
        assert answer["shown"][0]["source"] == "indexed"
        assert answer["shown"][0]["propensity"] == 0.2
    # The kind of a session's last play is 1.
    assert [record["kind"] for record in records if "item" in record] == [0, 0, 0, 1]


def test_a_restart_changes_no_draw(start_flows, tmp_path):
    user = HSTU.index(1)
    one = start_flows("--events", tmp_path / "whole.log", "--seed", 5)
    whole = listen(one, user, 59, 4) + listen(one, user, 1, 4)
    other = start_flows("--events", tmp_path / "cut.log", "--seed", 5)
    parts = listen(other, user, 59, 4)
    assert other.stop() == 0
    again = start_flows("--events", tmp_path / "cut.log", "--seed", 5)
    assert parts + listen(again, user, 1, 4) == whole


def test_flows_that_cannot_be_are_sentences(files, tmp_path):
    def error(flows, code=2):
        path = files / "wrong.toml"
        path.write_text(flows)
        made = create("--catalog", files / "tracks.json", "--flows", path, "--out", tmp_path / "b")
        assert made.returncode == code
        assert str(path) in made.stderr
        assert not (tmp_path / "b").exists()
        return made.stderr

    assert "line 4: flow 'a': there is no part of the bundle called 'hst'" in error(
        '[parts]\nhstu = "lists/hstu_recommendations.json"\n[flows]\na = ["indexed:hst"]\n'
    )
    assert "indexed takes one that has lists by user" in error(
        '[parts]\nx = "lists/sasrec_i2i.jsonl"\n[flows]\na = ["indexed:x"]\n'
    )
    assert "line 2: flow 'a': the flow leads back to itself: a -> a" in error(
        '[flows]\na = ["flow:a"]\n'
    )
    assert "the treatment T1 has no flow" in error(
        '[flows]\na = ["random"]\n[[experiments]]\nname = "X"\nflows = { C = "a" }\n'
    )
    assert "no table called 'part'" in error('[part]\nx = "y"\n')
    assert "line 2" in error("[parts]\nx = 5\n")
    assert "line 1" in error("flows = [", code=3)


def test_parts_that_cannot_be_are_sentences(files, tmp_path):
    def error(code, *arguments):
        made = create(*arguments, "--out", tmp_path / "b")
        assert made.returncode == code, made.stderr
        return made.stderr

    (files / "flows2.toml").write_text('[parts]\nx = "tracks.json"\n')
    assert "this is a catalogue (--catalog)" in error(
        3, "--catalog", files / "tracks.json", "--flows", files / "flows2.toml")
    (files / "other.json").write_text("[1, 2, 40321]")
    (files / "flows3.toml").write_text('[parts]\ntop = "other.json"\n')
    assert "item 40321 is neither in the data nor in the catalogue" in error(
        3, "--catalog", files / "tracks.json", "--flows", files / "flows3.toml")
    (files / "flows4.toml").write_text('[parts]\ntop = "missing.json"\n')
    assert "missing.json" in error(
        1, "--catalog", files / "tracks.json", "--flows", files / "flows4.toml")
    assert "give --data STORE, or --catalog FILE" in error(2)


def test_a_configuration_of_botify_names_catalogue_and_parts(files, tmp_path):
    config = {
        "REDIS_TRACKS_HOST": "redis", "REDIS_TRACKS_PORT": 6379, "REDIS_TRACKS_DB": 0,
        "TRACKS_CATALOG": "./tracks.json",
        "RECOMMENDATIONS_SASREC_FILE_PATH": "./lists/sasrec_i2i.jsonl",
        "RECOMMENDATIONS_HSTU_FILE_PATH": "./lists/hstu_recommendations.json",
        "DATA_LOG_FILE": "./log/data.json", "DATA_LOG_FILE_MAX_BYTES": 104857600,
    }
    path = files / "config.json"
    path.write_text(json.dumps(config))
    flows = files / "botify.toml"
    flows.write_text('[flows]\ndefault = ["indexed:hstu", "i2i:sasrec"]\n')
    made = create("--botify", path, "--flows", flows, "--out", tmp_path / "bundle", "--json")
    assert made.returncode == 0, made.stderr
    facts = json.loads(made.stdout)
    assert [part["name"] for part in facts["parts"]] == ["sasrec", "hstu"]
    assert facts["catalog"]["tracks"] == TRACKS
    path.write_text(json.dumps({**config, "TRACK_CATALOG": "x"}))
    wrong = create("--botify", path, "--out", tmp_path / "b")
    assert wrong.returncode == 2 and "TRACKS_CATALOG" in wrong.stderr
