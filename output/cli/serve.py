"""`plankg serve`: a built graph over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER
from output.cli.terminal import complain, progress_bar


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg serve plankg-out --prepare")(serve)


def serve(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder of a built graph, or an RDF file.")
    ] = DEFAULT_FOLDER,
    port: Annotated[
        int, typer.Option(metavar="N", min=0, max=65535, help="Port to listen on; 0 takes a free one.")
    ] = 8000,
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on; 0.0.0.0 for all.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Another name under which the server is asked.")
    ] = None,
    cors: Annotated[
        list[str] | None, typer.Option(metavar="ORIGIN", help="A site whose pages may ask, e.g. https://example.org.")
    ] = None,
    timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Time that one query may take.")] = 30.0,
    workers: Annotated[int, typer.Option(metavar="N", min=1, max=64, help="Queries answered at the same time.")] = 2,
    max_answer: Annotated[int, typer.Option(metavar="MB", min=1, help="Size of one answer at most.")] = 64,
    prepare: Annotated[bool, typer.Option("--prepare", help="Make what the server reads, then stop.")] = False,
) -> None:
    """Serve a built graph: explorer, SPARQL endpoint, entity pages, REST API (read-only; see docs/server.md).

    Listens on this machine only, unless told otherwise with --host; Ctrl-C ends it. Needs: pip
    install 'plankg[serve]'.
    """
    try:
        from output.server.app import Options
        from output.server.serving import address, listen
        from output.server.serving import serve as run
    except ImportError as error:
        complain(f"{error.name} is not installed; run: pip install 'plankg[serve]'")
        raise typer.Exit(1) from error
    from output.server.pool import Limits
    from output.server.prepared import prepared

    limits = Limits(seconds=timeout, answer=max_answer << 20)
    options = Options(host, tuple(allow_host or ()), tuple(cors or ()), workers, limits)
    with progress_bar() as progress, prepared(folder, progress) as made:
        if prepare:
            typer.echo(f"prepared: {made.triples} triples, {len(made.graphs)} documents")
            return
        with listen(host, port) as sock:
            where = address(sock, host)
            run(made, sock, options, lambda: _announce(where))
    typer.echo("stopped")


def _announce(where: str) -> None:
    typer.echo(f"Serving {where} (SPARQL {where}sparql, API {where}openapi.json); Ctrl-C stops")
