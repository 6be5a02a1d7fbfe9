"""An entity while it is gathered, document by document.

What one document adds can be put to what earlier documents added (`Thing.absorb`), so that documents
may be resolved anywhere, in any number of pieces, as long as the pieces are joined in their order.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from sys import intern

from extract.extraction import Extraction
from graph.document_names import DocumentNames
from graph.identity import Key, entity_id
from graph.model import Entity, Merge, Occurrence
from graph.names import normalise
from graph.reference import Location
from graph.wording import is_generic
from ontology.divisions import Division, divisions
from ontology.schema import EntityType

# The most frequent surface is the label of these; of the others it is the fullest.
_LABEL_BY_USE = frozenset({EntityType.INDUSTRY, EntityType.INDICATOR, EntityType.POLICY, EntityType.DISTRICT})


@dataclass(slots=True)
class Thing:
    """What is known of an entity: how often which surface names it, where, and why each belongs to it.

    `labels` counts the surfaces that bear the name of its key, `unplaced` those of them without a
    place in front; `named` is the name of a document's own district that has no code.
    """

    key: Key
    named: str = ""
    labels: Counter[str] = field(default_factory=Counter)
    unplaced: Counter[str] = field(default_factory=Counter)
    occurrences: list[Occurrence] = field(default_factory=list)
    surfaces: Counter[str] = field(default_factory=Counter)
    merges: dict[str, Merge] = field(default_factory=dict)
    candidates: set[str] = field(default_factory=set)
    location: Location | None = None

    @property
    def division(self) -> Division | None:
        """Return the official division that it is, or None."""
        key = self.key
        return divisions().get(key.name) if key.type is EntityType.DISTRICT and not key.scope else None

    def locate(self, found: Location) -> None:
        """Take the place of `found` if it is surer than the place so far."""
        self.location = max(self.location or found, found, key=lambda p: (p.confidence, len(p.code), p.code))

    def absorb(self, later: "Thing") -> None:
        """Add what a later document says of the same entity."""
        self.named = later.named or self.named
        self.labels.update(later.labels)
        self.unplaced.update(later.unplaced)
        self.occurrences += later.occurrences
        self.surfaces.update(later.surfaces)
        for surface, merge in later.merges.items():
            self.merges.setdefault(surface, merge)
        self.candidates |= later.candidates
        if later.location:
            self.locate(later.location)

    def entity(self) -> Entity:
        """Return the entity; nothing that public lists add."""
        name = self._label()
        merges = (Merge(s, name, m.reason, m.score) for s, m in sorted(self.merges.items()) if s != name)
        return Entity(
            id=entity_id(self.key),
            type=self.key.type,
            name=name,
            aliases=tuple(sorted(set(self.surfaces) - {name})),
            scope=self.key.scope,
            code=self.division.gb_code if self.division else "",
            occurrences=tuple(sorted(self.occurrences, key=lambda o: (o.doc, o.span.start, o.span.end))),
            merges=tuple(merges),
            candidates=tuple(sorted(self.candidates)),
            key=self.key.name,
        )

    def _label(self) -> str:
        """Return the official name, or the surface that an analyst would look for."""
        if self.division:
            return self.division.name
        if not self.surfaces:
            return self.named
        names = self.labels or self.surfaces
        if self.unplaced and not is_generic(self.key.name):
            names = self.unplaced  # 伊犁河, not 伊宁市伊犁河; but 米东区人民医院
        if self.key.type in _LABEL_BY_USE:
            return max(names, key=lambda s: (names[s], len(s), s))
        return max(names, key=lambda s: (len(normalise(s)), names[s], s))


def things_of(extraction: Extraction, names: DocumentNames) -> list[Thing]:
    """Return the things that one document names, and its own district, each once."""
    things: dict[Key, Thing] = {names.own: Thing(names.own, names.issuer.name)}
    for mention in names.mentions:
        key = names.key(mention)
        thing = things.setdefault(key, Thing(key))
        occurrence = Occurrence(extraction.document.id, mention.span, intern(mention.surface), mention.confidence)
        thing.occurrences.append(occurrence)
        thing.surfaces[mention.surface] += 1
        reading = names.reading(mention)
        if names.is_canonical(mention):
            thing.labels[mention.surface] += 1
            if not reading.place:
                thing.unplaced[mention.surface] += 1
        reason, score = names.reason(mention)
        thing.merges.setdefault(mention.surface, Merge(mention.surface, "", reason, score))
        thing.candidates.update(reading.candidates)
        if reading.located:
            thing.locate(Location(reading.where, reading.located))
    return list(things.values())


def joined(pieces: Iterable[Thing]) -> dict[Key, Thing]:
    """Return one thing per key from the pieces of several documents, which come in the documents' order."""
    things: dict[Key, Thing] = {}
    for piece in pieces:
        known = things.setdefault(piece.key, piece)
        if known is not piece:
            known.absorb(piece)
    return things
