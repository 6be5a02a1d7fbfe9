"""The REST API as one table: from it come the routes, the checks of parameters and the OpenAPI description."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ontology.schema import EntityType, Kind, Predicate, Status
from output.server.catalogue import Catalogue, Json
from output.server.paths import paths
from output.server.problems import ProblemError

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: `schema` is its JSON Schema, by which a value is checked; `place` is "query" or "path"."""

    name: str
    schema: Schema
    about: str
    required: bool = False
    place: str = "query"

    def read(self, text: str) -> str | int | float:
        """Return the value that a text stands for; ProblemError (400) says what would fit."""
        if self.schema["type"] == "string":
            return self._string(text)
        pattern = r"-?\d{1,9}" if self.schema["type"] == "integer" else r"-?\d{1,9}(\.\d{1,20})?([eE][+-]?\d{1,3})?"
        if not re.fullmatch(pattern, text, re.ASCII):
            raise self._unfit(text)
        number = int(text) if self.schema["type"] == "integer" else float(text)
        if not self.schema["minimum"] <= number <= self.schema["maximum"]:
            raise self._unfit(text)
        return number

    def _string(self, text: str) -> str:
        if "enum" in self.schema and text not in self.schema["enum"]:
            raise self._unfit(text)
        if not self.schema.get("minLength", 0) <= len(text) <= self.schema.get("maxLength", 1000):
            raise self._unfit(text)
        return text

    def _unfit(self, text: str) -> ProblemError:
        return ProblemError(400, f"`{self.name}` takes {_wanted(self.schema)}, not {text[:100]!r}", parameter=self.name)


def _wanted(schema: Schema) -> str:
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if schema["type"] == "string":
        return f"{schema.get('minLength', 0)} to {schema.get('maxLength', 1000)} characters"
    what = "a whole number" if schema["type"] == "integer" else "a number"
    return f"{what} from {schema['minimum']} to {schema['maximum']}"


Handler = Callable[[Catalogue, dict[str, Any]], Json]


@dataclass(frozen=True, slots=True)
class Operation:
    """A path of the API: what it takes, and the name of the schema of what it gives (`output.server.openapi`)."""

    path: str
    name: str
    summary: str
    parameters: tuple[Parameter, ...]
    gives: str
    handler: Handler

    def read(self, path: Mapping[str, str], fields: list[tuple[str, str]]) -> dict[str, Any]:
        """Return the checked values of all parameters, defaults filled in; ProblemError (400)."""
        known = {p.name: p for p in self.parameters}
        given: dict[str, str] = dict(path)
        for name, text in fields:
            if name not in known or known[name].place == "path":
                allowed = ", ".join(n for n, p in known.items() if p.place == "query") or "none"
                raise ProblemError(400, f"there is no parameter {name[:100]!r} here; there are: {allowed}")
            if name in given:
                raise ProblemError(400, f"`{name}` is given twice; give it once")
            given[name] = text
        for p in self.parameters:
            if p.required and p.name not in given:
                raise ProblemError(400, f"`{p.name}` is missing: {p.about}", parameter=p.name)
        return {p.name: p.read(given[p.name]) if p.name in given else p.schema.get("default") for p in self.parameters}


def _one_of(values: type[EntityType] | type[Predicate] | type[Status] | type[Kind]) -> Schema:
    return {"type": "string", "enum": [member.value for member in values]}


_NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 200}
_COUNT: Schema = {"type": "integer", "minimum": 1, "maximum": 500, "default": 50}
_ID = Parameter("id", _NAME, "Id of an entity, or a name that only it bears.", True, "path")
_PAGE = (
    Parameter("limit", _COUNT, "How many to give at most."),
    Parameter(
        "offset", {"type": "integer", "minimum": 0, "maximum": 10_000_000, "default": 0}, "How many to pass over."
    ),
)
_QUOTES = Parameter(
    "quotes", {"type": "integer", "minimum": 0, "maximum": 100, "default": 1}, "Quotes told of each claim at most."
)
_TYPE = Parameter("type", _one_of(EntityType), "Only entities of this type.")
_FILTERS = (
    Parameter("predicate", _one_of(Predicate), "Only claims of this relation."),
    Parameter("status", _one_of(Status), "Only claims of this status."),
    Parameter("document", _NAME, "Only claims of this document (id), or of a public list (reference:divisions)."),
    Parameter("district", _NAME, "Only claims about this district (id or name) or what lies in it or is part of it."),
    Parameter("type", _one_of(EntityType), "Only claims with an entity of this type at either end."),
    Parameter(
        "min_confidence", {"type": "number", "minimum": 0, "maximum": 1}, "Only claims at least as certain as this."
    ),
)


def _search(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    return catalogue.search(given["q"], given["type"], given["limit"], given["offset"])


def _entity(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    return catalogue.entity(given["id"])


def _filters(catalogue: Catalogue, given: dict[str, Any], *more: str) -> Json:
    names = [*(p.name for p in _FILTERS), *more]
    found = {name: given[name] for name in names}
    for name in ("district", "subject", "object"):
        if found.get(name) is not None:
            found[name] = catalogue.resolve(found[name])
    return found


def _neighbours(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    filters = _filters(catalogue, given)
    page = (given["quotes"], given["limit"], given["offset"])
    return catalogue.neighbours(given["id"], given["direction"], filters, *page)


def _claims(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    filters = _filters(catalogue, given, "subject", "object")
    return catalogue.claims(filters, given["quotes"], given["limit"], given["offset"])


def _claim(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    return catalogue.claim(given["id"])


def _observations(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    filters = {name: given[name] for name in ("period", "kind", "document")}
    for name in ("subject", "indicator"):
        filters[name] = None if given[name] is None else catalogue.resolve(given[name])
    return catalogue.observations(filters, given["limit"], given["offset"])


def _path(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    return paths(catalogue, given["from"], given["to"], given["longest"], given["limit"])


def _documents(catalogue: Catalogue, given: dict[str, Any]) -> Json:
    return catalogue.documents()


_END = partial(Parameter, schema=_NAME)

OPERATIONS = (
    Operation(
        "/api/search",
        "search",
        "Find entities by name: what is called so, begins with or contains the words, or is read so (pinyin).",
        (Parameter("q", _NAME, "The words, in Chinese, or in Latin letters as pinyin.", True), _TYPE, *_PAGE),
        "Found",
        _search,
    ),
    Operation("/api/entities/{id}", "entity", "All about one entity but its claims.", (_ID,), "EntityDetail", _entity),
    Operation(
        "/api/entities/{id}/neighbours",
        "neighbours",
        "The claims that join an entity to others.",
        (
            _ID,
            Parameter(
                "direction",
                {"type": "string", "enum": ["both", "out", "in"], "default": "both"},
                "Claims that start at the entity (out), end at it (in), or both.",
            ),
            *_FILTERS,
            _QUOTES,
            *_PAGE,
        ),
        "Neighbours",
        _neighbours,
    ),
    Operation(
        "/api/path",
        "path",
        "The shortest paths between two entities, over claims in either direction.",
        (
            _END(name="from", about="Where the path starts: id or name.", required=True),
            _END(name="to", about="Where it ends: id or name.", required=True),
            Parameter(
                "longest", {"type": "integer", "minimum": 1, "maximum": 8, "default": 5}, "Claims on it at most."
            ),
            Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 50, "default": 5}, "Paths given at most."),
        ),
        "Paths",
        _path,
    ),
    Operation(
        "/api/claims",
        "claims",
        "The claims that pass all filters.",
        (
            _END(name="subject", about="Only claims about this entity (id or name)."),
            _END(name="object", about="Only claims whose object is this entity (id or name)."),
            *_FILTERS,
            _QUOTES,
            *_PAGE,
        ),
        "Claims",
        _claims,
    ),
    Operation(
        "/api/claims/{id}",
        "claim",
        "One claim with all its quotes.",
        (Parameter("id", _NAME, "Id of a claim.", True, "path"),),
        "Claim",
        _claim,
    ),
    Operation(
        "/api/observations",
        "observations",
        "The figures that pass all filters.",
        (
            _END(name="subject", about="Only figures of this entity (id or name)."),
            _END(name="indicator", about="Only figures of this indicator (id or name)."),
            Parameter("period", _NAME, "Only figures for this period, e.g. 2025 or 2021-2025."),
            Parameter("kind", _one_of(Kind), "Only figures of this kind."),
            Parameter("document", _NAME, "Only figures of this document (id)."),
            *_PAGE,
        ),
        "Observations",
        _observations,
    ),
    Operation("/api/documents", "documents", "The documents of the graph.", (), "Documents", _documents),
)
"""All paths of the API."""
