"""A large graph made by a seeded generator, for measuring time and size."""

import hashlib
import random

from extract.document import DocumentKind, DocumentMeta
from extract.span import Span
from graph.model import Claim, Entity, KnowledgeGraph, Merge, ObservedValue, Occurrence, Quote, Source
from ontology.schema import STATUS_PREDICATES, EntityType, Kind, Status, signatures

_WORDS = "米东甘泉堡化工物流生态农业旅游城乡水利交通能源科技丝路创新数字绿色天山河谷北园西湖新城"


def large(entities: int = 3000, claims: int = 3000, observations: int = 600, seed: int = 1) -> KnowledgeGraph:
    """Return a well-formed graph of that size over five documents; about 2.5 mentions per entity."""
    rng = random.Random(seed)
    docs = [f"plan-{i}" for i in range(5)]
    things = [_entity(rng, i) for i in range(entities)]
    texts = {doc: [f"{doc}号规划纲要。"] for doc in docs}
    lengths = {doc: len(texts[doc][0]) for doc in docs}
    seen: dict[str, list[Occurrence]] = {t.id: [] for t in things}

    def say(doc: str, parts: tuple[Entity | str, ...]) -> tuple[Span, str, list[Span]]:
        start, spans, words = lengths[doc], [], ""
        for part in parts:
            if isinstance(part, Entity):
                at = start + len(words)
                spans.append(Span(at, at + len(part.name)))
                seen[part.id].append(Occurrence(doc, spans[-1], part.name, 0.9))
                words += part.name
            else:
                words += part
        texts[doc].append(words + "\n")
        lengths[doc] += len(words) + 1
        return Span(start, start + len(words)), words, spans

    by_type = {t: [e for e in things if e.type is t] for t in EntityType}
    pairs = sorted((p, s, o) for p, allowed in signatures().items() for s, o in allowed)
    made: dict[str, Claim] = {}
    while len(made) < claims:
        predicate, subject_type, object_type = rng.choice(pairs)
        s, o = rng.choice(by_type[subject_type]), rng.choice(by_type[object_type])
        doc = rng.choice(docs)
        status = rng.choice(list(Status)) if predicate in STATUS_PREDICATES else None
        key = _digest(s.id, predicate.value, o.id, str(status), doc)
        if s is o or key in made:
            continue
        span, exact, (left, right) = say(doc, ("加快推动", s, "与", o, "相关建设，形成新的增长点。"))
        section = (f"第{rng.randrange(12)}章 发展", f"第{rng.randrange(5)}节 重点")
        quote = Quote(doc, span, exact, section, "facts/verb:推动", rng.randrange(1, 80), left, right)
        made[key] = Claim(f"claim-{key}", s.id, predicate, o.id, doc, (quote,), status, "", 0.75)
    values: dict[str, ObservedValue] = {}
    while len(values) < observations:
        s, o, doc = rng.choice(things), rng.choice(by_type[EntityType.INDICATOR]), rng.choice(docs)
        number, period = f"{rng.choice(['', '>=', '<='])}{rng.randrange(1, 9999) / 10}", str(rng.randrange(2015, 2036))
        span, exact, (left, right) = say(doc, ("到", s, "的", o, f"达到{number}亿元。"))
        quote = Quote(doc, span, exact, ("第一章 目标",), "quantities/prose", None, left, right)
        key = _digest(s.id, o.id, number, period, doc)
        kind = rng.choice(list(Kind))
        values[key] = ObservedValue(
            f"observation-{key}", s.id, o.id, number, "亿元", period, kind, doc, (quote,), "", 0.6
        )
    return KnowledgeGraph(
        tuple(_source(doc, "".join(texts[doc])) for doc in docs),
        tuple(
            sorted(
                (
                    Entity(t.id, t.type, t.name, t.aliases, t.scope, merges=t.merges, occurrences=tuple(seen[t.id]))
                    for t in things
                ),
                key=lambda e: e.id,
            )
        ),
        tuple(sorted(made.values(), key=lambda c: c.id)),
        tuple(sorted(values.values(), key=lambda v: v.id)),
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _entity(rng: random.Random, index: int) -> Entity:
    type = rng.choice(list(EntityType))
    name = "".join(rng.choices(_WORDS, k=rng.randrange(3, 9))) + str(index)
    alias = name[:-1] + "别名"
    scope = "650109" if rng.random() < 0.6 else ""
    aliased = rng.random() < 0.3
    return Entity(
        f"{type.value.lower()}-{_digest(type.value, name)}",
        type,
        name,
        (alias,) if aliased else (),
        scope,
        merges=(Merge(alias, name, "alias:short-name", 0.9),) if aliased else (),
    )


def _source(doc: str, text: str) -> Source:
    meta = DocumentMeta(f"{doc} 规划纲要", DocumentKind.PLAN, "米东区", "650109", None, "2021-2025")
    return Source(doc, meta, hashlib.sha256(text.encode()).hexdigest(), text)
