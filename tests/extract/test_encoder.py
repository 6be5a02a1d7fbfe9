import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.encoder import FOLDER, Encoder, _batches, identify, load_encoders, normal, read_together, window_starts
from extract.errors import ModelError
from ontology.schema import EntityType

LABELS = {"O", *(f"{edge}-{kind}" for kind in EntityType for edge in "BIES")}
SENTENCE = "加快建设甘泉堡工业园区，发展新材料、生物医药产业，到2025年工业增加值达到120亿元。"


@pytest.fixture(scope="module")
def encoders() -> tuple[Encoder, ...]:
    return load_encoders()


@given(st.integers(0, 5000))
def test_windows_cover_every_character_and_overlap(length: int) -> None:
    starts = list(window_starts(length))
    covered = {i for at in starts for i in range(at, min(at + 510, length))}
    assert covered == set(range(length))
    assert all(b - a <= 510 - 128 for a, b in pairwise(starts))


@given(st.lists(st.integers(1, 510), max_size=60))
def test_only_texts_of_one_length_run_together(lengths: list[int]) -> None:
    batches = list(_batches(lengths))
    assert sorted(i for batch in batches for i in batch) == list(range(len(lengths)))
    for batch in batches:
        (length,) = {lengths[i] for i in batch}
        assert len(batch) == 1 or len(batch) * (length + 2) <= 450


def test_width_case_and_script_do_not_matter() -> None:
    vocabulary = {"产": 1, "业": 2, "g": 3, "，": 4}
    for text in ("产业G，", "產業Ｇ,"):
        assert identify(normal(text), vocabulary, 9) == [1, 2, 3, 4]
    assert identify("产x", vocabulary, 9) == [1, 9]


def test_scores_are_log_probabilities_of_the_labels(encoders: tuple[Encoder, ...]) -> None:
    assert len(encoders) == 2
    for encoder in encoders:
        (scores,) = encoder.read([SENTENCE]).scores
        assert set(encoder.labels) == LABELS
        assert scores.shape == (len(SENTENCE), len(LABELS))
        assert scores.max() <= 0
        assert scores.min() >= -12
        assert np.exp(scores).sum(1) == pytest.approx(1, abs=2e-3)


def test_a_park_and_a_sector_are_seen(encoders: tuple[Encoder, ...]) -> None:
    end = SENTENCE.index("园区") + 1
    for encoder in encoders:
        (scores,) = encoder.read([SENTENCE]).scores
        best = [encoder.labels[i] for i in scores.argmax(1)]
        assert best[end] == "E-Park"
        assert best[SENTENCE.index("新材料")] == "B-Industry"
        assert best[0] == "O"


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text("园区发展建设，1a", max_size=40), max_size=4))
def test_a_sentence_is_judged_alike_in_any_company(encoders: tuple[Encoder, ...], others: list[str]) -> None:
    for encoder in encoders:
        (alone,) = encoder.read([SENTENCE]).scores
        found = encoder.read([*others, SENTENCE]).scores
        assert [len(scores) for scores in found] == [*map(len, others), len(SENTENCE)]
        assert (found[-1].argmax(1) == alone.argmax(1)).mean() > 0.95


def test_a_long_text_is_judged_to_its_end(encoders: tuple[Encoder, ...]) -> None:
    text = SENTENCE * 30
    for encoder in encoders:
        (scores,) = encoder.read([text]).scores
        park = encoder.labels.index("E-Park")
        ends = [match.end() - 1 for match in re.finditer("工业园区", text)]
        assert len(ends) == 30
        assert (scores[ends, park] > -1).sum() >= 28
        assert (scores.max(1) > -6).all()


def test_the_same_text_gives_the_same_bytes(encoders: tuple[Encoder, ...]) -> None:
    for encoder in encoders:
        first, second = encoder.read([SENTENCE]), encoder.read([SENTENCE])
        assert first.scores[0].tobytes() == second.scores[0].tobytes()
        assert [states.tobytes() for states in first.states] == [states.tobytes() for states in second.states]


def test_each_encoder_counts_by_its_weight(encoders: tuple[Encoder, ...]) -> None:
    assert sum(encoder.weight for encoder in encoders) == pytest.approx(1)
    (joined,) = read_together(encoders, [SENTENCE]).scores
    mean = sum(encoder.weight * np.exp(encoder.read([SENTENCE]).scores[0]) for encoder in encoders)
    assert np.exp(joined) == pytest.approx(mean, abs=1e-5)
    (alone,) = read_together(encoders[:1], [SENTENCE]).scores
    assert alone == pytest.approx(encoders[0].read([SENTENCE]).scores[0])


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07" * 50])
def test_a_damaged_file_is_named(tmp_path, content: bytes) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=re.escape(str(path))):
        Encoder.load(path)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(ModelError, match=r"nothing\.onnx"):
        Encoder.load(tmp_path / "nothing.onnx")


def test_the_package_carries_its_encoders() -> None:
    names = sorted(path.name for path in FOLDER.iterdir())
    assert names == ["e5.facts.npz", "e5.onnx", "envpos.onnx"]
