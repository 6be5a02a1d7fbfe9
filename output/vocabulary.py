"""The vocabulary as a page for people (docs/vocabulary.md), made from plan.ttl: `python -m output.vocabulary`."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from graph.terms import prefixes
from ontology.schema import NAMESPACE, VOCABULARY, signatures

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node, URIRef

_GROUPS = (
    ("实体类 · Classes of entities", "rdfs:subClassOf", "plan:Entity"),
    ("关系 · Relations", "rdfs:subPropertyOf", "plan:relation"),
    ("进展 · Statuses", "rdf:type", "plan:Status"),
    ("数值类别 · Kinds of figures", "rdf:type", "plan:Kind"),
    ("其他类 · Other classes", "rdf:type", "owl:Class"),
    ("对象属性 · Object properties", "rdf:type", "owl:ObjectProperty"),
    ("数据属性 · Datatype properties", "rdf:type", "owl:DatatypeProperty"),
    ("标注属性与结构 · Annotation properties and structures", "", ""),
)
_ALIGNED = ("rdfs:subClassOf", "rdfs:subPropertyOf", "skos:closeMatch")
_HEAD = """# 词汇 · Vocabulary

<!-- Made by `make docs` from ontology/plan.ttl; do not edit. -->

命名空间 `{namespace}`（`plan:`），源文件 `ontology/plan.ttl`；约束见 `ontology/shapes.ttl`。
每个术语的例子都由测试检查，例中的 `:` 可为任一命名空间。

Namespace `{namespace}` (`plan:`), defined in `ontology/plan.ttl`, constrained by
`ontology/shapes.ttl`. The examples of every term are checked by a test; `:` in them is any namespace.
"""


def vocabulary_page() -> str:
    """Return the page as Markdown: every term with labels, comments, use, alignment and examples in both languages."""
    import rdflib

    graph = rdflib.Graph().parse(VOCABULARY, format="turtle")
    page = _Page(graph)
    parts = [_HEAD.format(namespace=NAMESPACE), *page.chapters()]
    return "\n".join(parts)


class _Page:
    def __init__(self, graph: "Graph") -> None:
        self._graph = graph
        self._namespaces = {iri: name for name, iri in prefixes().items()}

    def _iri(self, name: str) -> "URIRef":
        import rdflib

        prefix, local = name.split(":", 1)
        return rdflib.URIRef(prefixes()[prefix] + local)

    def _name(self, node: "Node") -> str:
        """Return a node's prefixed name; the members of a union joined by "|"."""
        from rdflib import OWL
        from rdflib.collection import Collection

        if union := self._graph.value(node, OWL.unionOf):
            return " \\| ".join(sorted(self._name(member) for member in Collection(self._graph, union)))
        iri = str(node)
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        return f"`{self._namespaces[iri[:cut]]}:{iri[cut:]}`" if iri[:cut] in self._namespaces else f"<{iri}>"

    def chapters(self) -> Iterator[str]:
        from rdflib import RDFS

        left = sorted(
            str(s).removeprefix(NAMESPACE)
            for s in set(self._graph.subjects(RDFS.label))
            if str(s).startswith(NAMESPACE)
        )
        for title, predicate, value in _GROUPS:
            if predicate:
                members = {str(s) for s in self._graph.subjects(self._iri(predicate), self._iri(value))}
                names = [name for name in left if NAMESPACE + name in members]
            else:
                names = left
            left = [name for name in left if name not in names]
            yield f"## {title}\n"
            yield from map(self._term, names)

    def _term(self, name: str) -> str:
        node = self._iri(f"plan:{name}")
        lines = [
            f"### plan:{name}",
            "",
            f"**{self._text(node, 'rdfs:label', 'zh')} · {self._text(node, 'rdfs:label', 'en')}**",
            "",
        ]
        lines += [self._text(node, "rdfs:comment", "zh"), "", self._text(node, "rdfs:comment", "en"), ""]
        lines += [f"- {fact}" for fact in self._facts(node, name)]
        examples = dict.fromkeys(self._text(node, "skos:example", language) for language in ("zh", "en"))
        return "\n".join([*lines, "", "```turtle", *examples, "```", ""])

    def _text(self, node: "URIRef", predicate: str, language: str) -> str:
        from rdflib import Literal

        found = (o for o in self._graph.objects(node, self._iri(predicate)) if isinstance(o, Literal))
        return next(str(o) for o in found if o.language == language)

    def _facts(self, node: "URIRef", name: str) -> Iterator[str]:
        pairs = next((pairs for predicate, pairs in signatures().items() if predicate == name), None)
        if pairs:
            objects: dict[str, list[str]] = {}
            for subject, obj in sorted(pairs):
                objects.setdefault(subject, []).append(obj)
            yield from (f"{subject} → {', '.join(found)}" for subject, found in objects.items())
        else:
            for predicate, label in (("rdfs:domain", "主体 · domain"), ("rdfs:range", "取值 · range")):
                values = sorted(map(self._name, self._graph.objects(node, self._iri(predicate))))
                if values:
                    yield f"{label}: {', '.join(values)}"
        aligned = {self._name(o) for p in _ALIGNED for o in self._graph.objects(node, self._iri(p))}
        outside = sorted(other for other in aligned if not other.startswith("`plan:"))
        if outside:
            yield f"相当或从属 · aligned with: {', '.join(outside)}"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(vocabulary_page())
