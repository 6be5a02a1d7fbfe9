"""An index of names: what is called so, contains these characters, or sounds like these letters.

SQLite's FTS5 finds words, and Chinese names have none: trigrams miss names of two characters, word
lists cut names in the wrong place. Here every character is a token, and what is searched is a
phrase of them. A token is the character's code in hexadecimal, so that no character of a name or a
query means anything to the tokenizer or to the query language of FTS5.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from extract.errors import GraphFileError
from graph.names import normalise
from graph.pinyin import pinyin
from ontology.schema import EntityType

if TYPE_CHECKING:
    from graph.model import KnowledgeGraph

FORMAT = 1
"""Version of the file that `LabelIndex.save` writes (SQLite's `user_version`)."""

GRADES = ("exact", "begins", "contains", "pinyin")
"""How a name was found, the best first."""

_LONGEST = 200  # characters of a query that count
_MOST_WORDS = 16
_ALIKE = 40  # of 100, below which two names do not look alike
_LETTERS = re.compile(r"[a-z0-9]*[a-z][a-z0-9]*")

_TABLES = f"""
CREATE TABLE labels (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, name TEXT NOT NULL,
    label TEXT NOT NULL, characters TEXT NOT NULL, alias INTEGER NOT NULL, weight INTEGER NOT NULL
);
CREATE INDEX labels_characters ON labels (characters);
CREATE INDEX labels_id ON labels (id);
CREATE VIRTUAL TABLE phrases USING fts5 (characters, written, content='', tokenize='ascii');
PRAGMA user_version = {FORMAT};
"""
# Made when letters are first searched: the dictionary of readings takes longer to load than all else.
_SOUNDS = "CREATE VIRTUAL TABLE sounds USING fts5 (initials, readings, content='', tokenize='ascii');"
_COLUMNS = "number, id, type, name, label"  # `number` is in order of `_rows`, which is that of rowids in FTS5
_Row = tuple[str, str, str, str, str, int, int]


@dataclass(frozen=True, slots=True)
class Bearer:
    """A thing with its names: `weight` is how often it is mentioned."""

    id: str
    type: EntityType
    name: str
    aliases: tuple[Any, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An entity (id, type, name) that a search found by `label`, one of its names; `how` is one of `GRADES`.

    `how` is "alike" where the label only looks like what was searched.
    """

    id: str
    type: EntityType
    name: str
    label: str
    how: str


class LabelIndex:
    """Names to search, of one graph; several threads may share one.

    >>> park = Bearer("park-1", EntityType.PARK, "米东化工工业园", ("化工工业园",), 3)
    >>> index = LabelIndex([park, Bearer("district-1", EntityType.DISTRICT, "米东区")])
    >>> [(found.name, found.how) for found in index.search("米东")]
    [('米东化工工业园', 'begins'), ('米东区', 'begins')]
    >>> [(found.name, found.how) for found in index.search("mdq")]
    [('米东区', 'pinyin')]
    """

    def __init__(self, bearers: Iterable[Bearer]) -> None:
        self._open(sqlite3.connect(":memory:", check_same_thread=False))
        self._db.executescript(_TABLES)
        rows = list(enumerate(_rows(bearers), 1))
        self._db.executemany("INSERT INTO labels VALUES (?, ?, ?, ?, ?, ?, ?, ?)", ((n, *row) for n, row in rows))
        phrases = ((n, row[4], _if_other(_tokens(_written(row[3])), row[4])) for n, row in rows)
        self._db.executemany("INSERT INTO phrases (rowid, characters, written) VALUES (?, ?, ?)", phrases)
        self._db.commit()

    @classmethod
    def of(cls, kg: "KnowledgeGraph") -> "LabelIndex":
        """Return the index of a graph's entities; see `KnowledgeGraph.labels` for one that is kept."""
        return cls(Bearer(e.id, e.type, e.name, e.aliases, len(e.occurrences)) for e in kg.entities)

    @classmethod
    def load(cls, path: Path) -> "LabelIndex":
        """Return the index that `save` wrote, read into memory.

        Raises GraphFileError when the file is missing, damaged or of another version.
        """
        if not path.is_file():
            raise GraphFileError(f"{path}: no such index of names; write one with LabelIndex.save")
        index = cls.__new__(cls)
        index._open(sqlite3.connect(":memory:", check_same_thread=False))
        try:
            with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as file:
                file.backup(index._db)
            version = index._db.execute("PRAGMA user_version").fetchone()[0]
            if version != FORMAT:
                raise GraphFileError(f"{path}: is no index of names of this version of plankg; write it again")
            index._db.execute(
                f"SELECT {_COLUMNS}, alias, weight FROM labels JOIN phrases ON number = phrases.rowid LIMIT 1"
            ).fetchall()
        except sqlite3.Error as error:
            raise GraphFileError(f"{path}: cannot be read as an index of names ({error}); write it again") from error
        return index

    def save(self, path: Path) -> None:
        """Write the index into one file (SQLite), with the readings; an existing file is replaced."""
        with self._lock:
            self._with_sounds()
            partial = path.with_name(f".{path.name}.partial")
            partial.unlink(missing_ok=True)
            try:
                with closing(sqlite3.connect(partial)) as file:
                    self._db.backup(file)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)

    def exact(self, name: str, type: EntityType | None = None) -> tuple[Found, ...]:
        """Return what bears the name, however it is written, or has this id; the most mentioned first."""
        characters = _tokens(normalise(name))
        where, values = ("characters = ?", [characters]) if characters else ("0", [])
        sql = f"SELECT {_COLUMNS} FROM labels WHERE (({where}) OR id = ?){_typed(type)}"
        rows = self._fetch(f"{sql} ORDER BY -weight, length(name), id", [*values, _storable(name)])
        return tuple(_once(_found(row, "exact") for row in rows))

    def search(self, words: str, type: EntityType | None = None, limit: int = 20) -> tuple[Found, ...]:
        """Return at most `limit` entities with a name that is, begins with or contains the words.

        Words between spaces may stand apart in the name. Words in Latin letters are searched as
        pinyin, too: initials ("mdq") or whole ("midong"). The best grade first, then the most
        mentioned, then main names before aliases; the same graph and words always give the same.
        """
        words = words[:_LONGEST]
        whole = normalise(words)
        if not whole or limit < 1:
            return ()
        found: dict[str, Found] = {}
        for how, sql, sought in self._steps(words, whole):
            with self._lock:
                if how == "pinyin":
                    self._with_sounds()
                for row in self._db.execute(f"{sql}{_typed(type)} ORDER BY 1", [sought]):
                    found.setdefault(row[1], _found(row, how))
                    if len(found) == limit:
                        return tuple(found.values())
        return tuple(found.values())

    def near(self, words: str, type: EntityType | None = None, limit: int = 8) -> tuple[Found, ...]:
        """Return what `search` finds, and behind it names that look alike, the nearest first."""
        from rapidfuzz import fuzz, process

        found = list(self.search(words, type, limit))
        whole = normalise(words[:_LONGEST])
        if len(found) < limit and whole:
            known = {each.id for each in found}
            rows = self._fetch(f"SELECT {_COLUMNS} FROM labels WHERE alias = 0{_typed(type)} ORDER BY id", [])
            rest = [row for row in rows if row[1] not in known]
            names = [normalise(row[3]) for row in rest]
            alike = process.extract(whole, names, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=limit)
            found += [_found(rest[index], "alike") for _, _, index in alike]
        return tuple(found[:limit])

    def _steps(self, words: str, whole: str) -> Iterator[tuple[str, str, str]]:
        """Yield the grade, the SQL and its value for each step of a search, the best grade first."""
        phrases = f"SELECT {_COLUMNS} FROM phrases JOIN labels ON number = phrases.rowid WHERE phrases MATCH ?"
        yield "exact", f"SELECT {_COLUMNS} FROM labels WHERE characters = ?", _tokens(whole)
        yield "begins", phrases, _either(words, begin=True)
        yield "contains", phrases, _either(words)
        parts = [part for part in words.split()[:_MOST_WORDS] if normalise(part)]
        if len(parts) > 1:
            yield "contains", phrases, " AND ".join(f"({_either(part)})" for part in parts)
        if _LETTERS.fullmatch(whole):
            phrase = _phrase(whole)
            sounds = f"SELECT {_COLUMNS} FROM sounds JOIN labels ON number = sounds.rowid WHERE sounds MATCH ?"
            for sought in (f"initials : ^{phrase}", f"readings : ^{phrase}", f"initials : {phrase}"):
                yield "pinyin", sounds, sought

    def _with_sounds(self) -> None:
        made = self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'sounds'").fetchone()
        if made:
            return
        self._db.execute(_SOUNDS)
        rows = self._db.execute("SELECT number, label FROM labels ORDER BY number").fetchall()
        spoken = ((number, *map(_tokens, pinyin(label))) for number, label in rows)
        self._db.executemany("INSERT INTO sounds (rowid, initials, readings) VALUES (?, ?, ?)", spoken)
        self._db.commit()

    def _open(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._lock = Lock()

    def _fetch(self, sql: str, values: list[object]) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def _rows(bearers: Iterable[Bearer]) -> list[_Row]:
    """Return the rows of the table of labels in the order in which a search gives them."""
    rows: list[_Row] = []
    for bearer in bearers:
        for alias, label in enumerate(dict.fromkeys((bearer.name, *bearer.aliases))):
            names = (_storable(bearer.name), _storable(label))
            rest = (_tokens(normalise(label)), int(alias > 0), bearer.weight)
            rows.append((_storable(bearer.id), bearer.type.value, *names, *rest))
    return sorted(rows, key=lambda row: (-row[6], row[5], len(row[3]), row[0], row[3]))


def _tokens(text: str) -> str:
    """Return the characters as tokens: their codes in hexadecimal, between spaces."""
    return " ".join(f"{ord(character):x}" for character in text)


def _written(text: str) -> str:
    """Return a name as it is written, where `normalise` changes its numerals: 三中 is in 第三中学."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _if_other(tokens: str, known: str) -> str:
    return "" if tokens == known else tokens


def _either(words: str, begin: bool = False) -> str:
    """Return the FTS5 query for words in their normal form, or as they are written if that differs."""
    forms = dict.fromkeys((normalise(words), _written(words)))
    return " OR ".join(f"{'^' * begin}{_phrase(form)}" for form in forms)


def _phrase(text: str) -> str:
    return f'"{_tokens(text)}"'


def _storable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _typed(type: EntityType | None) -> str:
    return f" AND type = '{type.value}'" if type else ""  # of an enum: never a user's text


def _found(row: tuple[Any, ...], how: str) -> Found:
    return Found(row[1], EntityType(row[2]), row[3], row[4], how)


def _once(found: Iterable[Found]) -> list[Found]:
    """Return each entity as it was found first."""
    first: dict[str, Found] = {}
    for each in found:
        first.setdefault(each.id, each)
    return list(first.values())
