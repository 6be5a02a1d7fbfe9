"""The bundled documents, written as Word, web and PDF files, are read as they are from text."""

from functools import cache
from itertools import groupby

import pytest

from extract.document import Document, Role
from extract.formats.reader import read_bytes
from extract.layout import lay_out
from extract.reading import corpus_files, read_document
from tests.extract.writers import Block, Cell, Grid, Heading, Prose, Sample, as_docx, as_html, as_pdf, as_text

NAMES = [path.stem for path in corpus_files()]


@cache
def document(name: str) -> Document:
    return read_document(next(path for path in corpus_files() if path.stem == name))


def as_sample(source: Document) -> Sample:
    """Return a document as blocks: headings, paragraphs, tables."""
    blocks: list[Block] = []
    tables: set[int | None] = set()
    levels = {section.title.span.end: section.level for section in source.sections if section.title.pieces}
    titles = [sentence.text.clean for sentence in source.sentences if sentence.role is Role.TITLE]
    rest = [sentence for sentence in source.sentences if sentence.role is not Role.TITLE]
    for (_, role, table), group in groupby(rest, key=lambda s: (s.paragraph, s.role, s.table)):
        sentences = list(group)
        text = "".join(sentence.text.clean for sentence in sentences)
        first = sentences[0].text
        if role is Role.CELL and table is not None:
            if table not in tables:
                blocks += _table(source, table)
            tables.add(table)
        elif role is Role.HEADING and first.span.end in levels:
            blocks.append(Heading(min(levels[first.span.end], 5), text))
        else:
            whole = len(sentences) > 1 and sentences[0].lead == len(first)
            blocks.append(Prose(text, first.clean if whole else ""))
    return Sample(titles[0], "".join(titles[1:2]), tuple(blocks))


def _table(source: Document, index: int) -> list[Block]:
    table = source.tables[index]
    rows = (table.header, *table.rows)
    grid = Grid(tuple(tuple(Cell("" if cell.merged else cell.text.clean) for cell in row) for row in rows))
    return [grid] if table.caption is None else [Prose(table.caption.clean), grid]


def shape(source: Document) -> dict[str, list[object]]:
    return {
        "sections": [(section.level, section.number, section.title.clean) for section in source.sections],
        "sentences": [(sentence.role, sentence.text.clean) for sentence in source.sentences],
        "tables": [
            [[(cell.text.clean, cell.merged) for cell in row] for row in (table.header, *table.rows)]
            for table in source.tables
        ],
        "boxes": [
            (box.number, box.title.clean, [(item.number, item.name.clean) for item in box.items])
            for box in source.boxes
        ],
    }


@cache
def from_text(name: str) -> Document:
    return lay_out(as_text(as_sample(document(name))), id=name, district=document(name).meta.district)


CASES = [(name, suffix) for name in NAMES for suffix in ("docx", "html")] + [("xinshi-report-2022", "pdf")]


def test_no_case_is_lost() -> None:
    assert len(CASES) == 11


@pytest.mark.parametrize("name", NAMES)
def test_the_documents_written_are_the_real_ones(name: str) -> None:
    written, real = from_text(name), document(name)
    assert len(written.tables) == len(real.tables)
    assert len(written.boxes) == len(real.boxes)
    assert abs(len(written.sections) - len(real.sections)) <= len(real.sections) // 20
    assert abs(len(written.sentences) - len(real.sentences)) <= len(real.sentences) // 20


@pytest.mark.parametrize(("name", "suffix"), CASES)
def test_real_documents_in_other_formats(name: str, suffix: str) -> None:
    sample = as_sample(document(name))
    if suffix == "docx":
        data = as_docx(sample)
    else:
        data = as_pdf(sample) if suffix == "pdf" else as_html(sample).encode("utf-8")
    raw = read_bytes(data, f"{name}.{suffix}")
    read = lay_out(raw.text, id=name, pages=raw.pages, district=document(name).meta.district)
    assert shape(read) == shape(from_text(name))
