import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import ReviewError
from extract.span import Span
from graph.corrections import Action, Correction, corrections_csv, quote_hash, read_corrections, sentence_at
from graph.doubts import doubtful, doubts_csv
from graph.model import Claim, Entity, KnowledgeGraph
from graph.resolve import build_graph
from graph.review import Reviewed, replay
from graph.training import training_passages
from ontology.schema import EntityType, Predicate, Status
from tests.graph.goldextract import by_hand, gold_extractions

TEXT = "建设老龙河公园，推进化工工业园建设。\n\n化工园区发展氯碱化工。米东区与喀什合作。"
NAMES = [
    ("Facility", "老龙河公园"),
    ("Park", "化工工业园"),
    ("Park", "化工园区"),
    ("Industry", "氯碱化工"),
    ("District", "米东区"),
    ("District", "喀什"),
]
FACTS = [
    ("plans", None, "老龙河公园", "planned"),
    ("plans", None, "化工工业园", "ongoing"),
    ("develops", "化工园区", "氯碱化工", ""),
    ("cooperatesWith", "米东区", "喀什", ""),
]


def built() -> KnowledgeGraph:
    return build_graph([by_hand("plan", TEXT, NAMES, "米东区", "650109", facts=FACTS)])


def named(kg: KnowledgeGraph, name: str) -> Entity:
    (found,) = [e for e in kg.entities if name in (e.name, *e.aliases)]
    return found


def said(kg: KnowledgeGraph) -> list[Claim]:
    return [c for c in kg.claims if not c.is_reference]


def claim(kg: KnowledgeGraph, predicate: Predicate, obj: str) -> Claim:
    (found,) = [c for c in said(kg) if c.predicate is predicate and kg.by_id[c.object].name == obj]
    return found


def corrected(kg: KnowledgeGraph, *corrections: Correction) -> Reviewed:
    result = replay(kg, corrections)
    assert result.stale == ()
    assert len(result.applied) == len(corrections)
    return result


def test_nothing_to_correct_changes_nothing() -> None:
    for kg in (built(), build_graph(gold_extractions())):
        assert replay(kg, []).graph == kg


def test_reject_a_claim() -> None:
    kg = built()
    wrong = claim(kg, Predicate.PLANS, "老龙河公园")
    after = corrected(kg, Correction(Action.REJECT, wrong.id, quote=quote_hash(TEXT))).graph
    assert {c.id for c in said(after)} == {c.id for c in said(kg)} - {wrong.id}


def test_reject_an_entity_and_all_that_is_said_about_it() -> None:
    kg = built()
    park = named(kg, "化工园区")
    after = corrected(kg, Correction(Action.REJECT, park.id)).graph
    assert park.id not in after.by_id
    assert not [c for c in after.claims if park.id in (c.subject, c.object)]


def test_an_official_division_is_never_rejected() -> None:
    kg = built()
    result = replay(kg, [Correction(Action.REJECT, named(kg, "米东区").id)])
    assert [s.reason for s in result.stale] == ["it is an official division; reject the statements about it instead"]
    assert result.graph.by_id.keys() == kg.by_id.keys()


def test_accept_makes_sure() -> None:
    kg = built()
    sure = claim(kg, Predicate.PLANS, "老龙河公园")
    after = corrected(kg, Correction(Action.ACCEPT, sure.id), Correction(Action.ACCEPT, named(kg, "喀什").id)).graph
    assert claim(after, Predicate.PLANS, "老龙河公园").confidence == 1.0
    assert {o.confidence for o in named(after, "喀什").occurrences} == {1.0}


def test_retype_takes_the_statements_along_where_they_may_stand() -> None:
    kg = built()
    after = corrected(kg, Correction(Action.RETYPE, named(kg, "老龙河公园").id, "Park")).graph
    park = named(after, "老龙河公园")
    assert park.type is EntityType.PARK
    assert park.id.startswith("park-")
    assert claim(after, Predicate.PLANS, "老龙河公园").object == park.id
    spoiled = corrected(kg, Correction(Action.RETYPE, named(kg, "老龙河公园").id, "Industry")).graph
    assert len(said(spoiled)) == len(said(kg)) - 1
    assert any("left out plans between 米东区 (District) and 老龙河公园 (Industry)" in w for w in spoiled.warnings)


def test_rename_keeps_the_id_and_the_old_name() -> None:
    kg = built()
    park = named(kg, "化工园区")
    after = corrected(kg, Correction(Action.RENAME, park.id, "米东化工工业园")).graph
    assert after.by_id[park.id].name == "米东化工工业园"
    assert {"化工工业园", "化工园区"} <= set(after.by_id[park.id].aliases)


def test_merge_and_its_reason() -> None:
    kg = built()
    open_place, other = named(kg, "喀什"), named(kg, "乌鲁木齐市")
    after = corrected(kg, Correction(Action.MERGE, open_place.id, other.id, note="just a test")).graph
    assert open_place.id not in after.by_id
    assert ("喀什", "joined by a person: just a test") in [(m.surface, m.reason) for m in after.by_id[other.id].merges]
    assert claim(after, Predicate.COOPERATES_WITH, "乌鲁木齐市").subject == named(after, "米东区").id


def test_split_takes_what_stands_at_the_surface_along() -> None:
    kg = built()
    park = named(kg, "化工园区")
    after = corrected(kg, Correction(Action.SPLIT, park.id, "化工园区")).graph
    one, other = named(after, "化工工业园"), named(after, "化工园区")
    assert one.id == park.id != other.id
    assert claim(after, Predicate.PLANS, "化工工业园").object == one.id
    assert claim(after, Predicate.DEVELOPS, "氯碱化工").subject == other.id
    again = corrected(
        build_graph([by_hand("plan", TEXT, NAMES, "米东区", "650109", facts=FACTS)]),
        Correction(Action.SPLIT, park.id, "化工园区"),
    )
    assert again.graph == after


def test_relate_adds_a_claim_with_its_sentence() -> None:
    kg = built()
    park, industry = named(kg, "化工工业园"), named(kg, "氯碱化工")
    facility = named(kg, "老龙河公园")
    sentence = "化工园区发展氯碱化工。"
    after = corrected(
        kg,
        Correction(Action.RELATE, park.id, f"plans {facility.id} planned", "plan", quote_hash(sentence), sentence),
        Correction(Action.RELATE, facility.id, f"develops {industry.id}", "plan", "", sentence),
    ).graph
    new = [c for c in said(after) if c.id not in {c.id for c in kg.claims}]
    assert {(c.predicate, c.status) for c in new} == {(Predicate.PLANS, Status.PLANNED), (Predicate.DEVELOPS, None)}
    assert {c.evidence[0].exact for c in new} == {sentence}
    assert all(TEXT[c.evidence[0].span.start : c.evidence[0].span.end] == sentence for c in new)


STALE = [
    (Action.REJECT, "claim-0000000000000000", "", "", "nothing in the texts says this any more"),
    (Action.ACCEPT, "park-0000000000000000", "", "", "there is no entity park-0000000000000000 any more"),
    (Action.RETYPE, "@park", "Company", "", "no type is called Company"),
    (Action.RENAME, "@park", "别名", "0123456789abcdef", "no sentence that names it reads as it did"),
    (Action.MERGE, "@park", "@facility", "", "one is a Park, the other a Facility; retype one of them first"),
    (Action.MERGE, "@park", "@park", "", "the two are one entity already"),
    (Action.SPLIT, "@park", "化工城", "", "it does not bear the name 化工城 any more"),
    (Action.SPLIT, "@facility", "老龙河公园", "", "it bears no other name than 老龙河公园"),
    (Action.RELATE, "@park", "loves @facility", "", "the value must be a predicate, an entity and a status"),
    (Action.RELATE, "@park", "plans @facility", "", "plans needs a status"),
    (Action.RELATE, "@park", "develops @facility done", "", "develops and done do not fit"),
]


@pytest.mark.parametrize(("action", "target", "value", "quote", "reason"), STALE)
def test_what_does_not_fit_is_reported_and_not_applied(
    action: Action, target: str, value: str, quote: str, reason: str
) -> None:
    kg = built()
    ids = {"@park": named(kg, "化工园区").id, "@facility": named(kg, "老龙河公园").id}
    for mark, id in ids.items():
        target, value = target.replace(mark, id), value.replace(mark, id)
    result = replay(kg, [Correction(action, target, value, "plan", quote, "化工园区发展氯碱化工。", line=7)])
    assert result.applied == ()
    (stale,) = result.stale
    assert stale.reason.startswith(reason)
    assert str(stale).startswith("line 7: ")
    assert result.graph.claims == kg.claims
    assert result.graph.entities == kg.entities
    assert result.graph.warnings == (str(stale),)


def test_a_changed_text_makes_a_correction_stale() -> None:
    kg = built()
    wrong = claim(kg, Predicate.PLANS, "老龙河公园")
    correction = Correction(Action.REJECT, wrong.id, quote=quote_hash(wrong.evidence[0].exact))
    changed = build_graph([by_hand("plan", TEXT + "新增一句。", NAMES, "米东区", "650109", facts=FACTS)])
    assert wrong.id in {c.id for c in changed.claims}
    result = replay(changed, [correction])
    assert [s.reason for s in result.stale] == ["its sentence has changed"]
    assert wrong.id in {c.id for c in result.graph.claims}


def test_corrections_apply_to_the_result_of_those_before() -> None:
    kg = built()
    first = corrected(kg, Correction(Action.RETYPE, named(kg, "老龙河公园").id, "Park")).graph
    later = Correction(Action.RENAME, named(first, "老龙河公园").id, "老龙河湿地公园")
    both = corrected(kg, Correction(Action.RETYPE, named(kg, "老龙河公园").id, "Park"), later).graph
    assert named(both, "老龙河湿地公园").type is EntityType.PARK


CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20).map(str.strip)


@given(st.sampled_from(Action), CELLS, CELLS, CELLS)
def test_the_table_is_read_back_as_it_was_written(action: Action, target: str, value: str, note: str) -> None:
    filled = Correction(action, target or "x", value or "v", "doc", "0" * 16, "建设老龙河公园。", note)
    (read,) = read_corrections(corrections_csv([filled]))
    assert read == Correction(action, target or "x", value or "v", "doc", "0" * 16, "建设老龙河公园。", note, line=2)


@pytest.mark.parametrize("value", ["=1+1", "'=1+1", "+86", "-40", "@doc", "''-x"])
def test_no_cell_is_a_formula(value: str) -> None:
    text = corrections_csv([Correction(Action.RENAME, "park-1", value)])
    assert f",{value}," not in text
    assert read_corrections(text)[0].value == value


BAD = [
    ("target,value\nx,y\n", "has no column action"),
    ("action,target\ndelete,x\n", "line 2: no action is called 'delete'"),
    ("action,target\naccept,\n", "line 2: the column target is empty"),
    ("action,target,value\nmerge,park-1,\n", "line 2: merge needs a value"),
    ("action,target,value\nrelate,park-1,plans x done\n", "line 2: relate needs the document and its sentence"),
    ('action,target\n"accept,x\n', "is no CSV"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_wrong_table_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ReviewError, match=message):
        read_corrections(text)


def test_an_empty_table_and_empty_actions_correct_nothing() -> None:
    assert read_corrections("") == []
    assert read_corrections("\ufeffaction,target\r\n,park-1\r\n") == []


def test_doubts_are_a_table_to_fill_in() -> None:
    kg = built()
    doubts = doubtful(kg, {named(kg, "老龙河公园").id: "a shape does not hold"})
    assert [d.kind for d in doubts] == ["rule broken", "open place"]
    assert doubts[1].reason == "several divisions bear the name: 喀什地区 6531、喀什市 653101"
    assert doubts[1].sentence == "米东区与喀什合作。"
    table = doubts_csv(doubts)
    assert read_corrections(table) == []
    filled = table.replace("\r\n,facility", "\r\nreject,facility")
    (correction,) = read_corrections(filled)
    assert corrected(kg, correction).graph.by_id.keys() == kg.by_id.keys() - {named(kg, "老龙河公园").id}


def test_unsure_statements_come_with_their_sentence() -> None:
    kg = build_graph(gold_extractions())
    assert all(0 < d.score <= 1 for d in doubtful(kg))
    assert [d.score for d in doubtful(kg)] == sorted((d.score for d in doubtful(kg)), reverse=True)


def test_a_sentence_ends_at_marks_and_blank_lines_only() -> None:
    raw = "前一句。建设老龙河\n公园，好。后一句。\n\n# 标题\n\n正文"
    at = raw.index("公园")
    assert sentence_at(raw, Span(at, at + 2)).of(raw) == "建设老龙河\n公园，好。"


def test_corrections_become_training_passages() -> None:
    kg = built()
    sentence = "化工园区发展氯碱化工。"
    park = named(kg, "化工园区")
    fixed = Correction(Action.RENAME, park.id, "化工工业园", "plan", quote_hash(sentence), sentence)
    lost = Correction(Action.RENAME, park.id, "化工工业园", "plan", "", "不在文中的句子。")
    (passage,) = training_passages(corrected(kg, fixed).graph, [fixed, fixed, lost])
    assert passage["text"] == sentence == TEXT[passage["start"] : passage["end"]]
    assert [(e["text"], e["type"]) for e in passage["entities"]] == [("化工园区", "Park"), ("氯碱化工", "Industry")]
    assert passage["facts"] == [{"predicate": "develops", "subject": "化工园区", "object": "氯碱化工"}]
