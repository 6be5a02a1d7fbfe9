"""A build of what was built already does nothing; any change is seen."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

import plankg
from extract.errors import FolderError, PlankgError
from output import building, extracting
from output.building import CACHE, build_into
from output.folder import MANIFEST, claimed_folder
from output.options import BuildOptions
from output.unchanged import STATE, fingerprint, is_unchanged
from tests.cli import PLAN, command


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a document and, under `out`, its build."""
    folder = tmp_path_factory.mktemp("unchanged")
    (folder / "plan.txt").write_text(PLAN, encoding="utf-8")
    assert build_into(folder / "out", [folder / "plan.txt"]) is not None
    return folder


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any extraction or resolution is an error."""

    def fail(*arguments: object, **options: object) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr(building, "assemble", fail)


@pytest.mark.usefixtures("idle")
def test_nothing_is_done_twice(first: Path, capfd: pytest.CaptureFixture[str]) -> None:
    before = tree(first)
    assert build_into(first / "out", [first / "plan.txt"], jobs=2) is None
    assert plankg.build(first / "plan.txt", first / "out") == plankg.load(first / "out")
    done = command(capfd, "build", first / "plan.txt", "-o", first / "out")
    assert (done.code, done.err) == (0, "")
    assert "Nothing has changed; the 8 files in" in done.out
    assert command(capfd, "build", first / "plan.txt", "-o", first / "out", "-q").out == ""
    assert tree(first) == before


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file changed": lambda out: (out / "graph.ttl").write_text("# mine", encoding="utf-8"),
    "a file deleted": lambda out: (out / "text" / "plan.txt").unlink(),
    "a folder in its place": lambda out: ((out / "claims.csv").unlink(), (out / "claims.csv").mkdir()),
    "no list of files": lambda out: (out / MANIFEST).unlink(),
    "no state": lambda out: (out / CACHE / STATE).unlink(),
    "a damaged state": lambda out: (out / CACHE / STATE).write_bytes(b"\xff"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_output_is_seen(change: str, first: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for name, content in tree(first / "out").items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    options = {"district": None, "tier": "accurate", "min_confidence": "0.0", "base": None, "licence": None}
    made_from = fingerprint([first / "plan.txt"], options)
    assert made_from is not None
    assert is_unchanged(out, out / CACHE, made_from)
    CHANGES[change](out)
    assert not is_unchanged(out, out / CACHE, made_from)


def test_a_changed_output_is_written_again(first: Path) -> None:
    before = tree(first / "out")
    (first / "out" / "graph.ttl").write_text("# mine", encoding="utf-8")
    (first / "out" / "entities.csv").unlink()
    assert build_into(first / "out", [first / "plan.txt"]) is not None
    assert tree(first / "out") == before


def test_another_confidence_is_another_build(first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build with another value is made anew, from what is kept, and back again gives the bytes of before."""
    out, plan = tmp_path / "out", first / "plan.txt"
    whole = build_into(out, [plan])
    before = tree(out)
    assert whole is not None
    assert json.loads(before[MANIFEST])["options"] == {"min_confidence": "0.0", "tier": "accurate"}

    def fail(*arguments: object, **options: object) -> None:
        raise AssertionError("something was extracted")

    monkeypatch.setattr(extracting, "_extraction", fail)
    least = sorted(m.confidence for m in whole.extractions[0].mentions)[-2]
    sure = build_into(out, [plan], BuildOptions(min_confidence=least))
    assert sure is not None
    assert 2 <= len(sure.extractions[0].mentions) < len(whole.extractions[0].mentions)
    assert all(m.confidence >= least for m in sure.extractions[0].mentions)
    assert json.loads((out / MANIFEST).read_bytes())["options"]["min_confidence"] == repr(least)
    assert build_into(out, [plan], BuildOptions(min_confidence=least)) is None
    assert plankg.build(plan, out, min_confidence=least) == plankg.load(out) == sure.graph
    assert build_into(out, [plan], BuildOptions(min_confidence=-0.0)) is not None
    assert tree(out) == before


@pytest.mark.parametrize("wrong", [-0.1, 1.1, float("nan"), float("inf")])
def test_a_confidence_that_is_none_is_refused_before_anything_is_written(first: Path, wrong: float) -> None:
    with pytest.raises(PlankgError, match="must be a number from 0 to 1"):
        plankg.build(first / "plan.txt", first / "none", min_confidence=wrong)
    with pytest.raises(PlankgError, match="must be a number from 0 to 1"):
        plankg.build(first / "plan.txt", min_confidence=wrong)
    assert not (first / "none").exists()


def test_everything_that_matters_is_in_the_fingerprint(tmp_path: Path) -> None:
    one, other, review = tmp_path / "one.txt", tmp_path / "other.txt", tmp_path / "review.csv"
    one.write_text(PLAN, encoding="utf-8")
    other.write_text(PLAN, encoding="utf-8")
    review.write_text("a", encoding="utf-8")
    found = [fingerprint([one], {}), fingerprint([other], {}), fingerprint([one, other], {})]
    found += [fingerprint([one], {"tier": tier}) for tier in (None, "fast", "slow")]
    found.append(fingerprint([one], {}, [review]))
    review.write_text("b", encoding="utf-8")
    found.append(fingerprint([one], {}, [review]))
    (tmp_path / "corpus.toml").write_text("", encoding="utf-8")
    found.append(fingerprint([one], {}))
    one.write_text(PLAN + "发展旅游业。", encoding="utf-8")
    found.append(fingerprint([one], {}))
    assert None not in found
    assert len(set(found)) == len(found) == 10


def test_what_cannot_be_read_twice_is_always_built(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("pipe.txt", "missing.txt", "."):
        assert fingerprint([tmp_path / name], {}) is None


def test_the_folder_is_ours_from_the_beginning(first: Path, tmp_path: Path) -> None:
    with claimed_folder(tmp_path / "out"), pytest.raises(FolderError, match="another build is writing to"):
        build_into(tmp_path / "out", [first / "plan.txt"])
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_build_kept_is_used_and_cleared(first: Path, tmp_path: Path) -> None:
    kept = tmp_path / "out" / CACHE
    kept.mkdir(parents=True)
    (kept / ".entry-half").write_bytes(b"half")
    (kept / f".{STATE}.abc.part").write_bytes(b"half")
    (tmp_path / "out" / ".plankg-building").mkdir()
    assert build_into(tmp_path / "out", [first / "plan.txt"]) is not None
    assert tree(tmp_path / "out") == tree(first / "out")
