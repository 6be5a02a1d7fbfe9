"""Whole made-up documents: a five-year plan and a work report of a county, in the layouts that real ones have."""

import random

from ontology.schema import Kind
from output.synth.draft import Draft, Figured
from output.synth.grammar import BoxPattern, grammar
from output.synth.world import County

_DIGITS = "〇一二三四五六七八九十"
_TABLES = ("pipes", "tabs", "html")


def plan(county: County, rng: random.Random, characters: int) -> Draft:
    """Return a five-year plan of about so many characters: chapters, sections, boxes, lists and a table."""
    draft = Draft(county, rng)
    draft.write(f"{county.place}国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要\n\n")
    chapter = section = box = 0
    while chapter < 2 or draft.length < characters:
        chapter += 1
        draft.write(f"第{numeral(chapter)}章 {rng.choice(grammar().chapters)}\n\n")
        for section in range(1, rng.randint(2, 3) + 1):
            draft.write(f"第{numeral(section)}节 {rng.choice(grammar().sections)}\n\n")
            _paragraphs(draft, rng.randint(1, 3))
            if rng.random() < 0.3:
                _list(draft)
        if chapter % 2 == 1:
            box += 1
            _box(draft, box, rng.choice(grammar().boxes))
        if chapter == 2:
            _table(draft, rng.choice(_TABLES))
    return draft


def report(county: County, rng: random.Random, characters: int) -> Draft:
    """Return a government work report of about so many characters: two levels of headings, paragraphs, lists."""
    draft = Draft(county, rng)
    draft.write(
        f"{county.place}2022年政府工作报告\n\n各位代表：\n\n现在，我代表{county.division.name}人民政府报告工作。\n\n"
    )
    part = 0
    while part < 2 or draft.length < characters:
        part += 1
        draft.write(f"{numeral(part)}、{rng.choice(grammar().chapters)}\n\n")
        for section in range(1, rng.randint(1, 3) + 1):
            draft.write(f"（{numeral(section)}）{rng.choice(grammar().sections)}\n\n")
            _paragraphs(draft, rng.randint(1, 3))
        if rng.random() < 0.3:
            _list(draft)
    return draft


def numeral(number: int) -> str:
    """Return a number from 1 to 999 in Chinese.

    >>> numeral(3), numeral(14), numeral(20), numeral(105), numeral(118)
    ('三', '十四', '二十', '一百零五', '一百一十八')
    """
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("一" if tens == 1 and hundreds else "" if tens == 1 else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _paragraphs(draft: Draft, count: int) -> None:
    for _ in range(count):
        for _ in range(draft.rng.randint(2, 5)):
            draft.say(draft.rng.choice(grammar().sentences))
        draft.write("\n\n")


def _list(draft: Draft) -> None:
    mark = draft.rng.choice(("——", "{}.", "（{}）"))
    for number in range(1, draft.rng.randint(2, 4) + 1):
        draft.write(mark.format(number))
        draft.say(draft.rng.choice(grammar().sentences))
        draft.write("\n\n")


def _box(draft: Draft, number: int, pattern: BoxPattern) -> None:
    draft.write(f"专栏{number} {pattern.title}\n\n")
    for item in range(1, draft.rng.randint(2, 4) + 1):
        draft.write(f"{item}.")
        draft.say(draft.rng.choice(pattern.items))
        draft.write("\n\n")


def _table(draft: Draft, shape: str) -> None:
    """Add the table of the main indicators in one of the shapes that converted documents have."""
    start, between, end = {
        "pipes": ("| ", " | ", " |\n"),
        "tabs": ("", "\t", "\n"),
        "html": ("<tr><td>", "</td><td>", "</td></tr>\n"),
    }[shape]
    header = ("指标名称", "单位", "2020年", "2025年", "属性")
    draft.write("“十四五”时期经济社会发展主要指标\n\n")
    draft.write("<table>\n" * (shape == "html"))
    draft.write(start + between.join(header) + end)
    draft.write("|---|---|---|---|---|\n" * (shape == "pipes"))
    for thing, measure in draft.county.measures.values():
        draft.write(start)
        indicator = draft.name(thing, plain=True)
        cells = [measure.unit, draft.number(measure), draft.number(measure), measure.attribute]
        draft.write(between + between.join(cells) + end)
        for period, kind, value in (("2020", Kind.ACTUAL, cells[1]), ("2025", Kind.TARGET, cells[2])):
            draft.figures.append(Figured(indicator, value, measure.unit, period, kind, measure.attribute))
    draft.write("</table>\n" * (shape == "html") + "\n")
