#!/usr/bin/env python3
"""Serves a bundle, asks it for recommendations, tells it an event, asks again, and stops it.

usage: talk_to_service.py CROSSFADE BUNDLE PORT   (PORT 0: any free one)
"""

import json
import pathlib
import subprocess
import sys
import urllib.request


def read_ids(path):
    """The 64-bit integers of a .npy column; numpy.load(path) would do the same."""
    data = path.read_bytes()
    start = 10 + int.from_bytes(data[8:10], "little")
    return (int.from_bytes(data[at:at + 8], "little", signed=True)
            for at in range(start, len(data), 8))


class Service:
    """A running `crossfade serve`, stopped when the block ends."""

    def __init__(self, crossfade, bundle, port):
        log = pathlib.Path(bundle).parent / "serve.log"
        self.process = subprocess.Popen(
            [crossfade, "serve", bundle, "--port", port],
            stdout=subprocess.PIPE, stderr=log.open("w"), text=True)
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"the service did not start; see {log}")
        self.url = f"http://127.0.0.1:{json.loads(line)['port']}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=20)

    def known_listener(self, bundle):
        """The first user of the bundle whom the model, not popularity, answers."""
        for user in read_ids(pathlib.Path(bundle) / "users.numbers.npy"):
            slate = self.ask("/v1/recommend", {"user": user, "k": 1}, shown=False)
            if slate["items"][0]["source"] != "popular":
                return user
        sys.exit("the model knows none of the users")

    def ask(self, path, body=None, shown=True):
        """Returns the answer; shows the request as curl would send it."""
        data = None if body is None else json.dumps(body).encode()
        if shown:
            header = " -H 'Content-Type: application/json'"
            print(f"  $ curl {self.url}{path}" +
                  (f"{header} -d '{json.dumps(body)}'" if body else ""))
        request = urllib.request.Request(self.url + path, data,
                                         {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.loads(response.read())


def show(slate):
    """Prints one line per item of an answer and returns the items."""
    for item in slate["items"]:
        print(f"    {item['item']:>8}  score {item['score']:.4f}  from {item['source']}")
    return [item["item"] for item in slate["items"]]


def main():
    crossfade, bundle, port = sys.argv[1:]
    with Service(crossfade, bundle, port) as service:
        user = service.known_listener(bundle)
        before = show(service.ask("/v1/recommend", {"user": user, "k": 5}))
        played = before[0]
        print(f"\n  The first one is played: {played}")
        service.ask("/v1/events", {"user": user, "item": played, "weight": 1.0})
        after = show(service.ask("/v1/recommend", {"user": user, "k": 5}))
        assert played not in after, "a played item must not come again"
        print(f"\n  {played} is gone, and {len(set(after) - set(before))} of 5 items are new.")
        print("\n  A stranger, whom no log has seen, gets what is popular:")
        show(service.ask("/v1/recommend", {"user": 10**12, "k": 3}))
        print("\n  botify's protocol, for simulators that speak it:")
        print("   ", json.dumps(service.ask(f"/next/{user}", {"track": played, "time": 0.8})))


if __name__ == "__main__":
    main()
