"""The graph is read back from its folder exactly, or refused with a reason."""

import dataclasses
import hashlib
from pathlib import Path

import pytest

from extract.errors import FolderError
from graph.model import KnowledgeGraph, Mapping4754, NearMiss
from output.snapshot import GRAPH_FILE, read_graph, snapshot
from tests.graph.sample import hostile, sample


def write(kg: KnowledgeGraph, folder: Path) -> Path:
    (folder / "text").mkdir()
    for source in kg.sources:
        (folder / "text" / source.file).write_text(source.raw, encoding="utf-8", newline="")
    (folder / GRAPH_FILE).write_text(snapshot(kg), encoding="utf-8", newline="")
    return folder


def with_every_field(kg: KnowledgeGraph) -> KnowledgeGraph:
    """The sample with a value in the fields that it leaves at their defaults."""
    first, second, *rest = kg.entities
    mapping = Mapping4754("C26", "closeMatch", 0.5, "name")
    first = dataclasses.replace(first, candidates=("1", "2"), mappings=(mapping,), unmapped="too broad")
    return dataclasses.replace(
        kg,
        entities=(first, second, *rest),
        near_misses=(NearMiss(first.id, second.id, "two governments", 0.8),),
        warnings=("a correction is stale",),
        base="https://example.org/id/",
    )


@pytest.mark.parametrize("kg", [sample(), hostile(), with_every_field(sample()), KnowledgeGraph((), (), (), ())])
def test_what_is_read_is_what_was_written(kg: KnowledgeGraph, tmp_path: Path) -> None:
    assert read_graph(write(kg, tmp_path)) == kg
    assert snapshot(read_graph(tmp_path)) == snapshot(kg)


def test_document_texts_are_not_repeated() -> None:
    kg = sample()
    quotes = [quote.exact for claim in kg.claims for quote in claim.evidence]
    assert len(quotes) > 10
    assert not any(quote in snapshot(kg) for quote in quotes)


def test_a_changed_text_is_refused(tmp_path: Path) -> None:
    kg = sample()
    path = write(kg, tmp_path) / "text" / kg.sources[0].file
    path.write_text(kg.sources[0].raw.replace("2020", "2021", 1), encoding="utf-8", newline="")
    with pytest.raises(FolderError, match="has changed since the graph was built"):
        read_graph(tmp_path)
    path.unlink()
    with pytest.raises(FolderError, match="is missing"):
        read_graph(tmp_path)


def test_no_graph_is_said_with_the_command_that_makes_one(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match="holds no built graph; run `plankg build -o"):
        read_graph(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"format": 1', '"format": 99', "another version"),
        ('"type":"District"', '"type":"Galaxy"', "is damaged"),
        ('"name":"', '"name":7,"nom":"', "is damaged"),
        ('"entities": [', '"entities": [3,', "is damaged"),
        ('"midong-plan"', '"../midong-plan"', "no document name"),
        ("}\n", "", "is damaged"),
    ],
)
def test_a_damaged_graph_is_refused(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(sample(), tmp_path) / GRAPH_FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new) if new else text[:-40], encoding="utf-8", newline="")
    with pytest.raises(FolderError, match=message):
        read_graph(tmp_path)


def test_the_same_graph_gives_the_same_bytes() -> None:
    digests = {hashlib.sha256(snapshot(sample()).encode()).hexdigest() for _ in range(3)}
    assert len(digests) == 1
