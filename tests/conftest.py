"""Fixtures that several rooms share."""

from pathlib import Path

import pytest

from tests.cli import PLAN, ROOT, process


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The graph of two of the bundled documents, built once by the command itself."""
    folder = tmp_path_factory.mktemp("built") / "graph"
    corpus = ROOT / "corpus"
    done = process("build", corpus / "xinshi-report-2022.txt", corpus / "midong-plan-14.txt", "-o", folder)
    assert done.code == 0, done.err
    return folder


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path
