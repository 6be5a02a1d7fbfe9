"""Graphs sorted in files are written to the byte as those sorted in memory."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import KnowledgeGraph
from graph.rdf import prefixes, triples
from output import rdffiles, sorted_lines, streaming, turtle, turtle_parts
from tests.graph.large import large

Write = Callable[[KnowledgeGraph, Path], None]


def in_memory(kg: KnowledgeGraph, path: Path) -> None:
    path.write_text(turtle.turtle(triples(kg), prefixes(kg.base)), encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("whole", "stream"),
    [
        (in_memory, turtle.write_turtle),
        (rdffiles.write_ntriples, streaming.stream_ntriples),
        (rdffiles.write_nquads, streaming.stream_nquads),
    ],
)
def test_the_bytes_are_those_of_the_writers_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Write, stream: Write
) -> None:
    kg = large(entities=120, claims=150, observations=40)
    whole(kg, tmp_path / "whole")
    monkeypatch.setattr(sorted_lines.SortedLines.__init__, "__defaults__", (20_000,))
    monkeypatch.setattr(sorted_lines, "_AT_ONCE", 5)
    monkeypatch.setattr(turtle_parts.TurtleParts.__init__, "__defaults__", (20_000,))
    stream(kg, tmp_path / "streamed")
    assert (tmp_path / "streamed").read_bytes() == (tmp_path / "whole").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["streamed", "whole"]


# A document's id with a dot has no short name; one is the beginning of another in both orders of the alphabet.
ODD_IDS = ("plan.v2", "plan", "plan-1", "planx", "a.b", "a.b1")


def test_names_that_no_prefix_fits_stand_in_their_places(tmp_path: Path) -> None:
    kg = large(entities=120, claims=40, observations=5)
    odd = [replace(kg.sources[0], id=name) for name in ODD_IDS]
    kg = replace(kg, sources=(*kg.sources, *odd))
    in_memory(kg, tmp_path / "whole")
    turtle.write_turtle(kg, tmp_path / "streamed")
    written = (tmp_path / "streamed").read_text(encoding="utf-8")
    assert written == (tmp_path / "whole").read_text(encoding="utf-8")
    assert sum(f"<{kg.base}doc/{name}> a plan:Document" in written for name in ODD_IDS) == 3


def test_parts_are_written_in_any_order_and_by_anybody(tmp_path: Path) -> None:
    kg = large(entities=120, claims=150, observations=40)
    in_memory(kg, tmp_path / "whole")
    folder = tmp_path / "parts"
    folder.mkdir()
    ours, theirs = (turtle_parts.TurtleParts(kg.base, folder) for _ in range(2))
    ready: list[int] = []
    numbers = ours.fill(kg, ready.append)
    assert sorted(ready) == numbers
    assert len(numbers) > 50
    for turn, part in enumerate(reversed(numbers)):
        (ours if turn % 2 else theirs).write(part)
    with (tmp_path / "joined").open("wb") as out:
        ours.join(out)
    assert (tmp_path / "joined").read_bytes() == (tmp_path / "whole").read_bytes()


@pytest.mark.parametrize("base", ["https://example.org/d", "https://example.org/dataset/", "http://x.cn/claim/8#"])
def test_any_base_gives_the_document_that_is_made_in_memory(tmp_path: Path, base: str) -> None:
    kg = replace(large(entities=60, claims=40, observations=5), base=base)
    in_memory(kg, tmp_path / "whole")
    turtle.write_turtle(kg, tmp_path / "parts")
    assert (tmp_path / "parts").read_bytes() == (tmp_path / "whole").read_bytes()


@given(st.lists(st.text("1>~a-", max_size=4).filter(lambda iri: ">" not in iri), unique=True))
def test_subjects_are_hashed_in_the_order_of_lines(found: list[str]) -> None:
    said = list(turtle_parts._as_closed((iri, iri.encode()) for iri in sorted(found)))
    assert [f"{iri.decode()}>" for iri in said] == sorted(f"{iri}>" for iri in found)


@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=4)), st.integers(1, 30)
)
def test_lines_come_sorted_and_once(tmp_path_factory: pytest.TempPathFactory, found: list[str], run: int) -> None:
    lines = sorted_lines.SortedLines(tmp_path_factory.mktemp("lines"), run)
    for line in found:
        lines.add(line)
    assert list(lines) == sorted(set(found))
