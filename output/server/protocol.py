"""The SPARQL 1.1 Protocol's query operation: GET, POST of a form, POST of the query itself.

https://www.w3.org/TR/sparql11-protocol/#query-operation. Updates are no operation of this server.
"""

import asyncio
import contextlib
import math
import re
from collections.abc import AsyncIterator
from typing import BinaryIO
from urllib.parse import parse_qsl

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from output.server.media import GRAPHS, HTML, TABLES, Medium, choose
from output.server.pool import BusyError, CrashedError, LateError, Pool, Reply
from output.server.problems import ProblemError
from output.server.worker import read_term

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
_MOST_FIELDS = 1000
_DRAINED = 8  # times the longest body that is still read to its end, though refused
_CHUNK = 1 << 18


class Endpoint:
    """The endpoint over a pool of workers. A request's body has `longest` bytes at most and `seconds` to arrive."""

    def __init__(self, pool: Pool, longest: int = 1 << 20, seconds: float = 10.0) -> None:
        self._pool = pool
        self._longest = longest
        self._seconds = seconds

    async def __call__(self, request: Request) -> Response:
        """Return the answer to a protocol request; ProblemError when there is none."""
        fields = fields_of(request.scope["query_string"])
        if request.method == "POST":
            fields += await self._posted(request)
        given = _Fields(fields)
        if given.has("update"):
            raise ProblemError(400, "this endpoint is read-only: it takes no update")
        query = given.one("query")
        if query is None:
            if request.method == "POST":
                raise ProblemError(400, "the request holds no query; give one in the field `query`")
            return _nothing_asked(request)
        default, named = given.iris("default-graph-uri"), given.iris("named-graph-uri")
        return await self._answer(request, query, default, named, given.bindings())

    async def _answer(
        self, request: Request, query: str, default: list[str], named: list[str], bindings: dict[str, str]
    ) -> Response:
        """Return the answer to a query in the media type that the request wants."""
        accept = accepted(request)
        table, graph = choose(accept, TABLES), choose(accept, GRAPHS)
        if table is None and graph is None:
            raise _not_acceptable("")
        dataset = bool(default or named)  # of the protocol: stands before the query's own (section 2.1.4)
        reply = await self.reply(
            request,
            {
                "query": query,
                "default": default if dataset else None,
                "named": named if dataset else None,
                "table": table.kind if table else None,
                "graph": graph.kind if graph else None,
                "bindings": bindings,
            },
        )
        medium = next((m for m in (table, graph) if m and m.kind == reply.head["kind"]), None)
        if medium is None:
            raise _not_acceptable("; the query's answer is " + ("triples" if table else "a table"))
        return _response(reply, medium)

    async def reply(self, request: Request, asked: dict[str, object]) -> Reply:
        """Return a worker's reply; a client that has gone away takes the query with it."""
        running = asyncio.ensure_future(self._pool.run(asked))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                raise ProblemError(400, "the client has gone away")
            return _checked(running.result())
        except LateError as error:
            raise self._later(f"{error}; ask for less, or add LIMIT") from error
        except BusyError as error:
            raise self._later(str(error)) from error
        except CrashedError as error:
            raise ProblemError(400, str(error)) from error
        finally:
            for task in (running, gone):
                task.cancel()
            with contextlib.suppress(BaseException):
                await asyncio.gather(running, gone, return_exceptions=True)

    def _later(self, detail: str) -> ProblemError:
        return ProblemError(503, detail, headers={"Retry-After": str(math.ceil(self._pool.limits.seconds))})

    async def _posted(self, request: Request) -> list[tuple[str, str]]:
        type, charset = _content_type(request)
        if type not in (FORM, DIRECT):
            raise ProblemError(
                415,
                f"POST takes {FORM} or {DIRECT}, not {type or 'a body without Content-Type'}",
                headers={"Accept-Post": f"{FORM}, {DIRECT}"},
            )
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise ProblemError(415, "send the body as it is, not compressed", headers={"Accept-Encoding": "identity"})
        if charset not in ("", "utf-8", "utf8", "us-ascii"):
            raise ProblemError(415, f"send the body in UTF-8, not in {charset}")
        body = await self.body(request)
        if type == FORM:
            return fields_of(body)
        return [("query", _decoded(body))]

    async def body(self, request: Request) -> bytes:
        """Return the request's body; ProblemError when it is too large or does not come."""
        told = request.headers.get("content-length", "")
        most = _DRAINED * self._longest  # a client that is cut off while it sends may never read why
        if told.isdecimal() and int(told) > most:
            raise self._oversize()
        parts: list[bytes] = []
        size = 0
        try:
            async with asyncio.timeout(self._seconds):
                async for part in request.stream():
                    size += len(part)
                    if size > most:
                        raise self._oversize()
                    if size <= self._longest:
                        parts.append(part)
        except TimeoutError:
            raise ProblemError(
                408, f"the body did not arrive within {self._seconds:g} seconds", headers={"Connection": "close"}
            ) from None
        if size > self._longest:
            raise self._oversize()
        return b"".join(parts)

    def _oversize(self) -> ProblemError:
        return ProblemError(413, f"a query may have {self._longest >> 10} KiB at most", headers={"Connection": "close"})


class _Fields:
    """The fields of a request; those that are not known are ignored, as the protocol has it."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self._fields = fields

    def has(self, name: str) -> bool:
        return any(key == name for key, _ in self._fields)

    def one(self, name: str) -> str | None:
        found = [value for key, value in self._fields if key == name]
        if len(found) > 1:
            raise ProblemError(400, f"the request holds {len(found)} fields `{name}`; give one")
        return found[0] if found else None

    def bindings(self) -> dict[str, str]:
        """Return the terms of fields such as `$district`, our one addition (other servers know it, too)."""
        found = {key[1:]: value for key, value in self._fields if key.startswith("$")}
        for name, text in found.items():
            if not re.fullmatch(r"\w{1,100}", name, re.ASCII):
                raise ProblemError(400, f"`${name[:100]}` names no variable")
            try:
                read_term(text)
            except ValueError as error:
                raise ProblemError(400, f'`${name}` takes a term such as <http://…> or "…"@zh: {error}') from None
        return found

    def iris(self, name: str) -> list[str]:
        found = [value for key, value in self._fields if key == name]
        for iri in found:
            try:
                NamedNode(iri)
            except ValueError:
                raise ProblemError(400, f"`{name}` is no absolute IRI: {iri[:200]!r}") from None
        return found


def accepted(request: Request) -> str | None:
    """Return the Accept headers of a request as one; None if there is none."""
    found = request.headers.getlist("accept")
    return ", ".join(found) if found else None


def fields_of(encoded: bytes) -> list[tuple[str, str]]:
    """Return the fields of a query string or a form, strictly UTF-8; ProblemError (400)."""
    try:
        text = encoded.decode("utf-8")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise ProblemError(400, f"the fields are not UTF-8: {error.reason} at byte {error.start}") from error
    except ValueError as error:
        raise ProblemError(400, f"the fields cannot be read: {error}") from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProblemError(400, f"the query is not UTF-8: {error.reason} at byte {error.start}") from error


def _content_type(request: Request) -> tuple[str, str]:
    type, *parameters = request.headers.get("content-type", "").split(";")
    for parameter in parameters:
        name, _, value = parameter.strip().partition("=")
        if name.lower() == "charset":
            return type.strip().lower(), value.strip().strip('"').lower()
    return type.strip().lower(), ""


def _nothing_asked(request: Request) -> Response:
    """Return the service description, or for people the query page."""
    offered = choose(accepted(request), (*GRAPHS, HTML))
    if offered is None:
        raise _not_acceptable("")
    if offered is HTML:
        return RedirectResponse("/query", 303, headers={"Vary": "Accept"})
    from output.server.description import described

    return Response(described(request, offered.kind), headers={"Content-Type": offered.header, "Vary": "Accept"})


def _not_acceptable(why: str) -> ProblemError:
    types = ", ".join(dict.fromkeys(medium.type for medium in (*TABLES, *GRAPHS)))
    return ProblemError(406, f"none of the types that Accept names can be given{why}; there are: {types}")


async def _gone(request: Request) -> None:
    """Return when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _checked(reply: Reply) -> Reply:
    match reply.head.get("error"):
        case "query":
            places = {k: reply.head[k] for k in ("line", "column") if reply.head[k]}
            raise ProblemError(400, reply.head["detail"], **places)
        case "large":
            raise ProblemError(400, "the answer is larger than this server gives; add LIMIT and OFFSET, or select less")
        case "failed":
            raise ProblemError(400, reply.head["detail"])
    return reply


def _response(reply: Reply, medium: Medium) -> Response:
    headers = {"Content-Type": medium.header, "Vary": "Accept"}
    if reply.file is None:
        return Response(reply.body, headers=headers)
    file = reply.file.open("rb")
    reply.file.unlink()  # it lives as long as it is open
    return StreamingResponse(_streamed(file), headers=headers | {"Content-Length": str(reply.head["total"])})


async def _streamed(file: BinaryIO) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
