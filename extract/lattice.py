"""Viterbi and forward-backward over many sequences at once (Lafferty et al. 2001).

The sequences are packed: all first positions, longest sequence first, then all second positions,
and so on, so that each step is one operation over those sequences that are long enough, and no
step is spent on padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Places = NDArray[np.intp]

_NEVER = np.float32(-1e4)


def bies_allowed(before: str, after: str) -> bool:
    """Return whether label `after` may follow label `before` in the BIES scheme.

    >>> bies_allowed("B-Park", "E-Park"), bies_allowed("B-Park", "O"), bies_allowed("O", "I-Park")
    (True, False, False)
    """
    if before[0] in "OES":
        return after[0] in "OBS"
    return after[0] in "IE" and before[2:] == after[2:]


@dataclass(frozen=True)
class Packing:
    """Where the positions of sequences stand: `places[k]` is the row of position k of all sequences joined.

    `counts[t]` sequences are longer than t; those of step t are the rows `starts[t]` and following.
    """

    places: Places
    counts: list[int]
    starts: list[int]

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "Packing":
        """Pack sequences of these lengths (> 0)."""
        sizes = np.array(lengths, np.intp)
        rank = np.empty(len(sizes), np.intp)
        rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
        counts = len(sizes) - np.cumsum(np.bincount(sizes))[:-1]
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        firsts = np.cumsum(sizes) - sizes
        step = np.arange(int(sizes.sum())) - np.repeat(firsts, sizes)
        return cls(starts[step] + np.repeat(rank, sizes), counts.tolist(), starts.tolist())


@dataclass(frozen=True)
class Lattice:
    """Scores of labels after each other; `structured` forbids what is no BIES.

    Inside, the labels stand in an order in which those that may end a stretch, and those that may
    begin one, are neighbours: E O S B I.
    """

    labels: tuple[str, ...]
    transitions: Floats
    structured: bool

    @cached_property
    def order(self) -> Places:
        """The labels' own order: of each place inside, the index of its label."""
        if not self.structured:
            return np.arange(len(self.labels))
        return np.array(
            sorted(range(len(self.labels)), key=lambda i: ("EOSBI".index(self.labels[i][0]), self.labels[i]))
        )

    @cached_property
    def _moves(self) -> tuple[Floats, Floats, Floats]:
        """Transition, start and end scores with the forbidden ones at -10^4."""
        size, labels = len(self.labels), [self.labels[i] for i in self.order]
        moves = self.transitions[np.ix_(self.order, self.order)].copy()
        start, end = np.zeros(size, np.float32), np.zeros(size, np.float32)
        if self.structured:
            for i, before in enumerate(labels):
                start[i] = 0 if before[0] in "OBS" else _NEVER
                end[i] = 0 if before[0] in "OES" else _NEVER
                for j, after in enumerate(labels):
                    if not bies_allowed(before, after):
                        moves[i, j] = _NEVER
        return moves, start, end

    @cached_property
    def _kinds(self) -> int:
        """How many types there are if each has B, I and E (then a step needs few comparisons), else 0."""
        labels = [self.labels[i] for i in self.order]
        held = {edge: [label[2:] for label in labels if label[0] == edge] for edge in "BIE"}
        regular = self.structured and "O" in labels and held["B"] == held["I"] == held["E"]
        return len(held["B"]) if regular else 0

    def paths(self, scores: Floats, packing: Packing) -> Places:
        """Return the best label of each packed position; the rows of `scores` are the labels in the order inside."""
        moves, start, end = self._moves
        counts, starts = packing.counts, packing.starts
        best = scores.copy()
        best[:, : counts[0]] += start[:, None]
        for t in range(1, len(counts)):
            before = best[:, starts[t - 1] : starts[t - 1] + counts[t]]
            best[:, starts[t] : starts[t] + counts[t]] += self._step(before, moves)
        path = np.empty(scores.shape[1], np.intp)
        best, backward = np.ascontiguousarray(best.T), np.ascontiguousarray(moves.T)
        after = np.empty(0, np.intp)
        for t in range(len(counts) - 1, -1, -1):
            here = best[starts[t] : starts[t] + counts[t]]
            here[: len(after)] += backward[after]
            here[len(after) :] += end
            after = here.argmax(1)
            path[starts[t] : starts[t] + counts[t]] = after
        return path

    def _step(self, best: Floats, moves: Floats) -> Floats:
        """Return for each label and sequence the best score of a label before it."""
        kinds, size = self._kinds, len(best)
        if not kinds:
            found: Floats = (best[:, None] + moves[:, :, None]).max(0)
            return found
        step = np.empty_like(best)
        closed, opening = slice(0, size - 2 * kinds), slice(kinds, size - kinds)
        begin, inside = slice(size - 2 * kinds, size - kinds), slice(size - kinds, size)
        (best[closed, None] + moves[closed, opening, None]).max(0, out=step[opening])
        for after in (slice(0, kinds), inside):
            np.maximum(
                best[begin] + moves[begin, after].diagonal()[:, None],
                best[inside] + moves[inside, after].diagonal()[:, None],
                out=step[after],
            )
        return step

    def marginals(self, scores: Floats, packing: Packing, temperature: float = 1.0) -> Floats:
        """Return probabilities (labels in the order inside x packed positions) at scores divided by `temperature`."""
        moves, start, end = self._moves
        counts, starts = packing.counts, packing.starts
        scores = scores / np.float32(temperature)
        odds = np.exp(np.maximum(moves / np.float32(temperature), -60))
        odds[moves <= _NEVER] = 0
        onwards = np.ascontiguousarray(odds.T)
        scale = np.exp(scores - scores.max(0))
        forward, backward = np.empty_like(scale), np.empty_like(scale)
        first = np.exp(np.maximum(start, -60)) * (start > _NEVER)
        forward[:, : counts[0]] = _norm(first[:, None] * scale[:, : counts[0]])
        for t in range(1, len(counts)):
            low, high = starts[t], starts[t] + counts[t]
            before = forward[:, starts[t - 1] : starts[t - 1] + counts[t]]
            forward[:, low:high] = _norm((onwards @ before) * scale[:, low:high])
        for t in range(len(counts) - 1, -1, -1):
            low, after = starts[t], counts[t + 1] if t + 1 < len(counts) else 0
            if after:
                columns = slice(starts[t + 1], starts[t + 1] + after)
                backward[:, low : low + after] = _norm(odds @ (backward[:, columns] * scale[:, columns]))
            backward[:, low + after : low + counts[t]] = (end > _NEVER)[:, None]
        return _norm(forward * backward)

    def alone(self, scores: Floats) -> Floats:
        """Return the marginals of sequences of one position each (sequences x labels in the labels' own order)."""
        _, start, end = self._moves
        allowed = np.zeros(len(start), np.float32)
        allowed[self.order] = (start > _NEVER) & (end > _NEVER)
        odds = (np.exp(scores - scores.max(1, keepdims=True)) * allowed).T
        return _norm(_norm(odds)).T


def _norm(values: Floats) -> Floats:
    total: Floats = np.maximum(values.sum(0), np.float32(1e-30))
    normed: Floats = values / total
    return normed
