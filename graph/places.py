"""Places as a document speaks of them: 我市, 首府, 米东, 米东区 and 乌鲁木齐市米东区 as divisions.

Every reading depends on the issuer (whose document it is) and the official list only. A name that
several equally near divisions bear stays open: it becomes a place of its own, with candidates.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from extract.document import DocumentMeta
from graph.names import normalise
from ontology.divisions import (
    ETHNIC_GROUPS,
    Division,
    ancestors,
    divisions,
    is_name,
    lookup,
    official_names,
    shared_prefix,
    trimmed,
)

_SELF = re.compile(r"(?:我|本|全|该|贵)?(区|县|市|州|盟|旗|省|乡|镇)(?:域|内|上下|直|本级)?")
_PROVINCE = frozenset({"自治区", "全省", "全自治区", "我省", "本省"})
_AUTONOMOUS = frozenset({"自治州", "自治县", "自治旗"})
_CAPITAL = frozenset({"首府", "省会", "自治区首府", "首府城市", "省会城市"})
# What follows a place's short name when a part or the surroundings of it are meant.
_NAMED_REGION = re.compile(r"^(?:都市圈|城市群|主城区|中心城区|[东西南北]部|城区|老城区|新城区|核心区)$")
_TOWNSHIP_CLASS = re.compile(
    rf"(?:(?:{ETHNIC_GROUPS})+(?:民族)?|民族)?乡$|镇$|街道(?:办事处|办)?$|(?:街道)?办事处$|片区管委会(?:街道)?$"
)
_LEVELS = {
    "省": (2,),
    "州": (4,),
    "盟": (4,),
    "市": (6, 4, 2),
    "区": (6,),
    "县": (6,),
    "旗": (6,),
    "乡": (9,),
    "镇": (9,),
}


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose document it is: the district's name and its code in the table ("" if unknown)."""

    name: str
    code: str

    @classmethod
    def of(cls, meta: DocumentMeta) -> "Issuer":
        """Return the issuer that the metadata name; a code is looked up where it is unambiguous."""
        code = trimmed(meta.code)
        if code not in divisions():
            found = lookup(normalise(meta.district))
            code = found[0].code if len(found) == 1 else ""
        return cls(meta.district, code)

    @property
    def scope(self) -> str:
        """Return what scopes names that are relative to the issuer: its code, or else its name."""
        return self.code or normalise(self.name)

    @property
    def division(self) -> Division | None:
        """Return the issuer's division, or None if the list has none."""
        return divisions().get(self.code)

    def chain(self) -> Iterator[Division]:
        """Yield the issuer's division and those above it, nearest first."""
        if self.code:
            yield divisions()[self.code]
            yield from ancestors(self.code)


def region_of(code: str) -> str:
    """Return the prefecture's code of a division, or the municipality's; other divisions that a
    province administers itself (仙桃市, 五家渠市) are regions of their own.

    >>> region_of("650109"), region_of("310115"), region_of("65"), region_of("659004"), region_of("")
    ('6501', '31', '65', '659004', '')
    """
    table = divisions()
    if len(code) < 4 or code[:4] in table:
        return code[:4]
    return code[:2] if table[code[:2]].name.endswith("市") else code[:6]


@dataclass(frozen=True, slots=True)
class Place:
    """A place read: its division, or `scope` and `name` where the list has none, and why.

    `candidates` are the codes between which the name stays open.
    """

    division: Division | None
    scope: str
    name: str
    reason: str
    candidates: tuple[str, ...] = ()


def _found(division: Division, reason: str) -> Place:
    return Place(division, "", division.code, reason)


def read_place(surface: str, issuer: Issuer) -> Place:
    """Return the place that a District mention names in a document of `issuer`.

    >>> issuer = Issuer("米东区", "650109")
    >>> read_place("首府", issuer).division.name, read_place("三道坝", issuer).division.name
    ('乌鲁木齐市', '三道坝镇')
    """
    name = normalise(surface)
    for reader in (_relative, _listed, _township, _corps, _misprinted, _composite):
        if place := reader(name, issuer):
            return place
    local = re.search(r"(?:村|社区|队|屯|庄|里|苑|组)$", name) is not None
    return Place(None, issuer.scope if local else "", name, "name")


def _relative(name: str, issuer: Issuer) -> Place | None:
    """Read names that only the issuer gives a meaning: 我市, 全县, 自治区, 首府, its own 新区."""
    chain = tuple(issuer.chain())
    if name == normalise(issuer.name) and chain:
        return _found(chain[0], "issuer")
    if name in _AUTONOMOUS:
        return next((_found(d, "issuer-relative name") for d in chain if d.name.endswith(name)), None)
    if name in _PROVINCE or name in _CAPITAL:
        return _provincial(name, next((d for d in chain if len(d.code) == 2), None))
    if match := _SELF.fullmatch(name):
        rank = match.group(1)
        for division in chain:
            if len(division.code) in _LEVELS[rank] and division.name.endswith(rank):
                return _found(division, "issuer-relative name")
        return None if chain else Place(None, "", issuer.scope, "issuer-relative name")
    if chain and _abbreviates(name, chain[0].name):
        return _found(chain[0], "abbreviation of the issuer")
    return None


def _provincial(name: str, province: Division | None) -> Place | None:
    """Read 自治区 or 全省 (only where the province is one), and the capital: code 01 everywhere."""
    if province is None or any(name.endswith(w) and not province.name.endswith(w) for w in ("自治区", "省")):
        return None
    if name in _PROVINCE:
        return _found(province, "issuer's province")
    capital = divisions().get(province.code + "01")
    return _found(capital, "issuer's provincial capital") if capital else None


def _abbreviates(name: str, full: str) -> bool:
    """Return whether `name` is `full` with inner characters left out (新区 of 新市区)."""
    if not 2 <= len(name) < len(full) or name[0] != full[0] or name[-1] != full[-1]:
        return False
    rest = iter(full)
    return all(char in rest for char in name)


def _listed(name: str, issuer: Issuer) -> Place | None:
    return _choose(name, lookup(_official(name), issuer.code), issuer.code)


def _corps(name: str, issuer: Issuer) -> Place | None:
    """Read a division of the Production and Construction Corps: 兵团十二师, 兵团农六师, 第六师."""
    match = re.fullmatch(r"(?:新疆生产建设兵团|新疆兵团|兵团)?(?:农|第|建)*(\d+)师(.*)", normalise(name))
    if match is None:
        return None
    if match.group(2):  # 兵团农六师五家渠市: the city is the division's own
        place = _listed(match.group(2), issuer)
        return place if place and place.division else None
    return Place(None, "", f"兵团第{match.group(1)}师", "division of the corps")


def _misprinted(name: str, issuer: Issuer) -> Place | None:
    """Read a township of the issuer whose name is off by one character: 萨尔达板乡 for 萨尔达坂乡."""
    if len(name) < 4 or len(issuer.code) < 6:
        return None
    near = [
        d
        for found in _township_stems(issuer.code).values()
        for d in found
        if len(d.name) == len(name) and d.name[-1] == name[-1] and sum(map(str.__ne__, d.name, name)) == 1
    ]
    return _found(near[0], f"misprint of {near[0].name}") if len(near) == 1 else None


@lru_cache(maxsize=1)
def _prefecture_forms() -> dict[str, str]:
    """Return everyday forms of autonomous places: 伊犁州 and 新疆自治区 for their official names."""
    from ontology.divisions import short_name

    forms = {"全疆": "新疆维吾尔自治区"}
    for code, name in official_names().items():
        if name.endswith(("自治州", "自治区", "自治县")) and (short := short_name(divisions()[code])):
            forms[short + name[-1]] = name
            forms[short + name[-3:]] = name
    return forms


def _official(name: str) -> str:
    return name if is_name(name) else _prefecture_forms().get(name, name)


def _choose(name: str, found: tuple[Division, ...], within: str) -> Place | None:
    """Return the nearest division, an open place when several are as near, None when none fits.

    Townships count only inside `within`'s prefecture: their names recur all over the country. A bare
    short name means no county of another province, and no urban district of another city.
    """
    region = region_of(within)
    near = [d for d in found if _within_reach(d, name, within, region)]
    if not near:
        return None
    city = next((d for d in near if d.name == name + "市" and len(d.code) == 4), None)
    if city and all(d.code.startswith(city.code) for d in near):
        return _found(city, "official list, the city rather than a county of the same name")
    best = shared_prefix(near[0].code, within)
    nearest = [d for d in near if shared_prefix(d.code, within) == best]
    if len(nearest) == 1:
        return _found(nearest[0], "official list")
    cities = [d for d in nearest if d.name == name + "市"]
    if len(cities) == 1 and all(d.name == name + "县" for d in nearest if d is not cities[0]):
        return _found(cities[0], "official list, the city rather than the county of the same name")
    exact = [d for d in nearest if d.name == name]
    if len(exact) == 1:
        return _found(exact[0], "official list")
    return Place(None, "", name, "several divisions bear the name", tuple(d.code for d in nearest))


def _within_reach(division: Division, name: str, within: str, region: str) -> bool:
    if len(division.code) <= 4 or (region and division.code.startswith(region)):
        return True
    if len(division.code) > 6:
        return False
    return division.name == name or (division.code[:2] == within[:2] and not division.name.endswith("区"))


@lru_cache(maxsize=256)
def _township_stems(area: str) -> dict[str, tuple[Division, ...]]:
    """Return the townships under code `area` (4 digits or more) by their name without class word and ethnic group."""
    stems: dict[str, list[Division]] = {}
    for code in _townships().get(area[:4], ()):
        if code.startswith(area):
            division = divisions()[code]
            stems.setdefault(_TOWNSHIP_CLASS.sub("", division.name), []).append(division)
    return {stem: tuple(found) for stem, found in stems.items()}


@lru_cache(maxsize=1)
def _townships() -> dict[str, list[str]]:
    """Return the codes of townships by that of their prefecture, in code order."""
    found: dict[str, list[str]] = {}
    for code in divisions():
        if len(code) == 9:
            found.setdefault(code[:4], []).append(code)
    return found


def _township(name: str, issuer: Issuer) -> Place | None:
    """Read a township of the issuer's county or prefecture: 三道坝, 英也尔乡 (now 英也尔镇)."""
    stem = _TOWNSHIP_CLASS.sub("", name)
    if len(stem) < 2 or not issuer.code:
        return None
    bare = stem == name  # without its class word it can only be a township of the issuer itself
    for area in dict.fromkeys((issuer.code,) if bare else (issuer.code, region_of(issuer.code))):
        if len(area) >= 4:
            found = tuple(d for d in _township_stems(area).get(stem, ()) if _may_have_become(name, d.name))
            if len(found) == 1:
                return _found(found[0], "township by its stem")
            if found:
                return Place(None, issuer.scope, name, "several townships bear the name", tuple(d.code for d in found))
    return None


def _may_have_become(name: str, official: str) -> bool:
    """Return whether a township of the name may be the official one now: townships rise, never fall."""
    ranks = ("乡", "镇", "街道")
    held = [next((i for i, word in enumerate(ranks) if text.endswith(word)), len(ranks)) for text in (name, official)]
    return held[0] == len(ranks) or held[0] <= held[1]


def split_place(name: str, issuer: Issuer) -> tuple[Division, str] | None:
    """Return the division that a normalised name begins with, and the rest of it.

    Only official names count (米东区…, 甘沟乡…); the longest chain is taken (新疆乌鲁木齐市米东区…).

    >>> division, rest = split_place("乌鲁木齐市米东区人民医院", Issuer("乌鲁木齐市", "6501"))
    >>> division.name, rest
    ('米东区', '人民医院')
    """
    division: Division | None = None
    rest = name
    while True:
        within = division.code if division else issuer.code
        step = _leading(rest, within, nested=division is not None)
        if step is None:
            return (division, rest) if division else None
        division, rest = step


@lru_cache(maxsize=65_536)
def _leading(name: str, within: str, *, nested: bool) -> tuple[Division, str] | None:
    for length in range(min(len(name) - 1, 12), 2, -1):
        head = name[:length]
        official = _official(head)
        found = tuple(d for d in lookup(official, within) if d.name == official) if is_name(official) else ()
        place = _choose(official, found, within) if found else _township_head(head, within)
        if place and place.division and (not nested or place.division.code.startswith(within)):
            return place.division, name[length:]
    return None


def _township_head(head: str, within: str) -> Place | None:
    """Read a township that stands in front of a name; its class word must be there."""
    stem = _TOWNSHIP_CLASS.sub("", head)
    if stem == head or len(stem) < 2:
        return None
    for area in dict.fromkeys((within, region_of(within))):
        found = _township_stems(area).get(stem, ()) if len(area) >= 4 else ()
        if len(found) == 1 and _may_have_become(head, found[0].name):
            return _found(found[0], "township by its stem")
    return None


def split_short(name: str, issuer: Issuer) -> tuple[Division, str] | None:
    """Return the county or higher division whose short name the name begins with, and the rest.

    >>> division, rest = split_short("米东化工工业园", Issuer("乌鲁木齐市", "6501"))
    >>> division.name, rest
    ('米东区', '化工工业园')
    """
    for length in range(min(len(name) - 2, 6), 1, -1):
        head = name[:length]
        if not is_name(head):
            continue
        place = _choose(head, tuple(d for d in lookup(head, issuer.code) if len(d.code) <= 6), issuer.code)
        if place and place.division:
            return place.division, name[length:]
    return None


def _composite(name: str, issuer: Issuer) -> Place | None:
    """Read a chain of places: 乌鲁木齐市米东区, or a village in its town (甘沟乡团结村)."""
    split = split_place(name, issuer) or split_short(name, issuer)
    if split is None:
        return None
    division, rest = split
    if not name.startswith(division.name) and _NAMED_REGION.search(rest) is None:
        return None
    inner = _listed(rest, Issuer(division.name, division.code)) or _township(rest, Issuer(division.name, division.code))
    if inner and inner.division and inner.division.code.startswith(division.code):
        return _found(inner.division, "official list, inside the place named before it")
    return Place(None, division.code, rest, "place named before it")
