"""One number for a graph: the same for the same triples, whatever file format holds them."""

import hashlib
import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graph.row import Statement
from graph.terms import term

DIGEST = term("plan:digest")
_MARK = "#decimal> ."
_DECIMAL = re.compile(r'"([+-]?\d+)\.(\d*?)0*"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> \.$)')


def graph_digest(graph: Iterable[Triple]) -> str:
    """Return "sha256:" and the hash of the sorted canonical N-Triples, without `plan:digest` itself.

    A graph without blank nodes has one canonical form (RDFC-1.0 has nothing to name), so any
    changed, lost or added triple changes the digest. Decimals are compared by value (35.0 is 35),
    because stores keep values, not spellings.
    """
    lines = serialize((t for t in graph if t.predicate != DIGEST), format=RdfFormat.N_TRIPLES) or b""
    return _digest(line for line in lines.decode().split("\n") if line)


def statements_digest(statements: Iterable[Statement]) -> str:
    """Return the digest of triples that are not made into `Triple` objects yet; see `graph_digest`."""
    written: dict[object, str] = {}

    def show(found: NamedNode | Literal) -> str:
        known = written.get(found)
        if known is None:
            known = written[found] = str(found)
        return known

    return _digest(f"{show(s)} {show(p)} {show(o)} ." for s, p, o in statements if p != DIGEST)


def _digest(lines: Iterable[str]) -> str:
    plain = {_DECIMAL.sub(_decimal, line) if line.endswith(_MARK) else line for line in lines}
    return "sha256:" + hashlib.sha256("\n".join(sorted(plain)).encode()).hexdigest()


def _decimal(found: re.Match[str]) -> str:
    return f'"{found[1]}{"." + found[2] if found[2] else ""}"'


def stated_digests(graph: Iterable[Triple]) -> Iterator[tuple[NamedNode, str]]:
    """Yield each dataset that states a digest of the graph, and the digest."""
    for triple in graph:
        if triple.predicate == DIGEST and isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            yield triple.subject, triple.object.value
