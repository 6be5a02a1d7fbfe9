"""What an encoder's states say of facts: two small networks over the states at a mention's edges.

They are trained with their encoder (`extract.joint`) and lie beside it (`NAME.facts.npz`). One says
what the document's own district has to do with a mention, the other how two mentions of a sentence
are related; their labels are those of `extract.relations`.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.chain import Floats
from extract.context import Context, Place
from extract.document import DocumentKind, Role
from extract.errors import ModelError
from ontology.schema import EntityType

States = NDArray[np.float16]

TYPES = tuple(EntityType)
DISTANCES = 24  # classes of `distance`
_KINDS, _ROLES = tuple(DocumentKind), tuple(Role)
FRAME = len(_KINDS) + len(_ROLES) + 3  # numbers of `frame`


def frame(context: Context) -> list[float]:
    """Return what is known of a sentence beside its words, as 0 and 1: document, role, looking back, lead.

    The document's kind and the sentence's role are one-hot, `FRAME` numbers in all.
    """
    led = context.lead[0].type if context.lead else None
    numbers = [context.kind is kind for kind in _KINDS] + [context.role == role for role in _ROLES]
    numbers += [context.review, led is not None, led is EntityType.DISTRICT]
    return [float(number) for number in numbers]


def distance(subject: Place, target: Place) -> int:
    """Return the class of the gap between two places: doubling widths, forwards 0-11, backwards 12-23.

    >>> parks = [Place(0, 4, EntityType.PARK, "甲乙园区"), Place(5, 9, EntityType.PARK, "丙丁园区")]
    >>> distance(*parks), distance(*reversed(parks))
    (1, 13)
    """
    forward = subject.end <= target.start
    gap = target.start - subject.end if forward else max(subject.start - target.end, 0)
    return (0 if forward else 12) + min(int(np.log2(gap + 1) * 1.6), 11)


@dataclass(frozen=True)
class FactHeads:
    """The two networks: label names, and weights by name (`kind` and `distance` are tables, the rest layers)."""

    own_labels: tuple[str, ...]
    pair_labels: tuple[str, ...]
    weights: dict[str, Floats]

    @property
    def width(self) -> int:
        """How many numbers a state of the encoder has."""
        known = self.weights["kind"].shape[1] + FRAME
        return int(self.weights["own_in.weight"].shape[1] - known) // 3

    def save(self, path: Path) -> None:
        """Write the networks in half precision; the same weights give the same bytes."""
        names = {"own_labels": self.own_labels, "pair_labels": self.pair_labels}
        arrays: dict[str, Any] = {
            name: np.frombuffer("\n".join(labels).encode(), np.uint8) for name, labels in names.items()
        }
        arrays |= {name: weight.astype(np.float16) for name, weight in sorted(self.weights.items())}
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> "FactHeads":
        """Read networks written by `save`; nothing in the file is executed.

        Raises:
            ModelError: the file is not one of these.
        """
        try:
            with path.open("rb") as file, np.load(file, allow_pickle=False) as data:
                arrays = {name: data[name] for name in data.files}
            labels = [tuple(arrays.pop(f"{kind}_labels").tobytes().decode().split("\n")) for kind in ("own", "pair")]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"{path} holds no fact heads ({error}); reinstall plankg or run `make encoders`"
            ) from error
        return cls(labels[0], labels[1], {name: array.astype(np.float32) for name, array in arrays.items()})

    def own(self, states: States, context: Context) -> Floats:
        """Return the probabilities of the labels with the document's district (places x `own_labels`)."""
        edges, means, known = self._spans(states, context)
        rows = np.concatenate([edges, means, known], 1)
        return _softmax(self._layer("own_out", _gelu(self._layer("own_in", rows))))

    def pairs(self, states: States, context: Context, asked: Sequence[tuple[int, int]]) -> Floats:
        """Return the probabilities of the relations of (subject, object) places (asked x `pair_labels`)."""
        edges, _, known = self._spans(states, context)
        rows = np.concatenate([edges, known], 1)
        subjects, objects = (np.array([pair[side] for pair in asked], np.intp) for side in (0, 1))
        gaps = [distance(context.places[i], context.places[j]) for i, j in asked]
        mixed = self._layer("subject", rows)[subjects] + self._layer("object", rows)[objects]
        mixed += self.weights["distance"][gaps]
        return _softmax(self._layer("pair_out", _gelu(self._layer("middle", _gelu(mixed)))))

    def _spans(self, states: States, context: Context) -> tuple[Floats, Floats, Floats]:
        """Return the states at each place's first and last character, their mean, and what else is known."""
        starts = [place.start for place in context.places]
        lasts = [place.end - 1 for place in context.places]
        full = states.astype(np.float32)
        means = np.stack([full[a : b + 1].mean(0) for a, b in zip(starts, lasts, strict=True)])
        kinds = self.weights["kind"][[TYPES.index(place.type) for place in context.places]]
        around = np.tile(np.array(frame(context), np.float32), (len(starts), 1))
        return np.concatenate([full[starts], full[lasts]], 1), means, np.concatenate([kinds, around], 1)

    def _layer(self, name: str, rows: Floats) -> Floats:
        result: Floats = rows @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]
        return result


def _gelu(x: Floats) -> Floats:
    """Return the Gaussian error linear unit, by its tanh form (Hendrycks and Gimpel 2016)."""
    result: Floats = 0.5 * x * (1 + np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x**3)))
    return result


def _softmax(rows: Floats) -> Floats:
    powers = np.exp(rows - rows.max(1, keepdims=True))
    result: Floats = powers / powers.sum(1, keepdims=True)
    return result


@dataclass(frozen=True)
class FactView:
    """One encoder's heads with its states for every sentence of a document, by sentence index."""

    heads: FactHeads
    states: Sequence[States]

    def own(self, sentence: int, context: Context, labels: Sequence[str]) -> Floats:
        """Return what the heads say of each mention of a sentence, in columns of `labels`; one they lack is 0."""
        return _columns(self.heads.own(self.states[sentence], context), self.heads.own_labels, labels)

    def pairs(self, sentence: int, context: Context, asked: Sequence[tuple[int, int]], labels: Sequence[str]) -> Floats:
        """Return what they say of (subject, object) places of a sentence, in columns of `labels`."""
        return _columns(self.heads.pairs(self.states[sentence], context, asked), self.heads.pair_labels, labels)


def _columns(probabilities: Floats, labels: Sequence[str], wanted: Sequence[str]) -> Floats:
    result = np.zeros((len(probabilities), len(wanted)), np.float32)
    for column, label in enumerate(wanted):
        if label in labels:
            result[:, column] = probabilities[:, labels.index(label)]
    return result
