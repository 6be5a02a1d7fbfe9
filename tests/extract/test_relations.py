"""Facts over mentions written by hand, with the models of the package and no encoders."""

import re

import pytest

from extract.document import Document
from extract.extraction import Evidence, Fact, Mention
from extract.extractor import Models, extract
from extract.layout import lay_out
from extract.relations import RelationModel, scenes
from extract.span import Span
from extract.tier import Tier
from ontology.schema import EntityType, Predicate, Status

TYPES = {kind.value[:4]: kind for kind in EntityType}
MARK = re.compile(r"\[(\w{4}):([^\]]+)\]")


@pytest.fixture(scope="module")
def relations() -> RelationModel:
    return Models.load(tier=Tier.FAST).relations


def read(marked: str) -> tuple[Document, list[Mention]]:
    """Lay out a text whose mentions are written [Type:name]."""
    text, at, spans = "", 0, []
    for found in MARK.finditer(marked):
        text += marked[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), TYPES[found[1]], found[2]))
        text, at = text + found[2], found.end()
    document = lay_out(text + marked[at:], id="written", district="米东区")
    evidence = Evidence(Span(0, 1), (), "test")
    return document, [Mention(Span(a, b), kind, name, evidence) for a, b, kind, name in spans]


def triples(facts: tuple[Fact, ...]) -> set[tuple[str, str, str]]:
    return {
        (f.subject.surface if f.subject else "@doc", f.predicate.value, f.object.surface if f.object else "@doc")
        for f in facts
    }


def test_what_a_list_of_towns_does_each_of_them_does(relations: RelationModel) -> None:
    text = "第一章 农业\n\n[Dist:云河镇]、[Dist:青石镇]和[Dist:白杨镇]重点发展[Indu:设施农业]、[Indu:冷链物流]产业。\n"
    found = triples(relations.facts(*read(text)))
    towns, sectors = ("云河镇", "青石镇", "白杨镇"), ("设施农业", "冷链物流")
    assert {f for f in found if f[1] == "develops"} == {(t, "develops", s) for t in towns for s in sectors}


LEAD_IN = (
    "第一章 园区建设\n\n**[Park:青石产业园]**。紧紧围绕创新驱动，重点发展[Indu:生物医药]、[Indu:电子信息]产业。{}\n"
)


def test_a_park_named_by_a_lead_in_is_the_subject_of_the_next_sentence(relations: RelationModel) -> None:
    found = triples(relations.facts(*read(LEAD_IN.format(""))))
    assert {f for f in found if f[1] == "develops"} == {
        ("青石产业园", "develops", "生物医药"),
        ("青石产业园", "develops", "电子信息"),
    }


def test_later_sentences_take_the_district(relations: RelationModel) -> None:
    found = triples(relations.facts(*read(LEAD_IN.format("大力发展[Indu:现代物流]产业。"))))
    assert ("@doc", "develops", "现代物流") in found
    assert ("青石产业园", "develops", "电子信息") in found
    assert ("青石产业园", "develops", "现代物流") not in found


def test_a_sentence_that_begins_with_a_park_is_no_lead_in(relations: RelationModel) -> None:
    text = "第一章 园区建设\n\n推进[Park:青石产业园]建设。大力发展[Indu:生物医药]产业。\n"
    found = triples(relations.facts(*read(text)))
    assert ("@doc", "develops", "生物医药") in found
    assert ("青石产业园", "develops", "生物医药") not in found


@pytest.mark.parametrize("own", ["米东区", "乌鲁木齐市米东区", "米东"])
def test_the_district_has_nothing_to_do_with_itself(relations: RelationModel, own: str) -> None:
    text = "第一章 开放\n\n加强与[Dist:{}]、[Dist:伊宁市]的交流合作，签订合作协议。\n"
    assert {("@doc", "cooperatesWith", name) for name in ("阜康市", "伊宁市")} == triples(
        relations.facts(*read(text.format("阜康市")))
    )
    assert {("@doc", "cooperatesWith", "伊宁市")} == triples(relations.facts(*read(text.format(own))))


def test_the_verb_before_a_layout_says_how_far_it_is() -> None:
    text = "第一章 布局\n\n加快构筑“一核两带”（一核：云河新城；两带：青石休闲带、白杨生态带）发展布局。\n"
    extraction = extract(lay_out(text, id="written", district="米东区"), Tier.FAST)
    zones = {f.object.surface: f for f in extraction.facts if f.object and f.predicate is Predicate.PLANS}
    assert set(zones) >= {"云河新城", "青石休闲带", "白杨生态带"}
    assert {zones[name].status for name in ("云河新城", "青石休闲带", "白杨生态带")} == {Status.ONGOING}
    assert not [f for f in extraction.facts if f.predicate is Predicate.LOCATED_IN]


TOWN = "第一章 产业\n\n[Dist:{}]地处平原，耕地6万亩。{}大力发展[Indu:设施农业]。\n"


@pytest.mark.parametrize(
    ("name", "opening", "subject"),
    [
        ("青石镇", "全镇", "青石镇"),
        ("青石镇", "我镇将", "青石镇"),
        ("青石镇", "全区", "@doc"),  # the document's own district, 米东区
        ("东山区", "我区", "@doc"),
    ],
)
def test_what_the_sentence_calls_our_town_is_the_town_spoken_of(
    relations: RelationModel, name: str, opening: str, subject: str
) -> None:
    found = triples(relations.facts(*read(TOWN.format(name, opening))))
    assert {f for f in found if f[1] == "develops"} == {(subject, "develops", "设施农业")}


def test_a_town_named_by_a_heading_is_spoken_of_in_all_its_section(relations: RelationModel) -> None:
    text = (
        "一、[Dist:青石镇]\n\n（一）基本情况\n\n耕地6万亩。\n\n（二）产业情况\n\n全镇重点发展[Indu:设施农业]。\n\n"
        "二、其他\n\n全镇重点发展[Indu:冷链物流]。\n"
    )
    found = triples(relations.facts(*read(text)))
    assert {f for f in found if f[1] == "develops"} == {
        ("青石镇", "develops", "设施农业"),
        ("@doc", "develops", "冷链物流"),
    }
    lies = triples(relations.facts(*read("一、[Dist:青石镇]\n\n境内有[Faci:东湾水库]。\n")))
    assert ("东湾水库", "locatedIn", "青石镇") in lies


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("公司年加工能力4万吨，大力发展[Indu:大米加工]。", ("青石米业", "engagesIn", "大米加工")),
        ("位于全国稻米产区，大力发展[Indu:大米加工]。", ("青石米业", "engagesIn", "大米加工")),
        ("该企业成立于2010年，大力发展[Indu:大米加工]。", ("青石米业", "engagesIn", "大米加工")),
        ("全区以企业为龙头，大力发展[Indu:大米加工]。", ("@doc", "develops", "大米加工")),
    ],
)
def test_the_portrait_of_a_company_tells_what_it_works_in(
    relations: RelationModel, body: str, expected: tuple[str, str, str]
) -> None:
    text = f"一、企业\n\n（一）[Ente:青石米业]\n\n{body}\n\n（二）其他情况\n\n大力发展[Indu:物流业]。\n"
    found = triples(relations.facts(*read(text)))
    assert {f for f in found if f[1] in ("develops", "engagesIn")} == {expected, ("@doc", "develops", "物流业")}


def test_a_company_in_the_text_is_meant_only_by_its_kind(relations: RelationModel) -> None:
    text = "一、企业\n\n[Ente:青石米业]建成投产。{}大力发展[Indu:大米加工]。\n"
    for opening, expected in (("公司", ("青石米业", "engagesIn")), ("今年", ("@doc", "develops"))):
        found = triples(relations.facts(*read(text.format(opening))))
        assert {f[:2] for f in found if f[2] == "大米加工"} == {expected}


def test_what_is_brought_in_is_not_built(relations: RelationModel) -> None:
    found = triples(relations.facts(*read("第一章 招商\n\n先后引进了[Proj:青石山滑雪场项目]。\n")))
    assert found == {("青石山滑雪场项目", "locatedIn", "@doc")}


def test_the_last_naming_of_a_town_stands_for_it(relations: RelationModel) -> None:
    text = "一、[Dist:青石镇]\n\n（一）基本情况\n\n[Dist:青石镇]耕地广。\n\n（二）产业\n\n全镇发展[Indu:设施农业]。\n"
    document, mentions = read(text)
    (fact,) = (f for f in relations.facts(document, mentions) if f.predicate is Predicate.DEVELOPS)
    assert fact.subject == mentions[1]


@pytest.mark.parametrize(
    ("sentence", "opener"),
    [
        ("[Dist:青石镇]水土条件好，可利用荒坡，主要发展[Indu:核桃种植]。", "青石镇"),
        ("（一）[Park:青石产业园]交通方便，[Indu:核桃种植]已具规模。", "青石产业园"),
        ("[Dist:青石镇]、[Dist:白杨镇]水土条件好，主要发展[Indu:核桃种植]。", None),
        ("[Dist:青石镇]的村民主要从事[Indu:核桃种植]。", None),
        ("[Dist:青石镇]修好水渠，全区主要发展[Indu:核桃种植]。", None),  # 全区: the document's own district
        ("[Dist:米东区]水土条件好，主要发展[Indu:核桃种植]。", None),
        ("继续支持[Dist:青石镇]发展[Indu:核桃种植]。", "青石镇"),
        ("鼓励有条件的[Dist:青石镇]进一步提高水平，发展[Indu:核桃种植]。", "青石镇"),
        ("支持[Dist:青石镇]的村民发展[Indu:核桃种植]。", None),
        ("支持[Dist:米东区]发展[Indu:核桃种植]。", None),
        ("推动[Park:青石产业园]转型，发展[Indu:核桃种植]。", None),
    ],
)
def test_the_place_that_opens_a_sentence_is_its_subject(sentence: str, opener: str | None) -> None:
    (scene,) = scenes(*read(f"第一章 产业\n\n{sentence}\n"))
    assert (scene.opener[1].surface if scene.opener else None) == opener


PLAN = "米东区国民经济和社会发展第十四个五年规划纲要\n\n"
PARAGRAPH = (
    "第一章 城镇\n\n[Dist:青石镇]地处平原。大力发展[Indu:设施农业]。"
    "实施[Proj:东湾水库工程]。落实[Poli:河长制]。\n\n大力发展[Indu:冷链物流]。\n"
)


@pytest.mark.parametrize(("title", "builder"), [("", "青石镇"), (PLAN, "@doc")])
def test_the_district_that_opens_a_paragraph_is_its_subject(relations: RelationModel, title: str, builder: str) -> None:
    """In a plan, what is built and carried out in later sentences is the plan's own district's."""
    found = triples(relations.facts(*read(title + PARAGRAPH)))
    assert {f for f in found if f[1] == "develops"} == {
        ("青石镇", "develops", "设施农业"),
        ("@doc", "develops", "冷链物流"),
    }
    assert {(builder, "plans", "东湾水库工程"), (builder, "implements", "河长制")} <= found


def test_what_a_sentence_says_after_its_opening_place_is_not_the_districts_own(relations: RelationModel) -> None:
    text = "第一章 产业\n\n[Dist:青石镇]水土条件好，[Indu:核桃种植]已具规模；[Indu:设施农业]形成规模。\n"
    found = triples(relations.facts(*read(text)))
    assert ("青石镇", "develops", "核桃种植") in found
    assert ("@doc", "develops", "核桃种植") not in found


def test_a_heading_below_that_of_a_town_speaks_of_the_town(relations: RelationModel) -> None:
    text = "一、[Dist:青石镇]\n\n（一）[Indu:核桃种植]产业\n\n面积3000亩。\n\n二、[Indu:冷链物流]产业\n\n面积3000亩。\n"
    found = triples(relations.facts(*read(text)))
    assert ("@doc", "develops", "核桃种植") not in found
    assert ("青石镇", "develops", "冷链物流") not in found
