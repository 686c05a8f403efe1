"""A crossfade-serve process on a free port, and sockets that say exactly what a test wants.

CROSSFADE_BUILD names the build folder (build/dev by default).
"""

import http.client
import json
import os
import pathlib
import socket
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
BUILD = pathlib.Path(os.environ.get("CROSSFADE_BUILD", HERE.parent.parent / "build" / "dev"))
PROGRAM = BUILD.resolve() / "crossfade" / "service" / "crossfade-serve"
MAKE_BUNDLE = BUILD.resolve() / "tests" / "service" / "service_test_bundle"


class Service:
    """One crossfade-serve. Its stderr goes to a file, so that it can never block."""

    def __init__(self, folder, *arguments):
        self.log = folder / "serve.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [PROGRAM, *map(str, arguments), "--port", "0"],
                stdout=subprocess.PIPE,
                stderr=log,
            )
        line = self.process.stdout.readline()
        assert line, self.log.read_text()
        ready = json.loads(line)
        assert ready["event"] == "listening"
        self.port = ready["port"]

    def ask(self, method, target, body=None, content_type="application/json"):
        """Status, headers and body of one request on its own connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = {} if content_type is None else {"Content-Type": content_type}
            data = body.encode() if isinstance(body, str) else body
            connection.request(method, target, data, headers)
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def json(self, method, target, body=None):
        """The answer of a request that must succeed."""
        status, _, answer = self.ask(method, target, None if body is None else json.dumps(body))
        assert status == 200, answer
        return json.loads(answer)

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def raw(self, *pieces, end=True):
        """Sends bytes as they are; all that comes back until the server closes."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            if end:
                connection.shutdown(socket.SHUT_WR)
            return read_all(connection)

    def stop(self):
        """SIGTERM; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        return code


def read_all(connection):
    received = b""
    while True:
        try:
            piece = connection.recv(65536)
        except ConnectionResetError:
            return received
        if not piece:
            return received
        received += piece


@pytest.fixture(scope="session")
def bundle(tmp_path_factory):
    path = tmp_path_factory.mktemp("service") / "bundle"
    subprocess.run([MAKE_BUNDLE, HERE / "catalog.jsonl", path], check=True)
    return path


@pytest.fixture(scope="module")
def service(bundle, tmp_path_factory):
    """One service for the tests of a module; it must be alive and well at the end."""
    one = Service(tmp_path_factory.mktemp("serve"), bundle, "--threads", 2)
    yield one
    assert one.json("GET", "/")["status"] == "alive"
    assert one.stop() == 0


def services_of(bundle, folder):
    """For fixtures: starts services of a bundle with options of their own, and stops them all at
    the end."""
    started = []

    def one(*arguments):
        started.append(Service(folder, bundle, *arguments))
        return started[-1]

    yield one
    for each in started:
        each.stop()


@pytest.fixture
def start(bundle, tmp_path):
    yield from services_of(bundle, tmp_path)
