"""Statements taken apart into one quote each, and put together again.

A person may say that one quote is wrong, or that one surface is another thing; claims and observed
values gather several quotes, so corrections work on these parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graph.kinds import misfit
from graph.model import Claim, Entity, ObservedValue, Quote
from graph.statements import claim_id, observation_id


@dataclass(frozen=True, slots=True)
class Atom:
    """A claim or observed value with one of its quotes (None for reference claims)."""

    statement: Claim | ObservedValue
    quote: Quote | None

    @property
    def sides(self) -> tuple[str, str]:
        """Return the ids of its two entities: subject, and object or indicator."""
        other = self.statement.object if isinstance(self.statement, Claim) else self.statement.indicator
        return self.statement.subject, other

    def with_sides(self, subject: str, other: str) -> "Atom":
        """Return the same statement about other entities, under the id that it then has."""
        s = self.statement
        if isinstance(s, Claim):
            id = claim_id(subject, s.predicate, other, s.status, s.source)
            return replace(self, statement=replace(s, id=id, subject=subject, object=other))
        id = observation_id(subject, other, s.value, s.unit, s.period, s.kind, s.attribute, s.source)
        return replace(self, statement=replace(s, id=id, subject=subject, indicator=other))


def taken_apart(statements: Iterable[Claim | ObservedValue]) -> Iterator[Atom]:
    """Yield the statements' parts, at least one each."""
    for statement in statements:
        for quote in statement.evidence or (None,):
            yield Atom(replace(statement, evidence=()), quote)


def put_together(
    atoms: Iterable[Atom], entities: Mapping[str, Entity]
) -> tuple[list[Claim], list[ObservedValue], list[str]]:
    """Return claims and observed values by id, and a warning for each claim that may not stand.

    A claim that joins a thing to itself says nothing and is left out without a warning.
    """
    grouped: dict[str, list[Atom]] = defaultdict(list)
    for atom in atoms:
        grouped[atom.statement.id].append(atom)
    claims: list[Claim] = []
    observations: list[ObservedValue] = []
    warnings: list[str] = []
    for _, parts in sorted(grouped.items()):
        first = parts[0].statement
        quotes = dict.fromkeys(part.quote for part in parts if part.quote)
        evidence = tuple(sorted(quotes, key=lambda q: (q.doc, q.span, q.rule)))
        confidence = max(part.statement.confidence for part in parts)
        if isinstance(first, ObservedValue):
            observations.append(replace(first, evidence=evidence, confidence=confidence))
        elif first.subject != first.object:
            if warning := misfit(first, entities):
                warnings.append(warning)
            else:
                claims.append(replace(first, evidence=evidence, confidence=confidence))
    return claims, observations, warnings
