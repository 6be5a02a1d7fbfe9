"""`plankg examples` and `plankg ask`: ready questions, listed and answered."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.options import DEFAULT_FOLDER, Folder, Format, FormatOption
from output.cli.terminal import printable

if TYPE_CHECKING:
    from graph.matcher import Match
    from graph.questions import Question
    from graph.store import GraphStore

PAGE = 1000
"""Rows of an answer that a table shows at once."""

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+")  # words of a sentence have spaces between them, or are Chinese


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: plankg examples --sparql")(examples)
    app.command(
        epilog="Example: plankg ask parks-by-district --district 米东区",
        context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    )(ask)


def examples(
    sparql: Annotated[bool, typer.Option("--sparql", help="Print the queries, too.")] = False,
) -> None:
    """List the ready questions in Chinese and English; run one by its name with `plankg ask`."""
    from graph.questions import questions

    for name, question in questions().items():
        typer.echo(name)
        typer.echo(f"    {question.wording('zh')}")
        typer.echo(f"    {question.wording('en')}")
        for parameter in question.parameters:
            default = f", default {parameter.default}" if parameter.default else ""
            typer.echo(f"    --{parameter.name} {parameter.type}{default}: {parameter.zh} / {parameter.en}")
        if sparql:
            typer.echo("\n".join(f"        {line}" for line in question.sparql.splitlines()))
    typer.echo("\nRun one with `plankg ask NAME`, its parameters as options; print its query with --sparql.")


def ask(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="QUESTION", help="The name of a question of `plankg examples`, or your own words.")
    ],
    form: FormatOption = "table",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", metavar="N", min=0, help=f"Rows at most, 0 for all; a table has {PAGE} if nothing is said."
        ),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", min=0, help="Rows to leave out before.")] = 0,
    sparql: Annotated[bool, typer.Option("--sparql", help="Print the query instead of its answer.")] = False,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Answer a ready question; its parameters are given as options, e.g. --district 米东区.

    A question in your own words is answered by the ready question that comes nearest; which one,
    and its query, is printed as well.
    """
    from graph.questions import question, questions
    from output.cli.graphs import open_store

    given = _given(context.args)
    page = (PAGE if limit is None and form == "table" else limit or None, offset)
    if name in questions() or _NAME.fullmatch(name):
        chosen = question(name)
        if sparql:
            typer.echo(chosen.sparql, nl=False)
            return
        with open_store(folder) as store:
            _answer(store, chosen, given, form, page, free=False)
        return
    with open_store(folder) as store:
        found = _matched(name, store)
        if sparql:
            typer.echo(found.question.sparql, nl=False)
            return
        _answer(store, found.question, {**found.values, **given}, form, page, free=True)


def _answer(
    store: "GraphStore",
    chosen: "Question",
    given: dict[str, str],
    form: Format,
    page: tuple[int | None, int],
    *,
    free: bool,
) -> None:
    """Print a page (rows at most, rows before) of what a question answers; `free`: it was asked in other words."""
    from output.cli.answers import draw, show

    limit, offset = page
    if form != "table":
        if free:  # not into the data
            typer.echo(printable(f"taken as: {chosen.wording('zh', given)} ({chosen.name})"), err=True)
        show(store, chosen.results(store, given, limit, offset), form)
        return
    table = chosen.ask(store, given, None if limit is None else limit + 1, offset)
    typer.echo(printable(f"{chosen.name}: {chosen.wording('zh', given)}"))
    typer.echo(printable(f"{chosen.name}: {chosen.wording('en', given)}"))
    if free:
        typer.echo(f"\n{chosen.sparql}")
    draw(replace(table, rows=table.rows[:limit]), store)
    if limit is not None and len(table) > limit:
        typer.echo(f"rows {offset + 1} to {offset + limit}; more follow: --offset {offset + limit}, all: --limit 0")


def _matched(text: str, store: "GraphStore") -> "Match":
    """Return the question that a text asks; QuestionError with the nearest ones when none fits."""
    from extract.errors import QuestionError
    from graph.matcher import candidates, match

    found = match(text, store)
    if found is None:
        near = "; ".join(f"{m.question.name} ({m.question.wording('zh', m.values)})" for m in candidates(text, store))
        hint = f", the nearest are: {near}" if near else ""
        raise QuestionError(f"no ready question fits {text!r}{hint}; `plankg examples` lists all, or write SPARQL")
    return found


def _given(arguments: Sequence[str]) -> dict[str, str]:
    """Return the parameters of `--name value` and `--name=value`."""
    given: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.removeprefix("--").partition("=")
        if not argument.startswith("--") or not name:
            raise typer.BadParameter(f"{argument!r} is no parameter; give parameters as --name value")
        if not equals:
            value = next(itertools.islice(rest, 1), "")
            if not value:
                raise typer.BadParameter(f"--{name} needs a value")
        given[name] = value
    return given
