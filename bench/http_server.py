#!/usr/bin/env python3
"""GET / of crossfade-serve beside nginx that returns the same constant: requests per CPU second.

usage: ./dev bench http [-- --rounds N --seconds N --connections N --json --build FOLDER]

Both have one worker thread, keep-alive, no access log; wrk asks them in turns. CPU seconds are user
and system time of the server's processes (/proc/PID/stat) over each run: on a machine whose cores
wrk and others share, requests per wall second say little. The ratio is the median over rounds of
ours / nginx's. POST /next with a body, answered by a model, is shown beside it without a peer.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HELLO = '{"status": "alive", "message": "welcome to botify, the best toy music recommender"}'
TICK = os.sysconf("SC_CLK_TCK")

NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; default_type application/json; keepalive_requests 1000000000; tcp_nodelay on;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; location / {{ return 200 '{hello}\\n'; }} }}
}}
"""
NEXT = """
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local user = 0
request = function()
  user = (user + 1) % 40
  return wrk.format(nil, "/next/" .. user, nil, '{"track": 3, "time": 0.7}')
end
"""


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def family(pid):
    """A process and its children."""
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid] + [one for child in children for one in family(int(child))]


def cpu_seconds(pid):
    total = 0
    for one in family(pid):
        fields = pathlib.Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])  # utime and stime
    return total / TICK


def wait_for(port):
    import http.client

    for _ in range(100):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/")
            body = connection.getresponse().read().decode()
            assert body == HELLO + "\n", body
            return
        except ConnectionRefusedError:
            time.sleep(0.05)
    sys.exit(f"nothing answers on port {port}")


def start_nginx(folder):
    port = free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, hello=HELLO))
    process = subprocess.Popen(
        [shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"), "-c", str(config)],
        stderr=subprocess.DEVNULL,
    )
    wait_for(port)
    return process, port


def make_bundle(build, folder):
    """A small model of 40 listeners and 200 tracks."""
    log = folder / "log.csv"
    rows = (f"{user},{(user * 7 + n * n) % 200},{n}" for user in range(40) for n in range(60))
    log.write_text("user,item,time\n" + "\n".join(rows) + "\n")
    columns = ["--user", "user", "--item", "item", "--time", "time", "--time-unit", "s"]
    for line in (
        ["import", log, *columns, "--out", folder / "store"],
        ["train", "als", "--data", folder / "store", "--out", folder / "model"],
        ["bundle", "create", "--data", folder / "store", "--model", folder / "model",
         "--out", folder / "bundle"],
    ):
        subprocess.run([build / "crossfade/cli/crossfade", *line, "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
    return folder / "bundle"


def start_ours(build, folder):
    bundle = make_bundle(build, folder)
    process = subprocess.Popen(
        [build / "crossfade/service/crossfade-serve", bundle, "--port", "0", "--threads", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    port = json.loads(process.stdout.readline())["port"]
    wait_for(port)
    return process, port


def measure(process, port, options, script=None):
    """Requests per second and per CPU second of one run of wrk."""
    command = ["wrk", "-t1", f"-c{options.connections}", f"-d{options.seconds}s", "--latency"]
    command += ["-s", str(script)] if script else []
    before = cpu_seconds(process.pid)
    text = subprocess.run(
        command + [f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True
    ).stdout
    cpu = cpu_seconds(process.pid) - before
    if "Non-2xx" in text or "Socket errors" in text:
        sys.exit("wrk met errors:\n" + text)
    requests = next(int(line.split()[0]) for line in text.splitlines() if "requests in" in line)
    p99 = next(line.split()[1] for line in text.splitlines() if line.strip().startswith("99%"))
    return {"per_s": requests / options.seconds, "per_cpu_s": requests / cpu, "p99": p99}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nginx, nginx_port = start_nginx(folder)
        ours, our_port = start_ours(options.build.resolve(), folder)
        script = folder / "next.lua"
        script.write_text(NEXT)
        runs = {"nginx GET /": [], "crossfade GET /": [], "crossfade POST /next": []}
        try:
            for _ in range(options.rounds):
                runs["nginx GET /"].append(measure(nginx, nginx_port, options))
                runs["crossfade GET /"].append(measure(ours, our_port, options))
                runs["crossfade POST /next"].append(measure(ours, our_port, options, script))
        finally:
            for process in (nginx, ours):
                process.terminate()
                process.wait()
    ratios = [
        mine["per_cpu_s"] / theirs["per_cpu_s"]
        for mine, theirs in zip(runs["crossfade GET /"], runs["nginx GET /"])
    ]
    result = {
        name: {key: statistics.median(run[key] for run in every) for key in ("per_s", "per_cpu_s")}
        | {"p99": [run["p99"] for run in every]}
        for name, every in runs.items()
    }
    result["ratio"] = {
        "median": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "wanted": 0.5,
    }
    if options.json:
        return print(json.dumps(result))
    print(f"{'':24}{'requests/s':>12}{'per CPU s':>12}   p99 of each round")
    for name in runs:
        row = result[name]
        print(f"{name:24}{row['per_s']:12,.0f}{row['per_cpu_s']:12,.0f}   {' '.join(row['p99'])}")
    ratio = result["ratio"]
    print(
        f"requests per CPU second, ours / nginx: {ratio['median']:.2f} "
        f"({ratio['low']:.2f} to {ratio['high']:.2f} over {options.rounds} rounds; wanted 0.50)"
    )


if __name__ == "__main__":
    main()
