"""The commands that score, show, query, export and verify."""

import csv
import io
import json
from pathlib import Path

import pytest

import plankg
from graph.questions import questions
from output.cli.app import execute
from output.cli.export import FORMATS
from output.cli.terminal import printable
from tests.cli import PLAN, ROOT, command

Capture = pytest.CaptureFixture[str]


def test_extract_prints_records_with_the_stem(plan: Path, capfd: Capture) -> None:
    done = command(capfd, "extract", plan)
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert {line["doc"] for line in lines} == {"plan"}
    assert lines[0]["district"] == "米东区"
    mentions = [line for line in lines if line["record"] == "mention"]
    assert {PLAN[m["start"] : m["end"]] for m in mentions} >= {"石油化工", "旅游业", "地区生产总值"}


def test_evaluate_prints_the_scores(tmp_path: Path, built: Path, capfd: Capture) -> None:
    gold = tmp_path / "gold.jsonl"
    passages = [line for line in open_gold() if '"doc": "xinshi-report-2022"' in line]
    assert len(passages) > 1
    gold.write_text("".join(passages), encoding="utf-8")
    from_corpus = command(capfd, "evaluate", gold)
    from_records = command(capfd, "evaluate", gold, built / "records.jsonl", "--html", tmp_path / "errors.html")
    assert (from_corpus.code, from_records.code) == (0, 0)
    assert from_corpus.out.startswith("mentions_strict ")
    assert from_records.out.startswith(from_corpus.out)
    assert (tmp_path / "errors.html").stat().st_size > 3_000
    figures = json.loads(command(capfd, "evaluate", gold, built / "records.jsonl", "--json").out)
    assert figures["passages"] == len(passages)
    assert command(capfd, "evaluate", gold, built / "records.jsonl", "--errors").out.endswith(from_corpus.out)


def open_gold() -> list[str]:
    return (ROOT / "tests" / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)


def test_evaluate_says_when_gold_and_corpus_differ(tmp_path: Path, plan: Path, capfd: Capture) -> None:
    gold = tmp_path / "gold.jsonl"
    passage = {
        "id": "x",
        "doc": "plan",
        "start": 0,
        "end": 2,
        "text": "别的",
        "entities": [],
        "facts": [],
        "observations": [],
    }
    gold.write_text(json.dumps(passage), encoding="utf-8")
    assert "does not stand at 0..2" in command(capfd, "evaluate", gold, "--corpus", plan).complaint
    assert "is not in the corpus" in command(capfd, "evaluate", gold).complaint


# ------------------------------------------------------------------ show, query, examples, ask, export, verify


def test_show_gives_facts_with_their_sentences(built: Path, capfd: Capture) -> None:
    kg = plankg.load(built)
    claim = next(c for c in kg.claims if c.evidence and kg.by_id[c.subject].type == "Park")
    park, fact = kg.by_id[claim.subject], kg.by_id[claim.object]
    done = command(capfd, "show", park.name, "-g", built, "--quotes", "2", "--why")
    assert (done.code, done.err) == (0, "")
    for text in (park.name, "园区 Park", "Facts (", "IRI", kg.base + park.id, "Why one (", "Nearly joined"):
        assert text in done.out
    assert f"{claim.predicate} → {fact.name}" in done.out
    assert f"“{printable(claim.evidence[0].exact)}”" in done.out


def test_show_suggests_near_names(built: Path, capfd: Capture) -> None:
    done = command(capfd, "show", "甘泉堡经济开发", "-g", built)
    assert done.code == 1
    assert "similar names: " in done.complaint
    assert "甘泉堡经济技术开发区" in done.complaint


PARKS = "SELECT ?name WHERE { ?p a plan:Park ; rdfs:label ?name } ORDER BY ?name LIMIT 3"


def test_query_formats(built: Path, capfd: Capture) -> None:
    table = command(capfd, "query", PARKS, "-g", built)
    assert table.out.endswith("3 rows\n")
    rows = list(csv.DictReader(io.StringIO(command(capfd, "query", PARKS, "--format", "csv", "-g", built).out)))
    found = json.loads(command(capfd, "query", PARKS, "--format", "json", "-g", built).out)
    names = [row["name"]["value"] for row in found["results"]["bindings"]]
    assert [row["name"] for row in rows] == names
    assert len(names) == 3
    assert all(name in table.out for name in names)


def test_query_gives_triples_and_truth(built: Path, capfd: Capture) -> None:
    construct = "CONSTRUCT { ?p rdfs:label ?n } WHERE { ?p a plan:Park ; rdfs:label ?n } ORDER BY ?n LIMIT 3"
    turtle = command(capfd, "query", construct, "--format", "ttl", "-g", built)
    assert turtle.out.count("@zh") == 3
    assert command(capfd, "query", construct, "-g", built).out == turtle.out
    assert json.loads(command(capfd, "query", construct, "--format", "json", "-g", built).out)
    assert command(capfd, "query", "ASK { ?p a plan:Park }", "-g", built).out == "true\n"
    assert json.loads(command(capfd, "query", "ASK { }", "--format", "json", "-g", built).out)["boolean"] is True
    assert "CONSTRUCT" in command(capfd, "query", PARKS, "--format", "ttl", "-g", built).complaint
    assert "SELECT" in command(capfd, "query", construct, "--format", "csv", "-g", built).complaint


@pytest.mark.parametrize(
    ("sparql", "sentence"),
    [
        ("SELECT ?x WHERE { ?x a plan:Park", "line 1"),
        ("", "the query is empty"),
        ("DELETE WHERE { ?s ?p ?o }", "read-only"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "SERVICE is not allowed"),
        ("SELECT ?x { ?x a nix:Park }", "prefix"),
    ],
)
def test_a_wrong_query_is_explained(sparql: str, sentence: str, built: Path, capfd: Capture) -> None:
    done = command(capfd, "query", sparql, "-g", built)
    assert done.code == 1
    assert sentence in done.complaint


def test_a_query_is_checked_before_it_runs(built: Path, capfd: Capture) -> None:
    crossing = "SELECT (COUNT(*) AS ?k) { ?p a plan:Park . ?q a plan:Project FILTER(STRLEN(STR(foaf:x)) > 0) }"
    done = command(capfd, "query", crossing, "-g", built)
    assert done.code == 0
    assert done.err.startswith("note: the parts with ?p and ?q share no variable")
    assert "没有共同变量" in done.err
    silent = command(capfd, "query", PARKS, "--no-check", "-g", built)
    assert (silent.code, silent.err) == (0, "")
    assert silent.out == command(capfd, "query", PARKS, "-g", built).out
    assert "foaf" in command(capfd, "query", "ASK { ?x foaf:name ?y }", "--no-check", "-g", built).complaint


def test_query_from_a_file(tmp_path: Path, built: Path, capfd: Capture) -> None:
    (tmp_path / "q.rq").write_text(PARKS, encoding="utf-8")
    assert command(capfd, "query", "-f", tmp_path / "q.rq", "-g", built).out.endswith("3 rows\n")
    (tmp_path / "bad.rq").write_bytes(b"\xff\xfe\xff")
    assert "not UTF-8" in command(capfd, "query", "-f", tmp_path / "bad.rq", "-g", built).complaint


def test_verify_passes_and_catches_a_changed_character(tmp_path: Path, plan: Path, capfd: Capture) -> None:
    out = tmp_path / "out"
    command(capfd, "build", plan, "-o", out)
    assert command(capfd, "verify", out).code == 0
    text = out / "text" / "plan.txt"
    text.write_text(PLAN.replace("500亿元", "600亿元"), encoding="utf-8")
    done = command(capfd, "verify", out)
    assert done.code == 1
    assert "plan" in done.out
    assert "problems in" in done.complaint


def test_examples_list_every_question_in_both_languages(capfd: Capture) -> None:
    done = command(capfd, "examples", "--sparql")
    assert done.code == 0
    assert len(questions()) >= 12
    for question in questions().values():
        for text in (f"{question.name}\n", question.wording("zh"), question.wording("en"), "SELECT"):
            assert text in done.out


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_ask_binds_parameters(form: str, built: Path, capfd: Capture) -> None:
    for arguments in (["--district", "新市区"], ["--district=新市区"]):
        done = command(capfd, "ask", "district-industries", *arguments, "--format", form, "-g", built)
        assert (done.code, done.err) == (0, "")
        assert "产业" in done.out
    default = command(capfd, "ask", "district-industries", "--format", form, "-g", built)
    assert default.out != done.out
    assert command(capfd, "query", "-e", "district-industries", "--format", "csv", "-g", built).code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["parks-by-distric"], 1, "did you mean parks-by-district"),
        (["parks-by-district", "--district", "火星区"], 1, "does not fit the parameter 'district'"),
        (["parks-by-district", "--planet", "火星"], 1, "has no parameter 'planet'"),
        (["parks-by-district", "--district"], 2, "--district needs a value"),
        (["parks-by-district", "district", "火星"], 2, "give parameters as --name value"),
        (["parks-by-district", "--district", "} DROP ALL {"], 1, "does not fit"),
    ],
)
def test_a_wrong_question_is_explained(
    arguments: list[str], code: int, sentence: str, built: Path, capfd: Capture
) -> None:
    done = command(capfd, "ask", *arguments, "-g", built)
    assert done.code == code
    assert sentence in done.err
    assert "Traceback" not in done.err


def test_ask_shows_the_query(capfd: Capture) -> None:
    assert command(capfd, "ask", "parks-by-district", "--sparql").out == questions()["parks-by-district"].sparql


@pytest.mark.parametrize("form", FORMATS)
def test_export_writes_every_format(form: str, tmp_path: Path, built: Path, capfd: Capture) -> None:
    out = tmp_path / "out"
    done = command(capfd, "export", "--format", form, "-o", out, "-g", built)
    assert (done.code, done.err) == (0, "")
    written = [p for p in (out.rglob("*") if out.is_dir() else [out]) if p.is_file()]
    assert len(written) == (3 if form in ("csv", "parquet") else 1)
    assert all(path.stat().st_size > 500 for path in written)


def test_export_to_standard_output_equals_the_file(built: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert execute(["export", "--format", "ttl", "-g", str(built)]) == 0
    assert capfdbinary.readouterr().out == (built / "graph.ttl").read_bytes()


def test_export_of_several_files_needs_a_folder(built: Path, capfd: Capture) -> None:
    done = command(capfd, "export", "--format", "csv", "-g", built)
    assert done.code == 2
    assert "name a folder with -o" in done.err
    assert "choose one of ttl" in command(capfd, "export", "--format", "doc", "-g", built).err


def test_corrections_are_listed_and_replayed(tmp_path: Path, plan: Path, capfd: Capture) -> None:
    out, table = tmp_path / "out", tmp_path / "doubts.csv"
    assert command(capfd, "build", plan, "-o", out).code == 0
    assert command(capfd, "review", "-g", out, "-o", table, "--html", tmp_path / "doubts.html").code == 0
    assert "<html" in (tmp_path / "doubts.html").read_text(encoding="utf-8")
    assert table.read_text(encoding="utf-8-sig").startswith("action,target,value,")
    assert "name another file" in command(capfd, "review", "-g", out, "-o", table).complaint
    entity = next(e for e in plankg.load(out).entities if e.name == "旅游业")
    rows = [{"action": "rename", "target": entity.id, "value": "文化旅游业"}, {"action": "accept", "target": "claim-0"}]
    with (tmp_path / "review.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["action", "target", "value"])
        writer.writeheader()
        writer.writerows(rows)
    done = command(capfd, "build", plan, "-o", out, "--review", tmp_path / "review.csv")
    assert done.code == 0
    assert "accept claim-0 not applied" in done.out
    assert plankg.load(out).by_id[entity.id].name == "文化旅游业"
    (tmp_path / "bad.csv").write_text("action,target\nfly,x\n", encoding="utf-8")
    assert "line 2" in command(capfd, "build", plan, "-o", out, "--review", tmp_path / "bad.csv").complaint


def test_a_question_in_own_words_says_how_it_was_taken(built: Path, capfd: Capture) -> None:
    done = command(capfd, "ask", "米东区发展哪些产业？", "-g", built)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("district-industries: 米东区发展哪些产业")
    assert questions()["district-industries"].sparql in done.out
    named = command(capfd, "ask", "district-industries", "--district", "米东区", "-g", built)
    assert done.out.endswith(named.out.split("\n", 2)[2])
    nothing = command(capfd, "ask", "今天天气怎么样？", "-g", built)
    assert nothing.code == 1
    assert nothing.complaint.startswith("no ready question fits")
