#!/usr/bin/env python3
"""A log to a store against DuckDB, which reads the same Parquet file and writes Parquet sorted.

The log has Zvuk's columns (user_id int32, session_id int64, datetime timestamp, track_id int32,
play_duration float32; zstd; row groups of a million) and is in the order of time, as a service
writes it: sessions of users, some three minutes between plays, popular tracks, skewed users.

  import    ours: `crossfade import`, the whole process: ids numbered, sorted by user and time
            (stably), item-major transpose, checksums.
  sorted    DuckDB: ORDER BY user_id, datetime, written as Parquet with snappy. Only its query is
            timed, not the start of Python.
  stable    the same with the row's number as the last key, which is what ours keeps.
  next day  `import --into`: a day's log onto the store of all rows, and as a store of its own.
  counts    plays and distinct users per track; plays per user and track: ours from the store,
            DuckDB's from its own sorted file.

Both get the same threads; DuckDB 4 GB and preserve_insertion_order=false. Runs are interleaved,
medians compared, peak memory is of the processes.

    ./dev bench import            or      python bench/import.py --rows 40000000 --runs 3
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

HOME = pathlib.Path(__file__).resolve().parent.parent
PEERS = HOME / ".crossfade" / "peers" / "bin" / "python"
DAY_US = 86_400_000_000


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=40_000_000)
    parser.add_argument("--users", type=int, default=200_000)
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--memory", default="3GB", help="of ours, for rows")
    parser.add_argument("--only", nargs="*", default=["import", "day", "counts"],
                        help="import, day, counts")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--folder", help="where the files lie; a temporary folder if not given")
    parser.add_argument("--build", default="build/bench")
    parser.add_argument("--peer-python", default=str(PEERS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--query", nargs=2, help=argparse.SUPPRESS)
    return parser.parse_args()


def make_day(rng, options, rows, start_us, first_session):
    """Rows of one day in the order of time."""
    import numpy as np

    lengths = 1 + rng.geometric(0.1, size=max(1, rows // 9))
    lengths = lengths[: np.searchsorted(np.cumsum(lengths), rows) + 1]
    sessions = len(lengths)
    users = (options.users * rng.random(sessions) ** 2).astype(np.int32)
    begins = rng.integers(0, DAY_US, sessions)
    session = np.repeat(np.arange(sessions), lengths)[:rows]
    gaps = rng.exponential(180e6, len(session)).astype(np.int64)
    steps = np.cumsum(gaps)
    first = np.r_[True, session[1:] != session[:-1]]
    steps -= np.repeat(steps[first], np.diff(np.r_[np.flatnonzero(first), len(session)]))
    when = start_us + (begins[session] + steps) // 1000 * 1000
    order = np.argsort(when, kind="stable")
    tracks = np.minimum(rng.pareto(0.7, len(session)) * options.tracks / 400, options.tracks - 1)
    length = np.round(rng.random(len(session)) * 240).astype(np.float32)
    # Ids are scattered, as a service's are.
    return {
        "user_id": (users[session].astype(np.int64) * 7919 % (options.users * 2 + 1))[order]
        .astype(np.int32),
        "session_id": (first_session + session)[order],
        "datetime": when[order],
        "track_id": (tracks.astype(np.int64) * 104_729 % (options.tracks + 7))[order]
        .astype(np.int32),
        "play_duration": length[order],
    }, first_session + sessions


def generate(path, options, rows, first_day=0, days=None):
    import numpy as np
    import pyarrow
    import pyarrow.parquet

    days = days or options.days
    rng = np.random.default_rng([options.seed, first_day, rows])
    schema = pyarrow.schema([
        ("user_id", pyarrow.int32()), ("session_id", pyarrow.int64()),
        ("datetime", pyarrow.timestamp("us")), ("track_id", pyarrow.int32()),
        ("play_duration", pyarrow.float32())])
    writing = path.with_suffix(".part")
    with pyarrow.parquet.ParquetWriter(writing, schema, compression="zstd",
                                       write_page_checksum=True) as writer:
        session = first_day * 10_000_000
        for day in range(days):
            count = rows * (day + 1) // days - rows * day // days
            columns, session = make_day(rng, options, count,
                                        1_672_531_200_000_000 + (first_day + day) * DAY_US, session)
            table = pyarrow.table([pyarrow.array(columns[field.name], field.type)
                                   for field in schema], schema=schema)
            writer.write_table(table, row_group_size=1_000_000)
    writing.rename(path)


def log_of(folder, options, rows, first_day=0, days=None):
    what = f"{rows}-{options.users}-{options.tracks}-{first_day}-{options.seed}"
    path = folder / f"log-{what}.parquet"
    if not path.exists():
        print(f"making {path.name}", file=sys.stderr)
        generate(path, options, rows, first_day, days)
    return path


def measured(command, **kwargs):
    """Runs a process to its end: its output, wall and CPU seconds, peak memory."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, **kwargs)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"bench/import.py: {command[0]} failed ({process.returncode})")
    return {"wall_s": time.perf_counter() - start, "cpu_s": usage.ru_utime + usage.ru_stime,
            "peak_gb": usage.ru_maxrss / 1e6, "out": out}


QUERIES = {
    "sorted": "COPY (SELECT * FROM read_parquet('{log}') ORDER BY user_id, datetime) "
              "TO '{out}' (FORMAT parquet, COMPRESSION snappy)",
    "stable": "COPY (SELECT * EXCLUDE file_row_number FROM "
              "read_parquet('{log}', file_row_number=true) "
              "ORDER BY user_id, datetime, file_row_number) "
              "TO '{out}' (FORMAT parquet, COMPRESSION snappy)",
    "plays": "CREATE TABLE result AS SELECT track_id, count(*) AS plays, "
             "count(DISTINCT user_id) AS users FROM read_parquet('{log}') GROUP BY track_id",
    "pairs": "CREATE TABLE result AS SELECT user_id, track_id, count(*) AS plays "
             "FROM read_parquet('{log}') GROUP BY user_id, track_id",
}


def query(name, log, options):
    """In a process of its own: one query of DuckDB, timed."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=pathlib.Path(log).parent) as spill:
        connection = duckdb.connect()
        connection.execute(f"SET threads={options.threads}")
        connection.execute("SET memory_limit='4GB'")
        connection.execute("SET preserve_insertion_order=false")
        connection.execute(f"SET temp_directory='{spill}'")
        out = pathlib.Path(log).parent / f"duckdb-{name}.parquet"
        wall, cpu = time.perf_counter(), time.process_time()
        connection.execute(QUERIES[name].format(log=log, out=out))
        result = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}
        if name in ("plays", "pairs"):
            result["rows"], result["sum"] = connection.execute(
                "SELECT count(*), sum(plays)::BIGINT FROM result").fetchone()
        print(json.dumps(result))


def peer(name, log, options):
    command = [sys.executable, __file__, "--query", name, log, "--threads", str(options.threads)]
    run = measured(command)
    return {**run, **json.loads(run["out"])}


def bring(options, log, *where):
    binary = HOME / options.build / "crossfade" / "cli" / "crossfade"
    return measured([binary, "import", log, "--schema", "zvuk", "--domain", "zvuk", "--quiet",
                     "--json", "--threads", options.threads, "--memory", options.memory, *where])


def median(runs):
    return {key: statistics.median(run[key] for run in runs)
            for key in ("wall_s", "cpu_s", "peak_gb")}


def measure_import(folder, options, results):
    log, store = log_of(folder, options, options.rows), folder / "store"
    runs = {"ours": []} if options.no_peer else {"ours": [], "sorted": [], "stable": []}
    for _ in range(options.runs):
        for name, of in runs.items():
            if name == "ours":
                shutil.rmtree(store, ignore_errors=True)
                of.append(bring(options, log, "--out", store))
            else:
                of.append(peer(name, log, options))
    results["import"] = {name: median(of) for name, of in runs.items()}


def measure_day(folder, options, results):
    """A day onto the whole, and the same day as a store of its own, for two sizes of day."""
    store = folder / "store"
    if not store.exists():
        bring(options, log_of(folder, options, options.rows), "--out", store)
    for rows in (options.rows // 40, options.rows // 20):
        log = log_of(folder, options, rows, options.days, 1)
        grown, alone = folder / "grown", folder / "alone"
        runs = {"onto the store": [], "alone": []}
        for _ in range(options.runs):
            for path in (grown, alone):
                shutil.rmtree(path, ignore_errors=True)
            subprocess.run(["cp", "-al", store, grown], check=True)
            runs["onto the store"].append(bring(options, log, "--into", grown))
            runs["alone"].append(bring(options, log, "--out", alone))
        results[f"day of {rows}"] = {name: median(of) for name, of in runs.items()}
        shutil.rmtree(grown)
        shutil.rmtree(alone)


def measure_counts(folder, options, results):
    store = folder / "store"
    log = log_of(folder, options, options.rows)
    if not store.exists():
        bring(options, log, "--out", store)
    driver = HOME / options.build / "bench" / "counts_driver"
    sorted_file = folder / "duckdb-sorted.parquet"
    if not sorted_file.exists() and not options.no_peer:
        peer("sorted", log, options)
    for name in ("plays", "pairs"):
        runs = {"ours": [], "DuckDB": []}
        for _ in range(options.runs):
            ours = measured([driver, store, name, options.threads])
            runs["ours"].append({**ours, **json.loads(ours["out"])})
            if not options.no_peer:
                runs["DuckDB"].append(peer(name, sorted_file, options))
                if any(runs["ours"][-1][key] != runs["DuckDB"][-1][key] for key in ("rows", "sum")):
                    sys.exit(f"bench/import.py: {name} differ between the two")
        results[name] = {side: median(of) for side, of in runs.items() if of}


def show(options, results):
    print(f"{options.rows:,} rows, {options.threads} threads, median of {options.runs}")
    for step, sides in results.items():
        ours = next(iter(sides.values()))
        for name, of in sides.items():
            print(f"  {step:<16} {name:<15} {of['wall_s']:8.2f} s wall {of['cpu_s']:8.2f} s CPU "
                  f"{of['peak_gb']:6.2f} GB peak   {of['wall_s'] / ours['wall_s']:6.2f} x ours "
                  f"(CPU {of['cpu_s'] / ours['cpu_s']:.2f} x)")


def main():
    options = parse()
    if options.query:
        return query(*options.query, options)
    python = pathlib.Path(options.peer_python)
    if pathlib.Path(sys.prefix).resolve() != python.parent.parent.resolve():
        if not python.exists():
            sys.exit(f"bench/import.py: no {python}; ./dev bench makes it")
        os.execv(python, [str(python), *sys.argv])
    results = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.folder or temporary)
        steps = {"import": measure_import, "day": measure_day, "counts": measure_counts}
        for name in options.only:
            steps[name](folder, options, results)
    if options.json:
        print(json.dumps({"benchmark": "import", "rows": options.rows, "results": results},
                         indent=2))
    else:
        show(options, results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
