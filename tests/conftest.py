"""What all black-box tests share: one thread through the house, made once."""

import json

import pytest

from commands import ok, write_log


class Thread:
    """One thread through the house: the files that each command made of the one before."""

    def __init__(self, folder):
        self.folder = folder
        self.log = folder / "log.parquet"
        self.store = folder / "store"
        self.train = folder / "split" / "train"
        self.test = folder / "split" / "test.parquet"
        self.model = folder / "als"
        self.recommendations = folder / "als.parquet"
        self.bundle = folder / "bundle"


@pytest.fixture(scope="session")
def thread(tmp_path_factory):
    """Everything up to a bundle, made once by the commands themselves."""
    made = Thread(tmp_path_factory.mktemp("thread"))
    write_log(made.log)
    ok("import", made.log, "--schema", "hackathon", "--domain", "zvuk", "--out", made.store)
    ok("split", made.store, "--by", "last:1", "--out", made.folder / "split")
    ok("train", "als", "--data", made.train, "--out", made.model, "--set", "factors=8",
       "--seed", "7")
    ok("recommend", made.model, "--data", made.train, "--k", "10", "--out", made.recommendations)
    tracks = made.folder / "tracks.json"
    with tracks.open("w") as lines:
        for track in range(500, 560):
            record = {"track": track, "artist": f"Artist {track % 7}", "title": f"Title {track}"}
            lines.write(json.dumps(record) + "\n")
    ok("bundle", "create", "--data", made.train, "--model", made.model, "--catalog", tracks,
       "--out", made.bundle)
    return made
