"""The whole graph as one JSON file, from which it is read back exactly.

Written from the fields of the model's dataclasses, so that a new field needs no change here;
fields that hold their default are left out. Document texts stay in their own files: a quote is
re-sliced from them, and a text that has changed is refused.
"""

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from extract.errors import FolderError
from extract.span import Span
from graph.model import KnowledgeGraph, Quote, Source
from output.files import replacing

GRAPH_FILE = "graph.json"
TEXT_FOLDER = "text"
FORMAT = 1

_Decode = Callable[[Any], Any]
_Fields = Mapping[str, _Decode]
# Left out of the file, because the texts beside it hold them.
_JSON = frozenset({str, int, float, bool, type(None)})
_FROM_TEXT = {Source: "raw", Quote: "exact"}


def snapshot(kg: KnowledgeGraph) -> str:
    """Return the graph as JSON with one line per entity, claim, observation and document.

    The same graph gives the same text. Document texts are not in it (see `read_graph`).
    """
    return "".join(_pieces(kg))


def write_snapshot(kg: KnowledgeGraph, path: Path) -> None:
    """Write `snapshot(kg)`, line by line."""
    with replacing(path) as file:
        file.writelines(piece.encode() for piece in _pieces(kg))


def _pieces(kg: KnowledgeGraph) -> Iterator[str]:
    yield f'{{\n"format": {FORMAT}'
    for field in dataclasses.fields(kg):
        value = getattr(kg, field.name)
        yield f',\n"{field.name}": '
        if isinstance(value, tuple):
            for number, item in enumerate(value):
                yield f"{',' if number else '['}\n{_line(_plain(item))}"
            yield "\n]" if value else "[]"
        else:
            yield _line(_plain(value))
    yield "\n}\n"


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    """Return a model value as JSON has it: spans as pairs, fields at their default left out."""
    match value:
        case Span(start, end):
            return [start, end]
        case tuple():
            return [_plain(item) for item in value]
        case date():
            return value.isoformat()
        case Enum():
            return value.value
    kind: Any = type(value)
    fields = _fields(kind)
    if fields is None:
        return value
    kept = {}
    for name, default in fields:
        item = getattr(value, name)
        if item != default:
            kept[name] = item if type(item) in _JSON else _plain(item)
    return kept


@lru_cache(maxsize=256)
def _fields(kind: type) -> tuple[tuple[str, Any], ...] | None:
    """Return the written fields of a dataclass with their defaults, None when it is no dataclass."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple((f.name, f.default) for f in dataclasses.fields(kind) if f.name != _FROM_TEXT.get(kind))


def read_graph(folder: Path) -> KnowledgeGraph:
    """Return the graph that a build has written into `folder`.

    Raises:
        FolderError: there is no built graph, it is of another format version or damaged, or a
            document text has changed since the build.
    """
    path = folder / GRAPH_FILE
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise FolderError(f"{folder} holds no built graph; run `plankg build -o {folder}` first") from error
    except (ValueError, RecursionError) as error:
        raise FolderError(f"{path} is damaged ({error}); build the graph again") from error
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise FolderError(f"{path} was written by another version of plankg; build the graph again")
    try:
        texts = {source["id"]: _text(folder, source["id"], source["sha256"]) for source in data["sources"]}
        return typing.cast(KnowledgeGraph, _Reader(texts).read(KnowledgeGraph)(data))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FolderError(f"{path} is damaged ({type(error).__name__}: {error}); build the graph again") from error


def _text(folder: Path, id: str, sha256: str) -> str:
    """Return a document's canonical text, checked against its hash."""
    if Path(id).name != id:
        raise ValueError(f"{id!r} is no document name")
    path = folder / TEXT_FOLDER / f"{id}.txt"
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise FolderError(f"{path} is missing, the graph's quotes point into it; build the graph again") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise FolderError(f"{path} has changed since the graph was built; put it back or build the graph again")
    return data.decode("utf-8")


class _Reader:
    """Makes for each type of the model a function from JSON to a value of it."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self.read = lru_cache(maxsize=None)(self._read)

    def _read(self, kind: Any) -> _Decode:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is tuple:
            item = self.read(arguments[0])
            return lambda value: tuple(map(item, value))
        if origin in (types.UnionType, typing.Union):
            inner = self.read(next(a for a in arguments if a is not type(None)))
            return lambda value: None if value is None else inner(value)
        if kind is Span:
            return lambda value: Span(*value)
        if kind is date:
            return date.fromisoformat
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind)
        if issubclass(kind, Enum):
            return typing.cast(_Decode, kind)
        return _checked(kind)

    def _dataclass(self, kind: Any) -> _Decode:
        hints = typing.get_type_hints(kind)
        fields = {field.name: self.read(hints[field.name]) for field in dataclasses.fields(kind)}

        def decode(value: dict[str, Any]) -> Any:
            return kind(**{name: fields[name](item) for name, item in value.items()})

        def quote(value: dict[str, Any]) -> Any:
            start, end = value["span"]
            return decode(value | {"exact": self._texts[value["doc"]][start:end]})

        def source(value: dict[str, Any]) -> Any:
            return decode(value | {"raw": self._texts[value["id"]]})

        return quote if kind is Quote else source if kind is Source else decode


def _checked(kind: type) -> _Decode:
    accepted = (int, float) if kind is float else (kind,)

    def decode(value: Any) -> Any:
        if not isinstance(value, accepted):
            raise TypeError(f"{value!r} should be of type {kind.__name__}")
        return value

    return decode
