"""A little of the stress suite: the whole is `make stress`."""

import re
import subprocess
import sys

from tests.cli import ROOT


def test_a_little_of_everything_is_survived() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.stress", "--short"], cwd=ROOT, capture_output=True, text=True, timeout=1200
    )
    assert done.returncode == 0, done.stdout + done.stderr
    counts = {name: int(number) for number, name in re.findall(r"^ *(\d+) (.+)$", done.stdout, re.MULTILINE)}
    assert counts["rebuilds with the same bytes and no stray file"] == 6
    assert counts["builds of two processes killed, none left behind"] == 1
    assert counts["builds done beside another"] >= 2
    assert counts["read-only folders and documents told"] == 4
    assert counts["file names built and verified"] >= 3
    assert counts["tiny files built at once"] == 40
    assert counts["files of 30 MB refused in a sentence within 5 s"] == 1
    assert counts["updates and calls of other hosts refused"] == 10
    assert sum(count for name, count in counts.items() if name.startswith("damaged")) == 63
