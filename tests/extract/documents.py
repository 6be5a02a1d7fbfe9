"""The documents that the layout tests read: the bundled corpus, and other places' where present."""

from functools import lru_cache
from pathlib import Path

from extract.document import Document
from extract.layout import lay_out

ROOT = Path(__file__).parents[2]
CORPUS = sorted((ROOT / "corpus").glob("*.txt"))
OTHERS = sorted((ROOT.parent / "shared" / "other-docs").glob("*.txt"))
CASES = ROOT / "tests" / "cases" / "layout"


@lru_cache(maxsize=32)
def read(stem: str) -> Document:
    path = next(path for path in (*CORPUS, *OTHERS) if path.stem == stem)
    return lay_out(path.read_bytes().decode("utf-8"), id=stem)
