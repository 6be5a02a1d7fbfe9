"""A mention in the making: a span that rules shape until it is placed in its document."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.document import Document, Sentence
from extract.extraction import Evidence, Mention
from ontology.schema import EntityType

RULE_PROBABILITY = 0.8  # of a mention that a rule alone found


@dataclass(frozen=True, slots=True)
class Draft:
    """A span `[start, end)` of the clean text on its way to a mention; `rules` name what shaped it."""

    start: int
    end: int
    type: EntityType
    probability: float
    rules: tuple[str, ...] = ("tagger",)

    def become(self, rule: str, **changes: object) -> "Draft":
        """Return the changed draft, marked with the rule."""
        return replace(self, rules=(*self.rules, rule), **changes)  # type: ignore[arg-type]


def placed(document: Document, sentence: Sentence, draft: Draft) -> Mention:
    """Return the draft as a mention of its document, with its evidence and its probability as confidence."""
    span = sentence.text.raw_span(draft.start, draft.end)
    rule = "mentions/" + "+".join(draft.rules)
    evidence = Evidence(sentence.text.span, document.section_path(sentence.section), rule, document.page(span.start))
    surface = sentence.text.clean[draft.start : draft.end]
    return Mention(span, draft.type, surface, evidence, round(draft.probability, 4))


def is_free(drafts: Sequence[Draft], start: int, end: int) -> bool:
    """Return whether no draft takes a character of `[start, end)`."""
    return all(end <= draft.start or draft.end <= start for draft in drafts)
