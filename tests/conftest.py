"""Fixtures that several rooms share."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import PLAN, ROOT, process, with_extractions

Once = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder by its name once for all processes that share out the tests (pytest-xdist): `once(name, make)`."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def folder(name: str, make: Callable[[Path], None]) -> Path:
        made, done = shared / f"shared-{name}", shared / f"shared-{name}.done"
        with (shared / f"shared-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                shutil.rmtree(made, ignore_errors=True)
                made.mkdir()
                make(made)
                done.touch()
        return made

    return folder


@pytest.fixture(scope="session")
def whole(once: Once) -> Path:
    """The graph of the five bundled documents, built by the command itself."""

    def make(folder: Path) -> None:
        done = process("build", "-o", folder / "graph")
        assert done.code == 0, done.err

    return once("whole", make) / "graph"


@pytest.fixture(scope="session")
def built(once: Once, whole: Path) -> Path:
    """The graph of two of the bundled documents, built by the command itself from what `whole` has extracted."""

    def make(folder: Path) -> None:
        with_extractions(whole, folder / "graph")
        corpus = ROOT / "corpus"
        done = process(
            "build", corpus / "xinshi-report-2022.txt", corpus / "midong-plan-14.txt", "-o", folder / "graph"
        )
        assert done.code == 0, done.err

    return once("built", make) / "graph"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path
