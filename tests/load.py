"""Many clients at once: `python -m tests.load --clients 50 --seconds 60`.

Starts `plankg serve` on a graph (the small sample, or `--graph DIR`) and asks it from as many
clients as told, each on a connection that it keeps: queries, searches, neighbours, pages. Prints
how many requests were answered, what failed, the times (p50, p99, slowest), and how much memory
the server and its workers took after the first fifth of the time and at the end.
"""

import argparse
import asyncio
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from urllib.parse import quote, urlencode

from tests.graph.sample import sample
from tests.output.server.conftest import Running, start, stop, write_folder

_QUERIES = (
    "SELECT ?name { ?p a plan:Park ; rdfs:label ?name } ORDER BY ?name LIMIT 50",
    "SELECT ?i (COUNT(?d) AS ?n) { ?d plan:develops ?i } GROUP BY ?i ORDER BY DESC(?n) LIMIT 20",
    "SELECT ?quote { ?c a plan:Claim ; plan:evidence/oa:hasSelector/oa:exact ?quote } LIMIT 20",
    "ASK { ?d a plan:District }",
)
_PATHS = (
    *(f"/sparql?{urlencode({'query': query})}" for query in _QUERIES),
    f"/api/search?q={quote('米东')}",
    "/api/claims?predicate=develops&limit=20",
    "/api/documents",
    f"/api/entities/{quote('米东区')}/neighbours?limit=20",
    "/query",
)


@dataclass
class Outcome:
    """What a run measured: seconds of each answered request, what failed, bytes of memory early and late."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    early: int = 0
    late: int = 0

    @property
    def growth(self) -> float:
        """Return by which share the memory grew."""
        return self.late / self.early - 1

    def __str__(self) -> str:
        cuts = quantiles(self.seconds, n=100)
        lines = [
            f"{len(self.seconds)} requests answered, {len(self.errors)} errors",
            f"p50 {1000 * cuts[49]:.0f} ms, p99 {1000 * cuts[98]:.0f} ms, slowest {1000 * max(self.seconds):.0f} ms",
            f"memory {self.early >> 20} MB early, {self.late >> 20} MB late ({self.growth:+.1%})",
            *sorted(set(self.errors))[:10],
        ]
        return "\n".join(lines)


def load(running: Running, clients: int, seconds: float) -> Outcome:
    """Ask a running server and return what was measured."""
    return asyncio.run(_load(running, clients, seconds))


async def _load(running: Running, clients: int, seconds: float) -> Outcome:
    outcome = Outcome()
    end = time.monotonic() + seconds
    asking = [asyncio.create_task(_client(running, number, end, outcome)) for number in range(clients)]
    await asyncio.sleep(seconds / 5)
    outcome.early = memory(running)
    await asyncio.gather(*asking)
    outcome.late = memory(running)
    return outcome


async def _client(running: Running, number: int, end: float, outcome: Outcome) -> None:
    """Ask one thing after another, each client beginning with another."""
    reader, writer = await asyncio.open_connection(*running.authority)
    try:
        while time.monotonic() < end:
            path = _PATHS[number % len(_PATHS)]
            number += 1
            began = time.monotonic()
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n\r\n".encode())
            await writer.drain()
            status = await _answer(reader)
            if status == 200:
                outcome.seconds.append(time.monotonic() - began)
            else:
                outcome.errors.append(f"{status} {path}")
    except (OSError, ValueError, asyncio.IncompleteReadError) as error:
        outcome.errors.append(repr(error))
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> int:
    """Read one answer to its end and return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    length = next(line for line in head.split("\r\n") if line.lower().startswith("content-length:"))
    await reader.readexactly(int(length.partition(":")[2]))
    return int(head.split()[1])


def memory(running: Running) -> int:
    """Return the resident bytes of the server and its workers (Linux)."""
    total, pids = 0, [running.process.pid]
    while pids:
        pid = pids.pop()
        total += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
        pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    return total


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--graph", type=Path, help="folder of a built graph; default: the small sample")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        running = start(options.graph or write_folder(sample(), Path(scratch)))
        try:
            print(load(running, options.clients, options.seconds))
        finally:
            stop(running)


if __name__ == "__main__":
    main()
