"""What the explorer's page asks the server for when the graph is too large for one file.

The page's own calls, under `/explorer/`; for search and single claims it uses the REST API. A
neighbourhood is told by relation and direction, the best attested neighbours first, so that a
district with a hundred thousand claims is as quick to look at as one with ten.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.terms import Names, term
from ontology.schema import EntityType
from output.page import served_page
from output.page.data import Json, Offsets
from output.page.overview import is_too_large
from output.server.catalogue import Catalogue
from output.server.operations import Operation, Parameter
from output.server.overview import document_data, overview_data
from output.server.paths import paths
from output.server.problems import ProblemError

_EACH, _FULL = 12, 400  # neighbours told of each relation, and of one that is opened
_DOCUMENTS = 40  # named with an entity
_QUOTES = 3
_CELL_CLAIMS, _STRUCTURE, _FIGURES = 1500, 2000, 1000  # of one district in a comparison

_INSIDE = """inside(id) AS (VALUES (:district) UNION SELECT c.subject FROM claims c JOIN inside i ON c.object = i.id
JOIN entities e ON e.id = c.subject WHERE c.predicate IN ('partOf', 'locatedIn') AND e.type IN ('District', 'Park'))"""
_DISTRICTS = """inside(id) AS (SELECT value FROM json_each(:district) UNION SELECT c.subject FROM claims c
JOIN inside i ON c.object = i.id WHERE c.predicate IN ('partOf', 'locatedIn'))"""
# What the page's filters ask of a claim c that joins an entity to another, x; each takes several values.
_FILTERS = {
    "type": "x.type IN (SELECT value FROM json_each(:type))",
    "predicate": "c.predicate IN (SELECT value FROM json_each(:predicate))",
    "status": "coalesce(c.status, 'none') IN (SELECT value FROM json_each(:status))",
    "document": "c.document IN (SELECT value FROM json_each(:document))",
    "district": "(c.subject IN inside OR c.object IN inside)",
    "period": "c.period IN (SELECT value FROM json_each(:period))",
    "confidence": "c.confidence >= (SELECT min(CAST(value AS REAL)) FROM json_each(:confidence))",
}
_SIZES = """SELECT (SELECT count(*) FROM entities) AS entities,
(SELECT count(*) FROM claims) + (SELECT count(*) FROM observations) AS statements"""
_TOLD = "(SELECT count(*) FROM quotes q WHERE q.statement = c.id)"
_NEIGHBOURS = """WITH RECURSIVE {inside} found AS (
  SELECT c.id, c.predicate, 'out' AS direction, c.object AS other, {told} AS told, x.degree AS degree
    FROM claims c JOIN entities x ON x.id = c.object WHERE c.subject = :entity {tests}
  UNION ALL SELECT c.id, c.predicate, 'in', c.subject, {told}, x.degree
    FROM claims c JOIN entities x ON x.id = c.subject WHERE c.object = :entity AND c.subject <> :entity {tests}),
grouped AS (SELECT predicate, direction, other, sum(told) AS told, degree FROM found GROUP BY 1, 2, 3),
ranked AS (SELECT *, count(*) OVER (PARTITION BY predicate, direction) AS members,
  row_number() OVER (PARTITION BY predicate, direction ORDER BY told DESC, degree DESC, other) AS nth FROM grouped)
SELECT f.id, f.told, r.predicate, r.direction, r.members FROM ranked r JOIN found f USING (predicate, direction, other)
WHERE r.nth <= CASE WHEN r.predicate || '|' || r.direction IN (SELECT value FROM json_each(:full)) THEN {full}
  ELSE {each} END ORDER BY r.predicate, r.direction, r.nth, f.id"""
_CELLS = f"""WITH RECURSIVE {_INSIDE} SELECT c.*, {_TOLD} AS told FROM claims c
JOIN entities s ON s.id = c.subject JOIN entities o ON o.id = c.object
WHERE (c.subject IN inside AND o.type = :type) OR (c.object IN inside AND s.type = :type)
ORDER BY told DESC, c.id LIMIT {_CELL_CLAIMS}"""
_PARTS = f"""WITH RECURSIVE {_INSIDE} SELECT c.* FROM claims c JOIN entities s ON s.id = c.subject
WHERE c.predicate IN ('partOf', 'locatedIn') AND c.object IN inside AND s.type IN ('District', 'Park')
ORDER BY c.id LIMIT {_STRUCTURE}"""


class Explorer:
    """Answers the page; `texts` is the folder of the documents' texts, None when only their triples are known."""

    def __init__(self, catalogue: Catalogue, store: Store, texts: Path | None) -> None:
        self.catalogue, self.store, self.texts = catalogue, store, texts
        self._names = Names(catalogue.base)
        self._lock = Lock()
        self._text = lru_cache(maxsize=32)(self._read)
        self._page = ""

    @property
    def is_large(self) -> bool:
        """Return whether the graph has more than one file is given."""
        return is_too_large(*self.catalogue.db.rows(_SIZES)[0])

    def page(self) -> str:
        """Return the page with its overview, made at the first call."""
        with self._lock:
            self._page = self._page or served_page(overview_data(self.catalogue))
            return self._page

    def neighbourhood(self, id: str, full: str | None, **facets: str | None) -> Json:
        """Return an entity with its neighbours by relation; `full` names relations (`plans|out`) to tell at length."""
        entity = self.catalogue.entity(id)
        values: Json = {name: json.dumps(_list(text)) for name, text in facets.items() if text}
        tests = "".join(f" AND {_FILTERS[name]}" for name in values)
        inside = f"{_DISTRICTS}," if "district" in values else ""
        sql = _NEIGHBOURS.format(inside=inside, told=_TOLD, tests=tests, each=_EACH, full=_FULL)
        rows = self.catalogue.db.rows(sql, values | {"entity": entity["id"], "full": json.dumps(_list(full or ""))})
        groups = dict.fromkeys((row["predicate"], row["direction"], row["members"]) for row in rows)
        claims = self._claims({row["id"]: row["told"] for row in rows})
        return {
            "entity": entity | {"documents": entity["documents"][:_DOCUMENTS]},
            "groups": [{"predicate": p, "direction": d, "members": n} for p, d, n in groups],
            "claims": claims,
            "documents": self._documents([*entity["documents"][:_DOCUMENTS], *(c["document"] for c in claims)]),
        }

    def document(self, id: str) -> Json:
        """Return a document's text (null when it is not at hand) and the mentions in it, in UTF-16 units."""
        told = self._documents([id])
        if not told:
            raise ProblemError(404, f"there is no document {id[:100]!r}; /api/documents lists them")
        text = self._text(id, told[0]["sha256"])
        mentions = [] if text is None else self._mentions(id, Offsets(text))
        entities = self.catalogue.entities(mention[0] for mention in mentions)
        found = [mention for mention in mentions if mention[0] in entities]
        return {"document": told[0], "text": text, "mentions": found, "entities": list(entities.values())}

    def paths(self, start: str, end: str, through: str) -> Json:
        """Return the shortest paths with their claims; `through` "all" lets them lead through issuing districts."""
        rows = self.catalogue.db.rows("SELECT DISTINCT entity FROM documents WHERE entity IS NOT NULL")
        avoided = frozenset() if through == "all" else frozenset(row["entity"] for row in rows)
        return paths(self.catalogue, start, end, 6, 8, avoided)

    def district(self, id: str, type: str) -> Json:
        """Return what joins a district, with what lies in it, to entities of a type; for an Indicator its figures."""
        district = self.catalogue.resolve(id)
        if type == EntityType.INDICATOR:
            figures = self.catalogue.observations({"subject": district}, _FIGURES, 0)["items"]
            return {"claims": [], "observations": figures, "documents": self._documents(f["document"] for f in figures)}
        values = {"district": district, "type": type}
        cells = {row["id"]: row["told"] for row in self.catalogue.db.rows(_CELLS, values)}
        parts = {row["id"]: 0 for row in self.catalogue.db.rows(_PARTS, {"district": district})}
        claims = self._claims(parts | cells)
        return {"claims": claims, "observations": [], "documents": self._documents(c["document"] for c in claims)}

    def _claims(self, told: dict[str, int]) -> list[Json]:
        """Return claims in the order of their ids' mapping to the number of their quotes."""
        sql = "SELECT * FROM claims WHERE id IN (SELECT value FROM json_each(?))"
        rows = self.catalogue.db.rows(sql, [json.dumps(list(told))])
        found = {claim["id"]: claim for claim in self.catalogue.told(rows, _QUOTES)}
        return [found[id] | {"told": number} for id, number in told.items() if id in found]

    def _documents(self, ids: Iterable[str]) -> list[Json]:
        sql = """SELECT d.*, e.code FROM documents d LEFT JOIN entities e ON e.id = d.entity
        WHERE d.id IN (SELECT value FROM json_each(?)) ORDER BY d.id"""
        rows = self.catalogue.db.rows(sql, [json.dumps(sorted(set(ids)))])
        return [document_data(row) for row in rows]

    def _read(self, id: str, sha256: str) -> str | None:
        """Return the text of a document, None when it is not there or is no longer what the graph was made from."""
        if self.texts is None or Path(id).name != id:
            return None
        try:
            content = (self.texts / f"{id}.txt").read_bytes()
            text = content.decode("utf-8")
        except (OSError, ValueError):
            return None
        return text if hashlib.sha256(content).hexdigest() == sha256 else None

    def _mentions(self, id: str, offsets: Offsets) -> list[tuple[str, int, int]]:
        source, here = self._names.source(id), DefaultGraph()
        found = []
        for quad in self.store.quads_for_pattern(None, term("oa:hasSource"), source, here):
            node = quad.subject
            assert isinstance(node, NamedNode)
            said = {q.predicate: q.object for q in self.store.quads_for_pattern(node, None, None, here)}
            entity, start, end = (said.get(term(name)) for name in ("plan:refersTo", "oa:start", "oa:end"))
            if isinstance(entity, NamedNode) and isinstance(start, Literal) and isinstance(end, Literal):
                places = (offsets.utf16(int(start.value)), offsets.utf16(int(end.value)))
                found.append((entity.value.removeprefix(self.catalogue.base), *places))
        return sorted(found, key=lambda mention: (mention[1], -mention[2], mention[0]))


def _list(text: str) -> list[str]:
    """Return the values of a filter as the page's address has them, separated by `~`."""
    return [value for value in text.split("~") if value]


_TEXT: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": 200}
_SEVERAL: dict[str, Any] = {"type": "string", "minLength": 0, "maxLength": 4000}


def explorer_operations(explorer: Explorer) -> tuple[Operation, ...]:
    """Return the page's own calls; they are not part of the REST API and may change with the page."""
    id = Parameter("id", _TEXT, "Id of an entity or document.", True)
    facets = tuple(Parameter(name, _SEVERAL, "Values of a filter, separated by ~.") for name in _FILTERS)
    full = Parameter("full", _SEVERAL, "Relations told at length, e.g. plans|out.")
    ends = tuple(Parameter(name, _TEXT, "Id of an entity.", True) for name in ("from", "to"))
    through = Parameter("through", {"type": "string", "enum": ["some", "all"], "default": "some"}, "Which entities.")
    type = Parameter("type", {"type": "string", "enum": [t.value for t in EntityType]}, "Of what entities.", True)
    return (
        Operation(
            "/explorer/neighbourhood.json", "", "", (id, full, *facets), "", lambda _, g: explorer.neighbourhood(**g)
        ),
        Operation("/explorer/document.json", "", "", (id,), "", lambda _, g: explorer.document(**g)),
        Operation(
            "/explorer/paths.json",
            "",
            "",
            (*ends, through),
            "",
            lambda _, g: explorer.paths(g["from"], g["to"], g["through"]),
        ),
        Operation("/explorer/district.json", "", "", (id, type), "", lambda _, g: explorer.district(**g)),
    )
