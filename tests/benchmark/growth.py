"""The same stages over 1, 4, 16 and 64 times as much made-up text, each in a process of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.benchmark.stages import Measured, measure
from tests.cli import ROOT

TIMES = (1, 4, 16, 64)
CHARACTERS = 9_600  # of a plan; with the report beside it about 15,000 a county


def growth() -> Iterator[tuple[int, Measured]]:
    """Yield what was measured over so many counties' documents; no two have a park, project or company in common."""
    for times in TIMES:
        done = subprocess.run(
            [sys.executable, "-m", "tests.benchmark.growth", str(times)],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        )
        yield times, Measured(**json.loads(done.stdout.splitlines()[-1]))


def main(counties: int) -> None:
    """Measure the documents of so many counties and print the result as JSON."""
    from extract.reading import corpus_files
    from output.synth.nation import write_nation

    with tempfile.TemporaryDirectory() as folder:
        write_nation(counties, Path(folder) / "nation", characters=CHARACTERS)
        found, _ = measure(corpus_files([Path(folder) / "nation"]), encoders=False)
    print(json.dumps(asdict(found)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
