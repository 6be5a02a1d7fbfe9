"""Made-up documents: the truth points at their text, the seed decides every byte, and names resolve."""

import json
import os
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from extract.document import DocumentKind
from extract.errors import FolderError, PlankgError
from extract.reading import corpus_files, read_document
from extract.records import read_records
from graph.resolve import build_graph
from ontology.schema import EntityType, Predicate
from output.folder import MANIFEST, built_files
from output.synth.grammar import SLOT, grammar
from output.synth.nation import TRUTH, nation, write_nation
from output.synth.truth import extraction, truth_records
from output.synth.world import counties
from tests.cli import ROOT, command


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("synth") / "made-up"
    assert write_nation(4, out, seed=5, characters=4000) == 8
    return out


def test_the_truth_points_at_the_text(folder: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in corpus_files([folder])}
    kinds: Counter[str] = Counter()
    mentions: dict[tuple[str, int, int], str] = {}
    lines = (folder / TRUTH).read_text(encoding="utf-8").splitlines()
    for record in read_records(lines):
        kinds[record["record"]] += 1
        text = texts[record["doc"]]
        low, high = record["sentence"]
        if record["record"] == "mention":
            assert text[record["start"] : record["end"]] == record["text"]
            assert low <= record["start"] < record["end"] <= high
            mentions[record["doc"], record["start"], record["end"]] = record["entity"]
        elif record["record"] == "fact":
            assert text[low:high] == record["quote"]
            assert all((record["doc"], *side) in mentions for side in (record["subject"], record["object"]) if side)
        else:
            assert record["value"].removeprefix(">=") in text
            assert (record["doc"], *record["indicator"]) in mentions
    assert len(texts) == 8
    assert kinds["mention"] > 800
    assert kinds["fact"] > 500
    assert kinds["observation"] > 150


def test_readers_find_the_layouts_and_the_district(folder: Path) -> None:
    shapes: set[str] = set()
    for path in corpus_files([folder]):
        document = read_document(path)
        assert document.meta.code == path.stem[:6]
        shapes |= {s.number[:1] + s.number[-1:] for s in document.sections}
        if document.meta.kind is DocumentKind.PLAN:
            assert len(document.tables) == 1
            assert [len(row) for row in document.tables[0].rows] == [5] * len(grammar().measures)
            assert document.boxes
            assert all(len(box.items) >= 2 for box in document.boxes)
            assert not document.warnings
    assert shapes >= {"第章", "第节", "一、", "（）"}


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from output.synth.nation import write_nation\n"
        "write_nation(4, Path(sys.argv[1]), seed=5, characters=4000)"
    )
    changed = os.environ | {"PYTHONHASHSEED": "99", "LC_ALL": "C", "TZ": "Asia/Shanghai", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "again")], env=changed, check=True)
    names = sorted(p.name for p in folder.iterdir())
    assert names == sorted(p.name for p in (tmp_path / "again").iterdir())
    assert len(names) == 8 + 2
    for name in names:
        assert (folder / name).read_bytes() == (tmp_path / "again" / name).read_bytes()
    other = [made.draft.text for made in nation(4, seed=6, characters=4000)]
    assert other != [path.read_text(encoding="utf-8") for path in corpus_files([folder])]


def test_a_county_does_not_depend_on_the_others() -> None:
    few = {made.id: made.draft.text for made in nation(30, seed=2, characters=300)}
    many = {made.id: made.draft.text for made in nation(90, seed=2, characters=300)}
    shared = few.keys() & many.keys()
    assert shared
    assert all(few[id] == many[id] for id in shared)


def test_truth_becomes_one_entity_each_in_the_graph() -> None:
    """Names that the truth gives one thing are one entity; names of two things never are."""
    made = list(nation(12, seed=3, characters=3000))
    kg = build_graph([extraction(m.draft, m.id) for m in made])
    found = {(o.doc, o.span): entity.id for entity in kg.entities for o in entity.occurrences}
    truth: dict[tuple[str, EntityType], dict[str, Counter[str]]] = {}
    together: dict[str, set[str]] = defaultdict(set)
    for m in made:
        for named in m.draft.names:
            entity = found[m.id, named.span]
            thing = named.thing
            truth.setdefault(("", thing.type), defaultdict(Counter))[thing.key][entity] += 1
            together[entity].add(thing.key)
    things = [split for by_key in truth.values() for split in by_key.values()]
    whole = sum(len(split) == 1 for split in things) / len(things)
    pure = sum(len(keys) == 1 for keys in together.values()) / len(together)
    assert len(things) > 600
    assert whole >= 0.95, f"{whole:.3f} of {len(things)} things are one entity"
    assert pure >= 0.99, f"{pure:.3f} of {len(together)} entities are one thing"


def test_the_grammar_says_everything_that_the_graph_can_hold() -> None:
    patterns = [*grammar().sentences, *(item for box in grammar().boxes for item in box.items)]
    types = {kind for p in patterns for _, kind in SLOT.findall(p.text) if "|" not in kind}
    assert types == set(EntityType)
    said = {fact.predicate for p in patterns for fact in p.facts}
    assert set(Predicate) - said == {Predicate.PART_OF, Predicate.COOPERATES_WITH}
    assert {fact.status for p in patterns for fact in p.facts if fact.status} >= {
        "done",
        "ongoing",
        "planned",
        "sought",
    }


def test_a_truth_record_is_a_record_with_an_entity() -> None:
    made = next(iter(nation(1, characters=500)))
    found = list(truth_records(made.draft, made.id))
    assert found[0]["record"] == "document"
    assert all(("entity" in r) == (r["record"] == "mention") for r in found)
    assert json.loads(json.dumps(found)) == found


def test_the_command(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "made-up"
    done = command(capfd, "synth", "--counties", "1", "--characters", "400", "-o", out)
    assert (done.code, done.err) == (0, "")
    assert "2 documents of 1 counties" in done.out
    assert len(built_files(out)) == 3
    assert (out / MANIFEST).exists()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / TRUTH).write_text("mine", encoding="utf-8")
    assert command(capfd, "synth", "--counties", "1", "-o", tmp_path / "mine").code == 1
    assert (tmp_path / "mine" / TRUTH).read_text(encoding="utf-8") == "mine"


def test_too_many_counties_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PlankgError, match=f"has {len(counties())} counties"):
        write_nation(99_999, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(FolderError):
        write_nation(1, tmp_path / "file")
