"""Tables of indicators: base and target values by year, five-year totals, attribute, word targets.

Two shapes are read. In an indicator table (主要指标表) every row is an indicator and the columns are
years: `指标 | 2020年 | 2025年 | 年均/累计 | 属性`. In a statistics table every row is a place or a
sector and the columns are indicators: `贫困村 | 总人口数 | 贫困发生率`. The unit stands in brackets
behind the indicator's name, in a column of its own, or in a second header row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.document import Cell, Document, Table
from extract.extraction import Evidence, Mention, Observation
from extract.folding import fold
from extract.located import locate
from extract.periods import Calendar, find_times, plan_number, plan_years
from extract.span import Span, Text
from ontology.schema import EntityType, Kind

_NAMES = re.compile(r"(?:主要|发展|规划|具体|核心|考核)?指标(?:名称|内容)?|名称|指标项目?")
_TOTALS = re.compile(r"年均|累计|增速|\[|五年")
_NUMBERED = re.compile(r"^[（(]?\d{1,3}[)）.．、]\s*|^[①-⑳]\s*")
_UNIT = re.compile(r"[（(](?P<unit>[^（()）]{1,12})[)）]$")
_NOTHING = re.compile(r"[-—－–─\s/]*|[无空]|\.{3}|…+")
_TOTAL = re.compile(r"[（(\[［﹝〔【](?P<inner>[^）)\]］﹞〕】]*)[）)\]］﹞〕】]")
_FIGURE = re.compile(
    r"(?P<sign>≥|≤|>=|<=|>|<|＞|＜)?(?P<number>-?\d+(?:\.\d+)?(?:[-—~～]\d+(?:\.\d+)?)?)(?P<unit>%|％|‰)?(?P<after>左右|以[上内下]|及以[上下])?"
)
_SIGNS = {"≥": ">=", "≤": "<=", "＞": ">", "＜": "<"}
_AFTER = {"以上": ">=", "及以上": ">=", "以内": "<=", "以下": "<=", "及以下": "<="}
_SUM = re.compile(r"合计|总计|全[省市区县州乡镇](?:合计|总计)?")
_ATTRIBUTES = ("预期性", "约束性", "指导性")
_OWN_CHANGE = re.compile(r"(?:增长|增速|增幅|降低|下降|减少|涨幅|提高|削减)(?:率|幅度|比例)?$")
_UNITS = re.compile(r"[户人个亩家座项%‰岁年吨元]|万[户人元亩吨]|亿元|公里|平方米|公顷|平方公里")


@dataclass(frozen=True, slots=True)
class Name:
    """The name cell of a row or column without number and unit bracket: clean offsets in the cell."""

    start: int
    end: int
    unit: str


def name_of(cell: Text) -> Name | None:
    """Return where the indicator's name stands in a cell, and the unit in its bracket.

    >>> text = "3.常住人口城镇化率(%)"
    >>> name = name_of(Text.of(text, [Span(0, len(text))]))
    >>> text[name.start:name.end], name.unit
    ('常住人口城镇化率', '%')
    """
    text = cell.clean
    number = _NUMBERED.match(text)
    start = number.end() if number else 0
    unit = _UNIT.search(text, start)
    end = unit.start() if unit else len(text)
    if start >= end or not re.search(r"[\u4e00-\u9fffA-Za-z]", text[start:end]):
        return None
    return Name(start, end, unit["unit"].replace("％", "%") if unit else "")


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of an indicator table hold: column numbers, -1 where there is none."""

    name: int
    years: tuple[tuple[int, str], ...]
    total: int
    attribute: int
    unit: int


def columns(table: Table) -> Columns | None:
    """Return the columns of an indicator table, None when the table is of another shape."""
    heads = [fold(cell.text.clean) for cell in table.header]
    names = [i for i, head in enumerate(heads) if _NAMES.fullmatch(head)]
    years = []
    for i, head in enumerate(heads):
        times = find_times(head if "年" in head or "五" in head else head + "年")
        if times and not _TOTALS.search(head) and i not in names:
            years.append((i, times[0].period))
    if not names or not years:
        return None

    def first(pattern: str) -> int:
        return next((i for i, head in enumerate(heads) if re.search(pattern, head)), -1)

    return Columns(names[-1], tuple(years), first(_TOTALS.pattern), first("属性"), first("^(?:计量)?单位$"))


def read_value(cell: str) -> tuple[str, bool] | None:
    """Return the value in the guide's notation and whether it is a five-year total; None if empty.

    Words that are no number come back as they are.

    >>> read_value("﹝17.7﹞"), read_value("≥95"), read_value("控制在市级下达指标内"), read_value("——")
    (('17.7', True), ('>=95', False), ('控制在市级下达指标内', False), None)
    >>> read_value(">8、力争投入强度高于“十三五”时期实际")
    ('>8', False)
    """
    text = cell.strip()
    if _NOTHING.fullmatch(text):
        return None
    total = _TOTAL.fullmatch(text)
    inner = total["inner"].strip() if total else text
    figure = _FIGURE.match(inner)
    if figure is None or (figure.end() < len(inner) and not re.match(r"[，,、;；力且（(]", inner[figure.end()])):
        return (text, False)
    sign = figure["sign"] or ""
    bound = _SIGNS.get(sign, sign) or _AFTER.get(figure["after"] or "", "")
    return bound + re.sub(r"[—~～]", "-", figure["number"]), total is not None


def is_number(value: str) -> bool:
    """Return whether a table value is a figure and not words."""
    return re.match(r"[<>=]*-?\d", value) is not None


def table_observations(document: Document, mentions: Sequence[Mention]) -> Iterator[Observation]:
    """Yield the observations of all tables, for the Indicator mentions that stand in their cells."""
    calendar = Calendar(document)
    for table in document.tables:
        inside = [m for m in mentions if table.span.start <= m.span.start and m.span.end <= table.span.end]
        shape = columns(table)
        if shape is not None:
            for row in table.rows:
                yield from _indicator_row(document, calendar, table, shape, row, inside)
        else:
            yield from _statistics(document, calendar, table, inside)


def _mention(cell: Cell, mentions: Sequence[Mention], kind: EntityType | None) -> Mention | None:
    """Return the cell's longest mention of a type (None: of any type but Indicator)."""
    found = [
        item.mention
        for item in locate(cell.text, mentions)
        if (item.mention.type is kind if kind else item.mention.type is not EntityType.INDICATOR)
    ]
    return max(found, key=lambda m: len(m.surface), default=None)


def _evidence(document: Document, table: Table, row: Sequence[Cell], rule: str) -> Evidence:
    """Return the evidence of a row: from its first own cell to its last."""
    spans = [cell.text.span for cell in row if cell.text.pieces and not cell.merged]
    span = Span(min(s.start for s in spans), max(s.end for s in spans))
    return Evidence(span, document.section_path(table.section), rule, document.page(span.start))


def _indicator_row(
    document: Document,
    calendar: Calendar,
    table: Table,
    shape: Columns,
    row: Sequence[Cell],
    mentions: Sequence[Mention],
) -> Iterator[Observation]:
    indicator = _mention(row[shape.name], mentions, EntityType.INDICATOR)
    name = name_of(row[shape.name].text)
    if indicator is None or name is None:
        return
    unit = row[shape.unit].text.clean if shape.unit >= 0 else name.unit
    attribute = row[shape.attribute].text.clean if shape.attribute >= 0 else ""
    attribute = next((word for word in _ATTRIBUTES if word in attribute), "")
    evidence = _evidence(document, table, row, "observations/table")
    own = _OWN_CHANGE.search(indicator.surface) is not None
    for column, year in (*shape.years, (shape.total, "")):
        cell = row[column] if column >= 0 else None
        value = read_value(cell.text.clean) if cell is not None and not cell.merged else None
        if value is None:
            continue
        period, kind = _period_and_kind(calendar, year, total=value[1], own=own, number=is_number(value[0]))
        yield Observation(None, indicator, value[0], unit, period, kind, evidence, attribute)


def _period_and_kind(calendar: Calendar, year: str, *, total: bool, own: bool, number: bool) -> tuple[str, Kind]:
    """Return period and kind of a cell: of its year's column, or of the totals' column (year "").

    A five-year total in a year's column is that of the five-year plan which ends with the year.
    """
    planned = f"{calendar.planned[0]}-{calendar.planned[1]}" if calendar.planned else ""
    period = year or planned
    if year and total and number:
        last = int(year[-4:])
        first, end = plan_years(plan_number(last))
        period = f"{first}-{end}" if end == last else year
    if not year and number and not own:
        return period, Kind.CHANGE
    ahead = not year or calendar.is_ahead(year, "", None)
    return period, Kind.TARGET if ahead else Kind.ACTUAL


def _statistics(
    document: Document, calendar: Calendar, table: Table, mentions: Sequence[Mention]
) -> Iterator[Observation]:
    """Yield a table's figures when its columns are headed by Indicator mentions."""
    heads = {
        cell.column: mention
        for cell in table.header
        if (mention := _mention(cell, mentions, EntityType.INDICATOR)) is not None
    }
    if not heads:
        return
    units = {cell.column: name.unit for cell in table.header if (name := name_of(cell.text)) is not None}
    rows = list(table.rows)
    if rows and all(_UNITS.fullmatch(cell.text.clean) for cell in rows[0] if cell.text.clean):
        units |= {cell.column: cell.text.clean for cell in rows.pop(0) if cell.text.clean}
    caption = fold(table.caption.clean) if table.caption is not None else ""
    times = find_times(caption)
    period = times[0].period if times else ""
    ahead = re.search(r"计划|规划|投资|目标|任务", caption) is not None or calendar.is_ahead(period, caption, None)
    for row in rows:
        subject = next((m for cell in reversed(row) if (m := _mention(cell, mentions, None)) is not None), None)
        if subject is None and not any(_SUM.fullmatch(fold(cell.text.clean)) for cell in row):
            continue
        for column, indicator in heads.items():
            value = read_value(row[column].text.clean) if column < len(row) else None
            if value is not None and is_number(value[0]):
                unit = units.get(column) or ("%" if row[column].text.clean.endswith(("%", "％")) else "")
                evidence = _evidence(document, table, row, "observations/statistics")
                kind = Kind.TARGET if ahead else Kind.ACTUAL
                yield Observation(subject, indicator, value[0], unit, period, kind, evidence)
