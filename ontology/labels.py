"""What the terms of the vocabulary are called, read from `plan.ttl`."""

from functools import lru_cache

from ontology.schema import NAMESPACE, VOCABULARY


@lru_cache(maxsize=2)
def labels(language: str = "zh") -> dict[str, str]:
    """Return the label of every term by its local name ("Park" → "园区") in "zh" or "en"."""
    import pyoxigraph

    graph = pyoxigraph.parse(path=str(VOCABULARY), format=pyoxigraph.RdfFormat.TURTLE)
    label = "http://www.w3.org/2000/01/rdf-schema#label"
    return {
        triple.subject.value.removeprefix(NAMESPACE): triple.object.value
        for triple in graph
        if triple.predicate.value == label
        and isinstance(triple.subject, pyoxigraph.NamedNode)
        and isinstance(triple.object, pyoxigraph.Literal)
        and triple.object.language == language
    }
