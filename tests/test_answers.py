"""The named questions of the five bundled documents: rows that were checked by hand against their sentences.

In `cases/answers.jsonl` a value that begins with "~" has to stand somewhere in the cell.
"""

import json
from collections import defaultdict
from pathlib import Path

import pytest

import plankg
from graph.model import KnowledgeGraph
from graph.questions import questions

LINES = (Path(__file__).parent / "cases" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
EXPECTED: dict[str, list[dict[str, str]]] = defaultdict(list)
for case in CASES:
    EXPECTED[case["question"]].append(case["row"])
# They speak of the extraction, not of the documents.
ABOUT_THE_GRAPH = {"least-certain", "rules"}


@pytest.fixture(scope="module")
def graph(whole: Path) -> KnowledgeGraph:
    return plankg.load(whole)


def test_every_question_has_rows() -> None:
    assert set(EXPECTED) | ABOUT_THE_GRAPH == set(questions())
    assert all(len(rows) >= 3 for rows in EXPECTED.values())


def fits(cell: object, expected: str) -> bool:
    return expected[1:] in str(cell) if expected.startswith("~") else str(cell) == expected


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_answer_holds_what_the_documents_say(name: str, graph: KnowledgeGraph) -> None:
    answer = graph.ask(name).dicts()
    missing = [
        row for row in EXPECTED[name] if not any(all(fits(found[k], v) for k, v in row.items()) for found in answer)
    ]
    assert not missing


@pytest.mark.parametrize("name", sorted(ABOUT_THE_GRAPH))
def test_questions_about_the_graph_have_answers(name: str, graph: KnowledgeGraph) -> None:
    assert len(graph.ask(name)) >= 3


def test_no_licence_is_stated_that_nobody_told(graph: KnowledgeGraph) -> None:
    found = graph.query("SELECT ?licence { ?graph a void:Dataset ; dcterms:license ?licence }")
    assert graph.licence == ""
    assert list(found) == []
