"""How likely two different names of one document mean the same thing, and why.

Each rule scores one pair of names on its own. Names that differ in a number, a direction or a
place named in front are never the same, whatever else speaks for it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from graph.identity import Key
from graph.reading import Reading
from graph.wording import is_generic, wording
from ontology.divisions import lookup
from ontology.schema import EntityType

MERGE = 0.8  # at or above: the same thing; between this and NEAR: shown as a near miss
NEAR = 0.6

_NUMBER = re.compile(r"\d+|[a-z]+")
_TELLING = frozenset(
    "东西南北中上下前后内外左右新老旧大小高低主副省市区县乡镇村州一二三四五六七八九十甲乙丙丁"
    "京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滇黔陇疆港澳台"  # provinces
)
_ZONE_END = re.compile(
    r"(?:开发区|合作区|保税区|示范区|园|新区|新城|片区|基地|市|县|区|镇|乡|村|街道|集团|公司|大学|医院|州)$"
)
_PARK_HEAD = re.compile(r"(工业|产业|创业|科技|物流|示范|农业)?园$")
_PROJECT_HEAD = re.compile(r"(?:建设|改造)?(?:项目|工程)$")
_RANK = re.compile(r"(?:国家|全国|中国|新疆|自治区|[省市区县州])级?")
_PHASE = re.compile(r"(?:[(（]?\d+期[)）]?)+$")
_BUILT = frozenset({EntityType.PARK, EntityType.FACILITY, EntityType.INSTITUTION, EntityType.PROJECT})
# Names of these mean the same only when they are the same.
LISTED = frozenset({EntityType.INDUSTRY, EntityType.INDICATOR})


@dataclass(frozen=True, slots=True)
class Name:
    """All that one document gives for one key: its reading, full normal forms, and how often."""

    reading: Reading
    forms: frozenset[str]
    count: int

    @property
    def key(self) -> Key:
        """Return the key of the reading."""
        return self.reading.key

    @property
    def text(self) -> str:
        """Return the name without its place; of an official division its official name."""
        return self.reading.division.name if self.reading.division else self.key.name


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, 0..1, and the rule that says so."""

    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the document knows besides the two names: names of places and bodies, definitions.

    `definitions` maps a short form to the full form that the text defines it for, `weights` says how
    often a name (a park's without its class word) stands in the text, however it is written out.
    """

    holders: frozenset[str]
    definitions: Mapping[str, str]
    weights: Mapping[str, int]


def likeness(one: Name, other: Name, around: Surroundings) -> Likeness | None:
    """Return how alike two names of the same type are, or None when nothing speaks for it.

    The result does not depend on the order of the two names.
    """
    if one.key.type is not other.key.type or one.key.type in LISTED:
        return None
    short, long = sorted((one, other), key=lambda n: (len(n.key.name), n.key))
    found = [result for rule in _RULES if (result := rule(short, long, around))]
    return max(found, key=lambda r: (r.score, r.reason), default=None)


def _defined(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    for one, other in ((short, long), (long, short)):
        if any(around.definitions.get(form) in other.forms for form in one.forms):
            return Likeness(1.0, "the text defines the short form")
    return None


def _second_name(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    for one, other in ((short, long), (long, short)):
        if one.reading.second and one.reading.second in other.forms:
            return Likeness(0.98, "second name in brackets")
    return None


def _same_core(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score one name with and without its place: 伊宁市X in the city, X in the region."""
    one, other = short.key, long.key
    if one.name != other.name or one.scope == other.scope:
        return None
    places = (short.reading.place, long.reading.place)
    if all(places) and places[0] != places[1] and one.type in (EntityType.INSTITUTION, EntityType.POLICY):
        return Likeness(0.6, "the same body or paper of another place")
    if one.scope.startswith(other.scope) or other.scope.startswith(one.scope):
        generic = is_generic(one.name) and one.type is not EntityType.DISTRICT
        score = 0.7 if generic else 0.95
        return Likeness(score, "same name in a wider place")
    return Likeness(0.6, "same name in another place")


def _tail(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score a name that is the end of a longer one, whose beginning names who or where it belongs to."""
    if not _places_agree(short, long):
        return None
    best: Likeness | None = None
    for tail in sorted(short.forms):
        for whole in sorted(long.forms):
            if len(tail) < 3 or len(whole) <= len(tail) + 1 or not whole.endswith(tail):
                continue
            found = _judge_tail(whole[: -len(tail)], tail, short, around)
            if best is None or found.score > best.score:
                best = found
    return best


def _judge_tail(front: str, tail: str, short: Name, around: Surroundings) -> Likeness:
    kind = short.key.type
    division = bool(lookup(front))
    if kind is EntityType.POLICY and (not division or _RANK.fullmatch(front)):
        return Likeness(0.65, f"{front} may make it another one")
    holder = front in around.holders or division or bool(_ZONE_END.search(front) and len(front) >= 3)
    if not holder:
        return Likeness(0.65, f"end of the longer name, but {front} names no holder")
    if kind is EntityType.DISTRICT:
        return Likeness(0.9, f"the same place without {front}")
    if is_generic(tail) and (division or len(tail) < 4):
        return Likeness(0.6, f"{tail} alone may be another one than that of {front}")
    return Likeness(0.9, f"short for the name with {front}")


def _places_agree(short: Name, long: Name) -> bool:
    one, other = short.reading.place, long.reading.place
    return not (one and other) or one.code.startswith(other.code) or other.code.startswith(one.code)


def stem_of(key: Key) -> str:
    """Return what remains of a park's or project's name without its class word ("" if too little)."""
    if key.type is EntityType.PARK and (match := _PARK_HEAD.search(key.name)):
        stem = key.name[: match.start()]
        return stem if len(stem) >= 2 else ""
    if key.type is EntityType.PROJECT:
        stem = _PROJECT_HEAD.sub("", key.name)
        return stem if len(stem) >= 4 and stem != key.name else ""
    return ""


def _park_head(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score 化工园 and 化工工业园: the same stem, one with the bare class word."""
    if short.key.type is not EntityType.PARK or short.key.scope != long.key.scope:
        return None
    stem = stem_of(short.key)
    if not stem or stem != stem_of(long.key):
        return None
    kinds = {match.group(1) for n in (short, long) if (match := _PARK_HEAD.search(n.key.name))}
    if None in kinds:
        return Likeness(0.9, "the same park with its class word shortened")
    return Likeness(0.85 if kinds <= {"工业", "产业"} else 0.7, "the same park with another class word")


def skeleton(name: Name) -> str:
    """Return the name without place in front, words often left out, and kind of park."""
    text = name.text
    if name.key.type is EntityType.PARK:
        text = _PARK_HEAD.sub("园", text)
    for length in range(min(len(text) - 2, 6), 1, -1):
        if lookup(text[:length]):
            text = text[length:]
            break
    return wording().optional.sub("", text)


def _left_out(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score names that differ in words often left out: 苜蓿台景区 and 苜蓿台旅游景区."""
    if short.key.type not in _BUILT or short.text == long.text or not _nested(short.key.scope, long.key.scope):
        return None
    bones = skeleton(short)
    if bones != skeleton(long) or len(bones) < 4 or _numbers(short) != _numbers(long):
        return None
    return Likeness(0.7 if is_generic(bones) else 0.85, "differ in words often left out")


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _class_left_out(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score a park's name without its class word: 苏拉宫 and 苏拉宫工业园."""
    one, other = short.key.name, long.key.name
    if short.key.type is not EntityType.PARK or short.key.scope != long.key.scope or len(one) < 3:
        return None
    if other.startswith(one) and _PARK_HEAD.fullmatch(other[len(one) :]) and not is_generic(one):
        return Likeness(0.88, "the same park without its class word")
    return None


def _project_head(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score X项目 and X工程."""
    if short.key.type is not EntityType.PROJECT or short.key.scope != long.key.scope:
        return None
    stem = stem_of(short.key)
    if stem and stem == stem_of(long.key):
        return Likeness(0.85, "the same works, called 项目 or 工程")
    return None


def _company(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score a company's short name: 华泰 and 华泰重化工, 新疆X and X, 乌石化 and 乌鲁木齐石化."""
    if short.key.type is not EntityType.ENTERPRISE:
        return None
    one, other = short.key.name, long.key.name
    if is_generic(one) or len(one) < 2 or one == other:
        return None
    if other.startswith(one):
        trade = is_generic(other[len(one) :])
        return Likeness(0.9 if trade else 0.6, "a company's name without its trade" if trade else "begins alike")
    if other.endswith(one) and lookup(other[: -len(one)]):
        return Likeness(0.9, "a company's name without its place")
    place = other.removesuffix(one[1:])
    if len(one) >= 3 and place != other and place[:1] == one[0] and lookup(place):
        return Likeness(0.88, f"a company's name with {one[0]} for {place}")
    return None


def _misprint(short: Name, long: Name, around: Surroundings) -> Likeness | None:
    """Score two long names that differ in one character, of which the rarer stands only once or twice."""
    one, other = bare_of(short), bare_of(long)
    written = sorted((len(short.text), len(long.text)))
    if not _nested(short.key.scope, long.key.scope) or min(len(one), len(other)) < 3 or written[1] < 5:
        return None
    if Levenshtein.distance(one, other, score_cutoff=1) != 1:
        return None
    changed = {char for op in Levenshtein.editops(one, other) for char in _touched(op, one, other)}
    if changed & _TELLING or any(char.isdigit() or char.isascii() for char in changed):
        return Likeness(0.6, "one telling character apart")
    if short.key.scope != long.key.scope:
        return Likeness(0.68, "one character apart, in a wider place")
    rare, common = sorted((around.weights.get(one, short.count), around.weights.get(other, long.count)))
    letters = "".join(sorted(changed))
    doubtful = (
        short.key.type is EntityType.DISTRICT or len(one) != len(other) or (is_generic(one) and is_generic(other))
    )
    if doubtful or rare > 1 or common < 3:
        return Likeness(0.7, f"one character apart ({letters})")
    return Likeness(0.82, f"misprint of one character ({letters})")


def bare_of(name: Name) -> str:
    """Return a park's stem, else the whole name; misprints are looked for in it."""
    return _PARK_HEAD.sub("", name.text) if name.key.type is EntityType.PARK else name.text


def _touched(op: object, one: str, other: str) -> str:
    tag, source, target = op.tag, op.src_pos, op.dest_pos  # type: ignore[attr-defined]
    return (one[source] if tag != "insert" else "") + (other[target] if tag != "delete" else "")


_RULES: tuple[Callable[[Name, Name, Surroundings], Likeness | None], ...] = (
    _defined,
    _second_name,
    _same_core,
    _tail,
    _left_out,
    _class_left_out,
    _park_head,
    _project_head,
    _company,
    _misprint,
)


def conflict(one: Name, other: Name) -> str:
    """Return why two names can never mean one thing ("" if nothing forbids it)."""
    if one.key.type is not other.key.type:
        return "different types"
    a, b = one.reading.division, other.reading.division
    if a and b and a.code != b.code:
        return "two official divisions"
    if not _places_agree(one, other):
        return "different places named in front"
    numbers = [_numbers(n) for n in (one, other)]
    if numbers[0] and numbers[1] and not (numbers[0] <= numbers[1] or numbers[1] <= numbers[0]):
        return "different numbers"
    if [bool(_PHASE.search(n.key.name)) for n in (one, other)].count(True) == 1:
        return "only one is a phase"
    return ""


def _numbers(name: Name) -> frozenset[str]:
    return frozenset(_NUMBER.findall(name.key.name))
