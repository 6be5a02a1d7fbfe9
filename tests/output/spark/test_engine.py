"""A build on two Spark workers, one of which is killed, gives what a build on one machine gives, byte for byte."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import polars
import pyspark
import pytest

from graph.model import KnowledgeGraph
from output.building import assemble
from output.folder import built_files
from output.options import BuildOptions
from output.rdffiles import write_nquads, write_ntriples
from output.spark.engine import CONTENTS
from output.synth.nation import nation
from tests.cli import ROOT

COUNTIES = 100  # of each a plan and a report
READABLE = 2 * COUNTIES + 1
LENGTH = 600  # characters of a document at most; the rest is cut off
MASTER = "local-cluster[2,1,1024]"  # two workers with a processor and 1,024 MB each, as processes of their own
PATIENCE = 900  # seconds: a loaded machine is slow, not broken
# Java that starts quickly is worth more here than Java that runs quickly.
JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
# The zone is the district, which no plan can build: said twice, left out twice.
MISFIT = """乌鲁木齐市国民经济和社会发展第十四个五年规划纲要

第一章 发展

建设高新区（新市区）。高新区（新市区）建设北区工业园。推进高新区（新市区）建设。
"""
EXECUTOR = b"\0org.apache.spark.executor.CoarseGrainedExecutorBackend\0"


@dataclass
class Accident:
    """Kills one executor of a running build as soon as documents have been read, but not all."""

    build: "subprocess.Popen[bytes]"
    out: Path
    killed: int = 0
    seen: set[int] = field(default_factory=set)
    tasks_done: int = 0

    def watch(self) -> None:
        while self.build.poll() is None:
            now = executors_of(self.build.pid)
            self.seen |= now
            done = finished_tasks(self.out)
            if not self.killed and done and len(now) == 2:
                self.killed, self.tasks_done = min(now), done
                os.kill(self.killed, signal.SIGKILL)
            time.sleep(0.05)


def executors_of(ancestor: int) -> set[int]:
    """Return the executors among the processes below a process."""
    above, commands = {}, {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                commands[int(entry.name)] = (entry / "cmdline").read_bytes()
                above[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:  # it has just ended
                continue

    def is_below(process: int) -> bool:
        while process in above and process != ancestor:
            process = above[process]
        return process == ancestor

    return {process for process, command in commands.items() if EXECUTOR in command and is_below(process)}


def finished_tasks(out: Path) -> int:
    """Return how many tasks of the reading have handed in what they found, while others have not."""
    return len(list(out.glob(".plankg-building/.work/read/_temporary/0/task_*")))


@dataclass(frozen=True)
class Both:
    """The same documents built on one machine and on Spark."""

    graph: KnowledgeGraph
    documents: Path
    out: Path
    code: int
    said: str
    accident: Accident

    def lines(self, name: str) -> bytes:
        """Return the pieces in a folder, one after the other."""
        pieces = sorted((self.out / name).iterdir())
        assert pieces
        return b"".join(gzip.decompress(piece.read_bytes()) for piece in pieces)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """Build 200 made-up documents, one with a statement that does not fit, and one without text, both ways."""
    folder = tmp_path_factory.mktemp("spark")
    documents, out = folder / "plans", folder / "out [1]"
    documents.mkdir()
    for made in nation(COUNTIES, seed=8, characters=200):
        (documents / f"{made.id}.txt").write_text(made.draft.text[:LENGTH], encoding="utf-8", newline="\n")
    (documents / "zones.txt").write_text(MISFIT, encoding="utf-8")
    (documents / "empty.txt").touch()
    arguments = ["build", documents, "-o", out, "--tier", "fast", "--engine", "spark", "--master", MASTER]
    with (folder / "said.txt").open("wb") as said:
        build = subprocess.Popen(
            [sys.executable, "-m", "plankg", *map(str, arguments)],
            stdout=said,
            stderr=said,
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT), "JDK_JAVA_OPTIONS": JAVA},
        )
    accident = Accident(build, out)
    watcher = threading.Thread(target=accident.watch)
    watcher.start()
    try:
        graph = assemble([documents], BuildOptions(tier="fast")).graph
        code = build.wait(PATIENCE)
    finally:
        build.kill()
        watcher.join()
        shutil.rmtree(Path(pyspark.__file__).parent / "work", ignore_errors=True)  # where workers keep their logs
    return Both(graph, documents, out, code, (folder / "said.txt").read_text(encoding="utf-8"), accident)


def test_an_executor_was_killed_while_documents_were_read(both: Both) -> None:
    tasks = -(-(READABLE + 1) // 16)
    assert both.accident.killed
    assert 0 < both.accident.tasks_done < tasks
    assert len(both.accident.seen) >= 3, "another executor takes its place"


def test_the_graph_is_that_of_one_machine(both: Both, tmp_path: Path) -> None:
    assert len(both.graph.sources) == READABLE
    assert len(both.graph.near_misses) > 20
    write_nquads(both.graph, tmp_path / "graph.nq")
    write_ntriples(both.graph, tmp_path / "graph.nt")
    assert both.lines("nquads") == (tmp_path / "graph.nq").read_bytes()
    assert both.lines("ntriples") == (tmp_path / "graph.nt").read_bytes()


def test_the_document_that_cannot_be_read_is_told(both: Both) -> None:
    assert both.code == 1, both.said
    assert "empty.txt" in both.said
    assert both.said.rstrip().endswith(
        f"1 of {READABLE + 1} documents could not be read; the graph holds the other {READABLE}"
    )
    assert "Traceback" not in both.said


def test_the_warnings_are_those_of_one_machine(both: Both) -> None:
    assert len(both.graph.warnings) == 2
    assert both.lines("warnings").decode().splitlines() == sorted(both.graph.warnings)


def test_the_tables_hold_the_graph(both: Both) -> None:
    def table(name: str) -> polars.DataFrame:
        return polars.concat(
            [polars.read_parquet(path.read_bytes()) for path in sorted((both.out / name).glob("part-*.parquet"))]
        )

    kg = both.graph
    entities = table("entities").select("id", "name", "code", "mentions", "documents").rows()
    assert entities == [(e.id, e.name, e.code, len(e.occurrences), len(e.documents)) for e in kg.entities]
    claims = table("claims")
    sides = claims.select("id", "subject", "predicate", "object", "status", "confidence").rows()
    assert sides == [(c.id, c.subject, c.predicate, c.object, c.status, c.confidence) for c in kg.claims]
    quoted = [[(q["start"], q["end"], q["quote"]) for q in found] for found in claims["evidence"].to_list()]
    assert quoted == [[(q.span.start, q.span.end, q.exact) for q in c.evidence] for c in kg.claims]
    figures = table("observations").select("id", "value", "unit", "kind").rows()
    assert figures == [(o.id, o.value, o.unit, o.kind) for o in kg.observations]
    documents = table("documents").select("id", "sha256", "district", "characters").rows()
    assert documents == [(s.id, s.sha256, s.meta.district, len(s.raw)) for s in kg.sources]


def test_the_folder_holds_nothing_else(both: Both) -> None:
    names = {path.relative_to(both.out).as_posix() for path in both.out.rglob("*") if path.is_file()}
    assert names == {*built_files(both.out), "build.json"}
    assert {name.partition("/")[0] + "/" for name in names - {"build.json"}} == set(CONTENTS)
    assert json.loads((both.out / "build.json").read_text(encoding="utf-8"))["options"]["engine"] == "spark"
    texts = {source.file: source.raw for source in both.graph.sources}
    assert {path.name: path.read_bytes().decode() for path in (both.out / "text").iterdir()} == texts
