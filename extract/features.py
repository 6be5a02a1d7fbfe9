"""The tagger's features: one table of templates over the columns of `extract.columns` and `extract.chunks`.

A template is literal text with the names of columns in braces; its feature of a character is that
text with the character's values put in. A character that lacks one of the values lacks the feature.
Training reads the features as strings (`sentence_features`), prediction as integers (`extract.lookup`).
"""

from collections.abc import Sequence
from string import Formatter

from extract.columns import Columns, family_of, sentence_columns
from extract.lexicon import Lexicon

TEMPLATES: tuple[str, ...] = (
    # characters, single and joined
    "b", "0{char}", "-1{char-1}", "+1{char+1}", "-2{char-2}", "+2{char+2}",
    "<{char-1}{char}", ">{char}{char+1}", "<<{char-2}{char-1}", ">>{char+1}{char+2}", "|{char-1}{char}{char+1}",
    "s{shape-1}{shape}{shape+1}",
    # the word with its neighbours and tags
    "w{edge}{word}", "t{edge}{tag}", "wb{edge}{word-1}", "wa{edge}{word+1}", "tt{edge}{tag-1}{tag}",
    "ta{edge}{tag}{tag+1}", "wx{edge}{tag-1}{next}",
    # the tables' hits here and beside
    "n{name}", "h{head}", "v{verb}", "x{next}", "bx{char-1}{next}", "i{inside}", "i{inside}{edge}{next}",
    "#{ahead}", "#{ahead}{head}", "r{role}", "r{role}{head}",
    "n-{name-1}", "h-{head-1}", "v-{verb-1}", "nn{name-1}{name}", "n+{name+1}", "h+{head+1}", "v+{verb+1}",
    "m0{table0}", "m0k{table0}k{proposal}", "m0-{table0-1}", "m0+{table0+1}",
    "m1{table1}", "m1k{table1}k{proposal}", "m1-{table1-1}", "m1+{table1+1}",
    # the chunk and its list
    "k{proposal}", "k{offset}|{rest}{kind}", "kv{part}{governor}", "kvk{part}{governor}{kind}",
    "kb{part}{before}{kind}", "ka{part}{kind}{after}", "kt{part}{tail}", "kn{part}{size}{tail}",
    "kl{part}{left}{right}{kind}",
)  # fmt: skip

Part = tuple[str, str]
"""Literal text, and the column after it ("" at the end of a template)."""


def parts(template: str) -> tuple[Part, ...]:
    """Return the pieces of a template.

    >>> parts("k{offset}|{rest}{kind}")
    (('k', 'offset'), ('|', 'rest'), ('', 'kind'))
    """
    return tuple((literal, column or "") for literal, column, _, _ in Formatter().parse(template))


def feature_strings(columns: Columns) -> list[list[list[str]]]:
    """Return the features of each character of each sentence, in the order of the templates."""
    held = [found for template in TEMPLATES if (found := _strings(parts(template), columns))]
    by_character = [[name for name in names if name is not None] for names in zip(*held, strict=True)]
    text = columns.sentences
    return [by_character[at : at + size] for at, size in zip(text.starts.tolist(), text.lengths.tolist(), strict=True)]


def _strings(template: Sequence[Part], columns: Columns) -> list[str | None] | None:
    """Return a template's feature of each character, None where it has none; None if a column is missing."""
    pieces: list[list[str | None]] = []
    for literal, column in template:
        pieces.append([literal] * len(columns.sentences.text))
        if column:
            if column not in columns.codes:
                return None
            values = [*columns.values[family_of(column)], None]  # the code -1 finds the last one
            pieces.append([values[code] for code in columns.codes[column].tolist()])
    return [None if None in found else "".join(found) for found in zip(*pieces, strict=True)]


def sentence_features(clean: str, role: str, more: Sequence[Lexicon] = ()) -> list[list[str]]:
    """Return the features of each character of a clean sentence.

    `role` is its layout role; `more` are at most two tables beyond the public ones, always in the
    same order (see `shared.tables_for`).
    """
    return feature_strings(sentence_columns([clean], [role], more))[0]
