"""`plankg review`: what a person should look at first, as a table to fill in and give back."""

from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import DEFAULT_FOLDER, Folder


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg review -o review.csv --limit 100")(review)


def review(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="CSV to write; without it, standard output.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the sentences, too.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="The N most doubtful only.")] = None,
    folder: Folder = DEFAULT_FOLDER,
) -> None:
    """List what is most doubtful in a built graph as a table of corrections.

    Fill in the column `action` and replay the table with `plankg build --review FILE`.
    """
    from extract.errors import FolderError
    from graph.doubts import doubtful, doubts_csv
    from output.files import write_text
    from output.snapshot import read_graph

    if out is not None and out.exists():
        raise FolderError(f"{out} exists and may hold your corrections; name another file with -o")
    doubts = doubtful(read_graph(folder))
    table = doubts_csv(doubts[:limit])
    if html is not None:
        from output.review_page import write_review_page

        write_review_page(doubts[:limit], html)
    if out is None:
        typer.echo(table, nl=False)
        return
    write_text(out, "\ufeff" + table)
    typer.echo(f"{min(len(doubts), limit or len(doubts))} of {len(doubts)} doubtful items in {out}")
    typer.echo(f"Fill in the column action, then run: plankg build ... --review {out}")
