"""A graph's store on disk: when it is made, when it is used, and that it answers as the one in memory."""

import os
import shutil
import time
from pathlib import Path

import pytest

from extract.errors import GraphFileError
from graph.questions import questions
from output.cli import ask
from output.keeping import META, Keeping, in_use
from output.stored import ANSWERS, graph_store, served, stored
from output.turtle import write_turtle
from tests.cli import command
from tests.graph.sample import rich

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def graph(tmp_path: Path) -> Path:
    """The file of a graph, an hour old."""
    write_turtle(rich(), tmp_path / "graph.ttl")
    age(tmp_path / "graph.ttl")
    return tmp_path / "graph.ttl"


def age(path: Path) -> None:
    os.utime(path, (time.time() - 3600,) * 2)


def folders(keeping: Keeping) -> list[Path]:
    return [path for path in keeping.home.iterdir() if path.is_dir()] if keeping.home.is_dir() else []


def test_a_large_graph_is_stored_once_and_answers_as_in_memory(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    with graph_store(graph) as memory:
        assert memory.answers is None
        assert folders(stored(graph)) == []
        with graph_store(graph, lambda step, done, total: steps.append(step), large=1) as disk:
            assert disk.answers is not None
            assert len(disk) == len(memory)
            elsewhere = ("伊宁市", "midong-plan-14")  # defaults that the sample does not have
            known = [e for e in questions().values() if not any(p.default in elsewhere for p in e.parameters)]
            for each in known:
                assert each.ask(disk) == each.ask(memory), each.name
            assert len(known) >= 45
            assert disk.labels.search("米东") == memory.labels.search("米东")
    assert len(set(steps)) == 3
    (folder,) = folders(stored(graph))
    monkeypatch.setattr("output.keeping.sha256", lambda path: pytest.fail("an unchanged file is not read"))
    assert stored(graph).find() == folder
    with graph_store(graph) as again:  # however small: it is there
        assert again.answers is not None


def test_a_graph_that_has_changed_is_not_asked_in_its_old_store(graph: Path) -> None:
    with graph_store(graph, large=1) as store:
        size = len(store)
    old = stored(graph).find()
    before = graph.stat()
    text = graph.read_text(encoding="utf-8")
    graph.write_text(text.replace("化工", "工化"), encoding="utf-8")  # as long as it was
    assert graph.stat().st_size == before.st_size
    assert stored(graph).find() is None
    with graph.open("a", encoding="utf-8") as file:
        file.write("<http://example.org/s> <http://example.org/p> 1 .\n")
    age(graph)
    with graph_store(graph, large=1) as store:
        assert len(store) == size + 1
    (folder,) = folders(stored(graph))
    assert folder != old


def test_a_copied_folder_keeps_its_store(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    with graph_store(graph, large=1):
        pass
    copy = tmp_path_factory.mktemp("copies") / "copy"
    shutil.copytree(graph.parent, copy)
    age(copy / "graph.ttl")
    found = stored(copy / "graph.ttl").find()
    assert found is not None
    assert found.is_relative_to(copy)


def test_a_young_file_gets_no_stamp(graph: Path) -> None:
    os.utime(graph, (time.time() + 3600,) * 2)  # as young as can be, however slow the machine
    with graph_store(graph, large=1):
        pass
    (folder,) = folders(stored(graph))
    assert not (folder / "stamp.json").exists()
    assert stored(graph).find() == folder


def test_what_was_prepared_for_the_server_is_used(graph: Path, capfd: Capture) -> None:
    assert command(capfd, "serve", graph.parent, "--prepare").code == 0
    assert served(graph).find() is not None
    done = command(capfd, "query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--format", "csv", "-g", graph.parent)
    with graph_store(graph) as store:
        assert done.out.split() == ["n", str(len(store.query("SELECT * { ?s ?p ?o }")))]  # type: ignore[arg-type]
        assert store.names is not None
        assert store.answers is None  # it answers at once anyway
    assert folders(stored(graph)) == []


def test_a_folder_that_cannot_be_written_to_is_read_into_memory(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Keeping, "writable", lambda keeping: False)
    with graph_store(graph, large=1) as store:
        assert store.answers is None


def test_nothing_is_left_of_a_graph_that_is_none(tmp_path: Path) -> None:
    graph = tmp_path / "graph.ttl"
    graph.write_text("nonsense")
    with pytest.raises(GraphFileError, match="cannot be read as Turtle"), graph_store(graph, large=1):
        pass
    assert list(stored(graph).home.iterdir()) == []


def test_a_store_in_use_is_not_removed(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
        (folder / META).write_text("{}")
    with in_use(old), in_use(new):
        assert old.is_dir()
    with in_use(new):
        assert not old.exists()


def test_answers_come_in_pages(graph: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ask, "PAGE", 2)
    folder = graph.parent
    whole = command(capfd, "ask", "entity-facts", "--format", "csv", "-g", folder).out.splitlines()
    assert len(whole) == 7
    first = command(capfd, "ask", "entity-facts", "-g", folder).out
    assert first.endswith("2 rows\nrows 1 to 2; more follow: --offset 2, all: --limit 0\n")
    assert command(capfd, "ask", "entity-facts", "--limit", "0", "-g", folder).out.endswith(
        f"\n{len(whole) - 1} rows\n"
    )
    page = command(capfd, "ask", "entity-facts", "--limit", "3", "--offset", "2", "--format", "csv", "-g", folder)
    assert page.out.splitlines() == [whole[0], *whole[3:6]]
    with graph_store(graph, large=1):
        pass
    assert (stored(graph).find() or folder).joinpath(ANSWERS).is_file()
    assert command(capfd, "ask", "entity-facts", "--format", "csv", "-g", folder).out.splitlines() == whole
    again = command(capfd, "ask", "entity-facts", "--limit", "3", "--offset", "2", "--format", "csv", "-g", folder)
    assert again.out == page.out
