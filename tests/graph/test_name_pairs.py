"""Measured on 221 pairs of names from the five documents, judged by reading them."""

import csv
from collections import Counter, defaultdict
from functools import lru_cache

from graph.model import KnowledgeGraph
from graph.resolve import build_graph
from ontology.schema import EntityType
from tests.graph.goldextract import ROOT, corpus_extraction

PAIRS = ROOT / "tests" / "cases" / "name_pairs.csv"


@lru_cache(maxsize=1)
def pairs() -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def graph_of_pairs() -> KnowledgeGraph:
    names: dict[str, set[tuple[EntityType, str]]] = defaultdict(set)
    for row in pairs():
        names[row["doc"]].add((EntityType(row["type"]), row["name"]))
        names[row["other_doc"]].add((EntityType(row["other_type"]), row["other_name"]))
    return build_graph(corpus_extraction(doc, sorted(found)) for doc, found in sorted(names.items()))


def judged() -> list[tuple[dict[str, str], bool]]:
    """Return each pair with what the resolver says; a surface is looked up with its type where it can be."""
    where: dict[tuple[str, str], dict[EntityType, str]] = defaultdict(dict)
    for entity in graph_of_pairs().entities:
        for seen in entity.occurrences:
            where[seen.doc, seen.surface][entity.type] = entity.id

    def find(doc: str, kind: str, name: str) -> str:
        found = where[doc, name.replace(" ", "")]
        return found[EntityType(kind)] if EntityType(kind) in found else next(iter(found.values()))

    return [
        (r, find(r["doc"], r["type"], r["name"]) == find(r["other_doc"], r["other_type"], r["other_name"]))
        for r in pairs()
    ]


def test_precision_and_recall_on_the_hand_written_pairs() -> None:
    results = judged()
    assert len(results) == 221
    counts = Counter((row["same"] == "yes", merged) for row, merged in results)
    wrong = [
        f"{r['doc']} {r['name']} = {r['other_doc']} {r['other_name']}" for r, m in results if m and r["same"] == "no"
    ]
    missed = [
        f"{r['doc']} {r['name']} = {r['other_doc']} {r['other_name']}"
        for r, m in results
        if not m and r["same"] == "yes"
    ]
    precision = counts[True, True] / (counts[True, True] + counts[False, True])
    recall = counts[True, True] / (counts[True, True] + counts[True, False])
    assert precision >= 0.98, wrong
    assert recall >= 0.92, missed
