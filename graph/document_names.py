"""All names of one document: read one by one, then put together where they mean the same thing."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from extract.extraction import Extraction, Mention
from graph.aliases import Likeness, Name, Surroundings, bare_of
from graph.cluster import Pair, canonical, cluster
from graph.identity import Key
from graph.kinds import one_kind_each
from graph.names import normalise
from graph.places import Issuer
from graph.reading import Reading, read_name
from ontology.schema import EntityType

_DEFINITION = re.compile(r"[(（](?:以下)?(?:简称|统称)(?:为|：|:)?[“\"《]?([^”\"》）)，,。]{2,16})[”\"》]?[）)]")
_LAYOUT = re.compile(r"[\s*#]+")
_HOLDERS = frozenset(EntityType) - {EntityType.INDUSTRY, EntityType.INDICATOR, EntityType.POLICY, EntityType.PROJECT}
_REACH = 40  # characters before a definition in which the full name stands


@dataclass(frozen=True, slots=True)
class DocumentNames:
    """The names of one document: each mention's key and why it has that key.

    `canonical` maps the key that a name has on its own to the key of its group, `joins` the pairs
    of keys that were joined to the likeness that joined them, `near` holds the near misses.
    """

    issuer: Issuer
    own: Key
    mentions: tuple[Mention, ...]
    readings: Mapping[tuple[EntityType, str], Reading]
    canonical: Mapping[Key, Key]
    joins: Mapping[frozenset[Key], Likeness]
    near: tuple[Pair, ...]

    def reading(self, mention: Mention) -> Reading:
        """Return what the mention's surface means on its own."""
        return self.readings[mention.type, mention.surface]

    def key(self, mention: Mention | None) -> Key:
        """Return the key of the mention's entity; None is the document's own district."""
        if mention is None:
            return self.own
        key = self.reading(mention).key
        return self.canonical[key]

    def reason(self, mention: Mention) -> tuple[str, float]:
        """Return why the mention belongs to its entity, and how sure that is (0..1)."""
        reading = self.reading(mention)
        group = self.canonical[reading.key]
        found = self.joins.get(frozenset((reading.key, group)))
        if found and group != reading.key:
            return found.reason, found.score
        if reading.division or reading.key.name == normalise(mention.surface):
            return reading.reason, 1.0
        return f"{reading.reason}; read as {reading.key.name}", 1.0

    def is_canonical(self, mention: Mention) -> bool:
        """Return whether the mention bears the name that its entity's id is made from."""
        key = self.reading(mention).key
        return self.canonical[key] == key


def name_document(extraction: Extraction) -> DocumentNames:
    """Return the names of one document, resolved without looking at any other document."""
    issuer = Issuer.of(extraction.document.meta)
    mentions = _all_mentions(extraction)
    readings: dict[tuple[EntityType, str], Reading] = {}
    for mention in mentions:
        if (mention.type, mention.surface) not in readings:
            readings[mention.type, mention.surface] = read_name(mention.type, mention.surface, issuer)
    readings = one_kind_each(extraction, mentions, readings)
    names = _names(mentions, readings)
    groups, used, near = cluster(names, _surroundings(extraction.document.raw, names))
    joins = {frozenset((pair.one, pair.other)): pair.likeness for pair in used}
    chosen = {name.key: canonical(group, joins).key for group in groups for name in group}
    own = Key(EntityType.DISTRICT, "", issuer.scope)
    return DocumentNames(issuer, own, mentions, readings, {**chosen, own: own}, joins, tuple(near))


def _all_mentions(extraction: Extraction) -> tuple[Mention, ...]:
    found = dict.fromkeys(extraction.mentions)
    found.update(dict.fromkeys(m for f in extraction.facts for m in (f.subject, f.object) if m))
    found.update(dict.fromkeys(m for o in extraction.observations for m in (o.subject, o.indicator) if m))
    return tuple(found)


def _names(mentions: tuple[Mention, ...], readings: Mapping[tuple[EntityType, str], Reading]) -> list[Name]:
    """Return one Name per key, with all full forms under which the document has it."""
    counts: Counter[Key] = Counter()
    forms: dict[Key, set[str]] = defaultdict(set)
    best: dict[Key, Reading] = {}
    for mention in mentions:
        reading = readings[mention.type, mention.surface]
        counts[reading.key] += 1
        forms[reading.key].add(reading.full)
        known = best.get(reading.key)
        if known is None or _telling(reading) > _telling(known):
            best[reading.key] = reading
    return [Name(best[key], frozenset(forms[key]), counts[key]) for key in sorted(best)]


def _telling(reading: Reading) -> tuple[bool, bool, str]:
    return reading.place is not None, bool(reading.second), reading.full


def _surroundings(raw: str, names: list[Name]) -> Surroundings:
    forms = {form: name for name in names for form in name.forms}
    holders = frozenset(form for form, name in forms.items() if name.key.type in _HOLDERS)
    definitions = {}
    text = _LAYOUT.sub("", raw)
    for match in _DEFINITION.finditer(text):
        before = normalise(text[max(0, match.start() - _REACH) : match.start()])
        full = next((before[i:] for i in range(len(before)) if before[i:] in forms), None)
        short = normalise(match.group(1))
        if full and short != full:
            definitions[short] = full
    weights: Counter[str] = Counter()
    for name in names:
        weights[bare_of(name)] += name.count
    return Surroundings(holders, definitions, weights)
