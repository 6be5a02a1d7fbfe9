"""Training from annotated passages: a model learns what it is shown, the same way each time."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from extract.chain import ChainModel
from extract.errors import GoldError
from extract.gold import Passage, parse_passages, read_passages
from extract.layout import lay_out
from extract.reading import corpus_files, read_document
from extract.tagger import decode
from extract.training import (
    fit,
    gold_mentions,
    read_by_offsets,
    relation_examples,
    sentences_in,
    tagger_examples,
)

TEXT = "第一章 产业\n\n建设甲乙工业园，发展石油\n\n化工。"
LINE = {
    "id": "demo-1",
    "doc": "demo",
    "start": 8,
    "end": len(TEXT),
    "text": TEXT[8:],
    "entities": [
        {"start": 10, "end": 15, "text": "甲乙工业园", "type": "Park"},
        {"start": 18, "end": 24, "text": "石油\n\n化工", "type": "Industry"},
    ],
    "facts": [
        {"predicate": "plans", "subject": "@doc", "object": "甲乙工业园", "status": "planned"},
        {"predicate": "develops", "subject": "@doc", "object": "石油化工", "status": ""},
    ],
    "observations": [],
}
GOLD = Path(__file__).parents[1] / "gold"


def _passage() -> Passage:
    return next(parse_passages([json.dumps(LINE, ensure_ascii=False)]))


def test_labels_cross_a_line_break_inside_a_name() -> None:
    document = lay_out(TEXT, id="demo", district="米东区")
    (example,) = tagger_examples(document, _passage(), ())
    features, labels = example
    assert len(features) == len(labels) == len("建设甲乙工业园，发展石油化工。")
    assert decode(labels) == [(2, 7, "Park"), (10, 14, "Industry")]


def test_sentences_outside_a_passage_are_not_used() -> None:
    document = lay_out(TEXT, id="demo", district="米东区")
    assert [s.text.clean for s, *_ in sentences_in(document, _passage())] == ["建设甲乙工业园，发展石油化工。"]


def test_relation_examples_carry_the_facts() -> None:
    document = lay_out(TEXT, id="demo", district="米东区")
    ((objects, pairs),) = relation_examples(document, _passage())
    assert [labels for _, labels in objects] == [["plans:planned", "develops"]]
    assert [labels for _, labels in pairs] == [["none"]]
    assert [m.surface for m in gold_mentions(document, _passage())] == ["甲乙工业园", "石油化工"]


def test_a_fitted_model_repeats_its_examples_and_is_the_same_each_time(tmp_path: Path) -> None:
    examples = [([["a"], ["b"], ["c"]], ["O", "B-Park", "E-Park"]), ([["c"], ["d"]], ["O", "S-Park"])] * 3
    setting = {"c1": 0.01, "c2": 0.01, "max_iterations": 50, "feature.possible_transitions": True}
    for name in ("one.npz", "two.npz"):
        fit(examples, tmp_path / name, [setting], structured=True)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    model = ChainModel.load(tmp_path / "one.npz")
    decoded = model.decode([model.emissions(features) for features, _ in examples])
    assert [d.labels for d in decoded] == [labels for _, labels in examples]


BY_OFFSETS = {k: v for k, v in LINE.items() if k != "text"} | {
    "entities": [{"start": 10, "end": 15, "type": "Park"}, {"start": 18, "end": 24, "type": "Industry"}],
    "facts": [
        {"predicate": "plans", "subject": None, "object": [10, 15], "status": "planned"},
        {"predicate": "develops", "subject": None, "object": [18, 24], "status": ""},
    ],
}


def _write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_offsets_alone_are_refused_with_another_text(tmp_path: Path) -> None:
    first = {"doc": "demo", "sha256": sha256(TEXT.encode()).hexdigest()}
    gold = _write(tmp_path / "gold.jsonl", first, BY_OFFSETS)
    (tmp_path / "demo.txt").write_bytes(TEXT.replace("第一章 产业", "米东区发展规划").encode())
    with pytest.raises(GoldError, match="is not the text that was annotated"):
        read_by_offsets(gold, tmp_path)


def test_passages_are_read_by_offsets_with_their_document(tmp_path: Path) -> None:
    gold = _write(tmp_path / "gold.jsonl", {"doc": "demo", "district": "米东区", "raw": TEXT}, BY_OFFSETS)
    ((passage,), documents) = read_by_offsets(gold)
    expected = _passage()
    assert passage.mentions == expected.mentions
    assert [(f.subject, f.object) for f in passage.facts] == [("@doc", "甲乙工业园"), ("@doc", "石油\n\n化工")]
    assert [(d.id, d.raw, d.meta.district) for d in documents.values()] == [("demo", TEXT, "米东区")]


def test_the_annotations_of_the_bundled_documents_are_those_of_their_text() -> None:
    passages = read_passages(GOLD / "train.jsonl")
    dev = read_passages(GOLD / "dev.jsonl")
    assert len(passages) > 350
    taken = {(p.doc, offset) for p in dev for offset in range(p.start, p.end)}
    corpus = GOLD.parents[1] / "corpus"
    texts = {name: (corpus / f"{name}.txt").read_text(encoding="utf-8") for name in {p.doc for p in passages}}
    assert len(texts) == 5
    for passage in passages:
        assert texts[passage.doc][passage.start : passage.end] == passage.text
        assert not taken & {(passage.doc, offset) for offset in range(passage.start, passage.end)}


def test_annotations_of_other_places_hold_no_text() -> None:
    lines = [json.loads(line) for line in (GOLD / "train-elsewhere.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sum("sha256" in line for line in lines) == 10
    passages = [line for line in lines if "entities" in line]
    assert len(passages) > 300
    assert all("text" not in line for line in passages)
    assert all("text" not in mention for line in passages for mention in line["entities"])


def test_what_was_written_for_the_training_is_of_many_other_places() -> None:
    passages, documents = read_by_offsets(GOLD / "train-written.jsonl")
    assert len(passages) > 300
    assert len({document.meta.district for document in documents.values()}) > 50
    bundled = {read_document(path).meta.district for path in corpus_files()}
    assert len(bundled) == 5
    assert not bundled & {document.meta.district for document in documents.values()}
