"""Pages of results: what evaluate and report write, and what they refuse."""

import json
import re

import pytest

from commands import ok, run


@pytest.fixture(scope="module")
def evaluation(thread, tmp_path_factory):
    """The JSON of two judged lists, with segments, and the page made on the way."""
    folder = tmp_path_factory.mktemp("evaluation")
    ok("train", "popular", "--data", thread.train, "--out", folder / "model")
    ok("recommend", folder / "model", "--data", thread.train, "--out", folder / "popular.parquet")
    outcome = ok("evaluate", folder / "popular.parquet", thread.recommendations, "--truth",
                 thread.test, "--train", thread.train, "--k", "5,10", "--segments", "--html",
                 folder / "page.html", "--json")
    (folder / "both.json").write_text(outcome.out)
    return folder


def test_segments_are_in_the_json(evaluation):
    report = json.loads((evaluation / "both.json").read_text())["reports"][1]
    assert [part["name"] for part in report["segments"]] == ["warm", "history", "popularity"]
    groups = report["segments"][1]["groups"]
    assert sum(group["users"] for group in groups) == report["users"]
    ndcg = groups[0]["metrics"]["ndcg@10"]
    assert ndcg["low"] <= ndcg["mean"] <= ndcg["high"]


def test_page_of_an_evaluation(evaluation):
    page = (evaluation / "page.html").read_text()
    assert page.startswith("<!doctype html>")
    assert "als leads with ndcg@5" in page and "</svg>" in page
    assert not re.search(r"https?://", page)


def test_report_of_files_is_the_page_of_the_evaluation(evaluation, tmp_path):
    ok("report", evaluation / "both.json", "--out", tmp_path / "page.html")
    assert (tmp_path / "page.html").read_bytes() == (evaluation / "page.html").read_bytes()


def test_report_puts_files_together_and_shows_provenance(evaluation, thread, tmp_path):
    single = ok("evaluate", thread.recommendations, "--truth", thread.test, "--k", "5,10",
                "--json")
    (tmp_path / "als-64.json").write_text(single.out)
    (tmp_path / "run.json").write_text('{"seed": 7, "data": {"rows": 4000}}')
    text = ok("report", evaluation / "both.json", tmp_path / "als-64.json", "--headline",
              "recall@10", "--title", "Tuesday", "--provenance", tmp_path / "run.json").out
    assert text.startswith("Tuesday\n=======\n")
    assert "leads with recall@10" in text and "als-64" in text
    assert re.search(r"data\.rows +4000", text)
    for form in ("md", "txt", "json"):
        ok("report", evaluation / "both.json", "--out", tmp_path / f"page.{form}")
    assert json.loads((tmp_path / "page.json").read_text())["title"] == "Evaluation"


def test_report_of_a_run_folder(evaluation, tmp_path):
    (tmp_path / "judge.json").write_bytes((evaluation / "both.json").read_bytes())
    (tmp_path / "described.json").write_text('{"users": 100, "domains": []}')
    (tmp_path / "provenance.json").write_text('{"seed": 7, "stages": [{"stage": "a"}]}')
    text = ok("report", tmp_path).out
    assert "als leads" in text
    assert re.search(r"seed +7", text) and re.search(r"stages +1 entry", text)
    (tmp_path / "judge.json").unlink()
    outcome = run("report", tmp_path)
    assert outcome.code == 3 and "holds no evaluation" in outcome.err


def test_what_is_no_evaluation_is_refused(evaluation, thread, tmp_path):
    (tmp_path / "other.json").write_text('{"users": 3}')
    (tmp_path / "broken.json").write_text('{"users": ')
    for arguments, code, word in [
        ((tmp_path / "other.json",), 3, "not what evaluate --json writes"),
        ((tmp_path / "broken.json",), 3, "broken.json"),
        ((tmp_path / "none.json",), 1, "none.json"),
        ((evaluation / "both.json", evaluation / "both.json"), 2, "two evaluations called"),
        ((evaluation / "both.json", "--headline", "ndgc@10"), 2, "did you mean 'ndcg@10'"),
        ((evaluation / "both.json", "--out", tmp_path / "page.pdf"), 2, ".html, .md, .txt or"),
    ]:
        outcome = run("report", *arguments)
        assert outcome.code == code and word in outcome.err, outcome.err
    outcome = run("evaluate", thread.recommendations, "--truth", thread.test, "--segments")
    assert outcome.code == 2 and "--segments needs --train" in outcome.err
