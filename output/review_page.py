"""The most doubtful items as one page: what is doubtful, and the sentence beside it.

The page needs no script and asks for nothing; everything from a document is escaped.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from pathlib import Path

from graph.doubts import Doubt
from output.files import write_text

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --mark: #b35900; }
body { font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif;
  max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }
article { border-top: 1px solid var(--line); padding: .8rem 0; display: grid;
  grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 1.5rem; }
@media (max-width: 50rem) { article { grid-template-columns: minmax(0, 1fr); gap: .3rem; } }
h2 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; } p { margin: .2rem 0; }
blockquote { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: none; color: inherit; border-bottom: 3px solid var(--mark); }
code { font-size: .8rem; overflow-wrap: anywhere; } .kind { font-size: .85rem; opacity: .8; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_review_page(doubts: Sequence[Doubt], path: Path) -> None:
    """Write the page; raises OSError when the file cannot be written."""
    write_text(path, review_page(doubts))


def review_page(doubts: Sequence[Doubt]) -> str:
    """Return the page for the doubts in the order given.

    Each item shows the correction that would settle it as the columns of `review.csv`.
    """
    counts = Counter(doubt.kind for doubt in doubts)
    summary = ", ".join(f"{kind} {count}" for kind, count in sorted(counts.items()))
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{len(doubts)} doubtful items</title><style>{_STYLE}</style></head><body>",
        f"<h1>{len(doubts)} doubtful items</h1><p>{escape(summary)}</p>",
        "<p>Write the action into the table of corrections beside the same target, then build with it.</p>",
        *map(_item, doubts),
        "</body></html>\n",
    ]
    return "\n".join(parts)


def _item(doubt: Doubt) -> str:
    fields = [doubt.action.value, doubt.target, doubt.value]
    settle = " ".join(f"<code>{escape(field)}</code>" for field in fields if field)
    quote = f'<blockquote lang="zh">{_marked(doubt)}</blockquote>' if doubt.sentence else "<p>no sentence</p>"
    return (
        f'<article><div><h2 lang="zh">{escape(doubt.label)}</h2>'
        f'<p class="kind">{escape(doubt.kind)}, {doubt.score:.2f}</p><p>{escape(doubt.reason)}</p><p>{settle}</p></div>'
        f'<div>{quote}<p class="kind">{escape(doubt.doc)}</p></div></article>'
    )


def _marked(doubt: Doubt) -> str:
    """Return the escaped sentence with the words of the doubt's label marked."""
    words = [word for word in re.split(r"[\s=?:()]+", doubt.label) if len(word) > 1]
    spans = sorted({m.span() for word in words for m in re.finditer(re.escape(word), doubt.sentence)})
    cuts = sorted({0, len(doubt.sentence), *(edge for span in spans for edge in span)})
    return "".join(_piece(doubt.sentence, start, end, spans) for start, end in pairwise(cuts))


def _piece(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> str:
    inside = any(first <= start and end <= last for first, last in spans)
    piece = escape(text[start:end])
    return f"<mark>{piece}</mark>" if inside else piece
