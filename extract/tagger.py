"""The sequence tagger: a conditional random field over the characters of each sentence.

Labels are BIES per entity type and O. The model file is made by `extract.training` from the
annotated passages; nothing else is learned.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from extract.chain import ChainModel, Decoded, Floats

# Scores with an opinion are divided by it for probabilities (not for labels): tells the sure from the very sure.
TEMPERATURE = 2.0


@dataclass(frozen=True, slots=True)
class Tagged:
    """A labelled stretch of a clean sentence `[start, end)` with the model's probability."""

    start: int
    end: int
    type: str
    probability: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another model says of every sentence: log-probabilities (characters x labels) and their weight."""

    labels: tuple[str, ...]
    scores: Sequence[Floats]
    weight: float


def encode(size: int, spans: list[tuple[int, int, str]]) -> list[str]:
    """Return BIES labels for `size` characters from non-overlapping spans (start, end, type).

    >>> encode(4, [(0, 1, "District"), (1, 3, "Park")])
    ['S-District', 'B-Park', 'E-Park', 'O']
    """
    labels = ["O"] * size
    for start, end, kind in spans:
        if end - start == 1:
            labels[start] = f"S-{kind}"
            continue
        labels[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 2), f"E-{kind}"]
    return labels


def decode(labels: list[str]) -> list[tuple[int, int, str]]:
    """Return the spans of a label sequence; a broken sequence (B without E) yields nothing.

    >>> decode(["B-Park", "E-Park", "O", "S-District", "B-Park", "O"])
    [(0, 2, 'Park'), (3, 4, 'District')]
    """
    spans, start = [], -1
    for i, label in enumerate(labels):
        if label == "O":
            start = -1
        elif label[0] == "S":
            spans.append((i, i + 1, label[2:]))
            start = -1
        elif label[0] == "B":
            start = i
        elif start >= 0 and label[2:] != labels[start][2:]:
            start = -1
        elif label[0] == "E" and start >= 0:
            spans.append((start, i + 1, label[2:]))
            start = -1
    return spans


class SequenceTagger:
    """A trained tagger; `tag` is a pure function of the features."""

    def __init__(self, model: ChainModel) -> None:
        self._model = model

    def tag(self, sentences: Iterable[list[list[str]]], opinion: Opinion | None = None) -> list[list[Tagged]]:
        """Return for each sentence (its features) the most probable labelling as spans, from left to right.

        An opinion holds log-probabilities for the same sentences; they are added by its weight.
        """
        scores = [self._model.emissions(features) for features in sentences]
        if opinion is not None:
            columns = [opinion.labels.index(label) for label in self._model.labels]
            for score, more in zip(scores, opinion.scores, strict=True):
                score += opinion.weight * more[:, columns]
        decoded = iter(self._model.decode(scores, temperature=TEMPERATURE if opinion else 1.0))
        return [_spans(next(decoded)) if len(score) else [] for score in scores]


def _spans(decoded: Decoded) -> list[Tagged]:
    """Return the labelled spans, each with the lowest marginal inside it."""
    return [
        Tagged(start, end, kind, float(decoded.marginals[start:end].min()))
        for start, end, kind in decode(decoded.labels)
    ]  # fmt: skip
