"""`plankg verify`: is every statement still where it says it is?"""

from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER
from output.cli.terminal import complain, printable


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg verify plankg-out")(verify)


def verify(
    path: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Folder of a built graph, or an RDF file with text/ beside it.")
    ] = DEFAULT_FOLDER,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="List at most N problems.")] = 50,
    warnings: Annotated[bool, typer.Option("--warnings", help="List what makes the graph poorer, not wrong.")] = False,
) -> None:
    """Check a built graph: every quote re-sliced from its text, SHACL shapes; exit code 1 if one fails."""
    from graph.verify import check

    report = check(path)
    listed = (*report.problems, *(report.warnings if warnings else ()))
    for problem in listed[:limit]:
        typer.echo(printable(str(problem)))
    if len(listed) > limit:
        typer.echo(f"... and {len(listed) - limit} more; list them with --limit {len(listed)}")
    counts = ", ".join(f"{number:,} {name}" for name, number in sorted(report.checked.items()))
    typer.echo(f"checked in {path}: {counts or 'nothing'}; {len(report.warnings)} warnings")
    if report.problems:
        complain(f"{len(report.problems)} problems in {path}; build the graph again")
        raise typer.Exit(1)
    typer.echo("every quote stands in its text, and the graph conforms to its shapes")
