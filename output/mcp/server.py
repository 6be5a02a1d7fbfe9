"""The server: what each tool is for, told to the assistant, and the loop over standard input and output."""

import asyncio
import tempfile
from collections.abc import Awaitable
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

from graph.rdf import prefixes
from ontology.schema import EntityType
from output.mcp.results import Asked, Card, Hits, Queried, ReadyList
from output.mcp.toolbox import Toolbox, ToolboxError
from output.server.pool import Limits, Pool
from output.server.prepared import Prepared

INSTRUCTIONS = """A knowledge graph of Chinese planning documents (规划纲要, 政府工作报告): districts, parks, projects,
facilities, industries, policies, enterprises, institutions and indicators; what the documents claim of them, and
figures with unit and period. Every statement rests on a sentence of a document: quote it when you tell the statement.
Status matters: done, ongoing, planned and sought are different things. Names are Chinese. Begin with `search` for a
name, `entity` for all about one thing, `ask` for a question; write `sparql` only where no ready question fits."""

_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_T = TypeVar("_T")

Words = Annotated[
    str, Field(description="a name or a part of one in Chinese, or pinyin: 米东, 化工 园, mdq", max_length=200)
]
Limit = Annotated[int, Field(description="at most so many", ge=1, le=100)]
RowLimit = Annotated[int, Field(description="rows at most", ge=1, le=1000)]


def made_server(toolbox: Toolbox, version: str) -> MCPServer:
    """Return the server with its tools; whoever runs it closes the toolbox."""
    server: MCPServer = MCPServer(
        "plankg", title="规划知识图谱", instructions=INSTRUCTIONS, version=version, log_level="ERROR"
    )

    @server.tool(annotations=_READS)
    async def search(words: Words, type: EntityType | None = None, limit: Limit = 10) -> Hits:
        """Find entities by name, alias or pinyin, the best first; behind them names that look alike.

        Use it to learn an entity's id or its exact name before `entity` or `ask`.
        """
        return await _told(toolbox.search(words, type, limit))

    @server.tool(annotations=_READS)
    async def entity(
        name: Annotated[str, Field(description="a name, an alias, or an id from `search`", max_length=500)],
        claims: Annotated[int, Field(description="claims at most", ge=0, le=200)] = 20,
        figures: Annotated[int, Field(description="figures at most", ge=0, le=200)] = 20,
        quotes: Annotated[int, Field(description="sentences for each claim at most", ge=0, le=10)] = 1,
    ) -> Card:
        """Tell all about one entity: names, documents, claims and figures, each with the sentence that it rests on."""
        return await _told(toolbox.entity(name, claims, figures, quotes))

    @server.tool(annotations=_READS)
    async def ask(
        question: Annotated[
            str, Field(description="the name of a ready question, or free words: 米东区发展哪些产业？", max_length=500)
        ],
        parameters: Annotated[dict[str, str], Field(description="values over those found in the words")] = {},  # noqa: B006
        limit: RowLimit = 50,
    ) -> Asked:
        """Answer a question about the plans in Chinese or English by one of the ready queries.

        Says in `taken_as` how the question was understood: check that it is what was meant. Fails when no ready
        question fits; `questions` lists them with their parameters.
        """
        return await _told(toolbox.ask(question, parameters, limit))

    @server.tool(annotations=_READS)
    async def questions() -> ReadyList:
        """List the ready questions that `ask` answers, in Chinese and English, with their parameters."""
        return toolbox.questions()

    @server.tool(annotations=_READS, description=_sparql_description())
    async def sparql(
        query: Annotated[str, Field(description="SELECT, ASK, CONSTRUCT or DESCRIBE", max_length=50_000)],
        limit: RowLimit = 100,
    ) -> Queried:
        """Run a query."""
        return await _told(toolbox.sparql(query, limit))

    return server


def _sparql_description() -> str:
    return """Run a SPARQL 1.1 query over the graph (read-only, limited in time and size, no SERVICE).

Prefixes need no declaration. A claim is a direct triple (?district plan:develops ?industry; also plan:plans,
plan:implements, plan:locatedIn, plan:partOf, plan:engagesIn, plan:supports, plan:cooperatesWith) and a node with its
proof: ?c a plan:Claim ; rdf:subject ?s ; rdf:predicate plan:plans ; rdf:object ?o ; plan:status plan:planned ;
plan:evidence/oa:hasSelector/oa:exact ?quote . Entities are plan:District, plan:Park, plan:Project, plan:Facility,
plan:Industry, plan:Policy, plan:Enterprise, plan:Institution, plan:Indicator with rdfs:label and skos:altLabel
("米东区"@zh). Figures: ?f a plan:Observation ; plan:subject ?s ; plan:indicator ?i ; plan:value ?number ;
plan:unit ?unit ; plan:period "2025" ; plan:kind plan:target . Warns in `advice` of what will be slow."""


async def _told(work: Awaitable[_T]) -> _T:
    """Return what a tool gives; what went wrong on purpose is told to the assistant."""
    try:
        return await work
    except ToolboxError as error:
        raise ToolError(str(error)) from error


def serve(made: Prepared, limits: Limits, version: str) -> None:
    """Answer an assistant on standard input and output until the input ends."""
    asyncio.run(_serve(made, limits, version))


async def _serve(made: Prepared, limits: Limits, version: str) -> None:
    with tempfile.TemporaryDirectory(prefix="plankg-answers-") as spool:
        settings = {"store": str(made.store), "prefixes": prefixes(made.base), "spool": spool}
        pool = Pool(settings, 1, limits)
        toolbox = Toolbox(made, pool)
        try:
            await pool.start()
            await made_server(toolbox, version).run_stdio_async()
        finally:
            await pool.close()
            toolbox.close()
