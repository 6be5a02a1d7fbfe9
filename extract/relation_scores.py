"""The rows of a relation model's weights for many mentions, or pairs of them.

A feature's name is its group's prefix and what follows it (`extract.relation_features`). The
model's names are kept by prefix, so that no name has to be put together to be looked up, and what
a group stands for is found once for all pairs of a sentence that have it in common.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Sequence

from extract.chain import ChainModel, Floats
from extract.relation_features import Group, object_groups, pair_groups
from extract.scenes import Candidate, Scene, candidates, where

_BLOCK = 1024  # pairs of which the features are held together

Known = dict[tuple[str, Hashable], list[int]]
"""The rows of the groups of one sentence."""

Asked = tuple[int, Candidate]
"""A possible pair: the place of its object, and its subject."""


class FeatureRows:
    """Finds the rows of a model's features."""

    def __init__(self, model: ChainModel) -> None:
        self._rows = model.features
        self._names = model.names
        self._by_prefix: dict[str, dict[str, int]] = {"": model.features}

    def _begun(self, prefix: str) -> dict[str, int]:
        """Return the rows of the features that begin with a prefix, by what follows it."""
        low, high = (bisect_left(self._names, end) for end in (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)))
        found = {name[len(prefix) :]: self._rows[name] for name in self._names[low:high]}
        self._by_prefix[prefix] = found
        return found

    def of(self, groups: Iterable[Group], known: Known) -> list[int]:
        """Return the rows of the features that the model has; `known` is kept for other groups of the sentence."""
        rows: list[int] = []
        for prefix, key, rests in groups:
            found = known.get((prefix, key)) if key else None
            if found is None:
                held = self._by_prefix.get(prefix)
                find = (self._begun(prefix) if held is None else held).get
                found = [row for rest in rests if (row := find(rest)) is not None]
                if key:
                    known[prefix, key] = found
            rows += found
        return rows


def object_rows(finder: FeatureRows, scene: Scene) -> list[list[int]]:
    """Return for each mention of a scene its rows in the model of what @doc has to do with it."""
    known: Known = {}
    return [finder.of(object_groups(scene.context, i), known) for i in range(len(scene.mentions))]


def possible_pairs(scene: Scene) -> list[Asked]:
    """Return the pairs of a scene that domain and range allow, by their objects."""
    return [(target, subject) for target in range(len(scene.mentions)) for subject in candidates(scene, target)]


def pair_answers(
    model: ChainModel, finder: FeatureRows, scenes: Sequence[Scene]
) -> Iterator[tuple[Scene, list[Asked], Floats]]:
    """Yield each scene with its possible pairs and the probabilities of the pairs' labels (pairs x labels)."""
    waiting: list[tuple[Scene, list[Asked]]] = []
    rows: list[list[int]] = []
    for number, scene in enumerate(scenes, 1):
        known: Known = {}
        asked = possible_pairs(scene)
        rows += [finder.of(pair_groups(scene.context, s.place, t, where(s)), known) for t, s in asked]
        waiting.append((scene, asked))
        if len(rows) >= _BLOCK or number == len(scenes):
            answers, at = model.alone(model.scores(rows)), 0
            for held, pairs in waiting:
                yield held, pairs, answers[at : at + len(pairs)]
                at += len(pairs)
            waiting, rows = [], []
