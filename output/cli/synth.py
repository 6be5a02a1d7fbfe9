"""`plankg synth`: made-up planning documents with known truth."""

from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg synth --counties 3 --seed 7 -o made-up")(synth)


def synth(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the documents.")],
    counties: Annotated[int, typer.Option("--counties", metavar="N", min=1, help="Of how many counties.")] = 10,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="Another seed, other documents.")] = 1,
    characters: Annotated[
        int, typer.Option("--characters", metavar="N", min=200, help="Length of a plan, about; a report has half.")
    ] = 8000,
) -> None:
    """Write made-up planning documents, and all that they say as records (truth.jsonl)."""
    from output.synth.nation import TRUTH, write_nation

    written = write_nation(counties, out, seed, characters)
    typer.echo(f"{written} documents of {counties} counties, and {TRUTH}, written to {out.absolute()}")
    typer.echo(f"Next: plankg build {out} -o plankg-out")
