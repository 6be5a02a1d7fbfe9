"""What a sentence's words rule out: a thing that they merely place or honour is not planned (GUIDE, "Facts").

Patterns are written as those of `relation_grammar`: `L` is a list of mentions, here those of which a
predicate cannot be said.
"""

from collections.abc import Mapping
from functools import lru_cache
from re import Pattern

from extract.back_references import FIRM
from extract.context import Context
from extract.relation_grammar import compiled_pattern, masked, mentioned
from ontology.schema import Predicate

_OPENS = r"(?:^|[。；，])"
_AND_OTHERS = r"(?:等[^，。；]{0,8})?"
_PATTERNS = (
    # Where something is done, what it lies beside, and where it moves to.
    (Predicate.PLANS, r"(?:(?:^|[^现正])在|距离?|毗邻|[紧临邻]近|紧邻|[东西南北][至临邻接起靠])(?P<x>L)"),
    (Predicate.PLANS, r"(?:入驻|进驻|落户|落地|迁入|搬入)[于在]?(?P<x>L)"),
    # 引入 gives `locatedIn`.
    (Predicate.PLANS, r"(?:引进|引入|引来|招引)了?(?P<x>L)"),
    # What wins a status or strives for one, and what is said to lie somewhere.
    (Predicate.PLANS, rf"{_OPENS}(?P<x>L){_AND_OTHERS}[成功先后均正式]{{0,4}}"
        r"(?:获评|入选|荣获|荣膺|入围|被评为|被授予|跻身|成为|晋升|晋级)"),
    (Predicate.PLANS, rf"(?P<x>L){_AND_OTHERS}(?:成功)?(?:创建|争创|申报|申创|创成)"),
    (Predicate.PLANS, rf"{_OPENS}(?P<x>L)[^，。；]{{0,4}}(?:，[^，。；]{{0,6}})?(?:位于|坐落|地处|距)"),
    # 发挥/提升作用、影响力 is no upgrading.
    (Predicate.PLANS, r"(?:发挥|提升|扩大|增强)(?P<x>L)[^，。；]{0,14}(?:作用|影响力|知名度|优势|辐射|带动)"),
    # What a company deals in, and what a sentence about a company tells.
    (Predicate.DEVELOPS, r"(?:从事|主营|主要经营|经营范围|经营业务)(?:业务|范围|主要|为|是|有|：)*(?P<x>L)"),
    (Predicate.DEVELOPS, rf"^[\W\d_]*[该本]?(?:{FIRM}|合作社)[^。；]*?(?P<x>L)"),
    # Industries that are cleaned up or cut back.
    (Predicate.DEVELOPS, r"(?P<x>L)等?(?:重点|高耗能|传统)?(?:行业|企业|领域|产业)?[^，。；]{0,6}"
        r"(?:污染|二氧化硫|氮氧化物|废气|废水|减排|落后产能|过剩产能)"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Predicate, Pattern[str]], ...]:
    return tuple((predicate, compiled_pattern(pattern)) for predicate, pattern in _PATTERNS)


def excluded(context: Context) -> Mapping[int, frozenset[Predicate]]:
    """Return for places of a sentence, by index, what cannot be said of them as an object."""
    result: dict[int, frozenset[Predicate]] = {}
    text = masked(context)
    for predicate, pattern in _compiled():
        for found in pattern.finditer(text):
            for place in mentioned(found["x"]):
                result[place] = result.get(place, frozenset()) | {predicate}
    return result
