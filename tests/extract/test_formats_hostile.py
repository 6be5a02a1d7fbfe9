"""Files made to do harm: each ends in a clear error, or its text, within seconds and bounded memory."""

import io
import os
import random
import resource
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from extract.errors import (
    DocumentDamagedError,
    DocumentError,
    DocumentMissingError,
    DocumentTooLargeError,
)
from extract.formats import worker
from extract.formats.limits import CONVERT_MEMORY
from extract.formats.reader import read_bytes, read_file
from extract.formats.worker import convert
from tests.extract.writers import SAMPLE, as_docx, as_pdf, as_text, new_pdf

SECONDS = 10.0
BYTES = 1 << 30


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the sample as a Word file with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(as_docx(SAMPLE))) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


def with_body(content: str, prolog: str = "") -> bytes:
    """Return a Word file with this content of its body."""
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = f'<?xml version="1.0"?>{prolog}<w:document {namespace}><w:body>{content}</w:body></w:document>'
    return repacked(lambda name, data: xml.encode() if name == "word/document.xml" else data)


def bomb() -> bytes:
    return repacked(lambda name, data: data + b" " * (65 << 20) if name == "word/document.xml" else data)


def bomb_of_pictures() -> bytes:
    """Return a Word file whose directory says that its parts unpack to 8 GB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for number in range(8):
            new.writestr(f"word/media/{number}.png", b"\0")
        new.writestr("word/document.xml", "<x/>")
    data = bytearray(out.getvalue())
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        struct.pack_into("<I", data, place + 24, 1 << 30)
    return bytes(data)


def lying_size() -> bytes:
    """Return a Word file whose directory says less than what its parts unpack to."""
    data = bytearray(as_docx(SAMPLE))
    place = -1
    while (place := data.find(b"PK\x01\x02", place + 1)) >= 0:
        struct.pack_into("<I", data, place + 24, 10)
    return bytes(data)


def pdf_of(content: bytes, *, dictionary: bytes = b"") -> bytes:
    """Return a PDF of one page with this content stream (already encoded)."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), dictionary, content),
    ]
    data = b"%PDF-1.7\n"
    for number, item in enumerate(objects, 1):
        data += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    return data + b"trailer << /Root 1 0 R /Size 5 >>\n%%EOF"


def encrypted() -> bytes:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    pdf.cell(0, 8, "机密")
    pdf.set_encryption(owner_password="owner", user_password="user")
    return bytes(pdf.output())


FLATE = b"/Filter /FlateDecode"
HALF = len(as_pdf(SAMPLE)) // 2
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))

REFUSED: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip bomb in one part": ("a.docx", bomb, "more than 64 MB"),
    "zip bomb of many parts": ("a.docx", bomb_of_pictures, "unpacks to more than 512 MB; it may be a ZIP bomb"),
    "sizes that lie": ("a.docx", lying_size, "is damaged"),
    "word file cut in the middle": ("a.docx", lambda: as_docx(SAMPLE)[:9_000], "is cut off or damaged"),
    "word file cut at its end": ("a.docx", lambda: as_docx(SAMPLE)[:-8], "is cut off or damaged"),
    "word file of two bytes": ("a.docx", lambda: b"PK", "is no such file"),
    "word file without a document": (
        "a.docx",
        lambda: repacked(lambda name, data: b"" if name == "word/document.xml" else data),
        "is damaged",
    ),
    "word file with broken markup": ("a.docx", lambda: with_body("<w:p>"), "is damaged"),
    "word file nested deeply": (
        "a.docx",
        lambda: with_body("<w:sdt><w:sdtContent>" * 100_000 + "</w:sdtContent></w:sdt>" * 100_000),
        "is damaged",
    ),
    "cell over a billion columns": (
        "a.docx",
        lambda: with_body(
            '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr><w:p/></w:tc></w:tr></w:tbl>'
        ),
        "table of more than 100,000 cells",
    ),
    "billion laughs": (
        "a.docx",
        lambda: with_body("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>", f"<!DOCTYPE w [{LAUGHS}]>"),
        "is damaged|holds no text",
    ),
    "encrypted pdf": ("a.pdf", encrypted, "is encrypted; save it without a password"),
    "pdf that is noise": ("a.pdf", lambda: b"%PDF-1.7\n" + random.Random(7).randbytes(50_000), "is cut off or damaged"),
    "pdf cut at its begin": ("a.pdf", lambda: as_pdf(SAMPLE)[:200], "is cut off or damaged|has no pages"),
    "pdf that unpacks without end": (
        "a.pdf",
        lambda: pdf_of(zlib.compress(b"0 0 m 9 9 l S " * 10_000_000, 1), dictionary=FLATE),
        "takes longer than 3 seconds|needs more than 1024 MB",
    ),
    "html nested deeply": ("a.html", lambda: b"<html>" + b"<b><div>" * 500_000 + b"x", "nests its elements too deeply"),
    "html with a giant table": (
        "a.html",
        lambda: b"<html><table>" + b"<tr><td colspan=9999>x" * 5_000,
        "table of more than 100,000 cells",
    ),
}


def test_no_case_is_lost() -> None:
    assert len(REFUSED) == 17


def attempt(data: bytes, name: str) -> str:
    """Return the error of reading, checked for its time and memory ("" when it was read)."""
    start = _processor_seconds()
    try:
        read_bytes(data, name)
        problem = ""
    except DocumentError as error:
        problem = str(error)
    assert _processor_seconds() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= BYTES
    return problem


def _processor_seconds() -> float:
    """Return the time used by this process and its children, which other work does not lengthen."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


@pytest.mark.parametrize("case", REFUSED)
def test_hostile_files_are_refused(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "CONVERT_SECONDS", 3)  # in place of 8, which one of them would use up
    name, make, message = REFUSED[case]
    problem = attempt(make(), name)
    assert problem.startswith(f"{name}: ")
    assert any(part in problem for part in message.split("|")), problem
    assert "\n" not in problem
    assert "Traceback" not in problem


def test_a_pdf_with_broken_cross_references_is_read_all_the_same() -> None:
    whole = read_bytes(as_pdf(SAMPLE), "plan.pdf").text
    broken = as_pdf(SAMPLE).replace(b"startxref\n", b"startxref\n9")
    assert broken != as_pdf(SAMPLE)
    assert read_bytes(broken, "plan.pdf").text == whole


def test_a_pdf_cut_in_the_middle_is_read_or_refused() -> None:
    problem = attempt(as_pdf(SAMPLE)[:HALF], "plan.pdf")
    assert problem == "" or "damaged" in problem or "no text" in problem or "no pages" in problem


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    pdf = new_pdf()
    pdf.set_font("sans", size=11)
    pdf.cell(0, 8, "公开")
    pdf.set_encryption(owner_password="owner")
    assert "公开" in read_bytes(bytes(pdf.output()), "plan.pdf").text


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET")
    prolog = f'<!DOCTYPE w [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    data = with_body("<w:p><w:r><w:t>甲&x;</w:t></w:r></w:p>", prolog)
    try:
        text = read_bytes(data, "plan.docx").text
    except DocumentError as error:
        text = str(error)
    assert "SECRET" not in text


def test_html_scripts_are_no_text() -> None:
    page = (
        "<html><body><script>alert('甲')</script><p onload=x>乙&lt;script&gt;丙</p><img src=x onerror=y></body></html>"
    )
    assert read_bytes(page.encode(), "a.html").text == "乙<script>丙\n"


def test_a_line_of_200_mb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    with path.open("wb") as file:
        for _ in range(200):
            file.write("规划".encode() * 174_763)
    code = (
        "import resource, sys\nfrom pathlib import Path\nfrom extract.errors import DocumentTooLargeError\n"
        "from extract.reading import read_document\n"
        "try:\n    read_document(Path(sys.argv[1]))\nexcept DocumentTooLargeError as error:\n    print(error)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)"
    )
    start = _processor_seconds()
    done = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True)
    assert _processor_seconds() - start < SECONDS
    message, memory = done.stdout.splitlines()
    assert message.endswith("bytes of text, more than the 20,000,000 bytes that one document may have; split it")
    assert int(memory) < BYTES


def test_files_over_the_size_limit_are_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "sparse.pdf"
    with path.open("wb") as file:
        file.truncate(300 << 20)
    with pytest.raises(DocumentTooLargeError, match="has 314,572,800 bytes, more than"):
        read_file(path)


def test_pipes_and_devices_are_not_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero")):
        with pytest.raises(DocumentMissingError, match="is not a regular file"):
            read_file(path)


def test_an_endless_conversion_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        worker, "_BOOT", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 2))\nwhile 1: pass"
    )
    with pytest.raises(DocumentTooLargeError, match="takes longer than 8 seconds"):
        convert("html", b"x", "a.html")
    monkeypatch.setattr(worker, "_BOOT", "import time; time.sleep(60)")
    monkeypatch.setattr(worker, "_BUSY", 0.05)
    with pytest.raises(DocumentTooLargeError, match="takes longer than 8 seconds"):
        convert("html", b"x", "a.html")


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        ("import os; os.abort()", DocumentDamagedError, "its reader ended with signal 6"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", DocumentTooLargeError, "more than 1024 MB"),
        ("raise MemoryError", DocumentTooLargeError, "more than 1024 MB"),
        ("1 / 0", DocumentDamagedError, "in a way that its reader does not know"),
    ],
)
def test_a_conversion_that_ends_by_itself(
    monkeypatch: pytest.MonkeyPatch, code: str, error: type[DocumentError], message: str
) -> None:
    monkeypatch.setattr(worker, "_BOOT", code)
    with pytest.raises(error, match=message):
        convert("html", b"x", "a.html")


def test_memory_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    boot = (
        "from extract.formats import html\nhtml.convert = lambda text: 'x' * (2 << 30)\n"
        "from extract.formats.worker import main; main()"
    )
    monkeypatch.setattr(worker, "_BOOT", boot)
    with pytest.raises(DocumentTooLargeError, match=f"needs more than {CONVERT_MEMORY >> 20} MB"):
        convert("html", b"<p>x", "a.html")


def test_modules_in_the_working_directory_are_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docx.py").write_text("raise SystemExit('run')")
    (tmp_path / "lxml.py").write_text("raise SystemExit('run')")
    monkeypatch.chdir(tmp_path)
    assert read_bytes(as_docx(SAMPLE), "plan.docx").text.startswith("# 乌鲁木齐市米东区")


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.html"])
def test_damaged_bytes_never_crash(name: str, seed: int) -> None:
    chance = random.Random(seed)
    whole = {"plan.docx": as_docx(SAMPLE), "plan.pdf": as_pdf(SAMPLE), "plan.html": as_text(SAMPLE).encode()}[name]
    data = bytearray(whole)
    for _ in range(chance.choice((1, 10, 200))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    problem = attempt(bytes(data), name)
    assert problem == "" or problem.startswith(f"{name}: ")
