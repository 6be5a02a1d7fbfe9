"""Companies and cooperatives that end in their legal form, which no other name does.

GUIDE.md, "Types", Enterprise. The form is a sure right edge; the left edge is where the clause, a
verb or a preposition ends, or where the tagger already sees a name begin.
"""

import re
from collections.abc import Sequence

_FORM = re.compile(
    r"有限(?:责任)?公司|股份公司|总公司|(?:专业|种植|养殖|农民)合作社|集团(?=投资|出资|建设|承建|总部|等(?:企业|龙头))"
)
_BEFORE = re.compile(r"(?:[一-龥A-Za-z0-9·&]|[（(][一-龥]{2,8}[）)])+$")
# What ends in front of the name: prepositions, verbs, kinds of companies; 和田 and 和平 begin a place.
_LEAD = re.compile(
    r".*(?:[由与及的将对被在了该]|(?<!仁|泰|华|祥|中|共)和(?![田平静硕布龙县谐])|是|(?<!华)为|其中|[曾现已设拥]有|[一二两三几多]?(?<!第)(?:批|家)|"
    r"通过|依托|采用|引进|引入|引育|支持|成立|组建|包括|例如|企业(?!管理|发展|集团)|客户|单位|携手|力度|培育|扶持|发展壮大|推动|公司|合作社|以(?=.{4}))"
)
_LONGEST = 30
_GENERIC = re.compile(r"(?:发展|规范|壮大)*(?:农民|优秀)?(?:专业|股份|集团|控股)?(?:种植|养殖)?")


def companies(text: str, seen: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the spans of the names that end in a legal form.

    `seen` are the spans, ascending, with which such a name may begin.

    >>> text = "由青石矿业有限公司和国信集团（云河）有限公司承建"
    >>> [text[start:end] for start, end in companies(text, [])]
    ['青石矿业有限公司', '国信集团（云河）有限公司']
    """
    found = []
    for form in _FORM.finditer(text):
        start = _begin(text, form, seen)
        name = text[start : form.start()]
        if len(name) >= 2 and not _GENERIC.fullmatch(name):
            found.append((start, form.end()))
    return found


def _begin(text: str, form: re.Match[str], seen: Sequence[tuple[int, int]]) -> int:
    run = _BEFORE.search(text, max(0, form.start() - _LONGEST), form.start())
    if run is None:
        return form.start()
    lead = _LEAD.match(text, run.start(), form.start())
    start = lead.end() if lead else run.start()
    return next((low for low, high in seen if start <= low < form.start() <= high), start)
