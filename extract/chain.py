"""A linear-chain conditional random field: its weights, and what they say of many sentences at a time.

Training is CRFsuite's (`extract.training`); its weights are kept as arrays, because decoding here
(`extract.lattice`) can shift the balance of precision and recall, forbids broken label sequences,
and is vectorised over sentences.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.lattice import Floats, Lattice, Packing, bies_allowed

_BATCH = 60_000  # characters decoded together
_BLOCK = 2048  # characters whose weights are summed together
_FRACTION = 20  # bits of a weight behind the point
_MOST_FEATURES = 256  # of one character
_WEIGHT = re.compile(r"^\s*\(\d+\) (.*) --> (\S+): (-?[\d.e+-]+)$")
_LABEL = re.compile(r"^\s*\d+: (\S+)$")


__all__ = ["ChainModel", "Decoded", "Floats", "bies_allowed"]


@dataclass(frozen=True)
class Decoded:
    """The labelling of one item sequence: label per position, and the marginal of that label."""

    labels: list[str]
    marginals: Floats


@dataclass(frozen=True)
class ChainModel:
    """Weights of a chain: `states` (features x labels), `transitions` (labels x labels).

    `names` are those of the features, ascending. `structured` says that the labels are BIES and broken
    sequences are forbidden.
    """

    labels: tuple[str, ...]
    names: tuple[str, ...]
    states: Floats
    transitions: Floats
    structured: bool

    @classmethod
    def from_dump(cls, lines: Sequence[str], *, structured: bool) -> "ChainModel":
        """Read CRFsuite's text dump of a model."""
        labels: list[str] = []
        part = ""
        transitions: list[tuple[str, str, float]] = []
        states: list[tuple[str, str, float]] = []
        for line in lines:
            if line.endswith("= {"):
                part = line.split(" ")[0]
            elif part == "LABELS" and (found := _LABEL.match(line)):
                labels.append(found[1])
            elif part in ("TRANSITIONS", "STATE_FEATURES") and (found := _WEIGHT.match(line)):
                (transitions if part == "TRANSITIONS" else states).append((found[1], found[2], float(found[3])))
        order = {label: i for i, label in enumerate(sorted(labels))}
        features = {name: i for i, name in enumerate(sorted({name for name, _, _ in states}))}
        weights = np.zeros((len(features), len(order)), np.float32)
        for name, label, value in states:
            weights[features[name], order[label]] = value
        moves = np.zeros((len(order), len(order)), np.float32)
        for before, after, value in transitions:
            moves[order[before], order[after]] = value
        return cls(tuple(order), tuple(features), weights, moves, structured)

    @classmethod
    def mean(cls, models: Sequence["ChainModel"]) -> "ChainModel":
        """Return the model whose weights are the means of the models'; a weight that one lacks counts as 0."""
        labels = tuple(sorted({label for model in models for label in model.labels}))
        features = {name: i for i, name in enumerate(sorted({name for model in models for name in model.names}))}
        states = np.zeros((len(features), len(labels)), np.float32)
        moves = np.zeros((len(labels), len(labels)), np.float32)
        for model in models:
            columns = np.array([labels.index(label) for label in model.labels])
            rows = np.array([features[name] for name in model.names], np.intp)
            states[np.ix_(rows, columns)] += model.states / len(models)
            moves[np.ix_(columns, columns)] += model.transitions / len(models)
        return cls(labels, tuple(features), states, moves, models[0].structured)

    def save(self, path: Path) -> None:
        """Write the model: half-precision non-zero weights, compressed; the same model gives the same bytes."""
        rows, columns = np.nonzero(self.states)
        names = "\n".join(self.names).encode()
        arrays: dict[str, Any] = {
            "labels": np.frombuffer("\n".join(self.labels).encode(), np.uint8),
            "features": np.frombuffer(names, np.uint8),
            "rows": rows.astype(np.uint32),
            "columns": columns.astype(np.uint8),
            "values": self.states[rows, columns].astype(np.float16),
            "transitions": self.transitions,
            "structured": np.array([self.structured]),
        }
        with path.open("wb") as file:
            np.savez_compressed(file, **arrays)

    @classmethod
    def load(cls, path: Path) -> "ChainModel":
        """Read a model written by `save`; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as data:
            labels = tuple(data["labels"].tobytes().decode().split("\n"))
            names = tuple(data["features"].tobytes().decode().split("\n"))
            states = np.zeros((len(names), len(labels)), np.float32)
            states[data["rows"], data["columns"]] = data["values"]
            return cls(labels, names, states, data["transitions"], bool(data["structured"][0]))

    @cached_property
    def features(self) -> dict[str, int]:
        """The places of the features in `names`."""
        return {name: i for i, name in enumerate(self.names)}

    @cached_property
    def _fixed(self) -> tuple[NDArray[np.int32], Floats]:
        """The weights as integers (after a row of zeros), and what they are to be multiplied by.

        Sums of integers are the same in any order, so that features may be summed in whatever order is quick.
        """
        largest = max(float(self.states.max(initial=0.0)), -float(self.states.min(initial=0.0)))
        bits = min(_FRACTION, 30 - math.frexp(max(largest, 1e-9) * _MOST_FEATURES)[1])
        weights = np.zeros((len(self.states) + 1, len(self.labels)), np.int32)
        np.rint(self.states * np.float32(2.0**bits), out=weights[1:], casting="unsafe")
        return weights, np.full(1, 2.0**-bits, np.float32)

    def emissions(self, items: Sequence[Sequence[str]]) -> Floats:
        """Return the scores (positions x labels) of one sequence of feature lists."""
        find = self.features.get
        return self.scores([[i for i in map(find, item) if i is not None] for item in items])

    def scores(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Return the scores (positions x labels) of features given by their places in `names`."""
        weights, unit = self._fixed
        lengths = np.fromiter(map(len, rows), np.intp, len(rows))
        scores = np.zeros((len(rows), len(self.labels)), np.int32)
        for at in range(0, len(rows), _BLOCK):
            here = lengths[at : at + _BLOCK]
            filled = np.flatnonzero(here)
            if len(filled):
                flat = np.fromiter(chain.from_iterable(rows[at : at + _BLOCK]), np.intp, int(here.sum()))
                starts = (np.cumsum(here) - here)[filled]
                scores[at + filled] = np.add.reduceat(weights[1:].take(flat, 0), starts, axis=0)
        return scores * unit

    def summed(self, rows: Sequence[NDArray[np.int32]]) -> Floats:
        """Return the scores (positions x labels) of features given by their rows, counted from 1 (0: none).

        Each array holds one feature of each position.
        """
        weights, unit = self._fixed
        size = len(rows[0]) if rows else 0
        scores = np.zeros((size, weights.shape[1]), np.float32)
        total, more = np.empty((2, _BLOCK, weights.shape[1]), np.int32)
        for at in range(0, size, _BLOCK):
            count = min(_BLOCK, size - at)
            total[:count] = 0
            for each in rows:
                np.take(weights, each[at : at + count], axis=0, out=more[:count], mode="clip")
                total[:count] += more[:count]
            np.multiply(total[:count], unit, out=scores[at : at + count], casting="unsafe")
        return scores

    @cached_property
    def _lattice(self) -> Lattice:
        return Lattice(self.labels, self.transitions, self.structured)

    def decode(
        self, sequences: Sequence[Floats], bias: dict[str, float] | None = None, *, temperature: float = 1.0
    ) -> list[Decoded]:
        """Return the best labelling of each score matrix; `bias` is added to the scores of labels.

        The marginals are those of all scores divided by `temperature`; the labelling does not change with it.
        """
        shift = np.array([(bias or {}).get(label, 0.0) for label in self.labels], np.float32)
        order = self._lattice.order
        labels = np.array(self.labels, object)[order]
        result = [Decoded([], np.zeros(0, np.float32))] * len(sequences)
        for batch in _batches([len(s) for s in sequences]):
            packing, scores = self._packed([sequences[i] for i in batch], shift)
            path = self._lattice.paths(scores, packing)
            marginals = self._lattice.marginals(scores, packing, temperature)[path, np.arange(len(path))]
            names, least = labels[path[packing.places]], marginals[packing.places]
            at = 0
            for i in batch:
                size = len(sequences[i])
                result[i] = Decoded(names[at : at + size].tolist(), least[at : at + size])
                at += size
        return result

    def posteriors(self, sequences: Sequence[Floats]) -> list[Floats]:
        """Return the marginal probabilities (positions x labels) of each score matrix."""
        result: list[Floats] = [np.zeros((0, len(self.labels)), np.float32)] * len(sequences)
        if sequences and all(len(s) == 1 for s in sequences):
            return list(self.alone(np.concatenate(sequences))[:, None])
        back = np.argsort(self._lattice.order)
        for batch in _batches([len(s) for s in sequences]):
            packing, scores = self._packed([sequences[i] for i in batch])
            marginals = self._lattice.marginals(scores, packing).T[packing.places][:, back]
            at = 0
            for i in batch:
                result[i] = marginals[at : at + len(sequences[i])]
                at += len(sequences[i])
        return result

    def alone(self, scores: Floats) -> Floats:
        """Return the marginal probabilities of sequences of one position each (sequences x labels)."""
        return self._lattice.alone(scores)

    def _packed(self, sequences: Sequence[Floats], shift: Floats | None = None) -> tuple[Packing, Floats]:
        packing = Packing.of([len(s) for s in sequences])
        scores = np.concatenate(sequences)
        packed = np.empty_like(scores)
        packed[packing.places] = scores if shift is None else scores + shift
        return packing, packed.T[self._lattice.order]


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indexes of sequences, longest first, about `_BATCH` positions at a time; empty ones are left out."""
    batch: list[int] = []
    total = 0
    for i in sorted((i for i, n in enumerate(lengths) if n), key=lambda i: (-lengths[i], i)):
        if batch and total + lengths[i] > _BATCH:
            yield batch
            batch, total = [], 0
        batch.append(i)
        total += lengths[i]
    if batch:
        yield batch
