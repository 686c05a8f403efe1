"""Curves of trainings: one command draws those of several models."""

import json
import re

import pytest

from commands import ok, refused, run
from test_neural import NEURAL, cut, set_, train  # noqa: F401

pytestmark = pytest.mark.skipif(not NEURAL.exists(), reason="built without libtorch")


@pytest.fixture(scope="module")
def models(cut, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("models")
    for rate in (0.001, 0.01):
        outcome = train(cut, folder / str(rate) / "model", *set_(epochs=4, learning_rate=rate))
        assert outcome.code == 0, outcome.err
    ok("train", "popular", "--data", cut / "train", "--out", folder / "popular")
    return folder


def test_the_curves_of_one_model_in_a_terminal(models):
    text = ok("report", models / "0.01" / "model").out
    assert text.startswith("Training\n========\n")
    told = json.loads((models / "0.01" / "model" / "manifest.json").read_text())
    told = told["metadata"]["training"]
    best = told["validation ndcg@10"][told["best_epoch"] - 1]
    assert re.search(rf"The weights of epoch {told['best_epoch']} of 4 were kept \(validation "
                     rf"ndcg@10 {best:.4f}\)", text)
    for plot in ("validation ndcg@10 by epoch", "validation ndcg@10 over time of learning",
                 "loss by epoch"):
        assert plot in text
    assert re.search(r"[▁-█]  0\.\d+ to 0\.\d+, epoch \d: 0\.\d+", text)


def test_the_curves_of_several_models_in_one_page(models, tmp_path):
    ok("report", models / "0.001" / "model", models / "0.01" / "model", "--title", "Learning rates",
       "--out", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<h1>Learning rates</h1>" in page and not re.search(r"https?://", page)
    assert re.search(r"0\.0+1 is best by validation ndcg@10: 0\.\d{4} after epoch", page)
    assert page.count("<svg class=\"plot wide") == page.count("<svg class=\"plot narrow") == 4
    assert "in 2 series (0.001, 0.01)" in page
    ok("report", models / "0.001" / "model", "--out", tmp_path / "page.json")
    blocks = json.loads((tmp_path / "page.json").read_text())["blocks"]
    assert any("plot" in block for block in blocks)


def test_what_has_no_curves_is_refused(models, tmp_path):
    refused(run("report", models / "popular"), 3, "a model of popular that tells nothing by epochs")
    refused(run("report", models / "0.01" / "model", models / "0.01" / "model"), 2, "named twice")
    refused(run("report", tmp_path), 3, "holds no evaluation and no model")
    (tmp_path / "manifest.json").write_text("{}")
    refused(run("report", tmp_path), 3, "is not the manifest of a model")
