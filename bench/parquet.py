#!/usr/bin/env python3
"""Parquet reading and writing against pyarrow and polars: the same file, the same threads.

10 M rows of a log (int32 user, int32 item, timestamp in ms, float32 weight; zstd; 10 row groups),
read whole into memory: once by a fresh process ("first"), as a command does it, and again and
again ("read"), where the peers' allocators keep the memory of the last run and ours returns it;
then the same table written with zstd level 1 ("write"). Runs of all sides are interleaved in one
session, each side in a process of its own, and compared by medians of wall time; CPU seconds stand
beside them, because they hold on a machine that is busy otherwise. All sides verify page checksums
where they can: ours always does, pyarrow when told, polars cannot be.

    ./dev bench parquet            or      python bench/parquet.py --json --runs 9
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HOME = pathlib.Path(__file__).resolve().parent.parent
PEERS = HOME / ".crossfade" / "peers" / "bin" / "python"
DRIVER = HOME / "build" / "bench" / "crossfade" / "io" / "crossfade_parquet_bench"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--groups", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", help="where the files lie; a temporary folder if not given")
    parser.add_argument("--peer-python", default=str(PEERS))
    parser.add_argument("--driver", default=str(DRIVER))
    parser.add_argument("--json", action="store_true", help="results as JSON on standard output")
    parser.add_argument("--serve", choices=["pyarrow", "polars"], help=argparse.SUPPRESS)
    return parser.parse_args()


def generate(path, options):
    """A log as services write it: by time, popular items, few distinct weights; no checksums."""
    import numpy as np
    import pyarrow
    import pyarrow.parquet

    rng = np.random.default_rng(options.seed)
    rows = options.rows
    popular = np.minimum((rng.pareto(0.8, rows) * 300).astype(np.int64), 99_999)
    table = pyarrow.table({
        "user_id": pyarrow.array(rng.integers(0, 200_000, rows), pyarrow.int32()),
        "item_id": pyarrow.array(popular, pyarrow.int32()),
        "timestamp": pyarrow.array(
            1_577_836_800_000 + np.sort(rng.integers(0, 31_536_000_000, rows)),
            pyarrow.timestamp("ms")),
        "rating": pyarrow.array(rng.random(rows).astype(np.float32)),
    })
    pyarrow.parquet.write_table(
        table, path, compression="zstd", row_group_size=-(-rows // options.groups),
        write_page_checksum=True)


class Pyarrow:
    def __init__(self):
        import pyarrow.parquet
        self.parquet = pyarrow.parquet

    def read(self, path):
        return self.parquet.read_table(path, page_checksum_verification=True, memory_map=True)

    def write(self, table, path):
        self.parquet.write_table(table, path, compression="zstd", compression_level=1,
                                 write_page_checksum=True)


class Polars:
    def __init__(self):
        import polars
        self.polars = polars

    def read(self, path):
        return self.polars.read_parquet(path)

    def write(self, table, path):
        table.write_parquet(path, compression="zstd", compression_level=1)


def serve(side):
    """Answers like our driver: one line of JSON per line of standard input."""
    peer = Pyarrow() if side == "pyarrow" else Polars()
    kept = None
    for line in sys.stdin:
        verb, path = line.split()
        if verb == "write":
            pathlib.Path(path).unlink(missing_ok=True)
        wall, cpu = time.perf_counter(), time.process_time()
        if verb == "write":
            peer.write(kept, path)
            table = kept
        else:
            table = peer.read(path)
        result = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu,
                  "rows": len(table)}
        if verb == "load":
            kept = table
        del table
        print(json.dumps(result), flush=True)


class Side:
    def __init__(self, command, threads):
        environment = {**os.environ, "POLARS_MAX_THREADS": str(threads),
                       "OMP_NUM_THREADS": str(threads), "ARROW_IO_THREADS": str(threads)}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True, env=environment)

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"bench/parquet.py: a side stopped at '{command}'")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def medians_of(runs):
    return {name: {clock: statistics.median(run[clock] for run in of)
                   for clock in ("wall_s", "cpu_s")} for name, of in runs.items()}


def measure(folder, options):
    path = folder / f"log-{options.rows}-{options.groups}-{options.seed}.parquet"
    if not path.exists():
        print("making the log", file=sys.stderr)
        generate(path, options)
    python = [sys.executable, str(pathlib.Path(__file__).resolve())]
    commands = {
        "ours": [options.driver, str(options.threads)],
        "pyarrow": [*python, "--serve", "pyarrow"],
        "polars": [*python, "--serve", "polars"],
    }
    first = {name: [] for name in commands}
    for _ in range(options.runs + 1):
        for name, command in commands.items():
            side = Side(command, options.threads)
            first[name].append(side.tell(f"read {path}"))
            side.close()
    # The first round warms the system's page cache.
    results = {"first": medians_of({name: runs[1:] for name, runs in first.items()})}
    sides = {name: Side(command, options.threads) for name, command in commands.items()}
    for side in sides.values():
        side.tell(f"load {path}")
        side.tell(f"read {path}")
    for verb in ("read", "write"):
        runs = {name: [] for name in sides}
        for _ in range(options.runs if verb == "read" else max(3, options.runs // 2)):
            for name, side in sides.items():
                target = path if verb == "read" else folder / f"written-by-{name}.parquet"
                runs[name].append(side.tell(f"{verb} {target}"))
        results[verb] = medians_of(runs)
    for side in sides.values():
        side.close()
    sizes = {name: (folder / f"written-by-{name}.parquet").stat().st_size for name in sides}
    return {"rows": options.rows, "threads": options.threads, "runs": options.runs,
            "file_bytes": path.stat().st_size, "medians": results, "written_bytes": sizes}


def show(result):
    print(f"{result['rows']:,} rows, {result['file_bytes'] / 1e6:.0f} MB, {result['threads']} "
          f"threads, median of {result['runs']}")
    for verb, medians in result["medians"].items():
        for name, clock in medians.items():
            rate = result["rows"] / 1e6 / clock["wall_s"]
            print(f"  {verb:<6} {name:<8} {rate:7.1f} Mrows/s  {clock['wall_s']:7.3f} s wall  "
                  f"{clock['cpu_s']:7.3f} s CPU   ours is "
                  f"{clock['wall_s'] / medians['ours']['wall_s']:.2f} x as fast (CPU "
                  f"{clock['cpu_s'] / medians['ours']['cpu_s']:.2f} x)")
    print("  written, MB: " + ", ".join(
        f"{name} {size / 1e6:.0f}" for name, size in result["written_bytes"].items()))


def main():
    options = parse()
    if options.serve:
        return serve(options.serve)
    # The peers live in their own environment: start again with its interpreter.
    peer = pathlib.Path(options.peer_python)
    if pathlib.Path(sys.prefix).resolve() != peer.parent.parent.resolve():
        if not peer.exists():
            sys.exit(f"bench/parquet.py: no {peer}; ./dev bench makes it")
        os.execv(peer, [str(peer), *sys.argv])
    if not pathlib.Path(options.driver).exists():
        sys.exit(f"bench/parquet.py: no {options.driver}; ./dev build bench makes it")
    with tempfile.TemporaryDirectory() as temporary:
        result = measure(pathlib.Path(options.folder or temporary), options)
    if options.json:
        print(json.dumps({"benchmark": "parquet", "results": [result]}, indent=2))
    else:
        show(result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
