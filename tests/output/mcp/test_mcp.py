"""The server as an assistant meets it: the SDK's own client over standard input and output."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.client.client import Client

from graph.questions import questions
from output.turtle import write_turtle
from plankg import __version__
from tests.cli import ROOT, process
from tests.graph.sample import TEXTS, sample

KG = sample()
PATIENCE = 240.0  # seconds: a loaded machine is slow, not broken
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PARKS = "SELECT ?p ?n { ?p a plan:Park ; rdfs:label ?n }"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "search": ("search", {"words": "化工"}),
    "search one": ("search", {"words": "化工", "limit": 1, "type": "Industry"}),
    "search pinyin": ("search", {"words": "mdq"}),
    "search bad type": ("search", {"words": "化工", "type": "Planet"}),
    "search bad limit": ("search", {"words": "化工", "limit": 100_000}),
    "entity": ("entity", {"name": "化工工业园", "quotes": 5}),
    "entity figures": ("entity", {"name": "米东区", "claims": 2}),
    "entity unknown": ("entity", {"name": "米东化工园"}),
    "ask": ("ask", {"question": "米东区发展哪些产业？"}),
    "ask name": ("ask", {"question": "park-industries", "parameters": {"park": "化工工业园"}}),
    "ask nothing": ("ask", {"question": "今天天气怎么样？"}),
    "ask unfit": ("ask", {"question": "district-industries", "parameters": {"district": "米东' } DROP ALL #"}}),
    "ask unknown": ("ask", {"question": "park-industries", "parameters": {"planet": "火星"}}),
    "questions": ("questions", {}),
    "sparql": ("sparql", {"query": PARKS}),
    "sparql numbers": ("sparql", {"query": 'SELECT ?v ?n { ?o plan:valueText "341.4" ; plan:value ?v BIND(1 AS ?n) }'}),
    "sparql cut": ("sparql", {"query": "SELECT ?s { ?s ?p ?o }", "limit": 3}),
    "sparql truth": ("sparql", {"query": "ASK { ?p a plan:Park }"}),
    "sparql triples": ("sparql", {"query": "CONSTRUCT { ?p a plan:Park } WHERE { ?p a plan:Park }"}),
    "sparql advice": ("sparql", {"query": "SELECT ?p { ?p a plan:Park . ?q a foaf:Person } LIMIT 1"}),
    "sparql wrong": ("sparql", {"query": "SELECT ?p {\n ?p nope:x 1 }"}),
    "sparql update": ("sparql", {"query": "DROP ALL"}),
    "sparql service": ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}),
    "sparql endless": ("sparql", {"query": ENDLESS}),
    "sparql after": ("sparql", {"query": PARKS}),
}


async def session(folder: Path) -> tuple[dict[str, Any], dict[str, Any], Any]:
    arguments = ["-m", "plankg", "mcp", str(folder / "graph.ttl"), "--timeout", "6"]
    server = StdioServerParameters(command=sys.executable, args=arguments, env={"PYTHONPATH": str(ROOT)})
    async with Client(server, read_timeout_seconds=PATIENCE) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        answers = {name: await client.call_tool(tool, given) for name, (tool, given) in CALLS.items()}
        return tools, answers, client.server_info


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any], Any]:
    folder = tmp_path_factory.mktemp("mcp")
    write_turtle(KG, folder / "graph.ttl")
    return asyncio.run(session(folder))


@pytest.fixture(scope="module")
def answers(met: tuple[dict[str, Any], dict[str, Any], Any]) -> dict[str, Any]:
    return met[1]


def given(answers: dict[str, Any], name: str) -> dict[str, Any]:
    assert not answers[name].is_error, answers[name]
    found = answers[name].structured_content
    assert isinstance(found, dict)
    return found


def complaint(answers: dict[str, Any], name: str) -> str:
    assert answers[name].is_error
    return str(answers[name].content[0].text)


def test_the_server_says_what_it_offers(met: tuple[dict[str, Any], dict[str, Any], Any]) -> None:
    tools, _, server = met
    assert (server.name, server.version) == ("plankg", __version__)
    assert sorted(tools) == ["ask", "entity", "questions", "search", "sparql"]
    for tool in tools.values():
        assert len(tool.description) > 40
        assert tool.output_schema["type"] == "object"
        assert tool.annotations.read_only_hint
    assert "Evidence" in tools["entity"].output_schema["$defs"]
    assert all("description" in p for p in tools["sparql"].input_schema["properties"].values())


def test_search(answers: dict[str, Any]) -> None:
    names = [item["name"] for item in given(answers, "search")["items"]]
    assert names[0] == "米东化工工业园"
    assert {"石油化工", "氯碱化工", "华泰重化工"} <= set(names)
    one = given(answers, "search one")
    assert ([item["type"] for item in one["items"]], one["more"]) == (["Industry"], True)
    first = given(answers, "search pinyin")["items"][0]
    assert (first["name"], first["how"]) == ("米东区", "pinyin")
    assert "Planet" in complaint(answers, "search bad type")
    assert "100" in complaint(answers, "search bad limit")


def test_an_entity_comes_with_its_evidence(answers: dict[str, Any]) -> None:
    card = given(answers, "entity")
    assert (card["name"], card["aliases"], card["type"]) == ("米东化工工业园", ["化工工业园"], "Park")
    assert card["claims_total"] == len(card["claims"]) > 2
    quotes = [quote for claim in card["claims"] for quote in claim["evidence"]]
    assert len(quotes) > 2
    for quote in quotes:
        assert TEXTS[quote["document"]][quote["start"] : quote["end"]] == quote["exact"]
        assert quote["section"]
    industries = {c["object"]["name"] for c in card["claims"] if c["predicate"] == "develops"}
    assert industries == {"石油化工", "生物医药产业"}


def test_figures_of_an_entity(answers: dict[str, Any]) -> None:
    card = given(answers, "entity figures")
    assert len(card["claims"]) == 2 < card["claims_total"]
    values = {(f["indicator"]["name"], f["value"], f["unit"], f["kind"]) for f in card["figures"]}
    assert ("地区生产总值", "341.4", "亿元", "actual") in values
    near = complaint(answers, "entity unknown")
    assert "no entity is called '米东化工园'; near are: 米东化工工业园 (park-" in near


def test_questions_are_answered(answers: dict[str, Any]) -> None:
    answer = given(answers, "ask")
    assert (answer["question"], answer["parameters"]["district"]) == ("district-industries", "米东区")
    assert "米东区发展哪些产业" in answer["taken_as"]
    assert answer["sparql"] == questions()["district-industries"].sparql
    named = given(answers, "ask name")
    assert named["rows"] == [["米东化工工业园", 2, "生物医药产业、石油化工"]]
    expected = KG.ask("park-industries", park="化工工业园")
    assert (named["columns"], len(named["rows"])) == (list(expected.variables), len(expected))


def test_questions_that_cannot_be_answered(answers: dict[str, Any]) -> None:
    assert "no ready question fits" in complaint(answers, "ask nothing")
    assert "does not fit the parameter 'district'" in complaint(answers, "ask unfit")
    assert "has no parameter 'planet'" in complaint(answers, "ask unknown")
    listed = given(answers, "questions")["items"]
    assert [item["name"] for item in listed] == list(questions())


def test_sparql(answers: dict[str, Any]) -> None:
    found = given(answers, "sparql")
    assert found["columns"] == ["p", "n"]
    assert [(row[0][:8], row[1]) for row in found["rows"]] == [("id:park-", "米东化工工业园")]
    assert given(answers, "sparql numbers")["rows"] == [[341.4, 1]]
    cut = given(answers, "sparql cut")
    assert (len(cut["rows"]), cut["truncated"]) == (3, True)
    assert given(answers, "sparql truth")["rows"] == [[True]]
    assert "plan:Park" in given(answers, "sparql triples")["turtle"]
    assert "share no variable" in given(answers, "sparql advice")["advice"][0]


def test_sparql_that_is_refused(answers: dict[str, Any]) -> None:
    assert "the prefix 'nope:' is not known" in complaint(answers, "sparql wrong")
    assert "line 2" in complaint(answers, "sparql wrong")
    assert "read-only" in complaint(answers, "sparql update")
    assert "SERVICE is not allowed" in complaint(answers, "sparql service")
    assert "took longer than 6 seconds" in complaint(answers, "sparql endless")
    assert given(answers, "sparql after") == given(answers, "sparql")


def test_without_a_graph_it_says_so(tmp_path: Path) -> None:
    done = process("mcp", tmp_path)
    assert (done.code, done.out) == (1, "")
    assert "holds no built graph" in done.complaint
