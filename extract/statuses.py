"""Statuses of `plans` and `implements` that a sentence's words settle (GUIDE, "Facts"; `data/statuses.toml`)."""

import re
from dataclasses import dataclass
from functools import lru_cache

from extract.certain_names import is_award
from extract.context import Context, Place
from extract.lexicon import word_table
from ontology.schema import Status

_AGAINST = "against"  # the class of such verbs in `data/verbs.toml`
_BEFORE = 200  # characters of a clause that are looked back over


@dataclass(frozen=True, slots=True)
class _Words:
    """What settles a status: in the clause before a mention, in that after it in a review, as the nearest verb."""

    before: tuple[tuple[re.Pattern[str], Status], ...]
    after: tuple[tuple[re.Pattern[str], Status], ...]
    verbs: dict[tuple[str, str], Status]
    unreached: re.Pattern[str]


def crisp_status(context: Context, place: Place) -> Status | None:
    """Return the status of a mention's `plans` or `implements` where the words leave no doubt, else None.

    What its clause strives or applies for is sought, what has been achieved done; what is completed is
    done in a review, and planned in a plan for the coming years; a title that a place simply bears is done.
    """
    words = _words()
    before = context.text[max(0, place.start - _BEFORE) : place.start]
    for pattern, status in words.before:
        if pattern.search(before):
            return status
    if context.review:
        for pattern, status in words.after:
            if pattern.match(context.text, place.end):
                return status
    if is_award(context.text[place.start : place.end]) and not words.unreached.search(before):
        return Status.DONE
    nearest = context.verbs_before(place.start)[:1]
    return words.verbs.get(("review" if context.review else "plan", nearest[0].word)) if nearest else None


def opposed(context: Context, place: Place) -> bool:
    """Return whether the verb that governs a mention is against it: 不再, 严禁, 压减 X is not developing X."""
    nearest = context.verbs_before(place.start)[:1]
    return bool(nearest) and nearest[0].kind == _AGAINST


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = word_table("statuses.toml")
    clause = {
        name: "|".join(table.pop(name)) for name in [*table] if name.startswith(("clause_", "after_", "unreached"))
    }
    verbs: dict[tuple[str, str], Status] = {}
    for key, words in table.items():
        chapter, _, status = key.partition("_")
        verbs |= {(chapter, word): Status(status) for word in words}
    rest = "[^，。；：！？]*$"
    return _Words(
        (
            (re.compile(f"(?:{clause['clause_sought']}){rest}"), Status.SOUGHT),
            (re.compile(f"(?:(?<![为除])了|{clause['clause_done']}){rest}"), Status.DONE),
        ),
        tuple(
            (re.compile(f"[^，。；：！？]*?(?:{clause[f'after_{status}']})(?=[，。；！]|$)"), Status(status))
            for status in ("ongoing", "done")
        ),
        verbs,
        re.compile(f"(?:{clause['unreached']})[^。；！？]*$"),
    )
