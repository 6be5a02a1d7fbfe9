"""The page on security names tests and files that exist; what it says of all code and all pages holds."""

import os
import re
from types import SimpleNamespace

import pytest

from graph.doubts import doubtful
from output.page import page
from output.page.pyvis_view import pyvis_html
from output.review_page import review_page
from tests.cli import ROOT
from tests.graph.sample import hostile
from tests.output.test_error_page import report

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(named) >= 20
    assert sorted(name for name in named if f"def {name}(" not in written) == []


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:tests|output|extract)/[\w./]+)`", PAGE))
    assert len(named) >= 5
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_every_attack_names_what_shows_that_it_is_stopped() -> None:
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ") and "|---" not in line]
    attacks = [row for row in rows if row[-1] != "shown by"]
    assert len(attacks) >= 22
    assert [row[0] for row in attacks if not re.search(r"`(?:test_|tests/)|the next section", row[-1])] == []


# Who writes pages: files, whose policy is tested here, and the server, which sends it as a header.
PAGES = ("output/error_page.py", "output/page/template.html", "output/review_page.py")
SERVED = ("output/server/pages.py", "output/server/static/query.html")


def test_every_page_that_is_written_has_a_policy() -> None:
    """It stands before anything that it could forbid."""
    for html in (page(hostile(), engine=False), pyvis_html(hostile()), review_page(doubtful(hostile())), report()):
        found = re.search(r'<meta http-equiv="Content-Security-Policy" content="default-src \'none\';', html)
        assert found
        assert not re.search(r"<(?:script|style|img|iframe|link [^>]*stylesheet)", html[: found.start()])
    paths = [path for suffix in ("py", "html") for path in (ROOT / "output").rglob(f"*.{suffix}")]
    makers = [
        path.relative_to(ROOT).as_posix()
        for path in paths
        if "node_modules" not in path.parts and re.search("<!doctype html|<html", path.read_text(encoding="utf-8"))
    ]
    assert sorted(makers) == sorted(PAGES + SERVED)


class Recorder:
    """Takes what a Spark session is told, and starts none."""

    def __init__(self) -> None:
        self.told: dict[str, str] = {}

    def master(self, name: str) -> "Recorder":
        return self

    def config(self, name: str, value: str) -> "Recorder":
        self.told[name] = value
        return self

    appName = master  # noqa: N815
    getOrCreate = dict  # noqa: N815


@pytest.mark.parametrize("master", ["local[2]", "spark://host:7077"])
def test_spark_on_one_machine_listens_to_itself_only(master: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from output.spark import session

    for name in ("SPARK_LOCAL_IP", "PYSPARK_PYTHON"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    recorder = Recorder()
    monkeypatch.setattr("pyspark.sql.SparkSession", SimpleNamespace(builder=recorder))
    session._started(master)
    local = master.startswith("local")
    names = ("spark.driver.host", "spark.driver.bindAddress", "spark.ui.enabled")
    assert [recorder.told.get(name) for name in names] == (["127.0.0.1", "127.0.0.1", "false"] if local else [None] * 3)
    assert (os.environ.get("SPARK_LOCAL_IP") == "127.0.0.1") == local


def test_nothing_that_is_read_is_run() -> None:
    """No module of ours unpickles or evaluates; `np.load` says so in words."""
    calls = re.compile(
        r"\b(?:pickle|marshal|shelve|dill)\b|(?<![.\w])(?:eval|exec)\(|\bnp\.load\((?!.*allow_pickle=False)"
    )
    paths = [p for room in ("extract", "graph", "ontology", "output") for p in (ROOT / room).rglob("*.py")]
    assert len(paths) > 80
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in paths
        if "node_modules" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if calls.search(line)
    ]
    assert found == []
