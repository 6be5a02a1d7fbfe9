"""Named questions: SPARQL files with the question in Chinese and English, and typed parameters.

A file `graph/queries/NAME.rq` begins with comments::

    # zh: {district}发展哪些产业？
    # en: Which industries does {district} develop?
    # cues: +产业|industr 发展|develop
    # param district: district = 米东区 | 政区 | the district

and goes on with a SELECT query that projects each parameter's variable. A parameter without a
default may stay open: its variable then ranges over everything. `cues` are for `graph.matcher`.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions

from extract.errors import QuestionError
from graph.answers import Table, tabled
from graph.posing import paged, posed
from graph.store import GraphStore
from graph.terms import decimal, integer, term
from ontology.schema import EntityType, Kind, Predicate, Status

FOLDER = Path(__file__).with_name("queries")

_ENTITY_TYPES: dict[str, EntityType | None] = {"entity": None} | {t.value.lower(): t for t in EntityType}
_ENUMS: dict[str, tuple[str, ...]] = {
    "status": tuple(Status),
    "kind": tuple(Kind),
    "relation": tuple(Predicate),
    "type": tuple(EntityType),
}
TYPES = ("text", "integer", "decimal", "year", "document", *_ENUMS, *_ENTITY_TYPES)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A blank of a question. `type` is one of `TYPES`; an empty `default` leaves it open."""

    name: str
    type: str
    default: str
    zh: str
    en: str

    def bind(self, value: str, store: GraphStore) -> NamedNode | Literal:
        """Return the term that a person's words stand for; QuestionError says what would fit.

        An entity may be given by a name or by its id, a document by its file's stem.
        """
        value = value.strip()
        if self.type in _ENTITY_TYPES:
            return self._entity(value, store)
        match self.type:
            case "text":
                return Literal(value)
            case "year":
                if not re.fullmatch(r"\d{4}(-\d{4})?", value):
                    raise self._unfit(value, "a year (2025) or a range of years (2021-2025)")
                return Literal(value)
            case "integer" | "decimal":
                return self._number(value)
            case "document":
                return self._document(value, store)
        if value not in _ENUMS[self.type]:
            raise self._unfit(value, "one of " + ", ".join(_ENUMS[self.type]))
        return term(f"plan:{value}")

    def _number(self, value: str) -> Literal:
        try:
            return integer(int(value)) if self.type == "integer" else decimal(Decimal(value))
        except (ValueError, InvalidOperation):
            raise self._unfit(value, "a number") from None

    def _document(self, value: str, store: GraphStore) -> NamedNode:
        answer = store.query("SELECT ?id ?d { ?d a plan:Document ; dcterms:identifier ?id } ORDER BY ?id")
        assert isinstance(answer, Table)
        known = {row[0].value: row[1] for row in answer.rows if isinstance(row[0], Literal)}
        found = known.get(value)
        if not isinstance(found, NamedNode):
            raise self._unfit(value, "a document of the graph: " + ", ".join(known))
        return found

    def _entity(self, value: str, store: GraphStore) -> NamedNode:
        kind = _ENTITY_TYPES[self.type]
        found = store.named(value, kind)
        if not found:  # the same name, written differently
            found = [NamedNode(store.prefixes["id"] + each.id) for each in store.labels.exact(value, kind)]
        if not found and re.fullmatch(r"[a-z]+-[0-9a-f]+", value):
            node = NamedNode(store.prefixes["id"] + value)
            if store.query("SELECT ?e { ?e rdfs:label ?name }", {"e": node}):
                return node
        if len(found) == 1:
            return found[0]
        what = f"a {self.type}" if kind else "an entity"
        if found:
            ids = ", ".join(iri.value.removeprefix(store.prefixes["id"]) for iri in found[:8])
            raise self._unfit(value, f"one {self.type}, and {len(found)} bear this name; give an id: {ids}")
        near = [each.label for each in store.labels.near(value, kind, 5)]
        raise self._unfit(value, f"the name of {what} in the graph" + (f", such as {'、'.join(near)}" if near else ""))

    def _unfit(self, value: str, wanted: str) -> QuestionError:
        return QuestionError(f"{value!r} does not fit the parameter {self.name!r}: it takes {wanted}")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of which a free question holds one. `need` is "+" (must), "-" (must not) or "" (speaks for it)."""

    need: str
    words: tuple[str, ...]

    @classmethod
    def read(cls, group: str) -> "Cue":
        """Return the cue that a group of a `# cues:` line stands for; "_" is a space inside a word group."""
        need = group[0] if group[0] in "+-" else ""
        return cls(need, tuple(word.replace("_", " ").lower() for word in group[len(need) :].split("|") if word))


@dataclass(frozen=True, slots=True)
class Question:
    """A named question. `zh` and `en` hold `{name}` where a parameter's value goes.

    `cues` are the groups of words by which a free question is told to be this one; see `Cue`.
    """

    name: str
    zh: str
    en: str
    parameters: tuple[Parameter, ...]
    sparql: str
    cues: tuple["Cue", ...] = ()

    def values(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the value of every parameter: the given ones over the defaults.

        Raises QuestionError for a parameter that the question does not have.
        """
        given = given or {}
        names = [p.name for p in self.parameters]
        for name in given:
            if name not in names:
                raise QuestionError(
                    f"the question {self.name!r} has no parameter {name!r}; "
                    + (f"it has: {', '.join(names)}" if names else "it has none")
                )
        return {p.name: given.get(p.name, p.default) for p in self.parameters}

    def substitutions(
        self, store: GraphStore, given: Mapping[str, str] | None = None
    ) -> dict[str, NamedNode | Literal]:
        """Return the terms to bind the query's variables to; see `GraphStore.query`."""
        values = self.values(given)
        # An empty text is bound (every name contains it); anything else left empty stays open.
        return {p.name: p.bind(values[p.name], store) for p in self.parameters if values[p.name] or p.type == "text"}

    def results(
        self, store: GraphStore, given: Mapping[str, str] | None = None, limit: int | None = None, offset: int = 0
    ) -> QuerySolutions:
        """Return at most `limit` rows of the answer (None: all), without the first `offset` ones.

        They have the columns of the parameters, too. Kept answers (`GraphStore.answers`) are not computed again.
        """
        values = self.substitutions(store, given)
        query = posed(self.sparql, values)
        kept = store.answers.find(query, values, limit, offset) if store.answers else None
        found = store.results(paged(query, limit, offset), values) if kept is None else kept
        assert isinstance(found, QuerySolutions), "a test asserts that every question is a SELECT"
        return found

    def ask(
        self, store: GraphStore, given: Mapping[str, str] | None = None, limit: int | None = None, offset: int = 0
    ) -> Table:
        """Return the answer, or a page of it, without the columns of the parameters; see `results`.

        Each query names what its parameters range over.
        """
        return tabled(self.results(store, given, limit, offset)).without(frozenset(p.name for p in self.parameters))

    def wording(self, language: str = "zh", given: Mapping[str, str] | None = None) -> str:
        """Return the question in "zh" or "en" with its parameters' values in place (… where open)."""
        filled = {name: value or "…" for name, value in self.values(given).items()}
        return re.sub(r"\{(\w+)\}", lambda m: filled[m[1]], self.zh if language == "zh" else self.en)


@lru_cache(maxsize=1)
def questions() -> dict[str, Question]:
    """Return the named questions by name, in order of their names."""
    return {
        path.stem: read_question(path.stem, path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.rq"))
    }


def question(name: str) -> Question:
    """Return a named question; QuestionError with similar names when there is none."""
    known = questions()
    if name not in known:
        near = difflib.get_close_matches(name, known, 4, 0.4)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise QuestionError(f"there is no question {name!r}{hint} (`plankg examples` lists all)")
    return known[name]


_HEAD = re.compile(r"# (zh|en|cues): (.+)")
_PARAMETER = re.compile(r"# param (\w+): (\w+) = (.*?) \| (.+?) \| (.+)")


def read_question(name: str, text: str) -> Question:
    """Return the question that a file's text holds; QuestionError when its head is not as it should be."""
    wording: dict[str, str] = {}
    parameters = []
    lines = text.splitlines()
    at = 0
    while at < len(lines) and lines[at].startswith("#"):
        if found := _PARAMETER.fullmatch(lines[at]):
            if found[2] not in TYPES:
                raise QuestionError(f"{name}: unknown parameter type {found[2]!r}; known are {', '.join(TYPES)}")
            parameters.append(Parameter(*(part.strip() for part in found.groups())))
        elif found := _HEAD.fullmatch(lines[at]):
            wording[found[1]] = found[2].strip()
        else:
            raise QuestionError(f"{name}: line {at + 1} is no `# zh:`, `# en:`, `# cues:` or `# param`: {lines[at]}")
        at += 1
    if not {"zh", "en"} <= set(wording):
        raise QuestionError(f"{name}: the question must stand in Chinese (# zh:) and English (# en:)")
    cues = tuple(map(Cue.read, wording.get("cues", "").split()))
    sparql = "\n".join(lines[at:]).strip() + "\n"
    return Question(name, wording["zh"], wording["en"], tuple(parameters), sparql, cues)
