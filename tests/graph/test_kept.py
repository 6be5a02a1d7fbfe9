"""Answers kept in a file are those that the store gives."""

import sqlite3
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions

from extract.errors import GraphFileError
from graph.answers import tabled
from graph.kept import AnswerWriter, KeptAnswers, asked
from graph.store import GraphStore
from tests.graph.sample import hostile, rich

EVERYTHING = "SELECT ?s ?p ?o ?none { ?s ?p ?o } ORDER BY ?s ?p ?o"


@pytest.mark.parametrize("store", [GraphStore.of(rich()), GraphStore.of(hostile())], ids=["rich", "hostile"])
def test_every_term_and_every_page_comes_back(store: GraphStore, tmp_path: Path) -> None:
    live = store.results(EVERYTHING)
    assert isinstance(live, QuerySolutions)
    whole = tabled(live)
    with AnswerWriter(tmp_path / "answers") as writer:
        again = store.results(EVERYTHING)
        assert isinstance(again, QuerySolutions)
        writer.add(EVERYTHING, {}, again)
    kept = KeptAnswers(tmp_path / "answers")
    found = kept.find(EVERYTHING, {})
    assert found is not None
    assert tabled(found) == whole
    assert len(whole) > 300
    for limit, offset in ((0, 0), (7, 0), (7, 290), (10**6, 5), (3, 10**6)):
        page = kept.find(EVERYTHING, {}, limit, offset)
        assert page is not None
        assert tabled(page).rows == whole.rows[offset : offset + limit]
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]
    kept.close()


def test_another_query_or_value_is_not_kept(tmp_path: Path) -> None:
    store = GraphStore.of(rich())
    query, value = "SELECT ?x { ?x rdfs:label ?name }", {"x": NamedNode("http://example.org/a")}
    with AnswerWriter(tmp_path / "answers") as writer:
        found = store.results(query)
        assert isinstance(found, QuerySolutions)
        writer.add(query, value, found)
    kept = KeptAnswers(tmp_path / "answers")
    assert kept.find(query, value) is not None
    assert kept.find(query, {}) is None
    assert kept.find(query + " ", value) is None
    assert kept.find(query, {"y": value["x"]}) is None
    assert asked("a", {"x": Literal("1")}) != asked("a", {"x": Literal(1)})
    kept.close()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers"
    with pytest.raises(GraphFileError, match="make it again"):
        KeptAnswers(path)
    path.write_bytes(b"not a database, but long enough to be looked at" * 50)
    with pytest.raises(GraphFileError, match="make it again"):
        KeptAnswers(path)
    path.unlink()
    sqlite3.connect(path).close()
    with pytest.raises(GraphFileError, match="of this version"):
        KeptAnswers(path)
