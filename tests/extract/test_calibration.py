import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.calibration import Calibration, isotonic
from extract.errors import ModelError

PAIRS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(PAIRS, st.integers(1, 10))
def test_points_ascend_and_are_shares(pairs: list[tuple[float, bool]], least: int) -> None:
    points = isotonic(pairs, least=least)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(points))
    assert all(0 <= share <= 1 for _, share in points)


def test_falling_shares_are_pooled() -> None:
    pairs = [(0.2, True), (0.3, True), (0.4, False), (0.5, False), (0.8, True), (0.9, True)]
    assert isotonic(pairs, least=2) == ((0.35, 0.5), (0.85, 1.0))


def test_a_share_is_interpolated_and_never_leaves_the_table() -> None:
    calibration = Calibration(((0.5, 0.4), (0.9, 0.8)), ((0.0, 0.1), (1.0, 0.7)))
    assert [calibration.mention(p) for p in (0.1, 0.5, 0.7, 0.9, 1.0)] == [0.4, 0.4, 0.6, 0.8, 0.8]
    assert [calibration.fact(p) for p in (0.0, 0.5, 1.0)] == [0.1, 0.4, 0.7]


def test_a_table_reads_back(tmp_path: Path) -> None:
    calibration = Calibration(((0.5, 0.4), (0.9, 0.8)), ((0.0, 0.1), (1.0, 0.7)))
    calibration.save(tmp_path / "table.json")
    assert Calibration.load(tmp_path / "table.json") == calibration


def test_the_shipped_table_is_sensible() -> None:
    calibration = Calibration.load()
    assert 0.6 < calibration.mention(1.0) <= 1
    assert calibration.mention(0.3) < calibration.mention(0.99)
    assert calibration.fact(0.2) < calibration.fact(0.99)


@pytest.mark.parametrize("content", ["", "[]", '{"mentions": [[1, 2]]}', '{"mentions": [["a", 1]], "facts": []}'])
def test_a_damaged_table_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "table.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=re.escape(str(path))):
        Calibration.load(path)
