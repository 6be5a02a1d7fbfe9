"""What the tagger sees of each character: itself, its word, tables' hits, and its chunk.

One list of feature strings per character of a clean sentence. Width and bracket variants are
folded one to one first, so offsets stay those of the sentence.
"""

from collections.abc import Sequence

import rjieba

from extract import lexicon
from extract.chunks import chunks
from extract.folding import fold

_BOUNDARY = frozenset("，。；：！？、,;:!?“”‘’《》（）()【】—")
_PAIRS = {"“": "”", "《": "》", "（": "）", "(": ")", "‘": "’", "【": "】"}
_NUMBER_REACH = 14
_PADDING = "\u0002\u0002"


def _shape(char: str) -> str:
    if char.isdigit():
        return "9"
    if char.isascii() and char.isalpha():
        return "a"
    if "\u4e00" <= char <= "\u9fff":
        return "汉"
    return char


def _bies(length: int, label: str) -> list[str]:
    if length == 1:
        return [f"S-{label}"]
    return [f"B-{label}", *[f"I-{label}"] * (length - 2), f"E-{label}"]


def _column(size: int, hits: Sequence[lexicon.Hit]) -> list[str]:
    """Return the hits as BIES labels, one a character."""
    column = ["O"] * size
    for hit in hits:
        column[hit.start : hit.end] = _bies(hit.end - hit.start, hit.label)
    return column


class _Columns:
    """One folded sentence with the hits of all tables and its words, per character."""

    def __init__(self, text: str, role: str, more: Sequence[lexicon.Lexicon]) -> None:
        self.text, self.role, size = text, role, len(text)
        self.words: list[tuple[int, str, str]] = []
        at = 0
        for word, tag in rjieba.tag(text):
            self.words.append((at, word, tag))
            at += len(word)
        self.word_of = [i for i, (_, word, _) in enumerate(self.words) for _ in word]
        self.edge = [mark[0] for _, word, _ in self.words for mark in _bies(len(word), "")]
        self.name_hits = list(lexicon.names().find(text))
        self.verb_hits = list(lexicon.verbs().find(text))
        self.heads = list(lexicon.head_words().find(text))
        self.name = _column(size, self.name_hits)
        self.verb = _column(size, self.verb_hits)
        self.head = [label if label != "O" else "" for label in _column(size, self.heads)]
        self.more = [_column(size, list(table.find(text))) for table in more]
        self.next_head = _next_head(text, self.heads)
        self.ahead = _number_ahead(text)
        self.inside = _inside(text)
        self.chunk = _chunk_features(self)


def _number_ahead(text: str) -> list[str]:
    """Return per character the distance to the next digit of its clause ("" beyond reach)."""
    size = len(text)
    ahead, at = [""] * size, size + _NUMBER_REACH
    for i in range(size - 1, -1, -1):
        if text[i] in "，。；：":
            at = size + _NUMBER_REACH
        if text[i].isdigit():
            at = i
        ahead[i] = str(min(at - i, 9)) if at - i < _NUMBER_REACH else ""
    return ahead


def _next_head(text: str, heads: Sequence[lexicon.Hit]) -> list[str]:
    """Return per character the next class word of its segment with its distance."""
    ends = {hit.end: hit.label for hit in heads}
    result, label, distance = [""] * len(text), "", 0
    for i in range(len(text) - 1, -1, -1):
        if text[i] in _BOUNDARY:
            label = ""
            continue
        if i + 1 in ends:
            label, distance = ends[i + 1], 0
        result[i] = f"{label}{min(distance, 6)}" if label else ""
        distance += 1
    return result


def _inside(text: str) -> list[str]:
    """Return for each character the innermost open bracket or quote, or ""."""
    result: list[str] = []
    stack: list[str] = []
    for char in text:
        if stack and char == _PAIRS[stack[-1]]:
            stack.pop()
        result.append(stack[-1] if stack else "")
        if char in _PAIRS:
            stack.append(char)
    return result


def _chunk_features(c: _Columns) -> list[list[str]]:
    """Return per character what its chunk proposes ("k-" between chunks)."""
    text = c.text
    result: list[list[str]] = [["k-"] for _ in text]
    for chunk in chunks(text, c.words, c.verb_hits, c.heads, c.name_hits):
        size, kind = chunk.end - chunk.start, chunk.kind
        sides = f"{text[chunk.start - 1 : chunk.start] or '^'}{text[chunk.end : chunk.end + 1] or '$'}"
        for offset, edge in enumerate(_bies(size, "")):
            e = edge[0]
            result[chunk.start + offset] = [
                f"k{e}{kind}",
                f"k{min(offset, 4)}|{min(size - 1 - offset, 4)}{kind}",
                f"kv{e}{chunk.verb}",
                f"kvk{e}{chunk.verb}{kind}",
                f"kb{e}{chunk.before}{kind}",
                f"ka{e}{kind}{chunk.after}",
                f"kt{e}{chunk.tail}",
                f"kn{e}{min(size, 8)}{chunk.tail}",
                f"kl{e}{sides}{kind}",
            ]
    return result


def _characters(padded: str, i: int) -> list[str]:
    """Return the characters around position `i` of the unpadded text, single and joined."""
    a, b, d, e, f = (padded[i + k] for k in range(5))
    return [
        "b", f"0{d}", f"-1{b}", f"+1{e}", f"-2{a}", f"+2{f}",
        f"<{b}{d}", f">{d}{e}", f"<<{a}{b}", f">>{e}{f}", f"|{b}{d}{e}", f"s{_shape(b)}{_shape(d)}{_shape(e)}",
    ]  # fmt: skip


def _words(c: _Columns, i: int) -> list[str]:
    """Return the word of position `i` with its neighbours and tags."""
    at, e = c.word_of[i], c.edge[i]
    _, word, tag = c.words[at]
    _, word_before, tag_before = c.words[at - 1] if at else (0, "^", "^")
    _, word_after, tag_after = c.words[at + 1] if at + 1 < len(c.words) else (0, "$", "$")
    return [
        f"w{e}{word}", f"t{e}{tag}", f"wb{e}{word_before}", f"wa{e}{word_after}",
        f"tt{e}{tag_before}{tag}", f"ta{e}{tag}{tag_after}", f"wx{e}{tag_before}{c.next_head[i]}",
    ]  # fmt: skip


def _tables(c: _Columns, i: int, before: str) -> list[str]:
    """Return the tables' hits at position `i` and beside it; `before` is the character before."""
    head, ahead, upcoming, inside = c.head[i], c.ahead[i], c.next_head[i], c.inside[i]
    features = [
        f"n{c.name[i]}", f"h{head}", f"v{c.verb[i]}", f"x{upcoming}", f"bx{before}{upcoming}",
        f"i{inside}", f"i{inside}{c.edge[i]}{upcoming}", f"#{ahead}", f"#{ahead}{head}",
        f"r{c.role}", f"r{c.role}{head}",
    ]  # fmt: skip
    if i:
        features += [f"n-{c.name[i - 1]}", f"h-{c.head[i - 1]}", f"v-{c.verb[i - 1]}", f"nn{c.name[i - 1]}{c.name[i]}"]
    if i + 1 < len(c.text):
        features += [f"n+{c.name[i + 1]}", f"h+{c.head[i + 1]}", f"v+{c.verb[i + 1]}"]
    for rank, column in enumerate(c.more):
        if column[i] != "O":
            features += [f"m{rank}{column[i]}", f"m{rank}k{column[i]}{c.chunk[i][0]}"]
        if i and column[i - 1] != "O":
            features.append(f"m{rank}-{column[i - 1]}")
        if i + 1 < len(c.text) and column[i + 1] != "O":
            features.append(f"m{rank}+{column[i + 1]}")
    return features


def sentence_features(clean: str, role: str, more: Sequence[lexicon.Lexicon] = ()) -> list[list[str]]:
    """Return the features of each character of a clean sentence.

    `role` is its layout role; `more` are tables beyond the public ones, always in the same order
    (see `shared.tables_for`).
    """
    text = fold(clean)
    c = _Columns(text, role, more)
    padded = f"{_PADDING}{text}\u0003\u0003"
    return [
        [*_characters(padded, i), *_words(c, i), *_tables(c, i, padded[i + 1]), *c.chunk[i]] for i in range(len(text))
    ]
