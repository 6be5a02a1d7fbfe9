"""Attacks: files, folders, graphs and queries made to do harm; each is refused with one of our errors."""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extract.errors import DocumentError, FolderError, PlankgError, QueryError, QuestionError
from extract.formats.reader import read_bytes, read_file
from graph.model import KnowledgeGraph
from graph.verify import check_triples
from output.folder import MANIFEST, replaced_folder
from output.snapshot import GRAPH_FILE, TEXT_FOLDER, read_graph, snapshot
from tests.extract.test_formats_hostile import REFUSED, with_body
from tests.graph.sample import hostile, sample
from tests.stress.ground import Ground

OUTSIDE = ("../secret.txt", "/etc/passwd", "a/../../secret.txt", "..", ".", "", "text/../../secret.txt")
UPDATES = (
    "INSERT DATA { <http://a> <http://b> 1 }",
    "DROP ALL",
    "CLEAR ALL",
    "LOAD <file:///etc/passwd>",
    "DELETE WHERE { ?s ?p ?o }",
    "SELECT * {} ; DROP ALL",
)
CALLS = (
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { VALUES ?u { <http://127.0.0.1:9/> } SERVICE ?u { ?s ?p ?o } }",
)
VALUES = ('米东区" } ; DROP ALL #', "<http://a> } UNION { ?s ?p ?o", "米东区\\u0022 . ?s ?p ?o", "?d", "\n}\n")


def attacks(ground: Ground, files: int) -> Counter[str]:
    """Try everything; of the hostile files the first so many (they take the longest)."""
    found: Counter[str] = Counter()
    for _, (name, make, _) in zip(range(files), REFUSED.values(), strict=False):
        with pytest.raises(DocumentError):
            read_bytes(make(), name)
        found["hostile files refused"] += 1
    folder = ground.folder / "attacks"
    folder.mkdir()
    parts: tuple[Callable[[Path], Iterator[str]], ...] = (_devices, _entities, _lists, _snapshots, _quotes, _queries)
    for part in parts:
        for name in part(folder):
            found[name] += 1
    return found


def _devices(folder: Path) -> Iterator[str]:
    os.mkfifo(folder / "pipe.txt")
    for path in (folder / "pipe.txt", Path("/dev/zero"), Path("/dev/stdin"), folder):
        with pytest.raises(DocumentError):
            read_file(path)
        yield "pipes, devices and folders refused as documents"


def _entities(folder: Path) -> Iterator[str]:
    secret = folder.parent / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    for prolog in (
        f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>',
        f'<!DOCTYPE w SYSTEM "{secret.as_uri()}">',
        f'<!DOCTYPE w [<!ENTITY % p SYSTEM "{secret.as_uri()}"> %p; <!ENTITY x "%p;">]>',
    ):
        try:
            text = read_bytes(with_body("<w:p><w:r><w:t>甲&x;</w:t></w:r></w:p>", prolog), "plan.docx").text
        except DocumentError as error:
            text = str(error)
        assert "SECRET" not in text
        yield "external entities not read"


def _lists(folder: Path) -> Iterator[str]:
    """Forge the list of files by which a build knows what it may replace."""
    out = folder / "forged"
    for name in OUTSIDE:
        out.mkdir(exist_ok=True)
        (out / MANIFEST).write_text(json.dumps({"files": {name: ""}}), encoding="utf-8")
        with pytest.raises(FolderError), replaced_folder(out) as stage:
            (stage / "a").write_text("new", encoding="utf-8")
        assert (folder.parent / "secret.txt").read_text(encoding="utf-8") == "SECRET"
        yield "forged folders refused"


def _snapshots(folder: Path) -> Iterator[str]:
    """Forge a graph.json whose documents lie elsewhere."""
    (folder / TEXT_FOLDER).mkdir()
    whole = json.loads(snapshot(sample()))
    for name in OUTSIDE:
        whole["sources"][0]["id"] = name.removesuffix(".txt")
        (folder / GRAPH_FILE).write_text(json.dumps(whole), encoding="utf-8")
        with pytest.raises(FolderError):
            read_graph(folder)
        yield "forged graphs refused"


def _quotes(folder: Path) -> Iterator[str]:
    """Verify graphs whose texts are missing or others."""
    for kg in (sample(), hostile()):
        from graph.rdf import triples

        report = check_triples(list(triples(kg)), folder, shapes=False)
        assert report.problems
        yield "graphs without their texts told"


def _queries(folder: Path) -> Iterator[str]:
    kg: KnowledgeGraph = sample()
    for query in (*UPDATES, *CALLS):
        with pytest.raises(QueryError):
            kg.query(query)
        yield "updates and calls of other hosts refused"
    assert not list(kg.query("SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }"))  # type: ignore[arg-type]
    yield "files named in queries not read"
    for value in VALUES:
        try:
            assert not kg.ask("district-industries", district=value).rows
        except QuestionError:
            pass
        except PlankgError as error:
            raise AssertionError(f"{value!r} became part of a query: {error}") from error
        yield "values that would be queries bound or refused"


__all__ = ["attacks"]
