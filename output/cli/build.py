"""`plankg build`: documents in, a folder with the graph in every form out."""

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from extract.tier import DEFAULT_TIER
from output.cli.options import DEFAULT_FOLDER, District, Jobs, MinConfidence, TierOption
from output.cli.terminal import complain, printable, progress_bar

if TYPE_CHECKING:
    from rich.table import Table

    from graph.model import KnowledgeGraph
    from output.building import Build
    from output.spark.engine import Outcome


_WARNINGS = 10  # shown at the end of a build


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg build plans/ -o plans-graph")(build)


def build(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...", readable=False, help="Documents (txt, md, pdf, docx, html) or folders of them."
        ),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the results.")] = DEFAULT_FOLDER,
    district: District = None,
    tier: TierOption = DEFAULT_TIER.value,
    min_confidence: MinConfidence = 0,
    base: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="Begin of the entities' IRIs  [default: https://w3id.org/plankg/id/]"),
    ] = None,
    licence: Annotated[
        str | None,
        typer.Option(
            metavar="IRI", help="Licence under which the graph is published  [default: as corpus.toml states]"
        ),
    ] = None,
    review: Annotated[
        Path | None, typer.Option("--review", metavar="FILE", help="Corrections to replay, see `plankg review`.")
    ] = None,
    jobs: Jobs = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Build anew, though nothing may have changed.")] = False,
    engine: Annotated[
        Literal["local", "spark"],
        typer.Option(metavar="local|spark", help="spark: on a cluster, as N-Triples and Parquet; see docs/spark.md."),
    ] = "local",
    master: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Spark's master, e.g. spark://host:7077  [default: local[*], this machine]"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Build the graph of planning documents; without PATH, that of the five bundled ones."""
    from output.building import build_into
    from output.options import BuildOptions

    options = BuildOptions(district, tier, min_confidence, base, licence, review)
    if engine == "spark":
        from output.spark.engine import build_on_spark

        _refuse("--engine spark has no", {"--review": review, "--jobs": jobs})
        with progress_bar(hidden=quiet) as report:
            outcome = build_on_spark(out, paths or None, options, master=master or "local[*]", progress=report)
        _tell_outcome(outcome, out, quiet=quiet)
        return
    _refuse("without --engine spark there is no", {"--master": master})
    processes = jobs or os.cpu_count() or 1
    try:
        with progress_bar(hidden=quiet) as report:
            result = build_into(out, paths or None, options, jobs=processes, fresh=fresh, partial=True, progress=report)
    except KeyboardInterrupt:
        _tell_kept(out)
        raise
    if result is None:
        if not quiet:
            _tell_unchanged(out)
        return
    if not quiet and result.extractions:
        _tell(result, out)
    _tell_failures([str(failure) for failure in result.failures], len(result.extractions))


def _refuse(why: str, options: dict[str, object]) -> None:
    """Refuse options that do not go together with the engine."""
    for name, value in options.items():
        if value is not None:
            raise typer.BadParameter(f"{why} {name}")


def _tell_failures(failures: Sequence[str], read: int) -> None:
    """Print why documents could not be read, and exit, if there are any."""
    for failure in failures:
        complain(failure)
    if failures:
        kept = f"the graph holds the other {read}" if read else "nothing was written"
        complain(f"{len(failures)} of {read + len(failures)} documents could not be read; {kept}")
        raise typer.Exit(1)


def _tell_outcome(outcome: "Outcome", out: Path, *, quiet: bool) -> None:
    """Print what a build on Spark came to."""
    from output.spark.engine import CONTENTS

    if outcome.counts and not quiet:
        for name, count in outcome.counts.items():
            typer.echo(f"{count:>12,} {name}")
        typer.echo(f"\nWritten to {out.absolute()}")
        for name, content in CONTENTS.items():
            typer.echo(f"  {name:14} {content}")
    _tell_failures(outcome.failures, outcome.counts.get("documents", 0))


def _tell(result: "Build", out: Path) -> None:
    """Print what the graph holds, where it is, and what to do next."""
    from rich.console import Console

    from output.building import CONTENTS

    kg = result.graph
    console = Console(highlight=False, markup=False, soft_wrap=True)
    console.print(_counts(kg), soft_wrap=False)
    console.print(f"\nFrom {len(kg.sources)} document{'s' * (len(kg.sources) != 1)}")
    for source in kg.sources:
        console.print("  " + printable(f"{source.id}: {source.meta.district}, {source.meta.title}"))
    console.print(f"\nWritten to {out.absolute()}")
    for name, content in CONTENTS.items():
        console.print(f"  {name:17} {content}")
    if kg.warnings:
        console.print(f"\n{len(kg.warnings)} warnings")
    for warning in kg.warnings[:_WARNINGS]:
        console.print("  " + printable(warning))
    if len(kg.warnings) > _WARNINGS:
        console.print(f"  ... and {len(kg.warnings) - _WARNINGS} more, in plankg.load(...).warnings")
    graph, folder = ("", "") if out == DEFAULT_FOLDER else (f" -g {out}", f" {out}")
    example = max(kg.entities, key=lambda e: (e.type == "Park", len(e.occurrences), e.id)).name if kg.entities else ""
    console.print(f"\nNext: open {out / 'network.html'} in a browser, or run")
    for line in ("examples", f"show {printable(example)}{graph}", f"verify{folder}"):
        console.print(f"  plankg {line}")


def _tell_unchanged(out: Path) -> None:
    """Print that the folder is the build's already."""
    from output.folder import built_files

    typer.echo(f"Nothing has changed; the {len(built_files(out))} files in {out.absolute()} are as they were built.")
    typer.echo("To build anew: plankg build --fresh")


def _tell_kept(out: Path) -> None:
    """Say what an interrupted first build leaves behind, if anything."""
    from output.building import CACHE
    from output.folder import built_files

    kept = len(list((out / CACHE).glob("*.json")))
    if kept and not built_files(out):
        complain(f"{kept} extracted document{'s are' if kept > 1 else ' is'} kept in {out / CACHE} for the next build")


def _counts(kg: "KnowledgeGraph") -> "Table":
    """Return the table of entities and their mentions by type, claims by predicate, observations."""
    from rich.table import Table

    from ontology.labels import labels
    from ontology.schema import EntityType, Predicate

    zh = labels("zh")
    mentions: Counter[str] = Counter()
    entities: Counter[str] = Counter()
    for entity in kg.entities:
        entities[entity.type] += 1
        mentions[entity.type] += len(entity.occurrences)
    documented = [claim for claim in kg.claims if not claim.is_reference]
    claims = Counter(claim.predicate for claim in documented)
    quotes: Counter[str] = Counter()
    for claim in documented:
        quotes[claim.predicate] += len(claim.evidence)
    table = Table()
    for name in ("", "", "entities", "mentions"):
        table.add_column(name, justify="right" if name else "left")
    for kind in EntityType:
        table.add_row(kind, zh.get(kind, ""), str(entities[kind]), str(mentions[kind]))
    table.add_row("all", "合计", str(entities.total()), str(mentions.total()), style="bold", end_section=True)
    table.add_row("", "", "claims", "quotes", style="bold")
    for predicate in Predicate:
        table.add_row(predicate, zh.get(predicate, ""), str(claims[predicate]), str(quotes[predicate]))
    table.add_row("all", "合计", str(claims.total()), str(quotes.total()), style="bold")
    table.add_row("from public lists", "公开名录", str(len(kg.claims) - len(documented)), "", end_section=True)
    figures = sum(len(value.evidence) for value in kg.observations)
    table.add_row("observations", zh.get("Observation", ""), str(len(kg.observations)), str(figures), style="bold")
    return table
