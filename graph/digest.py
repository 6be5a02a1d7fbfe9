"""One number for a graph: the same for the same triples, whatever file format holds them."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from graph.row import Row, Statement
from graph.terms import term

DIGEST = term("plan:digest")
_TOGETHER = 1024  # subjects whose lines are hashed together
_TYPED = "#decimal>"
_MARK = f"{_TYPED} ."
_DECIMAL = re.compile(r'"([+-]?\d+)\.(\d*?)0*"(?=\^\^<http://www\.w3\.org/2001/XMLSchema#decimal> \.$)')


def graph_digest(graph: Iterable[Triple]) -> str:
    """Return "sha256:" and the hash of the sorted canonical N-Triples, without `plan:digest` itself.

    A graph without blank nodes has one canonical form (RDFC-1.0 has nothing to name), so any
    changed, lost or added triple changes the digest. Decimals are compared by value (35.0 is 35),
    because stores keep values, not spellings.
    """
    lines = serialize((t for t in graph if t.predicate != DIGEST), format=RdfFormat.N_TRIPLES) or b""
    return lines_digest(line for line in lines.decode().split("\n") if line)


def distinct(rows: Iterable[Row | Statement]) -> tuple[list[Statement], str]:
    """Return each distinct statement of the rows once, in order, and the digest of all (see `graph_digest`).

    Terms are told apart by identity first, so that each is written only once: the terms of
    `graph.terms` are made once for all statements.
    """
    written: dict[int, str] = {}
    alive: list[object] = []  # an id is only good while its object lives
    groups: dict[str, dict[str, None]] = {}
    of_subject: dict[int, dict[str, None]] = {}
    found: list[Statement] = []

    def show(made: NamedNode | Literal) -> str:
        alive.append(made)
        text = written[id(made)] = str(made)
        return text

    def group(subject: NamedNode) -> dict[str, None]:
        alive.append(subject)
        said = of_subject[id(subject)] = groups.setdefault(str(subject), {})
        return said

    for row in rows:
        s, p, o = row[0], row[1], row[2]
        said = of_subject.get(id(s))
        if said is None:
            said = group(s)
        rest = f"{written.get(id(p)) or show(p)} {written.get(id(o)) or show(o)}"
        if rest not in said:
            said[rest] = None
            found.append((s, p, o))
    return found, digest_of_sorted(_chunks(groups))


def _chunks(groups: Mapping[str, Iterable[str]]) -> Iterator[bytes]:
    """Yield the sorted lines.

    Subjects and predicates hold no space, and an object that begins with the whole of another goes on
    with a character that comes after the space: so subjects, and what is said of one, sort as lines do.
    """
    lines: list[bytes] = []
    for number, subject in enumerate(sorted(groups), 1):
        lines.append(said_of(subject, groups[subject]))
        if not number % _TOGETHER:
            yield b"".join(lines)
            lines = []
    yield b"".join(lines)


def said_of(subject: str, rests: Iterable[str]) -> bytes:
    """Return the sorted lines of a subject as the digest sees them; each of `rests` is predicate and object."""
    found = {_rest_by_value(rest) if rest.endswith(_TYPED) else rest for rest in rests}
    return f"{subject} {f' .{chr(10)}{subject} '.join(sorted(found))} .\n".encode()


@lru_cache(maxsize=16384)
def _rest_by_value(rest: str) -> str:
    return by_value(f"{rest} .")[:-2]


def lines_digest(lines: Iterable[str]) -> str:
    """Return the digest of a graph from its lines of N-Triples; see `graph_digest`."""
    return digest_of_sorted(["\n".join(sorted(set(map(by_value, lines)))).encode()])


def by_value(line: str) -> str:
    """Return a line of N-Triples with its decimal, if it has one, as the digest sees it: 35.0 as 35."""
    return _DECIMAL.sub(_decimal, line) if line.endswith(_MARK) else line


def digest_of_sorted(chunks: Iterable[bytes]) -> str:
    """Return the digest of a graph from the text of its distinct lines `by_value`, sorted, in chunks of any size.

    A line break at the very end does not count.
    """
    total = hashlib.sha256()
    held = b""
    for chunk in chunks:
        text = held + chunk
        held = b"\n" if text.endswith(b"\n") else b""
        total.update(text.removesuffix(b"\n"))
    return "sha256:" + total.hexdigest()


def _decimal(found: re.Match[str]) -> str:
    return f'"{found[1]}{"." + found[2] if found[2] else ""}"'


def stated_digests(graph: Iterable[Triple]) -> Iterator[tuple[NamedNode, str]]:
    """Yield each dataset that states a digest of the graph, and the digest."""
    for triple in graph:
        if triple.predicate == DIGEST and isinstance(triple.subject, NamedNode) and isinstance(triple.object, Literal):
            yield triple.subject, triple.object.value
