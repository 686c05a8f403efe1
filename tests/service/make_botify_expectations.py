"""Asks Flask, Werkzeug and Flask-RESTful what botify's four routes answer, and keeps the answers.

The protocol is that of a Python service, so those libraries are the oracle: this small program
follows the protocol's description, is asked over a socket, and every answer becomes one line of
botify_expectations.jsonl, which the unit tests of the routes and the black-box tests replay.

    python -m venv oracle && oracle/bin/pip install -r requirements-oracle.txt
    oracle/bin/python make_botify_expectations.py > botify_expectations.jsonl
"""

import http.client
import json
import pathlib
import sys
import threading

from flask import Flask
from flask_restful import Api, Resource, abort, reqparse
from werkzeug.serving import WSGIRequestHandler, make_server

HERE = pathlib.Path(__file__).parent
NEXT_TRACK = 7  # what the recommender of the tests always answers

BODIES = [
    '{"track": 10, "time": 0.3}',
    '{"time": 0.3, "track": 10}',
    '{"track":10,"time":1}',
    ' \r\n\t{ "track" : 10 , "time" : 1.0 } \n',
    '{"track": 10, "time": 0.3, "extra": [1, {"a": null}]}',
    '{"track": 10, "track": 11, "time": 0.5}',
    '{"track": "x", "track": 3, "time": 0.5}',
    '{"track": 10}',
    '{"time": 0.3}',
    "{}",
    "[]",
    "[1, 2]",
    '[{"track": 1, "time": 1}]',
    '{"track": "10", "time": "0.3"}',
    '{"track": " 10 ", "time": " 0.3\\n"}',
    '{"track": "1_0", "time": "1_0.5_0"}',
    '{"track": "1__0", "time": 1}',
    '{"track": "_10", "time": 1}',
    '{"track": "10_", "time": 1}',
    '{"track": "+10", "time": "+.5"}',
    '{"track": "-10", "time": "-.5e-3"}',
    '{"track": "- 10", "time": 1}',
    '{"track": "0010", "time": "00.1"}',
    '{"track": "10.0", "time": 1}',
    '{"track": "1e3", "time": 1}',
    '{"track": "0x10", "time": 1}',
    '{"track": "", "time": 1}',
    '{"track": "  ", "time": 1}',
    '{"track": "x", "time": 1}',
    '{"track": "it\'s", "time": 1}',
    '{"track": "say \\"it\'s\\"", "time": 1}',
    '{"track": "a\\nb\\t\\r\\\\", "time": 1}',
    '{"track": "\\u0000\\u001f\\u007f", "time": 1}',
    '{"track": "\\u00e9\\u0430\\ud83d\\ude00", "time": 1}',
    '{"track": "\u00e9\u0430\U0001f600", "time": 1}',
    '{"track": "\\u0085\\u00a010\\u2003", "time": 1}',
    '{"track": "\\u00ad\\u200b\\u2028\\ufeff\\ue000", "time": 1}',
    '{"track": "\\u001c10\\u001f", "time": 1}',
    '{"track": "\\ud800", "time": 1}',
    '{"track": "\\/\\b\\f", "time": 1}',
    json.dumps({"track": "y" * 250, "time": 1}),
    json.dumps({"track": "\u00e9" * 250, "time": 1}),
    json.dumps({"track": "'" * 250, "time": 1}),
    '{"track": 10.7, "time": 1}',
    '{"track": -10.7, "time": 1}',
    '{"track": -0.0, "time": -0}',
    '{"track": 1e1, "time": 1E-2}',
    '{"track": 1e30, "time": 1}',
    '{"track": 1e400, "time": 1}',
    '{"track": -1e400, "time": 1}',
    '{"track": 10, "time": 1e400}',
    '{"track": 10, "time": 1e-400}',
    '{"track": NaN, "time": 1}',
    '{"track": 10, "time": NaN}',
    '{"track": Infinity, "time": 1}',
    '{"track": 10, "time": -Infinity}',
    '{"track": nan, "time": 1}',
    '{"track": 18446744073709551616, "time": 1}',
    '{"track": -9223372036854775809, "time": 1}',
    '{"track": 10, "time": 18446744073709551616}',
    '{"track": 10, "time": 1' + "0" * 400 + "}",
    '{"track": "18446744073709551616", "time": 1}',
    '{"track": 16198, "time": 1}',
    '{"track": -1, "time": 1}',
    '{"track": true, "time": false}',
    '{"track": false, "time": true}',
    '{"track": [1], "time": 1}',
    '{"track": [], "time": 1}',
    '{"track": {"a": 1}, "time": 1}',
    '{"track": 10, "time": [1]}',
    '{"track": 10, "time": {}}',
    '{"track": 10, "time": "x"}',
    '{"track": 10, "time": ""}',
    '{"track": 10, "time": "1,5"}',
    '{"track": 10, "time": "nan"}',
    '{"track": 10, "time": "-Infinity"}',
    '{"track": 10, "time": "inf"}',
    '{"track": 10, "time": "infinit"}',
    '{"track": 10, "time": "0x1p3"}',
    '{"track": 10, "time": "1."}',
    '{"track": 10, "time": "."}',
    '{"track": 10, "time": "1e5"}',
    '{"track": 10, "time": "1e"}',
    '{"track": 10, "time": "1_e5"}',
    '{"track": 10, "time": "1e400"}',
    '{"track": 10, "time": "it\'s \\u00e9"}',
    '{"track": 10, "time": "1 2"}',
    json.dumps({"track": 10, "time": "y" * 250}),
    '{"track": "x", "time": "y"}',
    '{"track": "x"}',
    '{"time": "y"}',
    '{"Track": 10, "time": 1}',
    '{"track\\u0000": 10, "time": 1}',
    '{"\\u0074rack": 10, "time": 1}',
    '{"a": {"track": 1}, "time": 1}',
    "",
    " ",
    "x",
    "{",
    "}",
    '{"track": 10, "time": 1',
    '{"track": 10, "time": 1,}',
    '{"track": 10 "time": 1}',
    '{"track": 10, "time": 1}}',
    '{"track": 10, "time": 1} x',
    '{track: 10, "time": 1}',
    "{'track': 10, 'time': 1}",
    '{"track": 01, "time": 1}',
    '{"track": 1., "time": 1}',
    '{"track": .1, "time": 1}',
    '{"track": +1, "time": 1}',
    '{"track": 0x10, "time": 1}',
    '{"track": 1e, "time": 1}',
    '{"track": -, "time": 1}',
    '{"track": "a\nb", "time": 1}',
    '{"track": "\\x", "time": 1}',
    '{"track": "\\u12", "time": 1}',
    '{"track": "abc, "time": 1}',
    '{"track": tru, "time": 1}',
    '{"track": True, "time": 1}',
    '{"track": 10, "time": 1, "extra": [1,]}',
    '{"track": 10, "time": 1, "extra": [1 2]}',
    '{"track": 10, "time": 1, 5: 6}',
    "[1",
    "[",
    '"',
    '"a',
    '{"track": 10, /* c */ "time": 1}',
    '{"track": 10, "time": 1, "deep": ' + "[" * 60 + "]" * 60 + "}",
    '\ufeff{"track": 10, "time": 1}',
    '{"track": 10,\u00a0"time": 1}',
    '{"track": 10,\x0b"time": 1}',
]
# Values and bodies that make the original fail (500) or remember nothing: answered as a missing
# field, because "any request with valid JSON" has to be answered (our deviation, on purpose).
MISSING_INSTEAD = [
    ('{"track": null, "time": 1}', "track"),
    ('{"track": 10, "time": null}', "time"),
    ('{"track": null, "time": null}', "track"),
    ('{"track": null}', "track"),
    ('{"time": null}', "track"),
    ("null", "track"),
    ("true", "track"),
    ("5", "track"),
    ("1.5", "track"),
    ('"track"', "track"),
    ('["track"]', "track"),
    ('["track", "time"]', "track"),
]
TYPES = [
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=latin-1",
    " application/json ",
    "application/vnd.api+json",
    "application/x+JSON",
    "application/+json",
    "text/json",
    "application/jsonp",
    "text/plain",
    "application/x-www-form-urlencoded",
    "",
    "json",
    "application/json, text/html",
    None,
]
TARGETS = [
    "/",
    "/?",
    "/?a=b",
    "/.",
    "/index.html",
    "/track",
    "/track/",
    "/track/0",
    "/track/1",
    "/track/2",
    "/track/3",
    "/track/4",
    "/track/5",
    "/track/6",
    "/track/7",
    "/track/8",
    "/track/9",
    "/track/10",
    "/track/11",
    "/track/1?x=/",
    "/track/12",
    "/track/007",
    "/track/99999999999999999999",
    "/track/-1",
    "/track/+1",
    "/track/1.0",
    "/track/x",
    "/track/1/",
    "/track/%31",
    "/track/1%20",
    "/track/%20",
    "/track/1%2F",
    "/track/%D9%A1",
    "/track/1;a",
    "/track/1_0",
    "/Track/1",
    "/next",
    "/next/",
    "/next/1",
    "/last/1",
    "/last",
    "/favicon.ico",
    "/n%65xt/1",
    "/track/%zz",
    "/%ff",
    "/track/1%00",
    "/a%0Ab",
    "/track/1//",
]
USERS = [
    "/next/0",
    "/next/1981",
    "/next/007",
    "/next/18446744073709551616",
    "/next/" + "9" * 60,
    "/next/-1",
    "/next/x",
    "/next/1/",
    "/next/1.5",
    "/next/%31%32",
    "/next/1?track=3",
    "/next/ ".strip(),
    "/last/0",
    "/last/1981",
    "/last/" + "1" * 40,
    "/last/-1",
    "/last/1/",
    "/next/00",
    "/last/1?x=y",
    "/next/9223372036854775808",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "FOO"]


def application():
    app = Flask(__name__)
    api = Api(app)
    catalog = [json.loads(line) for line in open(HERE / "catalog.jsonl", encoding="utf-8")]
    played = reqparse.RequestParser()
    played.add_argument("track", type=int, location="json", required=True)
    played.add_argument("time", type=float, location="json", required=True)

    class Hello(Resource):
        def get(self):
            return {
                "status": "alive",
                "message": "welcome to botify, the best toy music recommender",
            }

    class Track(Resource):
        def get(self, track):
            if track >= len(catalog):
                abort(404, description="Track not found")
            entry = catalog[track]
            return {
                "track": track,
                "artist": entry["artist"],
                "title": entry["title"],
                "recommendations": entry.get("recommendations", []),
            }

    class Next(Resource):
        def post(self, user):
            played.parse_args()
            return {"user": user, "track": NEXT_TRACK}

    class Last(Resource):
        def post(self, user):
            played.parse_args()
            return {"user": user}

    api.add_resource(Hello, "/")
    api.add_resource(Track, "/track/<int:track>")
    api.add_resource(Next, "/next/<int:user>")
    api.add_resource(Last, "/last/<int:user>")
    return app


def cases():
    json_type = "application/json"
    play = '{"track": 10, "time": 0.3}'
    for body in BODIES:
        yield "POST", "/next/1", json_type, body
    for content_type in TYPES:
        yield "POST", "/next/1", content_type, play
        yield "POST", "/last/1", content_type, ""
    for body in BODIES[:14]:
        yield "POST", "/last/5", json_type, body
    for target in TARGETS:
        yield "GET", target, None, ""
    for target in USERS:
        yield "POST", target, json_type, play
    for method in METHODS:
        for target in ("/", "/track/1", "/next/1", "/last/1", "/nothing", "/track/12"):
            if (method, target) != ("POST", "/next/1"):
                yield method, target, json_type, play if method in ("POST", "PUT", "PATCH") else ""


def ask(port, method, target, content_type, body):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {} if content_type is None else {"Content-Type": content_type}
    connection.request(method, target, body.encode() if body else None, headers)
    response = connection.getresponse()
    answer = response.read().decode()
    allow = response.getheader("Allow")
    return {
        "method": method,
        "target": target,
        "content_type": content_type,
        "body": body,
        "status": response.status,
        "answer_type": response.getheader("Content-Type"),
        "length": int(response.getheader("Content-Length", "0")),
        "allow": sorted(allow.split(", ")) if allow else [],
        "answer": answer,
        "location": response.getheader("Location"),
    }


def main():
    class Quiet(WSGIRequestHandler):
        def log(self, *_):
            pass

    server = make_server("127.0.0.1", 0, application(), request_handler=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for case in cases():
        print(json.dumps(ask(server.port, *case)))
    for body, name in MISSING_INSTEAD:
        answer = (
            json.dumps({"message": {name: "Missing required parameter in the JSON body"}}) + "\n"
        )
        print(
            json.dumps(
                {
                    "method": "POST",
                    "target": "/next/1",
                    "content_type": "application/json",
                    "body": body,
                    "status": 400,
                    "answer_type": "application/json",
                    "length": len(answer),
                    "allow": [],
                    "answer": answer,
                    "location": None,
                }
            )
        )
    sys.stdout.flush()
    server.shutdown()


main()
