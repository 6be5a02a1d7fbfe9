"""The indicator tables of the four plans, row by row, against what is printed in them."""

import csv
import re
from pathlib import Path

import pytest

from extract.extraction import Observation
from extract.indicator_tables import Name, columns, is_number, name_of, read_value
from extract.indicators import propose_indicators
from extract.layout import lay_out
from extract.observations import observe
from extract.reading import BUNDLED, read_document
from extract.span import Span, Text
from ontology.schema import Kind

CASES = Path(__file__).parents[1] / "cases" / "indicator_tables.csv"
ROWS = {"midong-plan-14": 16, "urumqi-county-plan-14": 17, "urumqi-plan-14": 17, "yining-plan-14": 20}
GROWS_BY_NAME = re.compile(r"(?:增长|降低)$")


def printed() -> list[dict[str, str]]:
    with CASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def in_tables(document_id: str) -> list[Observation]:
    document = read_document(BUNDLED / f"{document_id}.txt")
    found = observe(document, propose_indicators(document))
    return [o for o in found if o.evidence.rule == "observations/table"]


def expected(row: dict[str, str]) -> set[tuple[str, str, Kind]]:
    """Return (period, value, kind) of each filled cell; [x] in the base year is the plan's total."""
    cells = set()
    if row["base"].startswith("["):
        cells.add(("2016-2020", row["base"].strip("[]"), Kind.ACTUAL))
    elif row["base"]:
        cells.add(("2020", row["base"], Kind.ACTUAL))
    if row["target"]:
        cells.add(("2025", row["target"], Kind.TARGET))
    if row["plan"]:
        gain = is_number(row["plan"]) and not GROWS_BY_NAME.search(row["indicator"])
        cells.add(("2021-2025", row["plan"], Kind.CHANGE if gain else Kind.TARGET))
    return cells


@pytest.mark.parametrize("document", ROWS)
def test_every_row_of_the_table(document: str) -> None:
    rows = [row for row in printed() if row["document"] == document]
    found = in_tables(document)
    assert len(rows) == ROWS[document]
    assert sorted({o.indicator.surface for o in found}) == sorted(row["indicator"] for row in rows)
    for row in rows:
        own = [o for o in found if o.indicator.surface == row["indicator"]]
        assert {(o.period, o.value, o.kind) for o in own} == expected(row), row["indicator"]
        assert {o.unit for o in own} == {row["unit"]}
        assert {o.attribute for o in own} == {row["attribute"]}
        assert all(o.subject is None for o in own)


def test_the_name_of_a_row_is_cut_out_of_its_cell() -> None:
    document = read_document(BUNDLED / "yining-plan-14.txt")
    rows = [m for m in propose_indicators(document) if m.evidence.rule == "indicators/table-row"]
    assert len(rows) == 20
    assert [m.surface for m in rows[:3]] == ["地区生产总值增长", "全员劳动生产率增长", "常住人口城镇化率"]
    assert all(m.span.of(document.raw).replace(" ", "") == m.surface for m in rows)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("3.常住人口城镇化率(%)", ("常住人口城镇化率", "%")),
        ("每千人口拥有执业（助理）医师数（人）", ("每千人口拥有执业（助理）医师数", "人")),
        ("森林覆盖率", ("森林覆盖率", "")),
        ("单位面积产量（公斤/亩）", ("单位面积产量", "公斤/亩")),
        ("12", None),
        ("", None),
    ],
)
def test_name_and_unit_of_a_cell(cell: str, name: tuple[str, str] | None) -> None:
    found = name_of(Text.of(cell, [Span(0, len(cell))]))
    assert (found and (cell[found.start : found.end], found.unit)) == name
    assert found is None or isinstance(found, Name)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("35", ("35", False)),
        ("(0.6)", ("0.6", True)),
        ("[5]", ("5", True)),
        ("﹝17.7﹞", ("17.7", True)),
        ("≥95", (">=95", False)),
        (">8、力争投入强度高于“十三五”时期实际", (">8", False)),
        ("5.5左右", ("5.5", False)),
        ("90以上", (">=90", False)),
        ("3.88以内", ("<=3.88", False)),
        ("6—8", ("6-8", False)),
        ("-3.2", ("-3.2", False)),
        ("27.32%", ("27.32", False)),
        ("高于GDP增长", ("高于GDP增长", False)),
        ("2025年达到全国平均水平", ("2025年达到全国平均水平", False)),
        ("——", None),
        ("-", None),
        ("", None),
    ],
)
def test_value_of_a_cell(cell: str, value: tuple[str, bool] | None) -> None:
    assert read_value(cell) == value


def test_a_column_of_units_is_read() -> None:
    raw = "表 主要指标\n\n指标\t单位\t2025年\t2030年\n粮食产量\t万吨\t35\t40\n森林覆盖率\t%\t17\t不降低\n"
    document = lay_out(raw, id="t", district="米东区")
    (table,) = document.tables
    shape = columns(table)
    assert shape is not None
    assert shape.years == ((2, "2025"), (3, "2030"))
    found = observe(document, propose_indicators(document))
    assert [(o.indicator.surface, o.value, o.unit, o.period) for o in found] == [
        ("粮食产量", "35", "万吨", "2025"),
        ("粮食产量", "40", "万吨", "2030"),
        ("森林覆盖率", "17", "%", "2025"),
        ("森林覆盖率", "不降低", "%", "2030"),
    ]


def test_a_table_without_years_is_no_indicator_table() -> None:
    raw = "区域\t功能\n北部\t农业\n南部\t工业\n"
    (table,) = lay_out(raw, id="t", district="米东区").tables
    assert columns(table) is None
