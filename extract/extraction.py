"""What one document says: mentions, facts and observations, each with its evidence."""

from dataclasses import dataclass

from extract.document import Document
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement stands: the sentence's raw span, its section path, page, and the rule.

    `rule` names the rule or model that made the statement; for a rule of the annotation guide
    it carries the rule's name, e.g. "facts/verb:建设".
    """

    span: Span
    section: tuple[str, ...]
    rule: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A contiguous raw span that names one thing; `surface` is its clean text."""

    span: Span
    type: EntityType
    surface: str
    evidence: Evidence
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Fact:
    """A relation between two mentions; None stands for the document's own district (@doc)."""

    predicate: Predicate
    subject: Mention | None
    object: Mention | None
    evidence: Evidence
    status: Status | None = None
    period: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Observation:
    """A figure of an indicator (GUIDE, "Observations").

    `value` is one number or a bound in the GUIDE's notation ("35", ">95", ">=90", "<=3.88",
    "-40"), or the words of a target that is no number ("高于GDP增长"). `unit` as in the text,
    `period` "2025", "2021-2025" or "". `attribute` is 预期性/约束性 where a table says so.
    """

    subject: Mention | None
    indicator: Mention
    value: str
    unit: str
    period: str
    kind: Kind
    evidence: Evidence
    attribute: str = ""
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Extraction:
    """Everything said by one document, in document order; `warnings` are sentences about the extraction."""

    document: Document
    mentions: tuple[Mention, ...]
    facts: tuple[Fact, ...]
    observations: tuple[Observation, ...]
    warnings: tuple[str, ...] = ()
