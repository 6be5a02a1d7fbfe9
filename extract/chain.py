"""Inference in a linear-chain conditional random field, many sentences at a time.

Training is CRFsuite's (`extract.training`); its weights are kept as arrays, because decoding here
can shift the balance of precision and recall, forbids broken label sequences, and is vectorised
over sentences. Lafferty et al. 2001; decoding and marginals by Viterbi and forward-backward.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_NEVER = np.float32(-1e4)
_BATCH = 6000  # characters decoded together
_WEIGHT = re.compile(r"^\s*\(\d+\) (.*) --> (\S+): (-?[\d.e+-]+)$")
_LABEL = re.compile(r"^\s*\d+: (\S+)$")


def bies_allowed(before: str, after: str) -> bool:
    """Return whether label `after` may follow label `before` in the BIES scheme.

    >>> bies_allowed("B-Park", "E-Park"), bies_allowed("B-Park", "O"), bies_allowed("O", "I-Park")
    (True, False, False)
    """
    if before[0] in "OES":
        return after[0] in "OBS"
    return after[0] in "IE" and before[2:] == after[2:]


@dataclass(frozen=True)
class Decoded:
    """The labelling of one item sequence: label per position, and the marginal of that label."""

    labels: list[str]
    marginals: Floats


@dataclass(frozen=True)
class ChainModel:
    """Weights of a chain: `states` (features x labels), `transitions` (labels x labels).

    `structured` says that the labels are BIES and broken sequences are forbidden.
    """

    labels: tuple[str, ...]
    features: dict[str, int]
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
        return cls(tuple(order), features, weights, moves, structured)

    @classmethod
    def mean(cls, models: Sequence["ChainModel"]) -> "ChainModel":
        """Return the model whose weights are the means of the models'; a weight that one lacks counts as 0."""
        labels = tuple(sorted({label for model in models for label in model.labels}))
        features = {name: i for i, name in enumerate(sorted({name for model in models for name in model.features}))}
        states = np.zeros((len(features), len(labels)), np.float32)
        moves = np.zeros((len(labels), len(labels)), np.float32)
        for model in models:
            columns = np.array([labels.index(label) for label in model.labels])
            rows = np.array([features[name] for name in model.features], np.intp)
            states[np.ix_(rows, columns)] += model.states / len(models)
            moves[np.ix_(columns, columns)] += model.transitions / len(models)
        return cls(labels, features, states, moves, models[0].structured)

    def save(self, path: Path) -> None:
        """Write the model: half-precision non-zero weights, compressed; the same model gives the same bytes."""
        rows, columns = np.nonzero(self.states)
        names = "\n".join(self.features).encode()
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
            features = {name: i for i, name in enumerate(data["features"].tobytes().decode().split("\n"))}
            states = np.zeros((len(features), len(labels)), np.float32)
            states[data["rows"], data["columns"]] = data["values"]
            return cls(labels, features, states, data["transitions"], bool(data["structured"][0]))

    def emissions(self, items: Sequence[Sequence[str]]) -> Floats:
        """Return the scores (positions x labels) of one sequence of feature lists."""
        find = self.features.get
        rows = [[i for i in map(find, item) if i is not None] for item in items]
        lengths = np.fromiter((len(row) for row in rows), np.intp, len(rows))
        flat = np.fromiter(chain.from_iterable(rows), np.intp, int(lengths.sum()))
        scores = np.zeros((len(rows), len(self.labels)), np.float32)
        filled = np.nonzero(lengths)[0]
        if len(filled):
            starts = np.concatenate(([0], np.cumsum(lengths)[:-1]))[filled]
            scores[filled] = np.add.reduceat(self.states[flat], starts, axis=0)
        return scores

    def decode(
        self, sequences: Sequence[Floats], bias: dict[str, float] | None = None, *, temperature: float = 1.0
    ) -> list[Decoded]:
        """Return the best labelling of each score matrix; `bias` is added to the scores of labels.

        The marginals are those of all scores divided by `temperature`; the labelling does not change with it.
        """
        shift = np.array([(bias or {}).get(label, 0.0) for label in self.labels], np.float32)
        result: list[Decoded | None] = [None] * len(sequences)
        for batch in _batches([len(s) for s in sequences]):
            scores, mask = _stack([sequences[i] + shift for i in batch])
            paths, marginals = self._viterbi(scores, mask), self._marginals(scores, mask, temperature)
            for row, i in enumerate(batch):
                size = len(sequences[i])
                path = paths[row, :size]
                best = marginals[row, np.arange(size), path]
                result[i] = Decoded([self.labels[k] for k in path], best)
        return [decoded for decoded in result if decoded is not None]

    def posteriors(self, sequences: Sequence[Floats]) -> list[Floats]:
        """Return the marginal probabilities (positions x labels) of each score matrix."""
        result: list[Floats] = [np.zeros((0, len(self.labels)), np.float32)] * len(sequences)
        for batch in _batches([len(s) for s in sequences]):
            marginals = self._marginals(*_stack([sequences[i] for i in batch]))
            for row, i in enumerate(batch):
                result[i] = marginals[row, : len(sequences[i])]
        return result

    def _moves(self) -> tuple[Floats, Floats, Floats]:
        """Return transition, start and end scores with the forbidden ones at -10^4."""
        size = len(self.labels)
        moves, start, end = self.transitions.copy(), np.zeros(size, np.float32), np.zeros(size, np.float32)
        if self.structured:
            for i, before in enumerate(self.labels):
                start[i] = 0 if before[0] in "OBS" else _NEVER
                end[i] = 0 if before[0] in "OES" else _NEVER
                for j, after in enumerate(self.labels):
                    if not bies_allowed(before, after):
                        moves[i, j] = _NEVER
        return moves, start, end

    def _viterbi(self, scores: Floats, mask: NDArray[np.bool_]) -> NDArray[np.intp]:
        moves, start, end = self._moves()
        count, length, _ = scores.shape
        best = start + scores[:, 0]
        back = np.zeros((count, length, len(self.labels)), np.intp)
        stay = np.arange(len(self.labels))
        for t in range(1, length):
            candidates = best[:, :, None] + moves
            choice = candidates.argmax(1)
            back[:, t] = choice
            step = np.take_along_axis(candidates, choice[:, None], 1)[:, 0] + scores[:, t]
            live = mask[:, t, None]
            back[:, t] = np.where(live, back[:, t], stay)
            best = np.where(live, step, best)
        path = np.zeros((count, length), np.intp)
        path[:, -1] = (best + end).argmax(1)
        for t in range(length - 1, 0, -1):
            path[:, t - 1] = back[np.arange(count), t, path[:, t]]
        return path

    def _marginals(self, scores: Floats, mask: NDArray[np.bool_], temperature: float = 1.0) -> Floats:
        moves, start, end = self._moves()
        scores = scores / np.float32(temperature)
        odds = np.exp(np.maximum(moves / np.float32(temperature), -60))
        odds[moves <= _NEVER] = 0
        count, length, size = scores.shape
        forward, scale = np.zeros((count, length, size), np.float32), np.exp(scores - scores.max(2, keepdims=True))
        forward[:, 0] = _norm(np.exp(np.maximum(start, -60)) * (start > _NEVER) * scale[:, 0])
        for t in range(1, length):
            step = _norm((forward[:, t - 1] @ odds) * scale[:, t])
            forward[:, t] = np.where(mask[:, t, None], step, forward[:, t - 1])
        backward = np.zeros_like(forward)
        backward[:, -1] = (end > _NEVER).astype(np.float32)
        for t in range(length - 2, -1, -1):
            step = _norm((backward[:, t + 1] * scale[:, t + 1]) @ odds.T)
            backward[:, t] = np.where(mask[:, t + 1, None], step, backward[:, t + 1])
        return _norm(forward * backward)


def _norm(values: Floats) -> Floats:
    total: Floats = np.maximum(values.sum(-1, keepdims=True), np.float32(1e-30))
    normed: Floats = values / total
    return normed


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indexes of sequences of similar length, about `_BATCH` positions at a time; empty ones are left out."""
    batch: list[int] = []
    for i in sorted((i for i, n in enumerate(lengths) if n), key=lambda i: (lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[i] > _BATCH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _stack(sequences: Sequence[Floats]) -> tuple[Floats, NDArray[np.bool_]]:
    length = max(len(s) for s in sequences)
    scores = np.zeros((len(sequences), length, sequences[0].shape[1]), np.float32)
    mask = np.zeros((len(sequences), length), np.bool_)
    for row, s in enumerate(sequences):
        scores[row, : len(s)], mask[row, : len(s)] = s, True
    return scores, mask
