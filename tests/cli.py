"""Running commands in tests: in this process for speed, in one of their own where that matters."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from output.building import CACHE
from output.cli.app import execute

ROOT = Path(__file__).parents[1]
PLAN = """乌鲁木齐市米东区国民经济和社会发展第十四个五年规划纲要

第一章 发展目标

到2025年，地区生产总值达到500亿元。

第二章 产业

重点发展石油化工、旅游业。建设三道坝污水处理厂。
"""


@dataclass(frozen=True)
class Outcome:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one sentence that a failed command prints; nothing else may stand on standard error."""
        lines = self.err.splitlines()
        assert lines, "a failed command must say why"
        assert lines[-1].startswith("plankg: "), self.err
        assert "Traceback" not in self.err
        return lines[-1].removeprefix("plankg: ")


def command(capture: pytest.CaptureFixture[str], *arguments: str | Path) -> Outcome:
    """Run `plankg ARGUMENTS` in this process; `capture` is the test's `capfd`."""
    capture.readouterr()
    code = execute([str(argument) for argument in arguments])
    sys.stdout.flush()
    sys.stderr.flush()
    captured = capture.readouterr()
    return Outcome(code, captured.out, captured.err)


def process(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> Outcome:
    """Run `python -m plankg ARGUMENTS` as a process of its own, as a user would."""
    done = subprocess.run(
        [sys.executable, "-m", "plankg", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "0"} | environment,
        timeout=1800,  # a loaded machine is slow, not broken
    )
    return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))


def with_extractions(built: Path, folder: Path) -> Path:
    """Make a folder that has the extractions of a build and nothing else: the next build does not extract again."""
    shutil.copytree(built / CACHE, folder / CACHE)
    return folder
