"""Varies annotated sentences for training: names give way to other names of their type.

A document repeats few names, and an encoder learns them by heart; with other names in their places it
learns what stands around them. Labels and places move with the text; the facts stay. Mention
replacement, as Dai & Adel 2020, "An Analysis of Simple Data Augmentation for Named Entity Recognition".
"""

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extract.context import Place
from extract.samples import Sample
from extract.tagger import encode
from ontology import divisions, industries, zones
from ontology.schema import EntityType

# A figure hangs on an indicator's name, so it keeps it.
_KEPT = frozenset({EntityType.INDICATOR})
_OFFICIAL = 0.3  # share of new districts, industries and parks that are taken from the public lists
_EXCHANGED = 0.4  # share of the names of a varied sentence

_SUM_OR_REST = re.compile("[、和及与或未（]|其他|其它|以外")

Names = Mapping[EntityType, Sequence[str]]


class Variation:
    """Varies samples as it is called; the same seed and calls give the same samples.

    `names` are those that the samples themselves hold, `official` those of public lists; `share` is
    that of the samples that are varied.
    """

    def __init__(self, names: Names, official: Names, share: float, seed: int) -> None:
        self.names, self.official, self.share = names, official, share
        self.order = random.Random(seed)

    @classmethod
    def of(cls, data: Sequence[Sample], share: float, seed: int) -> "Variation":
        """Return a variation with the names of the data."""
        return cls(annotated_names(data), official_names(), share, seed)

    def __call__(self, sample: Sample) -> Sample:
        """Return the sample, or one with other names in it."""
        if sample.context is None or self.order.random() >= self.share:
            return sample
        text, at = "", 0
        labels: list[str] = []
        moved: dict[Place, Place] = {}
        for place in sorted(sample.context.places, key=lambda place: place.start):
            name = self._name(place.type, sample.text[place.start : place.end])
            text += sample.text[at : place.start]
            labels += sample.labels[at : place.start]
            moved[place] = Place(len(text), len(text) + len(name), place.type, name)
            text += name
            labels += encode(len(name), [(0, len(name), place.type)])
            at = place.end
        text += sample.text[at:]
        labels += sample.labels[at:]
        context = replace(sample.context, places=tuple(moved[place] for place in sample.context.places))
        high = sample.high + len(text) - len(sample.text)
        return replace(sample, text=text, high=high, labels=tuple(labels), context=context)

    def _name(self, kind: EntityType, name: str) -> str:
        if kind not in self.names or self.order.random() >= _EXCHANGED:
            return name
        listed = self.official.get(kind) if self.order.random() < _OFFICIAL else None
        return self.order.choice(listed or self.names[kind] or (name,))


def annotated_names(data: Iterable[Sample]) -> dict[EntityType, tuple[str, ...]]:
    """Return the different names of each type in the samples, in code point order."""
    found: dict[EntityType, set[str]] = {kind: set() for kind in EntityType if kind not in _KEPT}
    for sample in data:
        for place in sample.context.places if sample.context else ():
            if place.type in found:
                found[place.type].add(sample.text[place.start : place.end])
    return {kind: tuple(sorted(names)) for kind, names in found.items()}


def official_names() -> dict[EntityType, tuple[str, ...]]:
    """Return the names of the public lists of divisions, industries and development zones, in code point order.

    Of the classification, the names that a plan might write: no sums (`A及B`) and no rests (`其他A`).
    """
    districts = {name for name, _ in divisions.names() if len(name) > 1}
    classes = {re.sub(r"(?<=..)(活动|服务)$", "", entry.name) for entry in industries.classification().values()}
    return {
        EntityType.DISTRICT: tuple(sorted(districts)),
        EntityType.INDUSTRY: tuple(sorted(name for name in classes if not _SUM_OR_REST.search(name))),
        EntityType.PARK: tuple(sorted({zone.name for zone in zones.zones()})),
    }
