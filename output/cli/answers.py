"""Answers to SPARQL queries on standard output, in the format asked for."""

import sys
from typing import TYPE_CHECKING

import typer

from output.cli.options import Format
from output.cli.terminal import printable

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

    from graph.answers import Table
    from graph.store import GraphStore


def answer(store: "GraphStore", sparql: str, form: Format) -> None:
    """Run a query and print what it gives; see `show`. Raises QueryError, also when the query is wrong."""
    show(store, store.results(sparql), form)


def show(store: "GraphStore", results: "QuerySolutions | QueryTriples | QueryBoolean", form: Format) -> None:
    """Print what a query gave.

    `csv` and `json` are the W3C result formats, `json` of triples is JSON-LD, `table` of triples
    is Turtle. Raises QueryError when the format cannot hold this kind of answer.
    """
    from pyoxigraph import QuerySolutions, QueryTriples

    match results:
        case QuerySolutions():
            _solutions(store, results, form)
        case QueryTriples():
            _triples(store, results, form)
        case _:
            truth = str(bool(results)).lower()
            typer.echo(f'{{"head":{{}},"boolean":{truth}}}' if form == "json" else truth)


def _solutions(store: "GraphStore", results: "QuerySolutions", form: Format) -> None:
    from pyoxigraph import QueryResultsFormat

    from extract.errors import QueryError
    from graph.answers import tabled

    if form == "ttl":
        raise QueryError("a SELECT gives a table, not triples; choose --format table, csv or json, or use CONSTRUCT")
    if form == "table":
        draw(tabled(results), store)
        return
    _write(results.serialize(format=QueryResultsFormat.CSV if form == "csv" else QueryResultsFormat.JSON) or b"")


def _triples(store: "GraphStore", results: "QueryTriples", form: Format) -> None:
    from pyoxigraph import RdfFormat, serialize

    from extract.errors import QueryError

    if form == "csv":
        raise QueryError("CONSTRUCT gives triples, not a table; choose --format ttl or json, or use SELECT")
    triples = sorted(set(results), key=str)
    kind = RdfFormat.JSON_LD if form == "json" else RdfFormat.TURTLE
    _write(serialize(triples, format=kind, prefixes=store.prefixes) or b"")


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
    sys.stdout.buffer.flush()


def draw(table: "Table", store: "GraphStore") -> None:
    """Print a table with IRIs shortened by our prefixes, and the number of its rows."""
    from pyoxigraph import NamedNode
    from rich.console import Console
    from rich.table import Table as Drawing

    from graph.answers import value

    drawing = Drawing(highlight=False)
    for name in table.variables:
        drawing.add_column(_plain(name), overflow="fold", max_width=100)
    for row in table.rows:
        cells = (
            store.compact(term.value) if isinstance(term, NamedNode) else "" if term is None else str(value(term))
            for term in row
        )
        drawing.add_row(*(_plain(cell) for cell in cells))
    # Off a terminal the table is as wide as its columns.
    console = Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=100_000)
    console.print(drawing)
    typer.echo(f"{len(table)} row{'' if len(table) == 1 else 's'}")


def _plain(cell: str) -> str:
    from rich.markup import escape

    return escape(printable(cell))
