"""Free questions: those that the cues were made with, others that were written afterwards, and none."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.matcher import Match, candidates, match, names_in
from graph.questions import questions
from graph.store import GraphStore
from tests.graph.sample import hostile, rich

STORE = GraphStore.of(rich())
CASES = Path(__file__).parents[1] / "cases"


def rows(name: str) -> list[dict[str, str]]:
    with (CASES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def right(row: dict[str, str]) -> bool:
    found = match(row["text"], STORE)
    if found is None:
        return row["question"] == ""
    wanted = dict(pair.split("=") for pair in row["values"].split(";") if pair)
    return found.question.name == row["question"] and wanted.items() <= dict(found.values).items()


KNOWN = rows("free_questions.csv")


@pytest.mark.parametrize("row", KNOWN, ids=[row["text"] for row in KNOWN])
def test_a_question_is_understood(row: dict[str, str]) -> None:
    assert right(row), candidates(row["text"], STORE)


def test_every_named_question_has_a_free_one() -> None:
    assert {row["question"] for row in KNOWN} - {""} == set(questions())
    assert sum(row["question"] == "" for row in KNOWN) >= 12


def test_questions_written_afterwards() -> None:
    """33 of these 40 were right before any cue was changed for them."""
    held_out = rows("free_questions_held_out.csv")
    assert len(held_out) == 40
    wrong = [row["text"] for row in held_out if not right(row)]
    assert len(wrong) <= 3, wrong


def test_a_match_can_be_asked() -> None:
    asked = 0
    for row in KNOWN:
        found = match(row["text"], STORE)
        if found is not None and found.question.name != "chapter-facts":  # its default is a bundled document
            missing = [p for p in found.question.parameters if p.default == "伊宁市" and p.name not in found.values]
            assert not missing
            found.question.ask(STORE, found.values)
            asked += 1
    assert asked > 80


def test_it_says_what_it_took() -> None:
    found = match("米东区已建成的项目有哪些", STORE)
    assert isinstance(found, Match)
    assert found.explain() == "按此问题回答：米东区有哪些项目，进展如何？（district-projects）"
    assert found.explain("en") == (
        "Taken as: Which projects does 米东区 carry out, and how far are they? (district-projects)"
    )
    assert found.values == {"district": "米东区", "status": "done"}


def test_names_are_the_longest() -> None:
    found = names_in("化工工业园污水处理厂在米东化工工业园", STORE)
    assert [n.name for n in found] == ["化工工业园污水处理厂", "米东化工工业园"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_taken(text: str) -> None:
    assert len(candidates(text, STORE)) <= 3


def test_hostile_questions_bind_their_words() -> None:
    store = GraphStore.of(hostile())
    for text in ('哪些区县发展“" } #”产业', "哪些区县发展“<script>”产业？", "关于=HYPERLINK园说了什么"):
        found = match(text, store)
        if found is not None:
            assert len(found.question.ask(store, found.values)) == 0
