"""What a SPARQL query must not do, and what is wrong with one that does not parse."""

import re

from extract.errors import QueryError

_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_GAP = r"(?:[ \t\r\n]|\#[^\r\n]*(?:[\r\n]|$))*"
# Deliberately blind to context: a text lexer can be led out of step with the parser by `?a<'>'`,
# so a SERVICE clause is refused even where it only stands in a string or a comment.
_SERVICE = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^<>]*>|[?$]\w+|[^\s{{<#:?$]*:(?:\\.|[^\s{{<#\\])*){_GAP}\{{",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"\b(INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD)\b", re.IGNORECASE)
_KIND = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", re.IGNORECASE)
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_PREFIXED = re.compile(r"(?<![\w?$:])([A-Za-z][\w.-]*)?:[\w%]*")


def refuse_service(sparql: str) -> None:
    """Raise QueryError when the query would ask another host (`SERVICE`).

    >>> refuse_service("SELECT * { ?s ?p ?o }")
    """
    plain = _ESCAPE.sub(lambda m: _character(m[1] or m[2]), sparql)
    found = _SERVICE.search(plain)
    if found:
        line = plain.count("\n", 0, found.start()) + 1
        raise QueryError(
            "SERVICE is not allowed: queries run on this graph only; remove the SERVICE clause",
            line,
            found.start() - (plain.rfind("\n", 0, found.start()) + 1) + 1,
        )


def _character(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else " "


def explain(error: SyntaxError, sparql: str) -> QueryError:
    """Return what the parser's complaint means, with the place and the line's text."""
    if not sparql.strip():
        return QueryError("the query is empty; try: SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 10")
    found = _PLACE.match(str(error))
    line, column, problem = (int(found[1]), int(found[2]), found[3]) if found else (0, 0, str(error))
    lines = sparql.split("\n")
    row = lines[line - 1] if 0 < line <= len(lines) else ""
    where = f" at line {line}, column {column}" if line else ""
    return QueryError(f"the query is wrong{where}: {_reason(problem, row, column, sparql)}", line, column)


def _reason(problem: str, row: str, column: int, sparql: str) -> str:
    if not _KIND.search(sparql):
        if update := _UPDATE.search(sparql):
            return f"{update[1].upper()} changes data, and the graph is read-only; use SELECT or CONSTRUCT"
        return "it has none of the words SELECT, ASK, CONSTRUCT, DESCRIBE"
    if "Prefix not found" in problem and (name := _unknown_prefix(row, column)) is not None:
        return f"the prefix {name!r} is not known; declare it with PREFIX {name} <…>"
    if "variable that is unbound" in problem:
        return "SELECT names a variable that is neither grouped nor aggregated; add it to GROUP BY"
    if not (rest := row[max(column - 1, 0) :].strip()):
        return "something is missing before its end, or a bracket is wrong"
    return f"cannot be read from {rest[:40]!r} on"


def _unknown_prefix(row: str, column: int) -> str | None:
    before = [m for m in _PREFIXED.finditer(row) if m.start() < column]
    return f"{before[-1][1] or ''}:" if before else None
