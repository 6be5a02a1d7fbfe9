"""One name read on its own: which thing it means in a document of a given issuer.

A reading rests on the surface, the issuer and the reference lists, never on other documents; so
two documents that name a thing alike arrive at the same key without knowing of each other.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from graph.identity import Key
from graph.names import normalise, numeral
from graph.places import Issuer, Place, read_place, region_of, split_place, split_short
from graph.wording import expand, is_generic, is_proper, without_ending, wording
from ontology.divisions import Division, divisions, lookup, shared_prefix, short_name
from ontology.schema import EntityType

_FINAL_BRACKET = re.compile(r"^(.{2,})\(([^()]+)\)$")
_INNER_BRACKET = re.compile(r"^([^()]*)\(([^()]{2,})\)(.+)$")
_KEPT_BRACKET = re.compile(r"\d|期|型|[a-z]类?$")  # (一期), (B型), (2019年版) belong to the name
_SELF_PREFIX = re.compile(r"^(?:我|本|全)(省|州|市|县|区|旗)(?=.{2})")
_RANK_PREFIX = re.compile(r"^(省|州|市|县|区|旗)(?:级|属|直属|直)?(?=.{2})")
# 市政, 区域 … begin with a rank's character but are words of their own.
_NOT_A_RANK = re.compile(r"^(?:市[政场民区郊域容树花中]|区[域块位间划]|县[域城乡道]|州[直府]|省[道会]|旗[舰下])")
_RANKED_TYPES = frozenset({EntityType.INSTITUTION, EntityType.POLICY, EntityType.FACILITY, EntityType.PROJECT})
# With a place in front these may still be known by their own name alone; institutions are the place's.
_FOUND = frozenset({EntityType.PARK, EntityType.FACILITY, EntityType.PROJECT})
_EVERYWHERE = frozenset({EntityType.INDUSTRY, EntityType.INDICATOR, EntityType.ENTERPRISE})
_FIVE_YEAR_PLAN = re.compile(
    r"^(?:国民经济和社会发展)?(?:第(\d+)个五年|(十[一二三四五六七八九]?)五)(?:发展)?规划(?:和\d+年远景目标)?(?:纲要)?$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a surface means: its key, the division it names (if any), and why.

    `second` is the second name that stands in brackets ("" if none), `place` the division named
    in front, `candidates` the codes between which an ambiguous place stays open, `full` the name
    with its place, written out. `located` is how sure it is (0..1) that the thing lies in the
    division `where` by its name alone; 0 if the name does not tell.
    """

    key: Key
    reason: str
    division: Division | None = None
    place: Division | None = None
    second: str = ""
    candidates: tuple[str, ...] = ()
    full: str = ""
    where: str = ""
    located: float = 0.0


def read_name(kind: EntityType, surface: str, issuer: Issuer) -> Reading:
    """Return what a mention's surface means in a document of `issuer`.

    >>> issuer = Issuer("伊宁市", "654002")
    >>> read_name(EntityType.PARK, "伊宁边境经济合作区", issuer).key.name
    '边境经济合作区'
    >>> read_name(EntityType.PARK, "边合区", issuer).key == read_name(EntityType.PARK, "伊宁市边合区", issuer).key
    True
    """
    written = expand(kind, normalise(surface))
    if kind is EntityType.DISTRICT:
        return replace(_district(_read_district(written, issuer)), full=written)
    return replace(_read(kind, written, issuer), full=_brackets(written)[0])


def _read(kind: EntityType, written: str, issuer: Issuer) -> Reading:
    name, second, inner = _brackets(written)
    if second and (division := _merged_zone(kind, second, issuer)):
        return _district(Place(division, "", division.code, "the zone and the district are one (in brackets)"))
    name = without_ending(kind, name) or name
    if kind in _EVERYWHERE:
        return _everywhere(kind, name, second, issuer)
    if inner and (division := read_place(inner, issuer).division):
        return _scoped(kind, name, second, division, issuer)
    return _local(kind, name, second, issuer)


def _read_district(name: str, issuer: Issuer) -> Place:
    """Return the place a district's name means; a division in final brackets is the official name."""
    match = _FINAL_BRACKET.match(name)
    inner = read_place(match.group(2), issuer) if match else None
    return inner if inner and inner.division else read_place(name, issuer)


def _district(place: Place) -> Reading:
    key = Key(EntityType.DISTRICT, place.scope, place.name)
    located = 0.0 if not place.scope else 0.9 if place.reason == "place named before it" else 0.7
    return Reading(
        key,
        place.reason,
        division=place.division,
        candidates=place.candidates,
        where=place.scope,
        located=located,
    )


def _brackets(name: str) -> tuple[str, str, str]:
    """Return the name without brackets, a second name from a final one, and a place from an inner one.

    `中国(新疆)自由贸易试验区` gives the place 新疆; brackets that explain nothing are only opened.
    """
    second = place = ""
    if (match := _FINAL_BRACKET.match(name)) and not _KEPT_BRACKET.search(match.group(2)):
        name, second = match.groups()
    if (match := _INNER_BRACKET.match(name)) and not _KEPT_BRACKET.search(match.group(2)):
        before, inside, after = match.groups()
        if before.endswith(("开发区", "合作区")) and lookup(inside):
            name, place = after, inside  # one government bears both names
        elif lookup(inside):
            name, place = ("" if before in ("中国", "国家") else before) + after, inside
        else:
            name = before + inside + after
    return name, second, place


def _merged_zone(kind: EntityType, second: str, issuer: Issuer) -> Division | None:
    """Return the district that a zone's bracket names: 高新技术产业开发区(新市区)."""
    if kind is not EntityType.PARK or not second.endswith(("区", "县", "市")) or second.endswith("辖区"):
        return None
    place = read_place(second, issuer)
    return place.division if place.division and len(place.division.code) == 6 else None


def _everywhere(kind: EntityType, name: str, second: str, issuer: Issuer) -> Reading:
    """Read a name that means the same in every document: an industry, indicator or company."""
    if kind is EntityType.INDICATOR:
        name = re.sub(r"\((?:%|％|[^()]*[万亿元人个位米吨度里斤天岁所家张])\)$", "", name)
        name = re.sub(r"^(?:我|本|全)(?:省|州|市|县|区|旗)(?=.{3})", "", name)
        name = re.sub(r"(?<=[师员户口人辆件座家])数量?$", "", name)
    if kind is EntityType.ENTERPRISE and (match := _RANK_PREFIX.match(name)) and not _NOT_A_RANK.match(name):
        return _scoped(kind, name[match.end() :], second, _rank_place(match.group(1), issuer), issuer)
    if kind is EntityType.ENTERPRISE and is_generic(name):
        return Reading(Key(kind, issuer.scope, name), "generic name, of the issuer", second=second)
    return Reading(Key(kind, "", name), "same name", second=second)


def _local(kind: EntityType, name: str, second: str, issuer: Issuer) -> Reading:
    """Read a name that needs a place to be unique."""
    if match := _SELF_PREFIX.match(name):
        return _scoped(kind, name[match.end() :], second, _rank_place(match.group(1), issuer), issuer)
    if (match := _RANK_PREFIX.match(name)) and not _NOT_A_RANK.match(name):
        rest = name[match.end() :]
        if kind in _RANKED_TYPES or (kind is EntityType.PARK and len(rest) >= 3 and is_generic(rest)):
            return _scoped(kind, rest, second, _rank_place(match.group(1), issuer), issuer)
    own = name.endswith(wording().own_names.get(kind, ("\0",)))
    if (split := split_place(name, issuer)) and len(split[1]) >= 2:
        return _scoped(kind, split[1], second, split[0], issuer)
    if not own and (short := split_short(name, issuer)) and _is_placed(*short, issuer):
        return _scoped(kind, short[1], second, short[0], issuer)
    return _unplaced(kind, name, second, issuer)


def _is_placed(place: Division, rest: str, issuer: Issuer) -> bool:
    """Return whether a short name in front is a place, not part of the name (中山公园 is in no 中山)."""
    if not is_generic(rest) or rest.startswith(("路", "街", "巷", "大道", "河", "山")):
        return False
    if issuer.code.startswith(place.code) or shared_prefix(place.code, issuer.code) >= 2:
        return len(rest) >= 2
    if place.code.startswith(issuer.code) and len(place.code) == 6:  # a county in a province's document
        return len(rest) >= 2 and is_proper(short_name(place))
    return len(place.code) <= 4 and len(rest) >= 4


def _rank_place(rank: str, issuer: Issuer) -> Division | None:
    place = read_place(rank, issuer)
    return place.division


def _scoped(kind: EntityType, name: str, second: str, place: Division | None, issuer: Issuer) -> Reading:
    """Read a name with a place in front: a generic one is that place's, a proper one the region's."""
    name = _core_forms(kind, name)
    if place is None:
        return Reading(Key(kind, issuer.scope, name), "issuer-relative name", second=second)
    scope = place.code
    proper = is_proper(name) or split_short(name, issuer) is not None
    if proper and kind in _FOUND and not is_generic(name):
        scope = _region(kind, name, place.code, issuer)
    reason = f"place named in front: {place.name}"
    return Reading(Key(kind, scope, name), reason, place=place, second=second, where=place.code, located=0.9)


def _region(kind: EntityType, name: str, code: str, issuer: Issuer) -> str:
    """Return the scope of a proper name in or near `code`: its prefecture, its town for streets."""
    if issuer.code.startswith(code):
        code = issuer.code
    if kind is EntityType.FACILITY and name.endswith(("路", "街", "巷", "大道", "小区")):
        return urban_area(code)
    if kind is EntityType.PARK and name.endswith(wording().zones):
        return code[:2]  # no two zones of a province bear one proper name
    return region_of(code)


def urban_area(code: str) -> str:
    """Return the area in which a street's name is unique: the whole city for its urban districts.

    >>> urban_area("650109"), urban_area("654002"), urban_area("6501"), urban_area("310115")
    ('6501', '654002', '6501', '31')
    """
    county, region = divisions().get(code[:6]), divisions().get(region_of(code))
    if county and county.name.endswith("区") and region and region.name.endswith("市"):
        return region.code
    return code[:6]


def _unplaced(kind: EntityType, name: str, second: str, issuer: Issuer) -> Reading:
    name = _core_forms(kind, name)
    for rule in (_by_level, _by_region_word, _by_policy, _by_institution):
        if found := rule(kind, name, issuer):
            scope, reason = found
            located = 0.7 if reason.startswith("a zone") else 0.0
            return Reading(Key(kind, scope, name), reason, second=second, where=scope, located=located)
    if is_generic(name):
        reason = "generic name, of the issuer"
        return Reading(Key(kind, issuer.scope, name), reason, second=second, where=issuer.scope, located=0.7)
    scope = _region(kind, name, issuer.code, issuer) if issuer.code else issuer.scope
    return Reading(Key(kind, scope, name), "proper name in the region", second=second)


Rule = Callable[[EntityType, str, Issuer], tuple[str, str] | None]


def _by_level(kind: EntityType, name: str, issuer: Issuer) -> tuple[str, str] | None:
    level = wording().levels.get(name)
    if level == "city" and issuer.code:
        return urban_area(issuer.code), "a zone of the issuer's city"
    if level == "province" and issuer.code:
        return issuer.code[:2], "a zone of the issuer's province"
    return None


def _by_region_word(kind: EntityType, name: str, issuer: Issuer) -> tuple[str, str] | None:
    if kind in (EntityType.PROJECT, EntityType.POLICY):
        for word, code in wording().region_words.items():
            if word in name and "新疆" not in name:
                return code, "a programme of the whole region"
    return None


def _by_policy(kind: EntityType, name: str, issuer: Issuer) -> tuple[str, str] | None:
    if kind is not EntityType.POLICY:
        return None
    if re.match(r"第\d+个五年规划$", name):
        return issuer.scope, "the issuer's own plan"
    if name.endswith(wording().issued) and not name.startswith(wording().national):
        return issuer.scope, "made by the issuer"
    return "", "a policy known by its name"


def _by_institution(kind: EntityType, name: str, issuer: Issuer) -> tuple[str, str] | None:
    if kind is not EntityType.INSTITUTION:
        return None
    if name.startswith("中国") or (name.endswith(wording().unique) and not is_generic(name)):
        return "", "unique institution"
    if name.endswith(wording().regional) and issuer.code:
        return region_of(issuer.code), "institution of the region"
    return None


def _core_forms(kind: EntityType, name: str) -> str:
    """Return the name with the numbered short forms of schools and lines written out."""
    if kind is EntityType.INSTITUTION:
        name = re.sub(r"^(?:第)?([一二三四五六七八九十]+|\d+)(中|小)(?:学)?$", _school, name)
        name = re.sub(r"^([一二三四五六七八九十]+)(?:医)?院$", r"第\1人民医院", name)
        name = normalise(re.sub(r"^(政府|医院)$", r"人民\1", name))
        name = re.sub(r"^中国-?(?=.{2,}(?:博览会|论坛|峰会)$)", "", name)
        name = re.sub(r"^(\d+)(中学|小学|幼儿园)$", r"第\1\2", name)
    if kind is EntityType.FACILITY:
        name = re.sub(r"^(?:轨道交通)?(?:第)?(\d+)号线(?:线路)?$", r"轨道交通\1号线", name)
        name = re.sub(r"^(?:国道|省道)?([gsxy]\d+)(?:线|公路)?$", r"\1", name)
        name = re.sub(r"^(?:国道(\d+)线?|(\d+)国道)$", lambda m: "g" + (m.group(1) or m.group(2)), name)
    if kind is EntityType.POLICY and (match := _FIVE_YEAR_PLAN.match(name)):
        name = f"第{match.group(1) or numeral(match.group(2))}个五年规划"
    return name


def _school(match: re.Match[str]) -> str:
    number, level = match.groups()
    return normalise(f"第{number}{level}学")
