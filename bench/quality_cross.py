#!/usr/bin/env python3
"""What a second domain is worth: users who are new in the target, on Douban and Amazon pairs.

usage: ./dev bench quality_cross -- --data DIR [--arenas douban sport_phone ...] [--models ...]
                                    [--only cold|warm] [--binary PATH] [--keep DIR]

DIR holds douban-crossdomain/ and amazon-cdr-disencdr/ as Parquet. Cold: the users of both domains
are dealt to five groups, and each group's whole history in the target is hidden in turn and asked
for (NDCG@10, all items ranked, histories in the other domain known). The settings for a group are
those with the best mean over the four others when those are hidden: nobody is judged by settings
that he had a part in choosing. Single-domain models know nothing of a new user, so the control is
popularity, with both its ways of counting to choose from; the others are compared with it in pairs.

Warm (Amazon): the published leave-one-out test of the target. Settings are chosen by one more item
of each user left out; the control is the single-domain model that is best there.
"""

import argparse
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy
import pyarrow
import pyarrow.parquet

import quality
from quality import SEED, crossfade

METRIC = "ndcg@10"
GROUPS = 5
PAIRS = ["sport_phone", "sport_cloth", "electronic_phone", "electronic_cloth"]


def grid(**values):
    """All combinations of the lists."""
    return [dict(zip(values, point)) for point in itertools.product(*values.values())]


# Per kind of arena, generator and helping domains: the settings that are tried. Their names are
# "generator" (one domain) or "generator+helping".
COLD = {
    "douban": {
        "popular": grid(count=["users", "events"]),
        "user_map+book": grid(factors=[64, 128], l2=[3, 6], regularization=[0.03],
                              unobserved_weight=[0.03])
                         + grid(factors=[64], l2=[3, 6], regularization=[0.003, 0.01],
                                unobserved_weight=[0.1]),
        "als+book": grid(factors=[64], regularization=[0.003, 0.01, 0.03],
                         unobserved_weight=[0.03, 0.1]),
        "rp3beta+book": grid(alpha=[0.5], beta=[0, 0.1, 0.2], neighbours=[300, 5000]),
        "knn+book": grid(similarity=["cosine", "tfidf"], shrinkage=[0, 20], neighbours=[300, 5000]),
        "ease+filtered": grid(l2=[1000, 3000], neighbours=[0]),
    },
    "amazon": {
        "popular": grid(count=["users", "events"]),
        "user_map+other": grid(factors=[64], regularization=[0.003, 0.01],
                               unobserved_weight=[0.03])
                          + grid(factors=[64], regularization=[0.003], unobserved_weight=[0.1]),
        "als+other": grid(factors=[64], regularization=[0.003], unobserved_weight=[0.03, 0.1]),
        "rp3beta+other": grid(alpha=[0.5], beta=[0, 0.2], neighbours=[300]),
    },
}
WARM = {
    "popular": grid(count=["users", "events"]),
    "als": grid(factors=[128], regularization=[0.003, 0.01], unobserved_weight=[0.03])
           + grid(factors=[128], regularization=[0.003], unobserved_weight=[0.1]),
    "rp3beta": grid(alpha=[0.5], beta=[0, 0.2, 0.4], neighbours=[300]),
    "knn": grid(similarity=["cosine", "tfidf"], shrinkage=[20], neighbours=[300]),
    "sparse_ease": grid(l2=[30, 300], candidates=[100]),
}
for _name in ("als", "rp3beta", "knn", "sparse_ease"):
    WARM[_name + "+other"] = WARM[_name]
WARM["user_map+other"] = grid(factors=[128], regularization=[0.003, 0.01],
                              unobserved_weight=[0.03], prior=[2, 8])


class Log:
    """A log's file, read once: users, items and the table."""

    def __init__(self, path):
        self.path = path
        self.table = pyarrow.parquet.read_table(path)
        self.users = self.table["user_id"].to_numpy()

    def write(self, path, chosen):
        pyarrow.parquet.write_table(self.table.filter(pyarrow.array(chosen)), path)


class Cut:
    """A store that lacks the truth, and the truth."""

    def __init__(self, folder, target, target_name, helping, hidden):
        """`hidden`: the rows of the target that are asked for."""
        folder.mkdir(parents=True)
        self.folder, self.store, self.target = folder, folder / "store", target_name
        self.truth = folder / "truth.parquet"
        target.write(folder / "target.parquet", ~hidden)
        target.write(self.truth, hidden)
        self.users = len(numpy.unique(target.users[hidden]))
        weight = "rating" if "rating" in target.table.column_names else "none"
        log = ["--user", "user_id", "--item", "item_id", "--weight", weight, "--time", "none"]
        for number, (name, one) in enumerate(helping.items()):
            where = ["--into", self.store] if number else ["--out", self.store]
            crossfade("import", one.path, *log, "--domain", name, *where)
        crossfade("import", folder / "target.parquet", *log, "--domain", target_name, "--into",
                  self.store)

    def lists(self, model, settings, keep=None):
        """Trains and writes lists for the users of the truth; the file."""
        generator, _, helping = model.partition("+")
        out, lists = self.folder / "model", keep or self.folder / "lists.parquet"
        subprocess.run(["rm", "-rf", str(out), str(lists)], check=True)
        knobs = [f"--set={name}={value}" for name, value in settings.items()]
        crossfade("train", generator, "--data", self.store, "--domain", self.target, "--out", out,
                  "--seed", SEED, *knobs, *(["--with", helping] if helping else []))
        crossfade("recommend", out, "--data", self.store, "--only-users-of", self.truth, "--out",
                  lists)
        return lists

    def score(self, model, settings, keep=None):
        lists = self.lists(model, settings, keep)
        report = crossfade("evaluate", lists, "--truth", self.truth, "--metrics", "ndcg", "--k", 10)
        return report["metrics"][METRIC]["mean"]


def choose(name, model, points, cut):
    """The settings with the best score on the cut, and the score."""
    scores = [cut.score(model, point) for point in points]
    for point, score in zip(points, scores):
        print(f"    {name} choice: {model} {json.dumps(point)} {METRIC} {score:.4f}", flush=True)
    return points[int(numpy.argmax(scores))], max(scores)


def together(files, path):
    pyarrow.parquet.write_table(
        pyarrow.concat_tables([pyarrow.parquet.read_table(file) for file in files]), path)
    return path


def cell(mean):
    return f"{mean['mean']:.4f} [{mean['low']:.4f}, {mean['high']:.4f}]"


def compare(name, chosen, lists, truth):
    """A row for each model, the first one being the control."""
    said = crossfade("evaluate", *lists, "--truth", truth, "--metrics", "ndcg", "--k", 10)
    reports = said["reports"] if "reports" in said else [said]
    rows, control = [], reports[0]["metrics"][METRIC]["mean"]
    for number, ((model, settings), report) in enumerate(zip(chosen.items(), reports)):
        line = [name, f"{report['users']:,}", model, settings, cell(report["metrics"][METRIC])]
        if number == 0:
            line.append("")
        else:
            pair = said["comparisons"][number - 1]["comparison"]["metrics"][METRIC]
            low, high, least = (100 * pair[key] / control
                                for key in ("low", "high", "minimum_detectable_effect"))
            line.append(f"{100 * pair['difference'] / control:+.1f}% [{low:+.1f}, {high:+.1f}], "
                        f"detectable {least:.1f}")
        rows.append("| " + " | ".join(line) + " |")
        print("  " + rows[-1], flush=True)
    return rows


class Arena:
    """Groups of users whose target histories are hidden, group after group."""

    def __init__(self, name, target, helping, folder):
        """`target`: a name and a log; `helping`: logs by name, the first one shares the users."""
        self.name, self.folder = name, folder
        users = numpy.intersect1d(target[1].users, next(iter(helping.values())).users)
        numpy.random.default_rng(SEED).shuffle(users)
        self.cuts = [Cut(folder / f"group{group}", target[1], target[0], helping,
                         numpy.isin(target[1].users, users[group::GROUPS]))
                     for group in range(GROUPS)]

    def judge(self, model, points):
        """Settings by group, and the lists of all groups, each with its own settings."""
        place = self.folder / model
        place.mkdir()
        scores = numpy.array([[cut.score(model, point, place / f"{p}-{g}.parquet")
                               for g, cut in enumerate(self.cuts)]
                              for p, point in enumerate(points)])
        for point, score in zip(points, scores):
            print(f"    {self.name}: {model} {json.dumps(point)} {METRIC} by group "
                  + " ".join(f"{one:.4f}" for one in score), flush=True)
        others = scores.sum(axis=1, keepdims=True) - scores
        best = others.argmax(axis=0)
        lists = together([place / f"{p}-{g}.parquet" for g, p in enumerate(best)],
                         self.folder / f"{model}.parquet")
        chosen = {}
        for p in best:
            said = ", ".join(f"{key} {value}" for key, value in points[p].items())
            chosen[said] = chosen.get(said, 0) + 1
        return "; ".join(f"{said} ({count})" for said, count in chosen.items()), lists

    def run(self, grids):
        chosen, lists = {}, []
        for model, points in grids.items():
            chosen[model], one = self.judge(model, points)
            lists.append(one)
        truth = together([cut.truth for cut in self.cuts], self.folder / "truth.parquet")
        return compare(self.name, chosen, lists, truth)


def douban(data, folder):
    logs = {name: Log(data / "douban-crossdomain" / f"{name}.parquet")
            for name in ("book", "book_unfiltered", "music")}
    return [Arena("Douban book -> music", ("music", logs["music"]),
                  {"book": logs["book_unfiltered"], "filtered": logs["book"]}, folder / "douban")]


def amazon(data, pair, folder):
    """Both directions of a pair."""
    names = pair.split("_")
    logs = {name: Log(data / "amazon-cdr-disencdr" / pair / f"train_{name}.parquet")
            for name in names}
    return [Arena(f"Amazon {other} -> {target}", (target, logs[target]), {"other": logs[other]},
                  folder / f"{pair}_{target}")
            for target, other in (names, names[::-1])]


def warm(data, pair, folder):
    """The published leave-one-out test; settings by one more item of each user left out."""
    rows, names = [], pair.split("_")
    source = data / "amazon-cdr-disencdr" / pair
    for target, other in (names, names[::-1]):
        name = f"Amazon {target}, warm ({pair})"
        train, helping = Log(source / f"train_{target}.parquet"), Log(
            source / f"train_{other}.parquet")
        rng = numpy.random.default_rng(SEED)
        order = rng.permutation(len(train.users))
        _, first = numpy.unique(train.users[order], return_index=True)
        hidden = numpy.zeros(len(train.users), bool)
        hidden[order[first]] = True
        place = folder / f"{pair}_{target}_warm"
        choice = Cut(place / "choose", train, target, {"other": helping}, hidden)
        final = Cut(place / "test", train, target, {"other": helping},
                    numpy.zeros(len(train.users), bool))
        final.truth = source / f"test_{target}.parquet"
        found = {model: choose(name, model, points, choice) for model, points in WARM.items()}
        # The control comes first.
        alone = [model for model in found if "+" not in model]
        best = max(alone, key=lambda model: found[model][1])
        order = [best, *(model for model in found if model != best)]
        lists = [final.lists(model, found[model][0], place / f"{model}.parquet")
                 for model in order]
        said = {model: ", ".join(f"{key} {value}" for key, value in found[model][0].items())
                for model in order}
        rows += compare(name, said, lists, final.truth)
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=pathlib.Path, required=True)
    parser.add_argument("--arenas", nargs="+", default=["douban", *PAIRS],
                        choices=["douban", *PAIRS])
    parser.add_argument("--models", nargs="+", help="only these, as user_map+book")
    parser.add_argument("--only", choices=["cold", "warm"])
    parser.add_argument("--binary", type=pathlib.Path, default=quality.CROSSFADE)
    parser.add_argument("--keep", type=pathlib.Path, help="an empty folder for stores and lists")
    options = parser.parse_args()
    quality.CROSSFADE = options.binary
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or pathlib.Path(scratch)
        for name in options.arenas:
            kind = "douban" if name == "douban" else "amazon"
            grids = {model: points for model, points in COLD[kind].items()
                     if model == "popular" or not options.models or model in options.models}
            if options.only != "warm":
                for arena in (douban(options.data, folder) if kind == "douban"
                              else amazon(options.data, name, folder)):
                    rows += arena.run(grids)
            if kind == "amazon" and options.only != "cold":
                rows += warm(options.data, name, folder)
    print("\n| arena | users | model | settings | NDCG@10 | against the first |\n"
          "| --- | ---: | --- | --- | --- | --- |")
    print("\n".join(rows))


if __name__ == "__main__":
    sys.exit(main())
