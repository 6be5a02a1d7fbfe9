"""Training sentences with other names in them keep their labels, places and facts."""

from pathlib import Path

import pytest

from extract.gold import read_passages
from extract.reading import read_document
from extract.samples import Sample, samples
from extract.tagger import decode
from extract.variation import Variation, annotated_names, official_names
from ontology.schema import EntityType

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "tests" / "gold" / "train.jsonl"
DOCUMENT = "xinshi-report-2022"


@pytest.fixture(scope="module")
def annotated() -> list[Sample]:
    document = read_document(ROOT / "corpus" / f"{DOCUMENT}.txt")
    return [s for p in read_passages(GOLD) if p.doc == DOCUMENT for s in samples(document, p)]


def spans(sample: Sample) -> list[tuple[str, str]]:
    """Return the names that the labels mark, with their types."""
    return [(sample.text[start:end], kind) for start, end, kind in decode(list(sample.labels))]


def test_labels_and_places_move_with_the_names(annotated: list[Sample]) -> None:
    names = annotated_names(annotated)
    variation = Variation(names, {}, share=1.0, seed=3)
    changed = checked = 0
    for sample in annotated:
        other = variation(sample)
        assert len(other.labels) == len(other.text)
        assert (other.own, other.pairs) == (sample.own, sample.pairs)
        if sample.context is None or other.context is None:
            assert other == sample
            continue
        pairs = zip(sample.context.places, other.context.places, strict=True)
        for before, after in pairs:
            name = other.text[after.start : after.end]
            assert after.type is before.type
            assert (name, after.type.value) in spans(other)
            assert name in names.get(after.type, ()) or name == sample.text[before.start : before.end]
            checked += 1
        assert other.high - other.low == sample.high - sample.low + len(other.text) - len(sample.text)
        changed += other.text != sample.text
    assert checked > 150
    assert changed > 40


def test_what_stands_between_the_names_stays(annotated: list[Sample]) -> None:
    sample = max(annotated, key=lambda s: len(s.context.places) if s.context else 0)
    other = Variation(annotated_names(annotated), {}, share=1.0, seed=5)(sample)
    assert other.context is not None
    rest = [
        "".join(char for char, label in zip(s.text, s.labels, strict=True) if label == "O") for s in (sample, other)
    ]
    assert rest[0] == rest[1]
    assert other.text != sample.text


def test_the_same_seed_gives_the_same_sentences(annotated: list[Sample]) -> None:
    one, other = (list(map(Variation.of(annotated, 0.6, 1), annotated)) for _ in range(2))
    assert one == other
    assert one != list(map(Variation.of(annotated, 0.6, 2), annotated))


def test_indicators_keep_their_names_and_none_are_varied_without_a_share(annotated: list[Sample]) -> None:
    assert EntityType.INDICATOR not in annotated_names(annotated)
    still = Variation.of(annotated, 0.0, 1)
    assert [still(sample) for sample in annotated] == annotated
    assert len(annotated) > 100


def test_public_names_are_such_as_a_plan_might_write() -> None:
    names = official_names()
    assert {"谷物种植", "再保险"} <= set(names[EntityType.INDUSTRY])
    assert not [name for name in names[EntityType.INDUSTRY] if "其他" in name or "、" in name]
    assert "米东区" in names[EntityType.DISTRICT]
    assert len(names[EntityType.INDUSTRY]) > 500
