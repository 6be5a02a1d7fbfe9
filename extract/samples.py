"""Annotated sentences as `extract.finetuning` learns from them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.context import Context
from extract.document import Document
from extract.gold import Passage
from extract.scenes import Scene, candidates, scenes
from extract.tagger import encode
from extract.training import FactLabels, gold_mentions, object_labels, sentences_in
from ontology.schema import EntityType

LABELS = ("O", *(f"{edge}-{kind}" for kind in EntityType for edge in "BIES"))
LONGEST = 510  # characters of a sentence that are used


@dataclass(frozen=True, slots=True)
class Sample:
    """A clean sentence with its labels; those outside `[low, high)` are unknown.

    Of a sentence with mentions `context` holds their places, `own` the label of each with the
    document's district, `pairs` (subject, object, label) of those that could be related.
    """

    text: str
    low: int
    high: int
    labels: tuple[str, ...]
    context: Context | None = None
    own: tuple[str, ...] = ()
    pairs: tuple[tuple[int, int, str], ...] = ()


def samples(document: Document, passage: Passage) -> Iterator[Sample]:
    """Yield the sentences of a passage with their labels and relations."""
    found = {scene.sentence.index: scene for scene in scenes(document, gold_mentions(document, passage))}
    counts = Counter(mention.surface for scene in found.values() for mention in scene.mentions)
    labels = FactLabels(passage)
    for sentence, offsets, low, high in sentences_in(document, passage):
        at = {offset: low + i for i, offset in enumerate(offsets[low:high])}
        spans = []
        for start, end, kind in passage.mentions:
            inside = [at[o] for o in range(start, end) if o in at]
            if inside:
                spans.append((inside[0], inside[-1] + 1, kind))
        text = sentence.text.clean
        known = (text, low, high, tuple(encode(len(text), spans)))
        scene = found.get(sentence.index)
        if scene is None:
            yield Sample(*known)
        else:
            own = tuple(object_labels(scene, labels, counts))
            yield Sample(*known, scene.context, own, tuple(_pairs(scene, labels)))


def _pairs(scene: Scene, labels: FactLabels) -> Iterator[tuple[int, int, str]]:
    for i, mention in enumerate(scene.mentions):
        for subject in candidates(scene, i):
            if subject.index is not None:
                yield subject.index, i, labels.pair(subject.mention.surface, mention.surface)


def label_names(data: Sequence[Sample]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the labels that occur with the document's district, and between two mentions."""
    own = {label for sample in data for label in sample.own}
    pair = {label for sample in data for _, _, label in sample.pairs}
    return tuple(sorted(own)), tuple(sorted(pair))
