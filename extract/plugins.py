"""Models that others install: callables that name the mentions of one sentence (docs/plugins.md).

A plug-in is an entry point of the group `plankg.models`. Nothing it says is believed: a mention
enters only if its characters stand in the sentence and its type is one of ours.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from itertools import islice
from numbers import Integral, Real
from typing import Any

from extract.constraints import constrain
from extract.document import Document
from extract.draft import Draft, placed
from extract.errors import PluginError
from extract.extraction import Mention
from extract.folding import fold
from ontology.schema import EntityType

GROUP = "plankg.models"
Model = Callable[[str], Iterable[Mapping[str, Any]]]

_PER_SENTENCE = 10_000  # more answers than this for one sentence never end
_TYPES = frozenset(EntityType)


@dataclass(frozen=True, slots=True)
class Plugin:
    """An installed model: its name, the distribution that brings it ("parks 1.2"), the callable."""

    name: str
    origin: str
    model: Model

    @property
    def key(self) -> str:
        """Return what tells its extractions from those of others, and of its other versions."""
        return f"model:{self.name} of {self.origin}"


def installed() -> tuple[str, ...]:
    """Return the names of the installed plug-in models, sorted."""
    return tuple(sorted({entry.name for entry in entry_points(group=GROUP)}))


def load_plugin(name: str) -> Plugin | None:
    """Return the installed model of that name; None if there is none.

    Raises PluginError when several distributions bring one of that name, or it cannot be loaded.
    """
    found = sorted(entry_points(group=GROUP, name=name), key=_origin)
    if not found:
        return None
    if len(found) > 1:
        origins = ", ".join(map(_origin, found))
        raise PluginError(f"several distributions bring a model {name!r} ({origins}); uninstall all but one")
    try:
        model = found[0].load()
    except (Exception, SystemExit) as error:
        raise PluginError(f"the model {name!r} of {_origin(found[0])} cannot be loaded: {_told(error)}") from error
    if not callable(model):
        raise PluginError(f"the model {name!r} of {_origin(found[0])} ({found[0].value}) is no callable")
    return Plugin(name, _origin(found[0]), model)


def _origin(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _told(error: BaseException) -> str:
    """Return an error of a plug-in in one short line."""
    try:
        message = " ".join(str(error).split())
    except Exception:
        message = ""
    return f"{type(error).__name__}{': ' if message else ''}{message[:300]}"


def plugin_mentions(document: Document, plugin: Plugin) -> tuple[list[Mention], tuple[str, ...]]:
    """Return the plug-in's mentions in document order, and a warning if some were refused.

    They are shaped by the guide's crisp rules, as the tagger's are.

    Raises PluginError, with the plug-in's and the document's names, when the plug-in fails.
    """
    refused: Counter[str] = Counter()
    mentions = []
    for sentence in document.sentences:
        text = sentence.text.clean
        if not text:
            continue
        try:
            drafts = _accepted(text, plugin, refused)
        except (Exception, SystemExit) as error:
            problem = f"the model {plugin.name!r} of {plugin.origin} failed on the document {document.id}: "
            raise PluginError(problem + _told(error)) from error
        mentions += [placed(document, sentence, draft) for draft in constrain(fold(text), drafts)]
    mentions.sort(key=lambda mention: mention.span)
    if not refused:
        return mentions, ()
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(refused.items()))
    return mentions, (f"{document.id}: refused {refused.total()} mentions of the model {plugin.name!r}: {reasons}",)


def _accepted(text: str, plugin: Plugin, refused: Counter[str]) -> list[Draft]:
    """Return the mentions of one sentence that may enter; count the others by reason."""
    drafts: list[Draft] = []
    for count, answer in enumerate(islice(plugin.model(text), _PER_SENTENCE + 1)):
        if count == _PER_SENTENCE:
            raise ValueError(f"more than {_PER_SENTENCE} mentions for one sentence")
        try:
            drafts.append(_draft(text, answer, drafts, plugin.name))
        except _RefusedError as reason:
            refused[str(reason)] += 1
    return sorted(drafts, key=lambda draft: draft.start)


class _RefusedError(Exception):
    """A mention may not enter; the message is the reason, the same for all of its kind."""


def _draft(text: str, answer: object, taken: list[Draft], name: str) -> Draft:
    if not isinstance(answer, Mapping):
        raise _RefusedError("not a mapping")
    surface, kind, start, confidence = (answer.get(key) for key in ("text", "type", "start", "confidence"))
    if not isinstance(surface, str) or not str.strip(surface):
        raise _RefusedError("without text")
    if not isinstance(kind, str) or str.__str__(kind) not in _TYPES:
        raise _RefusedError("of an unknown type")
    sure = 1.0 if confidence is None else _number(confidence)
    if not 0 <= sure <= 1:
        raise _RefusedError("with a confidence that is no number from 0 to 1")
    surface = str.__str__(surface)  # of a class of their own, it could change its mind
    at = _place(text, surface, start, taken)
    return Draft(at, at + len(surface), EntityType(str.__str__(kind)), sure, (f"model:{name}",))


def _number(value: object) -> float:
    return float(value) if isinstance(value, Real) and not isinstance(value, bool) else math.nan


def _place(text: str, surface: str, start: object, taken: list[Draft]) -> int:
    """Return where a surface stands: at `start`, or else at the first place that is free."""
    if start is None:
        places: Iterable[int] = _places(text, surface)
    elif isinstance(start, Integral) and not isinstance(start, bool):
        at = int(start)
        places = [at] if at >= 0 and text.startswith(surface, at) else []
    else:
        raise _RefusedError("with a start that is no offset")
    stands = False
    for at in places:
        stands = True
        if all(at + len(surface) <= draft.start or draft.end <= at for draft in taken):
            return at
    raise _RefusedError("over others" if stands else "not in the sentence")


def _places(text: str, surface: str) -> Iterator[int]:
    at = text.find(surface)
    while at >= 0:
        yield at
        at = text.find(surface, at + 1)
