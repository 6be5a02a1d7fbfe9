"""Raw text as lines, each with its clean text and the marks that stood around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from extract.clean import Clean, clean
from extract.headings import Style, read_mark
from extract.span import Text

_BREAK = re.compile(r"\r\n?|[\n\u2028\u2029]")
# Inside a physical line: an indent of two ideographic spaces, or the end of an HTML block.
_INNER_BREAK = re.compile(
    r"(?<=[^\s\u3000])[\s\u3000]*\u3000{2}|(?=<table\b)|</(?:p|div|li|tr|h[1-6]|table)>|<br\s{0,3}/?>", re.IGNORECASE
)
_LEADING = re.compile(
    r"(?P<blank>[\s\ufeff]*)(?P<pipe>(?:[-*+>]\s+)?\|\s*)?(?P<dash>[-*+>]\s+(?!-))?(?P<hash>#{1,6}(?=[\s*])\s*)?"
)
_CLOSING_PIPE = re.compile(r"\|\s*$")
_RULE = re.compile(r"[|\-:=_\s>*+]*")
_INDENT = re.compile(r"[ \t]{4}|\u3000{2}|\s*\u3000{2}")
_INNER_HEADING = re.compile(r"第[一二三四五六七八九十百]{1,5}[章节](?=[\u4e00-\u9fff“])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something in it.

    `start`/`end` are raw offsets without the line break, `row` the physical line's number.
    `gap` says that an empty line stands before it, `hashes` counts Markdown heading marks,
    `dash` is a Markdown list mark, `pipe` that a table pipe closed it.
    """

    start: int
    end: int
    row: int
    content: Clean
    hashes: int = 0
    dash: bool = False
    pipe: bool = False
    indent: bool = False
    gap: bool = False

    @property
    def text(self) -> Text:
        """The clean text."""
        return self.content.text

    @property
    def clean(self) -> str:
        """The clean characters."""
        return self.content.text.clean

    @property
    def starts_bold(self) -> bool:
        """Whether the line opens in bold type."""
        return bool(self.content.bold) and self.content.bold[0][0] == 0

    @property
    def all_bold(self) -> bool:
        """Whether the whole line is in bold type."""
        return self.content.bold == ((0, len(self.clean)),)


def rows(raw: str) -> list[tuple[int, int]]:
    """Return the raw interval of each physical line, without its line break."""
    found, low = [], 0
    for match in _BREAK.finditer(raw):
        found.append((low, match.start()))
        low = match.end()
    found.append((low, len(raw)))
    return found


def read_lines(raw: str, physical: list[tuple[int, int]]) -> list[Line]:
    """Return the lines that hold text; rules (`|---|`, `----`) and empty rows count as gaps.

    A physical line is split where an indent inside it, or an HTML block's end, starts another
    paragraph, and where one heading runs into the next (`第三篇…第十三章…`).
    """
    lines: list[Line] = []
    gap = False
    for row, (start, end) in enumerate(physical):
        before = len(lines)
        for low, high in _parts(raw, start, end):
            line = _line(raw, low, high, row, gap or len(lines) > before)
            if line is not None:
                lines += _split_headings(raw, line)
        gap = len(lines) == before
    return lines


def _parts(raw: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    low = start
    for match in _INNER_BREAK.finditer(raw, start, end):
        # The indent stays with the text that it opens.
        high = match.start() if raw[match.start()] != "<" else match.end()
        yield low, high
        low = high
    yield low, end


def _line(raw: str, start: int, end: int, row: int, gap: bool) -> Line | None:
    lead = _LEADING.match(raw, start, end)
    assert lead is not None
    low, high = lead.end(), end
    closing = _closing_pipe(raw, low, end)
    if closing is not None:
        high = closing
    if low >= high or _RULE.fullmatch(raw, low, high) is not None:
        return None
    content = clean(raw, low, high)
    if not content.text.clean:
        return None
    return Line(
        start,
        end,
        row,
        content,
        hashes=len((lead["hash"] or "").strip()),
        dash=bool(lead["dash"]),
        pipe=closing is not None,
        indent=_INDENT.match(raw, start, end) is not None,
        gap=gap,
    )


def _closing_pipe(raw: str, start: int, end: int) -> int | None:
    """Return where the table pipe that closes the line stands, or None."""
    at = end
    while at > start and (raw[at - 1].isspace() or raw[at - 1] == "|"):
        at -= 1
    pipe = raw.find("|", at, end)
    return pipe if pipe >= 0 else None


def _split_headings(raw: str, line: Line) -> list[Line]:
    mark = read_mark(line.clean)
    if mark is None or mark.style not in (Style.PART, Style.CHAPTER) or len(line.clean) > 80:
        return [line]
    inner = next(
        (m for m in _INNER_HEADING.finditer(line.clean, mark.end) if read_mark(m[0]).style > mark.style),  # type: ignore[union-attr]
        None,
    )
    if inner is None:
        return [line]
    first, second = line.text.cut([inner.start()])
    middle = second.span.start
    return [
        Line(line.start, middle, line.row, Clean(first), line.hashes, line.dash, False, line.indent, line.gap),
        *_split_headings(raw, Line(middle, line.end, line.row, Clean(second), line.hashes, pipe=line.pipe)),
    ]
