import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.names import normalise, numeral

SAME = [
    ("轨道交通 ４ 号线", "轨道交通四号线"),
    ("“一带一路”国际医药产业园", "一带一路国际医药产业园"),
    ("中国(新疆)自由贸易试验区", "中国（新疆）自由贸易试验区"),
    ("中水回用四期、五\n\n期工程", "中水回用4期、五期工程"),
    ("伊宁市第十九幼儿园", "伊宁市第19幼儿园"),
    ("兵团第十二师", "兵团第12师"),
    ("潘津—伊潘文旅小镇", "潘津-伊潘文旅小镇"),
    ("绿色产业指导目录〔2019年版〕", "绿色产业指导目录（２０１９年版）"),
    ("I尚花田电音小镇", "Ｉ尚花田电音小镇"),
    ("二〇三五年", "二零三五年"),
]
DIFFERENT = [
    ("三道坝镇", "3道坝镇"),
    ("第一中学", "第二中学"),
    ("九项惠民工程", "9项惠民工程"),
    ("一带一路", "二带一路"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_written_in_two_ways(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text(max_size=40))
def test_the_normal_form_is_a_fixed_point(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.integers(min_value=1, max_value=999))
def test_numerals_are_read_back(value: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(value, 100)
    tens, ones = divmod(rest, 10)
    text = f"{digits[hundreds]}百" if hundreds else ""
    text += f"{digits[tens]}十" if tens else ("零" if hundreds and ones else "")
    text += digits[ones] if ones else ""
    assert numeral(text) == value


@pytest.mark.parametrize("text", ["十百", "一二", "万", ""])
def test_what_is_no_numeral_has_no_value(text: str) -> None:
    assert numeral(text) is None


def test_marks_that_only_a_second_pass_composes() -> None:
    assert normalise("A´") == normalise("á") == normalise(normalise("A´"))
