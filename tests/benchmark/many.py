"""Hundreds of documents: `python -m tests.benchmark.many [DOCUMENTS]` builds made-up ones, tier fast.

Prints characters a second by the clock with one process and with two, beside the five bundled
documents, and the peak of memory of all processes of a build together (Linux only: from /proc).
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from extract.reading import corpus_files
from output.synth.nation import write_nation
from tests.cli import ROOT

CHARACTERS = 40_000  # of a plan; a county's report beside it has about 17,000


def _processes(root: int) -> list[int]:
    """Return a process and all below it."""
    found = [root]
    for pid in found:
        try:
            found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except OSError:
            continue
    return found


def _megabytes(pid: int) -> float:
    """Return the memory of a process, what it shares counted in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def build(paths: list[Path], out: Path, jobs: int) -> tuple[float, float]:
    """Build with so many processes; return seconds by the clock and the peak of megabytes of all together."""
    command = [sys.executable, "-m", "plankg", "build", *map(str, paths), "-o", str(out), "--tier", "fast"]
    start, peak = time.perf_counter(), 0.0
    with subprocess.Popen([*command, "--jobs", str(jobs)], cwd=ROOT, stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            peak = max(peak, sum(map(_megabytes, _processes(child.pid))))
            time.sleep(2)  # to look takes time from the build
        if child.returncode:
            raise SystemExit(f"the build ended with {child.returncode}")
    return time.perf_counter() - start, peak


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark.many", description=__doc__)
    parser.add_argument("documents", nargs="?", type=int, default=500)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, 2])
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_nation(chosen.documents // 2, folder / "nation", characters=CHARACTERS)
        for label, paths in (("bundled", corpus_files()), ("made-up", corpus_files([folder / "nation"]))):
            size = sum(len(path.read_text(encoding="utf-8")) for path in paths)
            for jobs in chosen.jobs:
                seconds, peak = build(paths, folder / f"out-{label}-{jobs}", jobs)
                print(
                    f"{label}: {len(paths)} documents, {size:,} characters, {jobs} processes: {seconds:.1f} s, "
                    f"{size / seconds:,.0f} characters a second, {peak:,.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    sys.exit(main())
