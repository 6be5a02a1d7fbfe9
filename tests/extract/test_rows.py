"""Villages in a table's rows are part of the town to their left."""

import re

import pytest

from extract.extraction import Evidence, Mention
from extract.layout import lay_out
from extract.rows import row_facts
from extract.span import Span
from ontology.schema import EntityType


def parts(rows: list[str], *names: str) -> list[tuple[str, str, str]]:
    """Return village, town and quote of each fact; `names` are the districts, wherever they stand."""
    text = "一、村情\n\n| 乡镇 | 村 | 户数 |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"
    document = lay_out(text, id="sample", district="米东区")
    mentions = []
    for match in re.finditer("|".join(sorted(names, key=len, reverse=True)), text):
        span = Span(*match.span())
        mentions.append(Mention(span, EntityType.DISTRICT, match[0], Evidence(span, (), "test"), 1.0))
    found = []
    for fact in row_facts(document, mentions):
        assert fact.subject is not None
        assert fact.object is not None
        assert fact.predicate == "partOf"
        found.append((fact.subject.surface, fact.object.surface, fact.evidence.span.of(text)))
    return found


def test_a_town_holds_until_the_next_one() -> None:
    rows = ["| 青石镇 | 上河村 | 12 |", "| | 下河村 | 30 |", "| 白杨乡 | 东湾社区 | 7 |"]
    found = parts(rows, "青石镇", "上河村", "下河村", "白杨乡", "东湾社区")
    assert [pair[:2] for pair in found] == [("上河村", "青石镇"), ("下河村", "青石镇"), ("东湾社区", "白杨乡")]
    assert found[0][2] == "青石镇 | 上河村"
    assert found[1][2].startswith("青石镇")
    assert found[1][2].endswith("下河村")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (["| 青石（2个） | 上河村 | 12 |"], [("上河村", "青石")]),  # a short name with a number of villages
        (["| 青石 | 上河村 | 12 |"], []),  # which may be anything
        (["| 青石镇 | 上河村 | 12 |", "| 白云山 | 下河村 | 3 |"], [("上河村", "青石镇")]),  # an unknown town
        (["| 上河村 | 青石镇 | 12 |"], []),  # to its left only
        (["| 青石镇政府 | 上河村 | 12 |"], []),  # no town
    ],
)
def test_what_is_no_town_has_no_villages(rows: list[str], expected: list[tuple[str, str]]) -> None:
    assert [pair[:2] for pair in parts(rows, "青石", "青石镇", "上河村", "下河村")] == expected
