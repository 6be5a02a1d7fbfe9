"""What a graph offers to people who write Python."""

import pickle

import networkx
import pytest
import rdflib

from extract.errors import QuestionError
from graph.answers import Table
from tests.graph.sample import sample


def test_query_and_ask() -> None:
    kg = sample()
    answer = kg.query("SELECT ?name { ?x a plan:Park ; rdfs:label ?name }")
    assert isinstance(answer, Table)
    assert answer.dicts() == [{"name": "米东化工工业园"}]
    assert [row[0] for row in kg.ask("district-policies", district="乌鲁木齐市", status="ongoing")] == ["旅游兴疆战略"]
    assert kg.store is kg.store
    assert pickle.loads(pickle.dumps(kg)) == kg
    with pytest.raises(QuestionError, match="米东区"):
        kg.ask("district-policies", district="米冬区")


def test_other_libraries() -> None:
    kg = sample()
    graph = kg.to_rdflib()
    assert isinstance(graph, rdflib.Graph)
    rows = graph.query("SELECT ?name { ?x a plan:Park ; rdfs:label ?name }")
    assert [str(row[0]) for row in rows] == ["米东化工工业园"]  # type: ignore[index]
    network = kg.to_networkx()
    assert isinstance(network, networkx.MultiDiGraph)
    assert len(network) == len(kg.entities)
