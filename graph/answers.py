"""What a query returns: a table of terms, a truth value, or triples."""

import datetime
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from extract.errors import PlankgError, QueryError

Term = NamedNode | Literal | BlankNode | Triple
Value = str | int | Decimal | float | bool | datetime.date | datetime.datetime | None

_XSD = "http://www.w3.org/2001/XMLSchema#"


class Iri(str):
    """An IRI among the values of a row: its text, told apart from a literal's by its class."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a SELECT query, in order; None where a variable is unbound.

    `rows` are RDF terms; going through the table gives named tuples of Python values::

        for row in kg.query("SELECT ?name ?amount { … }"):
            print(row.name, row.amount)
    """

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Yield the rows as named tuples of Python values (see `value`).

        A variable that is no name of Python's is called by its place (`_0` is the first).
        """
        make = namedtuple("Row", self.variables, rename=True)  # type: ignore[misc]
        for row in self.rows:
            yield make(*map(value, row))

    def dicts(self) -> list[dict[str, Value]]:
        """Return the rows as dicts from variable to Python value."""
        return [dict(zip(self.variables, map(value, row), strict=True)) for row in self.rows]

    def without(self, variables: frozenset[str]) -> "Table":
        """Return the table without the columns of these variables."""
        keep = [i for i, name in enumerate(self.variables) if name not in variables]
        return Table(tuple(self.variables[i] for i in keep), tuple(tuple(row[i] for i in keep) for row in self.rows))

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame` of Python values; PlankgError when pandas is not installed."""
        return _library("pandas").DataFrame([tuple(row) for row in self], columns=list(self.variables))

    def to_polars(self) -> Any:
        """Return a `polars.DataFrame` of Python values; PlankgError when polars is not installed."""
        rows = list(self)
        columns = {name: [row[i] for row in rows] for i, name in enumerate(self.variables)}
        return _library("polars").DataFrame(columns, strict=False)


def tabled(found: QuerySolutions) -> Table:
    """Return all rows of pyoxigraph's lazy results; QueryError when the store fails on the way."""
    variables = tuple(v.value for v in found.variables)
    try:
        return Table(variables, tuple(tuple(row[v] for v in variables) for row in found))
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryError(f"the query failed: {error}") from error


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise PlankgError(f"a data frame of {name} needs {name}; run: pip install {name}") from error


@dataclass(frozen=True, slots=True)
class Triples:
    """Triples of a CONSTRUCT or DESCRIBE query, sorted and without repetition."""

    triples: tuple[Triple, ...]

    def __len__(self) -> int:
        return len(self.triples)


Answer = Table | Triples | bool


def value(found: Any) -> Value:
    """Return a term as a Python value: numbers, dates and truth values by datatype, IRIs as `Iri`.

    A literal that its datatype does not allow stays text.

    >>> value(Literal(3)), value(NamedNode("http://example.org/a")), value(None)
    (3, 'http://example.org/a', None)
    """
    if found is None:
        return None
    if isinstance(found, NamedNode):
        return Iri(found.value)
    if not isinstance(found, Literal):
        return str(found)
    read = _READERS.get(found.datatype.value.removeprefix(_XSD))
    if read is None or not found.datatype.value.startswith(_XSD):
        return found.value
    try:
        return read(found.value)
    except (ValueError, ArithmeticError, KeyError):
        return found.value


def _whole(text: str) -> int:
    return int(_plain(text))


def _decimal(text: str) -> Decimal:
    return Decimal(_plain(text))


def _plain(text: str) -> str:
    """Return a number as XSD writes it; Python takes more ("1_000", "NaN")."""
    if not set(text.strip()) <= set("+-.0123456789"):
        raise ValueError(text)
    return text


def _truth(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text.strip()]


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.strip())


_INTEGERS = (
    *("integer", "long", "int", "short", "byte", "gYear"),
    *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_READERS: dict[str, Callable[[str], Value]] = {
    **dict.fromkeys(_INTEGERS, _whole),
    "decimal": _decimal,
    "double": float,
    "float": float,
    "boolean": _truth,
    "date": datetime.date.fromisoformat,
    "dateTime": _moment,
}
