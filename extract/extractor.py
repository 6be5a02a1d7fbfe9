"""A document's extraction: mentions, then facts and observations over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from extract.chain import ChainModel
from extract.constraints import Draft, constrain
from extract.document import Document, Sentence
from extract.extraction import Evidence, Extraction, Mention
from extract.features import sentence_features
from extract.folding import fold
from extract.indicators import propose_indicators
from extract.lexicon import Lexicon
from extract.observations import observe
from extract.relations import RelationModel
from extract.shared import shared_names, tables_for
from extract.tagger import SequenceTagger
from ontology.schema import EntityType

FOLDER = Path(__file__).with_name("models")


class Tier(StrEnum):
    """How much is spent on a document: `fast` needs tables and the trained tagger only."""

    FAST = "fast"


@dataclass(frozen=True)
class Models:
    """What is learned: the tagger, the names shared by several documents, and the relation models."""

    tagger: SequenceTagger
    shared: Lexicon
    relations: RelationModel

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Models":
        """Read the model files of a folder written by `extract.training`."""
        return cls(
            SequenceTagger(ChainModel.load(folder / "tagger.npz")),
            shared_names(folder / "shared.tsv"),
            RelationModel(ChainModel.load(folder / "objects.npz"), ChainModel.load(folder / "pairs.npz")),
        )


@lru_cache(maxsize=1)
def default_models() -> Models:
    """Return the models shipped with the package, read once."""
    return Models.load()


def tag_mentions(document: Document, models: Models) -> list[Mention]:
    """Return the tagger's mentions, shaped by the guide's crisp rules, in document order."""
    tables = tables_for(document, models.shared)
    features = [sentence_features(s.text.clean, s.role.value, tables) for s in document.sentences]
    mentions = []
    for sentence, tagged in zip(document.sentences, models.tagger.tag(features), strict=True):
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


def extract(document: Document, tier: Tier = Tier.FAST, *, models: Models | None = None) -> Extraction:
    """Return everything that one document says, in document order.

    `models` are those of the package unless others are given (to measure them).
    """
    models = models or default_models()
    mentions = with_indicators(document, tag_mentions(document, models))
    facts = models.relations.facts(document, mentions)
    return Extraction(document, tuple(mentions), facts, observe(document, mentions))
