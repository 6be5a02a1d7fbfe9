"""Answers that were computed once and are kept in a file (SQLite), to be read in pages.

Some questions look at every claim of a graph, or list so many rows that sorting them takes longer
than anybody waits. What they answer changes only with the graph.
"""

import sqlite3
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from threading import Lock

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from extract.errors import GraphFileError

FORMAT = 1
"""Version of the file (SQLite's `user_version`)."""

_TABLES = f"""
CREATE TABLE answers (number INTEGER PRIMARY KEY, asked TEXT NOT NULL UNIQUE, head BLOB NOT NULL);
CREATE TABLE lines (answer INTEGER, place INTEGER, line BLOB NOT NULL, PRIMARY KEY (answer, place)) WITHOUT ROWID;
PRAGMA user_version = {FORMAT};
"""
_PAGE = "SELECT line FROM lines WHERE answer = ? AND place >= ? ORDER BY place LIMIT ?"
_TSV = QueryResultsFormat.TSV

Values = Mapping[str, NamedNode | Literal]


def asked(sparql: str, values: Values) -> str:
    """Return the name of a query with values for its variables: a hash of both.

    >>> asked("SELECT ?d { }", {})[:8]
    'ceff0863'
    """
    parts = [sparql, *(f"{name}={term}" for name, term in sorted(values.items()))]
    return sha256("\0".join(parts).encode()).hexdigest()


class KeptAnswers:
    """Kept answers; several threads may share them. The rows of each are lines of SPARQL's TSV format."""

    def __init__(self, path: Path) -> None:
        """Open the file that `AnswerWriter` wrote, only to be read; GraphFileError when it is none."""
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._db = sqlite3.connect(uri, uri=True, check_same_thread=False)
            version = self._db.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error as error:
            raise GraphFileError(f"{path}: cannot be read as a file of answers ({error}); make it again") from error
        if version != FORMAT:
            self._db.close()
            raise GraphFileError(f"{path}: is no file of answers of this version of plankg; make it again")
        self._lock = Lock()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def find(self, sparql: str, values: Values, limit: int | None = None, offset: int = 0) -> QuerySolutions | None:
        """Return at most `limit` rows of an answer, without the first `offset` ones; None when it is not kept."""
        with self._lock:
            sought = "SELECT number, head FROM answers WHERE asked = ?"
            known = self._db.execute(sought, [asked(sparql, values)]).fetchone()
            if known is None:
                return None
            lines = self._db.execute(_PAGE, [known[0], offset, -1 if limit is None else limit]).fetchall()
        found = parse_query_results(known[1] + b"".join(line for (line,) in lines), format=_TSV)
        assert isinstance(found, QuerySolutions), "only tables are kept"
        return found


class AnswerWriter:
    """Writes a new file of answers; a context manager. GraphFileError when the disk does not take it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db = sqlite3.connect(path)
        self._db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)

    def __enter__(self) -> "AnswerWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def add(self, sparql: str, values: Values, found: QuerySolutions) -> None:
        """Keep the rows of an answer. They go through a file beside this one: memory does not hold them all."""
        spool = self._path.with_name(f"{self._path.name}.rows")
        try:
            found.serialize(str(spool), format=_TSV)
            with spool.open("rb") as file, self._db:
                entry = (asked(sparql, values), next(file))
                number = self._db.execute("INSERT INTO answers (asked, head) VALUES (?, ?)", entry).lastrowid
                rows = ((number, place, line) for place, line in enumerate(file))
                self._db.executemany("INSERT INTO lines VALUES (?, ?, ?)", rows)
        except (OSError, sqlite3.Error) as error:
            raise GraphFileError(f"{self._path}: cannot be written: {error}") from error
        finally:
            spool.unlink(missing_ok=True)


__all__ = ["FORMAT", "AnswerWriter", "KeptAnswers", "Values", "asked"]
