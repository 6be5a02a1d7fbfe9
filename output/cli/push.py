"""`plankg push`: a graph sent to a SPARQL store."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.options import DEFAULT_FOLDER
from output.cli.terminal import complain, printable, progress_bar

if TYPE_CHECKING:
    from urllib.parse import SplitResult

_HERE = ("localhost", "127.0.0.1", "::1")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg push http://localhost:3030/plans/data --graph https://example.org/plans")(push)


def push(
    url: Annotated[
        str,
        typer.Argument(metavar="URL", help="The store's Graph Store endpoint, e.g. http://localhost:3030/plans/data."),
    ],
    source: Annotated[
        Path,
        typer.Argument(metavar="[SOURCE]", help="An RDF file (ttl, nt, rdf, nq), or the folder of a built graph."),
    ] = DEFAULT_FOLDER,
    graph: Annotated[
        str | None, typer.Option(metavar="IRI", help="Graph of the store to send to  [default: its default graph]")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what that graph holds; else it is added to.")
    ] = False,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=1, help="How long to wait for the store.")] = 600.0,
) -> None:
    """Send a graph to a SPARQL store (Graph Store HTTP Protocol), and tell what the store answered.

    Name and password come from the environment (PLANKG_USER, PLANKG_PASSWORD) or from ~/.netrc.
    N-Quads name their graphs themselves; they are posted to the URL as it is, for stores that take them.
    """
    from output.push import Login, checked_url, push, pushed_files

    parts = checked_url(url)
    login = Login.of(parts.hostname or "")
    if login and _is_open(parts):
        complain(f"the password goes to {parts.hostname} unencrypted; use https:// where the store has it")
    with progress_bar() as report:
        answers = push(
            url,
            pushed_files(source),
            graph=graph,
            replace=replace,
            login=login,
            timeout=timeout,
            sent=lambda done, total: report("Sending", done, total),
        )
    for answer in answers:
        said = printable(
            f"{answer.file.name}: {answer.sent:,} bytes sent; the store answered {answer.status} {answer.reason}"
        )
        typer.echo(said + (" (accepted, but maybe not stored yet)" if answer.status == 202 else ""))


def _is_open(parts: "SplitResult") -> bool:
    return parts.scheme == "http" and parts.hostname not in _HERE
