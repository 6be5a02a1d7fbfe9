"""The canonical text of one file, as the readers of all formats hand it on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawText:
    """Raw text, to which all offsets of a document refer from here on.

    `format` is "text", "html", "docx" or "pdf"; `encoding` that of the bytes ("" for formats that
    have none of their own). `pages` are the offsets at which pages start (empty: no pages), and
    `warnings` sentences about what could not be read.
    """

    text: str
    format: str
    encoding: str = ""
    pages: tuple[int, ...] = ()
    warnings: tuple[str, ...] = ()
