"""Makes the model files from annotated passages: `python -m extract.training` (or `make model`).

Annotations of the bundled documents hold their text (`tests/gold/train.jsonl`), and so does the file
of documents that were written for the training (`tests/gold/train-written.jsonl`). Those of other
documents hold offsets and labels only (`tests/gold/train-elsewhere.jsonl`); they are used when
`--texts` names a folder with these documents, whose sha256 must match.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from extract import shared
from extract.chain import ChainModel
from extract.document import Document, Sentence
from extract.errors import GoldError
from extract.evaluate import normalise
from extract.extraction import Evidence, Mention
from extract.features import sentence_features
from extract.gold import DOC, Passage, parse_passages, read_passages
from extract.layout import lay_out
from extract.lexicon import Lexicon
from extract.reading import read_document
from extract.relation_features import object_features, pair_features
from extract.relations import ELSEWHERE, INVERSE, NONE, Scene, candidates, scenes, where
from extract.span import Span
from extract.tagger import encode
from ontology.schema import EntityType

_COMMON = {"feature.minfreq": 2, "feature.possible_transitions": True}
# Two strengths of regularisation, averaged: the mean of their weights is steadier than either.
TAGGER_PARAMETERS: tuple[dict[str, Any], ...] = (
    {**_COMMON, "c1": 0.3, "c2": 2.0, "max_iterations": 70},
    {**_COMMON, "c1": 0.5, "c2": 3.0, "max_iterations": 80},
)
RELATION_PARAMETERS: tuple[dict[str, Any], ...] = ({**_COMMON, "c1": 0.05, "c2": 0.1, "max_iterations": 100},)

Example = tuple[list[list[str]], list[str]]


def sentences_in(document: Document, passage: Passage) -> Iterator[tuple[Sentence, list[int], int, int]]:
    """Yield a passage's sentences: sentence, raw offset of each clean character, and the covered range."""
    for sentence in document.sentences:
        pieces = sentence.text.pieces
        if not pieces or pieces[-1].end <= passage.start or pieces[0].start >= passage.end:
            continue
        offsets = [sentence.text.raw_offset(i) for i in range(len(sentence.text))]
        low = next((i for i, at in enumerate(offsets) if at >= passage.start), len(offsets))
        high = next((i for i, at in enumerate(offsets) if at >= passage.end), len(offsets))
        if low < high:
            yield sentence, offsets, low, high


def tagger_examples(document: Document, passage: Passage, tables: Sequence[Lexicon]) -> Iterator[Example]:
    """Yield features and BIES labels of each sentence of a passage, cut to the passage.

    `tables` are those of `shared.tables_for`, made without this document's own annotations.
    """
    for sentence, offsets, low, high in sentences_in(document, passage):
        at = {offset: i for i, offset in enumerate(offsets[low:high])}
        spans = []
        for start, end, kind in passage.mentions:
            inside = [at[o] for o in range(start, end) if o in at]
            if inside:
                spans.append((inside[0], inside[-1] + 1, kind))
        features = sentence_features(sentence.text.clean, sentence.role.value, tables)
        yield features[low:high], encode(high - low, spans)


def gold_mentions(document: Document, passage: Passage) -> list[Mention]:
    """Return the labelled mentions of a passage as the extractors' type."""
    evidence = Evidence(passage.span, (), "gold")
    return [
        Mention(Span(start, end), EntityType(kind), normalise(document.raw[start:end]), evidence)
        for start, end, kind in sorted(set(passage.mentions))
    ]


class FactLabels:
    """The labels of a passage's facts, looked up by surface."""

    def __init__(self, passage: Passage) -> None:
        self._own: dict[str, str] = {}
        self._pairs: dict[tuple[str, str], str] = {}
        self._with_subject: set[str] = set()
        for fact in passage.facts:
            label = f"{fact.predicate}:{fact.status}" if fact.status else fact.predicate
            subject, obj = self._side(fact.subject), self._side(fact.object)
            if subject == DOC:
                self._own.setdefault(obj, label)
            elif obj == DOC:
                self._own.setdefault(subject, INVERSE + label)
            else:
                self._pairs.setdefault((subject, obj), label)
                self._with_subject.add(obj)

    @staticmethod
    def _side(surface: str) -> str:
        return DOC if surface == DOC else normalise(surface)

    def own(self, surface: str) -> str:
        """Return the label of what the document's district has to do with a mention."""
        return self._own.get(surface) or (ELSEWHERE if surface in self._with_subject else NONE)

    def pair(self, subject: str, obj: str) -> str:
        """Return the label of the relation between two mentions."""
        return self._pairs.get((subject, obj), NONE)


def relation_examples(document: Document, passage: Passage) -> Iterator[tuple[list[Example], list[Example]]]:
    """Yield for each sentence the object model's examples and the pair model's."""
    labels = FactLabels(passage)
    found = list(scenes(document, gold_mentions(document, passage)))
    counts = Counter(mention.surface for scene in found for mention in scene.mentions)
    for scene in found:
        yield [_object_example(scene, labels, counts)], list(_pair_examples(scene, labels))


def _object_example(scene: Scene, labels: FactLabels, counts: Counter[str]) -> Example:
    features = [object_features(scene.context, i) for i in range(len(scene.mentions))]
    return features, object_labels(scene, labels, counts)


def object_labels(scene: Scene, labels: FactLabels, counts: Counter[str]) -> list[str]:
    """Return for each mention of a scene what the document's district has to do with it.

    A fact names surfaces: of several occurrences (`counts`), believe those that a verb governs.
    """
    answers = []
    for mention, place in zip(scene.mentions, scene.context.places, strict=True):
        label = labels.own(mention.surface)
        repeated = counts[mention.surface] > 1
        answers.append(NONE if repeated and not scene.context.verbs_before(place.start) else label)
    return answers


def _pair_examples(scene: Scene, labels: FactLabels) -> Iterator[Example]:
    for i, mention in enumerate(scene.mentions):
        for subject in candidates(scene, i):
            features = pair_features(scene.context, subject.place, i, where(subject))
            yield [features], [labels.pair(subject.mention.surface, mention.surface)]


def fit(examples: Iterable[Example], path: Path, settings: Sequence[dict[str, Any]], *, structured: bool) -> None:
    """Train a conditional random field with CRFsuite once per setting and write the mean of the weights."""
    kept = [(features, labels) for features, labels in examples if features]
    models = [ChainModel.from_dump(_crfsuite_dump(kept, setting), structured=structured) for setting in settings]
    ChainModel.mean(models).save(path)


def _crfsuite_dump(examples: Sequence[Example], setting: dict[str, Any]) -> list[str]:
    import pycrfsuite

    trainer = pycrfsuite.Trainer(verbose=False)
    for features, labels in examples:
        trainer.append(features, labels)
    trainer.set_params(setting)
    with TemporaryDirectory() as folder:
        model, dump = f"{folder}/model", f"{folder}/dump"
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        tagger.dump(dump)
        return Path(dump).read_text(encoding="utf-8").split("\n")


def train(passages: Sequence[Passage], documents: dict[str, Document], folder: Path) -> None:
    """Write `tagger`, `objects`, `pairs` and `shared` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = shared.votes(passages)
    shared.save(shared.entries(found), folder / shared.TABLE.name)
    tables = {
        name: shared.tables_for(documents[name], Lexicon(shared.entries(found, without=name, least=1)))
        for name in sorted({p.doc for p in passages})
    }
    tagger = [x for p in passages for x in tagger_examples(documents[p.doc], p, tables[p.doc])]
    fit(tagger, folder / "tagger.npz", TAGGER_PARAMETERS, structured=True)
    relations = [x for p in passages for x in relation_examples(documents[p.doc], p)]
    fit((x for objects, _ in relations for x in objects), folder / "objects.npz", RELATION_PARAMETERS, structured=False)
    fit((x for _, pairs in relations for x in pairs), folder / "pairs.npz", RELATION_PARAMETERS, structured=False)


def read_by_offsets(path: Path, texts: Path | None = None) -> tuple[list[Passage], dict[str, Document]]:
    """Return the passages of a file that says by offsets where their labels stand, and their documents.

    Such a line is as in `read_passages`, without texts; a side of a fact is a pair of offsets, None for `@doc`.
    Before its passages comes a line for each document: its whole text as `raw` with its own `district`, or the
    `sha256` of the file that holds it, in `texts` or else beside `path`.

    Raises:
        GoldError: a document of `texts` is not the one that was annotated.
    """
    documents: dict[str, Document] = {}
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        data = json.loads(line)
        name = data["doc"]
        if "raw" in data:
            documents[name] = lay_out(data["raw"], id=name, district=data["district"])
        elif "sha256" in data:
            documents[name] = lay_out(_annotated_text((texts or path.parent) / f"{name}.txt", data["sha256"]), id=name)
        else:
            lines.append(json.dumps(_with_text(data, documents[name].raw), ensure_ascii=False))
    return list(parse_passages(lines, str(path))), documents


def _annotated_text(file: Path, digest: str) -> str:
    raw = file.read_bytes().decode("utf-8")
    if sha256(raw.encode()).hexdigest() != digest:
        raise GoldError(f"{file} is not the text that was annotated; get the version with sha256 {digest}")
    return raw


def _with_text(data: dict[str, Any], raw: str) -> dict[str, Any]:
    def surface(side: Any) -> str:
        return DOC if side is None else raw[side[0] : side[1]]

    facts = [f | {"subject": surface(f["subject"]), "object": surface(f["object"])} for f in data["facts"]]
    observations = [
        o | {"subject": surface(o["subject"]), "indicator": surface(o["indicator"])} for o in data["observations"]
    ]
    text = raw[data["start"] : data["end"]]
    return data | {"text": text, "facts": facts, "observations": observations}


def annotated(
    gold: Path,
    corpus: Path,
    *,
    written: Path | None = None,
    elsewhere: Path | None = None,
    texts: Path | None = None,
) -> tuple[list[Passage], dict[str, Document]]:
    """Return the annotated passages with their documents; those of `elsewhere` if `texts` holds their documents."""
    passages = list(read_passages(gold))
    documents = {name: read_document(corpus / f"{name}.txt") for name in sorted({p.doc for p in passages})}
    further = [read_by_offsets(written)] if written else []
    further += [read_by_offsets(elsewhere, texts)] if elsewhere and texts else []
    for more, others in further:
        passages, documents = [*passages, *more], documents | others
    return passages, documents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the annotated passages lie; `chosen` reads what they name."""
    parser.add_argument("--gold", type=Path, default=Path("tests/gold/train.jsonl"))
    parser.add_argument("--written", type=Path, default=Path("tests/gold/train-written.jsonl"))
    parser.add_argument("--elsewhere", type=Path, default=Path("tests/gold/train-elsewhere.jsonl"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--texts", type=Path, help="folder with the documents of --elsewhere")


def chosen(args: argparse.Namespace, *, written: bool = True) -> tuple[list[Passage], dict[str, Document]]:
    """Return the annotated passages, with their documents, that the options of `add_arguments` name.

    Without `written`, those of real documents alone.
    """
    more = args.written if written else None
    return annotated(args.gold, args.corpus, written=more, elsewhere=args.elsewhere, texts=args.texts)


def main() -> None:
    """Train from the command line; prints what the models were made from."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("-o", "--out", type=Path, default=Path("extract/models"))
    args = parser.parse_args()
    passages, documents = chosen(args)
    train(passages, documents, args.out)
    print(f"{len(passages)} passages, {sum(len(p.mentions) for p in passages)} mentions -> {args.out}")


if __name__ == "__main__":
    main()
