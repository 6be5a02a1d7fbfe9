"""The benchmark's own parts: what it measures adds up, and its plot is a picture."""

import re
from pathlib import Path
from xml.etree import ElementTree

from tests.benchmark.plot import growth_plot
from tests.benchmark.stages import STAGES, measure
from tests.cli import ROOT


def test_every_stage_is_measured(plan: Path) -> None:
    found, kg = measure([plan])
    assert tuple(found.seconds) == STAGES
    assert found.characters == len(plan.read_text(encoding="utf-8"))
    assert found.claims == len(kg.claims) > 0
    assert found.triples > 100
    assert found.reference > 0
    assert 0 < found.total < 60


def test_the_plot_is_well_formed() -> None:
    lines = {"reading": [0.1, 0.1, 0.2], "<page>": [1.0, 2.0, 3.0]}
    root = ElementTree.fromstring(growth_plot([1000, 4000, 16000], lines))
    name = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{name}polyline")) == 2
    assert len(root.findall(f"{name}circle")) == 6
    assert "<page>" in [text.text for text in root.findall(f"{name}text")]
    heights = [float(point.split(",")[1]) for point in root.findall(f"{name}polyline")[1].get("points", "").split()]
    assert heights == sorted(heights, reverse=True)


def test_the_page_and_the_readme_show_the_same_figures() -> None:
    page = (ROOT / "docs" / "benchmark.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([\w. ]+?) \| [\d.]+ \| ([\d.]+) \| ([\d.]+) \|$", page, re.MULTILINE)
    figures = {name: ratios for name, *ratios in rows}
    assert {"reading", "extraction", "resolution", "Turtle", "page", "all stages"} <= figures.keys()
    for readme in ("README.md", "README.zh-CN.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert "](docs/benchmark.md)" in text
        table = text.split("| × `jieba.posseg` | × LAC |\n")[1].split("\n\n")[0]
        shown = re.findall(r"([\d.]+) \| ([\d.]+) \|$", table, re.MULTILINE)
        assert [list(ratios) for ratios in shown] == [figures[stage] for stage in (*STAGES, "all stages")]
