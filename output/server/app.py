"""The application: its routes, put together."""

import contextlib
import tempfile
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.querycheck import USUAL
from graph.rdf import prefixes
from output.server.api import api_routes
from output.server.catalogue import Catalogue
from output.server.explorer import Explorer
from output.server.guard import Guard
from output.server.known import known_routes
from output.server.pages import page_routes
from output.server.pool import Limits, Pool
from output.server.prepared import Prepared, StoredGraph, ready
from output.server.problems import ProblemError
from output.server.protocol import Endpoint
from output.server.resources import Resources, resource_routes


@dataclass(frozen=True, slots=True)
class Options:
    """How the server behaves: where it listens, for whom, and what one query may take."""

    host: str = "127.0.0.1"
    names: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    body: int = 1 << 20
    body_seconds: float = 10.0


def application(made: Prepared, options: Options) -> Starlette:
    """Return the ASGI application over prepared files; its lifespan starts and ends the workers."""
    spool = tempfile.TemporaryDirectory(prefix="plankg-answers-")
    known = {**USUAL, **prefixes(made.base)}
    settings = {"store": str(made.store), "prefixes": known, "spool": spool.name, **ready(made)}
    pool = Pool(settings, options.workers, options.limits)
    endpoint = Endpoint(pool, options.body, options.body_seconds)
    catalogue = Catalogue(made.index, made.names, made.base)
    store = StoredGraph(made.store, made.base)
    store.labels = catalogue.labels
    resources = Resources(store.triples, made.base)
    explorer = Explorer(catalogue, store.triples, made.texts)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with spool:
            try:
                await pool.start()
                yield
            finally:
                await pool.close()
                catalogue.db.close()

    app = Starlette(
        routes=[
            *_sparql(endpoint),
            *api_routes(catalogue),
            *resource_routes(resources),
            *known_routes(store),
            *page_routes(resources, explorer, made.page),
        ],
        middleware=_middleware(options),
        exception_handlers={ProblemError: _problem, HTTPException: _http, Exception: _unforeseen},
        lifespan=lifespan,
    )
    app.state.prepared = made
    app.state.pool = pool
    return app


def _sparql(endpoint: Endpoint) -> list[Route]:
    async def sparql(request: Request) -> Response:
        return await endpoint(request)

    return [Route("/sparql", sparql, methods=["GET", "POST"])]


def _middleware(options: Options) -> Sequence[Middleware]:
    found = [Middleware(Guard, host=options.host, names=options.names, origins=options.origins)]
    if options.origins:
        found.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(options.origins),
                allow_methods=["GET", "POST", "HEAD"],
                allow_headers=["Accept", "Content-Type"],
            )
        )
    return found


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response()


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = error.detail
    if error.status_code == HTTPStatus.NOT_FOUND:
        detail = "there is no such page; / is the explorer, /query the query page, /openapi.json describes the API"
    elif error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        detail = f"{request.method} is not allowed here; the server is read-only"
    return ProblemError(error.status_code, detail, headers=error.headers).response()


async def _unforeseen(request: Request, error: Exception) -> Response:
    return ProblemError(500, "this should not have happened; the server goes on").response()
