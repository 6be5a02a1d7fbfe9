"""A free question in Chinese or English → the named question that it is, and its parameters.

No language model: names of the graph are looked up in the text, and each named question has cue
words (`# cues:` in its file). The best question wins if it is good enough; otherwise none fits.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick_rs

from graph.answers import Table
from graph.questions import Parameter, Question, questions
from graph.store import GraphStore
from ontology.schema import EntityType

_TYPES = {t.value.lower(): t for t in EntityType}
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?:年)?(?:\s*[-—至到]\s*(20\d\d))?")
_NUMBER = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?![\d.]|\s*年)")
_STATUS = {
    "done": r"已建成|已完成|建成的|完成的|已经|\bdone\b|completed|finished",
    "ongoing": r"在建|正在|推进中|进行中|\bongoing\b|under way",
    "planned": r"拟建|规划建设|将建|计划建|待建|新建|\bplanned\b",
    "sought": r"争取|申报|创建|\bsought\b",
}
_CLASSES = {
    EntityType.DISTRICT: r"政区|区县|地名|district",
    EntityType.PARK: r"园区|开发区|\bpark",
    EntityType.PROJECT: r"项目|工程|project",
    EntityType.FACILITY: r"设施|facilit",
    EntityType.INDUSTRY: r"产业|行业|industr",
    EntityType.POLICY: r"政策|polic",
    EntityType.ENTERPRISE: r"企业|公司|enterprise|compan",
    EntityType.INSTITUTION: r"机构|学校|医院|institution",
    EntityType.INDICATOR: r"指标|indicator",
}
_ATTRIBUTES = {"约束性": r"约束性|binding", "预期性": r"预期性|anticipatory"}
# Words that a quoted or left-over piece of text is never made of.
_ORDINARY = re.compile(
    r"共同|同时|多个|多地|几地|普遍|布局|新建|修建|哪些|哪个|哪里|哪几|什么|多少|几个|怎样|怎么|如何|是否|有没有|有哪些|有|的|了|吗|呢|和|与|及|或|在|是|都|各|谁|把|被|"
    r"请问|列出|查询|告诉我|我想知道|地方|区县|政区|发展|培育|建设|实施|推进|从事|支持|证据|依据|情况|进展|类|等|里|中|年|"
    r"产业|行业|政策|战略|项目|工程|园区|设施|企业|公司|机构|指标|文件|规划|目标|数值|名称|含|包括|为"
)
_QUOTED = re.compile(r"[“\"「『‘']([^”\"」』’']{1,20})[”\"」』’']")
# What a text may ask for though the graph has no such name.
_FREE = frozenset({"industry", "policy", "facility"})
_ENOUGH = 2.0


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the graph that stands in the question: where, and the class of what bears it."""

    name: str
    type: EntityType
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """The question that a text was taken for, with the values that were found in the text.

    `values` leaves out what stays at its default. `score` compares matches of the same text only.
    """

    question: Question
    values: Mapping[str, str]
    score: float

    def explain(self, language: str = "zh") -> str:
        """Return one sentence: which question was taken, and with which values."""
        wording = self.question.wording(language, self.values)
        taken = "按此问题回答" if language == "zh" else "Taken as"
        return (
            f"{taken}：{wording}（{self.question.name}）"
            if language == "zh"
            else f"{taken}: {wording} ({self.question.name})"
        )


def match(text: str, store: GraphStore) -> Match | None:
    """Return the named question that `text` asks, or None when none fits well enough."""
    found = candidates(text, store)
    return found[0] if found and found[0].score >= _ENOUGH else None


def candidates(text: str, store: GraphStore, limit: int = 3) -> list[Match]:
    """Return the questions that come nearest to `text`, the best first; they may all be bad."""
    text = text.strip()
    named = names_in(text, store)
    found = [m for q in questions().values() if (m := _try(q, text, named)) is not None]
    return sorted(found, key=lambda m: (-m.score, m.question.name))[:limit]


def _try(question: Question, text: str, named: list[Named]) -> Match | None:
    """Return the match of one question, or None when a cue that it needs is missing."""
    lower = text.lower()
    score = 0.0
    for cue in question.cues:
        hit = any(word in lower for word in cue.words)
        if (cue.need == "+" and not hit) or (cue.need == "-" and hit):
            return None
        score += {"+": 2.0, "-": 0.0, "": 1.0}[cue.need] * hit
    values: dict[str, str] = {}
    left = list(named)
    for parameter in question.parameters:
        value = _value(parameter, text, left)
        if value:
            values[parameter.name] = value
            score += 1.5
        elif parameter.default and (parameter.type in _TYPES or parameter.type == "entity"):
            score -= 2.0  # it would be asked about the default, which nobody named
        elif parameter.type == "text" and parameter.default:
            score -= 1.0
    score -= 0.75 * len({n.name for n in left if n.type not in (EntityType.INDICATOR, EntityType.INDUSTRY)})
    return Match(question, values, score)


def _value(parameter: Parameter, text: str, left: list[Named]) -> str:
    """Return what the text gives for a parameter ("" for nothing) and take the name out of `left`."""
    match parameter.type:
        case "year":
            found = _YEAR.search(text)
            return "-".join(filter(None, found.groups())) if found else ""
        case "integer" | "decimal":
            number = _NUMBER.search(text)
            return number[1] if number and (parameter.type == "decimal" or number[1].isdigit()) else ""
        case "status":
            return _first(_STATUS, text)
        case "type":
            return _first({t.value: pattern for t, pattern in _CLASSES.items()}, text)
        case "text":
            return _first(_ATTRIBUTES, text) if parameter.name == "attribute" else _words(parameter, text, left)
    if parameter.type == "entity" or parameter.type in _TYPES:
        return _take(left, _TYPES.get(parameter.type))
    return ""


def _first(patterns: Mapping[str, str], text: str) -> str:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text, re.IGNORECASE)), "")


def _take(left: list[Named], type: EntityType | None) -> str:
    for found in left:
        if type in (None, found.type):
            left.remove(found)
            return found.name
    return ""


def _words(parameter: Parameter, text: str, left: list[Named]) -> str:
    """Return the words for a name to contain: quoted ones, a name of that class, or what is left over."""
    if quoted := _QUOTED.search(text):
        return quoted[1]
    wanted = _TYPES.get(parameter.name)
    if wanted is not None and (name := _take(left, wanted)):
        return re.sub(r"(?<=..)(?:产业|行业)$", "", name)
    if parameter.name not in _FREE or not parameter.default:
        return ""
    rest = text
    for found in left:
        rest = rest.replace(found.name, " ")
    pieces = [
        p for p in re.split(r"[\s，。？！、,?!.：:]+", _ORDINARY.sub(" ", rest)) if re.fullmatch(r"[一-鿿]{2,10}", p)
    ]
    return max(pieces, key=len, default="")


def names_in(text: str, store: GraphStore) -> list[Named]:
    """Return the graph's names in a text, the longest first at each place, in order of their place."""
    table, automaton = _names(store)
    found = []
    end = 0
    for index, start, stop in automaton.find_matches_as_indexes(text):
        if start >= end:
            name, type = table[index]
            found.append(Named(name, type, start, stop))
            end = stop
    return found


@lru_cache(maxsize=4)
def _names(store: GraphStore) -> tuple[list[tuple[str, EntityType]], ahocorasick_rs.AhoCorasick]:
    """Return the names of a store with their class; a name of several things is the most mentioned one's."""
    answer = store.query(
        "SELECT ?n ?t (COUNT(?m) AS ?c) { ?e rdfs:label|skos:altLabel ?n ; a ?t OPTIONAL { ?m plan:refersTo ?e } } "
        "GROUP BY ?n ?t ORDER BY ?n DESC(?c) ?t"
    )
    assert isinstance(answer, Table)
    classes: dict[str, EntityType] = {}
    for name, type, _ in _rows(answer):
        if type in EntityType.__members__.values() and len(name) >= 2:
            classes.setdefault(name, EntityType(type))
    table = list(classes.items())
    automaton = ahocorasick_rs.AhoCorasick([n for n, _ in table], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return table, automaton


def _rows(answer: Table) -> Iterator[tuple[str, str, int]]:
    for name, type, count in answer:
        yield str(name), str(type).rsplit("#", 1)[-1], int(str(count))
