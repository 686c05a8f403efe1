"""Listeners over HTTP against crossfade-serve: the sessions of the same bundle in this process, the
service's log and theirs line by line, and a service that dies under them."""

import json
import subprocess
import threading
import time

import pytest

from commands import SERVE, ok, run

FLOWS = """
[parts]
lists = "lists.json"
near = "near.jsonl"
[flows]
indexed = { sources = ["indexed:lists", "random"], repeats = true }
near = { sources = ["i2i:near", "random"], repeats = true }
[[experiments]]
name = "HSTU"
split = 2
flows = { C = "indexed", T1 = "near" }
"""
TRACKS, USERS = 300, 200


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A generated world, and a bundle of flows over its tracks."""
    folder = tmp_path_factory.mktemp("listeners")
    ok("synth", "botify", "--out", folder / "world", "--users", USERS, "--set", f"tracks={TRACKS}",
       "--set", "artists=30", "--set", "dims=32", "--set", "rank=32")
    with open(folder / "lists.json", "w") as file:
        for user in range(0, USERS, 2):
            tracks = [(user * 7 + 3 * place) % TRACKS for place in range(20)]
            file.write(json.dumps({"user": user, "tracks": tracks}) + "\n")
    with open(folder / "near.jsonl", "w") as file:
        for track in range(TRACKS):
            near = [(track + place) % TRACKS for place in range(1, 11)]
            file.write(json.dumps({"item_id": track, "recommendations": near}) + "\n")
    (folder / "flows.toml").write_text(FLOWS)
    ok("bundle", "create", "--catalog", folder / "world" / "tracks.json", "--flows",
       folder / "flows.toml", "--out", folder / "bundle")
    return folder


class Service:
    def __init__(self, made, *arguments):
        self.process = subprocess.Popen(
            [SERVE, made / "bundle", "--port", "0", *map(str, arguments)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL)
        self.url = f"http://127.0.0.1:{json.loads(self.process.stdout.readline())['port']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)
        self.process.stdout.close()


def plays(path, experiments=True):
    keys = ["message", "user", "track", "time", "recommendation"]
    with open(path) as file:
        lines = [json.loads(line) for line in file]
    return [[line[key] for key in keys + ["experiments"] * experiments] for line in lines]


def test_sessions_over_http_are_those_in_process(made, tmp_path):
    line = ("simulate", "--world", made / "world", "--episodes", 100, "--seed", 5, "--json")
    here = ok(*line, "--bundle", made / "bundle", "--log", tmp_path / "here.json").json()
    with Service(made, "--seed", 5, "--data-log", tmp_path / "service.json") as service:
        there = ok(*line, "--url", service.url, "--log", tmp_path / "there.json").json()
    assert there["days"] == here["days"] and there["sessions"] == 100
    # The service's own log tells of the same plays, treatments too.
    assert plays(tmp_path / "service.json") == plays(tmp_path / "here.json")
    assert plays(tmp_path / "there.json", False) == plays(tmp_path / "here.json", False)
    arms = {arm for *_, arms in plays(tmp_path / "here.json") for arm in arms.values()}
    assert arms == {"C", "T1"}


def test_a_shop_of_the_same_bundle_has_a_log_of_its_own(made, tmp_path):
    world = made / "world"
    ok("simulate", "--world", world, "--bundle", made / "bundle", "--episodes", 20, "--goods",
       world / "tracks.json", "--goods-embeddings", world / "embeddings.npy", "--goods-domain",
       "music", "--set", "buyers=1", "--goods-log", tmp_path / "goods.json")
    with open(tmp_path / "goods.json") as file:
        lines = [json.loads(line) for line in file]
    assert sum(line["message"] == "last" for line in lines) == 20
    assert all(line["latency"] > 0 for line in lines)


def test_many_listeners_at_once(made):
    with Service(made) as service:
        result = ok("simulate", "--world", made / "world", "--url", service.url, "--episodes", 300,
                    "--listeners", 50, "multi", "--processes", 2, "--json").json()
    assert result["sessions"] == 600 and result["lost"] == {}


def kill_when_asked(service, log):
    while not log.exists() or log.stat().st_size == 0:
        time.sleep(0.02)
    service.process.kill()


def test_a_service_that_dies_leaves_what_was_played(made, tmp_path):
    log = tmp_path / "data.json"
    with Service(made, "--data-log", log) as service:
        killer = threading.Thread(target=kill_when_asked, args=(service, log), daemon=True)
        killer.start()
        outcome = run("simulate", "--world", made / "world", "--url", service.url, "--episodes",
                      1_000_000, "--listeners", 4, "--json")
    assert outcome.code == 1 and "no longer answers" in outcome.err
    result = outcome.json()
    assert result["given_up"] and result["lost"]["no connection"] >= 20
    assert result["sessions"] > sum(result["lost"].values())
