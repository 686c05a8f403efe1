"""Files on S3: a real server (moto) behind a proxy that refuses, fails, dawdles and breaks off."""

import http.client
import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pyarrow.fs
import pytest

from commands import CROSSFADE, ok, run, write_log


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Proxy(http.server.BaseHTTPRequestHandler):
    """Hands requests on. `fault` happens to the next `left` answers with an object in them."""

    protocol_version = "HTTP/1.1"
    upstream, fault, left, served = 0, None, 0, 0

    def do_GET(self):
        self.hand_on()

    def do_HEAD(self):
        self.hand_on()

    def hand_on(self):
        connection = http.client.HTTPConnection("127.0.0.1", Proxy.upstream)
        connection.request(self.command, self.path, headers=dict(self.headers))
        answer = connection.getresponse()
        body = answer.read()
        status, fault = answer.status, None
        if self.command == "GET" and "list-type" not in self.path and Proxy.left > 0:
            Proxy.left -= 1
            fault = Proxy.fault
        if fault in (403, 500):
            status = fault
            code = "AccessDenied" if fault == 403 else "InternalError"
            body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
        if fault == "slow":
            time.sleep(0.5)
        self.send_response(status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        length = answer.getheader("content-length", "0") if self.command == "HEAD" else len(body)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if fault == "half":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            self.connection.close()
            return
        if self.command != "HEAD":
            self.wfile.write(body)
            Proxy.served += len(body)

    def log_message(self, *_):
        pass


class Remote:
    """A bucket, and the environment by which the programs find it."""

    def __init__(self, files, env):
        self.files, self.env = files, env

    def put(self, key, path):
        with self.files.open_output_stream("bucket/" + key) as out:
            out.write(path.read_bytes())
        return "s3://bucket/" + key

    def fail(self, fault, times):
        Proxy.fault, Proxy.left, Proxy.served = fault, times, 0


@pytest.fixture(scope="module")
def server():
    port = free_port()
    moto = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    Proxy.upstream = port
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    files = pyarrow.fs.S3FileSystem(endpoint_override=f"127.0.0.1:{port}", scheme="http",
                                    access_key="key", secret_key="secret", region="us-east-1",
                                    allow_bucket_creation=True)
    files.create_dir("bucket")
    yield files, proxy.server_address[1]
    proxy.shutdown()
    moto.terminate()
    moto.wait()


@pytest.fixture
def remote(server, tmp_path):
    files, port = server
    env = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "key",
           "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1",
           "AWS_EC2_METADATA_DISABLED": "true", "CROSSFADE_CACHE": str(tmp_path / "cache")}
    Proxy.left = 0
    return Remote(files, env)


@pytest.fixture
def log(tmp_path):
    write_log(tmp_path / "log.parquet", rows=3000)
    return tmp_path / "log.parquet"


def bring(path, out, env):
    return run("import", path, "--schema", "hackathon", "--out", out, "--json", env=env)


def content(store):
    """Every column of a store."""
    return {path.name: path.read_bytes() for path in sorted(store.glob("segments/*/*.npy"))}


def test_a_log_is_the_same_from_everywhere(remote, log, tmp_path):
    address = remote.put("one/log.parquet", log)
    ok("import", log, "--schema", "hackathon", "--out", tmp_path / "here")
    outcome = bring(address, tmp_path / "there", remote.env)
    assert outcome.code == 0, outcome.err
    assert content(tmp_path / "here") == content(tmp_path / "there")


def test_a_store_is_copied_once(remote, log, tmp_path):
    store = tmp_path / "store"
    ok("import", log, "--schema", "hackathon", "--out", store)
    for path in store.rglob("*"):
        if path.is_file():
            remote.put("store/" + str(path.relative_to(store)), path)
    first = ok("describe", "s3://bucket/store", "--json", env=remote.env)
    Proxy.served = 0
    assert ok("describe", "s3://bucket/store/", "--json", env=remote.env).json() == first.json()
    assert Proxy.served < 50_000  # listings only


def test_what_is_not_there_or_not_allowed(remote, log, tmp_path):
    missing = bring("s3://bucket/none.parquet", tmp_path / "a", remote.env)
    assert missing.code == 1 and "there is no s3://bucket/none.parquet" in missing.err
    address = remote.put("denied/log.parquet", log)
    remote.fail(403, 1000)
    denied = bring(address, tmp_path / "b", remote.env)
    assert denied.code == 1 and "is denied" in denied.err, denied.err
    assert not (tmp_path / "a").exists() and not (tmp_path / "b").exists()
    written = run("split", tmp_path / "a", "--by", "last:1", "--out", "s3://bucket/out",
                  env=remote.env)
    assert written.code == 2 and "--out" in written.err


@pytest.mark.parametrize("fault, times", [(500, 2), ("slow", 1), ("half", 2)])
def test_faults_that_pass_are_not_seen(remote, log, tmp_path, fault, times):
    address = remote.put(f"passing-{fault}/log.parquet", log)
    remote.fail(fault, times)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 0, outcome.err
    assert Proxy.left == 0


@pytest.mark.parametrize("fault", [500, "half"])
def test_faults_that_stay_are_a_sentence(remote, log, tmp_path, fault):
    address = remote.put(f"staying-{fault}/log.parquet", log)
    remote.fail(fault, 10**6)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 1 and address in outcome.err, outcome.err
    assert "run the command again" in outcome.err
    assert not (tmp_path / "store").exists()
    remote.fail(None, 0)
    assert bring(address, tmp_path / "store", remote.env).code == 0


def test_a_stopped_fetch_goes_on(remote, tmp_path):
    write_log(tmp_path / "large.parquet", rows=1_500_000)
    address = remote.put("stopped/large.parquet", tmp_path / "large.parquet")
    size = (tmp_path / "large.parquet").stat().st_size
    assert size > 9_000_000  # two parts
    remote.fail("slow", 10**6)
    line = [str(CROSSFADE), "import", address, "--schema", "hackathon", "--out",
            str(tmp_path / "store")]
    running = subprocess.Popen(line, env={**os.environ, **remote.env}, stderr=subprocess.PIPE)
    parts = lambda: list((tmp_path / "cache").rglob("*.part"))
    for _ in range(200):
        if any(part.stat().st_size > 0 for part in parts()):
            break
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    assert running.wait(timeout=60) == 130
    assert not (tmp_path / "store").exists() and parts()
    remote.fail(None, 0)
    outcome = bring(address, tmp_path / "store", remote.env)
    assert outcome.code == 0, outcome.err
    assert Proxy.served < size


def test_the_same_file_from_two_places_is_refused(remote, log, tmp_path):
    here = remote.put("twice/log.parquet", log)
    copy = remote.put("twice/again/copy.parquet", log)
    for given in ([here, copy], [log, copy], ["s3://bucket/twice"]):
        outcome = run("import", *given, "--schema", "hackathon", "--out", tmp_path / "store",
                      env=remote.env)
        assert outcome.code == 3 and "is the same file as" in outcome.err, outcome.err
        assert str(tmp_path / "cache") not in outcome.err
    assert bring(log, tmp_path / "store", remote.env).code == 0
    again = run("import", copy, "--schema", "hackathon", "--into", tmp_path / "store",
                env=remote.env)
    assert again.code == 2 and "its rows would count twice" in again.err


def test_patterns_find_what_matches(remote, tmp_path):
    for n, key in enumerate(["day=1/part-0", "day=1/part-1", "day=2/part-0", "day=2/deep/part-0"]):
        write_log(tmp_path / "part.parquet", rows=100 + n)
        remote.put(f"hive/{key}.parquet", tmp_path / "part.parquet")
    rows = {}
    for pattern in ("day=*/part-0.parquet", "day=1/*.parquet", "day=?", "*/deep/*"):
        outcome = bring("s3://bucket/hive/" + pattern, tmp_path / f"store-{len(rows)}", remote.env)
        assert outcome.code == 0, outcome.err
        rows[pattern] = outcome.json()["import"]["rows_read"]
    assert list(rows.values()) == [202, 201, 406, 103]
    none = bring("s3://bucket/hive/*.csv", tmp_path / "none", remote.env)
    assert none.code == 1 and "no file matches s3://bucket/hive/*.csv" in none.err
    bucketless = bring("s3://", tmp_path / "none", remote.env)
    assert bucketless.code == 2 and "names no bucket" in bucketless.err


def test_people_read_addresses_and_not_copies(remote, log, tmp_path):
    store, page = tmp_path / "store", tmp_path / "page.html"
    ok("import", log, "--schema", "hackathon", "--out", store)
    address = remote.put("named/log.parquet", log)
    (tmp_path / "test.csv").write_text("user_id,item_id\n1001,501\n")
    given = remote.put("named/test.csv", tmp_path / "test.csv")
    (tmp_path / "bad.parquet").write_text("nothing")
    bad = remote.put("named/bad.parquet", tmp_path / "bad.parquet")
    described = ok("describe", address, "--schema", "hackathon", "--html", page, env=remote.env)
    split = ok("split", store, "--given", given, "--out", tmp_path / "cut", env=remote.env)
    damaged = run("describe", bad, "--schema", "hackathon", env=remote.env)
    assert damaged.code == 3
    for text, name in ((described.out, address), (page.read_text(), address), (split.out, given),
                       (damaged.err, bad)):
        assert name in text and str(tmp_path / "cache") not in text, text[:2000]
