"""Filters on the command line: what they leave, what they report, what they refuse."""

from commands import ok, run, write_log


def test_filters_go_in_order_and_report_every_step(thread, tmp_path):
    answer = ok("filter", thread.store, "--filter", "recent:50d", "--filter", "kcore:15",
                "--out", tmp_path / "store", "--json").json()
    first, second = answer["filters"]
    assert [first["filter"], second["filter"]] == ["recent:50d", "kcore:15"]
    assert first["after"] == second["before"]
    assert 0 < second["after"]["rows"] < first["after"]["rows"] < first["before"]["rows"]
    described = ok("describe", tmp_path / "store", "--json").json()
    assert described["domains"][0]["interactions"] == second["after"]["rows"]
    assert described["users"] == second["after"]["users"]
    assert "kcore:15 dropped" in described["imports"][0]["notes"][-1]


def test_the_filtered_store_is_the_same_for_any_number_of_threads(thread, tmp_path):
    prints = set()
    for threads in (1, 3):
        out = tmp_path / f"store{threads}"
        ok("filter", thread.store, "--filter", "sample_users:50", "--filter", "merge", "--seed",
           "3", "--out", out, "--threads", threads)
        prints.add(ok("describe", out, "--json").json()["fingerprint"])
    assert len(prints) == 1


def test_what_cannot_be_filtered_is_said(thread, tmp_path):
    out = tmp_path / "store"
    for filters, code, words in (
        ((), 2, "needs --filter"),
        (("--filter", "kcor:5"), 2, "kcore"),
        (("--filter", "strongest:2,1"), 2, "one kind of event only"),
        (("--filter", "min_users:1000000"), 3, "leaves none"),
    ):
        refused = run("filter", thread.store, *filters, "--out", out)
        assert refused.code == code and words in refused.err, refused.err
        assert not out.exists()
    refused = run("filter", thread.store, "--filter", "repeats", "--out", thread.store)
    assert refused.code == 2


def test_help_lists_the_filters():
    shown = ok("filter", "--help").out
    for name in ("kcore:5", "min_weight:4", "strongest:2,1,0", "cap_popular:0.99"):
        assert name in shown


def test_one_row_per_pair_sums_the_weights(tmp_path):
    table = write_log(tmp_path / "log.parquet", rows=300, users=5, items=8)
    ok("import", tmp_path / "log.parquet", "--schema", "hackathon", "--out", tmp_path / "store")
    ok("filter", tmp_path / "store", "--filter", "merge", "--out", tmp_path / "merged")
    pairs = set(zip(table["user_id"].to_pylist(), table["item_id"].to_pylist()))
    described = ok("describe", tmp_path / "merged", "--json").json()
    assert described["domains"][0]["interactions"] == len(pairs)
