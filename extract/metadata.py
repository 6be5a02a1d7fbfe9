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
_CONGRESS = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,24}?)(?:第?[一二三四五六七八九十]{1,4}届)?人民代表大会")
_GOVERNMENT = re.compile(r"(?P<place>[\u4e00-\u9fff]{2,24}?)人民政府")
_PARTY = re.compile(r"中共(?P<place>[\u4e00-\u9fff]{2,20}?)委(?:员会)?(?=[\u4e00-\u9fff]{2,20}人民政府)")
_YEAR_OF_WORK = re.compile(r"(?<!\d)(\d{4})年.{0,16}(?:工作|报告)")
_FIRST_YEAR_OF_PLAN_10 = 2001
_OPENING_DATE = re.compile(r"^[（(—-]*[\d〇零一二三四五六七八九十]{4}年[^日]{1,8}日在?")
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
    text = "".join((*front, *headings, body))
    place, within = (district, "") if district else _district(title, front, body, text)
    if not place:
        raise DistrictUnknownError(
            name, "cannot tell whose document this is from its title; pass --district NAME (for example 米东区)"
        )
    return DocumentMeta(
        title=title,
        kind=kind,
        district=place,
        code=_code(place, within, title, text),
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


def _district(title: str, front: Sequence[str], body: str, text: str) -> tuple[str, str]:
    """Return the document's own district and the code of the place that names it as its part.

    Asked in this order: the title, the body that adopted or issued it, the place that its first
    words are about, the place that it names most. A title that is a bare place name is only the
    heading of a page (安口镇), so the text is asked first.
    """
    if title.startswith(_COUNTRY):
        return "中国", ""
    heads = [title.lstrip("《“关于"), re.sub(r"^\d{4}年(?:度)?", "", title)]
    for unit in map(_undated, front):
        for pattern in (_CONGRESS, _GOVERNMENT, _PARTY):
            heads += [match["place"] for match in pattern.finditer(unit)]
    if _TITLE_WORD.search(title):
        heads.append(body[:12])
    else:
        heads = [_dominant(text), *heads, body[:12]]
    for head in heads:
        chain = _chain(head)
        if chain:
            return chain[-1], chain_code(chain[:-1])
    return _place_in(title) or _dominant(text) or _province_in(text), ""


def _undated(unit: str) -> str:
    return _OPENING_DATE.sub("", unit)


def _place_in(title: str) -> str:
    """Return the first province or prefecture that the title names, by short or official name."""
    for at in range(len(title)):
        for length in range(min(12, len(title) - at), 1, -1):
            found = [d for d in lookup(title[at : at + length]) if len(d.code) <= 4]
            if found:
                return found[0].name
    return ""


def _province_in(text: str) -> str:
    """Return the province whose short name the text uses at least twice as often as any other's."""
    provinces = [divisions()[code] for code in divisions() if len(code) == 2]
    ranked = sorted(((text.count(short_name(d) or d.name), d.name) for d in provinces), reverse=True)
    (most, name), (second, _) = ranked[0], ranked[1]
    return name if most >= 3 and most >= 2 * second else ""


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


def _dominant(text: str) -> str:
    """Return the county, prefecture or province that the text names far more often than any other."""
    counts: Counter[str] = Counter()
    for match in re.finditer(r"[省市区县州旗]", text[:200_000]):
        low = max(0, match.end() - 12)
        names = (text[at : match.end()] for at in range(low, match.end() - 2))
        if (name := next((name for name in names if _is_official(name)), None)) is not None:
            counts[name] += 1
    if not counts:
        return ""
    # A county's text names its province nearly as often as itself; places around do not compete.
    most = max(counts, key=lambda name: (counts[name], name))
    inside = [
        name for name in counts if any(_is_part(d, most) for d in lookup(name)) and 2 * counts[name] >= counts[most]
    ]
    top = max(inside, key=lambda name: (counts[name], name), default=most)
    rivals = (count for name, count in counts.items() if name != top and not _related(name, top))
    return top if counts[top] >= 3 and counts[top] >= 2 * max(rivals, default=0) else ""


def _related(one: str, other: str) -> bool:
    return any(_is_part(d, other) for d in lookup(one)) or any(_is_part(d, one) for d in lookup(other))


def _is_official(name: str) -> bool:
    return any(found.name == name and len(found.code) <= 6 for found in lookup(name))


def _code(place: str, within: str, title: str, text: str) -> str:
    """Return the GB/T 2260 code of the place, "" when the text does not tell which one is meant."""
    found = [d for d in lookup(place, within) if not within or d.code.startswith(within)] or list(lookup(place))
    if len(found) > 1:
        votes = {d.code: sum(_votes(one, title, text) for one in ancestors(d.code)) for d in found}
        best = max(votes.values())
        found = [d for d in found if votes[d.code] == best and best > 0]
    return found[0].gb_code if len(found) == 1 else ""


def _votes(division: Division, title: str, text: str) -> int:
    names = {division.name, short_name(division)} - {""}
    return sum(text.count(name) + 10 * title.count(name) for name in names)


# --- dates ------------------------------------------------------------------------------------


def _adopted(front: Sequence[str]) -> date | None:
    for unit in front:
        match = _DATE.search(unit)
        if match is not None and (_ADOPTION.search(unit) or len(unit) <= 14):
            try:
                return date(to_int(match["year"]), to_int(match["month"]), to_int(match["day"]))
            except ValueError:
                return None
    return None


def _period(title: str, kind: DocumentKind, headings: Sequence[str], adopted: date | None) -> str:
    """Return the years that the document covers: of a five-year plan, of a report's review and outlook."""
    years = _YEARS.search(title)
    if years is not None:
        return f"{to_int(years[1])}-{to_int(years[2])}"
    if kind is DocumentKind.PLAN:
        match = _FIVE_YEAR.search(title)
        assert match is not None
        start = _FIRST_YEAR_OF_PLAN_10 + 5 * (to_int(match[1] or match[2]) - 10)
        return f"{start}-{start + 4}"
    if kind is DocumentKind.REPORT:
        named = {to_int(match[1]) for text in (title, *headings) if (match := _YEAR_OF_WORK.search(text))}
        if not named and adopted is not None:
            named = {adopted.year + 1 if adopted.month >= 11 else adopted.year}
        if named:
            # A report reviews the year before the one whose work it sets out.
            return f"{min(min(named), max(named) - 1)}-{max(named)}"
    return ""


def _issuer(front: Sequence[str]) -> str:
    for unit in front:
        match = re.search(r"[\u4e00-\u9fff]{2,20}?人民政府", unit)
        if match is not None and not unit.endswith("报告"):
            return match[0]
    for unit in front:
        match = _CONGRESS.search(_undated(unit))
        if match is not None:
            return f"{match['place']}人民代表大会"
    return ""
