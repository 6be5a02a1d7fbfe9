"""`plankg mcp`: a built graph for assistants."""

from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER
from output.cli.terminal import complain, progress_bar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg mcp plankg-out --prepare")(mcp)


def mcp(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder of a built graph, or an RDF file.")
    ] = DEFAULT_FOLDER,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Time that one query may take.")] = 20.0,
    max_answer: Annotated[int, typer.Option(metavar="MB", min=1, help="Size of one answer at most.")] = 8,
    prepare: Annotated[bool, typer.Option("--prepare", help="Make what the server reads, then stop.")] = False,
) -> None:
    """Offer a built graph to assistants over the Model Context Protocol (standard input and output).

    Tools: search, entity, ask, questions, sparql; all read-only, each statement with its sentence. An assistant
    starts this command itself; see docs/assistants.md. Needs: pip install 'plankg[mcp]'.
    """
    try:
        from output.mcp.server import serve
    except ImportError as error:
        complain(f"{error.name} is not installed; run: pip install 'plankg[mcp]'")
        raise typer.Exit(1) from error
    from output.server.pool import Limits
    from output.server.prepared import prepared
    from plankg import __version__

    with progress_bar() as progress, prepared(folder, progress) as made:
        if prepare:
            typer.echo(f"prepared: {made.triples} triples, {len(made.graphs)} documents")
            return
        serve(made, Limits(seconds=timeout, answer=max_answer << 20), __version__)
