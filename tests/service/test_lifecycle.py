"""Starting, stopping, and what an event changes."""

import json
import signal
import socket
import subprocess
import threading
import time

import pytest

from conftest import HERE, PROGRAM, Service


def run(*arguments):
    """Exit code and stderr of a crossfade-serve that must end by itself."""
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=30
    )
    return done.returncode, done.stderr


def items_of(service, user, **more):
    answer = service.json("POST", "/v1/recommend", {"user": user, "k": 12, **more})
    assert answer["user"] == user
    return [item["item"] for item in answer["items"]]


def test_an_event_changes_the_next_answer(service):
    before = items_of(service, "newcomer")
    assert sorted(before) == list(range(12))  # popular items for someone unknown
    assert service.json("POST", "/v1/events", {"user": "newcomer", "item": 7}) == {"accepted": 1}
    after = items_of(service, "newcomer")
    assert 7 not in after
    # The listener's taste is the second half now, and the model fills in what goes with it.
    assert set(after[:3]) <= set(range(6, 12))
    first = service.json("POST", "/v1/recommend", {"user": "newcomer", "k": 1})["items"][0]
    assert first["source"] == "als"
    service.json("POST", "/v1/events", {"events": [{"user": "newcomer", "item": after[0]}]})
    assert after[0] not in items_of(service, "newcomer")


def test_botify_plays_count_as_events(service):
    service.json("POST", "/last/4242", {"track": 3, "time": 1.0})
    assert 3 not in items_of(service, 4242)
    assert set(items_of(service, 4242)[:2]) <= set(range(6))


def test_no_answer_holds_what_is_excluded_or_seen(service):
    for user in range(40):
        seen = set(range(12)) - set(items_of(service, user))
        everything = items_of(service, user, keep_seen=True)
        assert sorted(everything) == list(range(12))
        without = items_of(service, user, keep_seen=True, exclude=[0, "5", 11])
        assert sorted(without) == [i for i in range(12) if i not in (0, 5, 11)]
        assert seen


def test_a_batch_is_taken_whole_or_not_at_all(service):
    batch = {"events": [{"user": "b", "item": 1}, {"user": "b", "item": 2, "domain": "nowhere"}]}
    status, _, answer = service.ask("POST", "/v1/events", json.dumps(batch))
    assert status == 400 and b"music" in answer
    assert 1 in items_of(service, "b")


def test_similar_and_health(service):
    similar = service.json("GET", "/v1/similar?item=2&k=4&domain=music")
    assert similar["item"] == 2
    assert len(similar["items"]) == 4 and all(one["item"] != 2 for one in similar["items"])
    assert set(one["item"] for one in similar["items"][:3]) <= set(range(6))
    assert service.json("GET", "/v1/similar?item=nothing")["items"] == []
    assert service.json("GET", "/health/live") == {"status": "alive"}
    assert service.json("GET", "/health/ready") == {"status": "ready"}
    info = service.json("GET", "/health/info")
    assert info["serving"]["users"] == 40 and info["serving"]["tracks"] == 12


def test_events_survive_a_restart(bundle, tmp_path):
    events = tmp_path / "events.log"
    first = Service(tmp_path, bundle, "--events", events)
    for item in (7, 8):
        first.json("POST", "/v1/events", {"user": "kept", "item": item})
    answer = items_of(first, "kept")
    assert first.stop() == 0
    second = Service(tmp_path, bundle, "--events", events)
    assert items_of(second, "kept") == answer
    second.process.send_signal(signal.SIGKILL)
    second.process.wait()
    third = Service(tmp_path, bundle, "--events", events)
    assert items_of(third, "kept") == answer
    assert third.stop() == 0


def test_a_batch_survives_a_kill(bundle, tmp_path):
    events = tmp_path / "events.log"
    service = Service(tmp_path, bundle, "--events", events)
    batch = [{"user": f"u{i}", "item": 7} for i in range(1000)]
    assert service.json("POST", "/v1/events", {"events": batch}) == {"accepted": 1000}
    service.process.kill()
    service.process.wait()
    again = Service(tmp_path, bundle, "--events", events)
    assert again.json("GET", "/health/info")["serving"]["events"] == 1000
    assert again.stop() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_during_traffic_loses_no_request(start, number):
    service = start("--threads", 2)
    body = b'{"track": 1, "time": 1}'
    request = (
        b"POST /next/%d HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: 23\r\n\r\n" + body
    )
    lost, answered = [], []

    def client(user):
        with service.connect() as connection:
            while True:
                try:
                    connection.sendall(request % user)
                    answer = b""
                    while not answer.endswith(b"}\n"):
                        piece = connection.recv(65536)
                        if not piece:
                            raise ConnectionError("closed before the answer")
                        answer += piece
                except OSError as error:
                    lost.append(error)
                    return
                assert b"HTTP/1.1 200" in answer
                answered.append(user)
                if b"Connection: close" in answer:
                    return

    threads = [threading.Thread(target=client, args=(user,)) for user in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    service.process.send_signal(number)
    for thread in threads:
        thread.join(timeout=20)
    assert service.process.wait(timeout=20) == 0
    assert json.loads(service.process.stdout.readline()) == {"event": "stopped"}
    assert not lost
    assert len(answered) > 8


def test_a_stop_waits_for_a_request_that_is_still_coming(start):
    service = start()
    with service.connect() as connection:
        connection.sendall(
            b"POST /last/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        )
        time.sleep(0.3)
        service.process.terminate()
        time.sleep(0.3)
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", service.port), timeout=5)
        connection.sendall(b'Content-Length: 23\r\n\r\n{"track": 1, "time": 1}')
        assert b'{"user": 1}\n' in connection.recv(65536)
    assert service.process.wait(timeout=20) == 0


def test_an_idle_stop_is_quick(start):
    service = start()
    with service.connect():
        began = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - began < 3


def test_settings_come_from_file_and_environment(bundle, tmp_path):
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"bundle": str(bundle), "threads": 1, "max_body_bytes": 2000}))
    service = Service(tmp_path, "--config", config)
    assert service.ask("POST", "/next/1", "x" * 3000)[0] == 413
    assert service.stop() == 0


def test_wrong_starts_say_why(bundle, tmp_path, service):
    cases = [
        ([], 2, "which bundle?"),
        ([bundle, "--prot", 1], 2, "--port"),
        ([bundle, "--port", "x"], 2, "0 to 65535"),
        ([bundle, "--host", "nowhere.example"], 2, "127.0.0.1"),
        ([bundle, "--port", service.port], 1, "another program uses it"),
        ([tmp_path / "missing"], 1, "missing"),
        ([HERE], 3, str(HERE)),
        ([bundle, "--port", 0, "--events", tmp_path], 1, str(tmp_path)),
    ]
    for arguments, code, part in cases:
        found, message = run(*arguments)
        assert found == code, (arguments, message)
        assert part in message, (arguments, message)
        assert "crossfade-serve: " in message
    assert run("--help")[0] == 0
    assert run("--version")[0] == 0


def test_a_damaged_bundle_is_refused(bundle, tmp_path):
    copy = tmp_path / "bundle"
    subprocess.run(["cp", "-r", bundle, copy], check=True)
    largest = max(
        (path for path in copy.rglob("*") if path.is_file()), key=lambda p: p.stat().st_size
    )
    largest.write_bytes(largest.read_bytes()[:-1])
    code, message = run(copy, "--port", 0)
    assert code == 3 and largest.name in message
