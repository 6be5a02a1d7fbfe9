"""Why records disagree with gold passages, counted, so that the most frequent error comes first."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from extract.evaluate import Judgement, Report, normalise
from extract.gold import DOC, GoldFact, GoldMention

NOTHING = "—"  # in a confusion table: no mention there


@dataclass(frozen=True, slots=True)
class Cause:
    """A kind of error ("Park: other boundary"), how often it occurs, and where (passage, what)."""

    name: str
    cases: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """Return how often it occurs."""
        return len(self.cases)


def causes(report: Report) -> list[Cause]:
    """Return the kinds of errors, the most frequent first."""
    cases: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for judgement in report.judgements:
        for name, what in (*_mention_errors(judgement), *_fact_errors(judgement), *_observation_errors(judgement)):
            cases[name].append((judgement.passage.id, what))
    return sorted((Cause(name, tuple(found)) for name, found in cases.items()), key=lambda c: (-c.count, c.name))


def type_table(report: Report) -> Counter[tuple[str, str]]:
    """Return how often a mention of one type was given as another: (gold type, given type) → count.

    `NOTHING` stands where gold or records have no mention; a mention with another boundary but the
    same type counts as the same.
    """
    table: Counter[tuple[str, str]] = Counter()
    for judgement in report.judgements:
        table.update((m.type, m.type) for m in judgement.mentions_agreed)
        for gold, given in _aligned(judgement):
            table[gold.type if gold else NOTHING, given.type if given else NOTHING] += 1
    return table


def status_table(report: Report) -> Counter[tuple[str, str]]:
    """Return for agreed facts with a gold status how often it was given as which."""
    return Counter((g.status, p.status or NOTHING) for j in report.judgements for g, p in j.facts_agreed if g.status)


def _aligned(judgement: Judgement) -> Iterator[tuple[GoldMention | None, GoldMention | None]]:
    """Yield each missed mention with the spurious one that overlaps it most, same type first."""
    left = list(judgement.mentions_spurious)
    for gold in judgement.mentions_missed:
        best = max(left, key=lambda p: (_shared(gold, p) > 0, p.type == gold.type, _shared(gold, p)), default=None)
        if best is not None and _shared(gold, best) > 0:
            left.remove(best)
            yield gold, best
        else:
            yield gold, None
    for given in left:
        yield None, given


def _shared(one: GoldMention, other: GoldMention) -> int:
    return min(one.end, other.end) - max(one.start, other.start)


def _surface(judgement: Judgement, mention: GoldMention) -> str:
    start = judgement.passage.start
    return normalise(judgement.passage.text[mention.start - start : mention.end - start])


def _mention_errors(judgement: Judgement) -> Iterator[tuple[str, str]]:
    for gold, given in _aligned(judgement):
        if gold is None and given is not None:
            yield f"{given.type}: spurious", _surface(judgement, given)
        elif gold is not None and given is None:
            yield f"{gold.type}: missed", _surface(judgement, gold)
        elif gold is not None and given is not None:
            what = f"{_surface(judgement, gold)} ≠ {_surface(judgement, given)}"
            kind = "other boundary" if gold.type == given.type else f"taken for {given.type}"
            yield f"{gold.type}: {kind}", what


def _fact_errors(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """Yield for each missed fact the first thing that kept it away, then the spurious ones left."""
    given_names = {_surface(judgement, m) for m in (*judgement.mentions_agreed, *judgement.mentions_spurious)}
    left = list(judgement.facts_spurious)
    for gold in judgement.facts_missed:
        what = fact_text(gold)
        unseen = [side for side in (gold.subject, gold.object) if side != DOC and side not in given_names]
        twin = next((f for f in left if _differences(gold, f) == 1), None)
        if unseen:
            yield f"{gold.predicate}: a side was not found as mention", what
        elif twin is None:
            yield f"{gold.predicate}: missed", what
        else:
            left.remove(twin)
            yield f"{gold.predicate}: {_difference(gold, twin)}", f"{what} ≠ {fact_text(twin)}"
    for given in left:
        yield f"{given.predicate}: spurious", fact_text(given)


def _differences(gold: GoldFact, given: GoldFact) -> int:
    return sum(a != b for a, b in zip(gold[:3], given[:3], strict=True))


def _difference(gold: GoldFact, given: GoldFact) -> str:
    if gold.predicate != given.predicate:
        return f"taken for {given.predicate}"
    return "other subject" if gold.subject != given.subject else "other object"


def fact_text(fact: GoldFact) -> str:
    """Return the fact as one readable line."""
    return f"{fact.subject} {fact.predicate}{f' [{fact.status}]' if fact.status else ''} {fact.object}"


def _observation_errors(judgement: Judgement) -> Iterator[tuple[str, str]]:
    left = list(judgement.observations_spurious)
    for gold in judgement.observations_missed:
        same = next((o for o in left if (o.indicator, o.value) == (gold.indicator, gold.value)), None)
        near = next((o for o in left if o.indicator == gold.indicator or o.value == gold.value), None)
        what = f"{gold.subject} {gold.indicator} = {gold.value}"
        if same is not None:
            left.remove(same)
            yield "observation: other subject", f"{what} ≠ {same.subject}"
        elif near is not None:
            left.remove(near)
            yield "observation: other indicator or value", f"{what} ≠ {near.indicator} = {near.value}"
        else:
            yield "observation: missed", what
    for given in left:
        yield "observation: spurious", f"{given.subject} {given.indicator} = {given.value}"
