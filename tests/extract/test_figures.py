"""Which figures belong to which names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.figures import Slot, link, rest, trailing
from extract.folding import fold
from extract.quantities import find_quantities


def linked(text: str, *names: str) -> list[tuple[str, str, int]]:
    """Return (name, value, change) of the figures of names that stand in the text in this order."""
    text = fold(text)
    slots, at = [], 0
    for number, name in enumerate(names):
        start = text.index(name, at)
        at = start + len(name)
        slots.append(Slot(start, at, number))
    return [(names[f.slot.index], f.value, f.change) for f in link(text, slots, find_quantities(text))]


@pytest.mark.parametrize(
    ("text", "names", "figures"),
    [
        ("产值达到5亿元，增长7%。", ["产值"], [("产值", "5", 0), ("产值", "7", 1)]),
        ("产值由3亿元增加到5亿元；", ["产值"], [("产值", "3", 0), ("产值", "5", 0)]),
        ("用水量同比减少25%，", ["用水量"], [("用水量", "-25", -1)]),
        ("排放削减5%以上", ["排放"], [("排放", "<=-5", -1)]),
        ("新认定高新企业30家，总数达169家，", ["高新企业"], [("高新企业", "30", 1), ("高新企业", "169", 0)]),
        (
            "养老、医疗覆盖率分别达到96%、99%；",
            ["养老、医疗覆盖率"],
            [("养老、医疗覆盖率", "96", 0), ("养老、医疗覆盖率", "99", 0)],
        ),
        ("甲率、乙率分别为3%和4%", ["甲率", "乙率"], [("甲率", "3", 0), ("乙率", "4", 0)]),
        ("甲率、乙率均达到98%", ["甲率", "乙率"], [("甲率", "98", 0), ("乙率", "98", 0)]),
        ("占比分别超过2%、5%", ["占比"], [("占比", ">2", 0), ("占比", ">5", 0)]),
        (
            "接待游客2亿人次、实现旅游收入3亿元，较“十二五”期间分别增长1.5倍、1.6倍。",
            ["接待游客", "旅游收入"],
            [("接待游客", "2", 0), ("旅游收入", "3", 0), ("接待游客", "1.5", 1), ("旅游收入", "1.6", 1)],
        ),
        ("任务为5086户20402人，", ["任务"], [("任务", "5086", 0), ("任务", "20402", 0)]),
        (
            "形成4万头牛（1.5万头奶牛）、13万只羊",
            ["牛", "奶牛", "羊"],
            [("牛", "4", 0), ("奶牛", "1.5", 0), ("羊", "13", 0)],
        ),
        (
            "新建3个集群、2个园区和9个强镇。",
            ["集群", "园区", "强镇"],
            [("集群", "3", 1), ("园区", "2", 1), ("强镇", "9", 1)],
        ),
        ("收入首次突破2万元、达到20793元。", ["收入"], [("收入", "20793", 0)]),
        ("装机容量150万千瓦（1500MW），", ["装机容量"], [("装机容量", "150", 0)]),
        ("总产值翻一番。", ["总产值"], [("总产值", "1", 1)]),
    ],
)
def test_links(text: str, names: list[str], figures: list[tuple[str, str, int]]) -> None:
    assert linked(text, *names) == figures


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("企业12家，94条生产线", ["企业"]),
        ("产值5亿元，带动200户增收", ["产值"]),
        ("新增就业6万人，是“十二五”时期的1.28倍；", ["就业"]),
        ("合格率达98%，80%的主体可追溯", ["合格率"]),
    ],
)
def test_figures_of_something_else_are_left_alone(text: str, names: list[str]) -> None:
    assert len(linked(text, *names)) == 1


def test_a_name_without_figure_gives_nothing() -> None:
    assert linked("产值稳步增长。就业120人。", "产值") == []


@pytest.mark.parametrize(
    ("gap", "left"),
    [("", ""), ("较“十二五”末分别增长", ""), ("，总数达", ""), ("到2020年达到", ""), ("，带动农户", "带动农户")],
)
def test_words_of_reaching(gap: str, left: str) -> None:
    assert rest(gap) == left


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("再生水利用率提高到", "再生水利用率"),
        ("绿电占比超", "绿电占比"),
        ("资产总额达到", "资产总额"),
        ("面积", "面积"),
    ],
)
def test_the_name_is_left_when_the_words_of_reaching_are_cut(zone: str, name: str) -> None:
    assert zone[: trailing(zone)] == name


@given(
    st.lists(
        st.sampled_from(["甲率", "达到", "5%", "12家", "、", "，", "和", "分别", "增长", "。", "（", "）", "由", "到"]),
        max_size=14,
    )
)
def test_every_figure_is_used_at_most_once_for_a_name(parts: list[str]) -> None:
    text = "".join(parts)
    slots, at = [], 0
    while (start := text.find("甲率", at)) >= 0:
        at = start + 2
        slots.append(Slot(start, at, len(slots)))
    found = link(text, slots, find_quantities(text))
    keys = [(f.slot, f.quantity) for f in found]
    assert len(keys) == len(set(keys))
    assert {f.slot for f in found} <= set(slots)
