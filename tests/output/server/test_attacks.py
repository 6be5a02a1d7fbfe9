"""Attacks on the server: each ends in the right status, the server lives, and nothing leaves the machine."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest

from tests.cli import ROOT
from tests.output.server.conftest import PATIENCE, Running

DIRECT = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
COUNT = "SELECT (COUNT(*) AS ?n)"
TRAP = "http://127.0.0.1:TRAP/"


@dataclass(frozen=True)
class Attack:
    """A request, and the statuses in which it may end; TRAP stands for the port of a socket that must stay silent."""

    name: str
    statuses: tuple[int, ...]
    query: str = ""
    path: str = "/sparql"
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=lambda: DIRECT)
    body: bytes | None = None
    absent: str = "root:x:"


def get(name: str, status: int, path: str, headers: dict[str, str] | None = None, absent: str = "root:x:") -> Attack:
    return Attack(name, (status,), "", path, "GET", headers or {}, None, absent)


# Where two statuses stand, the machine's speed decides: 503 late, 400 out of stack or memory.
ATTACKS = [
    Attack("update", (400,), "INSERT DATA { <http://x/a> <http://x/b> 1 }"),
    Attack("update behind a comment", (400,), "# SELECT * {}\nDROP ALL"),
    Attack("update behind a prefix", (400,), "PREFIX SELECT: <http://x/> CLEAR ALL"),
    Attack("update behind a query", (400,), "SELECT * {} ; DROP ALL"),
    Attack("update in a form", (400,), headers=FORM, body=b"update=DROP+ALL"),
    Attack("update beside a query", (400,), headers=FORM, body=b"query=ASK%7B%7D&update=DROP+ALL"),
    Attack("update as a query's field", (400,), headers=FORM, body=b"query=DROP+ALL"),
    Attack("update by its type", (415,), "DROP ALL", headers={"Content-Type": "application/sparql-update"}),
    get("update by GET", 400, "/sparql?update=DROP%20ALL"),
    Attack("load", (400,), f"LOAD <{TRAP}>"),
    Attack("load a file", (400,), "LOAD <file:///etc/passwd>"),
    Attack("service", (400,), f"SELECT * {{ SERVICE <{TRAP}> {{ ?s ?p ?o }} }}"),
    Attack("silent service", (400,), f"SELECT * {{ SERVICE SILENT <{TRAP}> {{ ?s ?p ?o }} }}"),
    Attack("service by a variable", (400,), f"SELECT * {{ VALUES ?u {{ <{TRAP}> }} SERVICE ?u {{ ?s ?p ?o }} }}"),
    Attack("service by a prefix", (400,), f"PREFIX x: <{TRAP}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}"),
    Attack("service behind a comment", (400,), f"SELECT * {{ SERVICE #\n<{TRAP}> {{ ?s ?p ?o }} }}"),
    Attack("service in escapes", (400,), f"SELECT * {{ \\u0053ERVICE <{TRAP}> {{ ?s ?p ?o }} }}"),
    Attack("service to link-local", (400,), "SELECT * { SERVICE <http://169.254.169.254/latest/> { ?s ?p ?o } }"),
    Attack("service to IPv6 loopback", (400,), "SELECT * { SERVICE <http://[::1]:TRAP/> { ?s ?p ?o } }"),
    Attack("from a host", (200,), f"SELECT * FROM <{TRAP}> {{ ?s ?p ?o }}"),
    Attack("from a file", (200,), "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"),
    Attack("deep groups", (400,), "SELECT * " + "{" * 40_000 + "}" * 40_000),
    Attack("deep brackets", (200, 400, 503), "SELECT * { FILTER(" + "(" * 20_000 + "1" + ")" * 20_000 + ") }"),
    Attack("deep negation", (200, 400, 503), "SELECT * { FILTER(" + "!" * 60_000 + "true) }"),
    Attack("deep path", (200, 400, 503), "SELECT * { ?s " + "^(" * 10_000 + "a" + ")" * 10_000 + " ?o }"),
    Attack("long sum", (200, 400, 503), "SELECT (" + "1+" * 50_000 + "1 AS ?n) {}"),
    Attack("huge VALUES", (200, 503), f"{COUNT} {{ VALUES ?x {{ " + "1 " * 200_000 + "} }"),
    Attack("cartesian product", (503,), f"{COUNT} {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"),
    Attack("sorted product", (400, 503), "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?i ?h"),
    Attack("grouped product", (400, 503), "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"),
    Attack("path bomb", (200, 503), f"{COUNT} {{ ?a (a|!a)* ?b . ?b (a|!a)* ?c . ?c (a|!a)* ?d }}"),
    Attack("regex bomb", (200,), 'SELECT * { FILTER(REGEX("' + "a" * 5000 + '", "(a*)*b")) }'),
    Attack("regex too large", (200, 400), 'SELECT * { FILTER(REGEX("a", "(((a{900}){900}){900}){900}")) }'),
    Attack(
        "text that grows",
        (200, 400, 503),
        'SELECT (STRLEN(?z) AS ?n) { BIND("aaaaaaaaaa" AS ?a0) '
        + " ".join(f'BIND(REPLACE(?{"a0" if i == 0 else f"b{i}"}, "a", "aaaaaaaaaa") AS ?b{i + 1})' for i in range(11))
        + " BIND(?b11 AS ?z) }",
    ),
    Attack("query of another encoding", (400,), body="SELECT * {}".encode("utf-16")),
    Attack("query that is no text", (400,), body=bytes(range(256))),
    Attack("field of another encoding", (400,), headers=FORM, body=b"query=%ff%fe"),
    Attack("zero byte", (400,), "SELECT * {} \0"),
    Attack("too many fields", (400,), headers=FORM, body=b"a=b&" * 5000),
    Attack("too large", (413,), "SELECT * {}" + " " * (1 << 20)),
    Attack("header in a dataset", (400,), headers=FORM, body=b"query=ASK%7B%7D&default-graph-uri=http://x/%0d%0aX:%20y"),
    get("path out of the folder", 404, "/id/../../../../etc/passwd"),
    get("path out, encoded", 404, "/id/%2e%2e%2f%2e%2e%2fetc%2fpasswd"),
    get("path out, twice encoded", 404, "/id/%252e%252e%252fetc%252fpasswd"),
    get("path out of data", 404, "/data/..%2f..%2f..%2fetc/passwd.ttl"),
    get("path out of static", 404, "/static/../pages.py"),
    get("path that is no text", 400, "/id/%ff"),
    get("header in a path", 404, "/id/x%0d%0aSet-Cookie:%20a=b", absent="Set-Cookie: "),
    get("header in a file name", 404, "/data/x%0aLocation:%20http:%2f%2fx.ttl"),
    get("markup in a query", 400, "/sparql?query=" + quote("<script>alert(1)</script>"), {"Accept": "text/html,*/*"}),
    get("markup in a path", 404, "/page/%3Cscript%3Ealert(1)%3C%2Fscript%3E", {"Accept": "text/html"}),
    get("markup in a parameter", 400, "/api/claims?status=%3Cscript%3E", {"Accept": "text/html,*/*"}),
    get("SQL in a parameter", 404, "/api/claims?subject=" + quote("' OR 1=1 --")),
    get("SQL in a search", 200, "/api/search?q=" + quote("\"*\" OR NEAR(1) 'a'; DROP TABLE claims")),
    get("foreign host", 421, "/sparql?query=ASK%7B%7D", {"Host": "evil.example"}),
    get("foreign host with port", 421, "/", {"Host": "evil.example:80"}),
    get("address of another network", 421, "/", {"Host": "192.168.1.1"}),
    get("host that is none", 400, "/", {"Host": "a b"}),
    get("host with credentials", 400, "/", {"Host": "127.0.0.1@evil.example"}),
    get("foreign page", 403, "/sparql?query=ASK%7B%7D", {"Origin": "https://evil.example"}),
    get("foreign null page", 403, "/api/claims", {"Origin": "null"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def trap() -> Iterator[socket.socket]:
    """A socket that nobody may connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.01)
        yield listening


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: a.name)
def test_an_attack_ends_in_the_right_status(server: Running, trap: socket.socket, attack: Attack) -> None:
    port = str(trap.getsockname()[1])
    body = attack.body if attack.body is not None else attack.query.replace("TRAP", port).encode() or None
    found = server.ask(attack.path, attack.method, body, attack.headers)
    assert found.status in attack.statuses, found.text[:500]
    assert attack.absent not in found.text
    assert "set-cookie" not in found.headers
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in found.headers["content-security-policy"]
    if found.status >= 400:
        assert found.type == "application/problem+json"
        assert json.loads(found.body)["status"] == found.status
        assert ("retry-after" in found.headers) == (found.status == 503)
    assert server.alive()
    with pytest.raises(TimeoutError):
        trap.accept()


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 50
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


_RAW = ("slow body", "slow head", "silence", "no host", "two hosts", "negative length", "long head", "TLS", "chunks")


def raw(server: Running, data: bytes) -> bytes:
    """Send bytes and return all that comes until the server closes the connection."""
    with socket.create_connection(server.authority, timeout=PATIENCE) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


@pytest.mark.parametrize(("data", "status"), [
    (b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
     b"Content-Length: 100\r\n\r\nSELECT", b" 408 "),
    (b"GET /sparql HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b""),
    (b"", b""),
    (b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", b" 400 "),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b" 400 "),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\nConnection: close\r\n\r\n", b" 400 "),
    (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 200_000 + b"\r\n\r\n", b" 400 "),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b" 400 "),
    (b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
     b"Transfer-Encoding: chunked\r\n\r\n" + (b"10000\r\n" + b" " * 65536 + b"\r\n") * 17 + b"0\r\n\r\n", b" 413 "),
], ids=_RAW)  # fmt: skip
def test_what_is_no_proper_http_ends_too(server: Running, data: bytes, status: bytes) -> None:
    try:
        answer = raw(server, data)
    except ConnectionError:  # closed with bytes of ours unread
        answer = status
    assert answer.split(b"\r\n")[0].find(status) >= 0, answer[:200]
    assert (answer == b"") == (status == b"")
    assert server.alive()


def test_a_client_that_leaves_takes_its_query_along(server: Running) -> None:
    query = quote(f"{COUNT} {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}")
    for _ in range(4):  # more than there are workers
        with socket.create_connection(server.authority, timeout=PATIENCE) as connection:
            connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert server.alive()


def test_the_kernel_refuses_a_worker_every_socket() -> None:
    code = (
        "import socket\nfrom output.server.confinement import confine\nassert confine(1 << 31)\n"
        "for make in (socket.socket, socket.socketpair):\n"
        "    try: make()\n    except PermissionError: print('refused')\n"
        "    else: print('opened')\n"
        "try: bytearray(1 << 32)\nexcept MemoryError: print('no memory')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE)
    assert done.stdout.split("\n") == ["refused", "refused", "no memory", ""], done.stderr
