import random
from dataclasses import replace
from pathlib import Path

import pytest

from extract.document import Document
from extract.extraction import Extraction
from graph.cache import ExtractionCache, code_version, decode, encode
from graph.resolve import build_graph
from output.snapshot import snapshot
from tests.graph.goldextract import gold_extractions
from tests.graph.synthetic import corpus


def test_an_extraction_comes_back_exactly() -> None:
    extractions = gold_extractions()
    assert sum(len(e.facts) for e in extractions) > 300
    for extraction in extractions:
        assert decode(encode(extraction), extraction.document) == extraction


def test_the_second_time_nothing_is_extracted(tmp_path: Path) -> None:
    calls = []
    (extraction, *_) = gold_extractions()

    def extractor(document: Document) -> Extraction:
        calls.append(document.id)
        return extraction

    for _ in range(2):
        assert ExtractionCache(tmp_path, "fast").extraction(extraction.document, extractor) == extraction
    assert calls == [extraction.document.id]


@pytest.mark.parametrize("change", ["text", "district", "tier", "version"])
def test_whatever_the_result_depends_on_is_part_of_the_key(tmp_path: Path, change: str) -> None:
    (extraction, *_) = gold_extractions()
    document = extraction.document
    ExtractionCache(tmp_path, "fast", "1").put(extraction)
    if change == "text":
        document = replace(document, sha256="0" * 64)
    if change == "district":
        document = replace(document, meta=replace(document.meta, district="别处"))
    cache = ExtractionCache(tmp_path, "best" if change == "tier" else "fast", "2" if change == "version" else "1")
    assert cache.get(document) is None
    assert ExtractionCache(tmp_path, "fast", "1").get(extraction.document) == extraction


@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\xfe", b"[1,2", b"half"])
def test_a_damaged_entry_is_ignored(tmp_path: Path, damage: bytes) -> None:
    (extraction, *_) = gold_extractions()
    cache = ExtractionCache(tmp_path, "fast", "1")
    cache.put(extraction)
    (path,) = tmp_path.glob("*.json")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] if damage == b"half" else damage)
    assert cache.get(extraction.document) is None


def test_pruning_removes_what_was_not_used(tmp_path: Path) -> None:
    first, second, *_ = gold_extractions()
    ExtractionCache(tmp_path, "fast", "1").put(first)
    cache = ExtractionCache(tmp_path, "fast", "1")
    cache.put(second)
    assert cache.prune() == 1
    assert cache.get(first.document) is None
    assert cache.get(second.document) == second


def test_the_version_is_a_hash_of_the_code() -> None:
    assert len(code_version()) == 64
    assert code_version() == code_version()


@pytest.mark.parametrize("seed", range(4))
def test_random_changes_of_the_corpus_give_the_same_graph_as_from_scratch(tmp_path: Path, seed: int) -> None:
    """Documents are added, changed and removed; each build through the cache equals a fresh one."""
    rng = random.Random(seed)
    stock = {e.document.id: e for e in corpus(6, 600, seed)}
    changed = {e.document.id: e for e in corpus(6, 540, seed + 100)}
    current: dict[str, Extraction] = {}
    extracted = steps = 0
    for _ in range(8):
        id = rng.choice(sorted(stock))
        action = rng.choice(["add", "change", "remove"])
        if action == "remove":
            current.pop(id, None)
        else:
            current[id] = (stock if action == "add" else changed)[id]
        cache = ExtractionCache(tmp_path, "fast", "1")
        fresh = list(current.values())
        before = extracted

        def extractor(document: Document, known: dict[str, Extraction] = current) -> Extraction:
            nonlocal extracted
            extracted += 1
            return known[document.id]

        kept = [cache.extraction(e.document, extractor) for e in fresh]
        assert extracted - before <= 1
        assert snapshot(build_graph(kept)) == snapshot(build_graph(fresh))
        steps += 1
    assert steps == 8
