"""Rows as Python values, by name, and as data frames."""

import datetime
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from extract.errors import PlankgError
from graph import answers
from graph.answers import Iri, Table, value
from graph.terms import term
from tests.graph.sample import sample

KG = sample()
FIGURES = """SELECT ?park ?name ?amount ?day ?none {
    ?park a plan:Park ; rdfs:label ?name . ?o plan:valueText "12" ; plan:value ?amount .
    ?document dcterms:issued ?day OPTIONAL { ?park plan:none ?none } } LIMIT 1"""


def figures() -> Table:
    answer = KG.query(FIGURES, check=False)
    assert isinstance(answer, Table)
    return answer


def test_rows_have_names_and_types() -> None:
    (row,) = figures()
    assert row._fields == ("park", "name", "amount", "day", "none")  # type: ignore[attr-defined]
    assert (row.name, row.amount, row.day) == ("米东化工工业园", Decimal(12), datetime.date(2021, 1, 7))  # type: ignore[attr-defined]
    assert row.none is None  # type: ignore[attr-defined]
    assert isinstance(row[0], Iri)
    assert not isinstance(row[1], Iri)
    assert str(row[0]).startswith("https://w3id.org/plankg/id/park-")
    assert figures().dicts() == [dict(zip(figures().variables, row, strict=True))]


def test_names_that_are_no_names_of_python() -> None:
    answer = KG.query("SELECT (1 AS ?class) (2 AS ?_x) (3 AS ?年份) {}")
    assert isinstance(answer, Table)
    (row,) = answer
    assert row._fields == ("_0", "_1", "年份")  # type: ignore[attr-defined]
    assert tuple(row) == (1, 2, 3)
    assert answer.dicts() == [{"class": 1, "_x": 2, "年份": 3}]


LITERALS = [
    ("3", "integer", 3),
    ("-3", "long", -3),
    ("2021", "gYear", 2021),
    ("7", "unsignedByte", 7),
    ("1.50", "decimal", Decimal("1.50")),
    ("2.5e3", "double", 2500.0),
    ("INF", "float", math.inf),
    ("true", "boolean", True),
    ("0", "boolean", False),
    ("2021-01-07", "date", datetime.date(2021, 1, 7)),
    ("2021-01-07T08:30:00Z", "dateTime", datetime.datetime(2021, 1, 7, 8, 30, tzinfo=datetime.UTC)),
    ("text", "string", "text"),
    ("P1Y", "duration", "P1Y"),
    # What the datatype does not allow stays as it is written.
    ("1_000", "integer", "1_000"),
    ("NaN", "decimal", "NaN"),
    ("yes", "boolean", "yes"),
    ("2021-13-01", "date", "2021-13-01"),
    ("9" * 5000, "integer", "9" * 5000),
]


@pytest.mark.parametrize(("text", "datatype", "expected"), LITERALS, ids=lambda x: str(x)[:20])
def test_literals_become_values(text: str, datatype: str, expected: object) -> None:
    found = value(Literal(text, datatype=term(f"xsd:{datatype}")))
    assert (type(found), found) == (type(expected), expected)


def test_other_terms() -> None:
    assert value(Literal("米东", language="zh")) == "米东"
    assert value(BlankNode("b")) == "_:b"
    assert value(NamedNode("http://a/b")) == "http://a/b"
    assert value(Literal("5", datatype=NamedNode("http://example.org/integer"))) == "5"


@given(st.text(max_size=10), st.sampled_from(sorted(answers._READERS)))
def test_any_literal_has_a_value(text: str, datatype: str) -> None:
    found = value(Literal(text, datatype=term(f"xsd:{datatype}")))
    assert found == text or not isinstance(found, str)


def test_pandas() -> None:
    frame = figures().to_pandas()
    assert list(frame.columns) == list(figures().variables)
    assert frame.loc[0, "amount"] == Decimal(12)
    assert frame.loc[0, "name"] == "米东化工工业园"


def test_polars() -> None:
    frame = figures().to_polars()
    assert frame.columns == list(figures().variables)
    assert frame["day"].to_list() == [datetime.date(2021, 1, 7)]
    assert frame["park"].to_list()[0].endswith(figures().dicts()[0]["park"][-8:])  # type: ignore[index]
    assert len(Table(("x",), ()).to_polars()) == 0


def test_without_the_library_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(answers, "import_module", missing)
    with pytest.raises(PlankgError, match="needs pandas; run: pip install pandas"):
        figures().to_pandas()
    with pytest.raises(PlankgError, match="needs polars; run: pip install polars"):
        figures().to_polars()
