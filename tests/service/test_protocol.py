"""botify's protocol over a socket, against what the original's libraries answered."""

import json
import pathlib
import re

import pytest

HERE = pathlib.Path(__file__).parent
EXPECTATIONS = [
    json.loads(line) for line in open(HERE / "botify_expectations.jsonl", encoding="utf-8")
]
TRACKS = 12


def masked(body):
    """The recommender decides the track; everything around it is the protocol's."""
    return re.sub(rb'(\{"user": \d+, "track": )\d+', rb"\1#", body)


def test_every_recorded_answer_byte_for_byte(service):
    for expected in EXPECTATIONS:
        asked = (expected["method"], expected["target"], expected["body"])
        status, headers, body = service.ask(
            expected["method"],
            expected["target"],
            expected["body"] or None,
            expected["content_type"],
        )
        assert status == expected["status"], asked
        assert headers["Content-Type"] == expected["answer_type"], asked
        allow = headers["Allow"].split(", ") if headers["Allow"] else []
        assert sorted(allow) == expected["allow"], asked
        assert masked(body) == masked(expected["answer"].encode()), asked
        if expected["method"] == "HEAD":
            assert int(headers["Content-Length"]) == expected["length"], asked


@pytest.mark.parametrize("user", [0, 1, 39, 40, 10**6, 2**63, 10**60])
@pytest.mark.parametrize("track", [0, 11, 12, -1, 10**30, "3", 2.9, True])
def test_next_is_always_a_track(service, user, track):
    answer = service.json("POST", f"/next/{user}", {"track": track, "time": 0.5})
    assert answer["user"] == user
    assert 0 <= answer["track"] < TRACKS


def test_a_long_session_never_runs_dry(service):
    track, plays = 0, []
    for _ in range(40):
        track = service.json("POST", "/next/777", {"track": track, "time": 0.1})["track"]
        assert 0 <= track < TRACKS
        plays.append(track)
    assert len(set(plays[:11])) == 11  # nothing repeats while others are left
    assert all(a != b for a, b in zip(plays, plays[1:]))


def test_answers_keep_the_connection(service):
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    for track in range(20):
        connection.request(
            "POST",
            "/next/5",
            json.dumps({"track": track, "time": 1.0}),
            {"Content-Type": "application/json"},
        )
        response = connection.getresponse()
        assert response.status == 200
        assert re.fullmatch(rb'\{"user": 5, "track": \d+\}\n', response.read())
    connection.close()


def test_invalid_utf8_and_nul_in_a_body_are_400(service):
    for body in (b'{"track": "\xff", "time": 1}', b'{"track": 1, "time": 1}\0', b"\xfe\xff\0{"):
        status, _, answer = service.ask("POST", "/next/1", body)
        assert status == 400
        assert b"could not understand" in answer
