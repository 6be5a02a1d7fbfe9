"""What falls below a confidence, and what falls with it."""

import pytest

from extract.confidence import at_least, checked_confidence
from extract.document import Document, DocumentKind, DocumentMeta
from extract.errors import PlankgError
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate

TEXT = "化工园发展石油化工、旅游业，产值达到五亿元。"
WHOLE = Evidence(Span(0, len(TEXT)), (), "test")


def mention(name: str, kind: EntityType, confidence: float) -> Mention:
    at = TEXT.index(name)
    return Mention(Span(at, at + len(name)), kind, name, WHOLE, confidence)


PARK = mention("化工园", EntityType.PARK, 0.9)
CHEMISTRY = mention("石油化工", EntityType.INDUSTRY, 0.8)
TOURISM = mention("旅游业", EntityType.INDUSTRY, 0.5)
OUTPUT = mention("产值", EntityType.INDICATOR, 0.7)


def develops(subject: Mention | None, industry: Mention, confidence: float) -> Fact:
    return Fact(Predicate.DEVELOPS, subject, industry, WHOLE, confidence=confidence)


def figure(subject: Mention | None, confidence: float) -> Observation:
    return Observation(subject, OUTPUT, "5", "亿元", "2025", Kind.TARGET, WHOLE, confidence=confidence)


SURE, WEAK, TO_WEAK = develops(PARK, CHEMISTRY, 0.8), develops(PARK, CHEMISTRY, 0.3), develops(PARK, TOURISM, 0.9)
OF_ISSUER = develops(None, CHEMISTRY, 0.6)
FIGURE, OF_PARK = figure(None, 0.6), figure(PARK, 0.95)
DOCUMENT = Document("d", TEXT, "0", DocumentMeta("", DocumentKind.PLAN, "米东区"), (), ())
ALL = Extraction(DOCUMENT, (PARK, CHEMISTRY, TOURISM, OUTPUT), (SURE, WEAK, TO_WEAK, OF_ISSUER), (FIGURE, OF_PARK))


@pytest.mark.parametrize(
    ("least", "mentions", "facts", "observations"),
    [
        (0, ALL.mentions, ALL.facts, ALL.observations),
        (0.5, ALL.mentions, (SURE, TO_WEAK, OF_ISSUER), (FIGURE, OF_PARK)),
        (0.6, (PARK, CHEMISTRY, OUTPUT), (SURE, OF_ISSUER), (FIGURE, OF_PARK)),
        (0.65, (PARK, CHEMISTRY, OUTPUT), (SURE,), (OF_PARK,)),
        (0.75, (PARK, CHEMISTRY), (SURE,), ()),  # the figure is sure, its indicator is not
        (0.85, (PARK,), (), ()),
        (1, (), (), ()),
    ],
)
def test_what_stays(
    least: float, mentions: tuple[Mention, ...], facts: tuple[Fact, ...], observations: tuple[Observation, ...]
) -> None:
    assert at_least(ALL, least) == Extraction(DOCUMENT, mentions, facts, observations)


@pytest.mark.parametrize("wrong", [-0.01, 1.01, float("nan"), "0.5", None])
def test_a_confidence_is_a_number_from_0_to_1(wrong: float) -> None:
    with pytest.raises(PlankgError, match=r"must be a number from 0 to 1, such as 0\.5, not"):
        checked_confidence(wrong)
    with pytest.raises(PlankgError):
        at_least(ALL, wrong)
