"""Extractions kept between builds: a document that has not changed is not extracted again.

An entry is named by everything that the extraction depends on: the text's hash, the metadata, the
tier (of a plug-in model its name and version), and a hash of the code and data of `extract` and
`ontology`. An entry that is damaged or does not fit its document is ignored, so the worst that a
cache can do is to be slow.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import astuple
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import Any

from extract.document import Document
from extract.extraction import Evidence, Extraction, Fact, Mention, Observation
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status

FORMAT = 2
_HALF = ".entry-"  # begin of the name of an entry that is being written
Extractor = Callable[[Document], Extraction]


@lru_cache(maxsize=1)
def code_version() -> str:
    """Return a hash of all code, tables and models that an extraction depends on."""
    total = hashlib.sha256()
    for package in ("extract", "ontology"):
        root = Path(__file__).parents[1] / package
        for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            total.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
            total.update(path.read_bytes())
    return total.hexdigest()


class ExtractionCache:
    """A folder of extractions, one file each.

    >>> cache = ExtractionCache(Path("plankg-out/cache"), "fast")  # doctest: +SKIP
    >>> extraction = cache.extraction(document, extract)  # doctest: +SKIP
    """

    def __init__(self, folder: Path, tier: str, version: str | None = None) -> None:
        """Use `folder` (made when first written to); `version` defaults to `code_version()`."""
        self.folder = folder
        self._tier = tier
        self._version = version or code_version()
        self._used: set[str] = set()

    def extraction(self, document: Document, extractor: Extractor) -> Extraction:
        """Return what the document says, from the cache if it is there, else from `extractor`."""
        known = self.get(document)
        if known is None:
            known = extractor(document)
            self.put(known)
        return known

    def get(self, document: Document) -> Extraction | None:
        """Return the kept extraction of exactly this document, or None."""
        path = self._path(document)
        try:
            head, body = path.read_text(encoding="utf-8").split("\n", 1)
            if head != hashlib.sha256(body.encode()).hexdigest():
                return None
            return from_text(body, document)
        except (OSError, ValueError, KeyError, TypeError, IndexError, RecursionError):
            return None

    def put(self, extraction: Extraction, body: str | None = None) -> None:
        """Keep an extraction (`body` is its `as_text`); a file that another process reads is never half written."""
        path = self._path(extraction.document)
        body = as_text(extraction) if body is None else body
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=_HALF)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(f"{hashlib.sha256(body.encode()).hexdigest()}\n{body}")
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def use(self, document: Document) -> None:
        """Count the document's entry among those that `prune` leaves: another process has read or written it."""
        self._path(document)

    def prune(self) -> int:
        """Remove the entries that this object neither read nor wrote nor was told to use; return how many.

        Entries that a killed process left half-written go as well, so no other may be writing.
        """
        stale = [p for p in self.folder.glob("*.json") if p.name not in self._used]
        stale += self.folder.glob(f"{_HALF}*")
        for path in stale:
            path.unlink(missing_ok=True)
        return len(stale)

    def _path(self, document: Document) -> Path:
        meta = json.dumps([str(part) for part in astuple(document.meta)], ensure_ascii=False)
        parts = (str(FORMAT), self._version, self._tier, document.id, document.sha256, meta, str(document.pages))
        name = hashlib.sha256("\0".join(parts).encode()).hexdigest() + ".json"
        self._used.add(name)
        return self.folder / name


def as_text(extraction: Extraction) -> str:
    """Return the extraction as JSON, without its document; see `from_text`."""
    return json.dumps(encode(extraction), ensure_ascii=False, separators=(",", ":"))


def from_text(body: str | bytes, document: Document) -> Extraction:
    """Return the extraction that `as_text` wrote (in UTF-8, if it is bytes), over its document; raises as `decode`."""
    found: dict[str, Any] = json.loads(body)
    return decode(found, document)


def encode(extraction: Extraction) -> dict[str, Any]:
    """Return the extraction as JSON values, without its document."""
    pool: dict[Mention, int] = {mention: i for i, mention in enumerate(extraction.mentions)}
    for mention in _sides(extraction):
        pool.setdefault(mention, len(pool))
    evidence: dict[Evidence, int] = {}

    def proof(item: Evidence) -> int:
        return evidence.setdefault(item, len(evidence))

    def side(mention: Mention | None) -> int | None:
        return None if mention is None else pool[mention]

    return {
        "listed": len(extraction.mentions),
        "mentions": [
            [m.span.start, m.span.end, m.type.value, m.surface, proof(m.evidence), m.confidence] for m in pool
        ],
        "facts": [
            [f.predicate.value, side(f.subject), side(f.object), proof(f.evidence), f.status, f.period, f.confidence]
            for f in extraction.facts
        ],
        "observations": [
            [
                *(side(o.subject), pool[o.indicator], o.value, o.unit, o.period, o.kind.value),
                *(proof(o.evidence), o.attribute, o.confidence),
            ]
            for o in extraction.observations
        ],
        "warnings": list(extraction.warnings),
        "evidence": [[e.span.start, e.span.end, list(e.section), e.rule, e.page] for e in evidence],
    }


def _sides(extraction: Extraction) -> Iterable[Mention]:
    for fact in extraction.facts:
        yield from (m for m in (fact.subject, fact.object) if m)
    for seen in extraction.observations:
        yield from (m for m in (seen.subject, seen.indicator) if m)


def decode(values: dict[str, Any], document: Document) -> Extraction:
    """Return the extraction that `encode` made, over its document.

    Raises ValueError, KeyError, TypeError or IndexError when the values are no such extraction.
    """
    size = len(document.raw)
    paths: dict[tuple[str, ...], tuple[str, ...]] = {}  # one for all that stands in a section

    def path(headings: list[str]) -> tuple[str, ...]:
        found = tuple(headings)
        return paths.setdefault(found, found)

    def span(start: int, end: int) -> Span:
        if end > size:
            raise ValueError(f"span {start}..{end} outside a text of {size} characters")
        return Span(start, end)

    proofs = [Evidence(span(s, e), path(above), intern(rule), page) for s, e, above, rule, page in values["evidence"]]
    pool = [Mention(span(s, e), EntityType(t), text, proofs[i], c) for s, e, t, text, i, c in values["mentions"]]

    def side(index: int | None) -> Mention | None:
        return None if index is None else pool[index]

    return Extraction(
        document=document,
        mentions=tuple(pool[: values["listed"]]),
        facts=tuple(
            Fact(Predicate(p), side(s), side(o), proofs[i], Status(st) if st else None, period, c)
            for p, s, o, i, st, period, c in values["facts"]
        ),
        observations=tuple(
            Observation(side(s), pool[i], value, unit, period, Kind(kind), proofs[e], attribute, c)
            for s, i, value, unit, period, kind, e, attribute, c in values["observations"]
        ),
        warnings=tuple(values["warnings"]),
    )
