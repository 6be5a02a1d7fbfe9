"""Graphs sorted in files are written to the byte as those sorted in memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import KnowledgeGraph
from output import rdffiles, streaming, turtle
from tests.graph.large import large

Write = Callable[[KnowledgeGraph, Path], None]


@pytest.mark.parametrize(
    ("whole", "stream"),
    [
        (turtle.write_turtle, streaming.stream_turtle),
        (rdffiles.write_ntriples, streaming.stream_ntriples),
        (rdffiles.write_nquads, streaming.stream_nquads),
    ],
)
def test_the_bytes_are_those_of_the_writers_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Write, stream: Write
) -> None:
    kg = large(entities=120, claims=150, observations=40)
    whole(kg, tmp_path / "whole")
    monkeypatch.setattr(streaming.SortedLines.__init__, "__defaults__", (20_000,))
    monkeypatch.setattr(streaming, "_AT_ONCE", 5)
    stream(kg, tmp_path / "streamed")
    assert (tmp_path / "streamed").read_bytes() == (tmp_path / "whole").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["streamed", "whole"]


def test_a_large_graph_is_written_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kg = large(entities=120, claims=40, observations=5)
    turtle.write_turtle(kg, tmp_path / "small.ttl")
    monkeypatch.setattr(streaming, "LARGE", 44)
    monkeypatch.setattr(turtle, "statements", None)
    turtle.write_turtle(kg, tmp_path / "large.ttl")
    assert (tmp_path / "large.ttl").read_bytes() == (tmp_path / "small.ttl").read_bytes()


@given(
    st.lists(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=4)), st.integers(1, 30)
)
def test_lines_come_sorted_and_once(tmp_path_factory: pytest.TempPathFactory, found: list[str], run: int) -> None:
    lines = streaming.SortedLines(tmp_path_factory.mktemp("lines"), run)
    for line in found:
        lines.add(line)
    assert list(lines) == sorted(set(found))
