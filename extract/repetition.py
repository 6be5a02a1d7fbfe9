"""Names that a document repeats: what it names once is named again wherever the same words stand free.

A tagger reads each sentence alone and misses a name where little around it tells; the rest of the
document tells (the label consistency of Krishnan & Manning 2006, "An Effective Two-Stage Model for
Exploiting Non-Local Dependencies in Named Entity Recognition"). Districts, policies and companies only:
words for industries and indicators are more often no mention (GUIDE.md, "Types").
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from extract.certain_names import stands_free
from extract.constraints import park_word
from extract.draft import RULE_PROBABILITY, Draft, is_free
from extract.lexicon import Lexicon
from ontology.schema import EntityType as T

_VAGUE = re.compile(r"自治[区州县]|[新老城市]区|开发区|[东西南北中]+部?|全.|中国|国家|我[国省市区县]")
_TOWN = re.compile(r"([一-龥]{2,4})(?:镇|乡|街道|街道办事处)")
_CELL = re.compile(r"\s*([一-龥]{2,4})\s*(?:[（(]\s*\d+\s*个?村?\s*[）)]\s*)?")
# Sums of probabilities that a name needs, and characters.
_NEEDED = {T.DISTRICT: (0.6, 2), T.POLICY: (1.4, 4), T.ENTERPRISE: (0.6, 4)}


def named_again(texts: Sequence[str], drafts: Sequence[Sequence[Draft]]) -> list[list[Draft]]:
    """Return the drafts of every sentence, with those that repeat a name of the document.

    `texts` are folded clean sentences, `drafts` the spans in each; results ascend and do not overlap.
    """
    known = _names(texts, drafts)
    lexicon, towns = Lexicon(known), _without_class(known)
    result = []
    for text, found in zip(texts, drafts, strict=True):
        again = [
            Draft(hit.start, hit.end, T(hit.label), RULE_PROBABILITY, ("named-again",))
            for hit in lexicon.find(text)
            if is_free(found, hit.start, hit.end) and (hit.label != T.DISTRICT or stands_free(text, hit.start, hit.end))
        ]
        cell = _CELL.fullmatch(text)
        if cell and cell[1] in towns and is_free(found, *cell.span(1)):
            again.append(Draft(*cell.span(1), T.DISTRICT, RULE_PROBABILITY, ("named-again",)))
        again = [d for d in park_word(text, again) if is_free(found, d.start, d.end)]
        result.append(sorted([*found, *again], key=lambda d: d.start))
    return result


def _without_class(names: Mapping[str, str]) -> frozenset[str]:
    """Return what the towns are called in a cell of their own, with or without the number of their villages."""
    towns = (_TOWN.fullmatch(name) for name, kind in names.items() if kind == T.DISTRICT)
    return frozenset(found[1] for found in towns if found)


def _names(texts: Sequence[str], drafts: Sequence[Sequence[Draft]]) -> dict[str, str]:
    """Return the names that are certain enough, with their type."""
    sums: dict[str, dict[T, float]] = defaultdict(lambda: defaultdict(float))
    for text, found in zip(texts, drafts, strict=True):
        for draft in found:
            sums[text[draft.start : draft.end]][draft.type] += draft.probability
    names = {}
    for name, types in sums.items():
        kind = max(types, key=lambda t: (types[t], t))
        needed, length = _NEEDED.get(kind, (float("inf"), 0))
        if types[kind] >= needed and len(name) >= length and not _VAGUE.fullmatch(name):
            names[name] = kind.value
    return names
