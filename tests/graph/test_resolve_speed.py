"""Time of resolution, as processor time so that other work on the machine does not count."""

import time

from extract.extraction import Extraction
from graph.resolve import build_graph
from tests.graph.synthetic import corpus


def seconds(documents: int, mentions: int) -> float:
    """Return the lesser time of two runs."""
    extractions = list(corpus(documents, mentions))
    assert sum(len(e.mentions) for e in extractions) == mentions
    return min(_once(extractions) for _ in range(2))


def _once(extractions: list[Extraction]) -> float:
    start = time.process_time()
    build_graph(extractions)
    return time.process_time() - start


def test_time_grows_with_the_mentions_and_no_faster() -> None:
    """Four times the mentions in four times the documents; 100,000 take 15-25 s by the same code."""
    seconds(5, 500)  # tables are read once
    small = seconds(20, 4_000)
    large = seconds(80, 16_000)
    assert large < 6 * small + 0.5
    assert large < 9.6  # 60 s for 100,000


def test_many_names_of_one_document_do_not_take_quadratic_time() -> None:
    seconds(1, 500)
    small = seconds(1, 2_000)
    large = seconds(1, 8_000)
    assert large < 8 * small + 0.5
