"""The shortest paths between two entities, over claims in either direction."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from output.server.catalogue import Catalogue

_MOST_SEEN = 200_000  # entities that a search may meet
_CLAIMS = 3  # shown for each step
_PART = 400  # entities asked for in one question


def paths(
    catalogue: Catalogue, start: str, end: str, longest: int, limit: int, avoided: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return at most `limit` of the shortest paths of at most `longest` claims, in order of the ids along them.

    No path leads through the entities `avoided` (their ids); it may start or end at one.
    `length` is that of the paths, None when there is none so short; `complete` is False when the
    search was given up because it had met too many entities.
    """
    source, target = catalogue.resolve(start), catalogue.resolve(end)
    parents, complete = _search(catalogue, source, target, longest, avoided - {target})
    found = [] if target not in parents else list(_walks(parents, source, target, limit))
    known = catalogue.entities({id for path in found for id in path})
    items = []
    for path in found:
        steps = catalogue.joining(list(itertools.pairwise(path)), _CLAIMS)
        items.append({"entities": [known[id] for id in path], "steps": steps})
    return {"length": len(found[0]) - 1 if found else None, "complete": complete, "items": items}


def _search(
    catalogue: Catalogue, source: str, target: str, longest: int, avoided: frozenset[str]
) -> tuple[dict[str, set[str]], bool]:
    """Return from which entities each is met first, as far as the target's distance from the source."""
    parents: dict[str, set[str]] = {source: set()}
    frontier = {source}
    for _ in range(longest):
        if target in parents or not frontier:
            break
        following: dict[str, set[str]] = {}
        for one, other in _edges(catalogue, sorted(frontier)):
            if other not in parents and other not in avoided:
                following.setdefault(other, set()).add(one)
        parents |= following
        frontier = set(following)
        if len(parents) > _MOST_SEEN:
            return parents, target in parents
    return parents, True


def _edges(catalogue: Catalogue, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each of the entities with each of its neighbours, once for every direction."""
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        marks = ", ".join("?" * len(part))
        sql = (
            f"SELECT subject AS one, object AS other FROM claims WHERE subject IN ({marks}) UNION "
            f"SELECT object, subject FROM claims WHERE object IN ({marks})"
        )
        for row in catalogue.db.rows(sql, [*part, *part]):
            yield row["one"], row["other"]


def _walks(parents: dict[str, set[str]], source: str, target: str, limit: int) -> Iterator[list[str]]:
    """Yield the paths from the source to the target along the parents, `limit` at most."""
    todo = [[target]]
    while todo and limit:
        path = todo.pop()
        if path[0] == source:
            limit -= 1
            yield path
            continue
        todo += [[parent, *path] for parent in sorted(parents[path[0]], reverse=True)]
