"""What a sentence goes on speaking of: the actor that a heading names, or that opened a sentence before it.

`昆明市要提高竞争力。大力发展旅游业。`: the second sentence has no subject of its own (GUIDE: an actor
hands its subject on to the following subjectless clauses).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.back_references import FIRM, UNION
from extract.context import Place
from extract.document import Document, Role, Sentence
from extract.extraction import Mention
from ontology.schema import EntityType

_ACTORS = frozenset({EntityType.DISTRICT, EntityType.PARK, EntityType.ENTERPRISE, EntityType.INSTITUTION})
_PLACES = frozenset({EntityType.DISTRICT, EntityType.PARK})
OPENING = re.compile(r"[\W\d_一二三四五六七八九十是]*")  # what may stand before a name that opens a sentence
# The same before a district that is helped to do what the sentence says.
_HELPED = re.compile(
    rf"{OPENING.pattern}(?:(?:继续|积极|大力|重点|要|进一步|全力|坚定|着力|加快)*(?:支持|鼓励|推动|引导|帮助|促进))?(?:有条件的)?"
)
_NUMBERING = re.compile(r"[\W\d_]*(?:第?[一二三四五六七八九十]+[章节、.．]|[（(][一二三四五六七八九十\d]+[)）])?[\W_]*")
_NO_SUBJECT = re.compile(r"[的、和与及等]")  # after a name that opens a sentence as part of another phrase
_SELF = re.compile(r"[我本全该](省|市|州|盟|县|区|旗|乡|镇|村|街道)(?!党委|政府)")
_FIRM = re.compile(rf"(?:^|[，。；：])\s*[该本]?(?:{FIRM}|{UNION})(?![化家户数])")
_FAR = 4  # sentences from which on a distance is not told apart


@dataclass(frozen=True, slots=True)
class Topic:
    """An actor spoken of before; `origin` is "heading" or "opening", `gap` the sentences since it was named last.

    `gap` counts from 1 (the sentence before) to 4 (that far or farther).
    """

    place: Place
    mention: Mention
    origin: str
    gap: int


@dataclass(slots=True)
class _Held:
    place: Place
    mention: Mention
    at: int  # the sentence that named it last


def spoken_of(text: str, topics: Sequence[Topic]) -> Mention | None:
    """Return the district among the topics that a sentence calls 我镇 or 全镇."""
    said = tuple({found[1] for found in _SELF.finditer(text)})
    districts = (topic for topic in topics if topic.place.type is EntityType.DISTRICT)
    return next((topic.mention for topic in districts if topic.place.surface.endswith(said)), None)


def speaks_of_own(document: Document, text: str) -> bool:
    """Return whether a sentence calls the document's own district 我区 or the like."""
    return any(document.meta.district.endswith(found[1]) for found in _SELF.finditer(text))


def calls_firm(text: str) -> bool:
    """Return whether a clause of a sentence has 公司, 该企业 or the like as its subject."""
    return _FIRM.search(text) is not None


def stands_alone(text: str, place: Place) -> bool:
    """Return whether a heading holds nothing but the name at `place` and its number."""
    return _NUMBERING.fullmatch(text, 0, place.start) is not None and not text[place.end :].strip(" \u3000：:*")


def opener(document: Document, text: str, pairs: Sequence[tuple[Place, Mention]]) -> tuple[Place, Mention] | None:
    """Return the other district or the park that opens a sentence as its subject, or the district that is helped."""
    for place, mention in pairs[:1]:
        district = place.type is EntityType.DISTRICT
        opens = (_HELPED if district else OPENING).fullmatch(text, 0, place.start)
        own = district and document.meta.is_own(place.surface)
        if place.type in _PLACES and opens and not own and not _NO_SUBJECT.match(text, place.end):
            return place, mention
    return None


class Topics:
    """Read sentence by sentence; `of` says what the next one may go on speaking of."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._headed: dict[int, _Held] = {}  # by section
        self._opened: tuple[int | None, _Held] | None = None  # with its paragraph

    def of(self, sentence: Sentence) -> Iterator[Topic]:
        """Yield the topics of a sentence that was not read yet, nearest first."""
        if sentence.role is Role.TITLE:
            return
        held = []
        if self._opened and self._opened[0] == sentence.paragraph and sentence.role is not Role.HEADING:
            held.append(("opening", self._opened[1]))
        held += [("heading", self._headed[s]) for s in self._sections(sentence) if s in self._headed][:1]
        known = set()
        for origin, one in held:
            if one.place.surface not in known:
                known.add(one.place.surface)
                yield Topic(one.place, one.mention, origin, min(sentence.index - one.at, _FAR))

    def read(self, sentence: Sentence, pairs: Sequence[tuple[Place, Mention]]) -> None:
        """Take a sentence with its mentions for what was said before the next ones."""
        actors = [(place, mention) for place, mention in pairs if place.type in _ACTORS and not self._own(place)]
        self._name_again(sentence, actors)
        if not actors:
            return
        place, mention = actors[0]
        text = sentence.text.clean
        if sentence.role is Role.HEADING:
            if stands_alone(text, place) and sentence.section is not None and place.type is EntityType.DISTRICT:
                self._headed[sentence.section] = _Held(place, mention, sentence.index)
        elif OPENING.fullmatch(text, 0, place.start) and not _NO_SUBJECT.match(text, place.end):
            self._opened = (sentence.paragraph, _Held(place, mention, sentence.index))

    def _name_again(self, sentence: Sentence, actors: Sequence[tuple[Place, Mention]]) -> None:
        named = {place.surface: (place, mention) for place, mention in actors}
        held = [self._opened[1]] if self._opened else []
        held += [self._headed[s] for s in self._sections(sentence) if s in self._headed]
        for one in held:
            if one.place.surface in named:
                one.place, one.mention = named[one.place.surface]
                one.at = sentence.index

    def _own(self, place: Place) -> bool:
        return place.type is EntityType.DISTRICT and self._document.meta.is_own(place.surface)

    def _sections(self, sentence: Sentence) -> Iterator[int]:
        section = sentence.section
        while section is not None:
            yield section
            section = self._document.sections[section].parent
