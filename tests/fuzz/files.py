"""Files that a person or another program may have changed: records, tables, graphs, queries."""

import atexit
import hashlib
import json
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from pathlib import Path

from extract.corpus import read_corpus, read_licence
from extract.errors import PlankgError
from extract.gold import parse_passages
from extract.records import read_records
from graph.corrections import corrections_csv, read_corrections
from graph.querycheck import check as checked
from graph.store import GraphStore, read_triples
from graph.verify import check_triples
from output.snapshot import GRAPH_FILE, TEXT_FOLDER, read_graph, snapshot
from tests.graph.sample import sample

SCRATCH = Path(tempfile.mkdtemp(prefix="plankg-fuzz-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
ENDINGS = (".ttl", ".nt", ".nq", ".trig", ".rdf", ".jsonld")


def tables(data: bytes) -> bool:
    """Read records, gold passages, corrections or a corpus.toml, as the first byte says."""
    kind, rest = data[:1], data[1:]
    words = rest.decode("utf-8", "ignore")
    try:
        match kind:
            case b"r":
                list(read_records(words.splitlines()))
            case b"g":
                list(parse_passages(words.splitlines()))
            case b"c":
                found = [replace(item, line=0) for item in read_corrections(words)]
                again = [replace(item, line=0) for item in read_corrections(corrections_csv(found))]
                assert again == found
            case _:
                path = SCRATCH / "corpus.toml"
                path.write_bytes(rest)
                read_corpus(path)
                read_licence(path)
    except PlankgError:
        return False
    return True


@cache
def graph_folder() -> Path:
    """Return a folder with the texts of our sample graph."""
    folder = SCRATCH / "graph"
    (folder / TEXT_FOLDER).mkdir(parents=True)
    for source in sample().sources:
        (folder / TEXT_FOLDER / source.file).write_bytes(source.raw.encode())
        assert hashlib.sha256(source.raw.encode()).hexdigest() == source.sha256
    return folder


def graphs(data: bytes) -> bool:
    """Read a graph.json (first byte "j") or a file of triples, whose quotes and hashes are verified."""
    try:
        if data[:1] == b"j":
            (graph_folder() / GRAPH_FILE).write_bytes(data[1:])
            kg = read_graph(graph_folder())
            json.loads(snapshot(kg))
            return True
        path = SCRATCH / f"graph{ENDINGS[data[0] % len(ENDINGS)] if data else '.ttl'}"
        path.write_bytes(data[1:])
        check_triples(read_triples(path), graph_folder() / TEXT_FOLDER, shapes=False)
    except PlankgError:
        return False
    return True


@cache
def _store() -> GraphStore:
    return GraphStore.of(sample())


def queries(data: bytes) -> bool:
    """Check a query, and run it on a small graph when it is short."""
    sparql = data.decode("utf-8", "ignore")
    try:
        found = checked(sparql)
        if len(sparql) < 200 and sparql.count("?") < 12:
            _store().query(found.sparql)
    except PlankgError:
        return False
    return True
