"""Figures in all the forms in which plans print them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.quantities import find_quantities
from extract.units import measures, normalise


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("完成1.29万户改造", [("1.29", "万户")]),
        ("产值达到35亿元", [("35", "亿元")]),
        ("面积35,522亩", [("35522", "亩")]),
        ("面积35，522亩", [("35522", "亩")]),
        ("提高到２１．６６％", [("21.66", "%")]),
        ("2020 年增长7%", [("7", "%")]),
        ("年均6.5%左右", [("6.5", "%")]),
        ("98%以上", [(">=98", "%")]),
        ("不低于10家", [(">=10", "家")]),
        ("控制在3.88%以内", [("<=3.88", "%")]),
        ("不超过5%", [("<=5", "%")]),
        ("突破1500亿元", [(">1500", "亿元")]),
        ("超过2%", [(">2", "%")]),
        ("低于3人", [("<3", "人")]),
        ("建成50余个", [(">50", "个")]),
        ("存栏60余万头（只）", [(">60", "万头（只）")]),
        ("每年140—160元", [("140-160", "元")]),
        ("比例9.3—9.5。", [("9.3-9.5", "")]),
        ("结构为3.01：71.3：25.69", [("3.01：71.3：25.69", "")]),
        ("之比达1:15。", [("1:15", "")]),
        ("占比近三成", [("30", "%")]),
        ("占比超三成", [(">30", "%")]),
        ("九成以上", [(">=90", "%")]),
        ("四分之一", [("25", "%")]),
        ("三分之二", [("66.67", "%")]),
        ("百分之九十五以上", [(">=95", "%")]),
        ("千分之三点五", [("3.5", "‰")]),
        ("总产值翻一番", [("1", "番")]),
        ("翻了两番", [("2", "番")]),
        ("增长两倍", [("2", "倍")]),
        ("突破千亿元", [(">1000", "亿元")]),
        ("超万亿元", [(">1", "万亿元")]),
        ("近百亿元的项目", [("<100", "亿元")]),
        ("上万人", [(">=1", "万人")]),
        ("标准为1000元/生•年", [("1000", "元/生•年")]),
        ("40万立方米/天", [("40", "万立方米/天")]),
        ("5086户20402人", [("5086", "户"), ("20402", "人")]),
        ("由3.27缩小至2.93。", [("3.27", ""), ("2.93", "")]),
        ("死亡率降到22/10万，", [("22", "/10万")]),
        ("比例为19∶43∶38。", [("19∶43∶38", "")]),
        ("连续5年保持在99%以上", [(">=99", "%")]),
        ("参保率>95，", [(">95", "")]),
        ("提高4.58个百分点", [("4.58", "个百分点")]),
    ],
)
def test_forms(text: str, found: list[tuple[str, str]]) -> None:
    assert [(q.value, q.unit) for q in find_quantities(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "2025年",
        "2021—2025年",
        "到2035年",
        "7月14日",
        "PM2.5浓度",
        "X137线",
        "“1+3”产业",
        "第34位",
        "一成不变",
        "九成立",
        "三分之",
        "",
    ],
)
def test_what_is_no_figure(text: str) -> None:
    assert find_quantities(text) == ()


def test_doubling_is_a_growth_and_a_plain_figure_is_none() -> None:
    (doubling,) = find_quantities("翻一番")
    (plain,) = find_quantities("5亿元")
    assert (doubling.growth, plain.growth) == (True, False)


def test_offsets_are_those_of_the_text() -> None:
    text = "养老保险覆盖率９６．９％以上，医疗99%。"
    first, second = find_quantities(text)
    assert text[first.start : first.end] == "９６．９％以上"
    assert text[second.start : second.end] == "99%"


SIGNS = "0123456789.,，、。：-—~一二三十百千万亿半成分之番翻倍余多约近超上下以内左右%％年月日元户（）/人次个 达到"


@given(st.text(alphabet=SIGNS, max_size=60))
def test_figures_ascend_without_overlap(text: str) -> None:
    found = find_quantities(text)
    ends = [0, *(q.end for q in found)]
    assert all(end <= q.start < q.end <= len(text) for end, q in zip(ends, found, strict=False))
    assert all(q.amount for q in found)


def test_longer_measure_words_win() -> None:
    words = measures()
    assert words.index("平方公里") < words.index("平方") < words.index("人")
    assert len(words) == len(set(words)) > 100


@pytest.mark.parametrize(
    ("value", "unit", "amount"),
    [
        ("1.29", "万户", (Decimal("12900"), "户")),
        (">=35", "亿元", (Decimal("3500000000"), "元")),
        ("2", "平方公里", (Decimal("2000000"), "M2")),
        ("-10.3", "%", (Decimal("-10.3"), "PERCENT")),
        ("140-160", "元", None),
        ("高于GDP增长", "%", None),
    ],
)
def test_normalised_amounts(value: str, unit: str, amount: tuple[Decimal, str] | None) -> None:
    assert normalise(value, unit) == amount
