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
    """Return what the parser's complaint means in English and Chinese, with the place and the line's text."""
    if not sparql.strip():
        example = "SELECT ?s ?p ?o WHERE { ?s ?p ?o } LIMIT 10"
        return QueryError(f"the query is empty; try: {example} / 查询为空，可以试试：{example}")
    found = _PLACE.match(str(error))
    line, column, problem = (int(found[1]), int(found[2]), found[3]) if found else (0, 0, str(error))
    lines = sparql.split("\n")
    row = lines[line - 1] if 0 < line <= len(lines) else ""
    where = (f" at line {line}, column {column}", f"（第 {line} 行第 {column} 列）") if line else ("", "")
    english, chinese = _reason(problem, row, column, sparql)
    return QueryError(f"the query is wrong{where[0]}: {english} / 查询有误{where[1]}：{chinese}", line, column)


def _reason(problem: str, row: str, column: int, sparql: str) -> tuple[str, str]:
    """Return the reason in English and in Chinese."""
    if not _KIND.search(sparql):
        if update := _UPDATE.search(sparql):
            word = update[1].upper()
            return (
                f"{word} changes data, and the graph is read-only; use SELECT or CONSTRUCT",
                f"{word} 会修改数据，而图谱只读；请用 SELECT 或 CONSTRUCT",
            )
        words = "SELECT, ASK, CONSTRUCT, DESCRIBE"
        return f"it has none of the words {words}", f"没有 {words} 中的任何一个"
    if "Prefix not found" in problem and (name := _unknown_prefix(row, column)) is not None:
        declaration = f"PREFIX {name} <…>"
        return (
            f"the prefix {name!r} is not known; declare it with {declaration}",
            f"前缀 {name} 未知，请用 {declaration} 声明",
        )
    if "variable that is unbound" in problem:
        return (
            "SELECT names a variable that is neither grouped nor aggregated; add it to GROUP BY",
            "SELECT 中有变量既未分组也未聚合，请加入 GROUP BY",
        )
    if not (rest := row[max(column - 1, 0) :].strip()):
        return "something is missing before its end, or a bracket is wrong", "结尾前缺少内容，或括号不配对"
    return f"cannot be read from {rest[:40]!r} on", f"从 {rest[:40]!r} 起无法理解"


def _unknown_prefix(row: str, column: int) -> str | None:
    before = [m for m in _PREFIXED.finditer(row) if m.start() < column]
    return f"{before[-1][1] or ''}:" if before else None
