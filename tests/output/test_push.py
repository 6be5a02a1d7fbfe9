"""Graphs sent to stores: to Virtuoso, to a store of the test's own, and to servers that misbehave."""

import gzip
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import Store

from extract.errors import PlankgError
from graph.rdf import quads, statements
from output.digest_auth import digest_answer
from output.push import Login, push, pushed_files
from output.rdffiles import write_nquads, write_ntriples
from output.turtle import write_turtle
from tests.cli import command
from tests.graph.sample import sample
from tests.store import GraphStore, running_store

Capture = pytest.CaptureFixture[str]
TRIPLES = len(statements(sample()))
PATIENCE = 400  # seconds: a loaded machine is slow, not broken


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody is logged in unless a test says so."""
    monkeypatch.delenv("PLANKG_USER", raising=False)
    monkeypatch.delenv("PLANKG_PASSWORD", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))


@pytest.fixture(scope="module")
def turtle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("push") / "graph.ttl"
    write_turtle(sample(), path)
    return path


@pytest.fixture
def store() -> Iterator[GraphStore]:
    with running_store() as found:
        yield found


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


# Virtuoso, whose graph store wants a password by digest.


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh Virtuoso server (Debian: virtuoso-opensource-7-bin; `make test` installs it)."""
    binary = shutil.which("virtuoso-t")
    assert binary, "virtuoso-t is not installed; run make test"
    folder, sql, web = tmp_path_factory.mktemp("virtuoso"), free_port(), free_port()
    files = {"DatabaseFile": "v.db", "ErrorLogFile": "v.log", "LockFile": "v.lck", "TransactionFile": "v.trx"}
    sections = {
        "Database": files | {"xa_persistent_file": "v.pxa"},
        "TempDatabase": {"DatabaseFile": "t.db", "TransactionFile": "t.trx"},
        "Parameters": {"ServerPort": f"127.0.0.1:{sql}", "ServerThreads": 10, "NumberOfBuffers": 2000},
        "HTTPServer": {"ServerPort": f"127.0.0.1:{web}", "ServerThreads": 5},
    }
    text = "".join(f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in rows.items()) for name, rows in sections.items())
    (folder / "v.ini").write_text(text, encoding="utf-8")
    server = subprocess.Popen(
        [binary, "-f", "+configfile", "v.ini"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + PATIENCE
        while not _listens(web):
            assert server.poll() is None, (folder / "v.log").read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.2)
        yield f"http://127.0.0.1:{web}"
    finally:
        server.kill()
        server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def stored(virtuoso: str, graph: str) -> int:
    sparql = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
    url = f"{virtuoso}/sparql?query={quote(sparql)}&format={quote('application/sparql-results+json')}"
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])


def test_virtuoso_takes_a_graph_and_replaces_it(
    virtuoso: str, turtle: Path, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANKG_USER", "dba")
    monkeypatch.setenv("PLANKG_PASSWORD", "dba")
    url, graph = f"{virtuoso}/sparql-graph-crud-auth", "https://example.org/规划"
    done = command(capfd, "push", url, turtle, "--graph", graph)
    assert (done.code, done.err) == (0, "")
    assert f"graph.ttl: {turtle.stat().st_size:,} bytes sent; the store answered 201 Created" in done.out
    assert stored(virtuoso, graph) == TRIPLES
    one = tmp_path / "one.nt"
    one.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    assert command(capfd, "push", url, one, "--graph", graph).code == 0
    assert stored(virtuoso, graph) == TRIPLES + 1
    assert command(capfd, "push", url, one, "--graph", graph, "--replace").code == 0
    assert stored(virtuoso, graph) == 1


def test_what_virtuoso_refuses_is_told_as_it_said_it(
    virtuoso: str, turtle: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, graph = f"{virtuoso}/sparql-graph-crud-auth", "urn:refused"
    done = command(capfd, "push", url, turtle, "--graph", graph)
    assert done.code == 1
    assert "answered 401 Unauthorized; it wants a name and password: set PLANKG_USER" in done.complaint
    monkeypatch.setenv("PLANKG_USER", "dba")
    monkeypatch.setenv("PLANKG_PASSWORD", "wrong")
    done = command(capfd, "push", url, turtle, "--graph", graph)
    assert "answered 401 Unauthorized; the name or password is wrong" in done.complaint
    monkeypatch.setenv("PLANKG_PASSWORD", "dba")
    done = command(capfd, "push", url, turtle)
    assert "answered 500" in done.complaint
    assert "not configured to have default graph" in done.complaint
    done = command(capfd, "push", f"{virtuoso}/nowhere", turtle, "--graph", graph)
    assert "answered 404" in done.complaint
    assert "check the URL" in done.complaint
    assert stored(virtuoso, graph) == 0


def test_the_digest_is_that_of_the_specification() -> None:
    """RFC 2617, 3.5; without `qop`, RFC 2069, 2.4."""
    challenge = 'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    found = digest_answer(challenge, "GET", "/dir/index.html", "Mufasa", "Circle Of Life", nonce="0a4f113b")
    assert 'response="6629fae49393a05397450978507c4ef1"' in found
    old = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc"'
    found = digest_answer(old, "GET", "/dir/index.html", "Mufasa", "Circle Of Life")
    assert 'response="670fd8c2df070c60b045671b8b24ff02"' in found
    assert 'opaque="5ccc"' in found
    with pytest.raises(PlankgError, match="in a way that is not known here"):
        digest_answer('Digest nonce="1", algorithm=SHA-512', "GET", "/", "a", "b")


# A store that has a default graph, and takes N-Quads.


def test_the_default_graph_is_added_to_or_replaced(store: GraphStore, turtle: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.nt"
    one.write_text("<urn:a> <urn:b> <urn:c> .\n", encoding="utf-8")
    (answer,) = push(store.url, [turtle])
    assert (answer.status, answer.sent) == (204, turtle.stat().st_size)
    push(store.url, [one])
    assert store.count() == TRIPLES + 1
    (answer,) = push(store.url, [one], replace=True)
    assert answer.status == 201
    assert store.count() == 1
    assert [line.split()[0] for line in store.seen] == ["POST", "POST", "PUT"]
    assert all(" /plans/data?default " in line for line in store.seen)


def pieces(path: Path, folder: Path) -> Path:
    """Cut a file of lines into two compressed ones, as a build on Spark writes them; return the folder above."""
    lines = path.read_bytes().splitlines(keepends=True)
    half = len(lines) // 2
    folder.mkdir(parents=True)
    for number, piece in enumerate((lines[:half], lines[half:])):
        (folder / f"part-{number:05}{path.suffix}.gz").write_bytes(gzip.compress(b"".join(piece)))
    return folder.parent


def test_a_build_on_spark_is_sent_piece_by_piece(store: GraphStore, tmp_path: Path, capfd: Capture) -> None:
    write_ntriples(sample(), tmp_path / "all.nt")
    out = pieces(tmp_path / "all.nt", tmp_path / "out" / "ntriples")
    for _ in range(2):
        done = command(capfd, "push", store.url, out, "--graph", "urn:g", "--replace")
        assert (done.code, done.err, done.out.count("bytes sent; the store answered")) == (0, "", 2)
        assert (store.count("urn:g"), store.count()) == (TRIPLES, 0)
    assert [line.split()[0] for line in store.seen] == ["PUT", "POST"] * 2


def test_quads_go_into_the_graphs_that_they_name(store: GraphStore, tmp_path: Path) -> None:
    kg = sample()
    write_nquads(kg, tmp_path / "all.nq")
    files = sorted((pieces(tmp_path / "all.nq", tmp_path / "out" / "nquads") / "nquads").iterdir())
    assert [answer.status for answer in push(store.url, files)] == [204, 204]
    whole = Store()
    whole.extend(quads(kg))  # a store keeps the value of a decimal, not how it is written
    assert set(store.store) == set(whole)
    assert [line.split()[:3] for line in store.seen] == [["POST", "/plans/data", "application/n-quads"]] * 2
    with pytest.raises(PlankgError, match="would empty the whole store"):
        push(store.url, files, replace=True)
    with pytest.raises(PlankgError, match="name their graphs themselves"):
        push(store.url, files, graph="urn:g")


def test_the_login_of_netrc_is_used(
    store: GraphStore, turtle: Path, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.user = ("某人", "geheim:1")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login 某人 password geheim:1\n", encoding="utf-8")
    (tmp_path / "netrc").chmod(0o600)
    assert command(capfd, "push", store.url, turtle).code == 0
    monkeypatch.setenv("PLANKG_USER", "anybody")
    assert "set both PLANKG_USER and PLANKG_PASSWORD" in command(capfd, "push", store.url, turtle).complaint
    monkeypatch.setenv("PLANKG_PASSWORD", "guess")
    assert "401 Unauthorized; the name or password is wrong" in command(capfd, "push", store.url, turtle).complaint
    assert store.count() == TRIPLES
    (tmp_path / "netrc").write_text("machine 127.0.0.1 oops\n", encoding="utf-8")
    with pytest.raises(PlankgError, match=r"netrc, line \d"):
        Login.of("127.0.0.1", {"NETRC": str(tmp_path / "netrc")})


# Servers that misbehave.


@contextmanager
def answering(reply: bytes, read: int) -> Iterator[str]:
    """Run a server that reads so many bytes (0: only the head), says `reply`, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            client, _ = server.accept()
            with client:
                got = client.recv(1 << 16)
                while read and len(got) < read and (more := client.recv(1 << 16)):
                    got += more
                client.sendall(reply)
                client.shutdown(socket.SHUT_WR)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/data"
        thread.join()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than what sockets hold on their way."""
    path = tmp_path_factory.mktemp("large") / "large.nt"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n" * 1_000_000, encoding="utf-8")
    return path


def test_a_connection_that_breaks_off_is_no_success(large: Path, capfd: Capture) -> None:
    with answering(b"", read=1_000_000) as url:
        done = command(capfd, "push", url, large)
    assert (done.code, done.out) == (1, "")
    assert "broke off the connection and gave no answer; what it stored of large.nt is unknown" in done.complaint


def test_half_an_answer_is_no_success(turtle: Path, capfd: Capture) -> None:
    with answering(b"HTTP/1.1 2", read=turtle.stat().st_size) as url:
        done = command(capfd, "push", url, turtle)
    assert (done.code, done.out) == (1, "")
    assert "gave no answer" in done.complaint


def test_a_redirect_is_not_followed(turtle: Path) -> None:
    reply = b"HTTP/1.1 308 Permanent Redirect\r\nLocation: https://other.example/data\r\nContent-Length: 0\r\n\r\n"
    with (
        answering(reply, read=turtle.stat().st_size) as url,
        pytest.raises(PlankgError, match=r"308 Permanent Redirect; it points to https://other\.example/data"),
    ):
        push(url, [turtle])


def test_what_a_server_says_cannot_steer_the_terminal(turtle: Path, capfd: Capture) -> None:
    reply = b"HTTP/1.1 400 Bad\x1b[2J\r\nContent-Length: 24\r\n\r\n<h1>no\x1b[31m\r\n\r\nway</h1>"
    with answering(reply, read=turtle.stat().st_size) as url:
        done = command(capfd, "push", url, turtle)
    assert "answered 400 Bad" in done.complaint
    assert "\x1b" not in done.err


def test_pieces_that_were_taken_before_a_failure_are_counted(store: GraphStore, tmp_path: Path) -> None:
    good, bad = tmp_path / "a.nt", tmp_path / "b.rdf"
    write_ntriples(sample(), good)
    bad.write_text("<rdf/>", encoding="utf-8")
    with pytest.raises(PlankgError, match=r"415.*it had taken 1 of 2 files before"):
        push(store.url, [good, bad])
    assert store.count() == TRIPLES


def test_a_server_that_is_not_there(turtle: Path, capfd: Capture) -> None:
    done = command(capfd, "push", f"http://127.0.0.1:{free_port()}/data", turtle)
    assert "cannot be reached (Connection refused); is it running?" in done.complaint


def test_a_server_that_never_answers(turtle: Path, capfd: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/data"
        assert (
            "did not answer within 1 seconds; see --timeout"
            in command(capfd, "push", url, turtle, "--timeout", "1").complaint
        )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://host/data", "is no URL of a graph store"),
        ("http://", "is no URL of a graph store"),
        ("http://host:99999/data", "is no URL of a graph store"),
        ("http://ho st/data", "is no URL of a graph store"),
        ("http://me:secret@host/data", "give no password in the URL"),
    ],
)
def test_a_url_that_is_none(url: str, why: str, turtle: Path, capfd: Capture) -> None:
    complaint = command(capfd, "push", url, turtle).complaint
    assert why in complaint
    assert "secret@" not in complaint


def test_what_cannot_be_sent(tmp_path: Path, turtle: Path) -> None:
    for source, why in (
        (tmp_path / "none.ttl", "no such file"),
        (tmp_path, "holds no built graph"),
        (Path(__file__), "is in no format that can be sent"),
    ):
        with pytest.raises(PlankgError, match=why):
            pushed_files(source)
    with pytest.raises(PlankgError, match="is no IRI of a graph"):
        push("http://127.0.0.1/data", [turtle], graph="not an iri")
    cut = tmp_path / "cut.nt.gz"
    cut.write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n" * 1000)[:-9])
    with pytest.raises(PlankgError, match="is damaged"):
        push("http://127.0.0.1/data", [cut])
