"""What fuzzing begins with: the bundled documents, and what our tests write."""

import io
import json
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from extract.extractor import extract
from extract.layout import lay_out
from extract.reading import corpus_files
from extract.records import records, to_line
from extract.tier import Tier
from graph.corrections import corrections_csv
from graph.doubts import doubtful, doubts_csv
from graph.questions import questions
from output.snapshot import snapshot
from tests.cli import PLAN, ROOT
from tests.extract.writers import SAMPLE, as_docx, as_html, as_pdf, as_text, new_pdf
from tests.fuzz.exports import RDF
from tests.fuzz.files import ENDINGS, SCRATCH
from tests.fuzz.readers import FOOTNOTES, PARTS, SEPARATOR
from tests.graph.sample import HOSTILE_NAMES, rich, sample
from tests.stress.fuzz import HOSTILE

_PIECE = 1_500  # characters of a document in one seed


def _pieces() -> Iterator[str]:
    for path in corpus_files():
        whole = path.read_text(encoding="utf-8")
        for part in range(4):
            start = len(whole) * part // 4
            yield whole[start : start + _PIECE]
    yield as_text(SAMPLE)
    yield PLAN


def texts() -> Iterator[bytes]:
    """Yield files of several names and encodings."""
    for number, piece in enumerate(_pieces()):
        encoding = ("utf-8", "gb18030", "utf-16", "big5")[number % 4]
        yield b".txt" + SEPARATOR + piece.encode(encoding, "ignore")
    yield b".pdf" + SEPARATOR + b"%PDF-1.7"
    yield b".htm" + SEPARATOR + as_html(SAMPLE).encode()
    yield b".docx" + SEPARATOR + as_docx(SAMPLE)[:2_000]
    yield b"" + SEPARATOR + "\n".join(HOSTILE).encode()


def passages() -> Iterator[bytes]:
    """Yield pieces of documents, and of what is hostile."""
    for piece in _pieces():
        yield piece.encode()
    yield "\n".join(HOSTILE).encode()


def pages() -> Iterator[bytes]:
    """Yield web pages."""
    yield as_html(SAMPLE).encode()
    yield b"<html><body><p>a<br>b<table><tr><td rowspan=2 colspan=3>x<td>y</table><ol start=3 type=a><li>z"
    yield "<h1>规划</h1><script>x</script><pre>  a\n b</pre>&#x0;&#xd800;&nbsp;<ul><li><ul><li>甲".encode()
    yield "<div hidden>甲</div><p style='display:none'>乙<select><option>丙</select><b>丁</b>戊".encode()


def word_parts() -> Iterator[bytes]:
    """Yield the parts of a Word file, and a whole one."""
    with zipfile.ZipFile(io.BytesIO(as_docx(SAMPLE))) as archive:
        held = archive.namelist()
        yield SEPARATOR.join(archive.read(part) if part in held else FOOTNOTES for part in PARTS)
        yield archive.read(PARTS[0])
    yield as_docx(SAMPLE)


def pdfs() -> Iterator[bytes]:
    """Yield PDFs, the smallest without compression."""
    yield as_pdf(SAMPLE)
    pdf = new_pdf()
    pdf.set_compression(False)
    pdf.set_font("helvetica", size=11)
    with pdf.table() as table:
        table.row(["a", "b"])
        table.row(["c", "d"])
    pdf.start_section("x")
    yield bytes(pdf.output())


def glyphs() -> Iterator[bytes]:
    """Yield what text recognition finds: pieces of text at their places, and rulings."""

    def at(x: int, y: int, width: int, height: int, words: str = "") -> bytes:
        return struct.pack("<4H", *(value * 60 for value in (x, y, width, height))) + words.encode()

    prose = [at(50, 100 + 20 * line, 500, 14, words) for line, words in enumerate(PLAN.splitlines()) if words]
    lines = [at(50, y, 300, 0) for y in (300, 330, 360)] + [at(x, 300, 0, 60) for x in (50, 200, 350)]
    cells = [at(60, 305, 40, 14, "指标"), at(210, 305, 40, 14, "2025年"), at(60, 335, 40, 14, "产值")]
    yield SEPARATOR.join(prose)
    yield SEPARATOR.join(part for piece in [*prose[:3], *lines, *cells] for part in (piece, piece))


def tables() -> Iterator[bytes]:
    """Yield records, gold passages, corrections and a corpus.toml."""
    found = extract(lay_out(PLAN, id="plan"), Tier.FAST)
    for record in records(found):
        yield b"r" + to_line(record).encode()
    gold = (ROOT / "tests" / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    for line in sorted(gold, key=len)[:3]:
        yield b"g" + line.encode()
    yield b"c" + doubts_csv(doubtful(rich())).encode()
    yield b"c" + corrections_csv([]).encode() + 'relate,a,"plans b, c",plan,x,建设。,\n'.encode()
    yield b"t" + (ROOT / "corpus" / "corpus.toml").read_bytes()[:2_000]


def graphs() -> Iterator[bytes]:
    """Yield the sample graph as JSON and in the syntaxes of RDF."""
    yield b"j" + snapshot(sample()).encode()
    small = json.loads(snapshot(sample()))
    for key in ("entities", "claims", "observations"):
        small[key] = small[key][:1]
    yield b"j" + json.dumps(small, ensure_ascii=False).encode()
    for number, ending in enumerate(ENDINGS):
        path = SCRATCH / f"seed{ending}"
        RDF[ending[1:]](sample(), path)
        yield bytes([number + 6 * 2]) + path.read_bytes()[:6_000]


def queries() -> Iterator[bytes]:
    """Yield the named questions and some that are refused."""
    for question in questions().values():
        yield question.sparql.encode()
    yield b"SELECT * { SERVICE <http://a> { ?s ?p ?o } }"
    yield b"ASK FROM <file:///etc/passwd> { ?s ?p 'x'@zh . FILTER NOT EXISTS { ?s a ?t } }"


def names() -> Iterator[bytes]:
    """Yield texts for the fields of a graph."""
    for group in (
        HOSTILE_NAMES,
        HOSTILE,
        ("规划", "园区", "产业", "甲", ">=35.5", "亿元", "2021-2025", "-40", "<=4.5%"),
    ):
        yield "\x1e".join(group).encode()
        yield "\x1e".join(reversed(group)).encode()


def write(target: Iterator[bytes], folder: Path) -> int:
    """Write seeds into a folder and return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for count, data in enumerate(target, 1):
        (folder / f"seed-{count:03}").write_bytes(data)
    return count
