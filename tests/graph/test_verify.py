"""Verification: what is sound passes, and a changed character is seen wherever it changes something."""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse, serialize

from extract.errors import GraphFileError
from extract.span import Span
from graph.digest import DIGEST, graph_digest
from graph.model import KnowledgeGraph
from graph.rdf import quads, triples
from graph.reification import to_rdf12
from graph.terms import integer, term, text
from graph.verify import Problem, check, check_triples, verify
from output.turtle import write_turtle, write_turtle12
from tests.graph.sample import MIDONG, hostile, rich, sample


def build(kg: KnowledgeGraph, folder: Path) -> Path:
    write_turtle(kg, folder / "graph.ttl")
    for source in kg.sources:
        path = folder / "text" / source.file
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(source.raw.encode())
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(rich(), tmp_path)


@pytest.mark.parametrize("make", [sample, rich, hostile])
def test_a_sound_graph_has_no_problems(make: Callable[[], KnowledgeGraph], tmp_path: Path) -> None:
    kg = make()
    report = check(build(kg, tmp_path))
    assert report.problems == ()
    assert report.warnings == ()
    assert report.checked["documents"] == len(kg.sources)
    assert report.checked["mentions"] == sum(len(e.occurrences) for e in kg.entities)
    quotes = {q for s in (*kg.claims, *kg.observations) for q in s.evidence}
    assert report.checked["quotes"] == len(quotes)
    assert verify(tmp_path) == []


@pytest.mark.parametrize("ending", ["ttl", "nt", "nq", "trig", "rdf", "jsonld"])
def test_a_file_alone_with_the_texts_is_enough(ending: str, folder: Path) -> None:
    path = folder / f"copy.{ending}"
    kind = RdfFormat.from_extension(ending)
    assert kind is not None
    (folder / "graph.ttl").unlink()
    serialize(quads(rich()) if ending in ("nq", "trig") else triples(rich()), str(path), kind)
    assert check(path).problems == ()


def test_rdf_12_is_verified_as_well(folder: Path) -> None:
    write_turtle12(rich(), folder / "new.ttl")
    assert check(folder / "new.ttl").problems == ()
    serialize(to_rdf12(triples(rich())), str(folder / "new.nt"), RdfFormat.N_TRIPLES)
    assert check(folder / "new.nt").problems == ()


def test_texts_may_lie_elsewhere(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("texts")
    shutil.move(folder / "text", elsewhere / "text")
    assert {p.check for p in check(folder, shapes=False).problems} == {"text"}
    assert check(folder, elsewhere, shapes=False).problems == ()


def test_any_changed_character_of_a_text_is_seen(folder: Path) -> None:
    path = folder / "text" / f"{MIDONG}.txt"
    raw = path.read_text(encoding="utf-8")
    tried = 0
    for index in range(0, len(raw), 41):
        path.write_text(raw[:index] + ("甲" if raw[index] != "甲" else "乙") + raw[index + 1 :], encoding="utf-8")
        problems = check(folder, shapes=False).problems
        assert [p.check for p in problems] == ["text"]
        assert "was changed" in problems[0].message
        tried += 1
    assert tried >= 8


def test_any_changed_character_of_the_graph_is_seen(folder: Path) -> None:
    """A change is seen unless it changes no triple (white space, a comment, an unused prefix)."""
    path = folder / "graph.ttl"
    data = path.read_text(encoding="utf-8")
    graph = {q.triple for q in parse(data.encode(), RdfFormat.TURTLE)}
    rng = random.Random(7)
    seen = unchanged = 0
    for index in rng.sample(range(len(data)), 120):
        other = rng.choice('x0 "<>.;区\\\n')
        path.write_text(data[:index] + other + data[index + 1 :], encoding="utf-8")
        if check(folder, shapes=False).problems:
            seen += 1
        else:
            assert {q.triple for q in parse(path.read_bytes(), RdfFormat.TURTLE)} == graph
            unchanged += 1
    assert seen + unchanged == 120
    assert seen > 95


def forged(change: Callable[[Triple], Triple | None], folder: Path, **options: bool) -> list[Problem]:
    """Return the problems of the sample with changed triples and a digest that fits them."""
    graph = [t for t in (change(t) for t in triples(rich())) if t is not None and t.predicate != DIGEST]
    dataset = NamedNode("https://w3id.org/plankg/id/dataset")
    graph.append(Triple(dataset, DIGEST, text(graph_digest(graph))))
    return list(check_triples(graph, folder, **options).problems)


def test_a_moved_quote_is_seen(folder: Path) -> None:
    def later(t: Triple) -> Triple:
        moved = t.predicate == term("oa:start") and "/position/" in str(t.subject) and t.object != integer(0)
        return Triple(t.subject, t.predicate, integer(int(t.object.value) + 1)) if moved else t  # type: ignore[union-attr]

    problems = forged(later, folder, shapes=False)
    assert {p.check for p in problems} == {"quote"}
    assert len(problems) == 26
    assert "reads" in problems[0].message


def test_a_changed_quote_is_seen(folder: Path) -> None:
    def other(t: Triple) -> Triple:
        hit = t.predicate == term("oa:exact") and t.object == text("实施旅游兴疆战略")
        return Triple(t.subject, t.predicate, text("取消旅游兴疆战略")) if hit else t

    (problem,) = forged(other, folder, shapes=False)
    assert problem.check == "quote"
    assert "reads '实施旅游兴疆战略', not '取消旅游兴疆战略'" in problem.message


def test_a_changed_mention_is_seen(folder: Path) -> None:
    def other(t: Triple) -> Triple:
        hit = t.predicate == term("oa:exact") and t.object == text("兵团第六师")
        return Triple(t.subject, t.predicate, text("兵团第七师")) if hit else t

    (problem,) = forged(other, folder, shapes=False)
    assert (problem.check, "reads '兵团第六师'" in problem.message) == ("mention", True)


def test_a_clean_form_of_other_characters_is_seen(tmp_path: Path) -> None:
    kg = sample()
    entity = kg.entities[0]
    wrong = replace(entity, occurrences=tuple(replace(o, surface="别的名称") for o in entity.occurrences))
    problems = check(build(replace(kg, entities=(wrong, *kg.entities[1:])), tmp_path)).problems
    assert {p.check for p in problems} == {"mention"}
    assert "is not made of" in problems[0].message


def test_edges_and_claims_need_each_other(folder: Path) -> None:
    implements = term("plan:implements")
    lost_edge = forged(lambda t: None if t.predicate == implements else t, folder, shapes=False)
    assert [p.check for p in lost_edge] == ["edge"] * 3
    assert "does not hold as a direct triple" in lost_edge[0].message
    lost_claims = forged(
        lambda t: None if t.predicate == term("rdf:predicate") and t.object == implements else t, folder, shapes=False
    )
    assert {p.message for p in lost_claims} == {"has a direct relation without a claim that says it"}


def test_evidence_of_another_document_is_seen(folder: Path) -> None:
    urumqi = NamedNode("https://w3id.org/plankg/id/doc/urumqi-plan")
    midong = NamedNode(f"https://w3id.org/plankg/id/doc/{MIDONG}")
    swapped = forged(
        lambda t: (
            Triple(t.subject, t.predicate, midong)
            if t.predicate == term("prov:wasDerivedFrom") and t.object == urumqi
            else t
        ),
        folder,
        shapes=False,
    )
    assert {(p.check, p.message) for p in swapped} == {
        ("quote", "rests on evidence from another document than its own")
    }
    assert len(swapped) == 6


def test_words_that_mean_another_entity_are_seen(folder: Path) -> None:
    kg = rich()
    claim = next(c for c in kg.claims if c.evidence and c.evidence[0].subject)
    wrong = next(e for e in kg.entities if e.id not in (claim.subject, claim.object)).id
    span = claim.evidence[0].subject
    right = kg.by_id[claim.subject]
    found = [o for o in right.occurrences if o.span == span]
    assert len(found) == 1

    def change(t: Triple) -> Triple:
        hit = t.predicate == term("plan:refersTo") and str(t.subject).endswith(f"-{span.start}-{span.end}>")  # type: ignore[union-attr]
        return Triple(t.subject, t.predicate, NamedNode(f"{kg.base}{wrong}")) if hit else t

    problems = forged(change, folder, shapes=False)
    assert problems
    assert {p.message for p in problems} == {"names words for a side of a claim that refer to another entity"}


def test_shapes_are_part_of_it(folder: Path) -> None:
    problems = forged(lambda t: None if t.predicate == term("plan:status") else t, folder)
    assert problems == []  # a status is not required
    problems = forged(lambda t: None if t.predicate == term("plan:confidence") else t, folder)
    assert {p.check for p in problems} == {"shape"}
    assert "a confidence lies between 0 and 1 / 置信度须在 0 与 1 之间" in problems[0].message


def test_warnings_are_apart(tmp_path: Path) -> None:
    kg = sample()
    nameless = replace(kg.sources[0], meta=replace(kg.sources[0].meta, district="和田市", code="653201"))
    report = check(build(replace(kg, sources=(nameless, kg.sources[1])), tmp_path))
    assert report.problems == ()
    assert [w.where for w in report.warnings] == [f"doc:{MIDONG}"]


def test_a_graph_without_a_digest_or_with_two(folder: Path) -> None:
    bare = [t for t in triples(rich()) if t.predicate != DIGEST]
    assert [p.check for p in check_triples(bare, folder, shapes=False).problems] == ["digest"]
    doubled = [*triples(rich()), Triple(NamedNode("http://a/b"), DIGEST, text("sha256:0"))]
    assert [p.check for p in check_triples(doubled, folder, shapes=False).problems] == ["digest"]


def test_texts_outside_the_folder_are_not_read(folder: Path) -> None:
    secret = folder.parent / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    problems = forged(
        lambda t: Triple(t.subject, t.predicate, text("../secret.txt")) if t.predicate == term("plan:file") else t,
        folder,
        shapes=False,
    )
    assert [p.check for p in problems] == ["text", "text"]
    assert "lies outside" in problems[0].message


def test_files_that_cannot_be_read(folder: Path) -> None:
    with pytest.raises(GraphFileError, match="run `plankg build` first"):
        verify(folder / "nowhere")
    (folder / "graph.ttl").write_text("@prefix plan: <x> . plan:a plan:b", encoding="utf-8")
    (problem,) = verify(folder)
    assert problem.check == "file"
    assert str(problem).startswith("file: ")


def test_missing_parts_of_evidence_are_seen(folder: Path) -> None:
    problems = forged(
        lambda t: None if t.predicate == term("oa:exact") and "/quote/" in str(t.subject) else t, folder, shapes=False
    )
    assert len(problems) == 26
    assert {p.check for p in problems} == {"quote"}
    assert Span(0, 1).of("区") == "区"
