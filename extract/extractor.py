"""A document's extraction: mentions, then facts and observations over them."""

from collections.abc import Sequence
from enum import StrEnum

from extract.constraints import Draft, constrain
from extract.document import Document, Sentence
from extract.extraction import Evidence, Extraction, Mention
from extract.features import sentence_features
from extract.folding import fold
from extract.indicators import propose_indicators
from extract.observations import observe
from extract.relations import default_relations
from extract.shared import tables_for
from extract.tagger import SequenceTagger, default_tagger
from ontology.schema import EntityType


class Tier(StrEnum):
    """How much is spent on a document: `fast` needs tables and the trained tagger only."""

    FAST = "fast"


def tag_mentions(document: Document, tagger: SequenceTagger) -> list[Mention]:
    """Return the tagger's mentions, shaped by the guide's crisp rules, in document order."""
    tables = tables_for(document)
    features = [sentence_features(s.text.clean, s.role.value, tables) for s in document.sentences]
    mentions = []
    for sentence, tagged in zip(document.sentences, tagger.tag(features), strict=True):
        drafts = [Draft(t.start, t.end, EntityType(t.type), t.probability) for t in tagged]
        kept = constrain(fold(sentence.text.clean), drafts)
        mentions += [_mention(document, sentence, draft) for draft in kept]
    return sorted(mentions, key=lambda m: m.span)


def _mention(document: Document, sentence: Sentence, draft: Draft) -> Mention:
    span = sentence.text.raw_span(draft.start, draft.end)
    rule = "mentions/" + "+".join(draft.rules)
    evidence = Evidence(sentence.text.span, document.section_path(sentence.section), rule, document.page(span.start))
    surface = sentence.text.clean[draft.start : draft.end]
    return Mention(span, draft.type, surface, evidence, round(draft.probability, 4))


def with_indicators(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the grammar's indicators in place of the tagger's.

    An indicator is known by its figure, which a grammar sees better than the tagger.
    """
    others = [mention for mention in mentions if mention.type is not EntityType.INDICATOR]
    return sorted([*others, *propose_indicators(document, others)], key=lambda m: m.span)


def extract(document: Document, tier: Tier = Tier.FAST) -> Extraction:
    """Return everything that one document says, in document order."""
    mentions = with_indicators(document, tag_mentions(document, default_tagger()))
    facts = default_relations().facts(document, mentions)
    return Extraction(document, tuple(mentions), facts, observe(document, mentions))
