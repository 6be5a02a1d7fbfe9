"""The OpenAPI 3.1 description of the REST API, made from its table of operations."""

from typing import Any

from ontology.schema import EntityType, Kind, Predicate, Status
from output.server.operations import OPERATIONS, Operation

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE: Schema = {"type": ["string", "null"]}
_WHOLE: Schema = {"type": "integer"}
_SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _enum(values: type[EntityType] | type[Predicate] | type[Status] | type[Kind]) -> list[str]:
    return [member.value for member in values]


_MORE: Schema = {"type": "boolean", "description": "Whether there is another page: ask again with a larger offset."}
_TOTAL: Schema = {"type": "integer", "minimum": 0, "description": "How many there are on all pages."}
_ENTITY = {
    "iri": {"type": "string", "format": "uri"},
    "id": _TEXT,
    "type": {"enum": [*_enum(EntityType), ""]},
    "name": _TEXT,
    "code": {**_MAYBE, "description": "Official code (GB/T 2260) of a district."},
    "mentions": {**_WHOLE, "description": "How often the documents name it."},
    "degree": {**_WHOLE, "description": "How many claims start or end at it."},
}
_QUOTE = {
    "document": _TEXT,
    "start": {**_WHOLE, "description": "First character in the document's text (Unicode code points)."},
    "end": {**_WHOLE, "description": "Behind the last character."},
    "exact": {**_TEXT, "description": "The characters from start to end."},
    "page": {"type": ["integer", "null"]},
    "rule": {**_MAYBE, "description": "The rule or model that read it so."},
    "section": _list(_TEXT),
}
_CLAIM = {
    "iri": {"type": "string", "format": "uri"},
    "id": _TEXT,
    "subject": _ref("Entity"),
    "predicate": {"enum": _enum(Predicate)},
    "object": _ref("Entity"),
    "status": {"enum": [*_enum(Status), None]},
    "period": _MAYBE,
    "document": {**_TEXT, "description": "The document that says it, or a public list (reference:…)."},
    "confidence": _SHARE,
    "rule": {**_MAYBE, "description": "For claims from public lists: the rule that made it."},
    "quotes": _list(_ref("Quote")),
}
_OBSERVATION = {
    "iri": {"type": "string", "format": "uri"},
    "id": _TEXT,
    "subject": _ref("Entity"),
    "indicator": _ref("Entity"),
    "value": {**_TEXT, "description": "The figure with its bound, e.g. >=95, or words."},
    "unit": _MAYBE,
    "period": _MAYBE,
    "kind": {"enum": [*_enum(Kind), None]},
    "attribute": _MAYBE,
    "document": _TEXT,
    "confidence": _SHARE,
    "quotes": _list(_ref("Quote")),
}
_RELATION = {
    "predicate": {"enum": _enum(Predicate)},
    "direction": {"enum": ["out", "in"]},
    "claims": _WHOLE,
}
_NEIGHBOUR = _CLAIM | {"direction": {"enum": ["out", "in"]}, "other": _ref("Entity")}
_FOUND = _ENTITY | {
    "label": {**_TEXT, "description": "The name by which it was found."},
    "how": {"enum": ["exact", "begins", "contains", "pinyin"]},
}

SCHEMAS: dict[str, Schema] = {
    "Entity": _object(**_ENTITY),
    "EntityDetail": _object(
        **_ENTITY,
        scope={**_MAYBE, "description": "Inside what the name is unique: a district's code or name."},
        aliases=_list(_TEXT),
        documents=_list(_TEXT),
        relations=_list(_object(**_RELATION)),
        figures=_list(_ref("Observation")),
        figuresTotal=_TOTAL,
    ),
    "Quote": _object(**_QUOTE),
    "Claim": _object(**_CLAIM),
    "Observation": _object(**_OBSERVATION),
    "Found": _object(items=_list(_object(**_FOUND)), more=_MORE),
    "Claims": _object(total=_TOTAL, more=_MORE, items=_list(_ref("Claim"))),
    "Observations": _object(total=_TOTAL, more=_MORE, items=_list(_ref("Observation"))),
    "Neighbours": _object(
        entity=_ref("Entity"),
        relations=_list(_object(**_RELATION)),
        total=_TOTAL,
        more=_MORE,
        items=_list(_object(**_NEIGHBOUR)),
    ),
    "Paths": _object(
        length={"type": ["integer", "null"], "description": "Claims on each path; null when there is none so short."},
        complete={"type": "boolean", "description": "False when the search was given up."},
        items=_list(_object(entities=_list(_ref("Entity")), steps=_list(_list(_ref("Claim"))))),
    ),
    "Documents": _object(
        items=_list(
            _object(
                id=_TEXT,
                iri=_TEXT,
                title=_MAYBE,
                kind=_MAYBE,
                district=_MAYBE,
                entity={**_MAYBE, "description": "Id of the document's own district."},
                adopted=_MAYBE,
                period=_MAYBE,
                issuer=_MAYBE,
                sha256=_MAYBE,
            )
        )
    ),
    "Problem": {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "properties": {"type": _TEXT, "title": _TEXT, "status": _WHOLE, "detail": _TEXT, "parameter": _TEXT},
        "required": ["type", "title", "status", "detail"],
    },
}

_PROBLEMS = {
    "400": "A parameter is missing, unknown or does not fit.",
    "404": "Nothing bears this id or name.",
    "503": "It took too long, or too much is asked at once; Retry-After says when to try again.",
}


def description(version: str) -> dict[str, Any]:
    """Return the description of the API; `version` is that of plankg."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "plankg",
            "summary": "A knowledge graph of planning documents, read-only.",
            "description": "Entities, claims and figures, each with the sentence it stands in. SPARQL is at /sparql.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "version": version,
        },
        "servers": [{"url": "/"}],
        "paths": {operation.path: {"get": _described(operation)} for operation in OPERATIONS},
        "components": {"schemas": SCHEMAS},
    }


def _described(operation: Operation) -> dict[str, Any]:
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": [
            {
                "name": p.name,
                "in": p.place,
                "description": p.about,
                "required": p.required,
                "schema": p.schema,
            }
            for p in operation.parameters
        ],
        "responses": {
            "200": {
                "description": "What was asked for.",
                "content": {"application/json": {"schema": _ref(operation.gives)}},
            }
        }
        | {
            status: {"description": about, "content": {"application/problem+json": {"schema": _ref("Problem")}}}
            for status, about in _PROBLEMS.items()
        },
    }
