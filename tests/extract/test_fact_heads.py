import re
from pathlib import Path

import numpy as np
import pytest

from extract.context import Context, Place
from extract.document import DocumentKind
from extract.encoder import FOLDER, HEADS, Encoder, load_encoders, read_together
from extract.errors import ModelError
from extract.extractor import Models, extract
from extract.fact_heads import DISTANCES, FRAME, FactHeads, distance, frame
from extract.layout import lay_out
from extract.relations import ELSEWHERE, NONE, RelationModel, scenes
from ontology.schema import EntityType, Predicate, Status

TEXT = "第一章 产业发展\n加快建设云河湾产业园，大力发展生物医药产业，实施乡村振兴战略。\n"


@pytest.fixture(scope="module")
def encoders() -> tuple[Encoder, ...]:
    return load_encoders()


@pytest.fixture(scope="module")
def reader(encoders: tuple[Encoder, ...]) -> tuple[Encoder, FactHeads]:
    """The one encoder that has heads."""
    ((encoder, heads),) = [(e, e.heads) for e in encoders if e.heads]
    return encoder, heads


def _context(text: str, *names: tuple[str, EntityType]) -> Context:
    places = tuple(Place(text.index(name), text.index(name) + len(name), kind, name) for name, kind in names)
    alone = tuple((i, i) for i in range(len(places)))
    return Context(text, places, (), alone, False, DocumentKind.PLAN, "body", ())


def test_the_heads_know_what_a_sentence_says(reader: tuple[Encoder, FactHeads]) -> None:
    text = "加快建设云河湾产业园，大力发展生物医药产业，全面实施乡村振兴战略。"
    context = _context(
        text,
        ("云河湾产业园", EntityType.PARK),
        ("生物医药", EntityType.INDUSTRY),
        ("乡村振兴战略", EntityType.POLICY),
    )
    encoder, heads = reader
    (states,) = encoder.read([text]).states
    found = heads.own(states, context)
    assert found.sum(1) == pytest.approx(1, abs=1e-4)
    assert [heads.own_labels[i].partition(":")[0] for i in found.argmax(1)] == ["plans", "develops", "implements"]


def test_a_park_that_lies_in_a_district(reader: tuple[Encoder, FactHeads]) -> None:
    text = "云河湾产业园位于青石区，重点发展新材料产业。"
    context = _context(
        text, ("云河湾产业园", EntityType.PARK), ("青石区", EntityType.DISTRICT), ("新材料", EntityType.INDUSTRY)
    )
    encoder, heads = reader
    (states,) = encoder.read([text]).states
    found = heads.pairs(states, context, [(0, 1), (0, 2), (1, 0)])
    labels = heads.pair_labels
    assert found.shape == (3, len(labels))
    assert found.sum(1) == pytest.approx(1, abs=1e-4)
    assert labels[found[1].argmax()] == "develops"
    assert found[0, labels.index("locatedIn")] > 10 * found[2, labels.index("locatedIn")]


def test_labels_are_those_of_the_vocabulary(reader: tuple[Encoder, FactHeads]) -> None:
    _, heads = reader
    checked = 0
    for label in {*heads.own_labels, *heads.pair_labels} - {NONE, ELSEWHERE}:
        name, _, status = label.removeprefix("~").partition(":")
        assert Predicate(name)
        assert not status or Status(status)
        checked += 1
    assert checked > 15


def test_an_encoder_without_heads_has_no_view(encoders: tuple[Encoder, ...]) -> None:
    joined = read_together(encoders, ["发展工业。"])
    assert len(encoders) == 2
    assert len(joined.views) == 1
    assert joined.scores[0].shape == (5, len(joined.labels))


def test_the_frame_has_its_length_and_tells_the_chapter() -> None:
    context = _context("发展工业。", ("工业", EntityType.INDUSTRY))
    assert len(frame(context)) == FRAME
    assert sum(frame(context)) == 2  # a plan, a body sentence


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((0, 2), (2, 4), 0),
        ((0, 2), (500, 502), 11),
        ((5, 9), (0, 4), 13),
        ((900, 902), (0, 4), 23),
        ((0, 9), (2, 4), 12),
    ],
)
def test_distance(first: tuple[int, int], second: tuple[int, int], expected: int) -> None:
    subject, target = (Place(a, b, EntityType.PARK, "") for a, b in (first, second))
    assert distance(subject, target) == expected < DISTANCES


def test_views_change_what_is_stated(encoders: tuple[Encoder, ...]) -> None:
    document = lay_out(TEXT, id="cloud", district="米东区")
    mentions = extract(document).mentions
    relations: RelationModel = Models.load().relations
    joined = read_together(encoders, [sentence.text.clean for sentence in document.sentences])
    alone, seen = relations.facts(document, mentions), relations.facts(document, mentions, joined.views)
    confidence = {(f.predicate, f.object.surface if f.object else ""): f.confidence for f in alone}
    changed = [f for f in seen if confidence.get((f.predicate, f.object.surface if f.object else "")) != f.confidence]
    assert len(list(scenes(document, mentions))) >= 1
    assert {(f.predicate.value, f.object.surface[:4] if f.object else "") for f in seen} >= {
        ("plans", "云河湾产"),
        ("develops", "生物医药"),
    }
    assert len(changed) >= 2


def test_heads_come_back_as_they_were_saved(tmp_path: Path) -> None:
    heads = FactHeads.load(FOLDER / f"e5{HEADS}")
    heads.save(tmp_path / "copy.npz")
    again = FactHeads.load(tmp_path / "copy.npz")
    assert (again.own_labels, again.pair_labels) == (heads.own_labels, heads.pair_labels)
    assert again.weights.keys() == heads.weights.keys()
    assert all(np.array_equal(again.weights[name], heads.weights[name]) for name in heads.weights)


@pytest.mark.parametrize("content", [None, b"", b"not numbers", b"PK\x03\x04broken"])
def test_a_damaged_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "broken.facts.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(str(path))):
        FactHeads.load(path)
