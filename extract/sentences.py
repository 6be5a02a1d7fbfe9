"""Paragraphs into sentences, and the lead-ins that name what a paragraph is about."""

import re

from extract.clean import Clean

_END = re.compile(r"(?:[。！？]|(?<=[\u4e00-\u9fff])[!?])[”’」』）》)\]】]*")
_BRACKETS = re.compile(r"[（(][^（()）]{0,200}[）)]")
_SHORT_LEAD = re.compile(r"(?:——)?(?P<text>[^，,；;。！？：:]{2,24})(?P<end>[。：:])(?=.)")


def sentence_ends(text: str) -> list[int]:
    """Return the clean indices where a sentence ends, those inside brackets left out.

    >>> sentence_ends("建设公园（含东区。西区）。完工！")
    [13, 16]
    """
    if "。" not in text and "！" not in text and "？" not in text and "!" not in text and "?" not in text:
        return []
    ends = [m.end() for m in _END.finditer(text)]
    inside = iter([m.span() for m in _BRACKETS.finditer(text)])
    bracket = next(inside, None)
    kept = []
    for end in ends:
        while bracket is not None and bracket[1] < end:
            bracket = next(inside, None)
        if bracket is None or not bracket[0] < end < bracket[1]:
            kept.append(end)
    return kept


def lead_length(paragraph: Clean) -> int:
    """Return the clean length of a paragraph's lead-in, 0 if it has none.

    A lead-in is the bold text that opens the paragraph, or, without bold type, a short opening
    (at most 24 characters, no comma) that a full stop or a colon closes while more text follows.
    An opening `——` and the closing mark are counted in.
    """
    text = paragraph.text.clean
    dashes = len(text) - len(text.lstrip("—-"))
    if paragraph.bold and paragraph.bold[0][0] in (0, dashes):
        end = paragraph.bold[0][1]
        while end < len(text) and text[end] in "。：:":
            end += 1
        return end if end < len(text) or text.endswith(("。", "：", ":")) else 0
    match = _SHORT_LEAD.match(text)
    if match is None:
        return 0
    return match.end()


def leads(paragraph: Clean, cuts: list[int]) -> list[int]:
    """Return for each sentence of the paragraph (cut at `cuts`) the length of its lead-in.

    A lead-in that fills whole sentences counts in full for each of them; further bold text
    that opens a later sentence is its lead-in too.
    """
    text = paragraph.text.clean
    starts = [0, *(cut for cut in cuts if 0 < cut < len(text))]
    stops = [*starts[1:], len(text)]
    lead = lead_length(paragraph)
    found = []
    at = 0
    for low, high in zip(starts, stops, strict=True):
        while at < len(paragraph.bold) and paragraph.bold[at][1] <= low:
            at += 1
        bold = paragraph.bold[at][1] if at < len(paragraph.bold) and paragraph.bold[at][0] <= low else 0
        # A bold opening is closed by its full stop, which often stands behind the marks.
        if bold and bold < high and text[bold] in "。：:":
            bold += 1
        found.append(max(0, min(max(lead, bold), high) - low))
    return found
