"""One name under two types in one document: the same thing labelled twice, if the statements allow it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from extract.extraction import Extraction, Mention
from graph.model import Claim, Entity
from graph.reading import Reading
from ontology.schema import EntityType, Predicate, signatures

# Only these are mixed up by reading; a company and a park of one name are two things.
_CONFUSABLE = (
    frozenset({EntityType.PARK, EntityType.FACILITY}),
    frozenset({EntityType.PARK, EntityType.DISTRICT}),
    frozenset({EntityType.PROJECT, EntityType.POLICY}),
    frozenset({EntityType.PROJECT, EntityType.FACILITY}),
    frozenset({EntityType.INSTITUTION, EntityType.FACILITY}),
)
SurfaceKey = tuple[EntityType, str]
_Side = tuple[Predicate, bool, EntityType]  # predicate, whether the mention is its subject, the other side's type


def allowed(predicate: Predicate, subject: EntityType, obj: EntityType) -> bool:
    """Return whether the vocabulary allows the predicate between things of these types."""
    return (subject, obj) in signatures()[predicate]


def misfit(claim: Claim, entities: Mapping[str, Entity]) -> str:
    """Return a sentence about a claim that the vocabulary does not allow, "" about any other."""
    subject, obj = entities[claim.subject], entities[claim.object]
    if allowed(claim.predicate, subject.type, obj.type):
        return ""
    sides = f"{subject.name} ({subject.type}) and {obj.name} ({obj.type})"
    return f"{claim.source}: left out {claim.predicate} between {sides}: not in the vocabulary"


def one_kind_each(
    extraction: Extraction, mentions: Iterable[Mention], readings: Mapping[SurfaceKey, Reading]
) -> dict[SurfaceKey, Reading]:
    """Return the readings in which a name labelled with two confusable types has the commoner one.

    A type is given up only if every fact of the document still fits the vocabulary with the other.
    """
    counts = Counter((m.type, m.surface) for m in mentions)
    by_form: dict[str, list[SurfaceKey]] = defaultdict(list)
    for key in sorted(readings):
        by_form[readings[key].full].append(key)
    result = dict(readings)
    sides = _sides(extraction)
    for keys in by_form.values():
        kinds = {kind for kind, _ in keys}
        if len(kinds) < 2:
            continue
        total: Counter[EntityType] = Counter()
        for key in keys:
            total[key[0]] += counts[key]
        best = min(kinds, key=lambda kind: (-total[kind], kind))
        model = next(readings[key] for key in keys if key[0] is best)
        for key in keys:
            if frozenset((key[0], best)) in _CONFUSABLE and _fits(best, sides.get(key, ())):
                result[key] = model
    return result


def _fits(kind: EntityType, sides: Iterable[_Side]) -> bool:
    return all(allowed(p, kind, other) if is_subject else allowed(p, other, kind) for p, is_subject, other in sides)


def _sides(extraction: Extraction) -> dict[SurfaceKey, list[_Side]]:
    """Return for each surface the predicates it stands in, on which side, with what type opposite."""
    sides: dict[SurfaceKey, list[_Side]] = defaultdict(list)
    for fact in extraction.facts:
        types = [m.type if m else EntityType.DISTRICT for m in (fact.subject, fact.object)]
        if fact.subject:
            sides[fact.subject.type, fact.subject.surface].append((fact.predicate, True, types[1]))
        if fact.object:
            sides[fact.object.type, fact.object.surface].append((fact.predicate, False, types[0]))
    return sides
