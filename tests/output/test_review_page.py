from pathlib import Path

from graph.corrections import Action
from graph.doubts import Doubt
from output.review_page import review_page, write_review_page

HOSTILE = "</code><script>alert(1)</script>"


def doubt(label: str, sentence: str, target: str = "park-1") -> Doubt:
    return Doubt("near duplicate", Action.MERGE, target, "park-2", label, "alike", 0.7, "plan", sentence)


def test_the_sentence_stands_beside_with_the_names_marked() -> None:
    page = review_page([doubt("苏拉宫 = 苏拉官?", "推进苏拉宫园区、苏拉官工业园建设。")])
    assert "推进<mark>苏拉宫</mark>园区、<mark>苏拉官</mark>工业园建设。" in page
    assert "<code>merge</code> <code>park-1</code> <code>park-2</code>" in page
    assert "near duplicate 1" in page


def test_nothing_from_a_document_becomes_markup() -> None:
    page = review_page([doubt(HOSTILE, f"甲{HOSTILE}乙", HOSTILE)])
    assert "<script" not in page
    assert page.count("&lt;/code&gt;") >= 2


def test_the_page_asks_for_nothing_and_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    write_review_page([], path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert "default-src 'none'" in text
    assert "0 doubtful items" in text
