"""Names of one document put together: complete linkage, so that no chain joins what no rule joins."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.aliases import (
    LISTED,
    MERGE,
    NEAR,
    Likeness,
    Name,
    Surroundings,
    bare_of,
    conflict,
    likeness,
    skeleton,
    stem_of,
)
from graph.identity import Key
from ontology.schema import EntityType

BLOCK_LIMIT = 200  # a block of names larger than this shares too common a piece to mean anything


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names that were compared, and the outcome; `blocked` says why they stay apart."""

    one: Key
    other: Key
    likeness: Likeness
    blocked: str = ""


def cluster(names: Sequence[Name], around: Surroundings) -> tuple[list[list[Name]], list[Pair], list[Pair]]:
    """Return the clusters, the pairs that joined them, and the near misses.

    Two clusters are joined only if every name of one may be joined directly to every name of the
    other (complete linkage). A short form that fits several longer names joins none of them.
    """
    pairs = list(compare(names, around))
    firm, near = _unambiguous(pairs)
    joined: dict[Key, list[Key]] = {name.key: [name.key] for name in names}
    direct = {frozenset((p.one, p.other)) for p in firm}
    used = []
    for pair in sorted(firm, key=lambda p: (-p.likeness.score, p.one, p.other)):
        left, right = joined[pair.one], joined[pair.other]
        if left is right:
            used.append(pair)
        elif all(frozenset((a, b)) in direct for a in left for b in right):
            left += right
            joined.update(dict.fromkeys(right, left))
            used.append(pair)
        else:
            near.append(Pair(pair.one, pair.other, pair.likeness, "a name of the same group stands against it"))
    by_key = {name.key: name for name in names}
    groups = {id(group): [by_key[key] for key in sorted(group)] for group in joined.values()}
    return sorted(groups.values(), key=lambda g: g[0].key), used, near


def compare(names: Sequence[Name], around: Surroundings) -> Iterator[Pair]:
    """Yield the pairs of names that are at least near to each other, with what keeps them apart."""
    comparable = [name for name in names if is_comparable(name)]
    for one, other in (*_candidates(comparable), *_defined(comparable, around)):
        if pair := compared(one, other, around):
            yield pair


def is_comparable(name: Name) -> bool:
    """Return whether a name may mean the same as another one; industries and indicators mean only themselves."""
    return name.key.type not in LISTED


def compared(one: Name, other: Name, around: Surroundings) -> Pair | None:
    """Return the pair if the names are at least near to each other, with what keeps them apart."""
    if one.reading.division and other.reading.division:
        return None  # the official list keeps them apart; nothing is doubtful about that
    found = likeness(one, other, around)
    if found is None or found.score < NEAR:
        return None
    blocked = conflict(one, other)
    if found.score < MERGE and not blocked:
        blocked = "too little speaks for it"
    return Pair(one.key, other.key, found, blocked)


def _defined(names: Sequence[Name], around: Surroundings) -> Iterable[tuple[Name, Name]]:
    by_form: dict[str, list[Name]] = defaultdict(list)
    for name in names:
        for form in name.forms:
            by_form[form].append(name)
    for short, full in sorted(around.definitions.items()):
        yield from ((a, b) for a in by_form.get(short, ()) for b in by_form.get(full, ()) if a.key != b.key)


def _unambiguous(pairs: Iterable[Pair]) -> tuple[list[Pair], list[Pair]]:
    """Split pairs into those that may join and near misses.

    A short form that is the tail of several longer names, which are no names of one thing
    themselves, could mean any of them.
    """
    firm = [p for p in pairs if not p.blocked]
    near = [p for p in pairs if p.blocked]
    links: dict[Key, set[Key]] = defaultdict(set)
    for pair in firm:
        links[pair.one].add(pair.other)
        links[pair.other].add(pair.one)
    kept = []
    for pair in firm:
        short = min(pair.one, pair.other, key=lambda k: (len(k.name), k))
        long = pair.other if short == pair.one else pair.one
        rivals = {k for k in links[short] if len(k.name) > len(short.name) and k != long}
        if pair.likeness.score < 0.98 and any(k not in links[long] for k in rivals):
            near.append(Pair(pair.one, pair.other, pair.likeness, "the short form fits several names"))
        else:
            kept.append(pair)
    return kept, near


def _candidates(names: Sequence[Name]) -> list[tuple[Name, Name]]:
    """Return the pairs worth comparing, found by exact look-ups so that time grows with the names.

    A pair is compared when one full form ends (a company's: begins) with the other, or when both
    share a core, a stem, a second name, a definition's side, or all but one character.
    """
    by_form: dict[tuple[EntityType, str], list[int]] = defaultdict(list)
    by_sign: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, name in enumerate(names):
        for form in forms(name):
            by_form[name.key.type, form].append(index)
        for sign in signs(name):
            by_sign[sign].append(index)
    pairs: set[tuple[int, int]] = set()
    for group in by_sign.values():
        if len(group) <= BLOCK_LIMIT:
            pairs.update((a, b) for i, a in enumerate(group) for b in group[i + 1 :])
    for index, name in enumerate(names):
        kind = name.key.type
        for part in parts(name):
            if found := by_form.get((kind, part)):
                pairs.update((index, other) for other in found)
    ordered = sorted({(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]})
    return [(names[a], names[b]) for a, b in ordered]


def forms(name: Name) -> list[str]:
    """Return the forms under which a longer name finds it as its short form."""
    return sorted({*name.forms, name.key.name})


def parts(name: Name) -> set[str]:
    """Return the forms that would be short for `name`: its tails, a company's heads, its second name."""
    found = {form[start:] for form in name.forms for start in range(1, len(form) - 1)}
    if name.key.type is EntityType.ENTERPRISE:
        found |= {name.key.name[:end] for end in range(2, len(name.key.name))}
    return found | {name.reading.second} - {""}


def signs(name: Name) -> set[tuple[str, ...]]:
    """Return what a name must share with another one to be compared with it."""
    kind, core = name.key.type.value, name.text
    found: set[tuple[str, ...]] = {("core", kind, core)}
    if stem := stem_of(name.key):
        found.add(("stem", kind, name.key.scope, stem))
    if name.key.type is EntityType.ENTERPRISE and len(core) >= 3:
        found.add(("ends", kind, core[0], core[-2:]))
    found.add(("skeleton", kind, skeleton(name)))
    bare = bare_of(name)
    if len(bare) >= 3:
        found |= {("but one", kind, bare[:i] + bare[i + 1 :]) for i in range(len(bare))}
        found.add(("but one", kind, bare))
    return found


def canonical(group: Sequence[Name], pairs: Mapping[frozenset[Key], Likeness]) -> Name:
    """Return the name whose key stands for the group: no misprint, fullest, of the widest place."""

    def rank(name: Name) -> tuple[bool, int, int, Key]:
        rivals = [p for keys, p in pairs.items() if name.key in keys and p.reason.startswith("misprint")]
        return (bool(rivals) and name.count <= 1, -len(name.key.name), len(name.key.scope), name.key)

    return min(group, key=rank)
