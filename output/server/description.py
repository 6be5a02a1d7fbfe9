"""The endpoint describes itself: https://www.w3.org/TR/sparql11-service-description/."""

from pyoxigraph import Literal, NamedNode, Triple, serialize
from starlette.requests import Request

from graph.terms import A, integer
from output.server.prepared import Prepared
from output.server.worker import GRAPH_FORMATS

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_VOID = "http://rdfs.org/ns/void#"
# https://www.w3.org/ns/formats/: the names of what the endpoint writes.
_RESULTS = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "JSON-LD", "N-Triples", "RDF_XML", "TriG", "N-Quads"),
)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def description(endpoint: str, made: Prepared) -> list[Triple]:
    """Return the description of the endpoint at an address: languages, formats, graphs and their sizes.

    Nothing is a blank node: parts are named by fragments of the address.
    """
    service = NamedNode(endpoint)
    dataset, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default")
    triples = [
        Triple(service, A, _sd("Service")),
        Triple(service, _sd("endpoint"), service),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL10Query")),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        *(Triple(service, _sd("resultFormat"), NamedNode(_FORMATS + name)) for name in _RESULTS),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(dataset, A, _sd("Dataset")),
        Triple(dataset, NamedNode("http://purl.org/dc/terms/description"), Literal(_ABOUT, language="en")),
        Triple(dataset, _sd("defaultGraph"), default),
        Triple(default, A, _sd("Graph")),
        Triple(default, NamedNode(f"{_VOID}triples"), integer(made.triples)),
    ]
    for number, (name, size) in enumerate(made.graphs.items(), 1):
        part = NamedNode(f"{endpoint}#graph-{number}")
        triples += [
            Triple(dataset, _sd("namedGraph"), part),
            Triple(part, A, _sd("NamedGraph")),
            Triple(part, _sd("name"), NamedNode(name)),
            Triple(part, _sd("graph"), NamedNode(f"{endpoint}#content-{number}")),
            Triple(NamedNode(f"{endpoint}#content-{number}"), A, _sd("Graph")),
            Triple(NamedNode(f"{endpoint}#content-{number}"), NamedNode(f"{_VOID}triples"), integer(size)),
        ]
    return triples


_ABOUT = "The default graph holds everything; a named graph for each document holds what that document says."


def described(request: Request, kind: str) -> bytes:
    """Return the description for the address that was asked, in one of `GRAPH_FORMATS`."""
    made: Prepared = request.app.state.prepared
    endpoint = str(request.url.replace(query="", fragment=""))
    names = {"sd": _SD, "void": _VOID, "dcterms": "http://purl.org/dc/terms/", "formats": _FORMATS}
    return serialize(description(endpoint, made), format=GRAPH_FORMATS[kind], prefixes=names) or b""
