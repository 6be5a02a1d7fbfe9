"""The tables as one Excel workbook (XLSX) and as Parquet files; both need an optional library."""

import io
import re
import zipfile
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.errors import PlankgError
from graph.model import KnowledgeGraph
from output.files import write_bytes
from output.tabular import SHEETS, Cell, Sheet

_ROWS, _CHARACTERS = 1_048_576, 32_767  # Excel's limits of a sheet and of a cell
_FIXED = datetime(2020, 1, 1)  # a date of its own would make each build differ
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MARKUP = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WIDE = frozenset({"quote", "section", "aliases", "iri"})


def write_xlsx(kg: KnowledgeGraph, path: Path) -> None:
    """Write entities, claims and observations as sheets of a workbook; texts are never formulas.

    Raises PlankgError when openpyxl is not installed or a table has more rows than a sheet holds.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise PlankgError("openpyxl is not installed; run: pip install openpyxl") from error
    book = openpyxl.Workbook(write_only=True)
    book.properties.creator = "plankg"
    book.properties.created = book.properties.modified = _FIXED
    for make in SHEETS:
        _fill(book, make(kg))
    out = io.BytesIO()
    book.save(out)
    write_bytes(path, _timeless(out.getvalue()))


def _fill(book: Any, table: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if len(table.rows) >= _ROWS:
        raise PlankgError(
            f"{table.name} has {len(table.rows)} rows, a sheet holds {_ROWS - 1}; export as Parquet or CSV"
        )
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    for index, name in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(index)].width = 60 if name in _WIDE else 18
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    head = []
    for name in table.columns:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        head.append(cell)
    sheet.append(head)
    for row in table.rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: Any, value: Cell) -> Any:
    """Return a cell; a text is stored as text, so that `=1+1` stays a text."""
    from openpyxl.cell import WriteOnlyCell

    if not isinstance(value, str):
        return float(value) if isinstance(value, Decimal) else value
    # `_x000D_` is how the format itself writes a character; a text that looks like it is escaped.
    plain = _MARKUP.sub(r"_x005F_x\1_", _NOT_XML.sub("\ufffd", value))
    cell = WriteOnlyCell(sheet)
    cell.value = plain[:_CHARACTERS]
    cell.data_type = "s"
    return cell


def _timeless(archive: bytes) -> bytes:
    """Return a ZIP archive with the same files and without the time of writing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2020-01-01T00:00:00Z", data)
            new.writestr(zipfile.ZipInfo(info.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_parquet(kg: KnowledgeGraph, folder: Path) -> None:
    """Write `entities.parquet`, `claims.parquet` and `observations.parquet` into a folder.

    Raises PlankgError when polars is not installed.
    """
    for make in SHEETS:
        table = make(kg)
        write_bytes(folder / f"{table.name}.parquet", parquet_bytes(table))


_NUMBERS = {"start": "Int64", "end": "Int64", "page": "Int64", "mentions": "Int64", "evidence_count": "Int64"}
_NUMBERS |= {"confidence": "Float64", "value": "Float64", "amount": "Float64"}


def parquet_bytes(table: Sheet) -> bytes:
    """Return a table as a Parquet file: texts as UTF-8, offsets and counts as int64, numbers as float64."""
    try:
        import polars
    except ImportError as error:
        raise PlankgError("polars is not installed; run: pip install polars") from error
    schema = {name: getattr(polars, _NUMBERS.get(name, "String")) for name in table.columns}
    rows = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in table.rows]
    out = io.BytesIO()
    polars.DataFrame(rows, schema=schema, orient="row").write_parquet(out)
    return out.getvalue()
