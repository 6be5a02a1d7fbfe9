"""Text files: which encoding the bytes are in, and their characters.

Bytes are never replaced or skipped: what does not decode is an `EncodingError` that says where.
"""

import codecs
import re

from charset_normalizer import from_bytes

from extract.errors import DocumentEmptyError, DocumentTooLargeError, EncodingError
from extract.formats.limits import MAX_CHARACTERS, MAX_TEXT_BYTES

# Longest mark first: UTF-32's begins with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What charset-normalizer may choose from. Its whole list would call short Chinese texts Korean.
_NARROW = ("gb18030", "big5")
_WIDE = ("utf_16_le", "utf_16_be")  # line ends and figures have a zero byte there, and nowhere else
_SUPPORTED = "UTF-8, GB18030 (GBK, GB2312), UTF-16 or Big5"
# Control characters that texts do hold: tab, line ends, and the file end mark of old DOS programs.
_CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
# At most one character in so many may be wrong for the text still to be in that encoding. UTF-8 read
# as another encoding is nearly all wrong; other bytes read as GB18030 are wrong only now and then.
_DAMAGE = {"utf-8": 10, "gb18030": 100}


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding ("utf-8", "gb18030", …).

    A byte order mark decides and is dropped; else strict UTF-8 is tried, then what
    charset-normalizer finds among the encodings of Chinese texts. Line ends stay as they are.

    Raises `DocumentTooLargeError`, `DocumentEmptyError` (no characters), or `EncodingError`
    (wrong bytes, with their position; or bytes that are no text at all).

    >>> decode("十四五".encode("gb18030"), "plan.txt")
    ('十四五', 'gb18030')
    """
    if len(data) > MAX_TEXT_BYTES:
        raise DocumentTooLargeError(name, _too_large(f"{len(data):,} bytes", f"{MAX_TEXT_BYTES:,} bytes"))
    text, encoding, skipped = _decode(data, name)
    if len(text) > MAX_CHARACTERS:
        raise DocumentTooLargeError(name, _too_large(f"{len(text):,} characters", f"{MAX_CHARACTERS:,} characters"))
    if not text.strip():
        raise DocumentEmptyError(name, "is empty: it has no characters but white space")
    if control := _CONTROL.search(text):
        raise EncodingError(
            name,
            f"is not a text: it holds the control character U+{ord(control[0]):04X} in line "
            f"{_line(text, control.start())}; give a .txt, .md, .html, .docx or .pdf file",
            skipped + len(text[: control.start()].encode(encoding)),
        )
    return text, encoding


def _too_large(size: str, limit: str) -> str:
    return f"has {size} of text, more than the {limit} that one document may have; split it"


def _decode(data: bytes, name: str) -> tuple[str, str, int]:
    """Return the text, its encoding, and the length of the byte order mark."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name, len(mark)), encoding, len(mark)
    try:
        return data.decode("utf-8"), "utf-8", 0
    except UnicodeDecodeError as error:
        found = _detect(data)
        if _is_damaged(data, "utf-8") or found is None:
            raise _wrong_bytes(data, error, name) from None
    return _strict(data, found, name), found, 0


def _detect(data: bytes) -> str | None:
    """Return the encoding that charset-normalizer finds; of several, the first that we name."""
    candidates = _WIDE if b"\0" in data else _NARROW
    found = {match.encoding for match in from_bytes(data, cp_isolation=list(candidates))}
    return next((candidate.replace("_", "-") for candidate in candidates if candidate in found), None)


def _strict(data: bytes, encoding: str, name: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(encoding)
    except UnicodeDecodeError as error:
        raise _position(data, encoding, error.start + skip, error.end + skip, name) from None


def _is_damaged(data: bytes, encoding: str) -> bool:
    """Return whether `data` is in `encoding` but for a few wrong bytes.

    The measure is the share of multi-byte characters that do not decode: nearly all of them
    when the encoding is another one, nearly none when a byte was lost.
    """
    text = data.decode(encoding, errors="replace")
    wide = sum(1 for character in text if ord(character) > 0x7F)
    return wide > 0 and text.count("\ufffd") * _DAMAGE[encoding] <= wide


def _wrong_bytes(data: bytes, error: UnicodeDecodeError, name: str) -> EncodingError:
    """Return the error for bytes that decode in no supported encoding as a whole."""
    if _is_damaged(data, "utf-8"):
        return _position(data, "utf-8", error.start, error.end, name)
    if _is_damaged(data, "gb18030"):
        try:
            data.decode("gb18030")
        except UnicodeDecodeError as gb_error:
            return _position(data, "gb18030", gb_error.start, gb_error.end, name)
    return EncodingError(
        name,
        f"is not a text in {_SUPPORTED} (byte {error.start:,} is 0x{data[error.start]:02X}); "
        "save it as UTF-8, or give a .docx, .pdf or .html file",
        error.start,
    )


def _position(data: bytes, encoding: str, start: int, end: int, name: str) -> EncodingError:
    before = data[:start].decode(encoding, errors="replace")
    wrong = " ".join(f"{byte:02X}" for byte in data[start : max(end, start + 2)])
    where = "at its end: the file is cut off" if end >= len(data) else "there; repair it or save it again as UTF-8"
    line = _line(before, len(before))
    problem = f"is {encoding.upper()} with wrong bytes: {wrong} at byte {start:,} (line {line}) {where}"
    return EncodingError(name, problem, start)


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
