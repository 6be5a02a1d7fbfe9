"""The same document in another format says the same: mentions, facts and observations."""

import pytest

from extract.extraction import Extraction, Mention
from extract.extractor import extract
from extract.formats.reader import read_bytes
from extract.layout import lay_out
from tests.extract.writers import SAMPLE, as_docx, as_html, as_pdf, as_text


def said(data: bytes, name: str) -> dict[str, list[object]]:
    """Return what a file says, without the places at which it says it."""
    raw = read_bytes(data, name)
    extraction = extract(lay_out(raw.text, id="plan", pages=raw.pages))
    _check_quotes(extraction)
    return {
        "mentions": [(mention.type, mention.surface) for mention in extraction.mentions],
        "facts": sorted((f.predicate, _name(f.subject), _name(f.object), f.status or "") for f in extraction.facts),
        "observations": [
            (o.indicator.surface, o.value, o.unit, o.period, o.kind, o.attribute) for o in extraction.observations
        ],
    }


def _name(mention: Mention | None) -> str:
    return "@doc" if mention is None else mention.surface


def _check_quotes(extraction: Extraction) -> None:
    raw = extraction.document.raw
    for mention in extraction.mentions:
        quote = mention.span.of(raw)
        assert "".join(quote.split()) == "".join(mention.surface.split()) or any(mark in quote for mark in "*#<|\n")


@pytest.mark.parametrize("suffix", ["docx", "html", "pdf"])
def test_every_format_says_the_same(suffix: str) -> None:
    data = {"docx": as_docx(SAMPLE), "html": as_html(SAMPLE).encode("utf-8"), "pdf": as_pdf(SAMPLE)}[suffix]
    found, expected = said(data, f"plan.{suffix}"), said(as_text(SAMPLE).encode("utf-8"), "plan.txt")
    assert found == expected
    assert all(len(expected[what]) >= 5 for what in ("mentions", "facts", "observations"))


def test_pdf_evidence_carries_its_page() -> None:
    raw = read_bytes(as_pdf(SAMPLE), "plan.pdf")
    extraction = extract(lay_out(raw.text, id="plan", pages=raw.pages))
    assert {mention.evidence.page for mention in extraction.mentions} == {1, 2, 3}
