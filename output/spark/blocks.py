"""Names of different documents compared: each name goes into blocks, and names of one block meet.

The blocks are those by which `graph.cluster.compare` finds pairs on one machine.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from graph.aliases import Name
from graph.cluster import BLOCK_LIMIT, compared, forms, is_comparable, parts, signs
from graph.model import NearMiss
from graph.near import ALONE, name_across, near_miss
from output.spark.shipping import key_of, to_json

MEMBER = "block string, role string, key string"
"""Columns of the blocks; see `Member`."""

MISS = "one string, other string, score double, reason string, doc string"
"""Columns of near misses; `doc` is the document that shows both names, "" when two documents do."""

_ALIKE, _SHORT, _LONG = "alike", "bears", "ends so"  # in this order in a block


class Member(NamedTuple):
    """A name in a block: one that shares the block's sign, bears the block's form, or has it as a part."""

    block: str
    role: str
    key: str


class Miss(NamedTuple):
    """A near miss as it travels."""

    one: str
    other: str
    score: float
    reason: str
    doc: str = ""

    def near_miss(self) -> NearMiss:
        """Return it as the graph has it."""
        return NearMiss(self.one, self.other, self.reason, self.score)


def members(keys: Iterable[str]) -> Iterator[Member]:
    """Yield the blocks of each name that is worth comparing."""
    for key in keys:
        name = _name(key)
        if name is None or not is_comparable(name):
            continue
        for sign in sorted(signs(name)):
            yield Member(to_json(["sign", *sign]), _ALIKE, key)
        kind = name.key.type.value
        for form in forms(name):
            yield Member(to_json(["form", kind, form]), _SHORT, key)
        for part in sorted(parts(name)):
            yield Member(to_json(["form", kind, part]), _LONG, key)


def meet(found: Iterable[Member]) -> Iterator[Miss]:
    """Yield the near misses among the names of each block; the members of a block come together, by role."""
    for _, block in groupby(found, key=lambda member: member.block):
        for one, other in _pairs(block):
            first, second = sorted((one, other), key=lambda name: name.key)
            pair = compared(first, second, ALONE)
            if pair and (miss := near_miss(pair)):
                yield Miss(miss.one, miss.other, miss.score, miss.reason)


def _pairs(block: Iterable[Member]) -> Iterator[tuple[Name, Name]]:
    """Yield the pairs of a block: all of a sign's, but a form's longer names with the name that is the form."""
    bearers: list[Name] = []
    for role, group in groupby(block, key=lambda member: member.role):
        if role == _ALIKE:
            yield from _all_pairs(group)
        elif role == _SHORT:
            bearers = [name for member in group if (name := _name(member.key))]
        else:
            for member in group if bearers else ():
                name = _name(member.key)
                yield from ((name, short) for short in bearers if name and name.key != short.key)


def _all_pairs(group: Iterable[Member]) -> Iterator[tuple[Name, Name]]:
    names: list[Name] = []
    for member in group:
        if len(names) == BLOCK_LIMIT:
            return  # too common a sign; the block's other members are of no use either
        if name := _name(member.key):
            names.append(name)
    yield from ((one, other) for i, one in enumerate(names) for other in names[i + 1 :])


@lru_cache(maxsize=20_000)
def _name(key: str) -> Name | None:
    return name_across(key_of(key))


def miss_of(doc: str, text: str) -> Miss:
    """Return the near miss that a document's part holds."""
    one, other, score, reason = json.loads(text)
    return Miss(one, other, score, reason, doc)
