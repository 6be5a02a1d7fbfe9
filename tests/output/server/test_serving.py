"""The server as a process: how it starts, what it keeps, for whom it answers, how it ends."""

import json
import os
import shutil
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.rdf import triples
from tests.cli import command
from tests.graph.sample import sample
from tests.output.server.conftest import PATIENCE, Running, stop, write_folder

Capture = pytest.CaptureFixture[str]


def test_what_is_prepared_is_kept_until_the_graph_changes(tmp_path: Path, capfd: Capture) -> None:
    folder = write_folder(sample(), tmp_path)
    size = len(list(triples(sample())))
    done = command(capfd, "serve", folder, "--prepare")
    assert (done.code, done.out, done.err) == (0, f"prepared: {size} triples, 2 documents\n", "")
    home = folder / ".cache" / "serve"
    (kept,) = (path for path in home.iterdir() if path.is_dir())
    made = (kept / "index.sqlite").stat().st_mtime_ns
    (home / ".making-old").mkdir()
    os.utime(home / ".making-old", (0, 0))
    assert command(capfd, "serve", folder, "--prepare").code == 0
    assert (kept / "index.sqlite").stat().st_mtime_ns == made
    with (folder / "graph.ttl").open("a", encoding="utf-8") as file:
        file.write("<http://example.org/s> <http://example.org/p> 1 .\n")
    assert f"prepared: {size + 1} triples" in command(capfd, "serve", folder, "--prepare").out
    assert not (home / ".making-old").exists()
    (changed,) = (path for path in home.iterdir() if path.is_dir())
    assert changed.name != kept.name


def test_a_folder_that_cannot_be_written_to_is_served_too(
    tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(sample(), tmp_path)
    monkeypatch.setattr("output.keeping.Keeping.writable", lambda keeping: False)
    assert command(capfd, "serve", folder, "--prepare").code == 0
    assert not (folder / ".cache").exists()


@pytest.mark.parametrize(("make", "words"), [
    (lambda p: None, "holds no built graph; run `plankg build"),
    (lambda p: (p.mkdir(), (p / "graph.ttl").write_text("nonsense")), "cannot be read as"),
    (lambda p: (p.mkdir(), (p / "graph.ttl").write_bytes(b"\xff\xfe")), "cannot be read as"),
])  # fmt: skip
def test_a_graph_that_is_none_is_refused(
    tmp_path: Path, capfd: Capture, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / "out")
    done = command(capfd, "serve", tmp_path / "out", "--prepare")
    assert done.code == 1
    assert words in done.complaint
    assert [path.name for path in tmp_path.rglob(".making-*")] == []


def test_a_file_of_an_unknown_ending_is_refused(tmp_path: Path, capfd: Capture) -> None:
    (tmp_path / "graph.csv").write_text("a,b")
    done = command(capfd, "serve", tmp_path / "graph.csv", "--prepare")
    assert "unknown RDF ending '.csv'" in done.complaint


def test_a_port_that_is_taken_is_named(folder: Path, capfd: Capture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = command(capfd, "serve", folder, "--port", str(taken.getsockname()[1]))
    assert done.code == 1
    assert "in use" in done.complaint


def test_sites_and_names_that_are_allowed_may_ask(folder: Path, starting: Callable[..., Running]) -> None:
    running = starting(folder, "--cors", "https://friend.example", "--allow-host", "graph.example", "--workers", "1")
    path = "/sparql?query=ASK%7B%7D"
    found = running.ask(path, headers={"Origin": "https://friend.example", "Host": "graph.example:8000"})
    assert (found.status, found.headers["access-control-allow-origin"]) == (200, "https://friend.example")
    foreign = running.ask(path, headers={"Origin": "https://evil.example"})
    assert (foreign.status, "access-control-allow-origin" in foreign.headers) == (403, False)
    before = running.ask(
        "/sparql",
        "OPTIONS",
        headers={"Origin": "https://friend.example", "Access-Control-Request-Method": "POST"},
    )
    assert before.status == 200
    assert running.alive()
    code, out, error = stop(running)
    assert (code, out, error) == (0, "stopped\n", "")


def test_the_workers_end_with_the_server_and_are_replaced_when_killed(
    folder: Path, starting: Callable[..., Running]
) -> None:
    running = starting(folder, "--workers", "2")
    before = workers(running)
    assert len(before) == 3  # one more than may be busy
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    statuses = {running.query("ASK {}").status for _ in range(4)}
    assert statuses <= {200, 400}
    until(lambda: len(set(workers(running)) - set(before)) == 3)
    assert running.alive()
    after = workers(running)
    running.process.send_signal(signal.SIGTERM)
    out, error = running.process.communicate(timeout=PATIENCE)
    assert (running.process.returncode, out, error) == (0, "stopped\n", "")
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in after))


def test_the_workers_end_when_the_server_is_killed(folder: Path, starting: Callable[..., Running]) -> None:
    running = starting(folder)
    left = workers(running)
    running.process.kill()
    running.process.communicate(timeout=PATIENCE)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in left))


def test_two_servers_of_one_graph(folder: Path, server: Running, starting: Callable[..., Running]) -> None:
    other = starting(folder)
    assert other.alive()
    assert server.alive()


def test_a_graph_without_explorer_is_given_one_that_asks_the_server(
    tmp_path: Path, starting: Callable[..., Running]
) -> None:
    shutil.copy(write_folder(sample(), tmp_path / "a") / "graph.ttl", tmp_path / "alone.ttl")
    running = starting(tmp_path / "alone.ttl")
    page = running.ask("/")
    assert (page.status, page.type) == (200, "text/html")
    assert '"server":true' in page.text
    local = next(e.id for e in sample().entities if e.name == "米东区")
    told = json.loads(running.ask(f"/explorer/neighbourhood.json?id={local}").body)
    assert told["entity"]["name"] == "米东区"
    document = json.loads(running.ask("/explorer/document.json?id=midong-plan").body)
    assert (document["text"], document["mentions"]) == (None, [])
    told = json.loads(running.ask("/query/known.json").body)
    assert told["prefixes"]["plan"] == "https://w3id.org/plankg/ns#"


def workers(running: Running) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = path.read_text().partition(") ")
        except OSError:
            continue
        state, parent, *_ = rest.split()
        if int(parent) == running.process.pid and state != "Z":
            found.append(int(name.split()[0]))
    return sorted(found)


def until(test: Callable[[], bool]) -> None:
    late = time.monotonic() + PATIENCE
    while not test():
        assert time.monotonic() < late
        time.sleep(0.1)
