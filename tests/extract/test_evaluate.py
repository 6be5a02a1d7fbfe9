"""Our scorer gives the figures of the gold passages' reference scorer, to the last digit."""

import json
import random
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from extract.errors import GoldError, RecordError
from extract.evaluate import errors, evaluate, normalise, number, summary
from extract.gold import Passage, parse_passages, read_passages
from extract.records import read_records

GOLD = Path(__file__).parents[1] / "gold" / "dev.jsonl"
TYPES = ["District", "Park", "Project", "Facility", "Industry", "Policy", "Enterprise", "Institution", "Indicator"]
PREDICATES = ["locatedIn", "partOf", "develops", "engagesIn", "plans", "implements", "supports", "cooperatesWith"]


# What the reference scorer of the gold passages says of the records made below, by name or seed:
# its result, and the digests of its error list and of its table.
EXPECTED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "cases" / "scorer.json").read_text(encoding="utf-8")
)
SEEDS = [name for name in EXPECTED if name.isdigit()]
PASSAGES = read_passages(GOLD)


def perfect_records(passage: Passage) -> list[dict[str, Any]]:
    """Turn gold into records: each side of a fact becomes the first mention with that surface."""
    place = {}
    for start, end, _ in reversed(passage.mentions):
        place[normalise(passage.text[start - passage.start : end - passage.start])] = [start, end]

    def side(surface: str) -> list[int] | None:
        return None if surface == "@doc" else place[normalise(surface)]

    out: list[dict[str, Any]] = [
        {"record": "mention", "doc": passage.doc, "start": m.start, "end": m.end, "type": m.type}
        for m in passage.mentions
    ]
    out += [
        {"record": "fact", "doc": passage.doc, "predicate": f.predicate, "status": f.status or None}
        | {"subject": side(f.subject), "object": side(f.object)}
        for f in passage.facts
    ]
    out += [
        {"record": "observation", "doc": passage.doc, "subject": side(o.subject), "indicator": side(o.indicator)}
        | {"value": o.value, "unit": o.unit, "period": o.period, "kind": o.kind}
        for o in passage.observations
    ]
    return out


def perturb(record: dict[str, Any], passage: Passage, rng: random.Random) -> list[dict[str, Any]]:
    """Return the record left out, doubled, moved, retyped or turned round, at random."""
    match rng.randrange(9):
        case 0:
            return []
        case 1:
            return [record, record]
        case 2:
            return [record | {"type": rng.choice(TYPES), "predicate": rng.choice(PREDICATES)}]
        case 3:
            return [record | {"status": rng.choice(["done", "ongoing", "planned", "sought", None])}]
        case 4:
            return [record | {"value": rng.choice(["35", "35.00", "≥1,0", ">= 90%", ""]), "unit": "亩", "kind": ""}]
        case 5 if record["record"] == "fact":
            return [record | {"subject": record["object"], "object": record["subject"]}]
        case 6:
            return [{k: _moved(v, passage, rng) if isinstance(v, list) else v for k, v in record.items()}]
        case 7 if record["record"] == "mention":
            start, end = _moved([record["start"], record["end"]], passage, rng)
            return [record | {"start": start, "end": end}]
    return [record]


def _moved(span: list[int], passage: Passage, rng: random.Random) -> list[int]:
    start = max(0, span[0] + rng.randint(-2, 2))
    end = max(start + 1, span[1] + rng.randint(-2, 2))
    return rng.choice([[start, end], [start, end], [passage.end - 1, passage.end + 3]])


def digest(lines: list[str]) -> str:
    return sha256("\n".join(lines).encode()).hexdigest()


def scored(records: list[dict[str, Any]], expected: dict[str, Any]) -> dict[str, Any]:
    """Score the records and compare result, error list and table with the reference's."""
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records)
    report = evaluate(PASSAGES, read_records(text.split("\n")))
    log = [line for j in report.judgements for line in errors(j)]
    assert report.as_dict() == expected["result"]
    assert (len(log), digest(log)) == (expected["errors"], expected["errors_sha256"])
    assert digest([*summary(report), ""]) == expected["table_sha256"]
    return report.as_dict()


def test_gold_scores_full_marks_on_itself() -> None:
    ours = scored([r for p in PASSAGES for r in perfect_records(p)], EXPECTED["perfect"])
    assert ours["passages"] == 39
    assert [ours[k]["gold"] for k in ("mentions_strict", "facts_strict", "observations")] == [460, 329, 37]
    assert [ours[k]["f1"] for k in ("mentions_strict", "facts_strict", "observations")] == [1.0, 1.0, 1.0]
    assert ours["status_accuracy"] == 1.0
    assert ours["observation_detail"] == {"unit": 1.0, "period": 1.0, "kind": 1.0}


def test_nothing_given_scores_nothing() -> None:
    assert scored([], EXPECTED["empty"])["mentions_strict"]["f1"] == 0.0


def test_there_are_twenty_perturbed_cases() -> None:
    assert len(SEEDS) == 20


@pytest.mark.parametrize("seed", SEEDS)
def test_perturbed_records_score_as_by_the_reference(seed: str) -> None:
    rng = random.Random(int(seed))
    records = [q for p in PASSAGES for r in perfect_records(p) for q in perturb(r, p, rng)]
    rng.shuffle(records)
    assert 0 < scored(records, EXPECTED[seed])["mentions_strict"]["f1"] < 1


@pytest.mark.parametrize(
    ("value", "plain"),
    [("1,200.50", "1200.5"), ("≥ 95 %", ">=95"), ("90％", "90"), ("3.00", "3"), ("100", "100"), ("≤3.880", "<=3.88")],
)
def test_number_forms(value: str, plain: str) -> None:
    assert number(value) == plain


GOOD = '{"record":"mention","doc":"a","start":0,"end":2,"type":"Park"}'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2 is no extraction record"),
        ("[1]", "must be a JSON object"),
        ('{"record":"mention","start":0,"end":2,"type":"Park"}', "the key 'doc' is missing"),
        ('{"record":"mention","doc":"a","start":0,"end":2,"type":"Parc"}', "'Parc' is not a valid EntityType"),
        ('{"record":"mention","doc":"a","start":5,"end":2,"type":"Park"}', "start/end"),
        ('{"record":"fact","doc":"a","predicate":"plans","subject":[1],"object":null}', "`subject` must be"),
        ('{"record":"fact","doc":"a","predicate":"eats","subject":null,"object":[1,2]}', "'eats' is not a valid"),
        ('{"record":"fact","doc":"a","predicate":"plans","subject":null,"object":[1,2],"status":"soon"}', "'soon'"),
        ('{"record":"observation","doc":"a","subject":null,"indicator":null,"value":"1"}', "`indicator` must be"),
        ('{"record":"observation","doc":"a","subject":null,"indicator":[1,2],"value":35}', "`value` must be a string"),
        ("[" * 100_000, "line 2"),
    ],
)
def test_wrong_records_are_refused_with_line_and_fix(line: str, message: str) -> None:
    with pytest.raises(RecordError, match=r"line 2") as raised:
        list(read_records([GOOD, line]))
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


def test_other_record_kinds_and_empty_lines_are_skipped() -> None:
    assert len(list(read_records(["", GOOD, '{"record":"document","doc":"a"}', "  ", "{}"]))) == 1


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("nonsense", "line 1 is no gold passage"),
        ('{"id":"x"}', "the key"),
        (
            '{"doc":"a","start":0,"end":9,"text":"短","entities":[],"facts":[],"observations":[]}',
            "text has 1 characters",
        ),
        (
            '{"doc":"a","start":0,"end":1,"text":"短","entities":[{"start":0,"end":7,"type":"Park"}],"facts":[],"observations":[]}',
            "lies outside 0..1",
        ),
    ],
)
def test_wrong_gold_is_refused(line: str, message: str) -> None:
    with pytest.raises(GoldError) as raised:
        list(parse_passages([line]))
    assert message in str(raised.value)


def test_gold_that_is_no_file_or_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n", encoding="utf-8")
    (tmp_path / "binary.jsonl").write_bytes(b"\xff\xfe\x00\x9f")
    for name in ("empty.jsonl", "binary.jsonl", "missing.jsonl"):
        with pytest.raises(GoldError, match=name):
            read_passages(tmp_path / name)
