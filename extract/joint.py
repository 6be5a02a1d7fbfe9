"""The network that `extract.finetuning` trains: one encoder that labels characters and relates mentions.

A base of `extract.pretrained` with a label layer, and the two networks of `extract.fact_heads` over
its states. They learn together from whole sentences, of which only the annotated part counts. What
a paragraph's lead or a heading has to do with a mention is left to `extract.relations`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from extract.fact_heads import DISTANCES, FRAME, TYPES, FactHeads, distance, frame
from extract.pretrained import Base
from extract.samples import LABELS, LONGEST, Sample

_HIDDEN, _KIND = 256, 32  # widths of the heads' middle and of their table of types
_DROPPED = 0.25


@dataclass(frozen=True, slots=True)
class Related:
    """The mentions of a batch and what is asked of them.

    `spans`: rows of (text, first and one past the last position, type); `own`: label numbers;
    `frames`: `FRAME` numbers a mention; `pairs`: rows of (subject, object, distance, label number).
    """

    spans: torch.Tensor
    own: torch.Tensor
    frames: torch.Tensor
    pairs: torch.Tensor


class Joint(nn.Module):
    """A base with its label layer and the two networks for facts; `own` and `pair` are their labels."""

    def __init__(self, base: Base, own: Sequence[str], pair: Sequence[str], *, halved: bool = True) -> None:
        super().__init__()
        self.base, self.halved = base.network, halved
        self.own_labels, self.pair_labels = tuple(own), tuple(pair)
        self.drop = nn.Dropout(_DROPPED)
        self.label = nn.Linear(base.width, len(LABELS))
        known = _KIND + FRAME
        self.kind = nn.Embedding(len(TYPES), _KIND)
        self.distance = nn.Embedding(DISTANCES, _HIDDEN)
        self.own_in, self.own_out = nn.Linear(3 * base.width + known, _HIDDEN), nn.Linear(_HIDDEN, len(own))
        self.subject = nn.Linear(2 * base.width + known, _HIDDEN)
        self.object = nn.Linear(2 * base.width + known, _HIDDEN)
        self.middle, self.pair_out = nn.Linear(_HIDDEN, _HIDDEN), nn.Linear(_HIDDEN, len(pair))

    def states(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the base's states: texts x positions x width; `inputs` are those of the base's network."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.halved):
            states: torch.Tensor = self.base(*inputs)
        return states.float()

    def forward(self, *inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return label log-probabilities (texts x positions x labels) and the states."""
        states = self.states(*inputs)
        return functional.log_softmax(self.label(self.drop(states)), -1), states

    def relate(self, states: torch.Tensor, related: Related) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the scores of each mention's labels and of each pair's."""
        row, start, end, kind = related.spans.unbind(1)
        edges = torch.cat([states[row, start], states[row, end - 1]], -1)
        sums = functional.pad(states.cumsum(1), (0, 0, 1, 0))
        means = (sums[row, end] - sums[row, start]) / (end - start)[:, None]
        known = torch.cat([self.kind(kind), related.frames], -1)
        own = self.own_in(torch.cat([self.drop(torch.cat([edges, means], -1)), known], -1))
        both = torch.cat([self.drop(edges), known], -1)
        subject, target, gap, _ = related.pairs.unbind(1)
        pair = self.subject(both)[subject] + self.object(both)[target] + self.distance(gap)
        pair = self.middle(self.drop(_gelu(pair)))
        return self.own_out(self.drop(_gelu(own))), self.pair_out(self.drop(_gelu(pair)))

    def beside_base(self) -> list[nn.Parameter]:
        """Return what is trained beside the base: the label layer and the two networks."""
        return [value for name, value in self.named_parameters() if not name.startswith("base.")]

    def heads(self) -> FactHeads:
        """Return the two networks as the extractor uses them."""
        named = {name: value.detach().numpy() for name, value in self.named_parameters() if _is_of_heads(name)}
        tables = {name: named.pop(f"{name}.weight") for name in ("kind", "distance")}
        return FactHeads(self.own_labels, self.pair_labels, named | tables)


def _is_of_heads(name: str) -> bool:
    return not name.startswith(("base.", "label."))


def _gelu(x: torch.Tensor) -> torch.Tensor:
    return functional.gelu(x, approximate="tanh")


def relations_of(chosen: Sequence[Sample], own: Sequence[str], pair: Sequence[str]) -> Related:
    """Return the mentions of a batch's sentences with the numbers of their labels in `own` and `pair`."""
    own_number, pair_number = ({label: i for i, label in enumerate(labels)} for labels in (own, pair))
    spans: list[tuple[int, int, int, int]] = []
    labels, frames, pairs = [], [], []
    for row, sample in enumerate(chosen):
        if sample.context is None:
            continue
        places, around, here = sample.context.places, frame(sample.context), {}
        for i, place in enumerate(places):
            if place.end <= LONGEST:
                here[i] = len(spans)
                spans.append((row, 1 + place.start, 1 + place.end, TYPES.index(place.type)))
                labels.append(own_number[sample.own[i]])
                frames.append(around)
        for i, j, label in sample.pairs:
            if i in here and j in here:
                pairs.append((here[i], here[j], distance(places[i], places[j]), pair_number[label]))
    return Related(
        torch.tensor(spans, dtype=torch.long).reshape(-1, 4),
        torch.tensor(labels, dtype=torch.long),
        torch.tensor(frames).reshape(-1, FRAME),
        torch.tensor(pairs, dtype=torch.long).reshape(-1, 4),
    )
