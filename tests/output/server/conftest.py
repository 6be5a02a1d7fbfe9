"""A server of the small sample graph, as a process of its own, asked over a real socket."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from graph.model import KnowledgeGraph
from output.turtle import write_turtle
from tests.cli import ROOT
from tests.graph.sample import sample

PATIENCE = 120  # seconds: a loaded machine is slow, not broken
QUERY_SECONDS = 6


@dataclass(frozen=True)
class Answer:
    """A response: status, headers (lower-case names) and body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")

    @property
    def type(self) -> str:
        return self.headers.get("content-type", "").split(";")[0]


@dataclass(frozen=True)
class Running:
    """A server process with its address."""

    process: subprocess.Popen[str]
    url: str

    @property
    def authority(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        return parts.hostname, parts.port

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a request exactly as it is told."""
        connection = http.client.HTTPConnection(*self.authority, timeout=PATIENCE)
        try:
            connection.request(method, path, body, dict(headers or {}))
            found = connection.getresponse()
            return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        finally:
            connection.close()

    def query(self, sparql: str, accept: str = "*/*", **fields: str) -> Answer:
        """Ask a query by GET."""
        encoded = urlencode({"query": sparql, **{k.replace("_", "-"): v for k, v in fields.items()}})
        return self.ask(f"/sparql?{encoded}", headers={"Accept": accept})

    def alive(self) -> bool:
        """Return whether the server still answers a query."""
        found = self.query("ASK { ?park a plan:Park }", "text/csv")
        return (found.status, found.text.strip()) == (200, "true") and self.process.poll() is None


def start(source: Path, *options: str) -> Running:
    """Start `plankg serve` on a free port and wait for the line that tells it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "plankg", "serve", str(source), "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith("Serving http://"):
        _, error = process.communicate(timeout=PATIENCE)
        raise AssertionError(f"the server did not start: {line}{error}")
    return Running(process, line.split()[1])


def stop(running: Running) -> tuple[int, str, str]:
    """End a server as Ctrl-C does; return its exit code and what it printed."""
    running.process.send_signal(2)
    out, error = running.process.communicate(timeout=PATIENCE)
    return running.process.returncode, out, error


def write_folder(kg: KnowledgeGraph, folder: Path) -> Path:
    """Write what the server reads of a built graph."""
    write_turtle(kg, folder / "graph.ttl")
    (folder / "text").mkdir()
    for source in kg.sources:
        (folder / "text" / source.file).write_text(source.raw, encoding="utf-8")
    (folder / "network.html").write_text("<!doctype html><title>explorer</title>", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample graph."""
    return write_folder(sample(), tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[Running]:
    """One server for all tests that only ask."""
    running = start(folder, "--timeout", str(QUERY_SECONDS), "--max-answer", "2")
    yield running
    code, _, error = stop(running)
    assert (code, error) == (0, "")


@pytest.fixture
def starting() -> Iterator[Callable[..., Running]]:
    """Start servers with options of their own, and end them after the test."""
    started: list[Running] = []

    def begin(source: Path, *options: str) -> Running:
        started.append(start(source, *options))
        return started[-1]

    yield begin
    for running in started:
        if running.process.poll() is None:
            running.process.kill()
            running.process.communicate(timeout=PATIENCE)
