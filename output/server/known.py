"""What the query page knows: prefixes, the terms of the vocabulary, the named questions; and names as terms."""

from functools import lru_cache
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from extract.errors import QuestionError
from graph.questions import question, questions
from graph.store import GraphStore
from ontology.labels import labels
from ontology.schema import EntityType, Kind, Predicate, Status
from output.server.problems import ProblemError
from output.server.protocol import fields_of

# Terms of other vocabularies that our graph uses, and what their objects are.
_BORROWED = {
    "rdfs:label": "名称",
    "skos:altLabel": "别名",
    "skos:prefLabel": "类目名称",
    "skos:notation": "类目代码",
    "skos:broader": "上位类",
    "rdf:subject": "断言主语",
    "rdf:predicate": "断言关系",
    "rdf:object": "断言宾语",
    "prov:wasDerivedFrom": "来源文件",
    "oa:hasSource": "所在文件",
    "oa:hasSelector": "位置与引文",
    "oa:start": "起",
    "oa:end": "止",
    "oa:exact": "原文",
    "dcterms:title": "标题",
    "dcterms:identifier": "标识",
    "dcterms:isPartOf": "上级章节",
    "schema:sameAs": "等同",
}


def known_routes(store: GraphStore) -> list[Route]:
    """Return the routes by which the query page learns; they are the page's own, not of the REST API."""

    async def known(request: Request) -> Response:
        return JSONResponse(
            {
                "base": store.prefixes["id"],
                "prefixes": store.prefixes,
                "terms": _terms(),
                "questions": _questions(),
            }
        )

    async def term(request: Request) -> Response:
        fields = dict(fields_of(request.scope["query_string"]))
        if missing := [name for name in ("question", "name", "value") if name not in fields]:
            raise ProblemError(400, f"`{missing[0]}` is missing")
        try:
            found = await run_in_threadpool(bound, store, fields["question"], fields["name"], fields["value"])
        except ProblemError:
            if fields.get("otherwise") != "null":
                raise
            return JSONResponse({"term": None})
        return JSONResponse({"term": found})

    return [Route("/query/known.json", known, methods=["GET"]), Route("/query/term.json", term, methods=["GET"])]


def bound(store: GraphStore, name: str, parameter: str, value: str) -> str:
    """Return the term that a value of a question's parameter stands for, as SPARQL writes it; ProblemError (404)."""
    try:
        for each in question(name).parameters:
            if each.name == parameter:
                return str(each.bind(value, store))
    except QuestionError as error:
        raise ProblemError(404, str(error)) from error
    raise ProblemError(404, f"the question {name!r} has no parameter {parameter!r}")


@lru_cache(maxsize=1)
def _terms() -> list[dict[str, str]]:
    zh, en = labels("zh"), labels("en")
    properties = {p.value for p in Predicate}
    values = {member.value for kind in (Status, Kind) for member in kind}
    own = [
        {
            "name": f"plan:{name}",
            "kind": "value" if name in values else "class" if name[:1].isupper() else "property",
            "zh": zh.get(name, ""),
            "en": en.get(name, ""),
        }
        # First what is asked most: types of entities and their relations.
        for name in sorted(zh, key=lambda n: (n not in EntityType.__members__.values() and n not in properties, n))
        if name
    ]
    return own + [{"name": name, "kind": "property", "zh": label, "en": ""} for name, label in _BORROWED.items()]


@lru_cache(maxsize=1)
def _questions() -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "zh": each.zh,
            "en": each.en,
            "sparql": each.sparql,
            "parameters": [
                {"name": p.name, "type": p.type, "default": p.default, "zh": p.zh, "en": p.en} for p in each.parameters
            ],
        }
        for each in questions().values()
    ]
