"""`plankg examples` and `plankg ask`: ready questions, listed and answered."""

import itertools
from collections.abc import Sequence
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER, Folder, FormatOption
from output.cli.terminal import printable


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
    name: Annotated[str, typer.Argument(metavar="NAME", help="A question of `plankg examples`.")],
    form: FormatOption = "table",
    sparql: Annotated[bool, typer.Option("--sparql", help="Print the query instead of its answer.")] = False,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """Answer a ready question; its parameters are given as options, e.g. --district 米东区."""
    from graph.questions import question
    from output.cli.answers import answer, draw
    from output.cli.graphs import open_store

    chosen = question(name)
    given = _given(context.args)
    if sparql:
        typer.echo(chosen.sparql, nl=False)
        return
    store = open_store(folder)
    if form != "table":
        answer(store, chosen.sparql, form, chosen.substitutions(store, given))
        return
    table = chosen.ask(store, given)
    typer.echo(printable(chosen.wording("zh", given)))
    typer.echo(printable(chosen.wording("en", given)))
    draw(table, store)


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
