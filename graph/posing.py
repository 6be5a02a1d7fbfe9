"""A query with the values of its variables in their places, so that the store plans with them.

What is bound beside a query (`substitutions` of `GraphStore.query`) is unknown to the optimiser: it
begins where it would without, and tests a filter on a value only when all else is found. A constant
in the pattern's place leads to the few rows that have it.
"""

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode

_TOKEN = re.compile(
    r'"(?:\\.|[^"\\\n])*"'
    r"|'(?:\\.|[^'\\\n])*'"
    r'|<[^<>"{}|^`\\\s]*>'
    r"|\#[^\n]*|[?$]\w+|[A-Za-z_][\w-]*|\s+|.",
    re.DOTALL,
)
# The notation of any other value is sound, too, but `graph.sparql.refuse_service` reads texts without understanding
# them: a value with a brace could be taken for a SERVICE clause.
_PLAIN = re.compile(r"""[^\x00-\x1f\x7f"'\\{}<>]*""")


def posed(sparql: str, values: Mapping[str, NamedNode | Literal]) -> str:
    """Return the query with values instead of variables (names without "?") wherever a pattern or filter has them.

    Lists of SELECT, GROUP BY and ORDER BY keep their variables, and so does `AS`: bind the values beside
    the query, too, to have them in the answer. A value that needs escapes is left to that binding.

    >>> posed('SELECT ?d ?p { ?p plan:locatedIn ?d }', {"d": NamedNode("http://example.org/a")})
    'SELECT ?d ?p { ?p plan:locatedIn <http://example.org/a> }'
    """
    written = {name: str(term) for name, term in values.items() if _PLAIN.fullmatch(term.value)}
    return "".join(_placed(sparql, written))


def _placed(sparql: str, written: Mapping[str, str]) -> Iterator[str]:
    listing, before = False, ""
    for found in _TOKEN.finditer(sparql):
        token = found[0]
        word = token.lower()
        if word == "select" or (word in ("group", "order") and before != "."):
            listing = True
        elif word in ("{", "where", "having"):
            listing = False
        name = token[1:] if token[0] in "?$" else ""
        yield written[name] if name in written and not listing and before != "as" else token
        before = word if token.strip() else before


_OWN_LIMIT = re.compile(r"\nLIMIT (\d+)\s*\Z")


def paged(sparql: str, limit: int | None, offset: int = 0) -> str:
    r"""Return the query for at most `limit` of its rows, without the first `offset` ones.

    A query that ends in a line with a LIMIT of its own never gives more rows than that; it must not have an OFFSET.

    >>> paged("SELECT ?d { }\n", 10, 20), paged("SELECT ?d { }\nLIMIT 25\n", 10, 20)
    ('SELECT ?d { }\nLIMIT 10 OFFSET 20\n', 'SELECT ?d { }\nLIMIT 5 OFFSET 20\n')
    """
    if limit is None and not offset:
        return sparql
    own = _OWN_LIMIT.search(sparql)
    if own:
        sparql = sparql[: own.start()]
        rest = max(int(own[1]) - offset, 0)
        limit = rest if limit is None else min(limit, rest)
    window = ([] if limit is None else [f"LIMIT {limit}"]) + ([f"OFFSET {offset}"] if offset else [])
    return f"{sparql.rstrip()}\n{' '.join(window)}\n"
