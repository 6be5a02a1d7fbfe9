from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.units import unit

CASES = [
    ("亿元", "100000000", "元", ""),
    ("万元", "10000", "元", ""),
    ("万亿元", "1000000000000", "元", ""),
    ("元", "1", "元", ""),
    ("%", "1", "%", "PERCENT"),
    ("％", "1", "%", "PERCENT"),
    ("公里", "1000", "米", "M"),
    ("千米", "1000", "米", "M"),
    ("平方公里", "1000000", "平方米", "M2"),
    ("万平方米", "10000", "平方米", "M2"),
    ("公顷", "10000", "平方米", "M2"),
    ("万亩", "10000", "亩", ""),
    ("万吨", "10000", "吨", "TONNE"),
    ("万千瓦", "10000", "千瓦", "KiloW"),
    ("亿千瓦时", "100000000", "千瓦时", "KiloW-HR"),
    ("万人次", "10000", "人次", ""),
    ("家", "1", "家", ""),
    ("个百分点", "1", "个百分点", ""),
    ("百分点", "1", "个百分点", ""),
    ("微克/立方米", "1", "微克/立方米", "MicroGM-PER-M3"),
    ("万 人", "10000", "人", ""),
    ("千", "1", "千", ""),
]


@pytest.mark.parametrize(("text", "factor", "base", "qudt"), CASES)
def test_units(text: str, factor: str, base: str, qudt: str) -> None:
    found = unit(text)
    assert (found.text, found.factor, found.base, found.qudt) == (text, Decimal(factor), base, qudt)


@given(st.text())
def test_any_text_is_a_unit_with_a_positive_factor(text: str) -> None:
    found = unit(text)
    assert found.factor > 0
    assert unit(found.base).base == found.base
