"""Tables of the corpus against expectations written by hand, and the shapes tables come in."""

import pytest

from extract.document import Role, Table
from extract.layout import lay_out
from extract.tables import find_tables
from tests.extract.documents import CASES, OTHERS, read

INDICATORS = sorted(CASES.glob("indicators-*.tsv"))
# Counted on the page: rows without the header, and columns.
SIZES = {
    "midong-plan-14": (16, 7),
    "urumqi-county-plan-14": (17, 7),
    "urumqi-plan-14": (17, 7),
    "yining-plan-14": (20, 6),
}


def cells(table: Table) -> list[list[str]]:
    return [[("^" if cell.merged else "") + cell.text.clean for cell in row] for row in (table.header, *table.rows)]


def grid(raw: str) -> list[list[str]]:
    table = lay_out(raw, id="t", district="甲县").tables[0]
    return cells(table)


def test_there_are_four_indicator_tables() -> None:
    assert {path.stem.removeprefix("indicators-") for path in INDICATORS} == set(SIZES)


@pytest.mark.parametrize("stem", sorted(SIZES))
def test_indicator_table_is_complete(stem: str) -> None:
    expected = [line.split("\t") for line in (CASES / f"indicators-{stem}.tsv").read_text("utf-8").splitlines()]
    table = next(table for table in read(stem).tables if table.header[-1].text.clean == "属性")
    assert (len(table.rows), len(table.header)) == SIZES[stem]
    assert cells(table) == expected


@pytest.mark.parametrize(
    ("stem", "caption", "box", "note"),
    [
        ("midong-plan-14", "“十四五”期间经济社会发展主要指标", 0, "注：①()内为5年累计。②2025年基本养老保险参保率≥95，"),
        (
            "urumqi-plan-14",
            "“十四五”期间经济社会发展主要指标表",
            0,
            "注:①﹝﹞内为5年累计。②2025年基本养老保险参保率>95,",
        ),
        ("urumqi-county-plan-14", "表1“十四五”期间经济社会发展主要指标表", None, "注：①[]内为5年累计。"),
        (
            "yining-plan-14",
            "伊宁市“十四五”经济社会发展主要指标表",
            None,
            "注：1、带[]为五年累计数。2、能源综合生产能力指",
        ),
    ],
)
def test_caption_and_notes_stay_with_the_table(stem: str, caption: str, box: int | None, note: str) -> None:
    document = read(stem)
    table = document.tables[0]
    assert table.caption is not None
    assert table.caption.clean == caption
    assert table.box == box
    assert len(table.notes) == 1
    assert table.notes[0].clean.startswith(note)
    notes = [s.text.clean for s in document.sentences if s.role is Role.NOTE]
    assert "".join(notes) == table.notes[0].clean
    assert all(s.table == 0 for s in document.sentences if s.role is Role.NOTE)
    assert document.section_path(table.section)[-1].endswith("发展目标")


def test_the_table_of_functional_areas_lies_in_its_box() -> None:
    document = read("midong-plan-14")
    table = document.tables[1]
    assert [cell.text.clean for cell in table.header] == ["功能区划分", "功能区规划", "产业布局", "主要生态任务"]
    assert [row[0].text.clean for row in table.rows] == [
        "中部建成区",
        "东南部工矿区",
        "东部山区自然生态区",
        "北部农业区",
        "北部荒漠生态区",
    ]
    assert [row[2].text.clean for row in table.rows][-1] == "保护生态+三产融合"
    assert document.boxes[table.box or 0].number == "7"


def test_every_own_cell_is_one_sentence() -> None:
    read_tables = 0
    for stem in SIZES:
        document = read(stem)
        for table in document.tables:
            own = [c.text for row in (table.header, *table.rows) for c in row if c.text.clean and not c.merged]
            said = [s.text for s in document.sentences if s.role is Role.CELL and s.table == table.index]
            assert said == own
            read_tables += 1
    assert read_tables == 5


def test_loose_pipes_without_outer_ones() -> None:
    raw = "出列村情况\n年度 | 乡镇 | 村 | 人口 | \n2017 | 甲镇 | 乙村 | 3180 | \n丙村 | 1792 | \n丁镇 | 戊村 | 86 | \n"
    assert grid(raw) == [
        ["年度", "乡镇", "村", "人口"],
        ["2017", "甲镇", "乙村", "3180"],
        ["^2017", "^甲镇", "丙村", "1792"],
        ["^2017", "丁镇", "戊村", "86"],
    ]


def test_total_rows_keep_their_label_and_reach_no_further() -> None:
    raw = "乡镇 | 村 | 户\n甲镇 | 乙村 | 3\n小计 | 3\n丙村 | 5\n"
    assert grid(raw)[2:] == [["小计", "", "3"], ["", "丙村", "5"]]


def test_header_over_two_columns() -> None:
    raw = "乡镇 | 村 | 贫困人口 | 发生率\n户 | 人 | %\n甲镇 | 乙村 | 220 | 772 | 27.3%\n"
    assert grid(raw) == [
        ["乡镇", "村", "贫困人口", "^贫困人口", "发生率"],
        ["", "", "户", "人", "%"],
        ["甲镇", "乙村", "220", "772", "27.3%"],
    ]


def test_html_table_with_spans() -> None:
    raw = (
        "如下表：<table><tr><th>类别</th><th>指标</th><th>2020年</th><th>2025年</th></tr>"
        "<tr><td rowspan='2'>经济</td><td>产值<br>（亿元）</td><td>3</td><td>5</td></tr>"
        '<tr><td>能耗</td><td colspan="2">控制在指标内</td></tr></table>后面还有一句话。'
    )
    document = lay_out(raw, id="t", district="甲县")
    assert cells(document.tables[0]) == [
        ["类别", "指标", "2020年", "2025年"],
        ["经济", "产值（亿元）", "3", "5"],
        ["^经济", "能耗", "控制在指标内", "^控制在指标内"],
    ]
    assert [s.text.clean for s in document.sentences if s.role is Role.BODY] == ["如下表：", "后面还有一句话。"]


def test_an_html_table_that_is_never_closed_is_text() -> None:
    document = lay_out("<table><tr><td>甲</td><td>乙</td></tr>", id="t", district="甲县")
    assert document.tables == ()


def test_tabs_inside_prose_are_no_table() -> None:
    physical = [(0, 10), (11, 20)]
    assert find_tables("一句话\t里有制表符。\n另一句没有制表。", physical, frozenset()) == []


def test_tables_of_a_poverty_plan() -> None:
    for path in OTHERS:
        if not path.stem.startswith("changshun"):
            continue
        tables = read(path.stem).tables
        assert [(len(table.rows), len(table.header)) for table in tables] == [(7, 4), (4, 9), (27, 6), (11, 6), (28, 5)]
        merged = [cell.text.clean for cell in tables[2].rows[21]]
        assert merged == ["2018（22个）", "摆所镇", "克炳村", "3603", "920", "25.53"]
        assert all(table.caption is not None for table in tables)
