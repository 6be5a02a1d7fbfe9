"""Extractions made by hand: from gold passages, and from names looked up in a small text."""

import hashlib
import json
import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from extract.document import Document, DocumentKind, DocumentMeta
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "corpus"
GOLD = ROOT / "tests" / "gold" / "dev.jsonl"
_LAYOUT = str.maketrans("", "", " \n\r\t*#|")


@lru_cache(maxsize=1)
def corpus_meta() -> dict[str, DocumentMeta]:
    """Return the metadata of the bundled documents by id."""
    table = tomllib.loads((CORPUS / "corpus.toml").read_text(encoding="utf-8"))
    return {
        Path(row["file"]).stem: DocumentMeta(
            row["title"], DocumentKind(row["kind"]), row["district"], row["code"], row["adopted"], row["period"]
        )
        for row in table["document"]
    }


def document(id: str, raw: str, meta: DocumentMeta) -> Document:
    """Return a document without structure."""
    return Document(id, raw, hashlib.sha256(raw.encode()).hexdigest(), meta, (), ())


def by_hand(
    id: str, text: str, names: Sequence[tuple[str, str]], district: str, code: str = "", **facts: Any
) -> Extraction:
    """Return an extraction of `text` with each (type, name) at every place where it stands.

    `facts`: a list of (predicate, subject name or None, object name or None, status or "").
    """
    meta = DocumentMeta(f"{district}文件", DocumentKind.PLAN, district, code)
    whole = Evidence(Span(0, len(text)), (), "test/by-hand")
    mentions, taken = [], []
    for kind, name in sorted(names, key=lambda n: -len(n[1])):
        at = text.find(name)
        assert at >= 0, f"{name} is not in the text"
        while at >= 0:
            span = Span(at, at + len(name))
            if not any(span.overlaps(t) for t in taken):
                taken.append(span)
                mentions.append(Mention(span, EntityType(kind), name.translate(_LAYOUT), whole))
            at = text.find(name, at + 1)
    mentions.sort(key=lambda m: m.span)
    first = {m.surface: m for m in reversed(mentions)}
    stated = [
        Fact(Predicate(p), first[s] if s else None, first[o] if o else None, whole, Status(st) if st else None)
        for p, s, o, st in facts.get("facts", ())
    ]
    return Extraction(document(id, text, meta), tuple(mentions), tuple(stated), ())


@lru_cache(maxsize=1)
def gold_extractions() -> tuple[Extraction, ...]:
    """Return the gold passages as extractions over the raw corpus files."""
    passages = defaultdict(list)
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        passages[row["doc"]].append(row)
    return tuple(_gold_document(doc, rows) for doc, rows in sorted(passages.items()))


def _gold_document(doc: str, rows: list[dict[str, Any]]) -> Extraction:
    raw = (CORPUS / f"{doc}.txt").read_bytes().decode("utf-8")
    mentions: list[Mention] = []
    facts: list[Fact] = []
    observations: list[Observation] = []
    for row in rows:
        evidence = Evidence(Span(row["start"], row["end"]), (), "test/gold")
        here = [
            Mention(Span(e["start"], e["end"]), EntityType(e["type"]), e["text"].translate(_LAYOUT), evidence)
            for e in row["entities"]
        ]
        first = {m.surface: m for m in reversed(here)}

        def at(name: str, first: dict[str, Mention] = first) -> Mention | None:
            return None if name == "@doc" else first[name.translate(_LAYOUT)]

        mentions += here
        facts += [
            Fact(
                Predicate(f["predicate"]),
                at(f["subject"]),
                at(f["object"]),
                evidence,
                Status(f["status"]) if f.get("status") else None,
            )
            for f in row["facts"]
        ]
        for seen in row["observations"]:
            indicator = at(seen["indicator"])
            assert indicator is not None
            values = (seen["value"], seen.get("unit") or "", seen.get("period") or "", Kind(seen["kind"]))
            observations.append(Observation(at(seen["subject"]), indicator, *values, evidence))
    return Extraction(document(doc, raw, corpus_meta()[doc]), tuple(mentions), tuple(facts), tuple(observations))


def corpus_extraction(doc: str, names: Sequence[tuple[EntityType, str]]) -> Extraction:
    """Return an extraction of a bundled document with each name at every place where it stands.

    Layout inside names is ignored. A name inside a longer listed one gets a mention there only
    when it stands nowhere else, so that each name has at least one.
    """
    raw = (CORPUS / f"{doc}.txt").read_bytes().decode("utf-8")
    at = [i for i, char in enumerate(raw) if not (char.isspace() or char in "*#|")]
    text = "".join(raw[i] for i in at)
    evidence = Evidence(Span(0, len(raw)), (), "test/search")
    mentions: list[Mention] = []
    taken: list[tuple[int, int]] = []
    for kind, name in sorted(names, key=lambda n: (-len(n[1]), n)):
        wanted = name.translate(_LAYOUT)
        places = [m.start() for m in re.finditer(re.escape(wanted), text)]
        assert places, f"{name} is not in {doc}"
        free = [s for s in places if not any(s < e and b < s + len(wanted) for b, e in taken)]
        for start in free or places[:1]:
            end = start + len(wanted)
            taken.append((start, end))
            mentions.append(Mention(Span(at[start], at[end - 1] + 1), kind, wanted, evidence))
    mentions.sort(key=lambda m: (m.span, m.type))
    return Extraction(document(doc, raw, corpus_meta()[doc]), tuple(mentions), (), ())
