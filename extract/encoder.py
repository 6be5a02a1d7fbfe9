"""Fine-tuned transformer encoders: what each character's context says of its label.

An encoder is one ONNX file in `extract/models/encoders/`, made by `extract.finetuning`: a small
pretrained language model with a label layer, in 8-bit integers. Its vocabulary and labels lie in
the file's metadata; nothing in the file is executed but the graph.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from extract.chain import Floats
from extract.errors import ModelError
from extract.fact_heads import FactHeads, FactView, States
from extract.folding import fold
from extract.words import Words, framed

if TYPE_CHECKING:
    import onnxruntime

FOLDER = Path(__file__).with_name("models") / "encoders"
HEADS = ".facts.npz"  # suffix of the file with an encoder's fact heads

_WINDOW = 510  # characters that an encoder sees at once
_MARGIN = 64  # characters at a window's edge that the next window judges better
_SLOW = ["SkipLayerNormFusion"]  # ONNX Runtime's fused operator takes longer than its parts (1.31, x86-64)
_BATCH = 450  # characters of one batch
_LEAST = np.float32(-12.0)  # log-probability: no encoder may rule a label out
_METADATA = ("vocabulary", "labels", "frame")


@dataclass(frozen=True)
class Reading:
    """What one encoder makes of some texts: log-probabilities (characters x labels), at least -12, and states.

    `states` are those of each character (characters x width, half precision); none without fact heads.
    """

    scores: list[Floats]
    states: list[States]


@dataclass(frozen=True)
class Encoder:
    """One encoder, with fact heads or without; `read` is a pure function of the texts.

    `frame` are the identifiers of padding, beginning, end and the unknown character; `words` those that
    it knows, if it reads words too; `weight` is what it counts beside others.
    """

    session: "onnxruntime.InferenceSession"
    vocabulary: dict[str, int]
    labels: tuple[str, ...]
    frame: tuple[int, int, int, int]
    heads: FactHeads | None = None
    words: Words | None = None
    weight: float = 1.0

    @classmethod
    def load(cls, path: Path) -> "Encoder":
        """Read an encoder, and its heads if their file stands beside it.

        Raises:
            ModelError: the file is missing, or is not an encoder of this kind.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # builds run a process a core
        options.log_severity_level = 3
        try:
            session = onnxruntime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW
            )
            data = session.get_modelmeta().custom_metadata_map
            vocabulary, labels, frame = (data[key] for key in _METADATA)
            words, weight = data.get("words"), float(data.get("weight", 1.0))
        except Exception as error:  # ONNX Runtime's errors share no class
            raise ModelError(f"{path} is not an encoder ({error}); reinstall plankg or run `make encoders`") from error
        pairs = (line.rpartition("\t") for line in vocabulary.split("\n"))
        pad, begin, end, unknown = (int(number) for number in frame.split())
        return cls(
            session,
            {char: int(number) for char, _, number in pairs},
            tuple(labels.split("\n")),
            (pad, begin, end, unknown),
            FactHeads.load(heads) if (heads := path.with_suffix(HEADS)).exists() else None,
            Words(tuple(words.split("\n"))) if words else None,
            weight,
        )

    def read(self, texts: Sequence[str]) -> Reading:
        """Return what the encoder makes of clean texts, in their order."""
        results: dict[str, list[NDArray[Any]]] = {
            "scores": [np.full((len(text), len(self.labels)), _LEAST) for text in texts]
        }
        if self.heads:
            results["states"] = [np.zeros((len(text), self.heads.width), np.float16) for text in texts]
        windows = [(i, at) for i, text in enumerate(texts) for at in window_starts(len(text))]
        known = [normal(text) for text in texts]
        identifiers = [identify(text, self.vocabulary, self.frame[3]) for text in known]
        places = [self.words.places(text) for text in known] if self.words else []
        size = [min(_WINDOW, len(texts[i]) - at) for i, at in windows]
        for batch in _batches(size):
            cut = [(i, slice(at, at + size[k])) for k in batch for i, at in (windows[k],)]
            inputs = self._inputs([identifiers[i][piece] for i, piece in cut])
            if places:
                inputs["words"] = framed([places[i][piece] for i, piece in cut])
            for name, found in zip(results, self.session.run(list(results), inputs), strict=True):
                for row, k in enumerate(batch):
                    i, at = windows[k]
                    skip = _MARGIN if at else 0
                    results[name][i][at + skip : at + size[k]] = found[row, 1 + skip : 1 + size[k]]
        scores = [np.maximum(matrix, _LEAST) for matrix in results["scores"]]
        return Reading(scores, results.get("states", []))

    def _inputs(self, pieces: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
        """Return what the graph is given for pieces of one length, but their words."""
        _, begin, end, _ = self.frame
        ids = np.array([[begin, *piece, end] for piece in pieces], np.int64)
        return {"ids": ids, "mask": np.ones_like(ids)}


@lru_cache(maxsize=1)
def _lower() -> dict[int, str]:
    """Return the lower-case form of each character whose lower case is one character."""
    return {code: chr(code).lower() for code in range(0x2000) if len(chr(code).lower()) == 1}


def normal(text: str) -> str:
    """Return a clean text as encoders know it: width, traditional characters and case do not matter.

    >>> normal("A區Ｚ")
    'a区z'
    """
    return fold(text).translate(_lower())


def identify(text: str, vocabulary: Mapping[str, int], unknown: int) -> list[int]:
    """Return the number of each character of a normal text.

    >>> identify("a区z", {"a": 5, "区": 6}, 3)
    [5, 6, 3]
    """
    return [vocabulary.get(char, unknown) for char in text]


def window_starts(length: int) -> range:
    """Return where the windows over a text of `length` characters begin; each overlaps the one before.

    >>> list(window_starts(510)), list(window_starts(600))
    ([0], [0, 382])
    """
    step = _WINDOW - 2 * _MARGIN
    return range(0, max(length - 2 * _MARGIN, 1) if length > _WINDOW else min(length, 1), step)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indexes of texts of the same length, shortest first: an encoder may have no mask for padding."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        if batch and (lengths[i] > lengths[batch[0]] or (len(batch) + 1) * (lengths[i] + 2) > _BATCH):
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


@dataclass(frozen=True)
class Joined:
    """What several encoders say of the sentences of a document: mean probabilities, and views of facts.

    `scores` are the logarithms of the weighted means (characters x `labels`).
    """

    labels: tuple[str, ...]
    scores: list[Floats]
    views: tuple[FactView, ...]


def read_together(encoders: Sequence[Encoder], texts: Sequence[str]) -> Joined:
    """Return what the encoders, at least one, say of a document's sentences; labels are those of the first."""
    labels = encoders[0].labels
    total: list[Floats] = []
    views = []
    whole = sum(encoder.weight for encoder in encoders)
    for encoder in encoders:
        reading = encoder.read(texts)
        columns = [encoder.labels.index(label) for label in labels]
        share = np.float32(np.log(encoder.weight / whole))
        found = [scores[:, columns] + share for scores in reading.scores]
        total = [np.logaddexp(a, b) for a, b in zip(total, found, strict=True)] if total else found
        if encoder.heads:
            views.append(FactView(encoder.heads, reading.states))
    return Joined(labels, total, tuple(views))


def load_encoders(folder: Path = FOLDER) -> tuple[Encoder, ...]:
    """Return the encoders of a folder in the order of their names."""
    return tuple(Encoder.load(path) for path in sorted(folder.glob("*.onnx")))
