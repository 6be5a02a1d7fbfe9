"""Styles of a Word file, as far as they tell headings, contents pages, lists and bold text."""

import re
from dataclasses import dataclass

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_TITLE = re.compile(r"(?:title|标题)$", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|目录)\s*(?:[1-9]|heading|标题)$", re.IGNORECASE)
_BODY_LEVEL = 9  # w:outlineLvl of text that is no heading
_DEEPEST = 20  # styles that a style may be based on, one on the other


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph's style says: a heading of level 1-6 (0: none), or a line of the contents page."""

    heading: int = 0
    contents: bool = False


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of one document by id."""

    _by_id: dict[str, etree._Element]
    _default: str

    @classmethod
    def read(cls, root: etree._Element | None) -> "Styles":
        """Read the `w:styles` element of a document (None: a document without styles)."""
        found = {} if root is None else {style.get(f"{_W}styleId", ""): style for style in root.iterfind(f"{_W}style")}
        default = next(
            (
                key
                for key, style in found.items()
                if style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true")
            ),
            "",
        )
        return cls(found, default)

    def of(self, paragraph: etree._Element) -> Style:
        """Return what is known of a paragraph: by its own outline level, else by its style's name or level."""
        chain = self._chain(_value(paragraph, "pPr/pStyle") or self._default)
        names = [_value(style, "name") for style in chain[:1]]
        if any(_CONTENTS.match(name) for name in names):
            return Style(contents=True)
        own = _outline(paragraph)
        if own is not None:
            return Style(heading=own)
        for style in chain:
            name = _value(style, "name")
            if found := _HEADING.match(name):
                return Style(heading=min(int(found[1]), 6))
            if _TITLE.match(name):
                return Style(heading=1)
            if (level := _outline(style)) is not None:
                return Style(heading=level)
        return Style()

    def list_of(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return the list (numId, "" if none) and level of a paragraph, its own or its style's."""
        for holder in (paragraph, *self._chain(_value(paragraph, "pPr/pStyle") or self._default)):
            properties = holder.find(f"{_W}pPr/{_W}numPr")
            if properties is None:
                continue
            num_id, level = _value(properties, "numId"), _value(properties, "ilvl")
            if num_id:
                return ("" if num_id == "0" else num_id), int(level) if level in set("012345678") else 0
        return "", 0

    def bold(self, run: etree._Element, paragraph: etree._Element) -> bool:
        """Return whether a run is bold, by itself, its character style or its paragraph's style."""
        chain = (
            run,
            *self._chain(_value(run, "rPr/rStyle")),
            *self._chain(_value(paragraph, "pPr/pStyle") or self._default),
        )
        for holder in chain:
            bold = holder.find(f"{_W}rPr/{_W}b")
            if bold is not None:
                return bold.get(f"{_W}val", "1") not in ("0", "false", "off")
        return False

    def _chain(self, style_id: str) -> list[etree._Element]:
        """Return a style and those that it is based on, nearest first."""
        chain: list[etree._Element] = []
        while (style := self._by_id.get(style_id)) is not None and len(chain) < _DEEPEST:
            chain.append(style)
            style_id = _value(style, "basedOn")
        return chain


def _outline(holder: etree._Element) -> int | None:
    """Return the heading level 1-6 of an outline level, 0 where it says "body text", None if unsaid."""
    level = _value(holder, "pPr/outlineLvl")
    if level not in set("0123456789"):
        return None
    return 0 if int(level) == _BODY_LEVEL else min(int(level) + 1, 6)


def _value(element: etree._Element, path: str) -> str:
    found = element.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return "" if found is None else found.get(f"{_W}val", "")
