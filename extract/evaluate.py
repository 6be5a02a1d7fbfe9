"""Extraction records scored against gold passages.

The measures of the annotation guide, micro-averaged: mentions strict (same span and type) and
relaxed (overlap and same type, one to one), by type; facts (predicate, subject and object by
normalised surface) strict and relaxed (either side may contain the other), by predicate; status
accuracy on matched facts; observations (subject, indicator, value) strict, with unit, period and
kind accuracy. Only records that lie wholly inside a gold passage are judged.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from extract.gold import DOC, GoldFact, GoldMention, GoldObservation, Passage

_Item = TypeVar("_Item")
Pairs = tuple[tuple[_Item, _Item], ...]


def normalise(text: str) -> str:
    """Return a surface without layout, quotes and book-title marks, brackets full-width.

    >>> normalise("“煤改电”\\n工程(一期)")
    '煤改电工程（一期）'
    """
    text = re.sub(r"[\s*#|“”\"‘’《》]+", "", text)
    return text.replace("(", "（").replace(")", "）").replace("〔", "［")


def number(value: str) -> str:
    """Return a figure in the form in which figures are compared.

    >>> number("≥ 1,200.50%")
    '>=1200.5'
    """
    value = re.sub(r"\s|,", "", value).replace("≥", ">=").replace("≤", "<=").replace("％", "").replace("%", "")
    return re.sub(r"(\d+\.\d*?)0+$", r"\1", value).rstrip(".")


@dataclass(frozen=True, slots=True)
class Ratio:
    """Right answers among given and gold ones, with precision, recall and F1 (0 when empty)."""

    right: int
    given: int
    gold: int

    @property
    def precision(self) -> float:
        """Return the share of the given that is right."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the gold that was found."""
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def as_dict(self) -> dict[str, float]:
        """Return the six figures under short keys, for JSON."""
        figures = {"p": self.precision, "r": self.recall, "f1": self.f1}
        return figures | {"tp": self.right, "pred": self.given, "gold": self.gold}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one passage's records got right.

    `…_agreed` pairs gold with given, `…_near` pairs those that agree by the relaxed measure only;
    `…_missed` is gold not agreed, `…_spurious` is given and not agreed (both include the near ones).
    """

    passage: Passage
    mentions_agreed: tuple[GoldMention, ...]
    mentions_missed: tuple[GoldMention, ...]
    mentions_spurious: tuple[GoldMention, ...]
    mentions_near: Pairs[GoldMention]
    facts_agreed: Pairs[GoldFact]
    facts_missed: tuple[GoldFact, ...]
    facts_spurious: tuple[GoldFact, ...]
    facts_near: Pairs[GoldFact]
    observations_agreed: Pairs[GoldObservation]
    observations_missed: tuple[GoldObservation, ...]
    observations_spurious: tuple[GoldObservation, ...]


def judge(passage: Passage, records: Iterable[Mapping[str, Any]]) -> Judgement:
    """Return what the records of the passage's document got right inside the passage."""
    inside = [r for r in records if _inside(passage, r)]
    gold_mentions = set(passage.mentions)
    given_mentions = {GoldMention(r["start"], r["end"], r["type"]) for r in inside if r["record"] == "mention"}
    missed, spurious = sorted(gold_mentions - given_mentions), sorted(given_mentions - gold_mentions)
    gold_facts = _gold_facts(passage)
    given_facts = _given_facts(passage, inside, {f[:3] for f in gold_facts})
    facts = _match(gold_facts, given_facts, lambda g, p: g[:3] == p[:3])
    facts_missed, facts_spurious = _left(gold_facts, given_facts, facts)
    gold_figures = [
        o._replace(subject=normalise(o.subject), indicator=normalise(o.indicator), value=number(o.value))
        for o in passage.observations
    ]
    given_figures = [_given_observation(passage, r) for r in inside if r["record"] == "observation"]
    figures = _match(gold_figures, given_figures, lambda g, p: g[:3] == p[:3])
    figures_missed, figures_spurious = _left(gold_figures, given_figures, figures)
    return Judgement(
        passage,
        mentions_agreed=tuple(sorted(gold_mentions & given_mentions)),
        mentions_missed=tuple(missed),
        mentions_spurious=tuple(spurious),
        mentions_near=_match(missed, spurious, _overlap),
        facts_agreed=facts,
        facts_missed=facts_missed,
        facts_spurious=facts_spurious,
        facts_near=_match(facts_missed, facts_spurious, _nearly_same),
        observations_agreed=figures,
        observations_missed=figures_missed,
        observations_spurious=figures_spurious,
    )


def _inside(passage: Passage, record: Mapping[str, Any]) -> bool:
    """Return whether all the record's spans lie in the passage; a fact needs at least one."""
    match record["record"]:
        case "mention":
            spans = [[record["start"], record["end"]]]
        case "fact":
            spans = [record["subject"], record["object"]]
            if not any(spans):
                return False
        case "observation":
            spans = [record["subject"], record["indicator"]]
        case _:
            return False
    return all(span is None or (passage.start <= span[0] and span[1] <= passage.end) for span in spans)


def _surface(passage: Passage, span: Sequence[int] | None) -> str:
    if span is None:
        return DOC
    return normalise(passage.text[span[0] - passage.start : span[1] - passage.start])


def _gold_facts(passage: Passage) -> list[GoldFact]:
    facts = (f._replace(subject=normalise(f.subject), object=normalise(f.object)) for f in passage.facts)
    return list({fact[:3]: fact for fact in facts}.values())


def _given_facts(passage: Passage, records: Iterable[Mapping[str, Any]], gold: set[tuple[str, ...]]) -> list[GoldFact]:
    """Return the distinct facts; cooperation is turned the way round in which gold has it."""
    found: dict[tuple[str, ...], GoldFact] = {}
    for record in records:
        if record["record"] != "fact":
            continue
        fact = GoldFact(
            record["predicate"],
            _surface(passage, record["subject"]),
            _surface(passage, record["object"]),
            record.get("status") or "",
        )
        turned = fact._replace(subject=fact.object, object=fact.subject)
        if fact.predicate == "cooperatesWith" and turned[:3] in gold:
            fact = turned
        found[fact[:3]] = fact
    return list(found.values())


def _given_observation(passage: Passage, record: Mapping[str, Any]) -> GoldObservation:
    return GoldObservation(
        _surface(passage, record["subject"]),
        _surface(passage, record["indicator"]),
        number(record["value"]),
        record.get("unit") or "",
        record.get("period") or "",
        record.get("kind") or "",
    )


def _match(gold: Iterable[_Item], given: Iterable[_Item], same: Callable[[_Item, _Item], bool]) -> Pairs[_Item]:
    """Return pairs, each item in at most one, taken greedily in order."""
    left, pairs = list(given), []
    for wanted in gold:
        for index, candidate in enumerate(left):
            if same(wanted, candidate):
                pairs.append((wanted, left.pop(index)))
                break
    return tuple(pairs)


def _left(
    gold: Sequence[_Item], given: Sequence[_Item], pairs: Pairs[_Item]
) -> tuple[tuple[_Item, ...], tuple[_Item, ...]]:
    """Return what stands in no pair, by identity: two equal figures are two."""
    paired = {id(item) for pair in pairs for item in pair}
    return tuple(g for g in gold if id(g) not in paired), tuple(p for p in given if id(p) not in paired)


def _overlap(gold: GoldMention, given: GoldMention) -> bool:
    return gold.type == given.type and gold.start < given.end and given.start < gold.end


def _nearly_same(gold: GoldFact, given: GoldFact) -> bool:
    def near(a: str, b: str) -> bool:
        return a == b or (DOC not in (a, b) and (a in b or b in a))

    return gold.predicate == given.predicate and near(gold.subject, given.subject) and near(gold.object, given.object)


@dataclass(frozen=True)
class Report:
    """The scores over all passages, and the judgement of each, in the gold file's order."""

    judgements: tuple[Judgement, ...]

    @property
    def mentions(self) -> Ratio:
        """Return strict agreement: same span and type."""
        return _ratio(
            (len(j.mentions_agreed), len(j.mentions_spurious), len(j.mentions_missed)) for j in self.judgements
        )

    @property
    def mentions_relaxed(self) -> Ratio:
        """Return agreement where overlap with the same type is enough."""
        near = sum(len(j.mentions_near) for j in self.judgements)
        return Ratio(self.mentions.right + near, self.mentions.given, self.mentions.gold)

    @property
    def facts(self) -> Ratio:
        """Return strict agreement: predicate, subject and object; the status is not asked."""
        return _ratio((len(j.facts_agreed), len(j.facts_spurious), len(j.facts_missed)) for j in self.judgements)

    @property
    def facts_relaxed(self) -> Ratio:
        """Return agreement where either side may contain the other."""
        near = sum(len(j.facts_near) for j in self.judgements)
        return Ratio(self.facts.right + near, self.facts.given, self.facts.gold)

    @property
    def observations(self) -> Ratio:
        """Return strict agreement: subject, indicator and value."""
        return _ratio(
            (len(j.observations_agreed), len(j.observations_spurious), len(j.observations_missed))
            for j in self.judgements
        )

    @property
    def status_accuracy(self) -> float:
        """Return the share of right statuses among agreed facts whose gold has one."""
        pairs = [(g.status, p.status) for j in self.judgements for g, p in j.facts_agreed if g.status]
        return sum(g == p for g, p in pairs) / len(pairs) if pairs else 0.0

    @property
    def observation_detail(self) -> dict[str, float]:
        """Return the shares of right units, periods and kinds among agreed observations."""
        pairs = [pair for j in self.judgements for pair in j.observations_agreed]
        return {
            key: sum(getattr(g, key) == getattr(p, key) for g, p in pairs) / len(pairs) if pairs else 0.0
            for key in ("unit", "period", "kind")
        }

    @property
    def mentions_by_type(self) -> dict[str, Ratio]:
        """Return strict agreement for each type that gold or records have, by name."""
        return _grouped(
            (
                (m.type for m in j.mentions_agreed),
                (m.type for m in j.mentions_spurious),
                (m.type for m in j.mentions_missed),
            )
            for j in self.judgements
        )

    @property
    def facts_by_predicate(self) -> dict[str, Ratio]:
        """Return strict agreement for each predicate that gold or records have, by name."""
        return _grouped(
            (
                (g.predicate for g, _ in j.facts_agreed),
                (f.predicate for f in j.facts_spurious),
                (f.predicate for f in j.facts_missed),
            )
            for j in self.judgements
        )

    def as_dict(self) -> dict[str, Any]:
        """Return all figures for JSON."""
        return {
            "passages": len(self.judgements),
            "mentions_strict": self.mentions.as_dict(),
            "mentions_relaxed": self.mentions_relaxed.as_dict(),
            "facts_strict": self.facts.as_dict(),
            "facts_relaxed": self.facts_relaxed.as_dict(),
            "status_accuracy": self.status_accuracy,
            "observations": self.observations.as_dict(),
            "observation_detail": self.observation_detail,
            "mentions_by_type": {name: ratio.as_dict() for name, ratio in self.mentions_by_type.items()},
            "facts_by_predicate": {name: ratio.as_dict() for name, ratio in self.facts_by_predicate.items()},
        }


def _ratio(counts: Iterable[tuple[int, int, int]]) -> Ratio:
    """Return the sum of (agreed, spurious, missed) counts as a ratio."""
    right = given = gold = 0
    for agreed, spurious, missed in counts:
        right += agreed
        given += agreed + spurious
        gold += agreed + missed
    return Ratio(right, given, gold)


def _grouped(columns: Iterable[tuple[Iterable[str], Iterable[str], Iterable[str]]]) -> dict[str, Ratio]:
    counts: dict[str, Counter[int]] = defaultdict(Counter)
    for groups in columns:
        for column, names in enumerate(groups):
            for name in names:
                counts[name][column] += 1
    return {name: Ratio(n[0], n[0] + n[1], n[0] + n[2]) for name, n in sorted(counts.items())}


def evaluate(passages: Iterable[Passage], records: Iterable[Mapping[str, Any]]) -> Report:
    """Return the scores of checked records (`extract.records.read_records`) against the passages."""
    by_document: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        by_document[record["doc"]].append(record)
    return Report(tuple(judge(passage, by_document.get(passage.doc, ())) for passage in passages))


def errors(judgement: Judgement) -> list[str]:
    """Return a line for each missed and spurious item of the passage, mentions first."""
    passage = judgement.passage
    lines = []
    for word, mentions in (("missed  ", judgement.mentions_missed), ("spurious", judgement.mentions_spurious)):
        for start, end, kind in mentions:
            lines.append(f"{passage.id} {word} {kind:11s} {_surface(passage, (start, end))}")
    for word, facts in (("missed  ", judgement.facts_missed), ("spurious", judgement.facts_spurious)):
        lines += [f"{passage.id} {word} fact {f.subject} -{f.predicate}-> {f.object} {f.status}" for f in facts]
    for word, figures in (("missed  ", judgement.observations_missed), ("spurious", judgement.observations_spurious)):
        lines += [f"{passage.id} {word} obs  {o.subject} {o.indicator} = {o.value}" for o in figures]
    return lines


def summary(report: Report) -> list[str]:
    """Return the table of scores as lines of text."""
    rows = [
        ("mentions_strict", report.mentions),
        ("mentions_relaxed", report.mentions_relaxed),
        ("facts_strict", report.facts),
        ("facts_relaxed", report.facts_relaxed),
        ("observations", report.observations),
    ]
    lines = [_row(name, ratio) for name, ratio in rows]
    detail = "/".join(f"{value:.3f}" for value in report.observation_detail.values())
    lines.append(f"status accuracy {report.status_accuracy:.3f}; observation unit/period/kind {detail}")
    for groups in (report.mentions_by_type, report.facts_by_predicate):
        lines += [_row(f"  {name}", ratio) for name, ratio in groups.items()]
    return lines


def _row(name: str, ratio: Ratio) -> str:
    figures = f"P {ratio.precision:.3f}  R {ratio.recall:.3f}  F1 {ratio.f1:.3f}"
    return f"{name:22s} {figures}   ({ratio.right} right, {ratio.given} given, {ratio.gold} gold)"
