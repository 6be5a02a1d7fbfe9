"""Content negotiation (RFC 9110, section 12.5.1) and the media types that the server writes."""

from collections.abc import Sequence
from dataclasses import dataclass

_LONGEST = 4000  # characters of an Accept header that count
_MOST = 100  # ranges of it


@dataclass(frozen=True, slots=True)
class Medium:
    """A media type that the server writes: `kind` is the serialiser's name for it ("json", "turtle" …)."""

    type: str
    kind: str
    text: bool = False

    @property
    def header(self) -> str:
        """Return the value of Content-Type."""
        return f"{self.type}; charset=utf-8" if self.text else self.type


# In order of the server's preference; what a general type stands for comes last.
TABLES = (
    Medium("application/sparql-results+json", "json"),
    Medium("application/sparql-results+xml", "xml"),
    Medium("text/csv", "csv", True),
    Medium("text/tab-separated-values", "tsv", True),
    Medium("application/json", "json"),
    Medium("application/xml", "xml"),
    Medium("text/xml", "xml", True),
)
GRAPHS = (
    Medium("text/turtle", "ttl", True),
    Medium("application/ld+json", "jsonld"),
    Medium("application/n-triples", "nt"),
    Medium("application/rdf+xml", "rdf"),
    Medium("application/trig", "trig"),
    Medium("application/n-quads", "nq"),
    Medium("application/json", "jsonld"),
    Medium("application/xml", "rdf"),
)
HTML = Medium("text/html", "html", True)


def choose(accept: str | None, offers: Sequence[Medium]) -> Medium | None:
    """Return the offer that an Accept header wants most, None if it wants none of them.

    No header wants anything. Of offers that are wanted alike the first is taken; what cannot be
    read in the header counts as absent.

    >>> choose("text/csv;q=0.5, application/*", TABLES).type
    'application/sparql-results+json'
    >>> choose("image/png", TABLES)
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = _ranges(accept)
    wanted = [(_quality(offer.type, ranges), -place) for place, offer in enumerate(offers)]
    best, place = max(wanted)
    return offers[-place] if best > 0 else None


def _ranges(accept: str) -> list[tuple[str, str, float]]:
    found = []
    for part in accept[:_LONGEST].split(",")[:_MOST]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        type, slash, subtype = name.partition("/")
        if not slash or not type or not subtype:
            continue
        found.append((type, subtype, _weight(parameters)))
    return found


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return 0.0
            return weight if 0 <= weight <= 1 else 0.0
    return 1.0


def _quality(offer: str, ranges: Sequence[tuple[str, str, float]]) -> float:
    """Return how much an offer is wanted by the most specific range that fits it."""
    type, _, subtype = offer.partition("/")
    fitting = [
        ((r_type != "*") + (r_subtype != "*"), weight)
        for r_type, r_subtype, weight in ranges
        if (r_type in ("*", type) and r_subtype == "*") or (r_type, r_subtype) == (type, subtype)
    ]
    return max(fitting)[1] if fitting else 0.0
