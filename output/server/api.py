"""The routes of the REST API, made from its table of operations."""

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from output.server.catalogue import Catalogue
from output.server.media import Medium, choose
from output.server.openapi import description
from output.server.operations import OPERATIONS, Operation
from output.server.problems import ProblemError
from output.server.protocol import accepted, fields_of

_JSON = Medium("application/json", "json")
_OPENAPI = (Medium("application/json", "json"), Medium("application/vnd.oai.openapi+json", "json"))


def api_routes(catalogue: Catalogue) -> list[Route]:
    """Return a route for every operation, and that of the description."""
    return [
        *(Route(operation.path, endpoint(catalogue, operation), methods=["GET"]) for operation in OPERATIONS),
        Route("/openapi.json", _openapi, methods=["GET"]),
    ]


def endpoint(catalogue: Catalogue, operation: Operation) -> Any:
    """Return what answers the requests for an operation."""

    async def answer(request: Request) -> Response:
        _acceptable(request, _JSON)
        given = operation.read(request.path_params, fields_of(request.scope["query_string"]))
        found = await run_in_threadpool(operation.handler, catalogue, given)
        return _json(found)

    return answer


async def _openapi(request: Request) -> Response:
    from plankg import __version__

    _acceptable(request, *_OPENAPI)
    return _json(description(__version__))


def _acceptable(request: Request, *offers: Medium) -> None:
    if choose(accepted(request), offers) is None:
        raise ProblemError(406, f"this is given as {offers[0].type} only; the request's Accept excludes it")


def _json(value: object) -> Response:
    return Response(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), media_type="application/json")
