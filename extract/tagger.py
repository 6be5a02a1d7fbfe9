"""The sequence tagger: a conditional random field over the characters of each sentence.

Labels are BIES per entity type and O. The model file is made by `extract.training` from the
annotated passages; nothing else is learned.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from extract.chain import ChainModel, Decoded, Floats
from extract.columns import sentence_columns
from extract.lexicon import Lexicon
from extract.lookup import FeatureIndex

# Scores with an opinion are divided by it for probabilities (not for labels): tells the sure from the very sure.
TEMPERATURE = 2.0

_TOGETHER = 60_000  # characters


@dataclass(frozen=True, slots=True)
class Tagged:
    """A labelled stretch of a clean sentence `[start, end)` with the model's probability."""

    start: int
    end: int
    type: str
    probability: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another model says of every sentence: log-probabilities (characters x labels) and their weight.

    `lean` is taken from those of the label "O": leaning towards names finds more and errs more.
    """

    labels: tuple[str, ...]
    scores: Sequence[Floats]
    weight: float
    lean: float = 0.0


def index_file(model: Path) -> Path:
    """Return the file beside a tagger's model in which its feature names stand taken apart."""
    return model.with_name(f"{model.stem}-index.npz")


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
    """A trained tagger; `tag` is a pure function of the sentences."""

    def __init__(self, model: ChainModel, kept: Path | None = None) -> None:
        """Take a model; `kept` is the file of its feature names taken apart, see `index_file`."""
        self._model, self._kept = model, kept

    @classmethod
    def load(cls, path: Path) -> "SequenceTagger":
        """Read a model written by `ChainModel.save`, with the file beside it that `write_index` made."""
        return cls(ChainModel.load(path), index_file(path))

    @cached_property
    def _index(self) -> FeatureIndex:
        return FeatureIndex(self._model.names, self._kept)

    def write_index(self, path: Path) -> None:
        """Write the model's feature names taken apart, so that `load` need not do it."""
        names = self._model.names
        FeatureIndex(names).save(path, names)

    def tag(
        self, clean: Sequence[str], roles: Sequence[str], tables: Sequence[Lexicon] = (), opinion: Opinion | None = None
    ) -> list[list[Tagged]]:
        """Return for each sentence the most probable labelling as spans, from left to right.

        `clean` are the sentences, `roles` their layout roles, `tables` those of `shared.tables_for`. An
        opinion holds log-probabilities for the same sentences; they are added by its weight.
        """
        result: list[list[Tagged]] = []
        for low, high in _groups(clean):
            scores = self._scores(clean[low:high], roles[low:high], tables)
            if opinion is not None:
                columns = [opinion.labels.index(label) for label in self._model.labels]
                none = self._model.labels.index("O")
                for score, more in zip(scores, opinion.scores[low:high], strict=True):
                    score += opinion.weight * more[:, columns]
                    score[:, none] -= opinion.weight * opinion.lean
            result += map(_spans, self._model.decode(scores, temperature=TEMPERATURE if opinion else 1.0))
        return result

    def _scores(self, clean: Sequence[str], roles: Sequence[str], tables: Sequence[Lexicon]) -> list[Floats]:
        columns = sentence_columns(clean, roles, tables)
        scores = self._model.summed(self._index.rows(columns))
        text = columns.sentences
        return [scores[at : at + size] for at, size in zip(text.starts.tolist(), text.lengths.tolist(), strict=True)]


def _groups(clean: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where groups of sentences begin and end that are short enough to be looked at together."""
    low = size = 0
    for high, text in enumerate(clean):
        if size and size + len(text) > _TOGETHER:
            yield low, high
            low, size = high, 0
        size += len(text)
    if low < len(clean):
        yield low, len(clean)


def _spans(decoded: Decoded) -> list[Tagged]:
    """Return the labelled spans, each with the lowest marginal inside it."""
    return [
        Tagged(start, end, kind, float(decoded.marginals[start:end].min()))
        for start, end, kind in decode(decoded.labels)
    ]  # fmt: skip


if __name__ == "__main__":  # `make model`
    _MODEL = Path(__file__).with_name("models") / "tagger.npz"
    SequenceTagger.load(_MODEL).write_index(index_file(_MODEL))
