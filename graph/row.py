"""One triple of ours together with the document that says it."""

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]
"""Subject, predicate and object; cheaper to make and take apart than a `pyoxigraph.Triple`."""


class Row(NamedTuple):
    """A triple, and the id of the document that says it ("" for what the build itself says)."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode | Literal
    doc: str = ""
