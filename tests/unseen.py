"""How extraction does on places that its models have never seen.

`python -m tests.unseen --texts FOLDER` trains on the annotations of the bundled documents and of
those written for the training, and scores the annotations of `train-elsewhere.jsonl`, whose
documents lie in FOLDER. The models that are shipped are trained on all, so this is a lower bound
for them. Encoders that were fine-tuned without the documents of FOLDER
(`python -m extract.finetuning -o ENCODERS`) join with `--encoders ENCODERS`; without it this is
the tier `fast`. `--bundled-alone` shows what extraction was without the written documents.
"""

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from extract.encoder import load_encoders
from extract.evaluate import evaluate, summary
from extract.extractor import Models, extract
from extract.records import records
from extract.tier import Tier
from extract.training import annotated, read_by_offsets, train

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "gold"


def main() -> None:
    """Train, extract, and print the scorer's table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True, help="folder with the documents of other places")
    parser.add_argument("--encoders", type=Path, help="folder of encoders that have not seen them")
    parser.add_argument("--bundled-alone", action="store_true", help="train on the bundled documents alone")
    args = parser.parse_args()
    written = None if args.bundled_alone else GOLD / "train-written.jsonl"
    passages, documents = annotated(GOLD / "train.jsonl", ROOT / "corpus", written=written)
    unseen, elsewhere = read_by_offsets(GOLD / "train-elsewhere.jsonl", args.texts)
    encoders = load_encoders(args.encoders) if args.encoders else ()
    with tempfile.TemporaryDirectory() as folder:
        train(passages, documents, Path(folder))
        models = replace(Models.load(Path(folder), Tier.FAST), encoders=encoders)
    found = [record for document in elsewhere.values() for record in records(extract(document, models=models))]
    print("\n".join(summary(evaluate(unseen, found))))


if __name__ == "__main__":
    main()
