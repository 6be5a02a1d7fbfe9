"""What a worker answers to a named question: as planned with its values, or as it was kept."""

import json
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions, Store

from graph.kept import AnswerWriter
from graph.posing import posed
from graph.questions import question
from graph.rdf import prefixes
from output.server.prepared import StoredGraph, prepared, ready
from output.server.worker import Answerer

ASKED = question("district-policies")


def rows(answerer: Answerer, query: str, bindings: dict[str, str], default: list[str] | None = None) -> list[Any]:
    request = {"query": query, "default": default, "named": None, "bindings": bindings, "table": "json", "graph": None}
    head, body = answerer.answer(request)
    assert head["kind"] == "json", head
    found: list[Any] = json.loads(body)["results"]["bindings"]
    return found


def test_a_kept_answer_is_given_for_its_question_and_values_only(folder: Path, tmp_path: Path) -> None:
    with prepared(folder) as made:
        assert made.answers is None
        told = {"store": str(made.store), "prefixes": prefixes(made.base), "limit": 1 << 20, "spool": str(tmp_path)}
        told |= ready(made)
        values = ASKED.substitutions(StoredGraph(made.store, made.base))
        bindings = {name: str(term) for name, term in values.items()}
        live = rows(Answerer(told), ASKED.sparql, bindings)
        assert [row["policy"]["value"] for row in live] == ["乡村振兴战略", "国家服务贸易试点区"]
        assert {row["district"]["value"] for row in live} == {values["district"].value}
        with AnswerWriter(tmp_path / "answers") as writer:  # one that can be told from what the store says
            other = Store().query("SELECT ?policy { VALUES ?policy { 'kept' } }")
            assert isinstance(other, QuerySolutions)
            writer.add(posed(ASKED.sparql, values), values, other)
        answerer = Answerer(told | {"answers": str(tmp_path / "answers")})
        assert [row["policy"]["value"] for row in rows(answerer, ASKED.sparql, bindings)] == ["kept"]
        assert rows(answerer, f"# mine\n{ASKED.sparql}", bindings) == live
        assert len(rows(answerer, ASKED.sparql, {})) == 3
        assert rows(answerer, ASKED.sparql, bindings, default=["http://example.org/none"]) == []
