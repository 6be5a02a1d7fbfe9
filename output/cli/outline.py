"""`plankg outline`: what was read in a document."""

from pathlib import Path
from typing import Annotated

import typer

from output.cli.options import District
from output.cli.terminal import harmless


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg outline corpus/midong-plan-14.txt")(outline)


def outline(
    path: Annotated[Path, typer.Argument(metavar="FILE", readable=False, help="A document.")],
    district: District = None,
) -> None:
    """Print a document's structure: sections, project boxes, tables, and warnings about them."""
    from extract.outline import outline as outline_of
    from extract.reading import read_document

    for line in outline_of(read_document(path, district=district)).splitlines():
        typer.echo(harmless(line))
