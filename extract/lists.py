"""Lists of mentions: what a sentence says of one item, it mostly says of the others too.

Probabilities are moved towards the mean of their list, so that a list is not torn apart by chance.
"""

from collections.abc import Sequence

from extract.chain import Floats
from extract.context import Context

SHARE = 0.5  # of the mean of a list in what is said of each of its items; chosen on the annotated passages


def lists(context: Context) -> list[list[int]]:
    """Return the places, by index, of each list of two or more mentions of one type."""
    found: dict[tuple[object, ...], list[int]] = {}
    for i, place in enumerate(context.places):
        found.setdefault((*context.groups[i], place.type), []).append(i)
    return [members for members in found.values() if len(members) > 1]


def alike(rows: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """Return probabilities (... x labels) moved towards the means of their groups, which are row numbers.

    >>> import numpy as np
    >>> alike(np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]], np.float32), [[0, 1]]).tolist()
    [[0.75, 0.25], [0.25, 0.75], [0.0, 1.0]]
    """
    result: Floats = rows.copy()
    for members in groups:
        result[members] = (1 - SHARE) * rows[members] + SHARE * rows[members].mean(0)
    return result


def pairs_alike(rows: Floats, groups: Sequence[Sequence[int]], pairs: Sequence[tuple[int, int]]) -> Floats:
    """Return the probabilities of (subject, object) places: a subject does the same to a list of objects.

    So do the subjects of a list to an object. `rows` are those of `pairs`, in their order; `groups` are the lists.
    """
    of = {place: number for number, members in enumerate(groups) for place in members}
    for side in (1, 0):
        found: dict[tuple[int, int], list[int]] = {}
        for row, pair in enumerate(pairs):
            if pair[side] in of:
                found.setdefault((of[pair[side]], pair[1 - side]), []).append(row)
        rows = alike(rows, [members for members in found.values() if len(members) > 1])
    return rows
