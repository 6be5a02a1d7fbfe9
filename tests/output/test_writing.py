"""Two processes write what one writes; what goes wrong in the one beside is the build's error."""

import multiprocessing
import os
from pathlib import Path

import pytest

from extract.errors import PlankgError
from extract.extractor import extract
from extract.layout import lay_out
from extract.tier import Tier
from graph.resolve import build_graph
from output import writing
from output.building import Build
from output.folder import MANIFEST, built_files
from tests.cli import PLAN


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    """A build that is worth a process beside, in a process that may be forked (one of pytest-xdist has threads)."""
    monkeypatch.setattr(writing, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(writing, "may_fork", lambda: True)
    found = extract(lay_out(PLAN, id="plan"), Tier.FAST)
    return Build(build_graph([found]), (found,), ())


TABLES = ("graph.json", "entities.csv", "claims.csv", "observations.csv")


@pytest.mark.parametrize(("large", "early"), [(100_000, 6), (0, 2)])
def test_two_processes_write_what_one_writes(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int, early: int
) -> None:
    monkeypatch.setattr(writing, "_LARGE", large)
    told: list[tuple[str, int, int]] = []
    build.write(tmp_path / "one")
    build.write(tmp_path / "two", lambda *step: told.append(step), jobs=2)
    assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()
    assert len(built_files(tmp_path / "two")) >= 8
    names = ["graph.ttl", *TABLES[: 6 - early], "network.html"]
    steps = [(f"Writing {name}", done, 8) for done, name in enumerate(names, early)]
    assert told == [*steps, ("Writing files", 8, 8)]
    assert not multiprocessing.active_children()


def full(*_: object) -> None:
    raise OSError(28, "No space left on device", "claims.csv")


def ended(*_: object) -> None:
    os._exit(9)


PARTS = "output.turtle_parts.TurtleParts"


@pytest.mark.parametrize("where", ["output.tabular.write_claims", f"{PARTS}.fill", f"{PARTS}.write", f"{PARTS}.join"])
def test_an_error_in_either_process_is_raised_and_leaves_nothing(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setattr(where, full)
    with pytest.raises(OSError, match=r"\[Errno 28\] No space left on device: 'claims.csv'"):
        build.write(tmp_path / "out", jobs=2)
    assert not list(tmp_path.iterdir())
    assert not multiprocessing.active_children()


def test_the_end_of_the_process_beside_is_said(build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("output.tabular.write_claims", ended)
    with pytest.raises(PlankgError, match=r"a process that writes was ended from outside.* --jobs 1"):
        build.write(tmp_path / "out", jobs=2)
    assert not list(tmp_path.iterdir())
