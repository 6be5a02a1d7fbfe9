"""Stage times of the bundled corpus as ratios to one `jieba.posseg` pass over the same text.

`python -m tests.benchmark` prints the table of the README. All figures come from one run in one
process, so that a slow or busy machine changes the seconds but hardly the ratios.
"""

import logging
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def timed(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the processor seconds of a call and its result."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


def main() -> None:
    """Run every stage once after a warm-up and print seconds and ratios."""
    import jieba
    import jieba.posseg

    from extract.extractor import extract
    from extract.layout import lay_out
    from extract.reading import corpus_files, read_document
    from graph.resolve import build_graph
    from output.page import write_page
    from output.turtle import write_turtle

    jieba.setLogLevel(logging.ERROR)
    list(jieba.posseg.cut("预热词典"))
    extract(lay_out("第一章 产业\n发展农业，建设甲乙工业园。", id="warm-up", district="米东区"))

    files = corpus_files()
    reading, documents = timed(lambda: [read_document(path) for path in files])
    reference, _ = timed(lambda: [list(jieba.posseg.cut(document.raw)) for document in documents])
    extracting, extractions = timed(lambda: [extract(document) for document in documents])
    resolving, graph = timed(lambda: build_graph(extractions))
    with tempfile.TemporaryDirectory() as folder:
        turtle, _ = timed(lambda: write_turtle(graph, Path(folder) / "graph.ttl"))
        page, _ = timed(lambda: write_page(graph, Path(folder) / "network.html"))

    characters = sum(len(document.raw) for document in documents)
    print(f"{len(files)} documents, {characters:,} characters; processor seconds of one process")
    rows = {
        "jieba.posseg": reference,
        "reading": reading,
        "extraction": extracting,
        "resolution": resolving,
        "Turtle": turtle,
        "page": page,
        "all stages": reading + extracting + resolving + turtle + page,
    }
    for name, seconds in rows.items():
        print(f"{name:14s} {seconds:7.2f} s   {seconds / reference:5.2f} x jieba.posseg")


if __name__ == "__main__":
    main()
