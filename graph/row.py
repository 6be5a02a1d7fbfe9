"""One triple of ours together with the document that says it."""

from typing import NamedTuple

from pyoxigraph import Literal, NamedNode


class Row(NamedTuple):
    """A triple, and the id of the document that says it ("" for what the build itself says)."""

    subject: NamedNode
    predicate: NamedNode
    object: NamedNode | Literal
    doc: str = ""
