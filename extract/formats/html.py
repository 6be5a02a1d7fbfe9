"""Web pages: the document's own text, headings and tables, without scripts, menus and footers.

What is left out is only what marks itself as no part of the text: by its element, by being hidden,
or by being little more than links. Nothing is fetched, and no script is run.
"""

import re
from collections.abc import Iterator

from lxml import etree

from extract.formats.limits import MAX_TABLE_CELLS
from extract.formats.writing import OverLimitError, TextWriter, marked, pipe_table

_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "head", "link", "meta", "nav", "footer", "aside", "dialog"}
    | {"button", "input", "select", "textarea", "iframe", "object", "embed", "applet"}
    | {"svg", "canvas", "audio", "video", "map"}
)
_BLOCKS = frozenset(
    {"html", "body", "main", "article", "section", "header", "div", "center", "form", "fieldset", "legend", "address"}
    | {"p", "pre", "blockquote", "hr", "dl", "dt", "dd", "ol", "ul", "li", "figure", "figcaption", "details", "summary"}
    | {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_MOSTLY_LINKS = 0.6  # of a block's letters: with more of them linked, it leads elsewhere
_NO_WORD = re.compile(r"\W+")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # in XML, so in lxml's setters
_SPACE = re.compile(r"[ \t\n\r\f\v\u00a0\u200b\ufeff]+")
# Classes and ids by which pages call their own furniture.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|navigation|menu|footer|foot|copyright|breadcrumbs?|crumbs?|sidebar|share|toolbar|"
    r"related|recommend|pagination|pager)(?:$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_SHARE = 0.2  # of the page's characters: what has more is the text, whatever it is called
_FRAME_CHARACTERS = 5_000  # a single cell with more than this is the page's own frame, no box in the text


def convert(text: str) -> str:
    """Return the canonical text of a web page given as decoded characters.

    Raises `OverLimitError` when it is too large or too deeply nested; anything that a browser
    shows is readable, so there is no other error, but a page without text gives "".
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        root = None
    if any(error.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for error in parser.error_log):
        raise OverLimitError("nests its elements too deeply to be read; save the page's text as .txt or .docx")
    if root is None:
        return ""
    title = _title(root)
    body = _pruned(root)
    reader = _Reader()
    reader.walk(body)
    written = reader.writer.text
    if title and "".join(title.split()) not in "".join(written.split()):
        return f"# {title}\n\n{written}"
    return written


def _text(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _title(root: etree._Element) -> str:
    """Return the page's title: its first h1, else what publishing systems put into the head."""
    heading = root.find(".//h1")
    if heading is not None and (text := " ".join(_text(heading).split())):
        return text
    metas = {meta.get("name", meta.get("property", "")).lower(): meta.get("content", "") for meta in root.iter("meta")}
    for name in ("articletitle", "og:title"):
        if text := " ".join(metas.get(name, "").split()):
            return text
    title = root.find(".//title")
    first = re.split(r"[_|]| - |--", _text(title))[0] if title is not None else ""
    return " ".join(first.split())


def _pruned(root: etree._Element) -> etree._Element:
    """Drop what is no text from the tree and return the element that holds the document."""
    for element in list(root.iter()):
        if element.tag in _DROPPED or element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            _remove(element)
    whole = len(_text(root))
    for element in [named for named in root.iter() if named.get("class") or named.get("id")]:
        named = f"{element.get('class', '')} {element.get('id', '')}"
        if _FURNITURE.search(named) and len(_text(element)) < whole * _FURNITURE_SHARE:
            _remove(element)
    _drop_links(root)
    for main in root.iter("main", "article"):
        if len(_text(main)) > len(_text(root)) / 2:
            return main
    return root


def _remove(element: etree._Element) -> None:
    """Take an element out of its tree, but leave the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = _allowed((before.tail or "") + element.tail)
        else:
            parent.text = _allowed((parent.text or "") + element.tail)
    parent.remove(element)


def _allowed(text: str) -> str:
    """Return the text without the control characters that a tree may be read with, but takes from nobody."""
    return _FORBIDDEN.sub("", text)


def _drop_links(root: etree._Element) -> None:
    """Drop the outermost blocks that are mostly links to elsewhere: menus, paths, related pages."""
    sizes: dict[etree._Element, tuple[int, int, int]] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        size, linked, links = _width(element.text), 0, 0
        for child in element:
            inner = sizes.get(child, (0, 0, 0))
            size, linked, links = size + inner[0] + _width(child.tail), linked + inner[1], links + inner[2]
        if element.tag == "a" and element.get("href") and not element.get("href", "").startswith("#"):
            linked, links = size, 1
        sizes[element] = (size, linked, links)
    for element, (size, linked, links) in sizes.items():
        if (
            element.tag in _BLOCKS
            and element.tag not in ("html", "body")
            and links >= 2
            and linked > size * _MOSTLY_LINKS
        ):
            _remove(element)


def _width(text: str | None) -> int:
    """Return how many letters, ideographs and figures a text has."""
    return len(_NO_WORD.sub("", text)) if text else 0


class _Reader:
    """Writes the blocks of a pruned tree."""

    def __init__(self) -> None:
        self.writer = TextWriter()
        self._runs: list[tuple[str, bool]] = []
        self._heading = 0
        self._bold = 0
        self._lists: list[int | None] = []

    def walk(self, root: etree._Element) -> None:
        """Write everything below `root`."""
        walker = etree.iterwalk(root, events=("start", "end"))
        table: etree._Element | None = None
        for event, element in walker:
            if event == "start" and element.tag == "table" and not _is_frame(element):
                self._flush()
                self.writer.block(pipe_table(_rows(element)))
                walker.skip_subtree()
                table = element
            elif event == "start":
                self._start(element)
            else:
                if element is not table:
                    self._end(element)
                if element is not root:
                    self._say(element.tail)
        self._flush()

    def _start(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in ("ol", "ul"):
            start = element.get("start", "1")
            self._lists.append((int(start) if start.isdecimal() and len(start) < 6 else 1) if tag == "ol" else None)
        elif tag == "li":
            self._entry()
        elif tag == "br":
            self._runs.append(("\n", False))
        self._bold += _is_bold(element)
        self._say(element.text)

    def _end(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._heading = 0
        elif tag in ("ol", "ul") and self._lists:
            self._lists.pop()
        self._bold -= _is_bold(element)

    def _entry(self) -> None:
        """Write the mark of a list entry, which browsers count themselves."""
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._runs.append(("- ", False))
        else:
            self._runs.append((f"{number}. ", False))
            self._lists[-1] = number + 1

    def _say(self, text: str | None) -> None:
        if text:
            self._runs.append((_SPACE.sub(" ", text), self._bold > 0))

    def _flush(self) -> None:
        if not self._runs:
            return
        runs, self._runs = self._runs, []
        if self._heading:
            self.writer.heading(self._heading, "".join(text for text, _ in runs))
            return
        lines = (line.strip(" \u3000") for line in marked(runs).split("\n"))
        text = "\n".join(line for line in lines if line)
        if not (text == "-" and runs[0][0] == "- "):  # a list entry without text
            self.writer.block(text)


def _is_bold(element: etree._Element) -> bool:
    return element.tag in ("b", "strong") or bool(_BOLD.search(element.get("style", "")))


def _is_frame(table: etree._Element) -> bool:
    """Return whether a table only lays out the page: it holds tables or headings, or is one long cell."""
    if table.get("role") == "presentation" or table.find(".//table") is not None:
        return True
    if any(table.find(f".//{heading}") is not None for heading in _HEADINGS):
        return True
    cells = [*table.iter("td", "th")]
    return len(cells) <= 1 and len(_text(table)) > _FRAME_CHARACTERS


def _rows(table: etree._Element) -> list[list[list[str]]]:
    """Return a table's rows of cells of paragraphs; merged cells stand once, then empty ones."""
    rows: list[list[list[str]]] = []
    below: dict[int, int] = {}  # column: rows that a cell above still reaches down
    size = 0
    for row in table.iter("tr"):
        cells: list[list[str]] = []
        for cell in row.iter("td", "th"):
            while _reached(below, len(cells)):
                cells.append([])
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            _check(size + len(cells) + width)
            for column in range(len(cells), len(cells) + width):
                below[column] = height - 1
            cells.append(list(_paragraphs(cell)))
            cells += [[] for _ in range(width - 1)]
        while _reached(below, len(cells)):
            cells.append([])
        size += len(cells)
        _check(size)
        rows.append(cells)
    if caption := " ".join(" ".join(_text(item) for item in table.iter("caption")).split()):
        rows.insert(0, [[caption]])
    return rows


def _check(cells: int) -> None:
    if cells > MAX_TABLE_CELLS:
        raise OverLimitError(f"holds a table of more than {MAX_TABLE_CELLS:,} cells")


def _reached(below: dict[int, int], column: int) -> bool:
    """Return whether a cell above reaches into this row at `column`, and count the row off."""
    if below.get(column, 0) <= 0:
        return False
    below[column] -= 1
    return True


def _span(cell: etree._Element, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(int(value), 65_534) if value.isdecimal() and value.isascii() and 0 < len(value) < 7 and int(value) else 1


def _paragraphs(cell: etree._Element) -> Iterator[str]:
    """Yield the lines of a cell."""
    reader = _Reader()
    reader.walk(cell)
    yield from reader.writer.text.split("\n")
