"""The server as a process: a socket, the application, an orderly end."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from output.server.app import Options, application
from output.server.prepared import Prepared

_HEAD_SECONDS = 10.0
_FAREWELL_SECONDS = 3
_CONNECTIONS = 512


class _TimedProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which a request's head does not come in time."""

    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._unwatch()
        super().connection_lost(exc)

    @property
    def _headless(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _watch(self) -> None:
        if not self._headless:
            self._unwatch()
        elif self._timer is None:
            self._timer = self.loop.call_later(_HEAD_SECONDS, self._late)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _late(self) -> None:
        self._timer = None
        if self._headless and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """uvicorn's server with signals taken by the event loop, so that Ctrl-C ends it without a traceback."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        stops = (signal.SIGINT, signal.SIGTERM)
        try:
            for number in stops:
                loop.add_signal_handler(number, self._stop)
        except (NotImplementedError, RuntimeError):  # Windows, or not in the main thread
            yield
            return
        try:
            yield
        finally:
            for number in stops:
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes a free one. OSError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host.strip("[]"), port))
        sock.listen(512)
    except BaseException:
        sock.close()
        raise
    return sock


def address(sock: socket.socket, host: str) -> str:
    """Return the address of a server that listens on a socket, as a browser takes it."""
    shown = f"[{host.strip('[]')}]" if ":" in host else host
    return f"http://{shown}:{sock.getsockname()[1]}/"


def serve(made: Prepared, sock: socket.socket, options: Options, ready: Callable[[], None]) -> None:
    """Answer requests on a socket until the process is told to stop; `ready` is called when it can be asked."""
    asyncio.run(_serve(application(made, options), sock, ready))


async def _serve(app: Starlette, sock: socket.socket, ready: Callable[[], None]) -> None:
    config = uvicorn.Config(
        app,
        http=_TimedProtocol,
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",  # what a stranger sends is no news
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_FAREWELL_SECONDS,
    )
    async with app.router.lifespan_context(app):
        server = _Server(config)
        running = asyncio.create_task(server.serve(sockets=[sock]))
        while not server.started and not running.done():
            await asyncio.sleep(0.02)
        if server.started:
            ready()
        await running
