"""The index of names finds every name by any of its characters, in one order, and by its pinyin."""

import os
import sqlite3
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.errors import GraphFileError
from graph.labels import GRADES, Bearer, LabelIndex
from graph.names import normalise
from graph.store import GraphStore
from ontology.divisions import divisions
from ontology.schema import EntityType
from tests.graph.sample import hostile, sample

KG = sample()
HOSTILE = hostile()
D, P, F = EntityType.DISTRICT, EntityType.PARK, EntityType.FACILITY
INDEX = LabelIndex(
    [
        Bearer("d-1", D, "米东区", ("米东", "乌鲁木齐市米东区"), 90),
        Bearer("p-1", P, "米东化工工业园", ("化工工业园",), 12),
        Bearer("p-2", P, "米东区工业园区", (), 3),
        Bearer("f-1", F, "第三中学", (), 5),
        Bearer("f-2", F, "轨道交通4号线", (), 7),
        Bearer("f-3", F, "G216线", (), 2),
        Bearer("i-1", EntityType.INDUSTRY, "化工", (), 1),
    ]
)


def found(words: str, type: EntityType | None = None, limit: int = 20) -> list[tuple[str, str]]:
    return [(each.id, each.how) for each in INDEX.search(words, type, limit)]


CASES = [
    ("米东", [("d-1", "exact"), ("p-1", "begins"), ("p-2", "begins")]),
    ("化工", [("i-1", "exact"), ("p-1", "begins")]),  # an alias of p-1 begins so
    ("工业园", [("p-1", "contains"), ("p-2", "contains")]),
    ("东化", [("p-1", "contains")]),
    ("米东 园区", [("p-2", "contains")]),
    ("园区 米东", [("p-2", "contains")]),
    ("“米东化工\n工业园”", [("p-1", "exact")]),
    ("三中", [("f-1", "contains")]),
    ("第三", [("f-1", "begins")]),
    ("轨道交通四号线", [("f-2", "exact")]),
    ("４号", [("f-2", "contains")]),
    ("g216", [("f-3", "begins")]),
    ("mdq", [("d-1", "pinyin"), ("p-2", "pinyin")]),
    ("MDHG", [("p-1", "pinyin")]),
    ("midongqu", [("d-1", "pinyin"), ("p-2", "pinyin")]),
    ("hggyy", [("p-1", "pinyin")]),
    ("区米", []),
    ("米区", []),
    ("", []),
    (" “” ", []),
]


@pytest.mark.parametrize(("words", "expected"), CASES)
def test_searches(words: str, expected: list[tuple[str, str]]) -> None:
    assert found(words) == expected


def test_type_and_limit() -> None:
    assert found("米东", P) == [("p-1", "begins"), ("p-2", "begins")]
    assert found("米东", limit=2) == found("米东")[:2]
    assert found("米东", limit=0) == []
    assert found("mdq", P) == [("p-2", "pinyin")]


def test_what_is_found_says_by_which_name() -> None:
    (park,) = INDEX.search("化工工业园", P)
    assert (park.name, park.label, park.how) == ("米东化工工业园", "化工工业园", "exact")
    assert [each.id for each in INDEX.exact("米 东 区")] == ["d-1"]
    assert [each.id for each in INDEX.exact("p-2")] == ["p-2"]
    assert INDEX.exact("米东区", P) == ()


def test_near_names_follow_what_is_found() -> None:
    assert next((each.id, each.how) for each in INDEX.near("米东工业园")) == ("p-1", "alike")
    near = INDEX.near("米东区")
    assert [each.how for each in near] == ["exact", "begins", "alike"]
    assert len({each.id for each in near}) == len(near)


def test_every_two_characters_of_every_name_find_it() -> None:
    tried = 0
    for kg in (KG, HOSTILE):
        for entity in kg.entities:
            for name in map(normalise, (entity.name, *entity.aliases)):
                for start in range(max(len(name) - 1, 1)):
                    part = name[start : start + 2]
                    if normalise(part) == part and part:
                        tried += 1
                        assert entity.id in {each.id for each in kg.labels.search(part, limit=200)}, part
    assert tried > 200


QUERIES = st.text(max_size=12) | st.text(alphabet='"*^:-()+ ANDORNEAT米东区01a\x00\ud800', max_size=30)


@settings(max_examples=60, deadline=None)
@given(QUERIES)
def test_any_text_may_be_searched(words: str) -> None:
    for index in (INDEX, HOSTILE.labels):
        first = index.search(words)
        assert first == index.search(words)
        order = [GRADES.index(each.how) for each in first]
        assert order == sorted(order)
        assert {each.id for each in index.exact(words)} <= {each.id for each in index.near(words)} | {words}


LABELS = st.text(alphabet="米东区县工业园一三第号线aB1 （“", min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LABELS, st.integers(0, 5)), max_size=12), LABELS)
def test_it_finds_what_a_plain_scan_finds(names: list[tuple[str, int]], words: str) -> None:
    bearers = [Bearer(f"x-{number}", D, name, (), weight) for number, (name, weight) in enumerate(names)]
    wanted = normalise(words)
    scanned = {b.id for b in bearers if wanted and wanted in normalise(b.name)}
    made = LabelIndex(bearers).search(words, limit=100)
    assert scanned <= {each.id for each in made}
    assert {b.id for b in bearers if wanted and wanted == normalise(b.name)} == {x.id for x in made if x.how == "exact"}
    assert made == LabelIndex(reversed(bearers)).search(words, limit=100)


def test_a_store_has_the_same_index() -> None:
    for kg in (KG, HOSTILE):
        store = GraphStore.of(kg)
        for words in ("工", "米东", "化工", "script", "hg"):
            assert store.labels.search(words) == kg.labels.search(words)


def test_it_is_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "labels.db"
    KG.labels.save(path)
    KG.labels.save(path)  # replaces it
    assert [p.name for p in tmp_path.iterdir()] == ["labels.db"]
    read = LabelIndex.load(path)
    for words in ("工", "化工", "mdq", "四号线"):
        assert read.search(words) == KG.labels.search(words)
    assert path.read_bytes() == _written_elsewhere(tmp_path / "again.db")


def _written_elsewhere(path: Path) -> bytes:
    code = (
        "import sys; from pathlib import Path; from tests.graph.sample import sample;"
        "sample().labels.save(Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, cwd=root, env=environment)
    return path.read_bytes()


def test_files_that_are_no_index(tmp_path: Path) -> None:
    with pytest.raises(GraphFileError, match="no such index"):
        LabelIndex.load(tmp_path / "none.db")
    (tmp_path / "text.db").write_text("not a database, but a long enough text to be taken for one" * 20)
    with pytest.raises(GraphFileError, match="cannot be read as an index of names"):
        LabelIndex.load(tmp_path / "text.db")
    sqlite3.connect(tmp_path / "other.db").executescript("CREATE TABLE t (x); PRAGMA user_version = 99;").close()
    with pytest.raises(GraphFileError, match="of this version"):
        LabelIndex.load(tmp_path / "other.db")
    sqlite3.connect(tmp_path / "bare.db").executescript("PRAGMA user_version = 1;").close()
    with pytest.raises(GraphFileError, match="no such table"):
        LabelIndex.load(tmp_path / "bare.db")


def test_threads_share_one_index() -> None:
    words = ["米东", "化工", "mdq", "区"] * 40
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(INDEX.search, words)) == [INDEX.search(each) for each in words]


def test_a_hit_among_all_county_names_takes_less_than_a_millisecond() -> None:
    bearers = [Bearer(d.code, D, d.name) for d in divisions().values() if len(d.code) == 6]
    assert len(bearers) > 2900
    index = LabelIndex(bearers)
    times = []
    for bearer in bearers[::30]:
        for words in (bearer.name, bearer.name[:2], bearer.name[-2:]):
            start = time.process_time()
            hits = index.search(words)
            times.append(time.process_time() - start)
            assert hits
    assert len(times) > 290
    assert statistics.median(times) < 0.001
