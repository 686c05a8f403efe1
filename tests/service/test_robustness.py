"""What malformed, oversized, slow and impatient clients get; the service must outlive them all."""

import json
import random
import socket
import time

import pytest

from conftest import read_all

HOST = b"Host: x\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"


def status_of(answer):
    assert answer.startswith(b"HTTP/1.1 "), answer
    return int(answer.split()[1])


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\r\n\r\nnonsense\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/3.0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\nHost x\r\n\r\n",
        b"GET / HTTP/1.1\r\n: x\r\n\r\n",
        b"GE\x00T / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"POST /next/1 HTTP/1.1\r\n" + HOST + b"Content-Length: one\r\n\r\n",
        b"POST /next/1 HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
    ],
)
def test_malformed_requests_are_400_and_closed(service, request_bytes):
    answer = service.raw(request_bytes + GET)
    assert status_of(answer) == 400
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.count(b"\r\nServer: ") == 1  # nothing behind the bad request is served
    assert "message" in json.loads(answer.split(b"\r\n\r\n", 1)[1])["error"]


def test_limits(service):
    long = b"a" * 20000
    assert status_of(service.raw(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n" + HOST + b"\r\n")) == 414
    assert status_of(service.raw(b"GET /" + long + b" HTTP/1.1\r\n" + HOST + b"\r\n")) == 414
    assert status_of(service.raw(b"GET / HTTP/1.1\r\nX: " + long + b"\r\n\r\n")) == 431
    head = b"POST /next/1 HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    assert status_of(service.raw(head + b"Content-Length: 1048577\r\n\r\n")) == 413
    body = b'{"track": 1, "time": 1' + b" " * (1048576 - 23) + b"}"
    assert len(body) == 1048576
    answer = service.raw(head + b"Content-Length: 1048576\r\n\r\n", body)
    assert status_of(answer) == 200


def test_an_answer_is_not_lost_while_a_large_body_still_comes(service):
    head = b"POST /next/1 HTTP/1.1\r\n" + HOST + b"Content-Length: 90000000\r\n\r\n"
    with service.connect() as connection:
        connection.sendall(head)
        try:
            for _ in range(20):
                connection.sendall(b"x" * 100000)
        except (BrokenPipeError, ConnectionResetError):
            pass
        assert status_of(connection.recv(65536)) == 413


def test_pipelined_requests_are_answered_in_order(service):
    count = 2000
    requests = b"".join(
        b"GET /track/%d HTTP/1.1\r\n" % (i % 12) + HOST + b"\r\n" for i in range(count)
    )
    answer = service.raw(requests)
    found = [piece for piece in answer.split(b'{"track": ')[1:]]
    assert [int(piece.split(b",")[0]) for piece in found] == [i % 12 for i in range(count)]


def test_half_closed_and_vanishing_clients(service):
    assert status_of(service.raw(GET, end=True)) == 200
    assert service.raw(b"", end=True) == b""
    for _ in range(50):
        with service.connect() as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(GET[: random.Random(1).randrange(len(GET))])  # then a reset
    assert status_of(service.raw(GET)) == 200


def test_slow_clients(start):
    service = start("--read-timeout-ms", 400, "--idle-timeout-ms", 400)
    began = time.monotonic()
    assert status_of(service.raw(b"GET / HT", end=False)) == 408
    assert service.raw(end=False) == b""
    with service.connect() as connection:  # a byte now and then does not help
        try:
            for byte in b"GET / HTTP/1.1\r\nX: " + b"a" * 60:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)
        except (BrokenPipeError, ConnectionResetError):
            pass
        received = read_all(connection)
        assert received == b"" or status_of(received) == 408
    assert time.monotonic() - began < 8
    assert service.json("GET", "/")["status"] == "alive"


def test_connections_beyond_the_limit_are_503(start):
    service = start("--max-connections", 3)
    held = [service.connect() for _ in range(3)]
    for connection in held:
        connection.sendall(GET)
        assert status_of(connection.recv(65536)) == 200
    assert status_of(service.raw(GET)) == 503
    for connection in held:
        connection.close()
    deadline = time.monotonic() + 5
    while status_of(service.raw(GET)) != 200:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_many_connections_at_once(service):
    held = [service.connect() for _ in range(500)]
    for connection in held:
        connection.sendall(GET)
    for connection in held:
        assert status_of(connection.recv(65536)) == 200
        connection.close()


def test_random_bytes(service):
    rng = random.Random(7)
    request = b"POST /next/1 HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    request += b'Content-Length: 23\r\n\r\n{"track": 1, "time": 1}'
    for _ in range(500):
        changed = bytearray(request[: rng.randrange(1, len(request) + 1)])
        for _ in range(rng.randrange(4)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        service.raw(bytes(changed))
    assert service.json("GET", "/")["status"] == "alive"


@pytest.mark.parametrize("target", ["/next/1", "/last/1", "/v1/recommend", "/v1/events"])
def test_json_garbage(service, target):
    rng = random.Random(9)
    texts = ["", "{", "[" * 100000, '{"a":' * 5000, '"\\ud800"', "1e999999", "-", "nul", "{}" * 9]
    seed = '{"user": 1, "item": "x", "track": 1.5, "time": "0.3", "events": [{"user": null}]}'
    for _ in range(200):
        changed = list(seed)
        for _ in range(rng.randrange(1, 4)):
            changed[rng.randrange(len(changed))] = chr(rng.randrange(32, 300))
        texts.append("".join(changed))
    for text in texts:
        status, _, answer = service.ask("POST", target, text)
        assert status in (200, 400), (text[:200], answer)
        json.loads(answer)


def test_a_body_of_very_many_keys_holds_no_thread(start):
    # Searching for each of 110,000 keys among the others would take tens of seconds.
    service = start("--threads", 1)
    keys = ", ".join(f'"k{i}": 1' for i in range(70_000))
    begin = time.monotonic()
    for target in ("/v1/recommend", "/v1/events"):
        status, _, answer = service.ask("POST", target, "{" + keys + "}")
        assert status == 400 and "k0" in json.loads(answer)["error"]["message"]
    assert time.monotonic() - begin < 5
    assert service.stop() == 0


def test_bytes_that_are_not_utf8_are_refused_as_json(service):
    for target in ("/v1/similar?item=%ff", "/v1/similar?%ff=1", "/v1/similar?item=1&domain=%ff%fe"):
        status, _, answer = service.ask("GET", target)
        assert status == 400, target
        assert "UTF-8" in json.loads(answer.decode())["error"]["message"]


def test_an_event_of_the_far_future_moves_nothing(service):
    future = {"user": 5, "item": 2, "time_ns": 2**62}
    status, _, answer = service.ask("POST", "/v1/events", json.dumps(future))
    assert status == 400 and "a day from now" in json.loads(answer)["error"]["message"]
    huge = json.dumps({"user": 5, "item": 2, "weight": 1e39})
    assert service.ask("POST", "/v1/events", huge)[0] == 400
