"""crossfade-serve is small: it links nothing that only offline work needs."""

import re
import subprocess

from conftest import PROGRAM

FORBIDDEN = ("arrow", "parquet", "lightgbm", "torch", "openblas", "gomp", "boost")


def test_links_no_heavy_library():
    dynamic = subprocess.run(
        ["readelf", "-d", PROGRAM], capture_output=True, text=True, check=True
    ).stdout
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)
    assert any("libc.so" in name for name in needed)  # the list was understood
    for name in needed:
        assert not any(word in name.lower() for word in FORBIDDEN), needed
