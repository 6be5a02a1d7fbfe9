"""`--min-confidence` on the command line: what it leaves out, and values that it refuses."""

import json
from pathlib import Path

import pytest

from tests.cli import command
from tests.graph.sample import rich

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands read the sample: mentions have 0.875, claims 0.9, figures 0.8."""
    monkeypatch.setattr("output.snapshot.read_graph", lambda folder: rich())


@pytest.mark.parametrize("line", ["build", "extract plan.txt", "show x", "export --format nt"])
@pytest.mark.parametrize("value", ["1.5", "-1", "nan", "half"])
def test_a_value_that_is_no_confidence_is_wrong_usage(line: str, value: str, capfd: Capture) -> None:
    done = command(capfd, *line.split(), "--min-confidence", value)
    assert done.code == 2
    assert "--min-confidence" in done.err


def test_extract_leaves_out_the_unsure(plan: Path, capfd: Capture) -> None:
    def said(least: str) -> list[str]:
        done = command(capfd, "extract", plan, "--tier", "fast", "--min-confidence", least)
        assert (done.code, done.err) == (0, "")
        return done.out.splitlines()

    everything = said("0")
    confidences = [json.loads(line).get("confidence", 1) for line in everything]
    least = sorted(set(confidences))[-1]
    sure = said(str(least))
    assert sure[0] == everything[0]  # the document itself
    assert 2 <= len(sure) < len(everything)
    assert set(sure) < set(everything)
    assert all(json.loads(line).get("confidence", 1) >= least for line in sure)


@pytest.mark.usefixtures("shown")
def test_show_leaves_out_the_unsure(capfd: Capture) -> None:
    assert "Figures (5)" in command(capfd, "show", "米东区").out
    done = command(capfd, "show", "米东区", "--min-confidence", "0.85")
    assert "Facts (" in done.out
    assert "Figures" not in done.out
    done = command(capfd, "show", "旅游兴疆战略", "--min-confidence", "0.9")
    assert done.code == 1
    assert done.complaint.startswith("nothing in plankg-out is called 旅游兴疆战略 with a confidence of at least 0.9")


@pytest.mark.usefixtures("shown")
def test_export_leaves_out_the_unsure(capfd: Capture) -> None:
    figures = [
        command(capfd, "export", "--format", "nt", "--min-confidence", least).out.count("ns#kind> <")
        for least in ("0", "0.8", "0.85")
    ]
    assert figures == [8, 8, 0]
