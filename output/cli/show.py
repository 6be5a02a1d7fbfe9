"""`plankg show`: one entity with its names, facts and figures, and the sentences they rest on."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from ontology.schema import EntityType
from output.cli.options import DEFAULT_FOLDER, Folder, MinConfidence
from output.cli.terminal import complain, printable

if TYPE_CHECKING:
    from graph.model import Claim, Entity, KnowledgeGraph, ObservedValue, Quote


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg show 甘泉堡经济技术开发区 --quotes 3")(show)


def show(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A name or alias, or an entity's id.")],
    folder: Folder = DEFAULT_FOLDER,
    kind: Annotated[
        EntityType | None, typer.Option("--type", metavar="TYPE", help="Only entities of this type, e.g. Park.")
    ] = None,
    quotes: Annotated[int, typer.Option(metavar="N", min=0, help="Sentences shown for each fact.")] = 1,
    min_confidence: MinConfidence = 0,
    why: Annotated[bool, typer.Option("--why", help="Explain which names were joined, and which nearly.")] = False,
) -> None:
    """Print an entity with its facts and figures, and the sentence behind each."""
    from graph.confidence import at_least
    from graph.search import find, similar
    from output.snapshot import read_graph

    kg = read_graph(folder)
    if min_confidence:
        kg = at_least(kg, min_confidence)
    found = find(kg, name, kind)
    if not found:
        near = similar(kg, name, kind)
        hint = f"; similar names: {'、'.join(e.name for e in near)}" if near else ""
        sure = f" with a confidence of at least {min_confidence:g}" if min_confidence else ""
        complain(f"nothing in {folder} is called {name}{sure}{hint}")
        raise typer.Exit(1)
    for number, entity in enumerate(found):
        lines = [*_card(entity, kg), *_facts(entity, kg, quotes), *_figures(entity, kg, quotes)]
        typer.echo("\n" * (number > 0) + "\n".join(lines + (_reasons(entity, kg) if why else [])))


def _card(entity: "Entity", kg: "KnowledgeGraph") -> Iterator[str]:
    from ontology.labels import labels

    yield f"{printable(entity.name)}    {labels('zh').get(entity.type, '')} {entity.type}"
    if entity.aliases:
        yield f"  also written  {printable('、'.join(entity.aliases))}"
    if entity.code:
        yield f"  code          {entity.code}"
    if entity.scope:
        yield f"  scope         {printable(entity.scope)}"
    for mapping in entity.mappings:
        yield f"  GB/T 4754     {mapping.code} ({mapping.relation}, {mapping.score:.2f}: {printable(mapping.reason)})"
    for link in entity.links:
        yield f"  same as       {printable(link)}"
    counts = [f"{printable(doc)} {sum(o.doc == doc for o in entity.occurrences)}" for doc in entity.documents]
    yield f"  mentioned     {', '.join(counts) or 'in no document; known from the reference lists'}"
    yield f"  IRI           {kg.base}{entity.id}"


def _facts(entity: "Entity", kg: "KnowledgeGraph", quotes: int) -> Iterator[str]:
    """Yield the claims about the entity: first those it is the subject of, then the others."""
    claims = sorted(
        (c for c in kg.claims if entity.id in (c.subject, c.object)),
        key=lambda c: (c.subject != entity.id, c.predicate, c.status or "", c.source, c.id),
    )
    if claims:
        yield f"\n  Facts ({len(claims)})"
    for claim in claims:
        yield f"    {_sentence(claim, entity, kg)}"
        yield from _sources(claim.evidence, quotes)


def _sentence(claim: "Claim", entity: "Entity", kg: "KnowledgeGraph") -> str:
    status = f" [{claim.status}]" if claim.status else ""
    period = f" ({printable(claim.period)})" if claim.period else ""
    source = f"   {claim.source}" if claim.is_reference else ""
    if claim.subject == entity.id:
        return f"{claim.predicate}{status} → {printable(kg.by_id[claim.object].name)}{period}{source}"
    return f"{printable(kg.by_id[claim.subject].name)} {claim.predicate}{status} → this{period}{source}"


def _figures(entity: "Entity", kg: "KnowledgeGraph", quotes: int) -> Iterator[str]:
    values = sorted(
        (v for v in kg.observations if entity.id in (v.subject, v.indicator)),
        key=lambda v: (kg.by_id[v.indicator].name, v.period, v.kind, v.value, v.id),
    )
    if values:
        yield f"\n  Figures ({len(values)})"
    for value in values:
        yield f"    {_figure(value, entity, kg)}"
        yield from _sources(value.evidence, quotes)


def _figure(value: "ObservedValue", entity: "Entity", kg: "KnowledgeGraph") -> str:
    other = value.subject if value.indicator == entity.id else value.indicator
    details = " ".join(part for part in (value.period, value.kind, value.attribute) if part)
    return printable(f"{kg.by_id[other].name}  {value.value}{value.unit}  {details}")


def _sources(evidence: Iterable["Quote"], limit: int) -> Iterator[str]:
    quotes = list(evidence)
    for quote in quotes[:limit]:
        page = f", p. {quote.page}" if quote.page is not None else ""
        place = " > ".join(quote.section)
        yield f"        {printable(quote.doc)}{page}, {printable(place)}: “{printable(quote.exact)}”"
    if limit and len(quotes) > limit:
        yield f"        ... and {len(quotes) - limit} more sentences (--quotes {len(quotes)})"


def _reasons(entity: "Entity", kg: "KnowledgeGraph") -> list[str]:
    """Return why the entity's names were joined, and what it was nearly joined with."""
    lines = [f"\n  Why one ({len(entity.merges)})"]
    lines += [f"    {printable(f'{m.surface} = {m.into}: {m.reason}')} ({m.score:.2f})" for m in entity.merges]
    near = [m for m in kg.near_misses if entity.id in (m.one, m.other)]
    lines.append(f"\n  Nearly joined, kept apart ({len(near)})")
    for miss in near:
        other = kg.by_id[miss.other if miss.one == entity.id else miss.one]
        lines.append(f"    {printable(other.name)} ({other.type}): {miss.reason} ({miss.score:.2f})")
    return lines
