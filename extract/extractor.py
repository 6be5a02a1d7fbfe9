"""A document's extraction: mentions, then facts and observations over them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from extract.calibration import Calibration
from extract.chain import ChainModel
from extract.constraints import constrain
from extract.document import Document
from extract.draft import Draft, placed
from extract.encoder import Encoder, Joined, load_encoders, read_together
from extract.extraction import Extraction, Fact, Mention
from extract.folding import fold
from extract.indicators import propose_indicators
from extract.layout import lay_out
from extract.lexicon import Lexicon
from extract.observations import observe
from extract.plugins import Plugin, plugin_mentions
from extract.relations import RelationModel
from extract.repetition import named_again
from extract.rows import row_facts
from extract.shared import shared_names, tables_for
from extract.sites import site_facts
from extract.tagger import Opinion, SequenceTagger
from extract.tier import DEFAULT_TIER, Tier
from ontology.schema import EntityType, Predicate

FOLDER = Path(__file__).with_name("models")

_SAMPLE = "第一章 产业\n\n到2025年，米东区粮食产量达到5万吨，加快建设米东化工园区，发展设施农业。\n"

# Weight of the encoders' mean log-probabilities beside the tagger's scores; chosen on the gold passages.
ENCODER_WEIGHT = 0.7
# What their log-probability of no name is lowered by: documents of other places have names that they are too shy of.
NAME_LEAN = 0.3


@dataclass(frozen=True)
class Models:
    """What is learned: the tagger, the names shared by several documents, the relation models, the encoders."""

    tagger: SequenceTagger
    shared: Lexicon
    relations: RelationModel
    encoders: tuple[Encoder, ...] = ()
    calibration: Calibration | None = None  # measured with the encoders; else confidences are probabilities

    @classmethod
    def load(cls, folder: Path = FOLDER, tier: Tier = DEFAULT_TIER) -> "Models":
        """Read the model files of a folder written by `extract.training` and `extract.finetuning`."""
        return cls(
            SequenceTagger.load(folder / "tagger.npz"),
            shared_names(folder / "shared.tsv"),
            RelationModel(ChainModel.load(folder / "objects.npz"), ChainModel.load(folder / "pairs.npz")),
            load_encoders(folder / "encoders") if tier is Tier.ACCURATE else (),
            Calibration.load(folder / "calibration.json") if tier is Tier.ACCURATE else None,
        )


@lru_cache(maxsize=2)
def default_models(tier: Tier = DEFAULT_TIER) -> Models:
    """Return the models shipped with the package, read once."""
    return Models.load(tier=tier)


def prepare(tier: Tier = DEFAULT_TIER) -> None:
    """Load the models and tables that every extraction needs, once for all processes that are forked later."""
    extract(lay_out(_SAMPLE, id="sample", district="米东区"), tier)


def read_sentences(document: Document, models: Models) -> Joined | None:
    """Return what the encoders say of each sentence; None without encoders."""
    if not models.encoders:
        return None
    return read_together(models.encoders, [sentence.text.clean for sentence in document.sentences])


def tag_mentions(document: Document, models: Models, joined: Joined | None = None) -> list[Mention]:
    """Return the tagger's mentions, shaped by the guide's crisp rules, in document order.

    `joined` is what `read_sentences` returned.
    """
    tables = tables_for(document, models.shared)
    texts = [sentence.text.clean for sentence in document.sentences]
    roles = [sentence.role.value for sentence in document.sentences]
    opinion = Opinion(joined.labels, joined.scores, ENCODER_WEIGHT, NAME_LEAN) if joined else None
    folded, found = [fold(text) for text in texts], []
    for text, tagged in zip(folded, models.tagger.tag(texts, roles, tables, opinion), strict=True):
        found.append(constrain(text, [Draft(t.start, t.end, EntityType(t.type), t.probability) for t in tagged]))
    drafts = named_again(folded, found)
    mentions = [placed(document, s, d) for s, here in zip(document.sentences, drafts, strict=True) for d in here]
    if models.calibration:
        mentions = [replace(m, confidence=models.calibration.mention(m.confidence)) for m in mentions]
    return sorted(mentions, key=lambda m: m.span)


def with_indicators(document: Document, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions with the grammar's indicators in place of the tagger's.

    An indicator is known by its figure, which a grammar sees better than the tagger.
    """
    others = [mention for mention in mentions if mention.type is not EntityType.INDICATOR]
    indicators = list(propose_indicators(document, others))
    taken = {mention.span for mention in indicators}
    return sorted([*(m for m in others if m.span not in taken), *indicators], key=lambda m: m.span)


def extract(
    document: Document, tier: Tier = DEFAULT_TIER, *, models: Models | None = None, plugin: Plugin | None = None
) -> Extraction:
    """Return everything that one document says, in document order.

    `models` are those of the package unless others are given (to measure them). The mentions of a
    `plugin` stand in place of the tagger's.
    """
    models = models or default_models(Tier.FAST if plugin else tier)
    joined = None if plugin else read_sentences(document, models)
    found, warnings = plugin_mentions(document, plugin) if plugin else (tag_mentions(document, models, joined), ())
    mentions = with_indicators(document, found)
    stated = models.relations.facts(document, mentions, joined.views if joined else ())
    sited, sites = site_facts(document, mentions)
    facts = [
        fact for fact in stated if not (fact.predicate is Predicate.PLANS and fact.object and fact.object.span in sites)
    ]
    facts = [_weighed(fact, models.calibration) for fact in (*facts, *row_facts(document, mentions), *sited)]
    return Extraction(document, tuple(mentions), tuple(facts), observe(document, mentions), warnings)


def _weighed(fact: Fact, calibration: Calibration | None) -> Fact:
    """Return the fact with its confidence: its own probability times those of its mentions, calibrated."""
    product = fact.confidence
    for side in (fact.subject, fact.object):
        product *= side.confidence if side else 1.0
    return replace(fact, confidence=calibration.fact(product) if calibration else round(product, 4))
