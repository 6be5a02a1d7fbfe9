"""From a model's probability to the share of statements of that probability that are right.

The models are surer than they should be, above all in text unlike that which they were trained on.
`tests.reliability` measures how often they are right there and writes the table that is read here.
Isotonic regression: Zadrozny and Elkan 2002.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from extract.errors import ModelError

TABLE = Path(__file__).with_name("models") / "calibration.json"

Points = tuple[tuple[float, float], ...]  # (probability, share of right ones), ascending in both


@dataclass(frozen=True, slots=True)
class Calibration:
    """The tables of mentions and of facts; between their points the share is interpolated."""

    mentions: Points
    facts: Points

    @classmethod
    def load(cls, path: Path = TABLE) -> "Calibration":
        """Read the table.

        Raises:
            ModelError: the file is missing or damaged.
        """
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            mentions, facts = (tuple((float(a), float(b)) for a, b in data[name]) for name in ("mentions", "facts"))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{path} is no calibration table ({error}); reinstall plankg") from error
        return cls(mentions, facts)

    def save(self, path: Path = TABLE) -> None:
        """Write the table."""
        data = {"mentions": self.mentions, "facts": self.facts}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")

    def mention(self, probability: float) -> float:
        """Return the share of right mentions at the tagger's probability."""
        return _interpolated(self.mentions, probability)

    def fact(self, probability: float) -> float:
        """Return the share of right facts at a probability: the fact's, times its mentions' confidences."""
        return _interpolated(self.facts, probability)


def _interpolated(points: Points, value: float) -> float:
    return round(float(np.interp(value, [p for p, _ in points], [s for _, s in points])), 4)


def isotonic(pairs: Iterable[tuple[float, bool]], *, least: int = 40) -> Points:
    """Return the non-decreasing step function nearest to the pairs (probability, right), as points.

    Each point stands for at least `least` pairs: their mean probability and share of right ones.

    >>> isotonic([(0.1, False), (0.2, True), (0.3, False), (0.9, True)], least=2)
    ((0.15, 0.5), (0.6, 0.5))
    """
    blocks: list[list[float]] = []  # size, sum of probabilities, right ones
    for probability, group in groupby(sorted(pairs), key=lambda pair: pair[0]):
        answers = [right for _, right in group]
        block = [len(answers), probability * len(answers), sum(answers)]
        if blocks and blocks[-1][0] < least:
            _join(blocks[-1], block)
        else:
            blocks.append(block)
    if len(blocks) > 1 and blocks[-1][0] < least:
        last = blocks.pop()
        _join(blocks[-1], last)
    return _pooled(blocks)


def _join(one: list[float], other: Sequence[float]) -> None:
    one[:] = [a + b for a, b in zip(one, other, strict=True)]


def _pooled(blocks: list[list[float]]) -> Points:
    """Join neighbours whose shares fall (pool adjacent violators)."""
    kept: list[list[float]] = []
    for block in blocks:
        kept.append(list(block))
        while len(kept) > 1 and kept[-2][2] / kept[-2][0] > kept[-1][2] / kept[-1][0]:
            last = kept.pop()
            _join(kept[-1], last)
    return tuple((round(total / size, 4), round(right / size, 4)) for size, total, right in kept)
