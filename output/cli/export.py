"""`plankg export`: a built graph in another format."""

import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from output.cli.options import DEFAULT_FOLDER, Folder, MinConfidence

if TYPE_CHECKING:
    from graph.model import KnowledgeGraph


@dataclass(frozen=True, slots=True)
class Export:
    """A format: the functions `module.name(kg, path)` that write it, by what they write.

    "" is the one file that the user names, "." the folder that the user names, else it is a file in
    that folder.
    """

    writers: dict[str, str]
    what: str


FORMATS = {
    "ttl": Export({"": "output.turtle.write_turtle"}, "RDF, Turtle"),
    "ttl12": Export({"": "output.turtle.write_turtle12"}, "RDF 1.2, each edge annotated by its claims"),
    "trig": Export({"": "output.turtle.write_trig"}, "RDF, a named graph for each document"),
    "nq": Export({"": "output.rdffiles.write_nquads"}, "the same as N-Quads"),
    "nt": Export({"": "output.rdffiles.write_ntriples"}, "RDF, N-Triples"),
    "rdf": Export({"": "output.rdffiles.write_rdfxml"}, "RDF/XML"),
    "jsonld": Export({"": "output.jsonld.write_jsonld"}, "JSON-LD"),
    "graphml": Export({"": "output.graphml.write_graphml"}, "for yEd, Cytoscape, networkx"),
    "gexf": Export({"": "output.graphml.write_gexf"}, "for Gephi, laid out"),
    "csv": Export(
        {
            "entities.csv": "output.tabular.write_entities",
            "claims.csv": "output.tabular.write_claims",
            "observations.csv": "output.tabular.write_observations",
        },
        "three tables into the folder OUT",
    ),
    "xlsx": Export({"": "output.workbook.write_xlsx"}, "a workbook of the three tables"),
    "parquet": Export({".": "output.workbook.write_parquet"}, "the three tables into the folder OUT"),
    "html": Export({"": "output.page.write_page"}, "the page to look at"),
    "pyvis": Export({"": "output.page.pyvis_view.write_pyvis"}, "a quick static view, for notebooks"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: plankg export --format graphml -o graph.graphml")(export)


def export(
    form: Annotated[
        str,
        typer.Option(
            "--format", metavar="|".join(FORMATS), help="; ".join(f"{k}: {v.what}" for k, v in FORMATS.items())
        ),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="OUT", help="File to write; without it, standard output.")
    ] = None,
    folder: Folder = DEFAULT_FOLDER,
    min_confidence: MinConfidence = 0,
) -> None:
    """Write a built graph in another format."""
    from graph.confidence import at_least
    from output.snapshot import read_graph

    if form not in FORMATS:
        raise typer.BadParameter(f"no format {form!r}; choose one of {', '.join(FORMATS)}")
    writers = FORMATS[form].writers
    if out is None and "" not in writers:
        raise typer.BadParameter(f"--format {form} writes several files; name a folder with -o DIR")
    kg = read_graph(folder)
    if min_confidence:
        kg = at_least(kg, min_confidence)
    if out is None:
        with tempfile.TemporaryDirectory() as scratch:
            file = Path(scratch) / f"graph.{form}"
            _writer(writers[""])(kg, file)
            sys.stdout.flush()
            sys.stdout.buffer.write(file.read_bytes())
            sys.stdout.buffer.flush()
        return
    for name, writer in writers.items():
        _writer(writer)(kg, out / name if name else out)
    typer.echo(f"written to {out}")


def _writer(name: str) -> "Callable[[KnowledgeGraph, Path], None]":
    module, _, function = name.rpartition(".")
    found: Callable[[KnowledgeGraph, Path], None] = getattr(import_module(module), function)
    return found
