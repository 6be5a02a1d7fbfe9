"""A graph sent to a store over HTTP, as the SPARQL 1.1 Graph Store HTTP Protocol has it.

Triples go into one graph of the store: its default graph, or one that is named. PUT replaces what
the graph holds, POST adds to it. N-Quads name their graphs themselves; they are posted to the
store's URL, which the protocol does not know, but many stores do.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import base64
import gzip
import http.client
import netrc
import os
import re
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import SplitResult, quote, urlsplit

from extract.errors import PlankgError
from output.digest_auth import digest_answer

USER, PASSWORD = "PLANKG_USER", "PLANKG_PASSWORD"
"""Environment variables with the name and the password for the store."""

MEDIA = {
    ".ttl": "text/turtle",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".nq": "application/n-quads",
}
"""Media types of what can be sent, by the end of the file's name; each may be followed by `.gz`."""

_QUADS = ".nq"
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_BLOCK = 1 << 16
_TOLD = 300  # characters of a server's explanation that are passed on

Sent = Callable[[int, int], None]
"""Called with the bytes sent so far, and how many there are."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a store said to one file: its status and reason, and how many bytes it was sent."""

    file: Path
    status: int
    reason: str
    sent: int


@dataclass(frozen=True, slots=True)
class Login:
    """A user's name and password."""

    user: str
    password: str

    @classmethod
    def of(cls, host: str, environment: Mapping[str, str] = os.environ) -> "Login | None":
        """Return the login for a host: from the environment, else from the file `.netrc`, else None.

        Raises PlankgError when only half of it is given, or `.netrc` is malformed.
        """
        given = [environment.get(name) for name in (USER, PASSWORD)]
        if given[0] is not None and given[1] is not None:
            return cls(given[0], given[1])
        if given != [None, None]:
            raise PlankgError(f"set both {USER} and {PASSWORD}, or neither")
        path = Path(environment.get("NETRC") or Path.home() / ".netrc")
        try:
            found = netrc.netrc(str(path)).authenticators(host)
        except FileNotFoundError:
            return None
        except netrc.NetrcParseError as error:
            raise PlankgError(
                f"{path}, line {error.lineno}: {error.msg}; it must be as curl and ftp read it"
            ) from error
        return cls(found[0], found[2]) if found else None

    def basic(self) -> str:
        """Return the header that states the login (RFC 7617)."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


def pushed_files(source: Path) -> list[Path]:
    """Return the RDF files that a source stands for: a file itself, of a built folder its graph.

    Raises PlankgError when there is none, or it is in a format that cannot be sent.
    """
    if source.is_dir():
        pieces = sorted((source / "ntriples").glob("part-*.nt.gz"))
        if not pieces and not (source / "graph.ttl").is_file():
            raise PlankgError(
                f"{source} holds no built graph; run `plankg build -o {source}` first, or name an RDF file"
            )
        return pieces or [source / "graph.ttl"]
    if not source.is_file():
        raise PlankgError(f"{source}: no such file or folder")
    if _suffix(source) not in MEDIA:
        known = ", ".join(MEDIA)
        raise PlankgError(f"{source} is in no format that can be sent ({known}, also with .gz); see `plankg export`")
    return [source]


def push(
    url: str,
    files: Sequence[Path],
    *,
    graph: str | None = None,
    replace: bool = False,
    login: Login | None = None,
    timeout: float = 600.0,
    sent: Sent = lambda done, total: None,
) -> list[Answer]:
    """Send RDF files to a graph store and return its answers; each is 200, 201, 202 or 204.

    `graph` is the IRI of the graph to send to, None the default graph. With `replace` the first file
    replaces what the graph holds; else all add to it. Files are streamed. `timeout` is in seconds,
    for each single step that the server takes.

    Raises:
        PlankgError: the URL or the IRI is none, quads are sent to a graph, or the server cannot be
            reached, refuses, or breaks off; the message tells what it said and what it took before.
    """
    target = _Target.of(url, graph, quads=_all_quads(files, graph, replace=replace))
    answers: list[Answer] = []
    for file in files:
        method = "PUT" if replace and not answers else "POST"
        try:
            answers.append(_send(target, method, file, login, timeout, sent))
        except PlankgError as error:
            before = f"; it had taken {len(answers)} of {len(files)} files before" if len(files) > 1 else ""
            raise PlankgError(f"{error}{before}") from error
    return answers


def checked_url(url: str) -> SplitResult:
    """Return the parts of a store's URL; PlankgError when it is none, or holds a password."""
    try:
        parts = urlsplit(url)
        port_is_fine = parts.port is None or parts.port >= 0
    except ValueError:
        parts, port_is_fine = urlsplit(""), False
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or not port_is_fine
        or re.search(r"[\s\x00-\x1f]", url)
    ):
        raise PlankgError(f"{url!r} is no URL of a graph store; it begins with http:// or https://")
    if parts.username is not None:
        raise PlankgError(f"give no password in the URL, where others see it; set {USER} and {PASSWORD}, or use .netrc")
    return parts


def _suffix(file: Path) -> str:
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def _all_quads(files: Sequence[Path], graph: str | None, *, replace: bool) -> bool:
    quads = {_suffix(file) == _QUADS for file in files} == {True}
    if quads and graph is not None:
        raise PlankgError("N-Quads name their graphs themselves; leave out --graph, or send N-Triples or Turtle")
    if quads and replace:
        raise PlankgError("to replace by N-Quads would empty the whole store; leave out --replace, or send Turtle")
    return quads


@dataclass(frozen=True, slots=True)
class _Target:
    """Where to send to: the parts of the URL, and the path with the query that names the graph."""

    parts: SplitResult
    path: str

    @classmethod
    def of(cls, url: str, graph: str | None, *, quads: bool) -> "_Target":
        parts = checked_url(url)
        if graph is not None and not _IRI.fullmatch(graph):
            raise PlankgError(f"{graph!r} is no IRI of a graph, such as https://example.org/plans")
        named = "" if quads else "default" if graph is None else "graph=" + quote(graph, safe="")
        query = "&".join(part for part in (parts.query, named) if part)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        return cls(parts, f"{path}?{query}" if query else path)

    @property
    def shown(self) -> str:
        return f"{self.parts.scheme}://{self.parts.netloc}{self.path}"

    def connection(self, timeout: float) -> http.client.HTTPConnection:
        host, port = cast(str, self.parts.hostname), self.parts.port
        if self.parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=timeout, blocksize=_BLOCK, context=context)
        return http.client.HTTPConnection(host, port, timeout=timeout, blocksize=_BLOCK)


def _send(target: _Target, method: str, file: Path, login: Login | None, timeout: float, sent: Sent) -> Answer:
    size = _size(file)
    headers = {"Content-Type": MEDIA[_suffix(file)], "Content-Length": str(size), "User-Agent": "plankg"}
    try:
        if login:
            headers["Authorization"] = _authorization(target, method, login, timeout)
        with closing(target.connection(timeout)) as connection, _open(file) as body:
            counted = _Counted(body, size, sent)
            response = _exchange(connection, method, target.path, counted, headers)
            told = response.read(_TOLD * 4).decode("utf-8", "replace")
    except ssl.SSLError as error:
        raise PlankgError(f"{target.shown}: no safe connection ({error.reason or error}); check the URL") from error
    except (http.client.HTTPException, ConnectionResetError, BrokenPipeError) as error:
        raise PlankgError(
            f"{target.shown} broke off the connection and gave no answer; what it stored of {file.name} is unknown: "
            "look there, or send it again"
        ) from error
    except TimeoutError as error:
        raise PlankgError(f"{target.shown} did not answer within {timeout:g} seconds; see --timeout") from error
    except OSError as error:
        if error.filename is not None:
            raise
        raise PlankgError(f"{target.shown} cannot be reached ({error.strerror or error}); is it running?") from error
    if response.status not in (200, 201, 202, 204):
        raise PlankgError(_refusal(target, response, told, login))
    return Answer(file, response.status, response.reason, counted.done)


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: "_Counted", headers: dict[str, str]
) -> http.client.HTTPResponse:
    try:
        connection.request(method, path, body=cast(BinaryIO, body), headers=headers)
    except (BrokenPipeError, ConnectionResetError):
        # A server that refuses answers before it has read everything, and hangs up.
        return connection.getresponse()
    return connection.getresponse()


def _authorization(target: _Target, method: str, login: Login, timeout: float) -> str:
    """Return the header for a request; a server that wants a digest says so to a first request without content."""
    with closing(target.connection(timeout)) as connection:
        connection.request("HEAD", target.path, headers={"User-Agent": "plankg"})
        response = connection.getresponse()
        response.read()
    challenges = response.headers.get_all("WWW-Authenticate") or []
    for challenge in challenges:
        if response.status == 401 and challenge.lower().startswith("digest "):
            return digest_answer(challenge, method, target.path, login.user, login.password)
    return login.basic()


def _refusal(target: _Target, response: http.client.HTTPResponse, told: str, login: Login | None) -> str:
    said = f"{target.shown} answered {response.status} {response.reason}".rstrip()
    explanation = " ".join(re.sub(r"<[^>]*>", " ", told).split())[:_TOLD]
    said += f" ({explanation})" if explanation else ""
    if 300 <= response.status < 400 and (place := response.headers.get("Location")):
        return f"{said}; it points to {place}: push to that URL if it is right"
    advice = {
        401: f"the name or password is wrong (from {USER} and {PASSWORD}, or .netrc)"
        if login
        else f"it wants a name and password: set {USER} and {PASSWORD}, or use .netrc",
        403: "this user may not write there",
        404: "check the URL: it is the store's graph store endpoint, such as …/data or …/store",
        405: "check the URL: nothing can be written there",
        413: "the store takes no file of this size; load it with the store's own tool (docs/spark.md)",
        415: "it does not read this format; send another one (`plankg export`)",
    }
    return f"{said}; {advice[response.status]}" if response.status in advice else said


class _Counted:
    """A file that tells how much of it was read."""

    def __init__(self, file: BinaryIO, size: int, sent: Sent) -> None:
        self._file, self._size, self._sent = file, size, sent
        self.done = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.done += len(data)
        self._sent(self.done, self._size)
        return data


def _open(file: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(file)) if file.suffix == ".gz" else file.open("rb")


def _size(file: Path) -> int:
    """Return how many bytes will be sent; a compressed file is read once for that."""
    if file.suffix != ".gz":
        return file.stat().st_size
    size = 0
    try:
        with _open(file) as body:
            while data := body.read(_BLOCK):
                size += len(data)
    except (EOFError, gzip.BadGzipFile) as error:
        raise PlankgError(f"{file} is damaged ({error}); build the graph again") from error
    return size
