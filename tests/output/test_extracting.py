"""Several processes give what one gives, in the same order; what ends them is said."""

import multiprocessing
import os
from collections.abc import Generator
from pathlib import Path

import pytest

from extract.document import Document
from extract.errors import DocumentError, PlankgError
from extract.extraction import Extraction
from output import extracting, processes
from output.extracting import Told, extracted, told
from tests.cli import PLAN


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three documents, the second of which cannot be read; any number of characters is worth processes."""
    monkeypatch.setattr(extracting, "_WORTH_PROCESSES", 0)
    for name, text in (("c", PLAN), ("b", ""), ("a", PLAN.replace("旅游业", "物流业"))):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return [tmp_path / f"{name}.txt" for name in "cba"]


@pytest.mark.parametrize("forked", [True, False])
def test_processes_change_nothing(paths: list[Path], monkeypatch: pytest.MonkeyPatch, forked: bool) -> None:
    monkeypatch.setattr(processes, "may_fork", lambda: forked)
    alone, together = list(extracted(paths, jobs=1)), list(extracted(paths, jobs=3))
    assert [type(result) for result in together] == [Extraction, type(alone[1]), Extraction]
    assert isinstance(together[1], DocumentError)
    assert str(together[1]) == str(alone[1])
    assert together[0] == alone[0]
    assert together[2] == alone[2]
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("cached", [True, False])
def test_of_many_documents_what_is_said_comes_packed_too(
    paths: list[Path], monkeypatch: pytest.MonkeyPatch, cached: bool
) -> None:
    paths = [paths[0], paths[2]]
    cache = paths[0].parent / "cache" if cached else None
    plain = list(extracted(paths))
    few = list(told(paths, jobs=2))
    monkeypatch.setattr(extracting, "_MANY", 0)
    many = list(told(paths, jobs=2, cache=cache))
    assert few == [Told(one) for one in plain if isinstance(one, Extraction)]
    assert [type(one) for one in many] == [Told, Told]
    for one, there in zip(plain, many, strict=True):
        assert isinstance(there, Told)
        assert there.packed
        assert there.packed.extraction() == there.extraction == one
    sure = [one.packed for one in told(paths, jobs=2, min_confidence=0.9) if isinstance(one, Told)]
    assert sure == [None, None]  # what is packed is all that was said


def test_documents_begin_in_order_but_the_last_by_length() -> None:
    sizes = {Path(name): size for name, size in zip("abcdefgh", (1, 5, 2, 9, 4, 8, 3, 7), strict=True)}
    assert "".join(map(str, extracting._order(sizes, 1))) == "abcdfheg"
    assert "".join(map(str, extracting._order(sizes, 2))) == "dfhbegca"


def test_what_is_kept_is_not_extracted_again(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = paths[0].parent / "cache"
    first = list(told(paths, cache=folder))
    monkeypatch.setattr(extracting, "_extraction", die)
    again = list(told(paths, cache=folder))
    assert [again[0], again[2]] == [first[0], first[2]]
    assert len(list(folder.iterdir())) == 2
    list(told(paths[2:], cache=folder))
    assert len(list(folder.iterdir())) == 1


def test_a_process_that_dies_is_said(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extracting, "_extraction", die)
    monkeypatch.setattr(processes, "may_fork", lambda: True)  # a spawned process would not know what to die of
    with pytest.raises(PlankgError, match="try again with --jobs 1"):
        list(extracted(paths, jobs=2))
    assert not multiprocessing.active_children()


def test_leaving_early_leaves_no_process(paths: list[Path]) -> None:
    results = extracted(paths, jobs=2)
    assert isinstance(results, Generator)
    next(results)
    results.close()
    assert not multiprocessing.active_children()


def test_an_unknown_tier_names_the_known_ones(paths: list[Path]) -> None:
    with pytest.raises(PlankgError, match="no tier 'slow'; choose one of fast"):
        list(extracted(paths, tier="slow"))


def die(document: Document, tier: str) -> Extraction:
    os._exit(9)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan\udcff.txt"
    path.write_text(PLAN, encoding="utf-8")
    (found,) = extracted([path])
    assert isinstance(found, DocumentError)
    assert "plan\\udcff.txt: has a name that is not in UTF-8; rename the file" in str(found)
