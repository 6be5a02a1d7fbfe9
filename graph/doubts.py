"""What a person should look at first: weak statements, near duplicates, odd types, open places."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.corrections import COLUMNS, Action, quote_hash, sentence_at, shown
from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue, Occurrence, Quote, Source
from graph.names import normalise
from ontology.divisions import divisions, trimmed
from ontology.schema import EntityType

_UNSURE = 0.6  # confidence below which a statement is shown
_WEAK_MERGE = 0.9  # a merge below this score is shown
_KINDS_APART = frozenset({EntityType.INDUSTRY, EntityType.INDICATOR})  # they share names rightly


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to look at; `action`, `target` and `value` are the correction that would settle it.

    `score` is how doubtful it is (0..1), `sentence` the text that shows it, `label` what it is about.
    """

    kind: str
    action: Action
    target: str
    value: str
    label: str
    reason: str
    score: float
    doc: str = ""
    sentence: str = ""


def doubtful(kg: KnowledgeGraph, problems: Mapping[str, str] | None = None) -> tuple[Doubt, ...]:
    """Return what is doubtful about the graph, the most doubtful first.

    `problems` are further findings by id of an entity, claim or observation (SHACL results).
    """
    found = [
        *_weak_statements(kg),
        *_weak_entities(kg),
        *_near_duplicates(kg),
        *_weak_merges(kg),
        *_type_conflicts(kg),
        *_open_places(kg),
        *(_problem(kg, id, text) for id, text in (problems or {}).items()),
    ]
    return tuple(sorted(found, key=lambda d: (-d.score, d.kind, d.target, d.value)))


def _weak_statements(kg: KnowledgeGraph) -> Iterator[Doubt]:
    statements: tuple[Claim | ObservedValue, ...] = (*kg.claims, *kg.observations)
    for item in statements:
        if item.confidence < _UNSURE and item.evidence:
            if isinstance(item, Claim):
                status = f" ({item.status})" if item.status else ""
                label = f"{kg.by_id[item.subject].name} {item.predicate} {kg.by_id[item.object].name}{status}"
            else:
                label = f"{kg.by_id[item.subject].name} {kg.by_id[item.indicator].name} = {item.value}{item.unit}"
            quote = item.evidence[0]
            reason = f"confidence {item.confidence:.2f}, by {quote.rule}"
            yield _of(Doubt("unsure statement", Action.REJECT, item.id, "", label, reason, 1 - item.confidence), quote)


def _weak_entities(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for entity in kg.entities:
        best = max((o.confidence for o in entity.occurrences), default=1.0)
        if best < _UNSURE:
            label = f"{entity.name} ({entity.type})"
            doubt = Doubt("unsure name", Action.REJECT, entity.id, "", label, f"best confidence {best:.2f}", 1 - best)
            yield _shown_by(doubt, entity, kg.source_by_id)


def _near_duplicates(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for miss in kg.near_misses:
        one, other = sorted((kg.by_id[miss.one], kg.by_id[miss.other]), key=lambda e: (len(e.occurrences), e.id))
        label = f"{one.name} = {other.name}?"
        doubt = Doubt("near duplicate", Action.MERGE, one.id, other.id, label, miss.reason, miss.score)
        yield _shown_by(doubt, one, kg.source_by_id)


def _weak_merges(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for entity in kg.entities:
        for merge in entity.merges:
            if merge.score < _WEAK_MERGE:
                label = f"{merge.surface} = {entity.name}"
                doubt = Doubt(
                    "weak merge", Action.SPLIT, entity.id, merge.surface, label, merge.reason, 1.4 - merge.score
                )
                yield _shown_by(doubt, entity, kg.source_by_id, merge.surface)


def _type_conflicts(kg: KnowledgeGraph) -> Iterator[Doubt]:
    by_name: dict[str, list[Entity]] = defaultdict(list)
    for entity in kg.entities:
        if entity.occurrences and entity.type not in _KINDS_APART:
            by_name[normalise(entity.name)].append(entity)
    for entities in by_name.values():
        if len({entity.type for entity in entities}) > 1:
            most = max(entities, key=lambda e: (len(e.occurrences), e.id))
            for entity in entities:
                if entity.type is not most.type:
                    label = f"{entity.name}: {entity.type} or {most.type}?"
                    reason = f"{len(most.occurrences)} mentions say {most.type}"
                    doubt = Doubt("two types", Action.RETYPE, entity.id, most.type.value, label, reason, 0.7)
                    yield _shown_by(doubt, entity, kg.source_by_id)


def _open_places(kg: KnowledgeGraph) -> Iterator[Doubt]:
    for entity in kg.entities:
        if entity.candidates:
            known = divisions()
            names = "、".join(f"{known[code].name} {code}" for code in map(trimmed, entity.candidates) if code in known)
            doubt = Doubt(
                "open place",
                Action.MERGE,
                entity.id,
                "",
                entity.name,
                f"several divisions bear the name: {names}",
                0.65,
            )
            yield _shown_by(doubt, entity, kg.source_by_id)


def _problem(kg: KnowledgeGraph, id: str, text: str) -> Doubt:
    doubt = Doubt("rule broken", Action.REJECT, id, "", id, text, 0.9)
    if entity := kg.by_id.get(id):
        return _shown_by(doubt, entity, kg.source_by_id)
    statements: tuple[Claim | ObservedValue, ...] = (*kg.claims, *kg.observations)
    quote = next((s.evidence[0] for s in statements if s.id == id and s.evidence), None)
    return _of(doubt, quote) if quote else doubt


def _of(doubt: Doubt, quote: Quote) -> Doubt:
    return _with_sentence(doubt, quote.doc, quote.exact)


def _shown_by(doubt: Doubt, entity: Entity, sources: Mapping[str, Source], surface: str = "") -> Doubt:
    """Return the doubt with the sentence of an occurrence (with `surface`, if one is given)."""
    fitting: Iterable[Occurrence] = (o for o in entity.occurrences if not surface or o.surface == surface)
    seen = next(iter(fitting), None)
    if seen is None:
        return doubt
    raw = sources[seen.doc].raw
    return _with_sentence(doubt, seen.doc, sentence_at(raw, seen.span).of(raw))


def _with_sentence(doubt: Doubt, doc: str, sentence: str) -> Doubt:
    return Doubt(
        doubt.kind,
        doubt.action,
        doubt.target,
        doubt.value,
        doubt.label,
        doubt.reason,
        round(min(1.0, doubt.score), 4),
        doc,
        sentence,
    )


def doubts_csv(doubts: Iterable[Doubt]) -> str:
    """Return the doubts as a table of corrections whose action is still to be filled in.

    The note says what is doubtful and which action would settle it; lines left without an action
    are skipped when the table is read back (`read_corrections`).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for doubt in doubts:
        note = f"{doubt.kind}: {doubt.label} — {doubt.reason} [{doubt.action}?]"
        quote = quote_hash(doubt.sentence) if doubt.sentence else ""
        row = ("", doubt.target, doubt.value, doubt.doc, quote, doubt.sentence, note)
        writer.writerow([shown(cell) for cell in row])
    return out.getvalue()
