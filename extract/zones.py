"""The zones of a layout that a sentence spells out: `一核两带（一核：甲；两带：乙、丙）`.

Plans name the belts, cores and zones of a place so, and nowhere else by a class word that would tell
them (GUIDE, table of types: Park).
"""

import re

from extract.headings import to_int

_LAYOUT = re.compile(
    r"(?P<number>[一二两三四五六七八九十]|\d)大?(?:核心?|区|带|心|中心|环|轴|廊道?|翼|极|园|片区?|组团|板块|圈)[”’]?"
    r"(?:：|:|为|即|是指|指|——?)[“‘]?(?P<items>[^，。；：:）)”’]{3,120})(?=[；。，）)”’]|$)"
)
_COMPOSED = re.compile(r"(?:构成|组成|环绕|串联)的(?=[^、，]+$)")
_JOINT = re.compile(r"(?:以及|[和及与])(?=[^和及与]{3,}$)")
_NO_NAME = re.compile(
    r"(?:加快|大力|积极|重点|着力|全面)?(?:建设|发展|推进|打造|形成|构建|实施|完善|提升|做[强优大])|.*(?:坚持|[以为是])"
)


def zones(text: str) -> list[tuple[int, int]]:
    """Return where the names of zones stand in a folded text; of a layout, all or, unless as many as announced, none.

    Of `甲、乙构成的丙` the name is 丙.

    >>> [text[a:b] for text in ["两带：青石休闲带、白杨生态带；三区：东区、西区"] for a, b in zones(text)]
    ['青石休闲带', '白杨生态带']
    """
    result = []
    for found in _LAYOUT.finditer(text):
        names = _names(text, found.start("items"), found.end("items"))
        if len(names) == to_int(found["number"]):
            result += names
    return result


def _names(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the members of a list of names; none if one is no name."""
    composed = _COMPOSED.search(text[start:end])
    if composed:
        return [(start + composed.end(), end)]
    spans = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^、]+", text[start:end])]
    last, stop = spans[-1]
    joint = _JOINT.search(text[last:stop])
    if joint and joint.start() > 2:
        spans[-1:] = [(last, last + joint.start()), (last + joint.end(), stop)]
    named = all(3 <= b - a <= 20 and not _NO_NAME.match(text, a, b) for a, b in spans)
    return spans if named else []
