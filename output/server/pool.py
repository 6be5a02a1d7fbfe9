"""Worker processes that answer queries: some kept warm, each killed when it takes too long."""

import asyncio
import contextlib
import json
import os
import signal
import struct
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extract.errors import PlankgError
from output.server.worker import frame

_START_SECONDS = 120  # for a worker to open its store, on a machine that does much else
_LONGEST_PAUSE = 5.0


class PoolError(PlankgError):
    """A query got no answer."""


class BusyError(PoolError):
    """All workers are taken, and too many queries wait already, or this one has waited too long."""


class LateError(PoolError):
    """The query took longer than allowed; its worker was killed."""


class CrashedError(PoolError):
    """The query ended its worker: out of stack or out of memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may take: seconds, bytes of its answer, bytes of memory; and how many may wait how long."""

    seconds: float = 30.0
    answer: int = 64 << 20
    memory: int = 2 << 30
    waiting: int = 256
    patience: float = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its head (see `output.server.worker`) and its bytes, which may stand in a file."""

    head: dict[str, Any]
    body: bytes

    @property
    def file(self) -> Path | None:
        """Return the file of a large answer; whoever reads it removes it."""
        return Path(self.head["file"]) if self.head.get("file") else None


class Worker:
    """One process; see `output.server.worker`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.head: dict[str, Any] = {}

    @classmethod
    async def start(cls, command: Sequence[str]) -> "Worker":
        """Return a process that has opened its store; CrashedError when it ends instead."""
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                worker.head = (await worker._reply()).head
        except BaseException:
            await worker.kill()
            raise
        return worker

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        return self._process.pid

    async def ask(self, request: dict[str, Any]) -> Reply:
        """Return the reply to one request; CrashedError when the process ends instead."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(frame(request))
            await self._process.stdin.drain()
        except OSError as error:
            raise CrashedError("the worker has ended") from error
        return await self._reply()

    async def _reply(self) -> Reply:
        assert self._process.stdout is not None
        try:
            start = await self._process.stdout.readexactly(4)
            head = json.loads(await self._process.stdout.readexactly(struct.unpack(">I", start)[0]))
            return Reply(head, await self._process.stdout.readexactly(head["size"]))
        except (asyncio.IncompleteReadError, OSError) as error:
            raise CrashedError(
                "the query ended its worker: it needs too much memory, or is nested too deeply"
            ) from error

    async def kill(self) -> None:
        """End the process, whatever it does."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                # Not Process.kill, which would first take the exit code that the event loop waits for.
                os.kill(self._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        await self._process.wait()
        transport = getattr(self._process, "_transport", None)
        if transport is not None:  # else its pipes stay open until they are collected
            transport.close()


class Pool:
    """Runs at most `size` queries at a time, and keeps one process more ready for when one is killed."""

    def __init__(self, settings: dict[str, Any], size: int, limits: Limits) -> None:
        """`settings` are those of `output.server.worker.Answerer`, without the limits."""
        told = settings | {"limit": limits.answer, "memory": limits.memory}
        self._command = (sys.executable, "-m", "output.server.worker", json.dumps(told))
        self._size = size
        self.limits = limits
        self._slots = asyncio.Semaphore(size)
        self._idle: asyncio.Queue[Worker] = asyncio.Queue()
        self._all: set[Worker] = set()
        self._starting: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._closed = False

    async def start(self) -> None:
        """Start the processes; CrashedError when they cannot open the store."""
        await self._add()
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    @property
    def pids(self) -> list[int]:
        """Return the numbers of the processes."""
        return sorted(worker.pid for worker in self._all)

    async def close(self) -> None:
        """End all processes."""
        self._closed = True
        for task in list(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        await asyncio.gather(*(worker.kill() for worker in self._all))
        self._all.clear()

    async def run(self, request: dict[str, Any]) -> Reply:
        """Return the reply to a request of `output.server.worker.Answerer.answer`.

        A caller that is cancelled takes the worker with it, so nobody computes for no one.
        Raises BusyError, LateError or CrashedError.
        """
        if self._waiting >= self.limits.waiting:
            raise BusyError(f"{self._waiting} queries wait already; try again later")
        worker = await self._take()
        done = False
        try:
            async with asyncio.timeout(self.limits.seconds):
                reply = await worker.ask(request | {"seconds": self.limits.seconds})
            done = True
            return reply
        except TimeoutError:
            raise LateError(f"the query took longer than {self.limits.seconds:g} seconds and was stopped") from None
        finally:
            if done:
                self._idle.put_nowait(worker)
            else:
                self._replace(worker)
            self._slots.release()

    async def _take(self) -> Worker:
        self._waiting += 1
        try:
            async with asyncio.timeout(self.limits.patience):
                await self._slots.acquire()
                try:
                    return await self._idle.get()
                except BaseException:
                    self._slots.release()
                    raise
        except TimeoutError:
            raise BusyError(f"no worker was free for {self.limits.patience:g} seconds; try again later") from None
        finally:
            self._waiting -= 1

    async def _add(self) -> None:
        worker = await Worker.start(self._command)
        self._all.add(worker)
        self._idle.put_nowait(worker)

    def _replace(self, worker: Worker) -> None:
        task = asyncio.get_running_loop().create_task(self._replaced(worker))
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)

    async def _replaced(self, worker: Worker) -> None:
        await worker.kill()
        self._all.discard(worker)
        pause = 0.1
        while not self._closed:
            try:
                return await self._add()
            except (OSError, TimeoutError, PoolError):  # no memory, no process to be had: things pass
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
