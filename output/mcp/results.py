"""What the tools return: typed, and each statement with the sentence that it rests on."""

from typing import Any

from pydantic import BaseModel, Field


class Evidence(BaseModel):
    """The characters of a document that a statement rests on."""

    document: str = Field(description="id of the document")
    exact: str = Field(description="the sentence, character by character as in the document")
    start: int = Field(description="offset of the first character in the document's text")
    end: int = Field(description="offset after the last character")
    section: list[str] = Field(default=[], description="headings above the sentence, the outermost first")
    page: int | None = Field(default=None, description="page, where the document has pages")


class Thing(BaseModel):
    """An entity in short."""

    id: str = Field(description="its id, which the tool `entity` takes")
    name: str
    type: str = Field(
        description="District, Park, Project, Facility, Industry, Policy, Enterprise, Institution, Indicator"
    )
    iri: str
    mentions: int = Field(description="how often the documents mention it")


class Hit(Thing):
    """An entity that a search found."""

    label: str = Field(description="the name by which it was found")
    how: str = Field(description="exact, begins, contains, pinyin, or alike (no name holds the words)")


class Hits(BaseModel):
    """What a search found, the best first."""

    items: list[Hit]
    more: bool = Field(description="whether there are more; ask with a higher limit")


class Statement(BaseModel):
    """A claim: subject, predicate and object, as one document says it."""

    subject: Thing
    predicate: str
    object: Thing
    status: str | None = Field(default=None, description="done, ongoing, planned or sought")
    period: str | None = None
    document: str = Field(description="who says so; reference:… is a public list")
    confidence: float = Field(description="0 to 1: how sure the extraction is")
    evidence: list[Evidence]


class Figure(BaseModel):
    """A value of an indicator, as one document gives it."""

    subject: Thing
    indicator: Thing
    value: str = Field(description="in the text's notation with its bound, such as >=90, or words")
    unit: str | None = None
    period: str | None = None
    kind: str | None = Field(default=None, description="actual, target or change")
    document: str
    confidence: float
    evidence: list[Evidence]


class Card(Thing):
    """All about an entity: its names, what is claimed of it, its figures."""

    aliases: list[str]
    code: str | None = Field(default=None, description="official code, where it has one")
    documents: list[str] = Field(description="ids of the documents that mention it")
    claims: list[Statement]
    claims_total: int
    figures: list[Figure]
    figures_total: int


class Rows(BaseModel):
    """A table. IRIs are shortened by the usual prefixes: id:park-1, plan:Park."""

    columns: list[str]
    rows: list[list[Any]]
    truncated: bool = Field(description="whether rows were left out; ask with a higher limit or for less")


class Asked(Rows):
    """The answer to a ready question."""

    question: str = Field(description="name of the ready question that was taken")
    taken_as: str = Field(description="the question in words, with the values that were put in; tell it to the asker")
    parameters: dict[str, str]
    sparql: str


class Queried(Rows):
    """The answer to a SPARQL query: a table, a truth value (one cell), or triples as Turtle."""

    turtle: str | None = Field(default=None, description="the triples of CONSTRUCT or DESCRIBE")
    advice: list[str] = Field(default=[], description="what is probably slow or not meant in the query")


class Ready(BaseModel):
    """A ready question."""

    name: str
    zh: str
    en: str
    parameters: dict[str, str] = Field(description="name of each parameter: what it takes, and its default")


class ReadyList(BaseModel):
    """The ready questions that `ask` answers."""

    items: list[Ready]
