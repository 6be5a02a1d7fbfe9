"""A process that answers SPARQL queries over a read-only store, made to be killed.

It reads requests from standard input and writes replies to standard output, both as frames: the
length of a JSON head (four bytes, big-endian), the head, and after a reply's head `size` bytes of
answer. A larger answer stands in a file, named by `file`, that the reader removes.

Before the first request the process gives up what it never needs: it can open no socket (Linux),
write no core dump, take no more than `memory` bytes, and ends itself by an alarm when its parent
has not done so.
"""

import json
import os
import signal
import struct
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Variable,
    parse,
    serialize,
)

from extract.errors import QueryError
from graph.kept import KeptAnswers, asked
from graph.posing import posed
from graph.sparql import explain, refuse_service

INLINE = 1 << 20  # bytes of an answer that need no file
_GRACE = 5  # seconds that the parent has to kill a late worker before the alarm does

TABLE_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


class TooLargeError(Exception):
    """The answer is larger than allowed."""


class Sink:
    """Takes an answer's bytes: in memory at first, then in a file; TooLargeError beyond `limit` bytes."""

    def __init__(self, limit: int, folder: str) -> None:
        self._limit = limit
        self._spool = folder
        self._file: BinaryIO | None = None
        self._parts: list[bytes] = []
        self.size = 0
        self.full = False
        self.path = ""

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self.size += len(data)
        if self.size > self._limit:
            self.full = True
            raise TooLargeError
        if self._file is None and self.size > INLINE:
            handle, self.path = tempfile.mkstemp(dir=self._spool, prefix="answer-")
            self._file = os.fdopen(handle, "wb")
            self._file.writelines(self._parts)
            self._parts.clear()
        if self._file is None:
            self._parts.append(bytes(data))
        else:
            self._file.write(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing; `finish` writes what is left."""

    def finish(self) -> bytes:
        """Return the bytes that are not in the file."""
        if self._file is not None:
            self._file.close()
        return b"".join(self._parts)

    def discard(self) -> None:
        """Remove the file of an answer that is not wanted."""
        if self._file is not None:
            self._file.close()
            os.unlink(self.path)
            self.path = ""


class Answerer:
    """Answers requests over one store.

    `settings` are `store`, `prefixes`, `limit` (bytes) and `spool` (a folder); `ready`, the names (see
    `graph.kept.asked`) of the named questions' queries, and `answers`, the file of their kept answers, may be left out.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._store = Store.read_only(settings["store"])
        self._prefixes: dict[str, str] = settings["prefixes"]
        self._limit: int = settings["limit"]
        self._spool: str = settings["spool"]
        self._ready = frozenset(settings.get("ready", ()))
        self._answers = KeptAnswers(Path(settings["answers"])) if settings.get("answers") else None

    def answer(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Return a reply's head and bytes; see `graph.store.GraphStore.results` for what is refused.

        A request holds `query`, `default` and `named` (IRIs, or null for the store's own graphs),
        `table` and `graph`: the formats in which each kind of answer is wanted, or null for none;
        `bindings`: terms (see `read_term`) for variables that the query projects.
        """
        sink = Sink(self._limit, self._spool)
        try:
            kind = self._write(request, sink)
            body = sink.finish()
            return {"kind": kind, "size": len(body), "total": sink.size, "file": sink.path}, body
        except QueryError as error:
            head = {"error": "query", "detail": error.problem, "line": error.line, "column": error.column}
        except Exception as error:
            head = {"error": "failed", "detail": f"the query failed: {error}"}
        if sink.full:
            head = {"error": "large", "detail": ""}
        sink.discard()
        return head | {"size": 0}, b""

    def _write(self, request: dict[str, Any], sink: Sink) -> str:
        """Write the answer to the sink and return its format ("" if the format wanted cannot hold it)."""
        found = self._found(request)
        tabular = isinstance(found, QuerySolutions | QueryBoolean)
        kind: str = request["table" if tabular else "graph"] or ""
        output: Any = sink
        if not kind:
            return ""
        if isinstance(found, QuerySolutions | QueryBoolean):
            found.serialize(output, format=TABLE_FORMATS[kind])
        else:
            serialize(found, output, format=GRAPH_FORMATS[kind], prefixes=self._prefixes)
        return kind

    def _found(self, request: dict[str, Any]) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Return the store's lazy results, or a kept answer; QueryError when the query is wrong."""
        query, graphs = request["query"], (request["default"], request["named"])
        refuse_service(query)
        values = {name: read_term(text) for name, text in request.get("bindings", {}).items()}
        try:
            if graphs == (None, None) and asked(query, {}) in self._ready:
                planned = posed(query, values)
                kept = self._answers.find(planned, values) if self._answers else None
                if kept is not None:
                    return kept
                query = planned
            return self._store.query(
                query,
                prefixes=self._prefixes,
                default_graph=_nodes(graphs[0]),
                named_graphs=_nodes(graphs[1]),
                substitutions={Variable(name): term for name, term in values.items()},
            )
        except SyntaxError as error:
            raise explain(error, query) from error


def _nodes(iris: list[str] | None) -> list[Any] | None:  # any: lists of subclasses are no subclasses
    return None if iris is None else [NamedNode(iri) for iri in iris]


def read_term(text: str) -> NamedNode | Literal:
    """Return the IRI or literal that a text is in N-Triples' notation; ValueError when it is anything else.

    >>> read_term('"a"@zh').value
    'a'
    """
    try:
        found = list(parse(f"<x:s> <x:p> {text} .", format=RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise ValueError(str(error)) from error
    if len(found) == 1 and isinstance(found[0].object, NamedNode | Literal):
        return found[0].object
    raise ValueError(f"{text[:100]!r} is not one IRI or literal")


def main(settings: dict[str, Any]) -> None:
    """Answer requests from standard input until it ends."""
    from output.server.confinement import confine

    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not speak into the replies
    answerer = Answerer(settings)
    confined = confine(settings["memory"])
    _send(replies, {"ready": True, "confined": confined, "size": 0}, b"")
    while request := read_frame(requests):
        _alarm(int(request["seconds"]) + _GRACE)
        head, body = answerer.answer(request)
        _alarm(0)
        _send(replies, head, body)


def _alarm(seconds: int) -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def read_frame(stream: BinaryIO) -> dict[str, Any] | None:
    """Return the next head; None when the stream has ended."""
    start = stream.read(4)
    if len(start) < 4:
        return None
    head: dict[str, Any] = json.loads(stream.read(struct.unpack(">I", start)[0]))
    return head


def frame(head: dict[str, Any]) -> bytes:
    """Return a head with its length before it."""
    data = json.dumps(head).encode()
    return struct.pack(">I", len(data)) + data


def _send(stream: BinaryIO, head: dict[str, Any], body: bytes) -> None:
    stream.write(frame(head))
    stream.write(body)
    stream.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends its workers
    main(json.loads(sys.argv[1]))
