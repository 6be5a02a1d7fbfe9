import re
from dataclasses import replace

import pytest

from extract.context import Context, Place, Verb
from extract.document import DocumentKind
from extract.relation_grammar import ZONE, masked, stated
from extract.statuses import crisp_status, opposed
from ontology.schema import EntityType, Predicate, Status

TYPES = {kind.value[:4]: kind for kind in EntityType}
MARK = re.compile(r"\[(\w{4}):([^\]]+)\]")


def context(marked: str, role: str = "body", above: str = "") -> Context:
    """Read a sentence whose mentions are written [Type:name]."""
    places, text, at = [], "", 0
    for found in MARK.finditer(marked):
        text += marked[at : found.start()]
        places.append(Place(len(text), len(text) + len(found[2]), TYPES[found[1]], found[2]))
        text += found[2]
        at = found.end()
    text += marked[at:]
    lead = context(above).places if above else ()
    groups = tuple((i, i) for i in range(len(places)))
    return Context(text, tuple(places), (), groups, False, DocumentKind.PLAN, role, lead)


def facts(marked: str, before: str = "", **more: str) -> list[str]:
    """Return what is stated as "subject predicate object"; `before` holds what may be recalled."""
    c = replace(context(marked, **more), recalled=context(before).places)
    found = []
    for fact in stated(c):
        subject = "@doc"
        if fact.subject is not None:
            subject = (c.places[fact.subject] if fact.subject >= 0 else c.recalled[-1 - fact.subject]).surface
        obj = "here"
        if fact.object is not None:
            obj = (c.places[fact.object] if fact.object >= 0 else c.lead[-1 - fact.object]).surface
        found.append(f"{subject} {fact.predicate.value} {obj}")
    return found


def test_a_mention_is_one_character_of_the_masked_sentence() -> None:
    c = context("在[Dist:甲县]建设[Park:乙园]。")
    assert len(masked(c)) == len("在X建设Y。")


@pytest.mark.parametrize(
    ("marked", "before", "expected"),
    [
        ("该公司成立于2001年，位于[Dist:甲镇]。", "[Ente:乙药业]", ["乙药业 locatedIn 甲镇"]),
        ("项目选址于[Park:甲园]，占地9亩。", "[Ente:乙药业][Proj:丙项目]", ["丙项目 locatedIn 甲园"]),
        ("园区位于[Dist:甲镇]。", "[Park:乙园][Faci:丙湖]", []),  # which of the two?
        ("公司位于[Dist:甲镇]。", "", []),
        (
            "主要经营业务：[Indu:种植]、[Indu:加工]。",
            "[Ente:乙药业]",
            ["乙药业 engagesIn 种植", "乙药业 engagesIn 加工"],
        ),
        ("公司专业从事[Indu:种植]。", "[Ente:乙药业]", ["乙药业 engagesIn 种植"]),
        ("农户从事[Indu:种植]。", "[Ente:乙药业]", []),
        ("公司拥有[Faci:甲仓库]。", "[Ente:乙药业]", []),
        ("与公司位于[Dist:甲镇]相比。", "[Ente:乙药业]", []),
    ],
)
def test_what_was_named_before_lies_where_the_sentence_says(marked: str, before: str, expected: list[str]) -> None:
    assert facts(marked, before) == expected


CASES = [
    ("[Proj:甲项目]落户[Dist:乙县]。", ["甲项目 locatedIn 乙县"]),
    ("[Faci:甲堆]在[Dist:乙市]建成运行。", ["甲堆 locatedIn 乙市"]),
    ("在[Faci:货运站]内设立[Faci:监管场所]。", ["监管场所 locatedIn 货运站"]),
    ("[Dist:甲乡]位于[Dist:乙县]东部。", ["甲乡 partOf 乙县"]),
    ("[Park:甲园]位于[Dist:乙县]东部。", ["甲园 locatedIn 乙县"]),
    ("[Ente:甲药业]是专业从事[Indu:中药]的企业。", ["甲药业 engagesIn 中药"]),
    ("[Ente:甲药业]成立于2001年，位于[Dist:乙县]。", ["甲药业 locatedIn 乙县"]),
    ("[Dist:甲镇]2个：[Dist:乙村]、[Dist:丙村]；", ["乙村 partOf 甲镇", "丙村 partOf 甲镇"]),
    ("[Dist:甲县]下辖[Dist:乙镇]和[Dist:丙乡]。", ["乙镇 partOf 甲县", "丙乡 partOf 甲县"]),
    ("概况：街道下辖[Dist:甲社区]、丙、丁2个社区，[Dist:乙村]1个村。", ["甲社区 partOf here", "乙村 partOf here"]),
    ("全镇辖东街、[Dist:甲村]，发展[Dist:乙村]旅游。", ["甲村 partOf here"]),
    ("形成中心城区（[Dist:甲镇]—[Dist:乙镇]）、重点镇（[Dist:丙镇]）格局。", [f"{t}镇 partOf here" for t in "甲乙丙"]),
    ("建设重点镇（[Dist:丙镇]）。", []),
    ("我区作为[Dist:甲市]北部旅游板块，", ["@doc partOf 甲市"]),
    ("推动[Inst:甲院]落户我区。", ["甲院 locatedIn here"]),
    ("[Faci:甲河]、[Faci:乙渠]构成的[Park:丙环]；", ["甲河 partOf 丙环", "乙渠 partOf 丙环"]),
    ("依托[Ente:甲厂]、[Ente:乙厂]等[Indu:医药]龙头企业。", ["甲厂 engagesIn 医药", "乙厂 engagesIn 医药"]),
    ("深化与[Dist:甲市]、[Park:乙区]合作。", ["@doc cooperatesWith 甲市", "@doc cooperatesWith 乙区"]),
    ("积极融入[Dist:甲市]发展格局。", ["@doc cooperatesWith 甲市"]),
    ("[Dist:甲县]与[Dist:乙县]合作。", []),
    ("深化与[Indu:旅游业]融合合作。", []),
    ("[Dist:甲乡]位于[Indu:农业]区。", []),
    ("发展[Indu:农业]，建设[Park:甲园]。", []),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "expected"), CASES)
def test_patterns(marked: str, expected: list[str]) -> None:
    assert facts(marked) == expected


def test_works_that_a_numbered_item_lists_are_part_of_it() -> None:
    above = "[Proj:供水工程]"
    assert facts("新建[Faci:甲水厂]、[Faci:乙水库]。", role="item", above=above) == [
        "甲水厂 partOf 供水工程",
        "乙水库 partOf 供水工程",
    ]
    assert facts("新建[Faci:甲水厂]。", role="body", above=above) == []
    assert facts("依托[Faci:甲水厂]扩大供水。", role="item", above=above) == []
    assert facts("在[Dist:甲镇]发展[Indu:农业]。", role="item", above=above) == []
    assert facts("新建[Faci:甲水厂]。", role="item", above="[Park:甲园]") == []


def test_who_carries_out_an_item_is_no_work_of_it() -> None:
    c = context("[Dist:甲区]和[Park:乙开发区]加快发展[Indu:养殖]，新建[Park:丙园]。", "item", "[Proj:养殖工程]")
    start = c.text.index("加快")
    acting = replace(c, verbs=(Verb(start, start + 4, "加快发展", "v"),), groups=((0, 1), (0, 1), (2, 2), (3, 3)))
    assert [c.places[f.subject].surface for f in stated(acting) if f.subject is not None] == ["丙园"]


@pytest.mark.parametrize("private", ["\ue000", "\uf8ff", "\U000f0000", "\U000ffffd"])
def test_private_characters_of_a_document_are_no_mentions(private: str) -> None:
    assert facts(f"深化与{private}、[Dist:甲市]合作。") == []
    assert facts(f"{private}位于[Dist:甲市]，{private}下辖[Dist:乙镇]。") == []
    assert facts(f"{private}[Park:甲园]位于[Dist:乙县]。") == ["甲园 locatedIn 乙县"]


def test_a_policy_that_the_clause_means_for_a_sector() -> None:
    assert facts("[Poli:甲资金]重点支持[Indu:旅游业]。") == ["甲资金 supports 旅游业"]
    assert facts("实施[Poli:旅游兴县计划]，推进[Indu:旅游业]发展。") == ["旅游兴县计划 supports 旅游业"]
    assert facts("实施[Poli:旅游兴县计划]，推进[Indu:农业]发展。") == []


@pytest.mark.parametrize(
    ("marked", "status"),
    [
        ("“两轴”即[Park:云河发展轴]和[Park:青石发展轴]。", Status.PLANNED),
        ("规划布局（两轴：[Park:云河发展轴]、[Park:青石发展轴]）。", Status.PLANNED),
    ],
)
def test_the_zones_of_a_layout_are_planned(marked: str, status: Status) -> None:
    found = [f for f in stated(context(marked)) if f.rule == ZONE]
    assert [(f.predicate, f.subject, f.object, f.status) for f in found] == [
        (Predicate.PLANS, None, 0, status),
        (Predicate.PLANS, None, 1, status),
    ]


@pytest.mark.parametrize(
    ("marked", "verb", "review", "status"),
    [
        ("力争国家立项建设[Faci:甲水库]、[Faci:乙水库]。", "建设", False, Status.SOUGHT),
        ("申报[Poli:甲示范区]。", "申报", False, Status.SOUGHT),
        ("力争早日完工，建设[Faci:乙水库]。", "建设", False, None),  # another clause
        ("成功举办了[Inst:甲博览会]。", "举办", False, Status.DONE),
        ("为了实施[Poli:甲行动]。", "实施", False, None),
        ("完成[Inst:甲小学]。", "完成", False, Status.PLANNED),
        ("完成[Inst:甲小学]。", "完成", True, Status.DONE),
        ("建立[Poli:甲制度]。", "建立", False, Status.PLANNED),
        ("建立[Poli:甲制度]。", "建立", True, None),
        ("推进[Proj:甲工程]。", "推进", False, None),
        ("建设[Faci:甲公路]。", "建设", True, Status.DONE),
        ("建设[Faci:甲公路]。", "建设", False, None),
        # what the clause goes on to say, in a review
        ("实施[Proj:甲工程]建成投运，", "实施", True, Status.DONE),
        ("实施[Proj:甲工程]开工建设，", "实施", True, Status.ONGOING),
        ("实施[Proj:甲工程]建成投运，", "实施", False, None),
        # a title that a place bears is done, one that it strives for is not
        ("我县是[Poli:全国双拥模范县]。", "是", False, Status.DONE),
        ("巩固[Poli:全国双拥模范县]成果。", "巩固", False, None),
    ],
)
def test_some_words_leave_no_doubt_of_the_status(marked: str, verb: str, review: bool, status: Status | None) -> None:
    written = context(marked)
    at = written.text.index(verb)
    told = replace(written, verbs=(Verb(at, at + len(verb), verb, "v"),), review=review)
    assert {crisp_status(told, place) for place in told.places} == {status}


@pytest.mark.parametrize(("word", "kind", "expected"), [("严禁", "against", True), ("发展", "ongoing", False)])
def test_the_nearest_verb_may_be_against_a_mention(word: str, kind: str, expected: bool) -> None:
    written = context(f"压减产能，{word}[Indu:甲业]。")
    at = written.text.index(word)
    verbs = (Verb(0, 2, "压减", "against"), Verb(at, at + 2, word, kind))
    assert opposed(replace(written, verbs=verbs), written.places[0]) is expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Dist:青石镇]境内有[Faci:白河]、[Faci:黑河]等河流。", ["白河 青石镇", "黑河 青石镇"]),
        (
            "[Dist:青石镇]拥有小型水库2座（[Faci:东湾水库]），塘坝1座（[Faci:西沟塘]）。",
            ["东湾水库 青石镇", "西沟塘 青石镇"],
        ),
        ("[Dist:青石镇]拥有水库3座（东湾、[Faci:西沟水库]）。", ["西沟水库 青石镇"]),
        ("[Dist:青石镇]的酿酒企业有[Ente:甲厂]、[Ente:乙厂]等。", ["甲厂 青石镇", "乙厂 青石镇"]),
        ("辖区内现有[Faci:人民医院]和[Faci:中医院]。", ["人民医院 here", "中医院 here"]),
        ("[Faci:甲乙高速]穿境而过，[Faci:丙线]纵贯全境。", ["甲乙高速 here", "丙线 here"]),
        ("[Park:甲园]拥有[Faci:乙厂]。", []),
        ("[Dist:青石镇]有望建成[Faci:乙厂]。", []),
        ("[Dist:青石镇]拥有[Indu:玉米]。", []),
    ],
)
def test_what_a_district_is_said_to_have_lies_in_it(marked: str, expected: list[str]) -> None:
    assert facts(marked) == [pair.replace(" ", " locatedIn ") for pair in expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("先后引进了[Ente:甲制药]、[Proj:乙项目]。", ["甲制药 here", "乙项目 here"]),
        ("[Park:丙园]累计引进外资企业[Ente:甲制药]。", ["甲制药 丙园"]),
        ("[Park:丙园]初具规模，招引[Ente:甲制药]落地。", []),  # there, or in the whole district?
        ("引进[Ente:甲制药]先进技术。", []),
        ("引入社会资本打造[Faci:乙岛]。", []),
        ("引进和实施[Proj:乙项目]。", []),
        ("引进[Indu:装备制造]企业。", []),
    ],
)
def test_what_is_brought_in_settles_there(marked: str, expected: list[str]) -> None:
    assert facts(marked) == [pair.replace(" ", " locatedIn ") for pair in expected]


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("[Proj:甲项目]在[Park:乙园]开工建设。", ["甲项目 乙园"]),
        ("[Inst:甲大学]在[Park:乙园]设立[Inst:丙研究院]。", ["丙研究院 乙园"]),  # the university stays where it is
        ("[Ente:甲公司]在[Dist:丁县]设立收购站。", []),
        ("[Proj:甲项目]选址于[Dist:丁镇]区域，占地9亩。", ["甲项目 丁镇"]),
        ("建设以[Dist:丁村]、[Dist:戊村]为中心的[Faci:己基地]。", ["己基地 丁村", "己基地 戊村"]),
        ("[Dist:丁镇]有小（I）型水库2座（[Faci:甲水库]）。", ["甲水库 丁镇"]),
        ("[Dist:丁镇]拥有[Indi:水库]2座（[Faci:甲水库]、[Faci:乙水库]）。", ["甲水库 丁镇", "乙水库 丁镇"]),
        ("[Park:乙园]入驻企业9家，其中[Ente:甲公司]年产值3亿元。", ["甲公司 乙园"]),
        ("[Park:乙园]入驻企业9家，[Ente:甲公司]年产值3亿元。", []),
        ("在[Dist:丁县]、[Dist:戊县]，组织实施[Proj:甲工程]。", ["甲工程 丁县", "甲工程 戊县"]),
        ("在[Dist:丁县]打井5眼，建设[Proj:甲工程]。", []),
    ],
)
def test_where_something_is_said_to_stand(marked: str, expected: list[str]) -> None:
    assert facts(marked) == [pair.replace(" ", " locatedIn ") for pair in expected]
