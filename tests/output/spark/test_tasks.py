"""What tasks compute, put together without Spark: in whatever pieces, it is what one machine computes."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.extraction import Extraction
from graph.digest import digest_of_sorted, distinct, lines_digest
from graph.identity import Key, kind_of
from graph.near import across_documents
from graph.rdf import documented, rows
from graph.resolve import build_graph, resolved
from graph.terms import Names
from graph.thing import Thing, joined
from ontology.schema import ENTITY_BASE, EntityType
from output.spark.blocks import meet, members
from output.spark.shipping import Part, Read, extraction_of, key_of, key_text, read_of, thing_of, thing_text
from output.spark.tasks import File, Reading, join, quads, read, say
from output.synth.nation import nation
from output.synth.truth import extraction as truth
from tests.cli import PLAN
from tests.graph.goldextract import gold_extractions

LEAST = 0.0


@pytest.fixture(scope="module")
def extractions() -> list[Extraction]:
    return gold_extractions()


@pytest.fixture(scope="module")
def said(extractions: list[Extraction], tmp_path_factory: pytest.TempPathFactory) -> list[Part]:
    texts = tmp_path_factory.mktemp("texts")
    found = list(say(map(read_of, extractions), ENTITY_BASE, texts))
    assert {path.name for path in texts.iterdir()} == {f"{e.document.id}.txt" for e in extractions}
    return found


@pytest.fixture(scope="module")
def whole(said: list[Part]) -> list[Part]:
    things = sorted((part for part in said if part.kind == "thing"), key=lambda part: (part.key, part.doc))
    return list(join(things, ENTITY_BASE, LEAST))


def of(parts: list[Part], kind: str) -> list[Part]:
    found = [part for part in parts if part.kind == kind]
    assert found
    return found


def test_a_document_travels_with_all_that_it_says(extractions: list[Extraction]) -> None:
    assert len(extractions) == 5
    for extraction in extractions:
        back = extraction_of(read_of(extraction))
        assert (back.mentions, back.facts, back.observations) == (
            extraction.mentions,
            extraction.facts,
            extraction.observations,
        )
        assert (back.document.raw, back.document.meta) == (extraction.document.raw, extraction.document.meta)
        assert resolved(back) == resolved(extraction)


def test_entities_are_those_of_the_graph(extractions: list[Extraction], whole: list[Part]) -> None:
    kg = build_graph(extractions)
    made = {row["id"]: row for row in (json.loads(part.text) for part in of(whole, "entity"))}
    mentioned = [e for e in kg.entities if e.id in made]
    assert len(mentioned) == len(made) > 300
    assert all(not e.occurrences for e in kg.entities if e.id not in made), "only public lists name the others"
    for entity in mentioned:
        row = made[entity.id]
        assert (row["name"], tuple(row["aliases"]), row["code"]) == (entity.name, entity.aliases, entity.code)
        assert (row["mentions"], row["documents"]) == (len(entity.occurrences), len(entity.documents))
        assert tuple(row["links"]) == entity.links
        assert row["gbt4754"] == [f"{m.code} {m.relation}" for m in entity.mappings]


def test_what_documents_say_is_what_the_graph_has_of_them(extractions: list[Extraction], said: list[Part]) -> None:
    local = {str(part.text): part.doc for part in quads(rows(build_graph(extractions)), Names()) if part.doc}
    assert {part.text: part.doc for part in of(said, "quad")} == local


def test_names_that_look_alike_meet_in_blocks(extractions: list[Extraction]) -> None:
    made_up = [truth(made.draft, made.id) for made in nation(8, seed=5, characters=600)]
    things = joined(thing for extraction in (*extractions, *made_up) for thing in resolved(extraction).things)
    expected = {(miss.one, miss.other): miss for miss in across_documents(things)}
    blocks = sorted(members(map(key_text, things)))
    assert {(m.one, m.other): m.near_miss() for m in meet(blocks)} == expected
    assert len(expected) > 5


def test_a_thing_travels_without_loss(extractions: list[Extraction]) -> None:
    things = resolved(extractions[0]).things
    assert len(things) > 50
    for thing in things:
        back = thing_of(key_text(thing.key), thing_text(thing))
        back.occurrences = thing.occurrences
        assert back == thing
        assert kind_of(back.entity().id) is thing.key.type


def test_things_are_joined_in_any_grouping(extractions: list[Extraction]) -> None:
    """(a b) c is a (b c), as long as the documents stay in order."""
    pieces = [resolved(extraction).things for extraction in extractions]
    expected = {key: thing.entity() for key, thing in copied(*pieces).items()}
    cuts = list(combinations(range(1, len(pieces)), 1))
    assert len(cuts) == 4
    for (cut,) in cuts:
        left, right = copied(*pieces[:cut]), copied(*pieces[cut:])
        both = joined([*left.values(), *right.values()])
        assert {key: thing.entity() for key, thing in both.items()} == expected


def copied(*pieces: list[Thing]) -> dict[Key, Thing]:
    """Join copies of pieces: to join changes the first of them."""

    def copy(thing: Thing) -> Thing:
        made = thing_of(key_text(thing.key), thing_text(thing))
        made.occurrences = list(thing.occurrences)
        return made

    return joined(copy(thing) for things in pieces for thing in things)


def test_a_document_that_cannot_be_read_tells_why(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "empty.txt").touch()
    files = [File(str(tmp_path / name)) for name in ("plan.txt", "empty.txt", "none.txt")]
    found = list(read(files, Reading(None, "fast", LEAST)))
    assert [(row.doc, bool(row.said), bool(row.problem)) for row in found] == [
        ("plan", True, False),
        ("empty", False, True),
        ("none", False, True),
    ]
    assert isinstance(found[0], Read)
    assert str(tmp_path / "none.txt") in found[2].problem


@given(st.text(), st.text())
def test_keys_travel(scope: str, name: str) -> None:
    key = Key(EntityType.PARK, scope, name)
    assert key_of(key_text(key)) == key
    assert "\n" not in key_text(key)


@settings(max_examples=50)
@given(st.integers(1, 5000))
def test_the_digest_is_the_same_in_any_chunks(size: int) -> None:
    lines = sorted(f'<urn:{n}> <urn:p> "{n}" .' for n in range(50))
    text = ("\n".join(lines) + "\n").encode()
    chunks = [text[at : at + size] for at in range(0, len(text), size)]
    assert digest_of_sorted(chunks) == lines_digest(lines)


def test_the_digest_of_pieces_is_that_of_the_graph(extractions: list[Extraction]) -> None:
    kg = build_graph(extractions)
    found = documented(kg)
    lines = sorted({part.key for part in quads(found[:-1], Names())})
    assert digest_of_sorted(["\n".join(lines).encode()]) == found[-1].object.value
    assert distinct(row[:3] for row in found[:-1])[1] == found[-1].object.value
