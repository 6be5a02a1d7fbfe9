"""A small graph store over real sockets: pyoxigraph behind the Graph Store HTTP Protocol."""

import base64
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

PATH = "/plans/data"
_MEDIA = {"text/turtle": RdfFormat.TURTLE, "application/n-triples": RdfFormat.N_TRIPLES}
_QUADS = "application/n-quads"


@dataclass
class GraphStore:
    """The store, its URL, the requests it saw, and the user that it lets in (any, if None)."""

    url: str
    store: Store = field(default_factory=Store)
    seen: list[str] = field(default_factory=list)
    user: tuple[str, str] | None = None

    def count(self, graph: str | None = None) -> int:
        """Return how many triples a graph holds; None is the default graph."""
        name = DefaultGraph() if graph is None else NamedNode(graph)
        return len(list(self.store.quads_for_pattern(None, None, None, name)))


@contextmanager
def running_store(port: int = 0) -> Iterator[GraphStore]:
    """Run a store on this machine's own address for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _Handler)
    server.daemon_threads = False
    server.graphs = GraphStore(f"http://127.0.0.1:{server.server_port}{PATH}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield server.graphs  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(200 if self._let_in() else 401)

    def do_PUT(self) -> None:
        self._take()

    def do_POST(self) -> None:
        self._take()

    def _let_in(self) -> bool:
        graphs: GraphStore = self.server.graphs  # type: ignore[attr-defined]
        if graphs.user is None:
            return True
        login = base64.b64encode(":".join(graphs.user).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {login}"

    def _take(self) -> None:
        graphs: GraphStore = self.server.graphs  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"]))
        graphs.seen.append(f"{self.command} {self.path} {self.headers['Content-Type']} {len(body)}")
        parts = urlsplit(self.path)
        query = parse_qs(parts.query, keep_blank_values=True)
        media = self.headers["Content-Type"]
        if not self._let_in():
            return self._answer(401)
        if parts.path != PATH:
            return self._answer(404)
        if media == _QUADS and not query:
            graphs.store.load(body, format=RdfFormat.N_QUADS)
            return self._answer(204)
        if media not in _MEDIA or len(query) != 1:
            return self._answer(415 if media not in _MEDIA else 400)
        graph = NamedNode(query["graph"][0]) if "graph" in query else DefaultGraph()
        if self.command == "PUT":
            graphs.store.clear_graph(graph)
        graphs.store.load(body, format=_MEDIA[media], to_graph=graph)
        return self._answer(201 if self.command == "PUT" else 204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="plans"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""
