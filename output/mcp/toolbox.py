"""The tools: search, entity, ask, sparql, and the list of ready questions.

Names and statements are read from the indexes that `plankg serve` makes, too. Queries run in its
worker processes, which can read the graph and nothing else, and are killed when they take too long.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode, QueryResultsFormat

from extract.errors import PlankgError, QuestionError
from graph.answers import value
from graph.kept import KeptAnswers
from graph.labels import Found
from graph.posing import paged, posed
from graph.querycheck import check
from graph.questions import Question, question, questions
from ontology.schema import EntityType
from output.mcp.results import Asked, Card, Evidence, Figure, Hit, Hits, Queried, Ready, ReadyList, Statement, Thing
from output.server.catalogue import Catalogue
from output.server.pool import Pool
from output.server.prepared import Prepared, StoredGraph
from output.server.problems import ProblemError

_T = TypeVar("_T")
_CHECKED = 5_000  # characters; longer queries run unchecked, for the check cannot be stopped


class ToolboxError(PlankgError):
    """A tool cannot do what it was asked; the sentence is for the assistant."""


class Toolbox:
    """The tools over the prepared files of one graph; `pool` runs the queries and must have been started."""

    def __init__(self, made: Prepared, pool: Pool) -> None:
        self._catalogue = Catalogue(made.index, made.names, made.base)
        self._labels = self._catalogue.labels
        self._store = StoredGraph(made.store, made.base)
        self._store.labels = self._labels
        self._store.answers = KeptAnswers(made.answers) if made.answers else None
        self._pool = pool
        self._base = made.base

    def close(self) -> None:
        """Close the files."""
        self._catalogue.db.close()

    async def search(self, words: str, type: EntityType | None, limit: int) -> Hits:
        """Return the entities whose names hold the words or are read so; else those that look alike."""
        return await self._apart(lambda: self._hits(words, type, limit))

    async def entity(self, name: str, claims: int, figures: int, quotes: int) -> Card:
        """Return all about an entity given by id or name, with at most so many claims and figures.

        Raises ToolboxError when nothing, or more than one thing, bears the name.
        """
        return await self._apart(lambda: self._card(name, claims, figures, quotes))

    async def ask(self, text: str, given: Mapping[str, str], limit: int) -> Asked:
        """Return the answer to a ready question, given by its name or in free words.

        Raises ToolboxError when none fits, or a value does not.
        """
        chosen, values = await self._apart(lambda: self._understood(text, given))
        columns, rows = self._table(await self._answered(chosen, values, limit + 1))
        keep = [i for i, name in enumerate(columns) if name not in {p.name for p in chosen.parameters}]
        shown = {name: each for name, each in chosen.values(values).items() if each}
        return Asked(
            question=chosen.name,
            taken_as=f"{chosen.wording('zh', values)} / {chosen.wording('en', values)}",
            parameters=shown,
            sparql=chosen.sparql,
            columns=[columns[i] for i in keep],
            rows=[[row[i] for i in keep] for row in rows[:limit]],
            truncated=len(rows) > limit,
        )

    async def sparql(self, query: str, limit: int) -> Queried:
        """Return the answer to a SPARQL query, and what there is to say of it; ToolboxError says what is wrong."""
        checked, advice = query, []
        if len(query) <= _CHECKED:
            found = await self._apart(lambda: check(query, self._base))
            checked, advice = found.sparql, [str(each) for each in found.advice]
        head, body = await self._run(checked, {})
        if head["kind"] == "ttl":
            return Queried(columns=[], rows=[], truncated=False, turtle=body.decode(), advice=advice)
        columns, rows = self._table(body)
        return Queried(columns=columns, rows=rows[:limit], truncated=len(rows) > limit, advice=advice)

    def questions(self) -> ReadyList:
        """Return the ready questions."""
        items = []
        for name, each in questions().items():
            takes = {
                p.name: f"{p.type}: {p.en}" + (f" (default {p.default})" if p.default else "") for p in each.parameters
            }
            items.append(Ready(name=name, zh=each.wording("zh"), en=each.wording("en"), parameters=takes))
        return ReadyList(items=items)

    async def _apart(self, work: Callable[[], _T]) -> _T:
        """Do some work in a thread; what goes wrong on purpose becomes a ToolboxError."""
        try:
            return await asyncio.to_thread(work)
        except ProblemError as error:
            raise ToolboxError(error.detail) from error
        except PlankgError as error:
            raise ToolboxError(str(error)) from error

    def _hits(self, words: str, type: EntityType | None, limit: int) -> Hits:
        found = self._labels.near(words, type, limit + 1)
        known = self._catalogue.entities(each.id for each in found)
        items = [Hit(**_short(known[e.id]), label=e.label, how=e.how) for e in found[:limit] if e.id in known]
        return Hits(items=items, more=len(found) > limit)

    def _card(self, name: str, claims: int, figures: int, quotes: int) -> Card:
        id = self._resolved(name)
        about = self._catalogue.entity(id)
        said = self._catalogue.claims({"entity": id, "direction": "both"}, quotes, claims, 0)
        seen = self._catalogue.observations({"entity": id}, figures, 0)
        return Card(
            **_short(about),
            aliases=about["aliases"],
            code=about["code"],
            documents=about["documents"],
            claims=[_statement(claim) for claim in said["items"]],
            claims_total=said["total"],
            figures=[_figure(figure) for figure in seen["items"]],
            figures_total=seen["total"],
        )

    def _resolved(self, given: str) -> str:
        """Return the id of the entity that a name, an id, or a shortened or whole IRI means."""
        name = given.strip().removeprefix(self._base).removeprefix("id:")
        found = self._labels.exact(name)
        if len(found) == 1:
            return found[0].id
        if found:
            raise ToolboxError(f"{len(found)} entities are called {name!r}; give an id: {_listed(found)}")
        near = _listed(self._labels.near(name, limit=6))
        raise ToolboxError(f"no entity is called {name!r}" + (f"; near are: {near}" if near else "; try `search`"))

    def _understood(self, text: str, given: Mapping[str, str]) -> tuple[Question, dict[str, str]]:
        """Return the ready question that a text means, and its values."""
        from graph.matcher import candidates, match

        if text.strip() in questions():
            chosen, values = question(text.strip()), dict(given)
        else:
            found = match(text, self._store)
            if found is None:
                near = ", ".join(m.question.name for m in candidates(text, self._store))
                raise QuestionError(
                    f"no ready question fits {text[:200]!r}"
                    + (f"; the nearest are {near}" if near else "")
                    + "; `questions` lists all, `sparql` takes your own query"
                )
            chosen, values = found.question, {**found.values, **given}
        return chosen, values

    async def _answered(self, asked: Question, given: Mapping[str, str], limit: int) -> bytes:
        """Return at most `limit` rows of a question's answer, kept or new, in the JSON format of SPARQL results."""
        values = await self._apart(lambda: asked.substitutions(self._store, given))
        query = posed(asked.sparql, values)
        kept = self._store.answers.find(query, values, limit) if self._store.answers else None
        if kept is not None:
            return kept.serialize(format=QueryResultsFormat.JSON) or b""
        _, body = await self._run(paged(query, limit), {name: str(term) for name, term in values.items()})
        return body

    async def _run(self, query: str, bindings: Mapping[str, str]) -> tuple[dict[str, Any], bytes]:
        """Return the head and bytes of a query's answer; ToolboxError when it has none."""
        request = {"query": query, "default": None, "named": None, "bindings": dict(bindings)}
        try:
            reply = await self._pool.run(request | {"table": "json", "graph": "ttl"})
        except PlankgError as error:  # late, busy or crashed
            raise ToolboxError(f"{error}; ask for less, e.g. with LIMIT or more conditions") from error
        if reply.head.get("error") == "large":
            raise ToolboxError("the answer is too large; add LIMIT, or select less")
        if "error" in reply.head:
            raise ToolboxError(reply.head["detail"])
        if reply.file is None:
            return reply.head, reply.body
        try:
            return reply.head, await asyncio.to_thread(reply.file.read_bytes)
        finally:
            reply.file.unlink()

    def _table(self, body: bytes) -> tuple[list[str], list[list[Any]]]:
        """Return columns and rows of an answer in the JSON format of SPARQL results."""
        found = json.loads(body)
        if "boolean" in found:
            return ["boolean"], [[found["boolean"]]]
        columns = found["head"]["vars"]
        rows = found["results"]["bindings"]
        return columns, [[self._cell(row.get(name)) for name in columns] for row in rows]

    def _cell(self, term: Mapping[str, Any] | None) -> Any:
        if term is None:
            return None
        if term["type"] == "uri":
            return self._store.compact(term["value"])
        if term["type"] != "literal" or "datatype" not in term:
            return term["value"] if isinstance(term["value"], str) else json.dumps(term["value"], ensure_ascii=False)
        found = value(Literal(term["value"], datatype=NamedNode(term["datatype"])))
        if isinstance(found, Decimal):
            return float(found)
        return found if isinstance(found, bool | int) else term["value"]


def _listed(found: tuple[Found, ...]) -> str:
    return ", ".join(f"{each.name} ({each.id})" for each in found[:8])


def _short(about: Mapping[str, Any]) -> dict[str, Any]:
    return {name: about[name] for name in ("id", "name", "type", "iri", "mentions")}


def _quotes(items: list[Mapping[str, Any]]) -> list[Evidence]:
    return [Evidence(**{name: quote[name] for name in Evidence.model_fields}) for quote in items]


def _statement(claim: Mapping[str, Any]) -> Statement:
    ends: dict[str, Any] = {end: Thing(**_short(claim[end])) for end in ("subject", "object")}
    plain = {name: claim[name] for name in ("predicate", "status", "period", "document", "confidence")}
    return Statement(**ends, **plain, evidence=_quotes(claim["quotes"]))


def _figure(figure: Mapping[str, Any]) -> Figure:
    ends: dict[str, Any] = {end: Thing(**_short(figure[end])) for end in ("subject", "indicator")}
    plain = {name: figure[name] for name in ("value", "unit", "period", "kind", "document", "confidence")}
    return Figure(**ends, **plain, evidence=_quotes(figure["quotes"]))
