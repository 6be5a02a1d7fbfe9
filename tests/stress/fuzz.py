"""Damaged files and hostile texts: readers refuse or read them, and what is read holds to the end."""

import io
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph

from extract.errors import DocumentError
from extract.extractor import extract
from extract.formats.reader import read_bytes
from extract.layout import lay_out
from extract.tier import Tier
from graph.rdf import statements, triples
from graph.resolve import build_graph
from graph.verify import check
from output.building import Build
from output.snapshot import read_graph
from output.turtle import turtle
from tests.cli import PLAN
from tests.extract.writers import SAMPLE, as_docx, as_html, as_pdf, as_text

SAMPLES: dict[str, Callable[[], bytes]] = {
    "text": lambda: as_text(SAMPLE).encode(),
    "html": lambda: as_html(SAMPLE).encode(),
    "docx": lambda: as_docx(SAMPLE),
    "pdf": lambda: as_pdf(SAMPLE),
    "zip": lambda: _zipped(as_text(SAMPLE).encode()),
}
HOSTILE = (
    *("<script>alert(1)</script>", "</script>", "<!--", "]]>", "&lt;", '"""', "\\u0000", "' OR 1=1", "{{data}}"),
    *("\u202e", "\u200b", "\ufeff", "\u2028", "\x85", "\x00", "\x1b[2J", "\t", "\r\n", "\r", "|", "||||"),
    *("=cmd|'C'!A0", "@prefix x: <y> .", "<http://a b>", "<table><tr><td colspan=99>", "\U0001f3ed", "e\u0301"),
    *("专栏1", "第一章 ", "（", "）", "“", "——", "1.", "％", "２０２５年"),
    *("米东区" * 50, "建设" * 200, "。" * 300, "9" * 400, "一" * 400),
)


def _zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("plan.txt", data)
    return out.getvalue()


def damaged(count: dict[str, int], seed: int) -> Counter[str]:
    """Read samples that are cut off, or with bytes changed, lost and doubled: a text or a `DocumentError`, no more."""
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    for kind, times in count.items():
        sample = SAMPLES[kind]()
        for number in range(times):
            data = sample[: rng.randrange(len(sample))] if number % 3 == 2 else _damage(sample, rng)
            try:
                read_bytes(data, f"sample.{kind}")
                found[f"damaged {kind} files read"] += 1
            except DocumentError:
                found[f"damaged {kind} files refused in a sentence"] += 1
    assert found.total() == sum(count.values())
    return found


def _damage(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 12)):
        at = rng.randrange(len(changed) + 1)
        length = rng.choice((1, 1, 2, 8, 200))
        match rng.randrange(4):
            case 0:
                changed[at : at + length] = rng.randbytes(len(changed[at : at + length]))
            case 1:
                del changed[at : at + length]
            case 2:
                changed[at:at] = changed[at : at + length]
            case _:
                changed[at:at] = rng.choice(HOSTILE).encode()
    return bytes(changed)


def hostile(count: int, seed: int) -> Counter[str]:
    """Take texts with hostile pieces all the way: quotes stand, every file is read back as it was meant."""
    rng = random.Random(seed)
    found: Counter[str] = Counter()
    for number in range(count):
        text = _salted(rng)
        try:
            document = lay_out(read_bytes(text.encode("utf-8"), "hostile.txt").text, id=f"hostile-{number}")
        except DocumentError:
            found["hostile texts refused in a sentence"] += 1
            continue
        extraction = extract(document, Tier.FAST)
        kg = build_graph([extraction])
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            Build(kg, (extraction,), ()).write(out)
            assert read_graph(out) == kg
            assert not check(out, shapes=False).problems
            page = (out / "network.html").read_text(encoding="utf-8")
        assert "<script>alert" not in page
        made = set(triples(kg))
        assert set(pyoxigraph.parse(turtle(made, {}), format=pyoxigraph.RdfFormat.TURTLE)) == _as_quads(made)
        assert len(statements(kg)) == len(made)
        found["hostile texts built, verified and read back"] += 1
    assert found.total() == count
    return found


def _salted(rng: random.Random) -> str:
    text = PLAN
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice(HOSTILE) + text[at + rng.choice((0, 0, 1, 3)) :]
    return text


def _as_quads(made: set[pyoxigraph.Triple]) -> set[pyoxigraph.Quad]:
    return {pyoxigraph.Quad(t.subject, t.predicate, t.object) for t in made}
