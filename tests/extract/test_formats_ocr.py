"""Scanned PDFs: recognised by the engine of the extra, or one sentence that says how to get it."""

import io
from functools import cache

import pypdfium2 as pdfium
import pytest
from fpdf import FPDF

from extract.errors import DocumentEmptyError
from extract.formats import worker
from extract.formats.reader import read_bytes
from extract.layout import lay_out
from tests.extract.writers import SAMPLE, as_pdf


@cache
def scanned() -> bytes:
    """Return the second page of the sample (prose, table, box) as a picture."""
    page = pdfium.PdfDocument(as_pdf(SAMPLE))[1]
    picture = io.BytesIO()
    page.render(scale=2.5).to_pil().save(picture, "JPEG", quality=80)
    pdf = FPDF(unit="pt", format=page.get_size())
    pdf.add_page()
    pdf.image(picture, 0, 0, w=pdf.w)
    return bytes(pdf.output())


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "find_spec", lambda name: None)
    with pytest.raises(DocumentEmptyError) as caught:
        read_bytes(scanned(), "scan.pdf")
    assert str(caught.value) == (
        "scan.pdf: has no text, its pages are scanned pictures; install text recognition with "
        "pip install 'plankg[ocr]' and run again"
    )


def test_a_scanned_page_is_recognised_with_its_table() -> None:
    raw = read_bytes(scanned(), "scan.pdf")
    assert (raw.format, raw.pages, raw.warnings) == ("pdf", (0,), ())
    document = lay_out(raw.text, id="scan", district="米东区")
    assert ("第二章", "推动现代产业高质量发展") in [(s.number, s.title.clean) for s in document.sections]
    sentences = {sentence.text.clean for sentence in document.sentences}
    assert "推广良种良法，农作物耕种收综合机械化率达到92%以上。" in "".join(sorted(sentences))
    (table,) = document.tables
    assert [cell.text.clean for cell in table.header][:5] == ["类别", "序号", "指标", "2020年", "2025年"]
    assert [row[2].text.clean for row in table.rows] == [
        "地区生产总值增长(%)",
        "全员劳动生产率增长(%)",
        "单位地区生产总值能源消耗降低(%)",
        "森林覆盖率(%)",
    ]
    assert [row[0].text.clean for row in table.rows] == ["经济发展", "经济发展", "绿色生态", "绿色生态"]
    assert table.rows[3][4].text.clean == "17.6"


def test_a_page_with_nothing_on_it_is_empty_not_scanned() -> None:
    pdf = FPDF()
    pdf.add_page()
    with pytest.raises(DocumentEmptyError, match="holds no text"):
        read_bytes(bytes(pdf.output()), "blank.pdf")
