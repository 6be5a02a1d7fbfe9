"""A person's corrections replayed over a graph; what no longer fits is reported, never applied."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from extract.span import Span
from graph.atoms import Atom, put_together, taken_apart
from graph.corrections import Action, Correction, quote_hash, sentence_at
from graph.identity import Key, digest, entity_id
from graph.model import Claim, Entity, KnowledgeGraph, Merge, NearMiss, Occurrence, Quote, Source
from graph.names import normalise
from graph.statements import claim_id
from ontology.schema import STATUS_PREDICATES, EntityType, Predicate, Status

RULE = "review"


@dataclass(frozen=True, slots=True)
class Stale:
    """A correction that was not applied, and why."""

    correction: Correction
    reason: str

    def __str__(self) -> str:
        where = f"line {self.correction.line}: " if self.correction.line else ""
        return f"{where}{self.correction.action} {self.correction.target} not applied: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The corrected graph, what was applied, and what was not."""

    graph: KnowledgeGraph
    applied: tuple[Correction, ...]
    stale: tuple[Stale, ...]


class _StaleError(Exception):
    """A correction does not fit the graph any more."""


def replay(kg: KnowledgeGraph, corrections: Iterable[Correction]) -> Reviewed:
    """Return the graph with the corrections applied in order, each to the result of those before.

    A correction whose target is gone, or whose sentence is no longer there, is left out and listed
    in `stale`; the graph's `warnings` name it too.
    """
    state = _State(kg)
    applied: list[Correction] = []
    stale: list[Stale] = []
    for correction in corrections:
        try:
            _STEPS[correction.action](state, correction)
            applied.append(correction)
        except _StaleError as error:
            stale.append(Stale(correction, str(error)))
    return Reviewed(state.graph([str(item) for item in stale]), tuple(applied), tuple(stale))


class _State:
    """The graph while it is corrected."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._kg = kg
        self.sources: dict[str, Source] = {source.id: source for source in kg.sources}
        self.entities: dict[str, Entity] = {entity.id: entity for entity in kg.entities}
        self.atoms: list[Atom] = [*taken_apart(kg.claims), *taken_apart(kg.observations)]
        self.near: list[NearMiss] = list(kg.near_misses)

    def graph(self, stale: list[str]) -> KnowledgeGraph:
        """Return the corrected graph."""
        claims, observations, warnings = put_together(self.atoms, self.entities)
        near = {(m.one, m.other): m for m in self.near if m.one in self.entities and m.other in self.entities}
        return replace(
            self._kg,
            entities=tuple(self.entities[id] for id in sorted(self.entities)),
            claims=tuple(claims),
            observations=tuple(observations),
            near_misses=tuple(near[pair] for pair in sorted(near)),
            warnings=(*self._kg.warnings, *sorted(warnings), *stale),
        )

    def entity(self, id: str) -> Entity:
        """Return the entity, or say that it is gone."""
        if id not in self.entities:
            raise _StaleError(f"there is no entity {id} any more")
        return self.entities[id]

    def statement(self, correction: Correction) -> list[Atom]:
        """Return the parts of a claim or observation, only those of the quote if one is given."""
        parts = [a for a in self.atoms if a.statement.id == correction.target]
        if not parts:
            raise _StaleError("nothing in the texts says this any more")
        if correction.quote:
            parts = [a for a in parts if a.quote and quote_hash(a.quote.exact) == correction.quote]
            if not parts:
                raise _StaleError("its sentence has changed")
        return parts

    def checked(self, correction: Correction) -> Entity:
        """Return the target entity; if a quote is given, one of its sentences must still read so."""
        entity = self.entity(correction.target)
        if correction.quote and not any(quote_hash(self.sentence(o)) == correction.quote for o in entity.occurrences):
            raise _StaleError("no sentence that names it reads as it did")
        return entity

    def sentence(self, occurrence: Occurrence) -> str:
        """Return the sentence in which an occurrence stands."""
        raw = self.sources[occurrence.doc].raw
        return sentence_at(raw, occurrence.span).of(raw)

    def point(self, old: str, new: str, places: set[tuple[str, Span]] | None = None) -> None:
        """Point statements about `old` to `new`: all, or those whose mention stands at one of `places`."""
        moved = []
        for atom in self.atoms:
            spans = (atom.quote.subject, atom.quote.object) if atom.quote else (None, None)
            ids = []
            for id, span in zip(atom.sides, spans, strict=True):
                here = places is None or (
                    atom.quote is not None and span is not None and (atom.quote.doc, span) in places
                )
                ids.append(new if id == old and here else id)
            moved.append(atom if tuple(ids) == atom.sides else atom.with_sides(*ids))
        self.atoms = moved
        if places is None:
            self.near = [_renamed(miss, old, new) for miss in self.near]
            self.near = [miss for miss in self.near if miss.one != miss.other]


def _renamed(miss: NearMiss, old: str, new: str) -> NearMiss:
    one, other = sorted(new if id == old else id for id in (miss.one, miss.other))
    return replace(miss, one=one, other=other)


def _accept(state: _State, correction: Correction) -> None:
    if correction.target.startswith(("claim-", "observation-")):
        sure = set(state.statement(correction))
        state.atoms = [_certain(a) if a in sure else a for a in state.atoms]
        return
    entity = state.checked(correction)
    seen = tuple(replace(o, confidence=1.0) for o in entity.occurrences)
    state.entities[entity.id] = replace(entity, occurrences=seen)


def _certain(atom: Atom) -> Atom:
    return replace(atom, statement=replace(atom.statement, confidence=1.0))


def _reject(state: _State, correction: Correction) -> None:
    if correction.target.startswith(("claim-", "observation-")):
        wrong = set(state.statement(correction))
        state.atoms = [a for a in state.atoms if a not in wrong]
        return
    entity = state.checked(correction)
    if correction.value:
        pair = {entity.id, state.entity(correction.value).id}
        state.near = [m for m in state.near if {m.one, m.other} != pair]
    elif entity.code:
        raise _StaleError("it is an official division; reject the statements about it instead")
    else:
        del state.entities[entity.id]
        state.atoms = [a for a in state.atoms if entity.id not in a.sides]


def _with_occurrences(entity: Entity, occurrences: tuple[Occurrence, ...]) -> Entity:
    """Return the entity with other occurrences, and only the surfaces that they bear."""
    surfaces = {o.surface for o in occurrences}
    return replace(
        entity,
        occurrences=tuple(sorted(occurrences, key=lambda o: (o.doc, o.span))),
        aliases=tuple(sorted(surfaces - {entity.name})),
        merges=tuple(m for m in entity.merges if m.surface in surfaces),
    )


def _retype(state: _State, correction: Correction) -> None:
    entity = state.checked(correction)
    if correction.value not in set(EntityType):
        raise _StaleError(f"no type is called {correction.value}; use one of {', '.join(EntityType)}")
    kind = EntityType(correction.value)
    new = entity_id(Key(kind, entity.scope, entity.key or normalise(entity.name)))
    changed = replace(entity, id=new, type=kind, mappings=(), unmapped="")
    del state.entities[entity.id]
    state.entities[new] = _joined(state.entities[new], changed, correction) if new in state.entities else changed
    state.point(entity.id, new)


def _rename(state: _State, correction: Correction) -> None:
    entity = state.checked(correction)
    aliases = tuple(sorted({entity.name, *entity.aliases} - {correction.value}))
    state.entities[entity.id] = replace(entity, name=correction.value, aliases=aliases)


def _merge(state: _State, correction: Correction) -> None:
    entity, into = state.checked(correction), state.entity(correction.value)
    if entity.id == into.id:
        raise _StaleError("the two are one entity already")
    if entity.type is not into.type:
        raise _StaleError(f"one is a {entity.type}, the other a {into.type}; retype one of them first")
    del state.entities[entity.id]
    state.entities[into.id] = _joined(into, entity, correction)
    state.point(entity.id, into.id)


def _joined(into: Entity, other: Entity, correction: Correction) -> Entity:
    note = f": {correction.note}" if correction.note else ""
    return replace(
        into,
        aliases=tuple(sorted({*into.aliases, *other.aliases, other.name} - {into.name})),
        occurrences=tuple(sorted({*into.occurrences, *other.occurrences}, key=lambda o: (o.doc, o.span))),
        merges=(*into.merges, *other.merges, Merge(other.name, into.name, f"joined by a person{note}")),
        links=tuple(sorted({*into.links, *other.links})),
        code=into.code or other.code,
        candidates=(),
    )


def _split(state: _State, correction: Correction) -> None:
    entity, surface = state.checked(correction), correction.value
    moved = {o for o in entity.occurrences if o.surface == surface}
    if not moved:
        raise _StaleError(f"it does not bear the name {surface} any more")
    if len(moved) == len(entity.occurrences):
        raise _StaleError(f"it bears no other name than {surface}")
    new = f"{entity.type.value.lower()}-{digest('split', entity.id, normalise(surface))}"
    apart = replace(entity, id=new, name=surface, key=normalise(surface), code="", links=(), candidates=())
    state.entities[new] = _with_occurrences(apart, tuple(moved))
    left = tuple(o for o in entity.occurrences if o not in moved)
    state.entities[entity.id] = _with_occurrences(entity, left)
    state.point(entity.id, new, {(o.doc, o.span) for o in moved})


def _relate(state: _State, correction: Correction) -> None:
    predicate, obj, status = _relation(correction.value)
    subject, other = state.entity(correction.target), state.entity(obj)
    if correction.doc not in state.sources:
        raise _StaleError(f"there is no document {correction.doc} any more")
    raw = state.sources[correction.doc].raw
    at = raw.find(correction.sentence)
    if at < 0 or (correction.quote and quote_hash(correction.sentence) != correction.quote):
        raise _StaleError(f"{correction.doc} does not hold its sentence any more")
    quote = Quote(correction.doc, Span(at, at + len(correction.sentence)), correction.sentence, (), RULE)
    id = claim_id(subject.id, predicate, other.id, status, correction.doc)
    state.atoms.append(Atom(Claim(id, subject.id, predicate, other.id, correction.doc, (), status), quote))


def _relation(value: str) -> tuple[Predicate, str, Status | None]:
    """Return predicate, object and status of a value such as `plans facility-… planned`."""
    words = value.split()
    if len(words) not in (2, 3) or words[0] not in set(Predicate):
        raise _StaleError(f"the value must be a predicate, an entity and a status, not {value!r}")
    predicate = Predicate(words[0])
    status = words[2] if len(words) == 3 else ""
    if (predicate in STATUS_PREDICATES) != (status in set(Status)):
        raise _StaleError(f"{predicate} needs a status" if not status else f"{predicate} and {status} do not fit")
    return predicate, words[1], Status(status) if status else None


_STEPS: dict[Action, Callable[[_State, Correction], None]] = {
    Action.ACCEPT: _accept,
    Action.REJECT: _reject,
    Action.RETYPE: _retype,
    Action.RENAME: _rename,
    Action.MERGE: _merge,
    Action.SPLIT: _split,
    Action.RELATE: _relate,
}
