"""SHACL by pySHACL: what breaks the shapes of `ontology/shapes.ttl`."""

from collections.abc import Callable, Iterable, Iterator

from pyoxigraph import Triple

from graph.interop import to_rdflib
from graph.verify import Problem
from ontology.schema import SHAPES


def violations(graph: Iterable[Triple], compact: Callable[[str], str] = str) -> Iterator[tuple[bool, Problem]]:
    """Yield what breaks a shape, and whether it is a violation (else a warning).

    `compact` shortens IRIs in the report.
    """
    import pyshacl
    import rdflib
    from rdflib import RDF, SH

    shapes = rdflib.Graph().parse(SHAPES, format="turtle")
    _, results, _ = pyshacl.validate(to_rdflib(graph), shacl_graph=shapes, inplace=True, do_owl_imports=False)
    if not isinstance(results, rdflib.Graph):
        raise results if isinstance(results, Exception) else RuntimeError(str(results))
    for result in results.subjects(RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        messages = sorted(str(m) for m in results.objects(result, SH.resultMessage))
        value = results.value(result, SH.value)
        shown = f" (found {compact(str(value))!r})" if value is not None else ""
        rule = str(shape).rsplit("#", 1)[-1]
        problem = Problem(
            "shape", compact(str(results.value(result, SH.focusNode))), f"{' / '.join(messages)}{shown} [{rule}]"
        )
        yield results.value(result, SH.resultSeverity) == SH.Violation, problem
