"""A person's corrections as a table (`review.csv`): one a line, keyed by id and by the sentence's hash.

| action | target | value | what it does |
|---|---|---|---|
| accept | claim, observation or entity | | it is right: confidence 1 |
| reject | claim or observation | | it is wrong: left out (with `quote`: only where that sentence says so) |
| reject | entity | | it is no name of a thing: left out with all that is said about it |
| reject | entity | another entity | the two are different things: no near miss any more |
| retype | entity | a type | it is of that type |
| rename | entity | a name | that is its label |
| merge | entity | another entity | it is that other thing |
| split | entity | one of its surfaces | what bears this surface is a thing of its own |
| relate | entity | predicate, entity, status | the sentence of `doc` says so |

A `quote` must be the hash of a sentence that is still there, else the line is stale.
"""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum

from extract.errors import ReviewError
from extract.span import Span
from graph.identity import digest

_SENTENCE_END = "。！？；\n"
_LIMIT = 400  # characters on each side after which a sentence is cut
_FORMULA = re.compile(r"'*[=+\-@\t\r]")  # what a spreadsheet runs, or what is already kept from running
_MARKS = re.compile(r"[\s*#|]+")


class Action(StrEnum):
    """What a correction does."""

    ACCEPT = "accept"
    REJECT = "reject"
    RETYPE = "retype"
    RENAME = "rename"
    MERGE = "merge"
    SPLIT = "split"
    RELATE = "relate"


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of the table. `quote` is the hash of `sentence`; both may be empty except for relate.

    `line` is the line in the file it was read from, 0 if it was made otherwise.
    """

    action: Action
    target: str
    value: str = ""
    doc: str = ""
    quote: str = ""
    sentence: str = ""
    note: str = ""
    line: int = 0


COLUMNS = tuple(field.name for field in fields(Correction))[:-1]


def quote_hash(sentence: str) -> str:
    """Return the hash by which a sentence is known; layout (spaces, line breaks, marks) does not count.

    >>> quote_hash("建设 老龙河\\n公园。") == quote_hash("建设老龙河公园。")
    True
    """
    return digest(_MARKS.sub("", sentence))


def sentence_at(raw: str, span: Span) -> Span:
    """Return the span of the sentence around `span`, cut at sentence ends and blank lines."""
    start, end = span.start, span.end
    first, last = max(0, start - _LIMIT), min(len(raw), end + _LIMIT)
    while start > first and not _ends(raw, start - 1):
        start -= 1
    while end < last and not _ends(raw, end - 1):
        end += 1
    while start < span.start and raw[start].isspace():
        start += 1
    while end > span.end and raw[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _ends(raw: str, at: int) -> bool:
    """Return whether a sentence ends with the character at `at`; a single line break is layout."""
    if raw[at] != "\n":
        return raw[at] in _SENTENCE_END
    return raw[at - 1 : at] == "\n" or raw[at + 1 : at + 2] == "\n"


def read_corrections(text: str, name: str = "review.csv") -> list[Correction]:
    """Return the corrections of a CSV table with a header line; lines without an action are skipped.

    A byte-order mark and the apostrophes that keep a spreadsheet from running formulas are removed.

    Raises:
        ReviewError: a column is missing, or an action or a needed value is; the message names the line.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise ReviewError(f"{name}, line {reader.line_num} is no CSV: {error}; save it as CSV (UTF-8)") from error
    if not rows:
        return []
    header = [cell.strip() for cell in rows[0]]
    missing = [column for column in COLUMNS[:2] if column not in header]
    if missing:
        raise ReviewError(f"{name} has no column {', '.join(missing)}; its first line must be {','.join(COLUMNS)}")
    return [found for line, row in enumerate(rows[1:], 2) if (found := _correction(header, row, line, name))]


def _correction(header: list[str], row: list[str], line: int, name: str) -> Correction | None:
    cells = {column: _plain(cell) for column, cell in zip(header, row, strict=False) if column in COLUMNS}
    word = cells.pop("action", "").strip().lower()
    if not word:
        return None
    if word not in set(Action):
        raise ReviewError(f"{name}, line {line}: no action is called {word!r}; use one of {', '.join(Action)}")
    action = Action(word)
    found = Correction(action, line=line, **{"target": "", **cells})
    if not found.target:
        raise ReviewError(f"{name}, line {line}: the column target is empty; it must hold an id")
    if action not in (Action.ACCEPT, Action.REJECT) and not found.value:
        raise ReviewError(f"{name}, line {line}: {action} needs a value")
    if action is Action.RELATE and not (found.doc and found.sentence):
        raise ReviewError(f"{name}, line {line}: relate needs the document and its sentence")
    return found


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def corrections_csv(corrections: Iterable[Correction]) -> str:
    """Return the corrections as CSV text with a header; `read_corrections` reads them back."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for item in corrections:
        writer.writerow([shown(str(getattr(item, column))) for column in COLUMNS])
    return out.getvalue()


def shown(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it; `read_corrections` undoes this."""
    return "'" + cell if _FORMULA.match(cell) else cell
