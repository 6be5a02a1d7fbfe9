"""Documents read and extracted, in one process or several, with the same result in the same order."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from extract.errors import DocumentDamagedError, DocumentError, PlankgError
from extract.tier import DEFAULT_TIER, Tier

if TYPE_CHECKING:
    from extract.document import Document
    from extract.extraction import Extraction
    from extract.plugins import Plugin

# Below this many characters to extract, starting processes costs more than they save.
_WORTH_PROCESSES = 40_000


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

    `district` overrides what the titles say, `tier` is one of `extract.tier.Tier` or names
    an installed plug-in model (`extract.plugins`). What is less
    sure than `min_confidence` (0 to 1) is left out. What is kept in the folder `cache` is not
    extracted again; when all documents are done, it holds just these, with all that they say.
    `jobs` is the number of processes at most.

    Raises:
        PlankgError: there is no such tier or confidence, or a process was ended from outside.
    """
    from extract.confidence import at_least, checked_confidence
    from extract.reading import read_document
    from graph.cache import ExtractionCache

    chosen(tier)
    least = checked_confidence(min_confidence)
    kept = ExtractionCache(cache, model_key(tier)) if cache is not None else None
    # A document that was extracted before stands here as its extraction, the others wait for theirs.
    known: list[Extraction | DocumentError | None] = []
    waiting: list[Document] = []
    for path in paths:
        try:
            _check_name(path)
            document = read_document(path, district=district)
        except DocumentError as error:
            known.append(error)
            continue
        known.append(kept.get(document) if kept else None)
        if known[-1] is None:
            waiting.append(document)
    with closing(_extractions(waiting, tier, jobs)) as fresh:
        for result in known:
            if isinstance(result, DocumentError):
                yield result
                continue
            if result is None:
                result = next(fresh)
                if kept:
                    kept.put(result)
            yield at_least(result, least)
    if kept:
        kept.prune()


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


def _extractions(documents: Sequence["Document"], tier: str, jobs: int) -> Generator["Extraction", None, None]:
    """Yield what each document says, in order; closing the generator ends the processes."""
    workers = min(jobs, len(documents))
    if workers < 2 or sum(len(document.raw) for document in documents) < _WORTH_PROCESSES:
        yield from (_extraction(document, tier) for document in documents)
        return
    before = set(multiprocessing.active_children())
    # Spawned processes are the same on every system, and safe beside threads.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        futures = [pool.submit(_extraction, document, tier) for document in documents]
        yield from (future.result() for future in futures)
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


def _extraction(document: "Document", tier: str) -> "Extraction":
    from extract.extractor import extract
    from extract.plugins import Plugin

    model = chosen(tier)
    return extract(document, plugin=model) if isinstance(model, Plugin) else extract(document, model)


def _begin() -> None:
    """Leave Ctrl-C to the first process, which ends the others; when it is killed, end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
