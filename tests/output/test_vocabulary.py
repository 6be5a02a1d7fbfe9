from pathlib import Path

from output.vocabulary import vocabulary_page
from tests.ontology.test_schema import TERMS

PAGE = Path(__file__).parents[2] / "docs" / "vocabulary.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == vocabulary_page(), "run `make docs`"


def test_every_term_stands_in_it_once() -> None:
    headings = [line.removeprefix("### plan:") for line in vocabulary_page().splitlines() if line.startswith("### ")]
    assert sorted(headings) == TERMS
