"""From answers to a verdict: the two logs of a service tell of one experiment, and of policies."""

import json
import subprocess

import pytest

from conftest import BUILD, Service

CROSSFADE = BUILD.resolve() / "crossfade" / "cli" / "crossfade"
TRACKS = 12
FLOWS = """
[flows]
any = { sources = ["random"], repeats = true }
same = { sources = ["sticky_artist", "random"], repeats = true }
[[experiments]]
name = "STICKY"
split = 2
flows = { C = "any", T1 = "same" }
"""


def crossfade(*arguments):
    """The JSON that a command prints."""
    ran = subprocess.run([CROSSFADE, *map(str, arguments), "--json", "--quiet"],
                         capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def logs(tmp_path_factory):
    """The data log and the event log of listeners who like even tracks."""
    folder = tmp_path_factory.mktemp("verdict")
    (folder / "tracks.json").write_text("".join(
        json.dumps({"track": t, "artist": f"A{t // 4}", "title": f"T{t}"}) + "\n"
        for t in range(TRACKS)))
    (folder / "flows.toml").write_text(FLOWS)
    crossfade("bundle", "create", "--catalog", folder / "tracks.json", "--flows",
              folder / "flows.toml", "--out", folder / "bundle")
    service = Service(folder, folder / "bundle", "--events", folder / "events.log", "--data-log",
                      folder / "data.json", "--data-log-propensities", 1)
    for user in range(120):
        track, share = user % TRACKS, 1.0
        for _ in range(6):
            track = service.json("POST", f"/next/{user}", {"track": track, "time": share})["track"]
            share = 0.9 if track % 2 == 0 else 0.1
        service.json("POST", f"/last/{user}", {"track": track, "time": share})
    assert service.stop() == 0
    return folder / "data.json", folder / "events.log"


def test_both_logs_give_one_verdict(logs):
    data, events = (crossfade("experiment", "analyze", log, "--format", "checker")
                    for log in logs)
    assert len(data["all_effects"]) == len(events["all_effects"]) == 5
    for ours, theirs in zip(events["all_effects"], data["all_effects"]):
        if ours["metric"] == "mean_request_latency":
            assert ours["effect_pct"] is None and theirs["control_mean"] > 0
        else:
            assert ours == theirs


def test_another_policy_is_judged_by_the_random_arm(logs, tmp_path):
    lists = tmp_path / "even.json"
    lists.write_text(json.dumps(list(range(0, TRACKS, 2))))
    for log in logs:
        found = crossfade("experiment", "offpolicy", log, "--lists", lists, "--experiment",
                          "STICKY", "--arm", "C")
        assert found["estimates"]["snips"]["value"] == pytest.approx(0.9)
        assert found["logged_value"] == pytest.approx(0.5, abs=0.15)
        assert abs(found["mean_weight"] - 1) < 0.3
