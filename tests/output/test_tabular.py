"""The tables: their rows, their safety in spreadsheets, and what other programs read."""

import csv
import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.errors import PlankgError
from graph.model import KnowledgeGraph
from output import workbook
from output.tabular import (
    SHEETS,
    Sheet,
    claims,
    csv_bytes,
    entities,
    harmless,
    observations,
    plain,
    write_claims,
    write_entities,
    write_observations,
)
from output.workbook import parquet_bytes, write_parquet, write_xlsx
from tests.graph.sample import HOSTILE_NAMES, hostile, rich, sample

EMPTY = KnowledgeGraph((), (), (), ())


def rows(sheet: Sheet) -> list[dict[str, object]]:
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]


def test_entities() -> None:
    table = rows(entities(rich()))
    assert len(table) == 27
    park = next(r for r in table if r["name"] == "米东化工工业园")
    assert (park["type"], park["type_zh"], park["aliases"]) == ("Park", "园区", "化工工业园")
    assert (park["documents"], park["mentions"]) == ("midong-plan；urumqi-plan", 3)
    assert park["iri"] == f"https://w3id.org/plankg/id/{park['id']}"
    assert next(r for r in table if r["name"] == "石油化工")["gbt4754"] == "C25 closeMatch"


def test_claims() -> None:
    kg = rich()
    table = rows(claims(kg))
    assert len(table) == 21
    sought = next(r for r in table if r["status"] == "sought")
    assert (sought["subject"], sought["predicate_zh"], sought["object"]) == ("米东区", "实施", "国家服务贸易试点区")
    assert (sought["status_zh"], sought["quote"], sought["page"]) == ("争取中", "争取国家服务贸易试点区", 1)
    raw = kg.source_by_id["midong-plan"].raw
    assert raw[sought["start"] : sought["end"]] == sought["quote"]  # type: ignore[misc]
    listed = next(r for r in table if r["document"] == "reference:divisions")
    assert (listed["rule"], listed["evidence_count"], listed["quote"]) == ("list/parent", 0, "")


def test_observations() -> None:
    table = rows(observations(sample()))
    assert len(table) == 8
    gdp = next(r for r in table if r["text"] == "341.4")
    assert (gdp["value"], gdp["unit"], gdp["amount"], gdp["base_unit"]) == (
        Decimal("341.4"), "亿元", Decimal("34140000000"), "元",
    )  # fmt: skip
    bound = next(r for r in table if r["text"] == ">=80")
    assert (bound["bound"], bound["value"], bound["kind_zh"], bound["attribute"]) == (">=", 80, "目标值", "约束性")
    words = next(r for r in table if r["text"] == "高于GDP增长")
    assert (words["value"], words["amount"], words["base_unit"]) == (None, None, "")


@pytest.mark.parametrize("kg", [sample(), rich(), hostile(), EMPTY], ids=["sample", "rich", "hostile", "empty"])
def test_csv_reads_back(kg: KnowledgeGraph, tmp_path: Path) -> None:
    for write, make in ((write_entities, entities), (write_claims, claims), (write_observations, observations)):
        write(kg, tmp_path / "t.csv")
        data = (tmp_path / "t.csv").read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
        sheet = make(kg)
        assert tuple(table[0]) == sheet.columns
        assert len(table) == len(sheet.rows) + 1
        for row, cells in zip(table[1:], sheet.rows, strict=True):
            shown = ["" if c is None else plain(c) if isinstance(c, Decimal) else str(c) for c in cells]
            assert [cell.removeprefix("'") for cell in row] == [s.removeprefix("'") for s in shown]


def test_no_cell_of_a_hostile_graph_starts_a_formula() -> None:
    seen = 0
    for make in SHEETS:
        for row in csv.reader(io.StringIO(csv_bytes(make(hostile())).decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")), cell
                seen += 1
    assert seen > 300


SAFE = [
    ("=1+1", "'=1+1"), ("+1+1园", "'+1+1园"), ("-2+3园", "'-2+3园"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
    ("  =1", "'  =1"), ("＝1", "'＝1"), ("-40", "-40"), ("+5.5", "+5.5"), (">=90", ">=90"), ("米东区", "米东区"),
    ("", ""), ("a\0b", "a\ufffdb"), ("'x", "'x"), ("\t-2", "'\t-2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SAFE)
def test_harmless(text: str, expected: str) -> None:
    assert harmless(text) == expected


@given(st.text())
def test_harmless_changes_only_the_front(text: str) -> None:
    assert harmless(text).removeprefix("'") == text.replace("\0", "\ufffd").removeprefix("'")


@pytest.mark.parametrize(
    ("number", "shown"), [("1E+9", "1000000000"), ("0.10", "0.1"), ("-0", "-0"), ("35", "35"), ("100", "100")]
)
def test_plain(number: str, shown: str) -> None:
    assert plain(Decimal(number)) == shown


@pytest.mark.parametrize("kg", [rich(), hostile(), EMPTY], ids=["rich", "hostile", "empty"])
def test_the_workbook_reads_back(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "g.xlsx"
    write_xlsx(kg, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["entities", "claims", "observations"]
    for sheet, make in zip(book, SHEETS, strict=True):
        table = list(sheet.iter_rows(values_only=True))
        assert table[0] == make(kg).columns
        for row, cells in zip(table[1:], make(kg).rows, strict=True):
            for found, cell in zip(row, cells, strict=True):
                assert found == (float(cell) if isinstance(cell, Decimal) else cell) or (found, cell) == (None, "")
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row), "a text became a formula"


def test_hostile_names_are_in_the_workbook_as_they_are(tmp_path: Path) -> None:
    write_xlsx(hostile(), tmp_path / "g.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "g.xlsx")["entities"]
    assert {row[4] for row in sheet.iter_rows(min_row=2, values_only=True)} == {*HOSTILE_NAMES, "米东区"}


def test_what_excel_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kg = sample()
    odd = replace(kg.entities[0], name="a\0b_x000D_" + "长" * 40_000)
    write_xlsx(replace(kg, entities=(odd, *kg.entities[1:])), tmp_path / "g.xlsx")
    name = openpyxl.load_workbook(tmp_path / "g.xlsx")["entities"].cell(2, 5).value
    assert isinstance(name, str)
    # Excel reads _x005F_ as "_"; openpyxl shows it as it is in the file.
    assert name.startswith("a\ufffdb_x005F_x000D_长")
    monkeypatch.setattr(workbook, "_ROWS", 5)
    with pytest.raises(PlankgError, match="a sheet holds 4"):
        write_xlsx(kg, tmp_path / "h.xlsx")
    assert not (tmp_path / "h.xlsx").exists()


def test_the_workbook_holds_no_time(tmp_path: Path) -> None:
    write_xlsx(rich(), tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2020-01-01T00:00:00Z") == 2


@pytest.mark.parametrize("kg", [rich(), hostile(), EMPTY], ids=["rich", "hostile", "empty"])
def test_parquet_is_read_by_duckdb(kg: KnowledgeGraph, tmp_path: Path) -> None:
    write_parquet(kg, tmp_path)
    for make in SHEETS:
        sheet = make(kg)
        with duckdb.connect() as db:
            found = db.execute("SELECT * FROM read_parquet(?)", [str(tmp_path / f"{sheet.name}.parquet")])
            assert tuple(d[0] for d in found.description) == sheet.columns
            table = found.fetchall()
        expected = [tuple(float(c) if isinstance(c, Decimal) else c for c in row) for row in sheet.rows]
        assert table == expected


def test_parquet_columns_have_types() -> None:
    frame = polars.read_parquet(io.BytesIO(parquet_bytes(observations(sample()))))
    kinds = {name: str(kind) for name, kind in frame.schema.items()}
    assert (kinds["value"], kinds["start"], kinds["text"]) == ("Float64", "Int64", "String")
    assert frame["value"].null_count() == 1
