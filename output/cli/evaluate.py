"""`plankg evaluate`: how well records agree with gold passages."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from extract.tier import DEFAULT_TIER
from output.cli.options import TierOption
from output.cli.terminal import complain

if TYPE_CHECKING:
    from extract.gold import Passage


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg evaluate tests/gold/dev.jsonl --html errors.html")(evaluate)


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Gold passages, one JSON object a line.")],
    records: Annotated[
        Path | None,
        typer.Argument(metavar="[RECORDS]", help="Records to judge; without them the gold's documents are extracted."),
    ] = None,
    corpus: Annotated[
        list[Path] | None,
        typer.Option("--corpus", metavar="PATH", help="Where the documents are; default is the bundled corpus."),
    ] = None,
    tier: TierOption = DEFAULT_TIER.value,
    errors: Annotated[bool, typer.Option("--errors", help="List every missed and spurious item first.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write a page with the errors marked in the text.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Score records against gold passages: mentions, facts, statuses and observations."""
    from extract import evaluate as scorer
    from extract.gold import read_passages

    passages = read_passages(gold)
    report = scorer.evaluate(passages, _read(records) if records else _extract(passages, corpus, tier))
    if html is not None:
        from output.error_page import write_error_page

        write_error_page(report, html)
    if as_json:
        typer.echo(json.dumps(report.as_dict(), ensure_ascii=False, indent=1))
        return
    if errors:
        for judgement in report.judgements:
            for line in scorer.errors(judgement):
                typer.echo(line)
    for line in scorer.summary(report):
        typer.echo(line)
    if html is not None:
        typer.echo(f"\nThe errors, marked in the text: {html}")


def _read(path: Path) -> list[dict[str, Any]]:
    from extract.errors import RecordError
    from extract.records import read_records

    try:
        return list(read_records(path.read_text(encoding="utf-8").split("\n"), str(path)))
    except UnicodeDecodeError as error:
        raise RecordError(f"{path} is not UTF-8 ({error}); give the output of `plankg extract`") from error


def _extract(passages: "list[Passage]", corpus: list[Path] | None, tier: str) -> list[dict[str, Any]]:
    """Return the records of the documents that the passages are from.

    Raises:
        GoldError: a document is not in the corpus, or its text differs from the passage's.
    """
    from extract.errors import DocumentError, GoldError
    from extract.reading import corpus_files
    from extract.records import records
    from output.extracting import extracted

    files = {path.stem: path for path in corpus_files(corpus)}
    wanted = sorted({passage.doc for passage in passages})
    missing = [doc for doc in wanted if doc not in files]
    if missing:
        raise GoldError(f"the gold's document {missing[0]} is not in the corpus; say where it is with --corpus PATH")
    found: list[dict[str, Any]] = []
    texts = {}
    for result in extracted([files[doc] for doc in wanted], tier=tier, jobs=os.cpu_count() or 1):
        if isinstance(result, DocumentError):
            raise result
        for warning in result.warnings:
            complain(warning)
        texts[result.document.id] = result.document.raw
        found += records(result)
    for passage in passages:
        if passage.span.of(texts[passage.doc]) != passage.text:
            raise GoldError(
                f"the passage {passage.id} does not stand at {passage.start}..{passage.end} of {files[passage.doc]}; "
                "the gold was made from another text of that document"
            )
    return found
