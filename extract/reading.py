"""From paths to documents: which files are meant, what each says, and what its corpus.toml adds."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from extract.corpus import CORPUS_FILE, Entry, read_corpus
from extract.document import Document
from extract.errors import CorpusError, DocumentDamagedError, DocumentError
from extract.formats.reader import SUFFIXES, read_bytes, read_file_bytes
from extract.layout import lay_out

BUNDLED = Path(__file__).resolve().parents[1] / "corpus"
"""The folder of the five documents that come with plankg."""

# Formats of documents that are not read: in a folder they are no clutter, and to say so is better
# than to leave them out in silence.
_UNREAD_SUFFIXES = frozenset({".doc", ".wps", ".rtf", ".odt", ".ofd"})


def corpus_files(paths: Iterable[Path] | None = None) -> list[Path]:
    """Return the document files under `paths`: files as they are, for a folder the documents in it.

    None means the bundled corpus. A folder's files come in the order of their names; its
    sub-folders, hidden files and READMEs are left out. A path that does not exist is kept:
    reading it then fails, and a batch goes on with the others. What is given twice is read once.

    Raises `CorpusError` when there is no document, or when two would have the same id (stem).

    >>> [path.name for path in corpus_files()][:2]
    ['midong-plan-14.txt', 'urumqi-county-plan-14.txt']
    """
    given = [BUNDLED] if paths is None else [Path(path) for path in paths]
    if not given:
        raise CorpusError("no path is given; give document files, or folders of them")
    found: dict[Path, Path] = {}
    for path in given:
        for file in _folder(path) if path.is_dir() else [path]:
            found.setdefault(_resolved(file), file)
    files = list(found.values())
    _check_ids(files)
    return files


def _resolved(path: Path) -> Path:
    """Return the file behind links; a link that leads in a circle stands for itself, and fails when it is read."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path.absolute()


def _folder(folder: Path) -> list[Path]:
    try:
        names = sorted(path for path in folder.iterdir() if _is_document(path))
    except OSError as error:
        raise CorpusError(f"{folder}: the folder cannot be opened ({error.strerror})") from None
    if not names:
        suffixes = ", ".join(sorted(SUFFIXES))
        raise CorpusError(f"{folder}: there is no document in this folder ({suffixes}; sub-folders are not searched)")
    return names


def _is_document(path: Path) -> bool:
    name = path.name
    return (
        path.suffix.lower() in SUFFIXES | _UNREAD_SUFFIXES
        and not name.startswith((".", "~$"))
        and not name.upper().startswith("README")
        and path.is_file()
    )


def _check_ids(files: Sequence[Path]) -> None:
    """Check that no two files have one stem: it names the document in records and file names."""
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem.casefold(), file)
        if other is not file:
            raise CorpusError(f"{other} and {file} would both be document {file.stem!r}; rename one, or give only one")


def read_document(path: Path, *, district: str | None = None) -> Document:
    """Return the document in a file; its id is the file's stem.

    Metadata comes from the text, is overridden by the file's entry in a `corpus.toml` beside it,
    and `district` overrides both. A `sha256` in that entry is checked against the file.

    Raises a `DocumentError` (missing, format not read, damaged, too large, without text,
    district unknown), or `CorpusError` when the `corpus.toml` is wrong.

    >>> document = read_document(corpus_files()[0])
    >>> document.id, document.meta.district, document.meta.code
    ('midong-plan-14', '米东区', '650109')
    """
    path = Path(path)
    data = read_file_bytes(path)
    entry = read_corpus(path.parent / CORPUS_FILE).get(path.name, Entry())
    if entry.sha256 and sha256(data).hexdigest() != entry.sha256:
        raise DocumentDamagedError(
            str(path),
            f"is not the file that {CORPUS_FILE} describes (its sha256 differs); restore it, or update {CORPUS_FILE}",
        )
    raw = read_bytes(data, str(path))
    own = district or entry.district or None
    try:
        document = lay_out(raw.text, id=path.stem, district=own, pages=raw.pages)
    except DocumentError as error:
        raise type(error)(str(path), error.problem) from None
    meta = entry.applied(document.meta)
    if district and district != entry.district:
        meta = replace(meta, district=district, code=document.meta.code)
    return replace(document, meta=meta, warnings=(*raw.warnings, *document.warnings))


def read_all(
    paths: Iterable[Path] | None = None, *, district: str | None = None
) -> tuple[list[Document], list[DocumentError]]:
    """Return the documents under `paths` that can be read, and the errors of those that cannot.

    Each error names its file. Raises `CorpusError` when there is no document at all.
    """
    documents: list[Document] = []
    failures: list[DocumentError] = []
    for path in corpus_files(paths):
        try:
            documents.append(read_document(path, district=district))
        except DocumentError as error:
            failures.append(error)
    return documents, failures
