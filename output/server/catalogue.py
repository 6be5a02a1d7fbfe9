"""What the REST API tells, read from the index of statements and the index of names."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from graph.labels import LabelIndex
from graph.terms import Names
from ontology.schema import EntityType
from output.server.problems import ProblemError

Json = dict[str, Any]
_STEPS = 20_000  # of SQLite's machine between two looks at the clock

_ENTITY = "e.id, e.type, e.name, e.code, e.mentions, e.degree"
_INSIDE = """inside(id) AS (VALUES (:district) UNION SELECT c.subject FROM claims c JOIN inside i ON c.object = i.id
WHERE c.predicate IN ('partOf', 'locatedIn'))"""
# What each filter of claims asks of a claim c, its subject s and its object o.
_FILTERS = {
    "predicate": "c.predicate = :predicate",
    "status": "c.status = :status",
    "document": "c.document = :document",
    "subject": "c.subject = :subject",
    "object": "c.object = :object",
    "type": "(s.type = :type OR o.type = :type)",
    "district": "(c.subject IN inside OR c.object IN inside)",
    "min_confidence": "c.confidence >= :min_confidence",
}
_SIDES = {
    "out": "c.subject = :entity",
    "in": "c.object = :entity",
    "both": "(c.subject = :entity OR c.object = :entity)",
}


class Database:
    """A SQLite file, read-only, asked from many threads; a question may take `seconds`."""

    def __init__(self, path: Path, seconds: float) -> None:
        self._address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._seconds = seconds
        self._threads = threading.local()
        self._open: list[sqlite3.Connection] = []

    def rows(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[sqlite3.Row]:
        """Return all rows; ProblemError (503) when they take too long."""
        db = self._connection()
        late = time.monotonic() + self._seconds
        db.set_progress_handler(lambda: time.monotonic() > late, _STEPS)
        try:
            return db.execute(sql, values).fetchall()
        except sqlite3.OperationalError as error:
            if time.monotonic() > late:
                detail = f"this took longer than {self._seconds:g} seconds; ask for less"
                raise ProblemError(503, detail, headers={"Retry-After": "5"}) from error
            raise

    def close(self) -> None:
        """Close the connections of all threads."""
        for db in self._open:
            db.close()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._threads, "db", None)
        if found is None:
            found = self._threads.db = sqlite3.connect(self._address, uri=True, check_same_thread=False)
            found.row_factory = sqlite3.Row
            self._open.append(found)
        return found


class Catalogue:
    """Entities, claims, figures and documents as JSON-ready values; ids are what follows the base in an IRI."""

    def __init__(self, index: Path, names: Path, base: str, seconds: float = 10.0) -> None:
        self.db = Database(index, seconds)
        self.labels = LabelIndex.load(names)
        self.base = base
        self._names = Names(base)

    def search(self, words: str, type: str | None, limit: int, offset: int) -> Json:
        """Return the entities whose names are, begin with or contain the words, or are read so (pinyin)."""
        found = self.labels.search(words, EntityType(type) if type else None, offset + limit + 1)
        page = found[offset : offset + limit]
        known = self.entities(each.id for each in page)
        items = [known[each.id] | {"label": each.label, "how": each.how} for each in page if each.id in known]
        return {"items": items, "more": len(found) > offset + limit}

    def entities(self, ids: Iterable[str]) -> dict[str, Json]:
        """Return entities in short, by id; those that are not known are left out."""
        found: dict[str, Json] = {}
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), 500):
            part = wanted[start : start + 500]
            marks = ", ".join("?" * len(part))
            for row in self.db.rows(f"SELECT {_ENTITY} FROM entities e WHERE e.id IN ({marks})", part):
                found[row["id"]] = self._short(row)
        return found

    def resolve(self, given: str) -> str:
        """Return the id of an entity that is given by id or by a name that only it bears; else ProblemError."""
        if self.db.rows("SELECT 1 FROM entities WHERE id = ?", [_storable(given)]):
            return given
        found = self.labels.exact(given)
        if len(found) == 1:
            return found[0].id
        if found:
            ids = ", ".join(each.id for each in found[:8])
            raise ProblemError(404, f"{len(found)} entities are called {given[:100]!r}; give an id: {ids}")
        raise ProblemError(404, f"there is no entity {given[:100]!r}; /api/search finds names")

    def entity(self, given: str) -> Json:
        """Return all about an entity but its claims, of which the numbers are told."""
        id = self.resolve(given)
        row = self.db.rows(f"SELECT {_ENTITY}, e.scope FROM entities e WHERE e.id = ?", [id])[0]
        aliases = self.db.rows("SELECT name FROM aliases WHERE entity = ? ORDER BY name", [id])
        documents = self.db.rows("SELECT document FROM mentioned WHERE entity = ? ORDER BY document", [id])
        figures = self.observations({"entity": id}, 100, 0)
        return self._short(row) | {
            "scope": row["scope"],
            "aliases": [alias["name"] for alias in aliases],
            "documents": [document["document"] for document in documents],
            "relations": self._relations(id, {}),
            "figures": figures["items"],
            "figuresTotal": figures["total"],
        }

    def neighbours(self, given: str, direction: str, filters: Json, quotes: int, limit: int, offset: int) -> Json:
        """Return the claims that join an entity to others, each with the other entity."""
        id = self.resolve(given)
        found = self.claims(filters | {"entity": id, "direction": direction}, quotes, limit, offset)
        for claim in found["items"]:
            outward = claim["subject"]["id"] == id
            claim["direction"] = "out" if outward else "in"
            claim["other"] = claim["object" if outward else "subject"]
        return {"entity": self.entities([id])[id], "relations": self._relations(id, filters), **found}

    def _relations(self, id: str, filters: Json) -> list[Json]:
        """Return how many claims of each relation start (out) or end (in) at an entity."""
        counts = []
        for direction in ("out", "in"):
            source, values = self._source(filters | {"entity": id, "direction": direction})
            sql = f"{source[0]} SELECT c.predicate, count(*) AS n {source[1]} GROUP BY c.predicate ORDER BY c.predicate"
            counts += [
                {"predicate": row["predicate"], "direction": direction, "claims": row["n"]}
                for row in self.db.rows(sql, values)
            ]
        return counts

    def claims(self, filters: Json, quotes: int, limit: int, offset: int) -> Json:
        """Return a page of the claims that pass all filters, in order of their ids, and how many pass."""
        (before, source), values = self._source(filters)
        total = self.db.rows(f"{before} SELECT count(*) AS n {source}", values)[0]["n"]
        page = f"{before} SELECT c.* {source} ORDER BY c.id LIMIT :limit OFFSET :offset"
        rows = self.db.rows(page, values | {"limit": limit, "offset": offset})
        return {"total": total, "more": offset + len(rows) < total, "items": self.told(rows, quotes)}

    def claim(self, id: str) -> Json:
        """Return one claim with all its quotes."""
        rows = self.db.rows("SELECT * FROM claims WHERE id = ?", [_storable(id)])
        if not rows:
            raise ProblemError(404, f"there is no claim {id[:100]!r}; /api/claims lists them")
        return self.told(rows, 1000)[0]

    def joining(self, pairs: Sequence[tuple[str, str]], limit: int) -> list[list[Json]]:
        """Return at most `limit` claims between the entities of each pair, in either direction."""
        sql = (
            "SELECT * FROM claims WHERE subject = ? AND object = ? UNION SELECT * FROM claims "
            "WHERE subject = ? AND object = ? ORDER BY id LIMIT ?"
        )
        return [self.told(self.db.rows(sql, [a, b, b, a, limit]), 1) for a, b in pairs]

    def observations(self, filters: Json, limit: int, offset: int) -> Json:
        """Return a page of the figures that pass all filters, in order of their ids, and how many pass."""
        tests = {
            "entity": "(subject = :entity OR indicator = :entity)",
            **{name: f"{name} = :{name}" for name in ("subject", "indicator", "period", "kind", "document")},
        }
        where = " AND ".join([tests[name] for name, value in filters.items() if value is not None] or ["1"])
        total = self.db.rows(f"SELECT count(*) AS n FROM observations WHERE {where}", filters)[0]["n"]
        page = f"SELECT * FROM observations WHERE {where} ORDER BY id LIMIT :limit OFFSET :offset"
        rows = self.db.rows(page, filters | {"limit": limit, "offset": offset})
        known = self.entities(end for row in rows for end in (row["subject"], row["indicator"]))
        told = self.quotes([row["id"] for row in rows], 1)
        items = [
            dict(row)
            | {end: known.get(row[end]) or _unknown(row[end]) for end in ("subject", "indicator")}
            | {"iri": self._names.of("observation", row["id"]).value, "quotes": told.get(row["id"], [])}
            for row in rows
        ]
        return {"total": total, "more": offset + len(items) < total, "items": items}

    def documents(self) -> Json:
        """Return the documents of the graph."""
        rows = self.db.rows("SELECT * FROM documents ORDER BY id")
        return {"items": [dict(row) for row in rows]}

    def _source(self, filters: Json) -> tuple[tuple[str, str], Json]:
        """Return what stands before and after SELECT of claims that pass the filters, and the values."""
        given = {name: value for name, value in filters.items() if value is not None}
        tests = [_FILTERS[name] for name in given if name in _FILTERS]
        if "entity" in given:
            tests.append(_SIDES[given.pop("direction")])
        before = f"WITH RECURSIVE {_INSIDE}" if "district" in given else ""
        joins = "JOIN entities s ON s.id = c.subject JOIN entities o ON o.id = c.object" if "type" in given else ""
        return (before, f"FROM claims c {joins} WHERE {' AND '.join(tests or ['1'])}"), given

    def told(self, rows: Sequence[sqlite3.Row], quotes: int) -> list[Json]:
        """Return rows of claims with their two ends and at most so many quotes of each."""
        known = self.entities(end for row in rows for end in (row["subject"], row["object"]))
        told = self.quotes([row["id"] for row in rows], quotes)
        return [
            dict(row)
            | {end: known.get(row[end]) or _unknown(row[end]) for end in ("subject", "object")}
            | {"iri": self._names.of("claim", row["id"]).value, "quotes": told.get(row["id"], [])}
            for row in rows
        ]

    def quotes(self, statements: Sequence[str], most: int) -> dict[str, list[Json]]:
        """Return at most so many quotes of each statement (claim or figure), by its id, in order of their places."""
        found: dict[str, list[Json]] = {}
        if not most:
            return found
        sql = """SELECT * FROM quotes WHERE statement IN (SELECT value FROM json_each(?))
        ORDER BY statement, document, start, end"""
        for row in self.db.rows(sql, [json.dumps(list(statements))]):
            told = found.setdefault(row["statement"], [])
            if len(told) < most:
                quote = {k: row[k] for k in ("document", "start", "end", "exact", "page", "rule")}
                told.append(quote | {"section": json.loads(row["section"])})
        return found

    def _short(self, row: sqlite3.Row) -> Json:
        names = ("id", "type", "name", "code", "mentions", "degree")
        return {"iri": self._names.entity(row["id"]).value} | {name: row[name] for name in names}


def _unknown(id: str) -> Json:
    """Return what is told of an end of a claim that is no entity with a name."""
    return {"iri": id, "id": id, "type": "", "name": id, "code": None, "mentions": 0, "degree": 0}


def _storable(text: str) -> str:
    """Return a text that SQLite takes."""
    return text.encode("utf-8", "replace").decode("utf-8")
