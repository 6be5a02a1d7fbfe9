"""How often mentions and facts of a given confidence are right.

`python -m tests.reliability --texts FOLDER --encoders ENCODERS` takes models that have not seen
other places (as `tests.unseen`), lets them read documents of other places, and measures
how often a statement of a given probability is right; `--write` makes
`extract/models/calibration.json` of it, which gives confidences their meaning. Then it draws the
reliability of the shipped models on the gold passages, which the table was not made from.
"""

import argparse
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from extract.calibration import Calibration, isotonic
from extract.document import Document
from extract.encoder import load_encoders
from extract.evaluate import normalise
from extract.extraction import Extraction, Mention
from extract.extractor import Models, extract
from extract.gold import DOC, Passage, read_passages
from extract.reading import read_document
from extract.tier import Tier
from extract.training import annotated, read_by_offsets, train
from ontology.schema import EntityType

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold"
Pairs = list[tuple[float, bool]]  # confidence, right
_EDGES = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)


def judged(passages: Iterable[Passage], extractions: dict[str, Extraction]) -> tuple[Pairs, Pairs]:
    """Return the mentions and the facts inside the passages, each as confidence and whether it is right."""
    mentions: Pairs = []
    facts: Pairs = []
    for passage in passages:
        extraction = extractions[passage.doc]
        gold = {(m.start, m.end, m.type) for m in passage.mentions}
        for m in extraction.mentions:
            if m.type is EntityType.INDICATOR:
                continue  # a grammar's, which has no probability
            if passage.start <= m.span.start and m.span.end <= passage.end:
                mentions.append((m.confidence, (m.span.start, m.span.end, m.type.value) in gold))
        stated = {(f.predicate, _side(f.subject), _side(f.object)) for f in passage.facts}
        for f in extraction.facts:
            if passage.start <= f.evidence.span.start and f.evidence.span.end <= passage.end:
                facts.append((f.confidence, (f.predicate.value, _name(f.subject), _name(f.object)) in stated))
    return mentions, facts


def _side(surface: str) -> str:
    return DOC if surface == DOC else normalise(surface)


def _name(mention: Mention | None) -> str:
    return normalise(mention.surface) if mention else DOC


def unseen(texts: Path, encoders: Path) -> Calibration:
    """Return the calibration by models that have not seen them, on documents of other places."""
    passages, documents = annotated(GOLD / "train.jsonl", ROOT / "corpus", written=GOLD / "train-written.jsonl")
    others, elsewhere = read_by_offsets(GOLD / "train-elsewhere.jsonl", texts)
    with tempfile.TemporaryDirectory() as folder:
        train(passages, documents, Path(folder))
        models = replace(Models.load(Path(folder), Tier.FAST), encoders=load_encoders(encoders))
    mentions, _ = judged(others, _read(elsewhere, models))
    first = Calibration(isotonic(mentions), ((0.0, 0.0), (1.0, 1.0)))
    _, facts = judged(others, _read(elsewhere, replace(models, calibration=first)))
    return Calibration(first.mentions, isotonic(facts))


def _read(documents: dict[str, Document], models: Models) -> dict[str, Extraction]:
    return {name: extract(document, models=models) for name, document in documents.items()}


def table(pairs: Pairs) -> Iterable[str]:
    """Yield one line for each range of confidence that occurs: range, number, mean confidence, share of right ones."""
    for low, high in pairwise(_EDGES):
        inside = [(c, right) for c, right in pairs if low <= c < high]
        if inside:
            mean = sum(c for c, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            yield f"| {low:.1f}–{min(high, 1):.1f} | {len(inside)} | {mean:.2f} | {share:.2f} |"


def main() -> None:
    """Measure, write the table if asked to, and print the reliability on the gold passages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="?", type=Path, default=ROOT / "tests/gold/dev.jsonl")
    parser.add_argument("--texts", type=Path, help="folder with the documents of other places")
    parser.add_argument("--encoders", type=Path, help="folder of encoders that have not seen them")
    parser.add_argument("--write", action="store_true", help="write extract/models/calibration.json")
    args = parser.parse_args()
    models = Models.load()
    if args.texts and args.encoders:
        models = replace(models, calibration=unseen(args.texts, args.encoders))
        if args.write and models.calibration:
            models.calibration.save()
    passages = read_passages(args.gold)
    documents = {name: read_document(ROOT / f"corpus/{name}.txt") for name in sorted({p.doc for p in passages})}
    for name, pairs in zip(("mentions", "facts"), judged(passages, _read(documents, models)), strict=True):
        print(f"\n| {name} of confidence | number | mean confidence | right |\n|---|---|---|---|")
        print("\n".join(table(pairs)))


if __name__ == "__main__":
    main()
