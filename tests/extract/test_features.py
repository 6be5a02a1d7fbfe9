"""The tagger's features: what a character sees, and that integers say the same as strings."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.chain import ChainModel
from extract.columns import Sentences, Words, sentence_columns
from extract.extractor import FOLDER
from extract.features import TEMPLATES, feature_strings, parts, sentence_features
from extract.lexicon import Lexicon
from extract.lookup import FeatureIndex, Table
from extract.shared import shared_names
from extract.tagger import index_file

TABLES = (Lexicon({"长山子": "H9"}), shared_names())
PIECES = (
    "米东区", "建设", "甲乙工业园", "、", "和", "“双碳”", "（", "）", "《", "，", "。", "；", "：", "到2025年", "GDP",
    "增长6.5%", "农业", "氢能产业", "长山子", "打造", "的", "\n", "\r", "\u0002", "\u0003", "^", "$", "𠮷", "①", " ",
    "国家级", "高新区",
)  # fmt: skip
sentences = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@pytest.fixture(scope="module")
def names() -> list[str]:
    return list(ChainModel.load(FOLDER / "tagger.npz").names)


@pytest.fixture(scope="module")
def index(names: list[str]) -> FeatureIndex:
    return FeatureIndex(names)


def test_a_character_sees_itself_its_neighbours_its_word_and_its_chunk() -> None:
    found = sentence_features("建设甲乙工业园", "body", TABLES)
    assert len(found) == 7
    assert found[0][:6] == ["b", "0建", "-1\u0002", "+1设", "-2\u0002", "+2甲"]
    assert found[0][6:11] == ["<\u0002建", ">建设", "<<\u0002\u0002", ">>设甲", "|\u0002建设"]
    assert found[0][11] == "s\u0002汉汉"
    assert {"wB建设", "wbB^", "rbody", "k-"} <= set(found[0])
    assert {"kIPar", "kv" + "I建设", "k3|1Par", "kn" + "I5Par"} <= set(found[5])
    assert not any(name.startswith(("n-", "h-", "v-")) for name in found[0])
    assert not any(name.startswith(("n+", "h+", "v+")) for name in found[6])


def test_the_distance_of_a_figure_ends_at_the_comma_and_a_bracket_encloses() -> None:
    found = sentence_features("增长（6%），共3个", "body")
    assert [next(n[1:] for n in f if n.startswith("#")) for f in found] == [
        "3",
        "2",
        "1",
        "0",
        "",
        "",
        "",
        "1",
        "0",
        "",
    ]
    assert [next(n[1:] for n in f if n.startswith("i")) for f in found] == ["", "", "", "（", "（", "", "", "", "", ""]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=4))
def test_sentences_together_have_the_features_that_each_has_alone(texts: list[str]) -> None:
    roles = [("body", "item", "cell")[i % 3] for i in range(len(texts))]
    together = feature_strings(sentence_columns(texts, roles, TABLES))
    assert together == [sentence_features(text, role, TABLES) for text, role in zip(texts, roles, strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=4))
def test_integers_find_the_rows_of_the_strings(names: list[str], index: FeatureIndex, texts: list[str]) -> None:
    columns = sentence_columns(texts, ["body"] * len(texts), TABLES)
    rows = np.stack(index.rows(columns))
    place = {name: number + 1 for number, name in enumerate(names)}
    compared = 0
    text = columns.sentences
    for at, features in zip(text.starts, feature_strings(columns), strict=True):
        for i, found in enumerate(features):
            expected = Counter(place[name] for name in found if name in place)
            assert Counter(rows[:, at + i][rows[:, at + i] > 0].tolist()) == expected
            compared += 1
    assert compared == sum(map(len, texts))


def test_no_word_reaches_over_the_edge_of_a_sentence() -> None:
    text = Sentences.of(["发展", "农业\r", "\n园区", ""])
    words = Words.of(text)
    stretches = [text.text[a : a + n] for a, n in zip(words.starts, words.lengths, strict=True)]
    assert "".join(stretches) == text.text
    edges = {*words.starts.tolist(), len(text.text)}
    assert {*text.starts.tolist(), *(text.starts + text.lengths).tolist()} <= edges


def test_every_template_has_features_in_the_model(index: FeatureIndex) -> None:
    assert len(TEMPLATES) == 54
    known = index.templates
    assert known == set(TEMPLATES)
    assert parts("m0k{table0}k{proposal}") == (("m0k", "table0"), ("k", "proposal"))


def test_the_file_beside_the_model_is_the_model_s_own_and_says_the_same(names: list[str], tmp_path: Path) -> None:
    kept = index_file(FOLDER / "tagger.npz")
    assert FeatureIndex(names)._read(names, kept) is not None, "run `make model`, or python -m extract.tagger"
    assert FeatureIndex(names[:-1])._read(names[:-1], kept) is None
    (tmp_path / "index.npz").write_bytes(kept.read_bytes()[:1000])
    texts = ["到2025年，米东区加快建设米东化工园区。", "发展设施农业、冷链物流产业"]
    columns = sentence_columns(texts, ["body", "body"], TABLES)
    expected = FeatureIndex(names).rows(columns)
    for path in (kept, tmp_path / "index.npz", tmp_path / "none.npz"):
        found = FeatureIndex(names, path).rows(columns)
        assert len(found) == len(expected) == len(TEMPLATES)
        assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@given(st.dictionaries(st.integers(0, 2**40), st.integers(1, 1000), max_size=300), st.lists(st.integers(0, 2**40)))
def test_a_hash_table_answers_as_a_dictionary_does(entries: dict[int, int], others: list[int]) -> None:
    table = Table(np.array(list(entries), np.int64), np.array(list(entries.values()), np.int32), 2**41)
    asked = np.array([*entries, *others], np.int64)
    assert table.find(asked).tolist() == [entries.get(key, 0) for key in asked.tolist()]
