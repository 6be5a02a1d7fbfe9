"""What is worth saying of a SPARQL query before it runs, in Chinese and English.

Missing prefixes that are well known are declared. A wrong query is explained with line and column.
Warned of are cross products (parts of a group that share no variable) and `EXISTS` or `NOT EXISTS`
over evidence, which the store answers row by row. Sequence paths such as `a/b+` need no care: the store
splits them itself into patterns joined by a fresh variable (a test compares both forms).

The analysis works on the parse tree and the algebra of rdflib's SPARQL engine. What only the
store's parser knows (RDF 1.2) runs as it is, without analysis.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pyoxigraph import Store

from extract.errors import QueryError
from graph.rdf import prefixes
from graph.sparql import explain, refuse_service
from ontology.schema import ENTITY_BASE, NAMESPACE

USUAL = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcam": "http://purl.org/dc/dcam/",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sdo": "https://schema.org/",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "vann": "http://purl.org/vocab/vann/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
"""Prefixes that people use without thinking, beside ours (`graph.rdf.prefixes`)."""

_LONGEST = 20_000  # characters; longer queries are made by programs, and run without analysis
# What each statement has many of: a NOT EXISTS over them is looked up again for every row.
_NUMEROUS = re.compile(
    rf"{re.escape(NAMESPACE)}(evidence|subjectMention|objectMention|inSection|refersTo)"
    r"|http://www\.w3\.org/ns/oa#.*"
    r"|http://www\.w3\.org/1999/02/22-rdf-syntax-ns#(subject|predicate|object)"
).fullmatch


class QueryWarning(UserWarning):
    """Something about a query that will probably make it slow, or answer what was not meant."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark on a query, in Chinese and English; `kind` is "cross-product", "exists" or "not-exists"."""

    kind: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.en} / {self.zh}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A query as it should run, `added` prefixes declared before it (on its first line), and what to say of it."""

    sparql: str
    added: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()


def check(sparql: str, base: str = ENTITY_BASE) -> Checked:
    """Return the query with its missing prefixes, and advice; `base` is that of the graph's entities.

    Nothing is asked of a graph, but reading a hostile text may take long: a server calls this where
    it can be stopped. Raises QueryError when the query is wrong or asks another host.

    >>> checked = check("SELECT ?n { ?p a plan:Park ; foaf:name ?n . ?q a plan:Project }")
    >>> checked.added, [advice.kind for advice in checked.advice]
    (('foaf',), ['cross-product'])
    """
    return _check(sparql, base)


@lru_cache(maxsize=256)
def _check(sparql: str, base: str) -> Checked:
    from pyparsing import ParseBaseException
    from rdflib.plugins.sparql.parser import parseQuery

    refuse_service(sparql)
    ours = prefixes(base)
    known = {**USUAL, **ours}
    if len(sparql) > _LONGEST:
        return Checked(sparql)
    try:
        tree = parseQuery(sparql)
        missing = sorted(_prefixes_in(tree, "pname") - _prefixes_in(tree, "PrefixDecl"))
        if not known.keys() >= set(missing):
            raise LookupError(missing)
        advice = tuple(dict.fromkeys(_Analysis().advice_on(_algebra(tree, {n: known[n] for n in missing}))))
    except (ParseBaseException, LookupError, RecursionError):
        _parsed_by_the_store(sparql, known)
        return Checked(sparql)
    added = tuple(name for name in missing if name not in ours)  # the store knows ours
    if added:
        _parsed_by_the_store(sparql, known)  # for what is wrong to be found where the asker wrote it
    return Checked("".join(f"PREFIX {name}: <{known[name]}> " for name in added) + sparql, added, advice)


def _algebra(tree: Any, missing: Mapping[str, str]) -> Any:
    """Return the algebra of a parse tree, given its missing prefixes; LookupError when rdflib cannot make one."""
    from rdflib.plugins.sparql.algebra import translateQuery

    # rdflib knows one prefix for a namespace; a second one ("dct") gets a namespace that nobody looks at.
    taken = {namespace: name for name, namespace in reversed(list(missing.items()))}
    distinct = {name: ns if taken[ns] == name else f"urn:prefix:{name}#" for name, ns in missing.items()}
    try:
        return translateQuery(tree, initNs=distinct).algebra
    except RecursionError:
        raise
    except Exception as error:  # rdflib raises plain exceptions for what it does not take
        raise LookupError(str(error)) from error


def _parsed_by_the_store(sparql: str, known: Mapping[str, str]) -> None:
    """Raise QueryError when the store cannot read the query, either."""
    try:
        Store().query(sparql, prefixes=dict(known))
    except SyntaxError as error:
        raise explain(error, sparql) from error
    except (RuntimeError, OSError, ValueError) as error:
        raise QueryError(f"the query failed: {error} / 查询失败") from error


def _nodes(node: Any) -> Iterator[Any]:
    """Yield every part of a parse tree or an algebra, outer before inner."""
    yield node
    if isinstance(node, dict):
        for key, part in node.items():
            if key != "_vars":
                yield from _nodes(part)
    elif _is_list(node):
        for part in node:
            yield from _nodes(part)


def _is_list(node: Any) -> bool:
    from pyparsing import ParseResults

    return isinstance(node, list | tuple | set | frozenset | ParseResults)


def _named(node: Any) -> str:
    return str(getattr(node, "name", "")) if isinstance(node, dict) else ""


def _prefixes_in(tree: Any, kind: str) -> set[str]:
    return {str(node.prefix or "") for node in _nodes(tree) if _named(node) == kind}


def _variables(node: Any) -> frozenset[str]:
    """Return the variables in a part of the algebra, blank nodes among them."""
    from rdflib import BNode, Variable

    found = (n for n in _nodes(node) if isinstance(n, Variable | BNode))
    return frozenset(f"?{n}" if isinstance(n, Variable) else f"_:{n}" for n in found)


@dataclass
class _Analysis:
    """Goes through an algebra; `fixed` are variables that hang on a named thing, and so have few values."""

    found: list[Advice] = field(default_factory=list)
    fixed: frozenset[str] = frozenset()

    def advice_on(self, algebra: Any) -> list[Advice]:
        self.fixed = _hanging(algebra)
        self._scope(algebra, frozenset())
        return self.found

    def _scope(self, node: Any, outer: frozenset[str]) -> frozenset[str]:
        """Look at a pattern that is evaluated by itself, with `outer` given; return its variables."""
        parts = self._parts(node)
        joined = _joined([*parts, outer] if outer else parts)
        large = [part for part in joined if part - self.fixed - outer]
        if len(large) > 1:
            self.found.append(_cross_product(*large[:2]))
        return frozenset().union(*parts)

    def _parts(self, node: Any) -> list[frozenset[str]]:
        """Return the variables of each connected part of a pattern."""
        handler = _HANDLERS.get(_named(node))
        if handler:
            return handler(self, node)
        inner = getattr(node, "p", None)
        return self._parts(inner) if inner is not None else []

    def _patterns(self, node: Any) -> list[frozenset[str]]:
        return _joined(_variables(triple) for triple in node.triples)

    def _join(self, node: Any) -> list[frozenset[str]]:
        return _joined([*self._parts(node.p1), *self._parts(node.p2)])

    def _optional(self, node: Any) -> list[frozenset[str]]:
        sides = [*self._parts(node.p1), *self._parts(node.p2)]
        return self._filtered(sides, node.expr)

    def _filter(self, node: Any) -> list[frozenset[str]]:
        return self._filtered(self._parts(node.p), node.expr)

    def _filtered(self, parts: list[frozenset[str]], expr: Any) -> list[frozenset[str]]:
        """Return the parts joined by a condition, and look into the condition's own patterns."""
        outer = frozenset().union(*parts)
        for each in _nodes(expr):
            if _named(each) in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                pattern = _translated(each.graph)
                shared = self._scope(pattern, outer) & outer
                if _is_numerous(pattern) and shared:
                    self.found.append(_not_exists(shared) if _named(each) == "Builtin_NOTEXISTS" else _exists(shared))
        condition = _variables(expr) & outer
        return _joined([*parts, condition]) if condition else parts

    def _extend(self, node: Any) -> list[frozenset[str]]:
        parts, used = self._parts(node.p), _variables(node.expr)
        return _joined([*parts, used | _variables(node.var)]) if used else parts

    def _union(self, node: Any) -> list[frozenset[str]]:
        both = self._scope(node.p1, frozenset()) | self._scope(node.p2, frozenset())
        return [both] if both else []

    def _subtract(self, node: Any) -> list[frozenset[str]]:
        self._scope(node.p2, frozenset())
        return self._parts(node.p1)

    def _graph(self, node: Any) -> list[frozenset[str]]:
        name = _variables(node.term)
        return _joined([part | name for part in self._parts(node.p)])

    def _grouped(self, node: Any) -> list[frozenset[str]]:
        return [self._scope(node.p, frozenset()) | _variables(node.A)]

    def _subquery(self, node: Any) -> list[frozenset[str]]:
        if _named(node.p) == "values":
            rows = node.p.res
            return [frozenset(f"?{name}" for row in rows for name in row)] if len(rows) > 1 else []
        self._scope(node.p, frozenset())
        shown = frozenset(f"?{name}" for name in _shown_by(node.p))
        return [shown] if shown else []


_HANDLERS: Mapping[str, Callable[[_Analysis, Any], list[frozenset[str]]]] = {
    "BGP": _Analysis._patterns,
    "Join": _Analysis._join,
    "LeftJoin": _Analysis._optional,
    "Filter": _Analysis._filter,
    "Extend": _Analysis._extend,
    "Union": _Analysis._union,
    "Minus": _Analysis._subtract,
    "Graph": _Analysis._graph,
    "AggregateJoin": _Analysis._grouped,
    "ToMultiSet": _Analysis._subquery,
}


def _joined(parts: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Return the parts with those that share a variable made one."""
    joined: list[frozenset[str]] = []
    for part in parts:
        touching = [other for other in joined if other & part]
        joined = [other for other in joined if not other & part]
        if part or touching:
            joined.append(part.union(*touching))
    return joined


def _hanging(algebra: Any) -> frozenset[str]:
    """Return the variables that are reached from a named thing: `id:park-1 rdfs:label ?name`."""
    from rdflib import BNode, Variable

    nodes = list(_nodes(algebra))
    triples = [triple for node in nodes if _named(node) == "BGP" for triple in node.triples]
    single = (node.res for node in nodes if _named(node) == "values" and len(node.res) == 1)
    fixed = frozenset(f"?{name}" for (row,) in single for name in row)
    while True:
        more = fixed
        for subject, _, object in triples:
            if not isinstance(subject, Variable | BNode) or _variables(subject) <= fixed:
                more |= _variables(object)
        if more == fixed:
            return fixed
        fixed = more


def _translated(pattern: Any) -> Any:
    """Return the algebra of the pattern of an EXISTS, which rdflib leaves as it was read."""
    from rdflib.plugins.sparql.algebra import translateGroupGraphPattern

    return translateGroupGraphPattern(pattern) if _named(pattern).startswith("GroupGraphPattern") else pattern


def _shown_by(node: Any) -> Iterable[Any]:
    """Return the variables that a subquery projects."""
    return next((inner.PV for inner in _nodes(node) if _named(inner) == "Project"), ())


def _is_numerous(pattern: Any) -> bool:
    """Return whether a pattern names a property of evidence, or of the statements that have it."""
    blocks = (node for node in _nodes(pattern) if _named(node) == "BGP")
    return any(_NUMEROUS(iri) for block in blocks for triple in block.triples for iri in _iris(triple[1]))


def _iris(predicate: Any) -> Iterator[str]:
    """Yield the IRIs of a predicate or of a property path."""
    from rdflib import URIRef
    from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, SequencePath

    match predicate:
        case URIRef():
            yield str(predicate)
        case SequencePath() | AlternativePath() | NegatedPath():
            for part in predicate.args:
                yield from _iris(part)
        case MulPath():
            yield from _iris(predicate.path)
        case InvPath():
            yield from _iris(predicate.arg)


def _shown(variables: Iterable[str]) -> str:
    """Return the first variable of a part by its name, as the query writes it."""
    names = sorted(name for name in variables if name.startswith("?"))
    return names[0] if names else "[]"


def _cross_product(one: frozenset[str], other: frozenset[str]) -> Advice:
    first, second = sorted((_shown(one), _shown(other)))
    return Advice(
        "cross-product",
        f"{first} 与 {second} 所在的两部分没有共同变量：两边的行会两两组合，结果可能极多；请用共同的变量把它们连起来",
        f"the parts with {first} and {second} share no variable: every row of one is combined with every row of the "
        "other, which may be very many; join them by a variable",
    )


def _listed(variables: Iterable[str]) -> str:
    return ", ".join(sorted(name for name in variables if name.startswith("?"))) or "[]"


def _exists(shared: frozenset[str]) -> Advice:
    names = _listed(shared)
    return Advice(
        "exists",
        "对证据使用 FILTER EXISTS 会逐行重新查找；"
        f"把其中的模式（经 {names} 相连）直接写进查询并用 SELECT DISTINCT 快得多",
        "FILTER EXISTS over evidence is looked up again for every row; its pattern as a plain part of the query "
        f"(joined by {names}), with SELECT DISTINCT, is much faster",
    )


def _not_exists(shared: frozenset[str]) -> Advice:
    names = _listed(shared)
    return Advice(
        "not-exists",
        f"对证据使用 FILTER NOT EXISTS 会逐行重新查找；两边都有变量 {names}，写成 MINUS {{ … }} 快得多，结果相同",
        f"FILTER NOT EXISTS over evidence is looked up again for every row; as both sides have {names}, "
        "MINUS { … } is much faster and gives the same",
    )
