"""Which format a file is in, and its canonical text.

What the bytes are decides; the suffix of the name only where they leave it open. Text and
Markdown are decoded here; formats that need a parser are converted in a process of their own
(`extract.formats.worker`), so that a hostile file can neither hang nor crash the program.
"""

import re
import stat
from pathlib import Path, PurePath

from extract.errors import (
    DocumentDamagedError,
    DocumentEmptyError,
    DocumentMissingError,
    DocumentTooLargeError,
    FormatUnknownError,
)
from extract.formats.limits import MAX_FILE_BYTES
from extract.formats.rawtext import RawText
from extract.formats.text import decode

SUFFIXES = frozenset({".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx", ".docm", ".pdf"})
"""Suffixes of the files that a directory is searched for, in lower case."""

# Formats known well enough to say what to do: first bytes, name, what to do.
_SAVE_AS_DOCX = "open it in Word or WPS and save it as .docx"
_REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old binary Office file (.doc, .wps, .xls)", _SAVE_AS_DOCX),
    (b"{\\rtf", "an RTF file", _SAVE_AS_DOCX),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", "give the document as PDF, .docx or text"),
    (b"\xff\xd8\xff", "a picture (JPEG)", "give the document as PDF, .docx or text"),
    (b"GIF8", "a picture (GIF)", "give the document as PDF, .docx or text"),
    (b"II*\x00", "a picture (TIFF)", "give the document as PDF, .docx or text"),
    (b"MM\x00*", "a picture (TIFF)", "give the document as PDF, .docx or text"),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first"),
    (b"Rar!\x1a\x07", "a compressed file (RAR)", "unpack it first"),
    (b"7z\xbc\xaf\x27\x1c", "a compressed file (7z)", "unpack it first"),
)
# Kinds of ZIP archive by a part that they have.
_ARCHIVES = (
    (b"OFD.xml", "an OFD file", "open it in an OFD reader and save it as PDF"),
    (b"xl/workbook.xml", "an Excel file", "save the sheet as text (.txt, tabs between columns)"),
    (b"ppt/presentation.xml", "a PowerPoint file", "save it as PDF"),
    (b"application/vnd.oasis.opendocument", "an OpenDocument file", "save it as .docx"),
    (b"application/epub+zip", "an e-book (EPUB)", "save it as .html or .txt"),
)
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL,
)


def read_file(path: Path) -> RawText:
    """Return the canonical text of a file.

    Raises a `DocumentError`: no such file, a format that is not read, damaged, too large, or
    without text. The message names the file and says what to do.
    """
    return read_bytes(read_file_bytes(path), str(path))


def read_file_bytes(path: Path) -> bytes:
    """Return the bytes of a document file.

    Raises `DocumentMissingError` (no file, a directory, a device, not allowed) or
    `DocumentTooLargeError`, both before anything is read.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            kind = "a directory" if stat.S_ISDIR(found.st_mode) else "not a regular file"
            raise DocumentMissingError(str(path), f"is {kind}; give the path of a document")
        _check_size(found.st_size, str(path))
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise DocumentMissingError(str(path), "does not exist; check the path") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentMissingError(str(path), f"cannot be opened ({reason})") from None


def read_bytes(data: bytes, name: str) -> RawText:
    """Return the canonical text of a file's bytes; `name` (a file name or path) is used in errors.

    Raises a `DocumentError`, as `read_file` does.

    >>> read_bytes("第一章 发展基础".encode("gb18030"), "plan.txt")
    RawText(text='第一章 发展基础', format='text', encoding='gb18030', pages=(), warnings=())
    """
    if not data:
        raise DocumentEmptyError(name, "is empty (0 bytes)")
    _check_size(len(data), name)
    suffix = PurePath(name).suffix.lower()
    start = data[:1024]
    for mark, kind, advice in _REFUSED:
        if start.startswith(mark):
            raise FormatUnknownError(name, f"is {kind}, which plankg does not read; {advice}")
    if b"%PDF-" in start:
        return _converted("pdf", data, name)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(data, name)
    if suffix in (".pdf", ".docx", ".docm"):
        raise DocumentDamagedError(
            name, f"is named {suffix} but is no such file (it starts with {_shown(data)}); fetch or save it again"
        )
    if suffix in (".html", ".htm", ".xhtml"):
        return _html(data, name)
    text, encoding = decode(data, name)
    if _HTML.match(text[:5_000]):
        return _html(data, name)
    return RawText(text, "text", encoding)


def _check_size(size: int, name: str) -> None:
    if size > MAX_FILE_BYTES:
        raise DocumentTooLargeError(
            name, f"has {size:,} bytes, more than the {MAX_FILE_BYTES:,} that one document may have; split it"
        )


def _archive(data: bytes, name: str) -> RawText:
    """Read a ZIP archive, which must be a Word file; others are named by a part that they have."""
    if b"word/document.xml" not in data and b"word/" not in data:
        for part, kind, advice in _ARCHIVES:
            if part in data:
                raise FormatUnknownError(name, f"is {kind}, which plankg does not read; {advice}")
        if PurePath(name).suffix.lower() not in (".docx", ".docm"):
            raise FormatUnknownError(name, "is a ZIP archive, which plankg does not read; unpack it first")
    return _converted("docx", data, name)


def _html(data: bytes, name: str) -> RawText:
    """Read a web page; its bytes tell the encoding better than its own word, which is often wrong."""
    text, encoding = decode(data, name)
    return _converted("html", text.encode(), name, encoding)


def _converted(kind: str, data: bytes, name: str, encoding: str = "") -> RawText:
    from extract.formats.worker import convert

    answer = convert(kind, data, name)
    if not answer["text"].strip():
        raise DocumentEmptyError(name, "holds no text")
    return RawText(answer["text"], kind, encoding, tuple(answer.get("pages", ())), tuple(answer.get("warnings", ())))


def _shown(data: bytes) -> str:
    return " ".join(f"{byte:02X}" for byte in data[:4])
