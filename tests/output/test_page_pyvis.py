"""The quick static view holds everything in one file."""

import re

import pytest
from lxml.html import document_fromstring

from output.page.pyvis_view import pyvis_html
from tests.graph.sample import hostile, sample


@pytest.fixture(scope="module")
def html() -> str:
    return pyvis_html(sample())


def test_nothing_is_loaded_from_anywhere(html: str) -> None:
    elements = list(document_fromstring(html).iter("script", "link", "img", "iframe"))
    assert len(elements) >= 3
    addresses = [element.get(name) for element in elements for name in ("src", "href") if element.get(name)]
    assert addresses == ["data:,"]


def test_every_claim_is_an_edge_and_physics_is_off(html: str) -> None:
    assert html.count('"from":') == len(sample().claims) == 18
    assert re.search(r'"physics": \{\s*"enabled": false', html)


def test_hostile_names_cannot_leave_the_script() -> None:
    html = pyvis_html(hostile())
    assert "</script><script>alert" not in html
    assert "<img src=x" not in html
