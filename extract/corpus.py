"""`corpus.toml`: what is known of the documents in a folder, better than their text tells.

::

    licence = "https://creativecommons.org/licenses/by/4.0/"  # of the graph that is made from these; an IRI

    [[document]]
    file = "midong-plan-14.txt"      # the only key that must be there
    title = "…"
    kind = "five-year plan"          # or "government work report", "other"
    district = "米东区"
    code = "650109"                  # GB/T 2260
    adopted = 2021-01-07
    period = "2021-2025"
    issuer = "…"
    sha256 = "edc856aa…"             # of the file's bytes; checked before reading
"""

import re
import tomllib
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from pathlib import Path

from extract.document import DocumentKind, DocumentMeta
from extract.errors import CorpusError

CORPUS_FILE = "corpus.toml"
_MAX_BYTES = 1_000_000
_LICENCE = re.compile(r"https?://[^\s<>\"{}|\\^`\[\]\x00-\x20]+")
_PATTERNS = {
    "code": (re.compile(r"\d{6}|\d{9}"), 'six or nine digits, such as "650109"'),
    "period": (re.compile(r"\d{4}(?:-\d{4})?"), 'a year or two, such as "2021-2025"'),
    "sha256": (re.compile(r"[0-9a-f]{64}"), "64 hexadecimal digits"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What `corpus.toml` says of one document; None and "" leave what the text says."""

    title: str = ""
    kind: DocumentKind | None = None
    district: str = ""
    code: str = ""
    adopted: date | None = None
    period: str = ""
    issuer: str = ""
    sha256: str = ""

    def applied(self, meta: DocumentMeta) -> DocumentMeta:
        """Return the metadata with what this entry says put over it."""
        given = {
            field.name: getattr(self, field.name)
            for field in fields(self)
            if field.name != "sha256" and getattr(self, field.name)
        }
        return replace(meta, **given)


_KEYS = {field.name for field in fields(Entry)} | {"file"}


def read_licence(path: Path) -> str:
    """Return the IRI of the licence that a `corpus.toml` states; "" when it states none, or is not there.

    Raises `CorpusError` when it is no IRI of the web.
    """
    licence = _table(path).get("licence", "")
    return checked_licence(licence, f"{path}: licence") if licence != "" else ""


def checked_licence(licence: object, where: str) -> str:
    """Return a licence's IRI; `CorpusError` that begins with `where` when it is none."""
    if not isinstance(licence, str) or not _LICENCE.fullmatch(licence):
        example = "https://creativecommons.org/licenses/by/4.0/"
        raise CorpusError(f"{where} must be the IRI of a licence, such as {example}, not {licence!r}")
    return licence


def _table(path: Path) -> dict[str, object]:
    """Return a `corpus.toml` as it stands there; an empty table when there is no such file."""
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise CorpusError(f"{path}: cannot be opened ({error.strerror})") from None
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CorpusError(f"{path}: is not valid TOML ({error})") from None
    except RecursionError:
        raise CorpusError(f"{path}: is not valid TOML (nested too deeply)") from None


def read_corpus(path: Path) -> dict[str, Entry]:
    """Return the entries of a `corpus.toml` by file name; none when there is no such file.

    Raises `CorpusError` that says which key of which document is wrong.
    """
    documents = _table(path).get("document", [])
    if not isinstance(documents, list) or not all(isinstance(item, dict) for item in documents):
        raise CorpusError(f"{path}: documents are listed as [[document]] tables")
    entries: dict[str, Entry] = {}
    for item in documents:
        name = item.get("file")
        if not isinstance(name, str) or not name or Path(name).name != name:
            raise CorpusError(f"{path}: each [[document]] needs file = the name of a file in the same folder")
        if name in entries:
            raise CorpusError(f"{path}: {name} is listed twice")
        entries[name] = _entry(item, f"{path}: {name}")
    return entries


def _entry(item: dict[str, object], where: str) -> Entry:
    unknown = sorted(set(item) - _KEYS)
    if unknown:
        raise CorpusError(f"{where}: unknown key {unknown[0]!r}; allowed are {', '.join(sorted(_KEYS))}")
    texts = {}
    for key in ("title", "district", "code", "period", "issuer", "sha256"):
        value = item.get(key, "")
        if not isinstance(value, str):
            raise CorpusError(f"{where}: {key} must be a text in quotes, not {value!r}")
        pattern, form = _PATTERNS.get(key, (None, ""))
        if value and pattern is not None and not pattern.fullmatch(value):
            raise CorpusError(f"{where}: {key} must be {form}, not {value!r}")
        texts[key] = value
    return Entry(**texts, kind=_kind(item.get("kind"), where), adopted=_date(item.get("adopted"), where))


def _kind(value: object, where: str) -> DocumentKind | None:
    if value is None:
        return None
    kinds = [kind.value for kind in DocumentKind]
    if not isinstance(value, str) or value not in kinds:
        raise CorpusError(f"{where}: kind must be one of {', '.join(map(repr, kinds))}, not {value!r}")
    return DocumentKind(value)


def _date(value: object, where: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise CorpusError(f"{where}: adopted must be a date such as 2021-01-07 (without quotes), not {value!r}")
