"""What is checked before any page is made: the Host, the Origin; and the headers that every answer bears."""

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from output.server.problems import ProblemError

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Server": "plankg",
}


class Guard:
    """Refuses requests that are not meant for this server, and seals every answer.

    Against DNS rebinding a request's Host must be one of the server's names: those of the loopback
    interface, the address that it listens on, and `names`; a server that listens on all addresses
    takes any address of digits. Against pages of other sites that ask in a visitor's name, an
    Origin must be the server's own or one of `origins` ("*": any).
    """

    def __init__(self, app: ASGIApp, host: str, names: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        self._app = app
        self._names = {*_LOOPBACK, host.lower().strip("[]"), *(name.lower() for name in names)}
        self._anywhere = not _is_loopback(host)
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not self._origins:
                    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            await send(message)

        try:
            self._check(Headers(scope=scope), scope["scheme"])
        except ProblemError as problem:
            return await problem.response()(scope, receive, sealed)
        await self._app(scope, receive, sealed)

    def _check(self, headers: Headers, scheme: str) -> None:
        hosts = headers.getlist("host")
        name = _name(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            raise ProblemError(400, "the request needs one well-formed Host header")
        if name not in self._names and not (self._anywhere and _is_address(name)):
            raise ProblemError(
                421, f"this server does not answer for {name[:200]!r}; allow a name with --allow-host NAME"
            )
        origin = headers.get("origin")
        if origin is None or "*" in self._origins or origin in self._origins:
            return
        if origin.lower() != f"{scheme}://{hosts[0]}".lower():
            raise ProblemError(403, f"pages of {origin[:200]!r} may not ask this server; allow them with --cors ORIGIN")


def _name(host: str) -> str | None:
    """Return the name or address of a Host header, without the port; None if it is malformed."""
    if not host or any(c in host for c in "/@?#\\ \t,"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        parts.port  # noqa: B018  (raises for a port that is none)
    except ValueError:
        return None
    return parts.hostname


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    name = host.strip("[]")
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)
