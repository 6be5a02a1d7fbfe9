"""Project boxes (专栏 N …): their titles, and their entries in all printed shapes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.clean import Clean
from extract.document import Box
from extract.span import Text

_TITLE = re.compile(
    r"专栏(?P<number>\d{1,3}(?:[-—–.．]\d{1,3})?|[一二三四五六七八九十]{1,3})[：:、.．]?(?P<title>\S.{0,58})"
)
_NUMBER = re.compile(r"(?P<number>\d{1,2})(?:[.．、](?!\d)|(?=[\u4e00-\u9fff“]))")
_INNER_NUMBER = re.compile(r"(?<=[。；;.])(?P<number>\d{1,2})[.．、](?!\d)")
_NAME_END = re.compile(r"[。：:，,；;]")
_QUOTED = re.compile(r"(?P<name>[“\"][^“”\"]{1,20}[”\"])即")
_LIST_STOP = re.compile(r"[，,；;：:。]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a box: its number ("" if none), name, and clean text."""

    number: str
    name: Text
    content: Clean
    lead: int


def box_title(text: str) -> tuple[str, int] | None:
    """Return a box's number and where its title begins in the clean line, or None.

    >>> box_title("专栏4-1旅游重点项目")
    ('4-1', 5)
    """
    match = _TITLE.fullmatch(text)
    if match is None or "。" in match["title"]:
        return None
    return match["number"], match.start("title")


def entry_number(text: str, expected: int) -> bool:
    """Return whether the paragraph opens with the entry number that is due."""
    match = _NUMBER.match(text)
    return match is not None and int(match["number"]) == expected


def split_numbered(content: Clean, expected: int) -> list[Clean]:
    """Return the numbered entries that run on in one paragraph (`1.X。 2.Y。`), in order.

    Only numbers that follow on each other after a full stop divide; `expected` is the first.
    """
    cuts = []
    due = expected + 1
    for match in _INNER_NUMBER.finditer(content.text.clean):
        if int(match["number"]) == due:
            cuts.append(match.start())
            due += 1
    if not cuts:
        return [content]
    parts, low = [], 0
    for text in content.text.cut(cuts):
        high = low + len(text)
        bold = tuple((max(a, low) - low, min(b, high) - low) for a, b in content.bold if a < high and b > low)
        parts.append(Clean(text, bold))
        low = high
    return parts


def numbered_entry(content: Clean) -> Entry:
    """Return the entry of a paragraph that opens with a number.

    The name runs to the end of the bold opening, or to the first pause where there is no bold
    type; its closing mark is left out. `lead` counts number, name and closing mark.
    """
    text = content.text.clean
    match = _NUMBER.match(text)
    assert match is not None
    start = match.end()
    stop = _NAME_END.search(text, start)
    end = stop.start() if stop else len(text)
    lead = stop.end() if stop and stop[0] in "。：:" else 0
    bold = next((b for a, b in content.bold if a <= start < b), 0)
    if bold:
        end = len(text[:bold].rstrip("。：:；;，,"))
        lead = bold + 1 if text[bold : bold + 1] in ("。", "：", ":") else bold
    return Entry(match["number"], content.text.slice(start, end), content, lead)


def unnumbered_entries(content: Clean) -> list[Entry]:
    """Return the entries of a paragraph without numbers.

    `“一带”即…` is one entry named by the quotation; a bare list separated by 、 holds one entry
    for each name (all share the paragraph); anything else is one entry without a name.
    """
    text = content.text.clean
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return [Entry("", content.text.slice(0, quoted.end("name")), content, 0)]
    body = text.removesuffix("。")
    if _LIST_STOP.search(body) is None:
        spans = list_spans(body)
        if len(spans) > 1:
            return [Entry("", content.text.slice(a, b), content, 0) for a, b in spans]
    return [Entry("", content.text.slice(0, 0), content, 0)]


def list_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of the members of a 、 list, not splitting inside brackets or quotes.

    >>> [("甲（乙、丙）、丁")[a:b] for a, b in list_spans("甲（乙、丙）、丁")]
    ['甲（乙、丙）', '丁']
    """
    spans, low, depth = [], 0, 0
    for index, char in enumerate(text):
        if char in "（(“《":
            depth += 1
        elif char in "）)”》":
            depth = max(0, depth - 1)
        elif char == "、" and not depth:
            spans.append((low, index))
            low = index + 1
    spans.append((low, len(text)))
    return [(a, b) for a, b in spans if a < b]


def same_shape(first: Sequence[Entry], text: str) -> bool:
    """Return whether a further unnumbered paragraph goes on with the box: the same opening shape."""
    return bool(first) and _QUOTED.match(first[0].content.text.clean) is not None and _QUOTED.match(text) is not None


def number_warnings(boxes: Sequence[Box]) -> list[str]:
    """Return a warning for each box whose number does not go on from the one before it.

    专栏 3 follows 专栏 2; 专栏 7-2 follows 专栏 7-1, and a new first part starts again at 1.
    """
    warnings = []
    for before, box in pairwise(boxes):
        last, this = _parts(before.number), _parts(box.number)
        if last is None or this is None or len(last) != len(this):
            continue
        stands = this[-1] == last[-1] + 1 if this[:-1] == last[:-1] else this[-1] == 1
        if not stands:
            warnings.append(
                f"box number missing or repeated: 专栏{box.number} {box.title.clean} follows 专栏{before.number}"
            )
    return warnings


def _parts(number: str) -> list[int] | None:
    parts = re.split(r"[-—–.．]", number)
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else None
