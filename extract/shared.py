"""Names that the annotations of at least two documents share: learned general knowledge.

The table is made by `extract.training`. A name that only one document mentions is never in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from extract.document import Document
from extract.gold import Passage
from extract.lexicon import Lexicon, home_names

TABLE = Path(__file__).with_name("models") / "shared.tsv"

_LONGEST = 12  # characters; longer names are rarely shared

Votes = Mapping[str, Mapping[str, frozenset[str]]]  # surface -> type -> documents


def votes(passages: Iterable[Passage]) -> Votes:
    """Return for each annotated surface and type the documents that have it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for passage in passages:
        for start, end, kind in passage.mentions:
            surface = "".join(passage.text[start - passage.start : end - passage.start].split())
            if 2 <= len(surface) <= _LONGEST:
                found[surface][kind].add(passage.doc)
    return {name: {kind: frozenset(docs) for kind, docs in kinds.items()} for name, kinds in found.items()}


def entries(found: Votes, *, without: str = "", least: int = 2) -> dict[str, str]:
    """Return surface -> type for the names of at least `least` documents, not counting `without`."""
    result = {}
    for name in sorted(found):
        kind, docs = max(found[name].items(), key=lambda item: (len(item[1] - {without}), item[0]))
        if len(docs - {without}) >= least:
            result[name] = kind[:4]
    return result


def save(table: Mapping[str, str], path: Path = TABLE) -> None:
    """Write the table, one `name<TAB>type` a line."""
    path.write_text("".join(f"{name}\t{kind}\n" for name, kind in sorted(table.items())), encoding="utf-8")


def shared_names(path: Path = TABLE) -> Lexicon:
    """Read a table written by `save`."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return Lexicon(dict(line.split("\t") for line in lines))


def tables_for(document: Document, shared: Lexicon) -> tuple[Lexicon, Lexicon]:
    """Return the tables that the tagger consults beyond the public ones, in its order."""
    return home_names(document.meta.code), shared
