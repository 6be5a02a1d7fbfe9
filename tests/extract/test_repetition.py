"""What a document names once is named again where the same words stand free."""

import pytest

from extract.draft import Draft
from extract.repetition import named_again
from ontology.schema import EntityType as T


def names(texts: list[str], seen: list[tuple[int, str, T, float]]) -> list[list[tuple[str, T]]]:
    """Return the names of each text, given what is seen: number of the text, words, type, probability."""
    drafts: list[list[Draft]] = [[] for _ in texts]
    for number, words, kind, probability in seen:
        start = texts[number].index(words)
        drafts[number].append(Draft(start, start + len(words), kind, probability))
    again = named_again(texts, drafts)
    return [[(text[d.start : d.end], d.type) for d in found] for text, found in zip(texts, again, strict=True)]


@pytest.mark.parametrize(
    ("kind", "name", "probability", "text", "found"),
    [
        (T.DISTRICT, "青石镇", 0.7, "以青石镇和下河村为主", True),
        (T.DISTRICT, "青石镇", 0.5, "以青石镇和下河村为主", False),  # not certain enough
        (T.DISTRICT, "青石镇", 0.7, "青石镇党委认真落实", False),  # an office
        (T.DISTRICT, "青石", 0.7, "青石县城以南", False),  # another name
        (T.DISTRICT, "自治区", 0.9, "自治区规划", False),  # no proper name
        (T.DISTRICT, "青石", 0.9, "建设平安青石、健康青石", False),  # slogans
        (T.DISTRICT, "青石", 0.9, "打响“心游青石”品牌", False),
        (T.POLICY, "水权交易试点", 0.8, "扩大水权交易试点", False),  # a policy must be seen twice
        (T.INDUSTRY, "软件开发", 0.9, "软件开发人员", False),  # an industry is often no mention
        (T.ENTERPRISE, "丰禾药业", 0.9, "丰禾药业已投产", True),
    ],
)
def test_a_name_is_named_again(kind: T, name: str, probability: float, text: str, found: bool) -> None:
    first = f"这里是{name}。"
    result = names([first, text], [(0, name, kind, probability)])
    assert result == [[(name, kind)], [(name, kind)] if found else []]


def test_a_policy_seen_twice_is_named_a_third_time() -> None:
    texts = ["推进水权交易试点。", "实施水权交易试点。", "扩大水权交易试点"]
    seen = [(number, "水权交易试点", T.POLICY, 0.8) for number in (0, 1)]
    assert names(texts, seen)[2] == [("水权交易试点", T.POLICY)]


def test_what_was_seen_stays_and_takes_its_place() -> None:
    texts = ["建设青石镇。", "青石镇第二水厂与青石镇"]
    seen = [(0, "青石镇", T.DISTRICT, 0.9), (1, "青石镇第二水厂", T.FACILITY, 0.6)]
    assert names(texts, seen)[1] == [("青石镇第二水厂", T.FACILITY), ("青石镇", T.DISTRICT)]


def test_the_likelier_type_of_a_name_counts() -> None:
    texts = ["东湾、东湾。", "在东湾兴建"]
    drafts = [[Draft(0, 2, T.FACILITY, 0.9), Draft(3, 5, T.DISTRICT, 0.7)], []]
    assert named_again(texts, drafts)[1] == []
    drafts = [[Draft(0, 2, T.FACILITY, 0.6), Draft(3, 5, T.DISTRICT, 0.7)], []]
    assert [d.type for d in named_again(texts, drafts)[1]] == [T.DISTRICT]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("青石", True),
        ("青石（3个）", True),
        ("青石 ( 12 个村 )", True),
        ("青石矿（3个）", False),
        ("青石、白杨", False),
    ],
)
def test_a_town_alone_in_a_cell_needs_no_class_word(cell: str, found: bool) -> None:
    result = names(["青石镇共有村庄12个。", cell], [(0, "青石镇", T.DISTRICT, 0.9)])
    assert result[1] == ([("青石", T.DISTRICT)] if found else [])


def test_no_text_no_names() -> None:
    assert named_again([], []) == []


def test_a_park_named_after_a_company_is_no_company() -> None:
    texts = ["丰禾药业已投产。", "建设丰禾药业园区。"]
    assert names(texts, [(0, "丰禾药业", T.ENTERPRISE, 0.9)])[1] == [("丰禾药业园区", T.PARK)]
