"""The tables hold general knowledge: no entry names a thing that one corpus document has to itself."""

from pathlib import Path

import pytest

from extract import lexicon
from extract.shared import TABLE
from ontology import divisions, industries, zones

CORPUS = Path(__file__).parents[2] / "corpus"
PREFECTURES = ("6501", "6540")  # those of the five documents
SINGLE = Path(__file__).parents[1] / "cases" / "lexicon_in_one_document.txt"


def _entries(name: str) -> list[str]:
    lines = (Path(lexicon.__file__).with_name("data") / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _corpus() -> dict[str, str]:
    return {path.stem: "".join(path.read_text(encoding="utf-8").split()) for path in sorted(CORPUS.glob("*.txt"))}


def _local_places() -> set[str]:
    """Return the names, full and short, of the corpus' own prefectures and all below them."""
    names = set()
    for division in divisions.divisions().values():
        if division.code.startswith(PREFECTURES):
            names |= {division.name, divisions.short_name(division)}
    return {name for name in names if len(name) >= 2}


@pytest.mark.parametrize("name", ["policies.txt", "schemes.txt", "industries.txt", "verbs.toml"])
def test_no_table_names_a_place_of_the_corpus(name: str) -> None:
    entries, places = _entries(name), _local_places()
    assert len(entries) > 100
    assert len(places) > 100
    assert [entry for entry in entries if any(place in entry for place in places)] == []


def test_entries_of_one_document_only_are_general_and_listed() -> None:
    """Entries that one corpus document alone has, and no public list, stand in a file that a person reads."""
    corpus = _corpus()
    assert len(corpus) == 5
    public = {entry.name for entry in industries.classification().values()}
    public |= {zone.name for zone in zones.zones()} | {name for name, _ in divisions.names()}
    found = []
    for name in ("policies.txt", "schemes.txt", "regions.txt", "industries.txt"):
        single = [e for e in _entries(name) if e not in public and sum(e in text for text in corpus.values()) == 1]
        found += [f"{name}\t{entry}" for entry in single]
    assert found == SINGLE.read_text(encoding="utf-8").splitlines()


def test_learned_names_are_those_of_two_documents_and_of_known_types() -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 300
    assert {kind for _, kind in rows} <= {"Dist", "Park", "Proj", "Faci", "Indu", "Poli", "Ente", "Inst", "Indi"}


def test_the_longest_entry_wins() -> None:
    text = "发展生物医药产业，位于米东区三道坝镇"
    hits = [(text[h.start : h.end], h.label) for h in lexicon.names().find(text)]
    assert hits == [("生物医药产业", "I"), ("米东区", "D6"), ("三道坝镇", "D9")]


def test_townships_go_without_their_class_word_at_home_only() -> None:
    text = "长山子与和平"
    at_home = [text[h.start : h.end] for h in lexicon.home_names("650109").find(text)]
    assert at_home == ["长山子"]
    assert list(lexicon.home_names("").find(text)) == []
    assert [h for h in lexicon.names().find("长山子") if h.end - h.start == 3] == []
