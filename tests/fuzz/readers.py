"""Readers and extractor: bytes as they might lie in a file, taken as far as an extraction."""

import io
import struct
import zipfile

import docx as python_docx

from extract.document import Document
from extract.errors import DocumentError
from extract.extractor import extract as extracted
from extract.formats import docx as docx_format
from extract.formats import html as html_format
from extract.formats import pdf as pdf_format
from extract.formats import worker
from extract.formats.pdf_page import Glyph, Page, Ruling
from extract.formats.reader import read_bytes
from extract.formats.writing import DamagedError, OverLimitError
from extract.layout import lay_out
from extract.records import read_records, records, to_line
from extract.tier import Tier
from tests.extract.test_layout_spans import check as check_layout
from tests.extract.writers import SAMPLE, as_docx

REFUSED = (DamagedError, OverLimitError, DocumentError)
SEPARATOR = b"\x1e"
"""Parts the pieces of an input, a character that no text of ours holds."""
PARTS = ("word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml")
_CONVERTED = {"text": "第一章 总则\n"}


def text(data: bytes) -> bool:
    """Read a file of any name: the format is told, text is decoded, its layout keeps every character."""
    kind, _, rest = data.partition(SEPARATOR)
    converting, worker.convert = worker.convert, lambda *_: _CONVERTED  # type: ignore[assignment,misc,return-value]
    try:
        raw = read_bytes(rest, "plan" + kind.decode("latin-1")[:10])
    except DocumentError:
        return False
    finally:
        worker.convert = converting
    return _laid_out(raw.text)


def _laid_out(raw: str, pages: tuple[int, ...] = ()) -> bool:
    try:
        document = lay_out(raw, id="t", pages=pages)
    except DocumentError:
        return False
    check_layout(document)
    return True


def html(data: bytes) -> bool:
    """Convert a page and lay out its text."""
    try:
        found = html_format.convert(data.decode("utf-8", "replace"))
    except REFUSED:
        return False
    except RecursionError:  # the converting process takes it for elements that are nested too deeply
        return False
    return _laid_out(found)


def docx(data: bytes) -> bool:
    """Convert a Word file: its parts, or, when there are none in the input, the archive itself."""
    try:
        found = docx_format.convert(data if data.startswith(b"PK") else word_file(data))
    except REFUSED:
        return False
    except RecursionError:
        return False
    return _laid_out(found)


def word_file(data: bytes) -> bytes:
    """Return a Word file with the pieces of the input as its parts; others are as in our sample."""
    given = dict(zip(PARTS, data.split(SEPARATOR), strict=False))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_word_sample())) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            new.writestr(part, given.get(part, old.read(part)))
    return out.getvalue()


_samples: list[bytes] = []


def _word_sample() -> bytes:
    """Return our sample as a Word file that has all of `PARTS`."""
    if not _samples:
        _samples.append(_with_footnotes(as_docx(SAMPLE)))
    return _samples[0]


def _with_footnotes(data: bytes) -> bytes:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "word/_rels/document.xml.rels":
                link = f'<Relationship Id="rIdF" Type="{kind}" Target="footnotes.xml"/></Relationships>'
                content = content.replace(b"</Relationships>", link.encode())
            new.writestr(part, content)
        new.writestr("word/footnotes.xml", FOOTNOTES)
    assert python_docx.Document(io.BytesIO(out.getvalue())).part.rels["rIdF"]
    return out.getvalue()


FOOTNOTES = (
    '<?xml version="1.0"?><w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    '<w:footnote w:id="1"><w:p><w:r><w:t>注一</w:t></w:r></w:p></w:footnote></w:footnotes>'
).encode()


def pdf(data: bytes) -> bool:
    """Convert a PDF in this process and lay out its text."""
    try:
        answer = pdf_format.convert(data)
    except REFUSED:
        return False
    return _laid_out(answer["text"], tuple(answer.get("pages", ())))


def is_confined(data: bytes) -> bool:
    """Return whether reading a PDF as users do gives a text or an error of ours, whatever it does to its process."""
    try:
        return bool(read_bytes(data, "plan.pdf").text)
    except DocumentError:
        return True


def recognition(data: bytes) -> bool:
    """Arrange what text recognition may have found on two pages: pieces of text and lines, anywhere."""
    pieces = data.split(SEPARATOR)
    pages = [_page(pieces[number::2]) for number in range(2)]
    contents = [pdf_format._Content(pdf_format._arranged(page)) for page in pages]
    writer = pdf_format._Flow(contents, {}).write()
    return _laid_out(writer.text, tuple(writer.pages))


def _page(pieces: list[bytes]) -> Page:
    """Return a page: four numbers of a piece are its place, what follows its text; no text: a ruling."""
    glyphs, rulings = [], []
    for piece in pieces:
        if len(piece) < 8:
            continue
        x, y, width, height = (value / 60 for value in struct.unpack("<4H", piece[:8]))
        words = piece[8:].decode("utf-8", "ignore").strip()
        if words:
            glyphs.append(Glyph(words, x, x + width, y, y + height))
        elif width >= height:
            rulings.append(Ruling(x, x + width, y, y))
        else:
            rulings.append(Ruling(x, x, y, y + height))
    return Page(tuple(glyphs), tuple(rulings), 600.0, 800.0)


def extractor(data: bytes) -> bool:
    """Extract a text (tier fast): every statement stands in it, and the records read back."""
    try:
        document: Document = lay_out(data.decode("utf-8", "ignore")[:3_000], id="t", district="米东区")
    except DocumentError:
        return False
    found = extracted(document, Tier.FAST)
    for mention in found.mentions:
        assert mention.surface
        assert 0 <= mention.span.start < mention.span.end <= len(document.raw)
        assert 0 <= mention.confidence <= 1
    known = {mention.span for mention in found.mentions}
    for fact in found.facts:
        assert {side.span for side in (fact.subject, fact.object) if side} <= known
        assert fact.evidence.span.of(document.raw)
    for observation in found.observations:
        assert observation.value
        assert observation.indicator.span in known
    lines = [to_line(record) for record in records(found)]
    assert len(list(read_records(lines))) == len(lines) - 1
    return True
