"""Extractions of many documents are held as text, and are the same when they are asked for."""

from dataclasses import replace

import pytest

from extract.extraction import Extraction
from extract.extractor import extract
from extract.layout import lay_out
from extract.tier import Tier
from output import extractions
from output.extracting import _bare
from output.extractions import Extractions
from tests.cli import PLAN


def said(name: str) -> Extraction:
    found = extract(lay_out(PLAN, id=name), Tier.FAST)
    return replace(found, document=_bare(found.document))


@pytest.mark.parametrize("at_hand", [0, len(PLAN), 10 * len(PLAN)])
def test_what_goes_in_comes_out(monkeypatch: pytest.MonkeyPatch, at_hand: int) -> None:
    monkeypatch.setattr(extractions, "AT_HAND", at_hand)
    given = [said(name) for name in "cab"]
    assert all(one.mentions and one.facts for one in given)
    held = Extractions()
    for one in given:
        held.add(one)
    assert sum(isinstance(one, Extraction) for one in held._held) == min(3, at_hand // len(PLAN))
    assert list(held) == given
    assert held[1] == given[1]
    assert held[1:] == given[1:]
    assert [document.id for document in held.documents()] == ["c", "a", "b"]
    assert len(held) == 3
