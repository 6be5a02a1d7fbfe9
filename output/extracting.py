"""Documents read and extracted, in one process or several, with the same result in the same order."""

import json
import multiprocessing
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cached_property
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import DocumentDamagedError, DocumentError, PlankgError
from extract.tier import DEFAULT_TIER, Tier
from output.collector import resting_collector
from output.processes import begin, context, forking

if TYPE_CHECKING:
    from extract.document import Document
    from extract.extraction import Extraction
    from extract.plugins import Plugin
    from graph.cache import ExtractionCache

# Below this many bytes of documents, starting processes costs more than they save.
_WORTH_PROCESSES = 120_000


@dataclass(frozen=True)
class _How:
    """How documents are read and extracted, in whatever process."""

    district: str | None
    tier: str
    cache: Path | None

    @cached_property
    def kept(self) -> "ExtractionCache | None":
        from graph.cache import ExtractionCache

        return ExtractionCache(self.cache, model_key(self.tier)) if self.cache else None


def extracted(
    paths: Sequence[Path],
    *,
    district: str | None = None,
    tier: str = DEFAULT_TIER,
    min_confidence: float = 0.0,
    cache: Path | None = None,
    jobs: int = 1,
) -> Iterator["Extraction | DocumentError"]:
    """Yield for each document file, in order, what it says or why it cannot be read.

    Of the documents, only text and metadata are kept, not sections, sentences, boxes and tables.

    `district` overrides what the titles say, `tier` is one of `extract.tier.Tier` or names
    an installed plug-in model (`extract.plugins`). What is less
    sure than `min_confidence` (0 to 1) is left out. What is kept in the folder `cache` is not
    extracted again; when all documents are done, it holds just these, with all that they say.
    `jobs` is the number of processes at most.

    Raises:
        PlankgError: there is no such tier or confidence, or a process was ended from outside.
    """
    from extract.confidence import at_least, checked_confidence

    chosen(tier)
    least = checked_confidence(min_confidence)
    how = _How(district, tier, cache)
    with closing(_extractions(paths, how, jobs)) as found:
        for result in found:
            yield result if isinstance(result, DocumentError) else at_least(result, least)
    if how.kept:
        how.kept.prune()


def chosen(tier: str) -> "Tier | Plugin":
    """Return the tier or the installed plug-in model of that name.

    Raises PlankgError when there is neither, or the plug-in cannot be loaded.
    """
    from extract.plugins import installed, load_plugin

    if tier in set(Tier):
        return Tier(tier)
    if plugin := load_plugin(tier):
        return plugin
    others = ", ".join(installed()) or "none is installed"
    raise PlankgError(f"there is no tier {tier!r}; choose one of {', '.join(Tier)} or a plug-in model ({others})")


def model_key(tier: str) -> str:
    """Return what tells extractions of this tier from others; of a plug-in model, its name and version.

    A name that is unknown is returned as it is.
    """
    from extract.plugins import Plugin, installed

    if tier not in installed():
        return str(tier)  # without loading what extracts: an unchanged build needs nothing else
    model = chosen(tier)
    return model.key if isinstance(model, Plugin) else str(tier)


def _check_name(path: Path) -> None:
    """Raise DocumentError for a name whose bytes are no text: it could not be written into records."""
    try:
        path.name.encode("utf-8")
    except UnicodeEncodeError:
        shown = str(path).encode("utf-8", "backslashreplace").decode()
        raise DocumentDamagedError(shown, "has a name that is not in UTF-8; rename the file") from None


def _extractions(paths: Sequence[Path], how: _How, jobs: int) -> Generator["Extraction | DocumentError", None, None]:
    """Yield what each document says, in order; closing the generator ends the processes."""
    sizes = {path: _size(path) for path in paths}
    workers = min(jobs, len(paths))
    if workers < 2 or sum(sizes.values()) < _WORTH_PROCESSES:
        yield from (_told(path, how) for path in paths)
        return
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, _prepared(how), initializer=begin)
    try:
        with forking():  # the longest first, so that none is left alone with it at the end
            order = sorted(paths, key=lambda path: -sizes[path])
            futures = {path: pool.submit(_sent, path, how) for path in order}
        for path in paths:
            yield _received(futures.pop(path).result(), how)
    except BrokenProcessPool as error:
        raise PlankgError(
            "a process that extracts was ended from outside, perhaps for lack of memory; try again with --jobs 1"
        ) from error
    except BaseException:
        for child in set(multiprocessing.active_children()) - before:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0  # reading it will tell why


def _prepared(how: _How) -> BaseContext:
    """Return how processes are begun; before they are forked, load what all of them need."""
    from extract.extractor import prepare
    from extract.plugins import Plugin

    found = context()
    if found.get_start_method() == "fork":
        model = chosen(how.tier)
        prepare(Tier.FAST if isinstance(model, Plugin) else model)
        _ = how.kept
    return found


def _told(path: Path, how: _How) -> "Extraction | DocumentError":
    """Return what a document says, kept from before or extracted now, or why it cannot be read."""
    from extract.reading import read_document

    try:
        _check_name(path)
        document = read_document(path, district=how.district)
    except DocumentError as error:
        return error
    known = how.kept.get(document) if how.kept else None
    if known is None:
        with resting_collector():
            known = _extraction(document, how.tier)
        if how.kept:
            how.kept.put(known)
    return replace(known, document=_bare(document))


def _bare(document: "Document") -> "Document":
    """Return the document without what only extraction needs."""
    return replace(document, sections=(), sentences=(), boxes=(), tables=(), dropped=())


_Sent = tuple["Document", str] | DocumentError


def _sent(path: Path, how: _How) -> _Sent:
    """Return what a document says as text: its many small values would take longer to send."""
    from graph.cache import encode

    found = _told(path, how)
    if isinstance(found, DocumentError):
        return found
    return found.document, json.dumps(encode(found), ensure_ascii=False, separators=(",", ":"))


def _received(sent: _Sent, how: _How) -> "Extraction | DocumentError":
    from graph.cache import decode

    if isinstance(sent, DocumentError):
        return sent
    document, body = sent
    if how.kept:
        how.kept.use(document)
    with resting_collector():
        return decode(json.loads(body), document)


def _extraction(document: "Document", tier: str) -> "Extraction":
    from extract.extractor import extract
    from extract.plugins import Plugin

    model = chosen(tier)
    return extract(document, plugin=model) if isinstance(model, Plugin) else extract(document, model)
