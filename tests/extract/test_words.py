"""Words that an encoder knows, found in text."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from extract.words import Words, framed

_LISTED = ("产业", "产业园", "园区", "发展")


def _found(text: str) -> list[str]:
    """Return the words of a text in its order."""
    return [_LISTED[number - 1] for number, place in Words(_LISTED).places(text).tolist() if place == 1]


def test_the_longest_word_from_the_left_is_taken() -> None:
    assert _found("建产业园区") == ["产业园"]
    assert _found("发展园区产业") == ["发展", "园区", "产业"]
    assert _found("") == []


@given(st.text("产业园区发展建", max_size=30))
def test_every_word_stands_where_it_is_said_to_stand(text: str) -> None:
    places = Words(_LISTED).places(text)
    assert places.shape == (len(text), 2)
    assert ((places[:, 0] == 0) == (places[:, 1] == 0)).all()
    starts = np.flatnonzero(places[:, 1] == 1)
    for start in starts:
        word = _LISTED[places[start, 0] - 1]
        assert text.startswith(word, start)
        assert places[start : start + len(word), 0].tolist() == [places[start, 0]] * len(word)
        assert places[start : start + len(word), 1].tolist() == [1, *[2] * (len(word) - 2), 3]
    assert sum(len(_LISTED[places[start, 0] - 1]) for start in starts) == (places[:, 0] > 0).sum()


def test_a_frame_is_in_no_word() -> None:
    places = [Words(_LISTED).places(text) for text in ("产业", "建园")]
    assert framed(places).tolist() == [[[0, 0], [1, 1], [1, 3], [0, 0]], [[0, 0], [0, 0], [0, 0], [0, 0]]]
