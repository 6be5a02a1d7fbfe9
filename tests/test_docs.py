"""The documentation tells the truth: names, options and files exist, examples run."""

import json
import re
import shlex
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

import plankg
from extract.corpus import Entry
from extract.formats.reader import SUFFIXES
from graph.corrections import COLUMNS, Action
from ontology.schema import EntityType, Kind, Predicate, Status
from output.building import CONTENTS
from output.cli.app import app
from output.cli.reference import reference
from output.folder import MANIFEST
from tests.cli import PLAN, ROOT, command
from tests.store import running_store

Capture = pytest.CaptureFixture[str]
READMES = ["README.md", "README.zh-CN.md"]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "corpus" / "README.md"])
COMMANDS = [info.callback.__name__ for info in app.registered_commands if info.callback]


def read(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", read(page), re.DOTALL | re.MULTILINE)


def test_the_command_line_reference_is_that_of_the_commands() -> None:
    assert read("docs/cli.md") == reference(), "run `make docs`"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str, capfd: Capture) -> None:
    chapter = read("docs/cli.md").split(f"\n## plankg {name}\n")[1].split("\n## ")[0]
    options = set(re.findall(r"--[a-z-]+", command(capfd, name, "--help").out)) - {"--help"}
    assert options <= set(re.findall(r"--[a-z-]+", chapter))


@pytest.mark.parametrize("page", READMES)
def test_the_readmes_name_everything(page: str) -> None:
    text = read(page)
    words = [*EntityType, *Predicate, *Status, *Kind, *(name for name in CONTENTS), MANIFEST]
    words += ["`plankg " + name for name in ("build", "verify")]
    assert [word for word in words if f"`{word}`" not in text and word not in text] == []


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_shown_in_the_readmes(page: str) -> None:
    shown = set(re.findall(r"plankg ([a-z]+)", read(page)))
    assert set(COMMANDS) - shown <= {"ask"}


def test_the_two_readmes_show_the_same_code() -> None:
    def code(page: str) -> list[str]:
        found = [b for language in ("sh", "python", "json", "turtle") for b in blocks(page, language)]
        return [re.sub(r"\s*#.*", "", block) for block in found]

    assert code("README.md") == code("README.zh-CN.md")
    assert len(code("README.md")) >= 6


def test_the_model_page_names_every_key_of_a_record(plan: Path, capfd: Capture) -> None:
    page = read("docs/model.md")
    lines = [json.loads(line) for line in command(capfd, "extract", plan).out.splitlines()]
    assert {line["record"] for line in lines} == {"document", "mention", "fact", "observation"}
    keys = {key for line in lines for key in line} - {"record"}
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
    assert [word for word in (*EntityType, *Predicate, *Status, *Kind) if f"`{word}`" not in page] == []


def test_the_review_page_names_every_action_and_column() -> None:
    page = read("docs/review.md")
    assert [word for word in (*Action, *COLUMNS) if f"`{word}`" not in page] == []


def test_the_documents_page_names_every_format_and_key() -> None:
    page = read("docs/documents.md")
    keys = [field.name for field in fields(Entry)]
    assert [key for key in keys if f"\n{key} = " not in page] == []
    assert [s for s in SUFFIXES if f"`{s}`" not in page and s not in (".htm", ".markdown", ".text")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [t for t in targets if not t.startswith(("http:", "https:"))]
    assert [t for t in local if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", [p for p in PAGES if "architecture" in p.name], ids=lambda p: p.name)
def test_files_that_the_architecture_names_exist(page: Path) -> None:
    names = re.findall(r"`((?:ontology|extract|graph|output)/[\w./-]*)`", page.read_text(encoding="utf-8"))
    assert len(names) > 15
    assert [name for name in names if not (ROOT / name).exists()] == []


def example_commands() -> list[str]:
    """Every `plankg …` line of the READMEs and the examples in the help, once."""
    lines = [
        line.split("  #")[0].strip()
        for page in PAGES
        for block in blocks(str(page), "sh")
        for line in block.splitlines()
    ]
    lines += re.findall(r"^Example: `(plankg .*)`$", read("docs/cli.md"), re.MULTILINE)
    return sorted({line for line in lines if line.startswith("plankg ")})


@pytest.mark.parametrize("line", example_commands())
def test_commands_of_the_docs_run(
    line: str, built: Path, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each example runs in a folder as the docs presume it: documents, corpus, gold, a built graph; a store listens."""
    (tmp_path / "plans").mkdir()
    for path in ("plan.txt", "plans/some-plan.txt"):
        (tmp_path / path).write_text(PLAN, encoding="utf-8")
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    short = [line for line in read("tests/gold/dev.jsonl").splitlines(keepends=True) if "xinshi" in line]
    (tmp_path / "tests" / "gold").mkdir(parents=True)
    (tmp_path / "tests" / "gold" / "dev.jsonl").write_text("".join(short), encoding="utf-8")
    (tmp_path / "corrections.csv").write_text("action,target\n", encoding="utf-8")
    shutil.copytree(built, tmp_path / "plankg-out")
    monkeypatch.chdir(tmp_path)
    line = line.replace(".pdf", ".txt").split(" > ")[0]
    with running_store() as store:
        line = line.replace("http://localhost:3030/plans/data", store.url)
        done = command(capfd, *shlex.split(line)[1:])
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("page", ["README.md"])
def test_python_of_the_docs_runs(
    page: str, built: Path, tmp_path: Path, capfd: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plankg-out").symlink_to(built)
    monkeypatch.chdir(tmp_path)
    code = blocks(page, "python")
    assert len(code) == 1
    exec(compile(code[0], page, "exec"), {})
    assert len(capfd.readouterr().out.splitlines()) > 10


def test_sparql_of_the_docs_finds_something(built: Path, capfd: Capture) -> None:
    queries = [query for page in PAGES for query in blocks(str(page), "sparql")]
    assert len(queries) >= 1
    for query in queries:
        assert not command(capfd, "query", query, "-g", built).out.endswith("\n0 rows\n")


def test_the_front_door_exports_what_it_says() -> None:
    public = {name for name, value in vars(plankg).items() if getattr(value, "__module__", "") == "plankg"}
    assert {name for name in public if not name.startswith("_")} == set(plankg.__all__)


def test_the_changelog_has_the_version() -> None:
    assert re.search(rf"^## \[({re.escape(plankg.__version__)}|Unreleased)\]", read("CHANGELOG.md"), re.MULTILINE)
