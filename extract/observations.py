"""Observations: the figures of a document with indicator, subject, period and kind."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.document import Document, Role, Sentence
from extract.extraction import Evidence, Mention, Observation
from extract.figures import Figure, Slot, link
from extract.folding import fold
from extract.indicator_tables import table_observations
from extract.located import Located, by_sentence
from extract.periods import Calendar, Time, find_times, nearest, plan_number, plan_years
from extract.quantities import Quantity, find_quantities
from extract.subjects import Subjects
from ontology.schema import EntityType, Kind

_OPENS_TIME = re.compile(
    r"^(?:19|20)\d\d年[：:]|过去的(?:19|20)\d\d年|目标(?:任务)?(?:是|为|如下)?[：:]|主要(?:预期)?目标"
)
_BREAK = re.compile(r"[；。]")
_SHARERS = frozenset({EntityType.DISTRICT, EntityType.PARK, EntityType.PROJECT, EntityType.ENTERPRISE})
_CLAUSE = re.compile(r"[^，；。、]{0,4}")  # what still belongs to a figure: 的目标, 的水平
_PLANNED = re.compile(r"计划(?!生育|单列)")
_NEAR = 30  # a comparison reaches no further than this many characters


def observe(document: Document, mentions: Sequence[Mention]) -> tuple[Observation, ...]:
    """Return the observations of a document's Indicator mentions, in document order.

    `mentions` are those of the whole document, of all types; the others are the subjects. An
    Indicator without a figure gives nothing, a figure without an Indicator neither.
    """
    found = [*_prose(document, mentions), *table_observations(document, mentions)]
    return tuple(sorted(found, key=lambda o: (o.indicator.span, o.period, o.value)))


def _prose(document: Document, mentions: Sequence[Mention]) -> Iterator[Observation]:
    calendar, subjects, carried = Calendar(document), Subjects(document), _Carried()
    for sentence, places in by_sentence(document, mentions):
        subjects.enter(sentence, places)
        carried.enter(sentence)
        indicators = [p for p in places if p.mention.type is EntityType.INDICATOR]
        if indicators and sentence.role is not Role.CELL:
            reading = _Reading(document, calendar, subjects, sentence, places)
            reading.carried = carried.time
            yield from reading.observations(indicators)


class _Carried:
    """The time that an opening sentence gives to the rest of its paragraph.

    `刚刚过去的2025年是…` and `到2005年，主要目标：…` do; after a closing colon also to the next paragraph.
    """

    def __init__(self) -> None:
        self.time: Time | None = None
        self._paragraph = -1
        self._open = False

    def enter(self, sentence: Sentence) -> None:
        """Take note of a sentence before its figures are read."""
        if sentence.role is Role.HEADING:
            self.time, self._open = None, False
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            if not self._open:
                self.time = None
            self._open = False
        text = fold(sentence.text.clean)
        match = _OPENS_TIME.search(text)
        if match is None:
            return
        times = [t for t in find_times(text) if not t.role and t.start <= match.end()]
        if times:
            self.time, self._open = times[-1], text.endswith("：")


class _Reading:
    """One sentence with figures."""

    def __init__(
        self, document: Document, calendar: Calendar, subjects: Subjects, sentence: Sentence, places: Sequence[Located]
    ) -> None:
        self.document = document
        self.calendar = calendar
        self.subjects = subjects
        self.sentence = sentence
        self.places = places
        self.text = fold(sentence.text.clean)
        self.carried: Time | None = None
        self.times = find_times(self.text, calendar.five_years(sentence.section))

    def observations(self, indicators: Sequence[Located]) -> Iterator[Observation]:
        slots = [Slot(p.start, p.end, i) for i, p in enumerate(indicators)]
        quantities = [q for q in find_quantities(self.sentence.text.clean) if not self._named(q)]
        figures = link(self.text, slots, quantities)
        for figure in figures:
            yield from self._observation(figure, indicators[figure.slot.index])
        taken = {figure.quantity for figure in figures}
        for quantity in quantities:
            if quantity not in taken:
                yield from self._share(quantity, figures, indicators)

    def _share(
        self, quantity: Quantity, figures: Sequence[Figure], indicators: Sequence[Located]
    ) -> Iterator[Observation]:
        """Yield a place's share of the figure before: `安置房1469套（其中：甲镇204套、乙镇400套）`."""
        owner = next((p for p in self.places if p.end == quantity.start and p.mention.type in _SHARERS), None)
        total = next((f for f in reversed(figures) if f.quantity.end <= quantity.start), None)
        if owner is None or total is None or total.quantity.unit != quantity.unit:
            return
        between = self.text[total.quantity.end : owner.start]
        if "其中" in between and "；" not in between and "。" not in between:
            yield self._make(replace(total, quantity=quantity), indicators[total.slot.index], owner.mention)

    def _named(self, quantity: Quantity) -> bool:
        """Return whether the figure is part of a name (年产50万吨有机硅项目)."""
        return any(p.start < quantity.end and quantity.start < p.end for p in self.places)

    def _observation(self, figure: Figure, indicator: Located) -> Iterator[Observation]:
        for subject in self.subjects.of(self.sentence, self.places, indicator, figure.quantity.end):
            yield self._make(figure, indicator, subject)

    def _make(self, figure: Figure, indicator: Located, subject: Mention | None) -> Observation:
        period = self._period(figure)
        quantity = figure.quantity
        first, last = min(indicator.start, quantity.start), max(indicator.end, quantity.end)
        if figure.change:
            kind = Kind.CHANGE
        else:
            clause = _CLAUSE.match(self.text, last)
            words = self.text[max(0, self.text.rfind("。", 0, first) + 1) : clause.end() if clause else last]
            ahead = self.calendar.is_ahead(period, words, self.sentence.section)
            kind = Kind.TARGET if ahead or _PLANNED.match(indicator.mention.surface) else Kind.ACTUAL
        span = self.sentence.text.span
        evidence = Evidence(
            span,
            self.document.section_path(self.sentence.section),
            "observations/prose",
            self.document.page(span.start),
        )
        return Observation(subject, indicator.mention, figure.value, quantity.unit, period, kind, evidence)

    def _period(self, figure: Figure) -> str:
        at = figure.quantity.start
        time = nearest(self.text, self.times, at)
        if figure.role:
            return self._pair_period(figure, time)
        if time is None:
            time = self.carried
        if time is None:
            return self._compared_period(figure)
        if time.first != time.last:
            return time.period
        if figure.change and "年均" in self._near(figure):
            planned = self.calendar.planned
            if planned and time.last == planned[1] and planned[0] < planned[1]:
                return f"{planned[0]}-{planned[1]}"
        return time.period

    def _near(self, figure: Figure) -> str:
        """Return the words between the indicator (or the figure before) and the figure."""
        return self.text[max(figure.slot.end, figure.quantity.start - 12) : figure.quantity.start]

    def _pair_period(self, figure: Figure, time: Time | None) -> str:
        """Return the period of one figure of a pair `由A增加到B`."""
        origin = [t for t in self.times if t.role == "from" and t.start >= figure.slot.end - 8]
        if figure.role == "from":
            for known in origin:
                if known.end <= figure.quantity.start:
                    return known.period
            return str(time.first - 1) if time is not None and time.whole else ""
        if time is not None and time.start > figure.slot.start:
            return time.period
        if time is not None:
            return str(time.last)
        if origin and self.calendar.planned and origin[0].last < (self.calendar.last_year or 0):
            return str(self.calendar.last_year)
        return ""

    def _compared_period(self, figure: Figure) -> str:
        """Return the period of a figure that the sentence only compares with an earlier plan.

        What is compared with “十二五”末 is the end of the plan after it, what is compared with the
        whole of a plan, or is a sum (累计), is the whole of the next one.
        """
        at, text = figure.quantity.start, self.text
        for time in self.times:
            between = text[min(at, time.end) : max(at, time.start)]
            if time.role != "compared" or not self._is_plan(time) or len(between) > _NEAR or _BREAK.search(between):
                continue
            if time.end <= at and text[time.end : at].strip("的") == "":
                return time.period
            first, last = plan_years(plan_number(time.last) + 1)
            low = max(text.rfind(mark, 0, at) for mark in "；。") + 1
            summed = time.whole or "累计" in text[low : max(at, time.start)]
            return f"{first}-{last}" if summed else str(last)
        return ""

    def _is_plan(self, time: Time) -> bool:
        return "五" in self.text[time.start : time.end]
