"""What a query returns: a table of terms, a truth value, or triples."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from extract.errors import PlankgError

Term = NamedNode | Literal | BlankNode | Triple
Value = str | int | Decimal | float | bool | datetime.date | None

_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of a SELECT query, in order; None where a variable is unbound."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Term | None, ...], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[tuple[Value, ...]]:
        """Yield the rows as Python values (see `value`)."""
        for row in self.rows:
            yield tuple(map(value, row))

    def dicts(self) -> list[dict[str, Value]]:
        """Return the rows as dicts from variable to Python value."""
        return [dict(zip(self.variables, row, strict=True)) for row in self]

    def without(self, variables: frozenset[str]) -> "Table":
        """Return the table without the columns of these variables."""
        keep = [i for i, name in enumerate(self.variables) if name not in variables]
        return Table(tuple(self.variables[i] for i in keep), tuple(tuple(row[i] for i in keep) for row in self.rows))

    def to_pandas(self) -> Any:
        """Return a `pandas.DataFrame` of Python values; PlankgError when pandas is not installed."""
        return _library("pandas").DataFrame(list(self), columns=list(self.variables))

    def to_polars(self) -> Any:
        """Return a `polars.DataFrame` of Python values; PlankgError when polars is not installed."""
        columns = {name: [row[i] for row in self] for i, name in enumerate(self.variables)}
        return _library("polars").DataFrame(columns, strict=False)


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise PlankgError(f"{name} is not installed; run: pip install {name}") from error


@dataclass(frozen=True, slots=True)
class Triples:
    """Triples of a CONSTRUCT or DESCRIBE query, sorted and without repetition."""

    triples: tuple[Triple, ...]

    def __len__(self) -> int:
        return len(self.triples)


Answer = Table | Triples | bool


def value(found: Any) -> Value:
    """Return a term as a Python value: numbers, dates and truth values by datatype, IRIs as text.

    >>> value(Literal(3)), value(NamedNode("http://example.org/a")), value(None)
    (3, 'http://example.org/a', None)
    """
    if found is None:
        return None
    if not isinstance(found, Literal):
        return str(found.value) if isinstance(found, NamedNode | BlankNode) else str(found)
    kind = found.datatype.value.removeprefix(_XSD)
    try:
        match kind:
            case "integer" | "int" | "long" | "nonNegativeInteger":
                return int(found.value)
            case "decimal":
                return Decimal(found.value)
            case "double" | "float":
                return float(found.value)
            case "boolean":
                return found.value in ("true", "1")
            case "date":
                return datetime.date.fromisoformat(found.value)
    except (ValueError, ArithmeticError):
        return found.value
    return found.value
