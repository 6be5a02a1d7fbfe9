"""What is said of a query before it runs, and that it is true."""

import re
import time
import warnings
from collections import Counter

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from extract.errors import QueryError
from graph import querycheck
from graph.answers import Table
from graph.querycheck import USUAL, QueryWarning, check
from graph.questions import questions
from graph.rdf import prefixes
from tests.graph.sample import sample

KG = sample()


def kinds(sparql: str) -> list[str]:
    return [advice.kind for advice in check(sparql).advice]


SILENT = [
    "SELECT ?n { ?p a plan:Park ; rdfs:label ?n }",
    "SELECT * { ?c rdf:subject ?s ; rdf:object ?o . ?s a plan:Park . ?o a plan:Industry }",
    "SELECT * { ?p a plan:Park OPTIONAL { ?p skos:altLabel ?n } }",
    "SELECT * { { ?p a plan:Park } UNION { ?q a plan:Project } ?p rdfs:label ?n }",
    "SELECT * { ?p rdfs:label ?m . ?q rdfs:label ?n FILTER(?m = ?n) }",
    "SELECT * { ?p rdfs:label ?m BIND(STRLEN(?m) AS ?k) ?q plan:code ?k }",
    "SELECT * { id:park-1 rdfs:label ?m . id:park-2 rdfs:label ?n }",
    "SELECT * { VALUES ?p { id:park-1 } ?p rdfs:label ?m . VALUES ?q { id:park-2 } ?q rdfs:label ?n }",
    "SELECT * { ?p a plan:Park { SELECT ?p (COUNT(*) AS ?k) { ?p plan:develops ?i } GROUP BY ?p } }",
    "SELECT * { GRAPH ?g { ?p a plan:Park . ?q a plan:Project } }",
    "SELECT * { ?p a plan:Park FILTER NOT EXISTS { ?p skos:altLabel ?n } }",
    "SELECT * { ?p a plan:Park MINUS { ?c rdf:subject ?p ; plan:evidence ?e } }",
    "SELECT * { ?p plan:locatedIn [ a plan:District ] }",
    "SELECT ?t (COUNT(*) AS ?k) { ?x a ?t } GROUP BY ?t HAVING (COUNT(*) > 1) ORDER BY ?t LIMIT 3",
    "ASK { }",
    "DESCRIBE id:park-1",
    "CONSTRUCT { ?p a plan:Park } WHERE { ?p a plan:Park }",
]
CROSSING = [
    "SELECT * { ?p a plan:Park . ?q a plan:Project }",
    "SELECT * { ?p a plan:Park OPTIONAL { ?q a plan:Project } }",
    "SELECT * { { ?p a plan:Park } { ?q a plan:Project } }",
    "SELECT * { ?p a plan:Park { SELECT ?q { ?q a plan:Project ; rdfs:label ?p } } }",
    "SELECT * { ?x a plan:District { ?p a plan:Park . ?q a plan:Project } UNION { ?x plan:code ?p } }",
    "SELECT * { ?d a plan:District MINUS { ?d plan:code ?c . ?q a plan:Project } }",
    "SELECT * { VALUES ?k { 1 2 } ?p a plan:Park }",
    "SELECT * { [] a plan:Park . [] a plan:Project }",
    "SELECT * { ?p a plan:Park ; plan:develops/skos:broader+ ?i . ?q a plan:Project }",
    "SELECT (COUNT(*) AS ?k) { ?p a plan:Park . ?q a plan:Project }",
]
SLOW = [
    "SELECT * { ?p a plan:Park FILTER NOT EXISTS { ?c rdf:subject ?p ; plan:evidence ?e } }",
    "SELECT * { ?c a plan:Claim FILTER NOT EXISTS { ?c plan:evidence/oa:hasSelector ?e } }",
    "SELECT * { ?c a plan:Claim FILTER(?c != id:x && NOT EXISTS { ?e ^plan:evidence ?c }) }",
]


@pytest.mark.parametrize("sparql", SILENT)
def test_good_queries_are_passed_in_silence(sparql: str) -> None:
    assert check(sparql) == querycheck.Checked(sparql)


@pytest.mark.parametrize("sparql", CROSSING)
def test_cross_products_are_seen(sparql: str) -> None:
    assert "cross-product" in kinds(sparql)


def test_exists_over_evidence_is_seen() -> None:
    slow = "SELECT DISTINCT ?p { ?p a plan:Park FILTER EXISTS { ?c rdf:subject ?p ; plan:evidence ?e } }"
    quick = "SELECT DISTINCT ?p { ?p a plan:Park . ?c rdf:subject ?p ; plan:evidence ?e }"
    assert (kinds(slow), kinds(quick)) == (["exists"], [])
    assert KG.store.query(slow) == KG.store.query(quick)
    assert kinds("SELECT ?p { ?p a plan:Park FILTER EXISTS { ?p skos:altLabel ?n } }") == []


@pytest.mark.parametrize("sparql", SLOW)
def test_not_exists_over_evidence_is_seen(sparql: str) -> None:
    assert kinds(sparql) == ["not-exists"]


def test_the_advice_is_true() -> None:
    for sparql in SLOW[:2]:
        other = re.sub(r"FILTER NOT EXISTS", "MINUS", sparql)
        assert kinds(other) == []
        assert KG.store.query(sparql) == KG.store.query(other)


def test_advice_names_the_variables_in_both_languages() -> None:
    (advice,) = check("SELECT * { ?park a plan:Park . ?project a plan:Project }").advice
    for sentence in (advice.zh, advice.en):
        assert "?park" in sentence
        assert "?project" in sentence
    assert re.search("[一-鿿]{4}", advice.zh)
    assert not re.search("[一-鿿]", advice.en)
    assert str(advice) == f"{advice.en} / {advice.zh}"


@pytest.mark.parametrize("name", sorted(questions()))
def test_nothing_is_to_be_said_of_the_ready_questions(name: str) -> None:
    sparql = questions()[name].sparql
    assert check(sparql).sparql == sparql
    assert [a for a in check(sparql).advice if a.kind == "cross-product"] == []


def test_well_known_prefixes_are_declared() -> None:
    found = check("SELECT ?n {\n ?p foaf:name ?n ; dct:title ?m ; plan:code ?c }")
    assert found.added == ("dct", "foaf")
    assert found.sparql.startswith(
        "PREFIX dct: <http://purl.org/dc/terms/> PREFIX foaf: <http://xmlns.com/foaf/0.1/> SEL"
    )
    assert isinstance(KG.store.query(found.sparql), Table)
    own = "PREFIX foaf: <http://example.org/> SELECT ?n { ?p foaf:name ?n }"
    assert check(own).sparql == own
    assert not set(USUAL) & set(prefixes())
    assert set(USUAL.values()) & set(prefixes().values()) <= {"http://purl.org/dc/terms/", "https://schema.org/"}


WRONG = [
    ("SELECT ?x {\n ?x ?y ?z", 2, 10, "something is missing", "缺少内容"),
    ("SELECT ?x {\n  ?x nope:y ?z }", 2, 12, "'nope:' is not known", "前缀 nope: 未知"),
    ("SELECT ?x { ?x foaf:name ?z . ?x 'a' ?z }", 1, 39, "cannot be read from", "无法理解"),
    ("SELECT ?p { ?p foaf:name 1 } GROUP BY ?q", 1, 41, "GROUP BY", "GROUP BY"),
    ("", 0, 0, "the query is empty", "查询为空"),
    ("DELETE WHERE { ?s ?p ?o }", 1, 10, "read-only", "只读"),
    ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 1, 12, "SERVICE is not allowed", ""),
]


@pytest.mark.parametrize(("sparql", "line", "column", "english", "chinese"), WRONG)
def test_wrong_queries_are_explained(sparql: str, line: int, column: int, english: str, chinese: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(sparql)
    assert english in str(caught.value)
    assert chinese in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_what_only_the_store_reads_runs_as_it_is() -> None:
    sparql = "SELECT ?c { ?s plan:develops ?o ~ ?c }"
    assert check(sparql) == querycheck.Checked(sparql)
    long = "SELECT * { ?p a plan:Park . ?q a plan:Project } #" + "x" * 20_000
    assert check(long) == querycheck.Checked(long)
    deep = "ASK " + "{" * 2000 + "}" * 2000
    with warnings.catch_warnings():
        assert check(deep).advice == ()


def test_a_graph_warns() -> None:
    crossing = "SELECT ?p ?q { ?p a plan:Park . ?q a plan:Project }"
    with pytest.warns(QueryWarning, match=r"\?p and \?q share no variable"):
        answer = KG.query(crossing)
    assert answer == KG.query(crossing, check=False)
    assert len(answer) == 3  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40) | st.text(alphabet="SELECT{}?x.a:()<>'\"# \n", max_size=60))
def test_any_text_is_explained(text: str) -> None:
    try:
        check(text)
    except QueryError as error:
        assert error.line >= 0  # noqa: PT017


# ---------------------------------------------------------------- sequence paths

STEP = st.sampled_from(["<e:a>", "<e:b>", "^<e:a>"])
LAST = st.builds("{}{}".format, STEP.filter(lambda s: s[0] != "^"), st.sampled_from(["", "+", "*", "?"]))
NODES = [NamedNode(f"e:{name}") for name in "mnop"]
EDGES = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from("ab"), st.sampled_from(NODES)), max_size=10)
ENDS = st.sampled_from(["?x", "?y", "<e:m>", "<e:n>"])


@settings(max_examples=120, deadline=None)
@given(EDGES, st.lists(LAST | STEP, min_size=2, max_size=3), ENDS, ENDS, st.booleans())
def test_a_sequence_is_what_its_split_is(
    edges: list[tuple[NamedNode, str, NamedNode]], steps: list[str], start: str, end: str, distinct: bool
) -> None:
    """`s a/b+ o` has the rows of `s a ?v . ?v b+ o`, each as many times, in the store and in rdflib."""
    shown = " ".join(dict.fromkeys(t for t in (start, end) if t[0] == "?")) or "(1 AS ?k)"
    head = f"SELECT {'DISTINCT ' * distinct}{shown}"
    joints = [start, *(f"?v{n}" for n in range(1, len(steps))), end]
    whole = f"{head} {{ {start} {'/'.join(steps)} {end} }}"
    split = f"{head} {{ {' . '.join(f'{joints[n]} {step} {joints[n + 1]}' for n, step in enumerate(steps))} }}"
    store, graph = Store(), rdflib.Graph()
    for s, p, o in edges:
        store.add(Quad(s, NamedNode(f"e:{p}"), o))
        graph.add((rdflib.URIRef(s.value), rdflib.URIRef(f"e:{p}"), rdflib.URIRef(o.value)))
    rows = [Counter(map(str, found)) for q in (whole, split) if isinstance(found := store.query(q), QuerySolutions)]
    assert rows[0] == rows[1]
    if distinct:  # rdflib counts a node that `*` comes back to twice
        assert Counter(map(str, graph.query(whole))) == Counter(map(str, graph.query(split)))


def test_the_store_splits_sequences_itself() -> None:
    """As fast as its split: so there is nothing to rewrite."""
    chain = [Quad(NamedNode(f"e:{n}"), NamedNode("e:b"), NamedNode(f"e:{n + 1}")) for n in range(60)]
    fan = [Quad(NamedNode(f"e:x{k}"), NamedNode("e:a"), NamedNode(f"e:{k % 60}")) for k in range(600)]
    store = Store()
    store.extend(chain + fan)

    def seconds(query: str) -> tuple[float, int]:
        best, rows = 9.0, 0
        for _ in range(3):
            begin = time.process_time()
            rows = sum(1 for _ in store.query(query))
            best = min(best, time.process_time() - begin)
        return best, rows

    whole, count = seconds("SELECT ?x ?y { ?x <e:a>/<e:b>+ ?y }")
    split, again = seconds("SELECT ?x ?y { ?x <e:a> ?v . ?v <e:b>+ ?y }")
    assert count == again > 10_000
    assert whole < 5 * split
