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
from output.part_queue import PartQueue
from output.part_worker import part_worker
from tests.cli import PLAN


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch) -> Build:
    """A build that is worth a process beside, in a process that may be forked (one of pytest-xdist has threads)."""
    monkeypatch.setattr(writing, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(writing, "may_fork", lambda: True)
    found = extract(lay_out(PLAN, id="plan"), Tier.FAST)
    return Build(build_graph([found]), (found,), ())


FILES = ("text", "graph.json", "records.jsonl", "entities.csv", "claims.csv", "observations.csv")


@pytest.mark.parametrize("large", [False, True])
def test_two_processes_write_what_one_writes(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    monkeypatch.setattr(writing, "_LARGE", 0 if large else 100_000)
    told: list[tuple[str, int, int]] = []
    build.write(tmp_path / "one")
    build.write(tmp_path / "two", lambda *step: told.append(step), jobs=2)
    assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()
    assert len(built_files(tmp_path / "two")) >= 8
    ours = [("Writing graph.ttl", 0, 8), *((f"Writing {name}", done, 8) for done, name in enumerate(FILES, 1))]
    steps = ours if large else [("Writing graph.ttl", 6, 8)]
    assert told == [*steps, ("Writing network.html", 7, 8), ("Writing files", 8, 8)]
    assert not multiprocessing.active_children()


def full(*_: object) -> None:
    raise OSError(28, "No space left on device", "claims.csv")


def ended(*_: object) -> None:
    os._exit(9)


PARTS = "output.turtle_parts.TurtleParts"


ANYWHERE = ["output.tabular.write_claims", f"{PARTS}.fill", f"{PARTS}.join"]


@pytest.mark.parametrize(
    ("where", "large"), [*((where, large) for where in ANYWHERE for large in (False, True)), (f"{PARTS}.write", False)]
)
def test_an_error_in_either_process_is_raised_and_leaves_nothing(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, large: bool
) -> None:
    monkeypatch.setattr(writing, "_LARGE", 0 if large else 100_000)
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


def test_an_error_of_the_process_that_has_only_parts_is_raised(tmp_path: Path) -> None:
    (tmp_path / "blocks-3").mkdir()
    queue = PartQueue()
    with (
        pytest.raises(IsADirectoryError, match="blocks-3"),
        part_worker(tmp_path, "https://example.org/", queue),
    ):
        queue.put(3)
    queue.close()


def test_a_folder_of_the_users_does_not_take_the_place_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "__init__.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    queue = PartQueue()
    with part_worker(tmp_path, "https://example.org/", queue):
        queue.put(3)
    queue.close()
    assert (tmp_path / "index-3").exists()


def test_the_end_of_the_process_that_has_only_parts_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("output.part_worker.sys.executable", "/bin/false")
    queue = PartQueue()
    with (
        pytest.raises(PlankgError, match=r"a process that writes was ended from outside.* --jobs 1"),
        part_worker(tmp_path, "https://example.org/", queue),
    ):
        pass
    queue.close()


def test_parts_are_taken_once(tmp_path: Path) -> None:
    queue = PartQueue()
    for part in (0, 7, 255):
        queue.put(part)
    assert next(queue.taken()) == 0
    queue.put_no_more()
    assert list(queue.taken()) == [7, 255]
    queue.close()
