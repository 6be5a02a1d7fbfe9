"""Words that an encoder knows, found in clean text: what stands around a character beside the character.

An encoder reads characters; of the pieces that its base was pretrained on, most are words. To each
character the vector of the word that it stands in is added, and one for its place in that word
(compare Liu et al. 2021, "Lexicon Enhanced Chinese Sequence Labeling Using BERT Adapter").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind
from numpy.typing import NDArray

PLACES = 4
"""Places in a word: 0 outside of all, 1 its first character, 2 within, 3 its last."""

_FIRST, _WITHIN, _LAST = 1, 2, 3


@dataclass(frozen=True)
class Words:
    """A list of words of at least two characters; `places` is a pure function of the text."""

    listed: tuple[str, ...]

    @cached_property
    def _matcher(self) -> AhoCorasick:
        return AhoCorasick(self.listed, matchkind=MatchKind.LeftmostLongest)

    def places(self, text: str) -> NDArray[np.int64]:
        """Return each character's word (its number from 1, 0 for none) and its place in it: characters x 2.

        Words are taken from the left, the longest first.

        >>> Words(("发展", "产业", "产业园")).places("建产业园").tolist()
        [[0, 0], [3, 1], [3, 2], [3, 3]]
        """
        found = np.zeros((len(text), 2), np.int64)
        for number, start, end in self._matcher.find_matches_as_indexes(text):
            found[start:end] = number + 1, _WITHIN
            found[start, 1], found[end - 1, 1] = _FIRST, _LAST
        return found


def framed(places: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return the places of texts of one length with those of their beginning and end, which are in no word."""
    return np.pad(np.stack(places), ((0, 0), (1, 1), (0, 0)))
