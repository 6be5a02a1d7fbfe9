"""Whose document it is, what sort, when adopted, for which years: read from title and first lines."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from extract.document import DocumentKind, DocumentMeta
from extract.errors import DistrictUnknownError
from extract.headings import to_int
from ontology.divisions import Division, ancestors, divisions, lookup, short_name

_TITLE_WORD = re.compile(r"规划|纲要|报告|意见|方案|计划|办法|通知|决定|要点|条例")
_EDITION = re.compile(r"[（(](?:公开发布稿|公开稿|草案|审议稿|送审稿|征求意见稿|简称[^（）()]{1,20})[）)]$")
_FIVE_YEAR = re.compile(
    r"第([一二三四五六七八九十]{1,3})个五年|[“\"]?([一二三四五六七八九十]{1,3})五[”\"]?(?:规划|计划)"
)
_YEARS = re.compile(r"(?<!\d)(\d{4})年?[-—–－~～至](\d{4})年?(?!\d)")
_DATE = re.compile(
    r"(?P<year>\d{4}|[〇零一二三四五六七八九]{4})年(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_ADOPTION = re.compile(r"通过|会议上|大会上|批准|印发|[（(][^（）()]{8,14}日[）)]$")
_CONGRESS = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,24}?)第?[一二三四五六七八九十]{1,4}届人民代表大会")
_GOVERNMENT = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,24}?)人民政府")
_PARTY = re.compile(r"中共(?P<place>[\u4e00-\u9fff]{2,20}?)委(?:员会)?(?=[\u4e00-\u9fff]{2,20}人民政府)")
_YEAR_HEADING = re.compile(r"(\d{4})年(?:.{0,4}工作)?")
_COUNTRY = "中华人民共和国"
_CLASS = "省市区县州旗盟乡镇"
_NAME = re.compile(rf"[\u4e00-\u9fff]{{1,11}}?(?:自治[区州县旗]|街道|[{_CLASS}])")


def read_metadata(
    name: str, front: Sequence[str], headings: Sequence[str], body: str, district: str | None = None
) -> DocumentMeta:
    """Return the document's metadata.

    `front` are the clean units in front of the text (title, adoption note, …), `headings` the
    titles of its sections, `body` its clean text. A given `district` is taken as it is.

    Raises `DistrictUnknownError` (naming `name`) when no district is given and none is named.
    """
    title = _title(front, headings, body)
    kind = _kind(title)
    adopted = _adopted(front)
    place, within = (district, "") if district else _district(title, front, body)
    if not place:
        raise DistrictUnknownError(
            name, "cannot tell whose document this is from its title; pass --district NAME (for example 米东区)"
        )
    return DocumentMeta(
        title=title,
        kind=kind,
        district=place,
        code=_code(place, within, title, body),
        adopted=adopted,
        period=_period(title, kind, headings, adopted),
        issuer=_issuer(front),
    )


def _title(front: Sequence[str], headings: Sequence[str], body: str) -> str:
    named = [unit for unit in front if _TITLE_WORD.search(unit) and not _ADOPTION.search(unit)]
    whole = [unit for unit in named if unit.endswith(("纲要", "报告", "规划", "意见", "方案", "计划", "）", ")"))]
    for candidates in (whole, named, front[:1]):
        if candidates:
            return _EDITION.sub("", max(candidates, key=len) if candidates is named else candidates[0])
    opening = re.match(r"《?([^，。《》]{6,60}?(?:规划纲要|规划|报告|意见|方案))", body)
    if opening is not None:
        return opening[1]
    return headings[0] if headings else body[:40]


def _kind(title: str) -> DocumentKind:
    if "政府工作报告" in title or "工作报告" in title:
        return DocumentKind.REPORT
    if _FIVE_YEAR.search(title) and re.search(r"规划|计划|纲要", title):
        return DocumentKind.PLAN
    return DocumentKind.OTHER


# --- district ---------------------------------------------------------------------------------


def _district(title: str, front: Sequence[str], body: str) -> tuple[str, str]:
    """Return the document's own district and the code of the place that names it as its part."""
    if title.startswith(_COUNTRY):
        return "中国", ""
    heads = [title.lstrip("《“关于"), re.sub(r"^\d{4}年(?:度)?", "", title)]
    for unit in front:
        for pattern in (_CONGRESS, _GOVERNMENT, _PARTY):
            heads += [match["place"] for match in pattern.finditer(unit)]
    heads.append(body[:12])
    for head in heads:
        chain = _chain(head)
        if chain:
            return chain[-1], chain_code(chain[:-1])
    return _dominant(body), ""


def _chain(text: str) -> list[str]:
    """Return the names of divisions that open the text, widest first (乌鲁木齐市, 米东区)."""
    text = re.sub(r"^[\d年月日在于]+", "", text)
    chain: list[str] = []
    at = 0
    while at < len(text):
        match = next((m for m in _names_at(text, at) if _fits(m, chain)), None)
        if match is None:
            break
        chain.append(match)
        at += len(match)
    return chain


def _names_at(text: str, at: int) -> Iterable[str]:
    """Yield the division names that stand at `at`, longest first."""
    for length in range(min(12, len(text) - at), 1, -1):
        name = text[at : at + length]
        if (name[-1] in _CLASS or name.endswith("街道")) and lookup(name):
            yield name


def _fits(name: str, chain: Sequence[str]) -> bool:
    return not chain or any(_is_part(one, chain[-1]) for one in lookup(name))


def _is_part(division: Division, above: str) -> bool:
    return any(above in (one.name, short_name(one)) for one in ancestors(division.code))


def chain_code(chain: Sequence[str]) -> str:
    """Return the code of the last place of a chain, or "" when it is ambiguous."""
    found = lookup(chain[-1]) if chain else ()
    return found[0].code if len(found) == 1 else ""


def _dominant(body: str) -> str:
    """Return the county, prefecture or province that the text names far more often than any other."""
    official = {d.name for d in divisions().values() if len(d.code) <= 6 and len(d.name) >= 3}
    counts = Counter(
        name
        for name in re.findall(r"(?=([\u4e00-\u9fff]{2,6}[省市区县州]))", body[:200_000])
        for name in _suffixes(name)
        if name in official
    )
    ranked = counts.most_common(2)
    if not ranked or ranked[0][1] < 3:
        return ""
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= 2 * ranked[1][1] else ""


def _suffixes(name: str) -> Iterable[str]:
    return (name[i:] for i in range(len(name) - 2))


def _code(place: str, within: str, title: str, body: str) -> str:
    """Return the GB/T 2260 code of the place, "" when the text does not tell which one is meant."""
    found = [d for d in lookup(place, within) if not within or d.code.startswith(within)] or list(lookup(place))
    if len(found) > 1:
        votes = {d.code: sum(_votes(one, title, body) for one in ancestors(d.code)) for d in found}
        best = max(votes.values())
        found = [d for d in found if votes[d.code] == best and best > 0]
    return found[0].gb_code if len(found) == 1 else ""


def _votes(division: Division, title: str, body: str) -> int:
    names = {division.name, short_name(division)} - {""}
    return sum(body.count(name) + 10 * title.count(name) for name in names)


# --- dates ------------------------------------------------------------------------------------


def _number(text: str) -> int:
    return to_int(text)


def _adopted(front: Sequence[str]) -> date | None:
    for unit in front:
        match = _DATE.search(unit)
        if match is not None and (_ADOPTION.search(unit) or len(unit) <= 14):
            try:
                return date(_number(match["year"]), _number(match["month"]), _number(match["day"]))
            except ValueError:
                return None
    return None


def _period(title: str, kind: DocumentKind, headings: Sequence[str], adopted: date | None) -> str:
    """Return the years that the document covers: of a five-year plan, of a report's review and outlook."""
    years = _YEARS.search(title)
    if years is not None:
        return f"{years[1]}-{years[2]}"
    if kind is DocumentKind.PLAN:
        match = _FIVE_YEAR.search(title)
        assert match is not None
        start = 1951 + 5 * (to_int(match[1] or match[2]) - 0)
        return f"{start - 0}-{start + 4}"
    if kind is DocumentKind.REPORT:
        named = [int(m[1]) for h in headings if (m := _YEAR_HEADING.match(h))]
        if adopted is not None and not named:
            named = [adopted.year, adopted.year + 1] if adopted.month >= 11 else [adopted.year - 1, adopted.year]
        if named:
            return f"{min(named)}-{max(named)}" if min(named) < max(named) else f"{named[0] - 1}-{named[0]}"
    return ""


def _issuer(front: Sequence[str]) -> str:
    for unit in front:
        match = re.search(r"[\u4e00-\u9fff]{2,20}?人民政府", unit)
        if match is not None and not unit.endswith("报告"):
            return match[0]
    for unit in front:
        match = _CONGRESS.search(re.sub(r"^[（(]?[^年]{4}年[^日]{1,8}日在?", "", unit))
        if match is not None:
            return f"{match['place']}人民代表大会"
    return ""
