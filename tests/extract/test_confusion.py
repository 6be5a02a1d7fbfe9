"""Errors are named by their cause and counted."""

import json
from typing import Any

from extract.confusion import NOTHING, causes, status_table, type_table
from extract.evaluate import Report, evaluate
from extract.gold import parse_passages

TEXT = "米东区建设化工园、轻纺园，发展旅游业、物流业，产值达到35亿元、40亿元。"


def span(surface: str) -> list[int]:
    start = TEXT.index(surface)
    return [start, start + len(surface)]


def mention(surface: str, kind: str) -> dict[str, Any]:
    start, end = span(surface)
    return {"record": "mention", "doc": "d", "start": start, "end": end, "type": kind}


def fact(predicate: str, subject: str | None, obj: str, status: str | None = None) -> dict[str, Any]:
    sides = {"subject": subject and span(subject), "object": span(obj)}
    return {"record": "fact", "doc": "d", "predicate": predicate, "status": status} | sides


def figure(subject: str | None, value: str) -> dict[str, Any]:
    sides = {"subject": subject and span(subject), "indicator": span("产值")}
    return {"record": "observation", "doc": "d", "value": value, "unit": "亿元", "period": "", "kind": ""} | sides


def report(*records: dict[str, Any]) -> Report:
    names = [
        ("米东区", "District"),
        ("化工园", "Park"),
        ("旅游业", "Industry"),
        ("物流业", "Industry"),
        ("产值", "Indicator"),
    ]
    gold = {
        "id": "p1",
        "doc": "d",
        "start": 0,
        "end": len(TEXT),
        "text": TEXT,
        "entities": [mention(*name) for name in names],
        "facts": [
            {"predicate": "plans", "subject": "米东区", "object": "化工园", "status": "planned"},
            {"predicate": "develops", "subject": "米东区", "object": "旅游业"},
            {"predicate": "develops", "subject": "米东区", "object": "物流业"},
        ],
        "observations": [
            {"subject": "@doc", "indicator": "产值", "value": value, "unit": "亿元", "period": "", "kind": "target"}
            for value in ("35", "40")
        ],
    }
    return evaluate(parse_passages([json.dumps(gold)]), records)


def named(found: Report) -> dict[str, list[str]]:
    return {cause.name: [what for _, what in cause.cases] for cause in causes(found)}


def test_mentions_by_cause() -> None:
    found = report(
        mention("米东区", "Park"),
        mention("建设化工园", "Park"),
        mention("轻纺园", "Park"),
        mention("旅游业", "Industry"),
    )
    by_name = named(found)
    assert by_name["District: taken for Park"] == ["米东区 ≠ 米东区"]
    assert by_name["Park: other boundary"] == ["化工园 ≠ 建设化工园"]
    assert by_name["Park: spurious"] == ["轻纺园"]
    assert by_name["Industry: missed"] == ["物流业"]
    table = type_table(found)
    assert table == {
        ("District", "Park"): 1,
        ("Park", "Park"): 1,
        (NOTHING, "Park"): 1,
        ("Industry", "Industry"): 1,
        ("Industry", NOTHING): 1,
        ("Indicator", NOTHING): 1,
    }


def test_facts_by_cause() -> None:
    found = report(
        *(mention(*m) for m in [("米东区", "District"), ("化工园", "Park"), ("旅游业", "Industry")]),
        fact("plans", "米东区", "化工园", "ongoing"),
        fact("supports", "米东区", "旅游业"),
        fact("locatedIn", "轻纺园", "米东区"),
    )
    by_name = named(found)
    assert by_name["develops: taken for supports"] == ["米东区 develops 旅游业 ≠ 米东区 supports 旅游业"]
    assert by_name["develops: a side was not found as mention"] == ["米东区 develops 物流业"]
    assert by_name["locatedIn: spurious"] == ["轻纺园 locatedIn 米东区"]
    assert status_table(found) == {("planned", "ongoing"): 1}


def test_figures_by_cause() -> None:
    by_name = named(report(figure("化工园", "35"), figure(None, "4"), figure(None, "5")))
    assert by_name["observation: other subject"] == ["@doc 产值 = 35 ≠ 化工园"]
    assert by_name["observation: other indicator or value"] == ["@doc 产值 = 40 ≠ 产值 = 4"]
    assert by_name["observation: spurious"] == ["@doc 产值 = 5"]


def test_the_most_frequent_comes_first() -> None:
    counts = [cause.count for cause in causes(report())]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == 5 + 3 + 2
