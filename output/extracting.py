"""Documents read and extracted, in one process or several, with the same result in the same order."""

import multiprocessing
from collections.abc import Generator, Iterator, Mapping, Sequence
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
from output.extractions import AT_HAND, Packed
from output.processes import begin, context, forking

if TYPE_CHECKING:
    from extract.document import Document
    from extract.extraction import Extraction
    from extract.plugins import Plugin
    from graph.cache import ExtractionCache

# Below this many bytes of documents, starting processes costs more than they save.
_WORTH_PROCESSES = 120_000
# Of more bytes than this, most extractions are held packed.
_MANY = 6 * AT_HAND
_LAST = 4  # documents for each process that begin in order of their length


@dataclass(frozen=True)
class _How:
    """How documents are read and extracted, in whatever process."""

    district: str | None
    tier: str
    cache: Path | None
    packed: bool

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
    jobs: int = 1,
) -> Iterator["Extraction | DocumentError"]:
    """Yield for each document file, in order, what it says or why it cannot be read.

    Of the documents, only text and metadata are kept, not sections, sentences, boxes and tables.

    `district` overrides what the titles say, `tier` is one of `extract.tier.Tier` or names
    an installed plug-in model (`extract.plugins`). What is less sure than `min_confidence` (0 to 1)
    is left out. `jobs` is the number of processes at most.

    Raises:
        PlankgError: there is no such tier or confidence, or a process was ended from outside.
    """
    for result in told(paths, district=district, tier=tier, min_confidence=min_confidence, jobs=jobs, packed=False):
        yield result if isinstance(result, DocumentError) else result.extraction


@dataclass(frozen=True, slots=True)
class Told:
    """What a document says, and the same packed if it came that way from another process."""

    extraction: "Extraction"
    packed: "Packed | None" = None


def told(
    paths: Sequence[Path],
    *,
    district: str | None = None,
    tier: str = DEFAULT_TIER,
    min_confidence: float = 0.0,
    cache: Path | None = None,
    jobs: int = 1,
    packed: bool = True,
) -> Iterator[Told | DocumentError]:
    """Yield what `extracted` does, `packed` if the documents are many and come from other processes.

    What is kept in the folder `cache` is not extracted again; when all documents are done, it holds just
    these, with all that they say.
    """
    from extract.confidence import at_least, checked_confidence

    chosen(tier)
    least = checked_confidence(min_confidence)
    sizes = {path: _size(path) for path in paths}
    how = _How(district, tier, cache, packed and sum(sizes.values()) > _MANY)
    with closing(_extractions(sizes, how, jobs)) as found:
        for result in found:
            if least and isinstance(result, Told):
                yield Told(at_least(result.extraction, least))
            else:
                yield result
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


def _extractions(sizes: Mapping[Path, int], how: _How, jobs: int) -> Generator[Told | DocumentError, None, None]:
    """Yield what each document says, in order; closing the generator ends the processes."""
    workers = min(jobs, len(sizes))
    if workers < 2 or sum(sizes.values()) < _WORTH_PROCESSES:
        for path in sizes:
            found = _said(path, how)
            yield found if isinstance(found, DocumentError) else Told(found[0])
        return
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, _prepared(how), initializer=begin)
    try:
        with forking():
            futures = {path: pool.submit(_sent, path, how) for path in _order(sizes, workers)}
        for path in sizes:
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


def _order(sizes: Mapping[Path, int], workers: int) -> list[Path]:
    """Return the documents in order, as their results are wanted, but of the last ones the longest first.

    So no result waits for much later ones, and no process is left alone with a long document at the end.
    """
    paths = list(sizes)
    rest = max(0, len(paths) - _LAST * workers)
    return paths[:rest] + sorted(paths[rest:], key=lambda path: -sizes[path])


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


def _said(path: Path, how: _How) -> "tuple[Extraction, str | None] | DocumentError":
    """Return what a document says, and the same `as_text` where that was made; or why it cannot be read."""
    from extract.reading import read_document
    from graph.cache import as_text

    try:
        _check_name(path)
        document = read_document(path, district=how.district)
    except DocumentError as error:
        return error
    known, body = how.kept.get(document) if how.kept else None, None
    if known is None:
        with resting_collector():
            known = _extraction(document, how.tier)
        if how.kept:
            body = as_text(known)
            how.kept.put(known, body)
    return replace(known, document=_bare(document)), body


def _bare(document: "Document") -> "Document":
    """Return the document without what only extraction needs."""
    return replace(document, sections=(), sentences=(), boxes=(), tables=(), dropped=())


_Sent = tuple["Document", str] | Packed | DocumentError


def _sent(path: Path, how: _How) -> _Sent:
    """Return what a document says as text: its many small values would take longer to send."""
    from graph.cache import as_text

    found = _said(path, how)
    if isinstance(found, DocumentError):
        return found
    known, body = found
    return Packed.of(known, body) if how.packed else (known.document, as_text(known) if body is None else body)


def _received(sent: _Sent, how: _How) -> Told | DocumentError:
    from graph.cache import from_text

    if isinstance(sent, DocumentError):
        return sent
    packed = sent if isinstance(sent, Packed) else None
    document = sent.document if isinstance(sent, Packed) else sent[0]
    if how.kept:
        how.kept.use(document)
    with resting_collector():
        return Told(sent.extraction() if isinstance(sent, Packed) else from_text(sent[1], document), packed)


def _extraction(document: "Document", tier: str) -> "Extraction":
    from extract.extractor import extract
    from extract.plugins import Plugin

    model = chosen(tier)
    return extract(document, plugin=model) if isinstance(model, Plugin) else extract(document, model)
