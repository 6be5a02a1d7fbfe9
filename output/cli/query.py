"""`plankg query` and `plankg examples`: SPARQL on a built graph."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER, Folder, FormatOption
from output.cli.terminal import printable


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: plankg query 'SELECT ?park WHERE { ?p a plan:Park ; rdfs:label ?park } LIMIT 5'",
    )(query)


def query(
    sparql: Annotated[str | None, typer.Argument(metavar="[SPARQL]", help="A query; our prefixes are known.")] = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", metavar="FILE", help="Read the query from a file (- is stdin).")
    ] = None,
    example: Annotated[
        str | None, typer.Option("--example", "-e", metavar="NAME", help="Run one of `plankg examples`.")
    ] = None,
    form: FormatOption = "table",
    unchecked: Annotated[
        bool, typer.Option("--no-check", help="Do not say before it runs what will probably make the query slow.")
    ] = False,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Ask a built graph in SPARQL 1.1 (read-only, never asks another host)."""
    from output.cli.answers import answer, show
    from output.cli.graphs import open_store

    if sum(choice is not None for choice in (sparql, file, example)) != 1:
        raise typer.BadParameter("give one of: a SPARQL query, --file FILE, --example NAME")
    if example is not None:
        from graph.questions import question

        chosen = question(example)
        with open_store(folder) as store:
            show(store, chosen.results(store), form)
        return
    text = _read(file) if file is not None else sparql or ""
    with open_store(folder) as store:
        answer(store, text if unchecked else _checked(text, store.prefixes["id"]), form)


def _checked(sparql: str, base: str) -> str:
    """Return the query as it should run; what there is to say of it goes to standard error."""
    from graph.querycheck import check

    found = check(sparql, base)
    for advice in found.advice:
        typer.echo(printable(f"note: {advice}"), err=True)
    return found.sparql


def _read(file: Path) -> str:
    from extract.errors import QueryError

    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise QueryError(f"{file} is not UTF-8 ({error}); save the query as UTF-8 text") from error
