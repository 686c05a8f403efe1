"""`crossfade simulate` from outside: line by line the sessions of the Python simulator, the same
sessions in every run, and an end with a sentence for every wrong world."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy
import pytest

from commands import CROSSFADE, ok, run

sys.path.insert(0, str(__file__.rsplit("/", 1)[0]))
import python_simulator  # noqa: E402


def make_world(folder, tracks, dims, kind, users=300):
    """A world's three files; returns its options and the world as the oracle takes it."""
    folder.mkdir(parents=True, exist_ok=True)
    random = numpy.random.default_rng(3)
    rows = random.normal(size=(tracks, dims))
    rows += 1.2 * random.normal(size=(tracks // 10, dims)).repeat(10, axis=0)  # artists
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    embeddings = rows.astype(kind)
    numpy.save(folder / "embeddings.npy", embeddings)
    artists = [track // 10 for track in range(tracks)]
    with open(folder / "tracks.json", "w") as file:
        for track in random.permutation(tracks):
            line = {"artist": f"Артист {artists[track]}", "title": "t", "track": int(track)}
            file.write(json.dumps(line) + "\n")
    listeners = [
        {
            "user": 7 * user + 1,
            "interests": random.integers(0, tracks, random.integers(1, 7)).tolist(),
            "consume_bias": float(random.uniform(-0.1, 0.4)),
            "consume_sharpness": float(random.uniform(4, 15)),
            "openness": 0.5,
        }
        for user in range(users)
    ]
    (folder / "users.json").write_text("".join(json.dumps(line) + "\n" for line in listeners))
    options = ("--tracks", folder / "tracks.json", "--users", folder / "users.json",
               "--embeddings", folder / "embeddings.npy")
    return options, (embeddings, artists, listeners)


def recommend(track, tracks):
    return (track * 7 + 3) % tracks


@pytest.fixture
def service(tracks=400):
    """A server with botify's routes whose answer follows from the track alone."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # headers and body in one packet

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Content-Type"] == "application/json"
            verb, user = self.path.split("/")[1:]
            answer = {"user": int(user)}
            if verb == "next":
                answer["track"] = recommend(body["track"], tracks)
            text = (json.dumps(answer) + "\n").encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def read_log(path):
    with open(path) as file:
        return [json.loads(line) for line in file]


@pytest.mark.parametrize("dims,kind", [(512, "float16"), (100, "float32")])
def test_sessions_are_those_of_the_python_simulator(tmp_path, service, dims, kind):
    options, world = make_world(tmp_path / "world", 400, dims, kind)
    result = ok("simulate", *options, "--url", service, "--episodes", 60, "--seed", 31337,
                "--log", tmp_path / "data.json", "--json").json()
    expected = python_simulator.simulate(world, lambda track: recommend(track, 400), 31337, 60)
    log = read_log(tmp_path / "data.json")
    assert [(line["message"], line["user"], line["track"], line["time"], line["recommendation"])
            for line in log] == expected
    assert list(log[0]) == ["message", "timestamp", "user", "track", "time", "latency",
                            "recommendation", "experiments"]
    # The log has the first track's 1.0 of every session, the reward has not.
    total = sum(line["time"] for line in log) / 60 - 1
    assert result["reward"]["mean"] == pytest.approx(total)
    assert result["steps"]["mean"] == pytest.approx((len(log) - 60) / 60)


def test_the_originals_options_and_its_configuration(tmp_path, service):
    make_world(tmp_path / "data", 400, 32, "float16")
    host, port = service.removeprefix("http://").split(":")
    (tmp_path / "env.yml").write_text(
        "track_catalog_config:\n"
        f"  tracks_path: {tmp_path}/data/tracks.json\n"
        f"  tracks_embeddings_path: {tmp_path}/data/embeddings.npy\n"
        "user_catalog_config:\n"
        f"  user_catalog_path: {tmp_path}/data/users.json\n"
        "remote_recommender_config:\n"
        f"  host: {host}\n"
        f"  port: {port}\n")
    start = ("simulate", "--episodes", "20", "--config", tmp_path / "env.yml", "--json")
    one = ok(*start, "single", "--recommender", "remote", "--seed", "5").json()
    assert one["sessions"] == 20 and one["lost"] == {}
    many = ok(*start, "multi", "--processes", "2").json()
    assert many["sessions"] == 40
    again = ok(*start, "single", "--recommender", "remote", "--seed", "5").json()
    assert again["days"] == one["days"]


def test_two_runs_give_the_same_sessions(tmp_path):
    options, _ = make_world(tmp_path / "world", 200, 32, "float16")
    logs = []
    for name in ("one", "two"):
        ok("simulate", *options, "--recommender", "dummy", "--episodes", 50, "--days", 2,
           "--listeners", 8, "--start-ms", 1000, "--log", tmp_path / name)
        logs.append([{**line, "latency": 0} for line in read_log(tmp_path / name)])
    assert logs[0] == logs[1]
    stamps = [line["timestamp"] for line in logs[0]]
    assert sorted(set(stamps)) == stamps


def test_a_person_recommends(tmp_path):
    options, _ = make_world(tmp_path / "world", 50, 8, "float16")
    line = [str(part) for part in (CROSSFADE, "simulate", *options, "--recommender", "console",
                                   "--episodes", "1")]
    typed = "".join(f"{track}\n" for track in range(50))
    done = subprocess.run(line, input=typed, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "Next track:" in done.stderr
    assert "reward" in done.stdout
    gone = subprocess.run(line, input="1\n", capture_output=True, text=True, timeout=60)
    assert gone.returncode == 130


def test_a_richer_world_with_a_shop(tmp_path):
    options, _ = make_world(tmp_path / "music", 200, 32, "float16")
    make_world(tmp_path / "goods", 100, 32, "float16")
    goods = ("--goods", tmp_path / "goods" / "tracks.json", "--goods-embeddings",
             tmp_path / "goods" / "embeddings.npy")
    line = ("simulate", *options, "--episodes", 200, "--days", 3, "--listeners", 4, "--json")
    exact = ok(*line).json()
    assert ok(*line, "--set", "drift=0", "--set", "buyers=0").json()["days"] == exact["days"]
    richer = ok(*line, *goods, "--set", "buyers=0.5", "--set", "returning=3", "--set", "drift=0.2",
                "--goods-log", tmp_path / "goods.json").json()
    assert 200 <= sum(day["sessions"] for day in richer["shop_days"]) <= 400
    visits = {line["message"] for line in read_log(tmp_path / "goods.json")}
    assert visits == {"next", "last"}
    without = run(*line, "--set", "buyers=0.5")
    assert without.code == 2 and "shop" in without.err


@pytest.mark.parametrize("arguments,code,words", [
    (["--set", "drift=2"], 2, "drift"),
    (["--goods", "x.json"], 2, "--goods-embeddings"),
    (["--recommender", "dumy"], 2, "dumy"),
    (["--recommender", "remote"], 2, "--url"),
    (["--recommender", "bundle"], 2, "--bundle"),
    (["--url", "https://x"], 2, "TLS"),
    (["--url", "http://127.0.0.1:1"], 1, "no longer answers"),
    (["--episodes", "0"], 2, "episodes"),
    (["--seed", "-1"], 2, "4294967295"),
    (["twice"], 2, "single"),
    (["multi", "--processes", "0"], 2, "--processes"),
    (["--deadline-ms", "0"], 2, "--deadline-ms"),
])
def test_bad_input_gets_a_sentence(tmp_path, arguments, code, words):
    options, _ = make_world(tmp_path / "world", 50, 8, "float16", users=3)
    outcome = run("simulate", *options, *arguments)
    assert outcome.code == code, outcome.err
    assert words in outcome.err


def test_a_world_needs_its_files(tmp_path):
    options, _ = make_world(tmp_path / "world", 50, 8, "float16", users=3)
    outcome = run("simulate", *options[:-1], tmp_path / "nowhere.npy")
    assert outcome.code == 1 and "nowhere.npy" in outcome.err
    outcome = run("simulate")
    assert outcome.code == 2 and "--embeddings" in outcome.err
