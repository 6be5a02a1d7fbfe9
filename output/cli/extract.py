"""`plankg extract`: what documents say, as JSON records on standard output."""

from pathlib import Path
from typing import Annotated

import typer

from extract.tier import DEFAULT_TIER
from output.cli.options import District, MinConfidence, TierOption
from output.cli.terminal import complain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg extract plan.txt --district 米东区 > records.jsonl")(extract)


def extract(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", readable=False, help="Documents or folders of them.")
    ],
    district: District = None,
    tier: TierOption = DEFAULT_TIER.value,
    min_confidence: MinConfidence = 0,
) -> None:
    """Print the mentions, facts and observations of documents, one JSON record a line.

    Offsets are code points of the document's text; `doc` is the file's stem.
    """
    from extract.errors import DocumentError
    from extract.reading import corpus_files
    from extract.records import records, to_line
    from output.extracting import extracted

    failed = False
    steps = extracted(corpus_files(paths), district=district, tier=tier, min_confidence=min_confidence)
    for result in steps:
        if isinstance(result, DocumentError):
            complain(str(result))
            failed = True
            continue
        for warning in result.warnings:
            complain(warning)
        for record in records(result):
            typer.echo(to_line(record))
    if failed:
        raise typer.Exit(1)
