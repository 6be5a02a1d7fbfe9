"""Is every statement still where it says it is?

A graph file and the texts beside it are checked without the extractor: each quote and each mention
is re-sliced from its document, each edge needs a claim, the shapes must hold, and the graph's own
digest must fit. What fails is returned as values, not raised.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Triple

from extract.errors import GraphFileError
from graph.answers import Table
from graph.digest import graph_digest, stated_digests
from graph.reification import to_rdf11
from graph.store import GraphStore, described_base, read_triples

GRAPH_FILE = "graph.ttl"


@dataclass(frozen=True, order=True, slots=True)
class Problem:
    """Something that does not hold: a check's name, the thing concerned, and a sentence.

    `check` is one of "file", "digest", "text", "quote", "mention", "edge", "shape".
    """

    check: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: problems, warnings (problems that make a graph poorer, not wrong), and what was checked."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    checked: Counter[str] = field(default_factory=Counter)


def verify(directory: Path) -> list[Problem]:
    """Return what is wrong with a built graph, sorted; an empty list means that all of it holds.

    `directory` holds `graph.ttl` and `text/`; an RDF file with `text/` beside it is fine as well.
    Raises GraphFileError when there is no such file.
    """
    return list(check(directory).problems)


def check(path: Path, texts: Path | None = None, *, shapes: bool = True) -> Report:
    """Return the full report on a graph.

    `path` is a folder with `graph.ttl`, or an RDF file in any format that `read_triples` knows
    (RDF 1.2 reifiers and named graphs included). `texts` is the folder in which the documents'
    file names are looked up (default: the graph file's). `shapes=False` leaves SHACL out.

    Raises GraphFileError when there is no such file.
    """
    file = path / GRAPH_FILE if path.is_dir() else path
    if not file.is_file():
        raise GraphFileError(f"{file}: no such file; run `plankg build` first or name the graph's file")
    try:
        graph = list(dict.fromkeys(to_rdf11(read_triples(file))))
    except GraphFileError as error:
        return Report((Problem("file", str(file), str(error)),))
    return check_triples(graph, texts or file.parent, shapes=shapes)


def check_triples(graph: list[Triple], texts: Path, *, shapes: bool = True) -> Report:
    """Return the report on RDF 1.1 triples, with the document texts under the folder `texts`."""
    store = GraphStore(graph, described_base(graph))
    checked: Counter[str] = Counter(triples=len(graph))
    problems = [*_digest(graph)]
    raws = {}
    for iri, file, sha256 in _select(store, _DOCUMENTS):
        checked["documents"] += 1
        try:
            raws[iri] = _text(texts, file, sha256)
        except (OSError, ValueError) as error:
            problems.append(Problem("text", store.compact(iri), str(error)))
    problems += _quotes(store, raws, checked)
    problems += _mentions(store, raws, checked)
    problems += [
        Problem(name, store.compact(row[0]), message)
        for name, message, query in _CONSISTENCY
        for row in _select(store, query)
    ]
    warnings = [
        Problem("edge", store.compact(row[0]), "is part of itself through others") for row in _select(store, _CYCLES)
    ]
    if shapes:
        from graph.shapes import violations

        for severe, problem in violations(graph, store.compact):
            (problems if severe else warnings).append(problem)
    return Report(tuple(sorted(set(problems))), tuple(sorted(set(warnings))), checked)


_DOCUMENTS = "SELECT ?d ?file ?sha { ?d a plan:Document ; plan:file ?file ; plan:sha256 ?sha } ORDER BY ?d"

_QUOTES = """
SELECT ?e ?doc ?start ?end ?exact {
  ?e a oa:SpecificResource ; oa:hasSource ?doc ; oa:hasSelector ?p , ?q .
  ?p a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
  ?q a oa:TextQuoteSelector ; oa:exact ?exact }
"""

_MENTIONS = """
SELECT ?m ?doc ?start ?end ?exact ?surface {
  ?m a plan:Mention ; oa:hasSource ?doc ; oa:start ?start ; oa:end ?end ; oa:exact ?exact
  OPTIONAL { ?m plan:surface ?surface } }
"""

# What SHACL cannot say, or only slowly: (check, message, query for the nodes where it fails).
_CONSISTENCY = (
    (
        "edge",
        "has a direct relation without a claim that says it",
        """SELECT DISTINCT ?s { VALUES ?p { plan:locatedIn plan:partOf plan:develops plan:engagesIn plan:plans
             plan:implements plan:supports plan:cooperatesWith }
           ?s ?p ?o MINUS { ?c a plan:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o } }""",
    ),
    (
        "edge",
        "claims a relation that the graph does not hold as a direct triple",
        """SELECT ?c { ?c a plan:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o
           FILTER NOT EXISTS { ?s ?p ?o } }""",
    ),
    (
        "quote",
        "rests on evidence from another document than its own",
        """SELECT DISTINCT ?c { ?c prov:wasDerivedFrom ?doc ; plan:evidence ?e . ?e oa:hasSource ?other
           FILTER(?doc != ?other) }""",
    ),
    (
        "quote",
        "is evidence that no statement rests on",
        "SELECT ?e { ?e a oa:SpecificResource FILTER NOT EXISTS { ?c plan:evidence ?e } }",
    ),
    (
        "mention",
        "names words for a side of a claim that refer to another entity",
        """SELECT DISTINCT ?c { ?c a plan:Claim ; rdf:subject ?s ; rdf:object ?o ; plan:evidence ?e .
           ?e plan:subjectMention|plan:objectMention ?m . ?m plan:refersTo ?x FILTER(?x != ?s && ?x != ?o) }""",
    ),
    (
        "mention",
        "names words for its subject that refer to another entity",
        """SELECT DISTINCT ?c { ?c a plan:Observation ; plan:subject ?x ; plan:evidence ?e .
           ?e plan:subjectMention ?m . ?m plan:refersTo ?y FILTER(?x != ?y) }""",
    ),
    (
        "mention",
        "names words for its indicator that refer to another entity",
        """SELECT DISTINCT ?c { ?c a plan:Observation ; plan:indicator ?x ; plan:evidence ?e .
           ?e plan:objectMention ?m . ?m plan:refersTo ?y FILTER(?x != ?y) }""",
    ),
)

# A warning: documents may well contradict each other.
_CYCLES = "SELECT DISTINCT ?x { ?x plan:partOf+ ?x } ORDER BY ?x"


def _select(store: GraphStore, query: str) -> Iterator[tuple[str, ...]]:
    answer = store.query(query)
    assert isinstance(answer, Table)
    for row in answer.rows:
        yield tuple(term.value if isinstance(term, NamedNode) else getattr(term, "value", "") for term in row)


def _digest(graph: list[Triple]) -> Iterator[Problem]:
    stated = list(stated_digests(graph))
    if not stated:
        yield Problem("digest", "dataset", "the graph states no digest (plan:digest), so that changes cannot be seen")
        return
    actual = graph_digest(graph)
    for iri, digest in stated:
        if digest != actual:
            yield Problem("digest", iri.value, f"the graph was changed: it states {digest}, and is {actual}")


def _text(folder: Path, name: str, sha256: str) -> str:
    """Return a document's canonical text; ValueError or OSError with a sentence when it is not the one."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"its text file {name!r} lies outside {folder}")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ValueError(f"its text {path} is missing; quotes cannot be checked") from None
    actual = hashlib.sha256(data).hexdigest()
    if actual != sha256:
        raise ValueError(f"{path} was changed: its SHA-256 is {actual}, the graph was made from {sha256}")
    return data.decode("utf-8")


def _quotes(store: GraphStore, raws: dict[str, str], checked: Counter[str]) -> Iterator[Problem]:
    seen = set()
    for iri, doc, start, end, exact in _select(store, _QUOTES):
        seen.add(iri)
        checked["quotes"] += 1
        if doc in raws and (found := raws[doc][_index(start) : _index(end)]) != exact:
            yield Problem("quote", store.compact(iri), _differs(start, end, found, exact))
    for (iri,) in _select(store, "SELECT ?e { ?e a oa:SpecificResource }"):
        if iri not in seen:
            yield Problem("quote", store.compact(iri), "lacks its document, position or quote and cannot be checked")


def _mentions(store: GraphStore, raws: dict[str, str], checked: Counter[str]) -> Iterator[Problem]:
    for iri, doc, start, end, exact, surface in _select(store, _MENTIONS):
        checked["mentions"] += 1
        if doc in raws and (found := raws[doc][_index(start) : _index(end)]) != exact:
            yield Problem("mention", store.compact(iri), _differs(start, end, found, exact))
        elif surface and not _is_subsequence(surface, exact):
            yield Problem("mention", store.compact(iri), f"its clean form {surface!r} is not made of {exact!r}")


def _index(number: str) -> int:
    """Return an offset; one that is no natural number points nowhere (the shapes report it)."""
    return int(number) if number.isascii() and number.isdigit() else 0


def _differs(start: str, end: str, found: str, exact: str) -> str:
    return f"the text at {start}..{end} reads {_short(found)}, not {_short(exact)}"


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:39] + "…")


def _is_subsequence(part: Iterable[str], whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)
