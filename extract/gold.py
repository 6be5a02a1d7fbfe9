"""Gold passages: pieces of documents with every mention, fact and observation written by hand.

The format is one JSON object a line with the keys `id doc start end text entities facts
observations`; offsets are code points of the document's raw text, facts and observations name
their mentions by surface or `@doc`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from extract.errors import GoldError
from extract.span import Span
from ontology.schema import EntityType, Kind, Predicate, Status

DOC = "@doc"  # the document's own district


class GoldMention(NamedTuple):
    """A labelled span `[start, end)` of the raw text."""

    start: int
    end: int
    type: str


class GoldFact(NamedTuple):
    """A labelled relation; sides are surfaces or `@doc`, `status` is "" where there is none."""

    predicate: str
    subject: str
    object: str
    status: str


class GoldObservation(NamedTuple):
    """A labelled figure; `subject` is a surface or `@doc`, `value` in the guide's notation."""

    subject: str
    indicator: str
    value: str
    unit: str
    period: str
    kind: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One annotated piece `[start, end)` of document `doc`; `text` are its raw characters."""

    id: str
    doc: str
    start: int
    end: int
    text: str
    mentions: tuple[GoldMention, ...]
    facts: tuple[GoldFact, ...]
    observations: tuple[GoldObservation, ...]

    @property
    def span(self) -> Span:
        """Return where the passage lies in the raw text."""
        return Span(self.start, self.end)


def read_passages(path: Path) -> list[Passage]:
    """Return the passages of a gold file.

    Raises:
        GoldError: a line is no passage; the message names file, line and what is wrong.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise GoldError(f"{path} cannot be read as a gold file ({error}); give a UTF-8 JSONL file") from error
    passages = list(parse_passages(lines, str(path)))
    if not passages:
        raise GoldError(f"{path} holds no passages; each line must be one annotated passage as a JSON object")
    return passages


def parse_passages(lines: Iterable[str], name: str = "gold") -> Iterator[Passage]:
    """Yield a passage for each non-empty line; `name` stands for the file in error messages."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            yield _passage(json.loads(line))
        except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise GoldError(
                f"{name}, line {number} is no gold passage: {what}; needed are "
                "id, doc, start, end, text, entities, facts and observations"
            ) from error


def _passage(data: dict[str, Any]) -> Passage:
    """Return the passage of one decoded line; raises KeyError, TypeError or ValueError."""
    start, end, text = int(data["start"]), int(data["end"]), str(data["text"])
    if not 0 <= start <= end or len(text) != end - start:
        raise ValueError(f"text has {len(text)} characters, but start and end are {start} and {end}")
    mentions = tuple(GoldMention(int(m["start"]), int(m["end"]), EntityType(m["type"]).value) for m in data["entities"])
    for mention in mentions:
        if not start <= mention.start < mention.end <= end:
            raise ValueError(f"the mention {mention.start}..{mention.end} lies outside {start}..{end}")
    return Passage(
        id=str(data.get("id") or f"{data['doc']}-{start}"),
        doc=str(data["doc"]),
        start=start,
        end=end,
        text=text,
        mentions=mentions,
        facts=tuple(
            GoldFact(Predicate(f["predicate"]).value, str(f["subject"]), str(f["object"]), _status(f.get("status")))
            for f in data["facts"]
        ),
        observations=tuple(
            GoldObservation(
                str(o["subject"]),
                str(o["indicator"]),
                str(o["value"]),
                o.get("unit") or "",
                o.get("period") or "",
                Kind(o["kind"]).value if o.get("kind") else "",
            )
            for o in data["observations"]
        ),
    )


def _status(value: str | None) -> str:
    return Status(value).value if value else ""
