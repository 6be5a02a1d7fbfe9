"""A graph from which the unsure is left out: what goes, what stays, and that it is still sound."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import PlankgError
from graph.confidence import at_least
from graph.model import KnowledgeGraph
from graph.resolve import build_graph
from graph.verify import check
from ontology.schema import Predicate
from output.turtle import write_turtle
from tests.graph.goldextract import by_hand
from tests.graph.sample import MIDONG, rich, sample

TEXT = "化工工业园发展氯碱化工。\n\n化工园区发展生物医药。米东区与喀什市合作。"
NAMES = [
    ("Park", "化工工业园"),
    ("Park", "化工园区"),
    ("Industry", "氯碱化工"),
    ("Industry", "生物医药"),
    ("District", "米东区"),
    ("District", "喀什市"),
]
FACTS = [
    ("develops", "化工工业园", "氯碱化工", ""),
    ("develops", "化工园区", "生物医药", ""),
    ("cooperatesWith", "米东区", "喀什市", ""),
]


def graph(unsure: str = "", claim: float = 1.0) -> KnowledgeGraph:
    """Return the graph of TEXT, in which mentions of `unsure` have 0.4 and claims the given confidence."""
    found = by_hand("plan", TEXT, NAMES, "米东区", "650109", facts=FACTS)
    weak = {m: replace(m, confidence=0.4) for m in found.mentions if m.surface == unsure}
    facts = tuple(
        replace(
            f,
            subject=weak.get(f.subject, f.subject) if f.subject else None,
            object=weak.get(f.object, f.object) if f.object else None,
            confidence=claim,
        )
        for f in found.facts
    )
    return build_graph([replace(found, mentions=tuple(weak.get(m, m) for m in found.mentions), facts=facts)])


def names(kg: KnowledgeGraph) -> set[str]:
    return {e.name for e in kg.entities}


def said(kg: KnowledgeGraph) -> set[tuple[str, str, str]]:
    return {
        (kg.by_id[c.subject].name, c.predicate.value, kg.by_id[c.object].name) for c in kg.claims if not c.is_reference
    }


def listed(kg: KnowledgeGraph) -> set[tuple[str, str]]:
    return {(kg.by_id[c.subject].name, kg.by_id[c.object].name) for c in kg.claims if c.is_reference}


def test_of_a_sure_graph_nothing_falls() -> None:
    for kg in (graph(), sample()):
        assert at_least(kg, 0) == kg
    assert at_least(graph(), 0.7) == graph()  # of which the park has its place by its name


def test_a_claim_falls_with_its_object() -> None:
    kg = graph("生物医药")
    assert names(kg) - names(at_least(kg, 0.5)) == {"生物医药"}
    assert said(kg) - said(at_least(kg, 0.5)) == {("化工工业园", "develops", "生物医药")}
    assert at_least(kg, 0.4) == kg


def test_a_district_falls_with_all_that_lists_say_of_it() -> None:
    kg = graph("喀什市")
    assert {("喀什市", "喀什地区"), ("喀什地区", "新疆维吾尔自治区"), ("米东区", "乌鲁木齐市")} <= listed(kg)
    left = at_least(kg, 0.5)
    assert names(kg) - names(left) == {"喀什市", "喀什地区"}
    own = {("化工工业园", "米东区"), ("米东区", "乌鲁木齐市"), ("乌鲁木齐市", "新疆维吾尔自治区")}
    assert listed(left) == own


def test_the_own_district_stays_though_nothing_else_does() -> None:
    left = at_least(graph("米东区", claim=0.2), 0.5)
    own = next(e for e in left.entities if e.name == "米东区")
    assert own.occurrences == ()
    assert said(left) == set()
    assert listed(left) >= {("米东区", "乌鲁木齐市")}


def test_unsure_claims_fall_and_mentions_stay() -> None:
    kg = graph(claim=0.6)
    left = at_least(kg, 0.7)
    assert said(kg) != set() == said(left)
    assert left.entities == kg.entities


def test_an_entity_loses_the_name_that_only_unsure_mentions_bore() -> None:
    kg = graph("化工工业园")
    (before,) = [e for e in kg.entities if e.name == "化工工业园"]
    assert before.aliases == ("化工园区",)
    left = at_least(kg, 0.5)
    park = left.by_id[before.id]
    assert (park.name, park.aliases, park.merges) == ("化工园区", (), ())
    assert [o.surface for o in park.occurrences] == ["化工园区"]
    assert said(left) == {("化工园区", "develops", "生物医药"), ("米东区", "cooperatesWith", "喀什市")}


def test_a_claim_keeps_its_other_quotes() -> None:
    kg = sample()
    claim = next(c for c in kg.claims if c.predicate is Predicate.IMPLEMENTS and c.source == MIDONG)
    (quote,) = claim.evidence
    assert quote.object is not None
    park = next(e for e in kg.entities if e.name == "米东化工工业园")
    first = next(o for o in park.occurrences if o.doc == MIDONG)
    second = replace(quote, rule="other", subject=first.span)
    twice = tuple(replace(c, evidence=(quote, second)) if c is claim else c for c in kg.claims)
    weak = replace(park, occurrences=tuple(replace(o, confidence=0.1) if o is first else o for o in park.occurrences))
    kg = replace(kg, claims=twice, entities=tuple(weak if e is park else e for e in kg.entities))
    (left,) = [c for c in at_least(kg, 0.2).claims if c.id == claim.id]
    assert left.evidence == (quote,)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=200, max_size=200), st.integers(0, 10), st.integers(0, 10))
def test_any_confidences_leave_a_graph_that_holds_together(weights: list[int], low: int, high: int) -> None:
    kg, weight = rich(), iter(weights)
    kg = replace(
        kg,
        entities=tuple(
            replace(e, occurrences=tuple(replace(o, confidence=next(weight) / 10) for o in e.occurrences))
            for e in kg.entities
        ),
        claims=tuple(replace(c, confidence=next(weight) / 10) for c in kg.claims),
        observations=tuple(replace(o, confidence=next(weight) / 10) for o in kg.observations),
    )
    left = at_least(kg, low / 10)
    ids = {e.id for e in left.entities}
    assert {side for c in left.claims for side in (c.subject, c.object)} <= ids
    assert {side for o in left.observations for side in (o.subject, o.indicator)} <= ids
    assert {side for m in left.near_misses for side in (m.one, m.other)} <= ids
    confidences = [o.confidence for e in left.entities for o in e.occurrences]
    confidences += [s.confidence for s in (*left.claims, *left.observations)]
    assert all(confidence >= low / 10 for confidence in confidences)
    assert all(c.evidence for c in left.claims if not c.is_reference)
    assert at_least(left, low / 10) == left
    if low <= high:
        assert {c.id for c in at_least(kg, high / 10).claims} <= {c.id for c in left.claims}


@pytest.mark.parametrize("least", [0.85, 0.88])
def test_what_is_left_is_verified(least: float, tmp_path: Path) -> None:
    """Claims of the sample have 0.9, figures 0.8, mentions 0.875: the quotes are still cut from the texts."""
    left = at_least(rich(), least)
    assert left.observations == ()
    assert (left.claims != ()) == (least < 0.875)
    write_turtle(left, tmp_path / "graph.ttl")
    (tmp_path / "text").mkdir()
    for source in left.sources:
        (tmp_path / "text" / source.file).write_bytes(source.raw.encode())
    report = check(tmp_path)
    assert report.problems == ()
    assert report.checked["quotes"] == (len({q for c in left.claims for q in c.evidence}))


@pytest.mark.parametrize("wrong", [-1, 2, float("nan")])
def test_a_confidence_is_a_number_from_0_to_1(wrong: float) -> None:
    with pytest.raises(PlankgError, match="from 0 to 1"):
        at_least(sample(), wrong)
