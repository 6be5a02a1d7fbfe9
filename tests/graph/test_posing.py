"""Values in the places of a query's variables: the same answers as when they are bound beside it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from graph.answers import Table
from graph.posing import paged, posed
from graph.questions import Question, question, questions
from graph.store import GraphStore
from tests.graph.sample import rich

STORE = GraphStore.of(rich())
A = NamedNode("http://example.org/a")

PLACES = [
    ("SELECT ?d ?p { ?p plan:locatedIn ?d }", "SELECT ?d ?p { ?p plan:locatedIn <http://example.org/a> }"),
    ("SELECT ?d { ?d a ?t } GROUP BY ?d", "SELECT ?d { <http://example.org/a> a ?t } GROUP BY ?d"),
    ("SELECT ?d { ?d a ?t } ORDER BY ?d", "SELECT ?d { <http://example.org/a> a ?t } ORDER BY ?d"),
    ("SELECT ?x { { SELECT ?x ?d { ?x ?y ?d } } }", "SELECT ?x { { SELECT ?x ?d { ?x ?y <http://example.org/a> } } }"),
    ("SELECT ?d { ?s ?p '?d' , \"\\\"?d\" }", "SELECT ?d { ?s ?p '?d' , \"\\\"?d\" }"),
    ("SELECT ?d { ?s ?p <http://x/?d> } # ?d", "SELECT ?d { ?s ?p <http://x/?d> } # ?d"),
    ("SELECT ?n { BIND(STR($d) AS ?n) ?s ?p ?dd }", "SELECT ?n { BIND(STR(<http://example.org/a>) AS ?n) ?s ?p ?dd }"),
    ("SELECT ?x { ?x ?y ?z } HAVING (?d = ?x)", "SELECT ?x { ?x ?y ?z } HAVING (<http://example.org/a> = ?x)"),
]  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), PLACES)
def test_a_value_stands_where_patterns_have_its_variable(query: str, expected: str) -> None:
    assert posed(query, {"d": A}) == expected


def given_values() -> list[tuple[Question, Mapping[str, str]]]:
    """Return every question as it is, and with a value of the sample for each parameter."""
    examples = {"text": "化工", "district": "乌鲁木齐市", "entity": "化工工业园", "year": "2025", "status": "planned"}
    examples |= {"type": "Park", "integer": "1", "decimal": "0.5", "document": "midong-plan"}
    cases: list[tuple[Question, Mapping[str, str]]] = []
    for each in questions().values():
        sample = {p.name: "乌鲁木齐市" for p in each.parameters if p.default == "伊宁市"}
        sample |= {p.name: "midong-plan" for p in each.parameters if p.type == "document"}
        cases += [(each, sample), *((each, sample | {p.name: examples[p.type]}) for p in each.parameters)]
    return cases


def test_every_question_answers_as_with_values_bound_beside_it() -> None:
    cases, rows = given_values(), 0
    for each, values in cases:
        bound = each.substitutions(STORE, values)
        beside = STORE.query(each.sparql, bound)
        assert isinstance(beside, Table)
        found, columns = each.ask(STORE, values), frozenset(p.name for p in each.parameters)
        assert sorted(found.rows, key=str) == sorted(beside.without(columns).rows, key=str), each.name
        rows += len(found)
    assert len(cases) >= 80
    assert rows >= 140


@given(st.text())
def test_no_value_becomes_part_of_the_query(value: str) -> None:
    text = value.encode("utf-8", "replace").decode()
    query = 'SELECT ?v ?same { VALUES ?x { "x" } BIND(STR(?v) AS ?same) }'
    found = STORE.query(posed(query, {"v": Literal(text)}), {"v": Literal(text)})
    assert isinstance(found, Table)
    assert [row[1] for row in found.rows] == [Literal(text)]


def test_a_value_is_not_taken_for_a_request_of_another_host() -> None:
    asked = question("industry-districts")
    assert len(asked.ask(STORE, {"industry": "SERVICE <http://example.org/> {"})) == 0


@pytest.mark.parametrize("own", [None, 100])
@pytest.mark.parametrize(("limit", "offset"), [(None, 0), (10, 0), (None, 90), (20, 30), (20, 95), (5, 100), (0, 0)])
def test_a_page_of_a_query(limit: int | None, offset: int, own: int | None) -> None:
    numbers = range(150)
    query = f"SELECT ?n {{ VALUES ?n {{ {' '.join(map(str, numbers))} }} }}\nORDER BY ?n\n"
    found = STORE.query(paged(query + (f"LIMIT {own}\n" if own else ""), limit, offset))
    assert isinstance(found, Table)
    assert [n for (n,) in found] == list(numbers[:own][offset:][:limit])


@pytest.mark.parametrize("name", questions())
def test_the_pages_of_a_question_are_its_rows(name: str) -> None:
    each = question(name)
    values = next(values for other, values in given_values() if other is each)
    whole = each.ask(STORE, values)
    pages = [each.ask(STORE, values, 2, offset).rows for offset in range(0, len(whole) + 2, 2)]
    assert [row for page in pages for row in page] == list(whole.rows)
    assert not {"limit", "offset", "format", "graph", "sparql"} & {p.name for p in each.parameters}
