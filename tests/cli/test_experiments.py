"""experiment: arms as published, verdicts against a reference written here, plans, policies."""

import json
import math
import random

import numpy
import pyarrow
import pyarrow.parquet
import pytest

from commands import ok, run

MASK = 0xFFFFFFFF


def murmur3(text, seed):
    """MurmurHash3 x86 32, from its public description."""
    data, value = text.encode(), seed
    whole = len(data) - len(data) % 4

    def scrambled(block):
        block = block * 0xCC9E2D51 & MASK
        block = (block << 15 | block >> 17) & MASK
        return block * 0x1B873593 & MASK

    for at in range(0, whole, 4):
        value ^= scrambled(int.from_bytes(data[at:at + 4], "little"))
        value = (value << 13 | value >> 19) & MASK
        value = (value * 5 + 0xE6546B64) & MASK
    if data[whole:]:
        value ^= scrambled(int.from_bytes(data[whole:], "little"))
    value ^= len(data)
    value = (value ^ value >> 16) * 0x85EBCA6B & MASK
    value = (value ^ value >> 13) * 0xC2B2AE35 & MASK
    return value ^ value >> 16


def arm_of(name, split, user):
    bucket = murmur3(str(user), murmur3(name, 0)) % split
    return f"T{bucket}" if bucket else "C"


def data_log(folder, effect=1.0, users=300, sessions=1200, day=0):
    """A folder as it is collected, of two containers; returns its lines."""
    dice = random.Random(day + 1)
    lines = []
    for session in range(sessions):
        user = dice.randrange(users)
        arm = arm_of("HSTU", 2, user)
        at = 1772867968488 + 86_400_000 * day + session * 60_000
        track, time = dice.randrange(100), 1.0
        steps = 1 + int(dice.expovariate(0.2))
        for step in range(steps + 1):
            last = step == steps
            line = {"message": "last" if last else "next", "timestamp": at + step, "user": user,
                    "track": track, "time": time, "latency": dice.random() / 100,
                    "recommendation": None if last else dice.randrange(100),
                    "experiments": {"HSTU": arm}}
            lines.append(line)
            track = line["recommendation"]
            time = round(dice.random() * (effect if arm == "T1" else 1) * (user % 7 + 1) / 7, 2)
    for container in range(2):
        part = folder / f"botify-recommender-{container}"
        part.mkdir(parents=True)
        text = "".join(json.dumps(line) + "\n" for line in lines if line["user"] % 2 == container)
        (part / "data.json").write_text(text)
    return lines


def student_quantile(p, freedom):
    """By bisection over a numeric integral of the density."""
    norm = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2))
    norm /= math.sqrt(freedom * math.pi)

    def below(t):
        x = numpy.linspace(0, t, 20001)
        y = norm * (1 + x * x / freedom) ** (-(freedom + 1) / 2)
        return 0.5 + float(((y[1:] + y[:-1]) / 2).sum() * (t / 20000))

    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return low


def published_analysis(lines):
    """The published formulas, from the words of their description."""
    users, running = {}, {}
    for line in sorted(lines, key=lambda line: (line["user"], line["timestamp"])):
        sums = running.setdefault(line["user"], [0, 0.0, 0.0])
        sums[0] += 1
        sums[1] += line["time"]
        sums[2] += line["latency"] * 1000
        if line["message"] == "last":
            arm = line["experiments"]["HSTU"]
            total = users.setdefault((arm, line["user"]), numpy.zeros(4))
            total += [1, *running.pop(line["user"])]
    values = {}
    for (arm, _), (sessions, tracks, time, latency) in users.items():
        row = {"time": time, "sessions": sessions, "mean_request_latency": latency / tracks,
               "mean_tracks_per_session": tracks / sessions,
               "mean_time_per_session": time / sessions}
        for metric, value in row.items():
            values.setdefault(metric, {}).setdefault(arm, []).append(value)
    effects = []
    for metric, arms in values.items():
        control, treatment = (numpy.array(arms[arm]) for arm in ("C", "T1"))
        v0, v1 = (x.var(ddof=1) / len(x) for x in (control, treatment))
        freedom = (v0 + v1) ** 2 / (v0**2 / (len(control) - 1) + v1**2 / (len(treatment) - 1))
        half = student_quantile(0.975, freedom) * math.sqrt(v0 + v1)
        mean, effect = control.mean(), treatment.mean() - control.mean()
        effects.append({"treatment": "T1", "metric": metric, "control_mean": mean,
                        "treatment_mean": treatment.mean(), "effect_pct": 100 * effect / mean,
                        "lower_pct": 100 * (effect - half) / mean,
                        "upper_pct": 100 * (effect + half) / mean,
                        "significant": bool(abs(effect) > half)})
    return effects


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("collected") / "logs"
    return folder, data_log(folder, effect=0.5)


def test_arms_are_the_published_ones():
    shown = ok("experiment", "assign", "--experiment", "I2I", "--split", 3, "--count", 10000,
               *(part for user in range(16) for part in ("--user", user)), "--json").json()
    buckets = "2 2 1 0 0 1 1 0 1 0 0 1 2 2 2 2".split()
    assert list(shown["users"].values()) == ["C" if b == "0" else f"T{b}" for b in buckets]
    counts = {}
    for user in range(10000):
        arm = arm_of("I2I", 3, user)
        counts[arm] = counts.get(arm, 0) + 1
    assert shown["counts"] == dict(sorted(counts.items()))


def test_several_experiments_of_a_file(tmp_path):
    file = tmp_path / "experiments.json"
    file.write_text(json.dumps([
        {"name": "A", "weights": [8, 1, 1], "traffic": 0.4, "layer": "rank"},
        {"name": "B", "traffic": 0.6, "layer": "rank", "overrides": {"3": "T1"}}]))
    counts = {}
    for name in "AB":
        counts[name] = ok("experiment", "assign", "--experiments", file, "--experiment", name,
                          "--count", 100000, "--json").json()["counts"]
    assert counts["A"]["no part"] == pytest.approx(60000, abs=700)
    assert counts["A"]["C"] == pytest.approx(32000, abs=600)
    # Whoever is not in the one is in the other, and user 3 is where he was put.
    assert 100000 <= sum(sum(c for arm, c in arms.items() if arm != "no part")
                         for arms in counts.values()) <= 100001
    shown = ok("experiment", "assign", "--experiments", file, "--experiment", "B", "--user", 3)
    assert "T1" in shown.out
    for options, code, sentence in [
        (("--user", 3), 2, "name the experiment"),
        (("--experiment", "A"), 2, "--count"),
        (("--experiment", "A", "--count", -1), 2, "--count is a number"),
        (("--experiment", "A", "--count", 5, "--split", 1), 2, "2 to 1,000 treatments"),
        (("--experiment", "A", "--count", 5, "--traffic", 0), 2, "traffic is 0"),
        (("--experiments", file, "--experiment", "AB", "--count", 5), 2, "'AB'"),
        (("--experiments", tmp_path / "none", "--experiment", "A", "--count", 5), 1, "none"),
        (("--experiments", file, "--experiment", "A", "--count", 5, "--split", 3), 2,
         "leave --split, --weights and --traffic out"),
    ]:
        refused = run("experiment", "assign", *options)
        assert refused.code == code and sentence in refused.err, refused.err
    file.write_text("[{\"name\": \"A\", \"splitt\": 2}]")
    refused = run("experiment", "assign", "--experiments", file, "--experiment", "A", "--count", 5)
    assert refused.code == 2 and "experiments.json" in refused.err and "split" in refused.err


def test_the_checkers_numbers(collected):
    folder, lines = collected
    ours = ok("experiment", "analyze", folder, "--format", "checker").json()["all_effects"]
    theirs = published_analysis(lines)
    assert [effect["metric"] for effect in ours] == [effect["metric"] for effect in theirs]
    for mine, other in zip(ours, theirs):
        assert mine.keys() == other.keys()
        for key, value in other.items():
            if isinstance(value, float):
                assert mine[key] == pytest.approx(value, rel=1e-6, abs=1e-6), (mine["metric"], key)
            else:
                assert mine[key] == value, (mine["metric"], key)
    assert ours[4]["significant"] and ours[4]["effect_pct"] < -20


def test_verdict_page_and_past(collected, tmp_path):
    folder, _ = collected
    data_log(tmp_path / "before", day=-5)
    page = tmp_path / "page.html"
    shown = ok("experiment", "analyze", folder, "--experiment", "HSTU", "--before",
               tmp_path / "before", "--html", page, "--json").json()
    effect = shown["effects"][4]
    assert effect["metric"] == "mean_time_per_session"
    assert effect["relative_percent"][0] < effect["percent"] < effect["relative_percent"][1] < 0
    assert effect["cuped"]["standard_error"] < effect["standard_error"]
    assert {part["segment"] for part in shown["segments"]} >= {"few", "many"}
    assert not shown["sample_ratio"]["alarm"]
    text = page.read_text()
    assert "as sessions came in" in text and "Tracks of the users" in text
    assert "Effect of each treatment on the latency" in text
    assert "lower than the control" in ok("experiment", "analyze", folder).out


def test_the_terminal_shows_what_was_asked_for(collected, tmp_path):
    folder, _ = collected
    data_log(tmp_path / "before", day=-5)
    shown = ok("experiment", "analyze", folder, "--before", tmp_path / "before").out
    for part in ("time_per_session", "bootstrap interval", "with CUPED", "activity before",
                 "promised shares: p = ", "AA check on mean_time_per_session: ",
                 "T1 could", "--html FILE or --json"):
        assert part in shown, part
    assert "with CUPED" not in ok("experiment", "analyze", folder).out


def test_a_cut_makes_a_past_or_says_that_there_is_none(collected):
    folder, _ = collected
    cut = ok("experiment", "analyze", folder, "--cut", "2026-03-08", "--json").json()
    assert cut["users_with_past"] > 50 and not cut["warnings"]
    assert 0 < sum(arm["sessions"] for arm in cut["arms"]) < cut["sessions"]["sessions"] == 1200
    warned = ok("experiment", "analyze", folder, "--cut", "2020-01-01").out
    assert "Warning: No user of an arm has a session in the time before" in warned
    assert "in the time before" not in ok("experiment", "analyze", folder).out


def test_one_is_told_as_one(tmp_path):
    log = tmp_path / "data.json"
    lines = [json.dumps({"message": message, "timestamp": at, "user": user, "track": 1, "time": 1.0,
                         "latency": 0.1, "recommendation": None,
                         "experiments": {"A": "C" if user else "T1"}})
             for user in range(2) for at, message in ((1, "last"), (2, "next"))]
    log.write_text("\n".join(lines[:3]) + "\nnot a line\n")
    shown = ok("experiment", "analyze", log).out
    for sentence in ("Read 3 lines of 1 file; 2 sessions of 2 users.", "1 line is damaged and",
                     "1 line belongs to a session without", "Arm C has 1 user with"):
        assert sentence in shown, shown


def test_a_right_split_and_threads_change_nothing(collected):
    folder, _ = collected
    said = ok("experiment", "analyze", folder, "--format", "checker").out
    promised = ok("experiment", "analyze", folder, "--experiment", "HSTU", "--split", 2,
                  "--format", "checker").out
    assert said == promised
    assert ok("experiment", "analyze", folder, "--threads", 1, "--json").out == ok(
        "experiment", "analyze", folder, "--threads", 3, "--json").out


def test_the_arms_of_a_log_are_not_dealt_again(tmp_path):
    users = [part for user in range(400) for part in ("--user", user)]
    dealt = ok("experiment", "assign", "--experiment", "W", "--weights", "8,2", "--traffic", 0.5,
               *users, "--json").json()["users"]
    dice, log = random.Random(5), tmp_path / "lw.json"
    with log.open("w") as file:
        for user in range(400):
            arm = dealt[str(user)]
            for step in range(3):
                file.write(json.dumps({
                    "message": "last" if step == 2 else "next", "timestamp": 1000 * user + step,
                    "user": user, "track": 1, "time": dice.random(), "latency": 0.001,
                    "recommendation": None if step == 2 else 1,
                    "experiments": {} if arm is None else {"W": arm}}) + "\n")

    def judged(*options):
        return ok("experiment", "analyze", log, "--experiment", "W", *options, "--json").json()

    counts = [sum(arm == name for arm in dealt.values()) for name in ("C", "T1")]
    right = judged("--weights", "8,2", "--traffic", 0.5)
    assert [arm["users"] for arm in right["arms"]] == counts and sum(counts) < 300
    assert right["users_dealt_otherwise"] == 0 and not right["sample_ratio"]["alarm"]
    assert judged("--weights", "8,2")["arms"] == right["arms"]
    wrong = judged("--split", 2)
    assert wrong["arms"] == right["arms"] and wrong["sample_ratio"]["alarm"]
    halves = ok("experiment", "assign", "--experiment", "W", "--split", 2, *users,
                "--json").json()["users"]
    otherwise = sum(arm is not None and arm != halves[user] for user, arm in dealt.items())
    assert wrong["users_dealt_otherwise"] == otherwise > 20
    assert any(f"{otherwise} of {sum(counts)} users were in another arm" in warning
               for warning in wrong["warnings"])
    refused = run("experiment", "analyze", log, "--experiment", "W", "--weights", "1")
    assert refused.code == 2
    other = ok("experiment", "analyze", log, "--experiment", "X", "--split", 2)
    assert "names no treatment of 'X'" in other.out


def test_segments_of_a_table(collected, tmp_path):
    folder, _ = collected
    table = tmp_path / "country.csv"
    table.write_text("user_id,segment\n" + "".join(
        f"{user},{'north' if user < 150 else 'south'}\n" for user in range(300)))
    shown = ok("experiment", "analyze", folder, "--segments", table, "--json").json()
    assert [(part["segmentation"], part["segment"]) for part in shown["segments"]] == [
        ("country", "north"), ("country", "south")]
    table.write_text("user_id,segment\n7,a\n7,b\n")
    refused = run("experiment", "analyze", folder, "--segments", table)
    assert refused.code == 3 and "user 7 is in two segments" in refused.err
    table.write_text("user_id,segment\n999,a\n")
    refused = run("experiment", "analyze", folder, "--segments", table)
    assert refused.code == 3 and "none of its users is in the log" in refused.err


def test_trouble_is_told_and_the_rest_kept(tmp_path):
    lines = data_log(tmp_path / "log", effect=0.5)
    container = tmp_path / "log" / "botify-recommender-0" / "data.json"
    whole = container.read_text()
    container.rename(container.with_name("data.json.1"))
    torn = whole.splitlines()[-1][:90]
    container.write_text(whole[:3000].rsplit("\n", 1)[0] + "\nnot a line\n" + torn)
    shown = ok("experiment", "analyze", tmp_path / "log")
    for sentence in ("1 last line breaks off", "1 line is damaged", "data.json, line",
                     "lines came twice"):
        assert sentence in shown.out
    told = ok("experiment", "analyze", tmp_path / "log", "--json").json()
    assert told["log"]["torn"] == 1 and told["log"]["damaged"] == 1
    assert told["effects"][4]["percent"] == pytest.approx(
        published_analysis(lines)[4]["effect_pct"], rel=1e-6)


@pytest.mark.parametrize("options, code, sentence", [
    (("--experiment", "HSTV"), 2, "HSTU"),
    (("--metric", "tyme"), 2, "time"),
    (("--alpha", "2"), 2, "alpha"),
    (("--alpha", "x"), 2, "--alpha is a number"),
    (("--correction", "hom"), 2, "holm"),
    (("--cut", "yesterday"), 2, "--cut is a day"),
    (("--format", "xml"), 2, "checker"),
    (("--weights", "1,a", "--experiment", "HSTU"), 2, "separated by commas"),
    (("--traffic", "0.5", "--experiment", "HSTU"), 2, "give --split or --weights too"),
    (("--cut", "2200-01-01"), 3, "--cut 2200-01-01: all sessions of the log began before"),
])
def test_mistakes(collected, options, code, sentence):
    refused = run("experiment", "analyze", collected[0], *options)
    assert refused.code == code and sentence in refused.err


def test_logs_that_say_nothing(tmp_path):
    log = tmp_path / "data.json"
    line = {"message": "next", "timestamp": 1, "user": 1, "track": 1, "time": 1.0}
    log.write_text(json.dumps(line) + "\n")
    refused = run("experiment", "analyze", log)
    assert refused.code == 3 and "no session is finished" in refused.err
    log.write_text(json.dumps({**line, "message": "last"}) + "\n")
    refused = run("experiment", "analyze", log)
    assert refused.code == 2 and "names no experiment" in refused.err
    line["experiments"] = {"A": "C", "B": "T1"}
    log.write_text(json.dumps({**line, "message": "last"}) + "\n")
    refused = run("experiment", "analyze", log)
    assert refused.code == 2 and "A, B" in refused.err


def test_plans(collected):
    plan = ok("experiment", "plan", "--mean", 3.8, "--deviation", 2.5, "--effect", 5,
              "--json").json()
    assert plan["users"] == 5436
    back = ok("experiment", "plan", "--mean", 3.8, "--deviation", 2.5, "--users", 5436,
              "--json").json()
    assert back["effect_percent"] == pytest.approx(5, abs=0.001)
    looking = ok("experiment", "plan", "--mean", 3.8, "--deviation", 2.5, "--effect", 5,
                 "--sequential", "--json").json()
    assert 1.3 < looking["users"] / plan["users"] < 2 and looking["mean_share_at_stop"] < 0.8
    of_log = ok("experiment", "plan", "--log", collected[0], "--effect", 5).out
    assert "is found with probability 0.80" in of_log
    refused = run("experiment", "plan", "--effect", 5)
    assert refused.code == 2 and "--mean and --deviation" in refused.err
    refused = run("experiment", "plan", "--log", collected[0], "--mean", 3, "--effect", 5)
    assert refused.code == 2 and "either a log" in refused.err
    refused = run("experiment", "plan", "--mean", 1, "--deviation", 1)
    assert refused.code == 2 and "either the effect" in refused.err
    refused = run("experiment", "plan", "--mean", 4, "--deviation", 3, "--effect", 0)
    assert refused.code == 2 and "--effect is a percentage above 0" in refused.err
    assert "both" not in refused.err


def test_another_policy(tmp_path):
    dice = numpy.random.default_rng(1)
    logged, target = numpy.array([0.5, 0.3, 0.2]), numpy.array([0.2, 0.2, 0.6])
    means = numpy.array([0.2, 0.5, 0.8])
    answers = dice.choice(3, size=20000, p=logged)
    rewards = (dice.random(20000) < means[answers]).astype(float)
    columns = {"user_id": numpy.arange(20000) // 4, "reward": rewards,
               "propensity": logged[answers], "target": target[answers]}
    table = tmp_path / "answers.parquet"
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    shown = ok("experiment", "offpolicy", table, "--json").json()
    truth = float(target @ means)
    assert shown["clusters"] == 5000 and not shown["warnings"]
    for name in ("ips", "snips"):
        estimate = shown["estimates"][name]
        assert estimate["low"] < truth < estimate["high"]
        assert estimate["value"] == pytest.approx(truth, abs=4 * estimate["standard_error"])
    columns |= {"predicted": means[answers], "predicted_target": numpy.full(20000, truth)}
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    robust = ok("experiment", "offpolicy", table, "--json").json()["estimates"]
    assert robust["dr"]["standard_error"] < robust["ips"]["standard_error"]
    columns["propensity"] = numpy.where(numpy.arange(20000) == 6, 0, logged[answers])
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    refused = run("experiment", "offpolicy", table)
    assert refused.code == 3 and "row 7: the propensity is 0" in refused.err
    columns["user_id"] = answers / 4
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    refused = run("experiment", "offpolicy", table)
    assert refused.code == 3 and "'user_id' holds neither text nor whole numbers" in refused.err
    refused = run("experiment", "offpolicy", table, "--experiment", "R", "--arm", "T1")
    assert refused.code == 2 and "--lists or --tracks" in refused.err
    del columns["target"]
    pyarrow.parquet.write_table(pyarrow.table(columns), table)
    refused = run("experiment", "offpolicy", table)
    assert refused.code == 3 and refused.err.count("answers.parquet") == 1
    assert "called 'target'. Known: " in refused.err


def test_the_answers_of_one_user_have_no_error(tmp_path):
    table = tmp_path / "one.csv"
    table.write_text("user_id,reward,propensity,target\n" + "7,1,0.5,0.5\n7,0,0.5,0.5\n" * 100)
    assert "All answers are of one user" in ok("experiment", "offpolicy", table).out
    table.write_text(table.read_text() + "8,1,0.5,0.5\n")
    assert "of one user" not in ok("experiment", "offpolicy", table).out
    table.write_text(table.read_text() + ",1,0.5,0.5\n")
    refused = run("experiment", "offpolicy", table)
    assert refused.code == 3 and "'user_id' has no value in row 202" in refused.err


def random_log(path, propensities=True):
    """Ten tracks drawn at random, of which the first three are liked; arm T1 hears more of all."""
    dice = random.Random(3)
    lines = []
    for user in range(2000):
        arm, track, time = arm_of("R", 2, user), 9, 1.0
        for step in range(7):
            line = {"message": "last" if step == 6 else "next", "timestamp": 1000 * user + step,
                    "user": user, "track": track, "time": time, "latency": 0.001,
                    "recommendation": None if step == 6 else dice.randrange(10),
                    "experiments": {"R": arm}}
            if propensities and step < 6:
                line["propensity"] = 0.1
            lines.append(json.dumps(line) + "\n")
            track = line["recommendation"]
            liked = 0.5 if track is not None and track < 3 else 0.1
            time = round(liked + (0.2 if arm == "T1" else 0) + 0.1 * (dice.random() - 0.5), 3)
    path.write_text("".join(lines))


def test_another_policy_from_a_log(tmp_path):
    log, lists = tmp_path / "data.json", tmp_path / "top.json"
    random_log(log)
    lists.write_text("[0, 1, 2]")
    best = ok("experiment", "offpolicy", log, "--lists", lists, "--json").json()
    estimate = best["estimates"]["snips"]
    assert estimate["value"] == pytest.approx(0.6, abs=4 * estimate["standard_error"] + 0.001)
    assert best["rows"] == 12000 and best["clusters"] == 2000
    treated = ok("experiment", "offpolicy", log, "--lists", lists, "--experiment", "R", "--arm",
                 "T1", "--json").json()["estimates"]["snips"]
    assert treated["value"] == pytest.approx(0.7, abs=4 * treated["standard_error"] + 0.001)
    same = ok("experiment", "offpolicy", log, "--tracks", 10, "--json").json()
    assert same["estimates"]["ips"]["value"] == pytest.approx(same["logged_value"])
    lists.write_text("".join(json.dumps({"item_id": track, "recommendations": [0, 1]}) + "\n"
                             for track in range(5)))
    refused = run("experiment", "offpolicy", log, "--lists", lists)
    assert refused.code == 2 and "--tracks" in refused.err
    ok("experiment", "offpolicy", log, "--lists", lists, "--tracks", 10)
    random_log(log, propensities=False)
    refused = run("experiment", "offpolicy", log, "--tracks", 10)
    assert refused.code == 3 and "12,000 have no propensity" in refused.err
    refused = run("experiment", "offpolicy", log, "--tracks", 10, "--experiment", "R", "--arm", "B")
    assert refused.code == 2 and "--arm is C, T1" in refused.err
