"""Word files (.docx, ECMA-376): paragraphs, headings, automatic numbers, tables, notes.

Deleted and hidden text, field codes and contents pages are left out; text boxes and notes are
read where their anchor's paragraph ends and at the end of the document.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree

from extract.formats.limits import MAX_PART_BYTES, MAX_PARTS, MAX_TABLE_CELLS, MAX_UNPACKED_BYTES
from extract.formats.numbering import Numbering
from extract.formats.styles import Styles
from extract.formats.writing import DamagedError, OverLimitError, TextWriter, marked, pipe_table

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

# Elements whose content is no text of the paragraph: properties, deletions, field codes, phonetics,
# text boxes (read on their own), and older copies of what newer markup says.
_SKIPPED = frozenset(
    [f"{_W}{tag}" for tag in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "rt", "txbxContent", "sdtPr")]
    + [_FALLBACK]
)
_CHARACTERS = {f"{_W}tab": " ", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def check_archive(data: bytes) -> None:
    """Check that a ZIP archive is whole and unpacks to a bearable size, before anything is unpacked.

    Raises `DamagedError` or `OverLimitError`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise DamagedError(f"is cut off or damaged ({error}); fetch it again, or save it again in Word") from None
    if len(parts) > MAX_PARTS:
        raise OverLimitError(f"has {len(parts):,} parts, more than the {MAX_PARTS:,} that are read")
    if any(part.flag_bits & 1 for part in parts):
        raise DamagedError("is encrypted; save it without a password")
    if sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise OverLimitError(f"unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB; it may be a ZIP bomb")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")) and part.file_size > MAX_PART_BYTES:
            raise OverLimitError(f"has a part {part.filename!r} of more than {MAX_PART_BYTES >> 20} MB")


def convert(data: bytes) -> str:
    """Return the canonical text of a Word file.

    Raises `DamagedError` when it is damaged or encrypted, `OverLimitError` when it is too large.
    """
    check_archive(data)
    try:
        document = docx.Document(io.BytesIO(data))
    except OverLimitError:
        raise
    except Exception as error:  # python-docx lets zipfile's, lxml's and its own lookup errors through
        raise DamagedError(f"is damaged ({_brief(error)}); save it again in Word") from None
    body = getattr(document.element, "body", None)
    if body is None:
        raise DamagedError("is damaged (its main part is no text of Word); save it again in Word")
    reader = _Reader(document)
    reader.blocks(body)
    for note in _notes(document):
        reader.blocks(note)
    return reader.writer.text


def _brief(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


def _part_root(document: Document, relation: str) -> etree._Element | None:
    """Return the root of the first part that the document points to by `relation`."""
    for rel in document.part.rels.values():
        if rel.reltype == relation and not rel.is_external:
            parser = etree.XMLParser(resolve_entities=False, no_network=True)
            return etree.fromstring(rel.target_part.blob, parser)
    return None


def _notes(document: Document) -> Iterator[etree._Element]:
    """Yield footnotes, then endnotes; separators (which have a type) are none."""
    for relation, tag in ((RELATIONSHIP_TYPE.FOOTNOTES, "footnote"), (RELATIONSHIP_TYPE.ENDNOTES, "endnote")):
        root = _part_root(document, relation)
        if root is not None:
            yield from (note for note in root.iterfind(f"{_W}{tag}") if note.get(f"{_W}type") is None)


class _Reader:
    """Writes the blocks of a document in order, counting automatic numbers as they come."""

    def __init__(self, document: Document) -> None:
        self.writer = TextWriter()
        self._styles = Styles.read(_part_root(document, RELATIONSHIP_TYPE.STYLES))
        self._numbering = Numbering.read(_part_root(document, RELATIONSHIP_TYPE.NUMBERING))

    def blocks(self, parent: etree._Element) -> None:
        """Write the paragraphs and tables below `parent`, through content controls and insertions."""
        for child in _block_elements(parent):
            if child.tag == f"{_W}p":
                self._paragraph(child)
            else:
                self.writer.block(pipe_table(self._rows(child)))

    def _paragraph(self, paragraph: etree._Element) -> None:
        style = self._styles.of(paragraph)
        if not style.contents:
            number = self._number(paragraph)
            if style.heading:
                self.writer.heading(style.heading, number + "".join(text for text, _ in self._runs(paragraph)))
            else:
                self.writer.block(number + marked(self._runs(paragraph)).strip())
        for frame in _text_boxes(paragraph):
            self.blocks(frame)

    def _number(self, paragraph: etree._Element) -> str:
        """Return the automatic number; paragraphs without text are not counted, as Word shows them."""
        num_id, level = self._styles.list_of(paragraph)
        if not num_id or not any(text.strip() for text, _ in self._runs(paragraph)):
            return ""
        return self._numbering.next(num_id, level)

    def _runs(self, paragraph: etree._Element) -> Iterator[tuple[str, bool]]:
        """Yield (text, bold) for the pieces of a paragraph."""
        bold = False
        for element in _visible(paragraph):
            if element.tag == f"{_W}r":
                bold = self._styles.bold(element, paragraph)
            elif element.tag in (f"{_W}t", f"{_M}t"):
                yield element.text or "", bold
            elif element.tag == f"{_W}br":
                yield "\n" if element.get(f"{_W}type", "textWrapping") == "textWrapping" else "", bold
            elif element.tag in _CHARACTERS:
                yield _CHARACTERS[element.tag], bold

    def _rows(self, table: etree._Element) -> list[list[list[str]]]:
        """Return a table's rows of cells of paragraphs; merged cells stand once, then empty ones."""
        rows: list[list[list[str]]] = []
        size = 0
        for row in _rows(table):
            properties = row.find(f"{_W}trPr")
            if properties is not None and properties.find(f"{_W}del") is not None:
                continue
            cells: list[list[str]] = [[] for _ in range(_span(properties, "gridBefore", 0))]
            for cell in _cells(row):
                span = _span(cell.find(f"{_W}tcPr"), "gridSpan", 1)
                cells.append([] if _continues(cell) else list(self._cell(cell)))
                cells += [[] for _ in range(span - 1)]
            size += len(cells)
            if size > MAX_TABLE_CELLS:
                raise OverLimitError(f"holds a table of more than {MAX_TABLE_CELLS:,} cells")
            rows.append(cells)
        return rows

    def _cell(self, cell: etree._Element) -> Iterator[str]:
        """Yield the paragraphs of a cell, those of tables inside it included."""
        for paragraph in cell.iter(f"{_W}p"):
            if any(above.tag == _FALLBACK for above in paragraph.iterancestors()):
                continue
            text = self._number(paragraph) + marked(self._runs(paragraph)).strip()
            if text.strip():
                yield text


def _block_elements(parent: etree._Element) -> Iterator[etree._Element]:
    """Yield paragraphs and tables in order; wrappers (content controls, insertions) are opened."""
    pending = list(reversed(parent))
    while pending:
        element = pending.pop()
        if element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif isinstance(element.tag, str) and element.tag not in _SKIPPED:
            pending.extend(reversed(element))


def _wrapped(parent: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Yield the nearest descendants of `parent` with `tag`, through wrappers but not through tables."""
    pending = list(reversed(parent))
    while pending:
        element = pending.pop()
        if element.tag == tag:
            yield element
        elif isinstance(element.tag, str) and element.tag not in (f"{_W}tbl", f"{_W}p"):
            pending.extend(reversed(element))


def _rows(table: etree._Element) -> Iterable[etree._Element]:
    return _wrapped(table, f"{_W}tr")


def _cells(row: etree._Element) -> Iterable[etree._Element]:
    return _wrapped(row, f"{_W}tc")


def _visible(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a paragraph in order, without those that show no text in it."""
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if not isinstance(element.tag, str) or element.tag in _SKIPPED or _is_hidden(element):
            continue
        yield element
        pending.extend(reversed(element))


def _is_hidden(element: etree._Element) -> bool:
    if element.tag != f"{_W}r":
        return False
    vanish = element.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in ("0", "false", "off")


def _text_boxes(paragraph: etree._Element) -> list[etree._Element]:
    """Return the text boxes anchored in a paragraph, the copies for older programs left out."""
    return [
        box
        for box in paragraph.iter(f"{_W}txbxContent")
        if not any(above.tag in (_FALLBACK, f"{_W}txbxContent") for above in box.iterancestors())
    ]


def _continues(cell: etree._Element) -> bool:
    """Return whether a cell continues the one above it (`w:vMerge` without "restart")."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") != "restart"


def _span(properties: etree._Element | None, name: str, default: int) -> int:
    element = None if properties is None else properties.find(f"{_W}{name}")
    value = "" if element is None else element.get(f"{_W}val", "")
    if not (value.isascii() and value.isdigit()):
        return default
    if len(value) > 6 or int(value) > MAX_TABLE_CELLS:
        raise OverLimitError(f"holds a table of more than {MAX_TABLE_CELLS:,} cells")
    return max(int(value), default)
