"""Models of others: nothing they say enters unless it stands in the text."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.document import Document
from extract.errors import PluginError
from extract.extractor import extract
from extract.layout import lay_out
from extract.plugins import Plugin, plugin_mentions

TEXT = "化工工业园发展旅游业和旅游业，到2025年，地区生产总值达到350亿元。\n"


def document(text: str = TEXT) -> Document:
    return lay_out(text, id="plan", district="米东区")


def found(model: Callable[[str], Any], text: str = TEXT) -> tuple[list[tuple[int, int, str, float]], tuple[str, ...]]:
    mentions, warnings = plugin_mentions(document(text), Plugin("m", "pack 1.0", model))
    for mention in mentions:
        assert mention.evidence.rule.startswith("mentions/model:m")
        assert mention.span in mention.evidence.span
    return [(m.span.start, m.span.end, m.type.value, m.confidence) for m in mentions], warnings


def saying(*answers: object) -> Callable[[str], Any]:
    return lambda text: list(answers)


def test_what_stands_in_the_sentence_enters() -> None:
    model = saying(
        {"text": "旅游业", "type": "Industry", "start": 11, "confidence": 0.75},
        {"text": "旅游业", "type": "Industry"},
        {"text": "化工工业园", "type": "Park", "more": object()},
    )
    expected = [(0, 5, "Park", 1.0), (7, 10, "Industry", 1.0), (11, 14, "Industry", 0.75)]
    assert found(model) == (expected, ())


def test_it_is_given_clean_sentences_and_its_spans_are_of_the_raw_text() -> None:
    given: list[str] = []

    def model(text: str) -> Iterator[dict[str, object]]:
        given.append(text)
        yield {"text": "旅游业", "type": "Industry"}

    mentions, warnings = found(model, "发展旅 游业。推进**旅游 业**。\n")
    assert given == ["发展旅游业。", "推进旅游业。"]
    assert (mentions, warnings) == ([(2, 6, "Industry", 1.0), (11, 15, "Industry", 1.0)], ())


class Sly(str):
    """A text that claims to be equal to anything and to have another length."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return hash("Park")

    def __len__(self) -> int:
        return 99

    def __str__(self) -> str:
        return "化工工业园"


OK = {"text": "化工工业园", "type": "Park"}
REFUSED: list[tuple[object, str]] = [
    ({"text": "光伏产业", "type": "Industry"}, "not in the sentence"),
    ({"text": "旅游 业", "type": "Industry"}, "not in the sentence"),
    ({"text": "旅游业", "type": "Industry", "start": 8}, "not in the sentence"),
    ({"text": "旅游业", "type": "Industry", "start": -33}, "not in the sentence"),
    ({"text": "旅游业", "type": "Industry", "start": 10**30}, "not in the sentence"),
    ({"text": "旅游业", "type": "Industry", "start": "7"}, "with a start that is no offset"),
    ({"text": "旅游业", "type": "Industry", "start": 7.0}, "with a start that is no offset"),
    ({"text": "旅游业", "type": "Industry", "start": True}, "with a start that is no offset"),
    ({"text": "旅游业", "type": "industry"}, "of an unknown type"),
    ({"text": "旅游业", "type": "Thing"}, "of an unknown type"),
    ({"text": "旅游业", "type": None}, "of an unknown type"),
    ({"text": "旅游业", "type": ["Industry"]}, "of an unknown type"),
    ({"text": "旅游业", "type": Sly("Thing")}, "of an unknown type"),
    ({"text": "旅游业"}, "of an unknown type"),
    ({"type": "Industry"}, "without text"),
    ({"text": "", "type": "Industry"}, "without text"),
    ({"text": " \n", "type": "Industry"}, "without text"),
    ({"text": b"\xe6", "type": "Industry"}, "without text"),
    ({"text": 7, "type": "Industry"}, "without text"),
    ({"text": Sly("光伏"), "type": "Park"}, "not in the sentence"),
    ({"text": "旅游业", "type": "Industry", "confidence": 1.5}, "with a confidence that is no number from 0 to 1"),
    ({"text": "旅游业", "type": "Industry", "confidence": float("nan")}, "with a confidence that is no number"),
    ({"text": "旅游业", "type": "Industry", "confidence": "0.5"}, "with a confidence that is no number"),
    ({"text": "旅游业", "type": "Industry", "confidence": True}, "with a confidence that is no number"),
    ({"text": "工业园", "type": "Park"}, "over others"),
    ({"text": "化工工业园", "type": "Park"}, "over others"),
    ({"text": "园发展", "type": "Park", "start": 4}, "over others"),
    (("旅游业", "Industry"), "not a mapping"),
    ("旅游业", "not a mapping"),
    (None, "not a mapping"),
    ({}, "without text"),
]


@pytest.mark.parametrize(("answer", "reason"), REFUSED)
def test_what_is_wrong_is_refused_and_told(answer: object, reason: str) -> None:
    mentions, (warning,) = found(saying(OK, answer))
    assert mentions == [(0, 5, "Park", 1.0)]
    assert warning.startswith(f"plan: refused 1 mentions of the model 'm': 1 {reason}")


def test_what_is_refused_is_told_once_for_a_document() -> None:
    text = "发展旅游业。发展农业。\n\n发展物流业。\n"
    mentions, warnings = found(saying({"text": "旅游业", "type": "Industry"}, 7), text)
    assert mentions == [(2, 5, "Industry", 1.0)]
    assert warnings == ("plan: refused 5 mentions of the model 'm': 3 not a mapping, 2 not in the sentence",)


def raising(error: BaseException) -> Callable[[str], Any]:
    def model(text: str) -> Iterator[dict[str, str]]:
        yield OK
        raise error

    return model


class Trap(dict[str, str]):
    """A mapping that cannot be read."""

    def get(self, *key: object) -> str:
        raise KeyError("no\nsuch key")


def endless(text: str) -> Iterator[dict[str, str]]:
    while True:
        yield OK


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (raising(ValueError("out of\nmemory")), "ValueError: out of memory"),
        (raising(SystemExit(3)), "SystemExit: 3"),
        (raising(RecursionError()), "RecursionError"),
        (saying(Trap()), "KeyError: 'no"),
        (lambda text: None, "TypeError: 'NoneType' object is not iterable"),
        (lambda: [], "TypeError: "),
        (endless, "ValueError: more than 10000 mentions for one sentence"),
    ],
)
def test_a_model_that_fails_is_named_with_the_document(model: Callable[[str], Any], said: str) -> None:
    with pytest.raises(PluginError) as failed:
        found(model)
    start = "the model 'm' of pack 1.0 failed on the document plan: "
    assert str(failed.value).startswith(start + said)
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("nothing", [[], (), {}, "", iter(())])
def test_a_model_may_find_nothing(nothing: object) -> None:
    assert found(lambda text: nothing) == ([], ())


WORDS = ["化工工业园", "工业园", "旅游业", "旅游", "业和旅", "地区生产总值", "光伏", "", "到2025年"]
ANSWERS = st.fixed_dictionaries(
    {"text": st.sampled_from(WORDS), "type": st.sampled_from(["Park", "Industry", "Project", "Indicator", "x"])},
    optional={"start": st.integers(-2, 40), "confidence": st.floats()},
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANSWERS | st.none() | st.text(max_size=3), max_size=12))
def test_any_answers_give_mentions_of_the_text_without_overlap(answers: list[object]) -> None:
    mentions, warnings = found(saying(*answers))
    assert len(mentions) <= len(answers)
    assert len(warnings) <= 1
    end = 0
    for start, stop, _, confidence in mentions:
        assert end <= start < stop <= len(TEXT)
        assert 0 <= confidence <= 1
        end = stop


def test_facts_and_figures_are_made_from_its_mentions() -> None:
    """Its mentions replace the tagger's; the grammar's indicators, the facts and the figures come as ever."""
    model = saying({"text": "旅游业", "type": "Industry"}, {"text": "2025年", "type": "Indicator"}, 7)
    said = extract(
        document("大力发展旅游业。到2025年，地区生产总值达到350亿元。\n"), plugin=Plugin("m", "pack 1.0", model)
    )
    assert [(m.surface, m.type.value) for m in said.mentions] == [("旅游业", "Industry"), ("地区生产总值", "Indicator")]
    assert said.mentions[0].evidence.rule == "mentions/model:m"
    assert [(f.predicate.value, f.subject, f.object) for f in said.facts] == [("develops", None, said.mentions[0])]
    assert [(o.value, o.unit, o.period) for o in said.observations] == [("350", "亿元", "2025")]
    assert len(said.warnings) == 1
