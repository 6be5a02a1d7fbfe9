"""The chain's decoding and marginals against brute force over all labellings."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.chain import ChainModel, bies_allowed
from extract.tagger import decode, encode

LABELS = ("B-Park", "E-Park", "I-Park", "O", "S-Park")


def _model(seed: int, *, structured: bool) -> ChainModel:
    random = np.random.default_rng(seed)
    names = ("a", "b", "c")
    return ChainModel(
        LABELS,
        names,
        random.normal(size=(3, 5)).astype(np.float32),
        random.normal(size=(5, 5)).astype(np.float32),
        structured,
    )


def _score(model: ChainModel, scores: np.ndarray, path: tuple[int, ...]) -> float:
    total = sum(float(scores[t, k]) for t, k in enumerate(path))
    return total + sum(float(model.transitions[i, j]) for i, j in itertools.pairwise(path))


def _legal(path: tuple[int, ...]) -> bool:
    names = [LABELS[k] for k in path]
    inside = all(bies_allowed(a, b) for a, b in itertools.pairwise(names))
    return inside and names[0][0] in "OBS" and names[-1][0] in "OES"


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10_000),
    st.lists(st.lists(st.sampled_from("abcx"), max_size=3), min_size=1, max_size=5),
    st.booleans(),
)
def test_decoding_and_marginals_equal_brute_force(seed: int, items: list[list[str]], structured: bool) -> None:
    model = _model(seed, structured=structured)
    scores = model.emissions(items)
    paths = [p for p in itertools.product(range(5), repeat=len(items)) if not structured or _legal(p)]
    weights = np.array([_score(model, scores, p) for p in paths])
    odds = np.exp(weights - weights.max())
    odds /= odds.sum()
    (decoded,) = model.decode([scores])
    best = tuple(LABELS.index(label) for label in decoded.labels)
    assert best in paths
    assert weights[paths.index(best)] == pytest.approx(weights.max(), abs=1e-4)  # of several best ones, any
    for t, k in enumerate(best):
        expected = sum(o for o, p in zip(odds, paths, strict=True) if p[t] == k)
        assert decoded.marginals[t] == pytest.approx(expected, abs=2e-3)


def test_sentences_decoded_together_or_alone_are_labelled_alike() -> None:
    model = _model(7, structured=True)
    sentences = [[["a"], ["b", "c"], ["c"]], [["b"]], [["c"], ["a", "a"], ["x"], ["b"], ["a"]]]
    scores = [model.emissions(s) for s in sentences]
    together = [d.labels for d in model.decode(scores)]
    alone = [model.decode([s])[0].labels for s in scores]
    assert together == alone
    assert [len(labels) for labels in together] == [3, 1, 5]


def test_a_model_file_keeps_the_labelling_and_is_written_alike(tmp_path: Path) -> None:
    model = _model(3, structured=True)
    model.save(tmp_path / "one.npz")
    model.save(tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    read = ChainModel.load(tmp_path / "one.npz")
    items = [["a"], ["b"], ["c"], ["a", "c"]]
    assert read.decode([read.emissions(items)])[0].labels == model.decode([model.emissions(items)])[0].labels
    assert read.structured


def test_the_mean_of_models_joins_their_features() -> None:
    one = ChainModel(("A", "B"), ("x",), np.array([[2.0, 0.0]], np.float32), np.zeros((2, 2), np.float32), False)
    two = ChainModel(("A", "B"), ("y",), np.array([[0.0, 4.0]], np.float32), np.ones((2, 2), np.float32), False)
    mean = ChainModel.mean([one, two])
    assert mean.emissions([["x"], ["y"], ["x", "y"]]).tolist() == [[1.0, 0.0], [0.0, 2.0], [1.0, 2.0]]
    assert mean.transitions.tolist() == [[0.5, 0.5], [0.5, 0.5]]


DUMP = """FILEHEADER = {
  magic: lCRF
}

LABELS = {
      0: O
      1: S-Park
}

ATTRIBUTES = {
      0: a --> b
}

TRANSITIONS = {
  (1) O --> S-Park: 0.500000
}

STATE_FEATURES = {
  (0) a --> b --> S-Park: -1.250000
}
"""


def test_reading_a_crfsuite_dump() -> None:
    model = ChainModel.from_dump(DUMP.splitlines(), structured=True)
    assert model.labels == ("O", "S-Park")
    assert model.emissions([["a --> b"]]).tolist() == [[0.0, -1.25]]
    assert model.transitions.tolist() == [[0.0, 0.5], [0.0, 0.0]]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.sampled_from(["Park", "District"])), max_size=6))
def test_labels_and_spans_round_trip(pieces: list[tuple[int, int, str]]) -> None:
    spans, at = [], 0
    for length, gap, kind in pieces:
        spans.append((at + gap, at + gap + length, kind))
        at += gap + length
    assert decode(encode(at + 2, spans)) == spans
