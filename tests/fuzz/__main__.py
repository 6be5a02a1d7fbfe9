"""`python -m tests.fuzz`: fuzz every target for some time, and print what was tried.

Inputs that reach new code are kept in build/fuzz/TARGET/, so that the next run begins there. An
input that breaks a target is kept beside them as `crash-…`; once it is mended, it goes to
tests/fuzz/cases/TARGET/. The exit code is 0 only if nothing broke. Needs the extra `fuzz`.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from tests.cli import ROOT
from tests.fuzz import seeds
from tests.fuzz.readers import is_confined
from tests.fuzz.targets import TARGETS, Target, cases

KEPT = ROOT / "build" / "fuzz"
LONGEST = 12_000  # bytes of an input
SLOWEST = 60  # seconds for one input, on a machine that has other work
MEGABYTES = 3_000


@dataclass
class Result:
    """What fuzzing one target came to; `coverage` counts the places in our code that were reached."""

    inputs: int = 0
    coverage: int = 0
    kept: int = 0
    confined: int = 0
    broken: list[Path] = field(default_factory=list)
    said: str = ""


def fuzz(name: str, target: Target, seconds: int, kept: Path) -> Result:
    """Fuzz a target for so many seconds, or until it breaks; `kept` holds its inputs."""
    folder = kept / name
    seeds.write(target.seeds(), folder)
    for path in cases(name):
        shutil.copy(path, folder)
    result = Result()
    end = time.monotonic() + seconds
    while (left := round(end - time.monotonic())) > 0 and not result.broken:
        _run(name, target, left, folder, result)
    result.kept = sum(path.is_file() and not path.name.startswith("crash-") for path in folder.iterdir())
    return result


def _run(name: str, target: Target, seconds: int, folder: Path, result: Result) -> None:
    """Run libFuzzer once; a crash of a parser in C that users would see as a sentence is no break."""
    before = set(folder.glob("*-*"))
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}"]
    options += [f"-rss_limit_mb={MEGABYTES}", "-print_final_stats=1", f"-artifact_prefix={folder}/"]
    command = [sys.executable, "-m", "tests.fuzz.child", name, *options, str(folder)]
    with tempfile.TemporaryDirectory(prefix="plankg-fuzz-") as scratch:  # libFuzzer ends without cleaning up
        environment = os.environ | {"TMPDIR": scratch}
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, errors="replace", check=False
        )
    said = done.stdout + done.stderr
    result.inputs += max(map(int, re.findall(r"^#(\d+)", said, re.MULTILINE)), default=0)
    result.coverage = max([result.coverage, *map(int, re.findall(r" cov: (\d+)", said))])
    found = sorted(
        path for path in set(folder.glob("*-*")) - before if path.name.startswith(("crash-", "timeout-", "oom-"))
    )
    if done.returncode and not found:
        raise RuntimeError(f"{name} ended without an input that broke it:\n{said[-3000:]}")
    for path in found:
        if target.native and "Uncaught Python exception" not in said and is_confined(path.read_bytes()):
            result.confined += 1
            path.unlink()
        else:
            result.broken.append(path)
            result.said = said


def main() -> None:
    """Fuzz the chosen targets one after the other and print a line for each."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("--only", metavar="TARGET", action="append", choices=TARGETS, help="may be given several times")
    parser.add_argument("--keep", type=Path, default=KEPT, metavar="FOLDER", help="of inputs (build/fuzz)")
    chosen = parser.parse_args()
    if find_spec("atheris") is None:
        sys.exit("fuzzing needs atheris: pip install 'plankg[fuzz]', or make fuzz")
    broken = []
    print(f"{'target':12} {'inputs':>9} {'coverage':>9} {'kept':>6} {'confined':>9} {'broken':>7}", flush=True)
    for name in chosen.only or TARGETS:
        found = fuzz(name, TARGETS[name], chosen.seconds, chosen.keep)
        broken += found.broken
        row = f"{name:12} {found.inputs:9} {found.coverage:9} {found.kept:6} {found.confined:9} {len(found.broken):7}"
        print(row, flush=True)
        if found.broken:
            print(f"{found.said[-3000:]}\n{found.broken[0]}", flush=True)
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
