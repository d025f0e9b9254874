"""How a raw file is read: one dialect, everything text, no row lost."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from strata.errors import StrataError
from strata.intake.files import count_rows, open_file, relation
from strata.intake.text import csv_delimiter


def rows(path: Path) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(f"from {relation(str(path))}").fetchall()


def test_codes_survive_in_csv(tmp_path: Path) -> None:
    path = tmp_path / "o'brien.csv"
    path.write_text('id,"a, b"\n0138,1e5\n12345678901234567890,\n#7,"x\ny"\n', encoding="utf-8")
    assert rows(path) == [("0138", "1e5"), ("12345678901234567890", None), ("#7", "x\ny")]


def test_excel_dates_become_iso_and_blank_rows_vanish(tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["id", "time", "day", "number"])
    book.active.append(["0138", datetime(2024, 3, 4, 13, 5, 7), date(2024, 3, 4), 20])
    book.active.append([None] * 4)
    book.active.append([1234567890123, "soon", None, 12.5])
    book.save(tmp_path / "book.xlsx")
    assert rows(tmp_path / "book.xlsx") == [
        ("0138", "2024-03-04 13:05:07", "2024-03-04", "20"),
        ("1234567890123", "soon", None, "12.5"),
    ]


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("a,b", ","), ("a;b,c;d", ";"), ("a\tb", "\t"), ('"a,b"|c', "|"), ("a", ",")],
)
def test_the_header_decides_the_delimiter(header: str, delimiter: str) -> None:
    assert csv_delimiter(f"{header}\n1,2,3,4,5\n") == delimiter


def test_unknown_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "orders.sav").write_text("x")
    with pytest.raises(StrataError, match=r"orders\.sav: not a \.parquet, \.csv, \.xlsx file"):
        relation(str(tmp_path / "orders.sav"))


def test_a_title_above_the_column_names_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Orders of May\na,b,c\n1,2,3\n")
    with duckdb.connect() as connection, pytest.raises(StrataError) as error:
        count_rows(connection, open_file(connection, path))
    assert "row 2 (the header is row 1): several fields where line 1 has one; delete" in str(
        error.value
    )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_byte_order_mark_and_trailing_delimiters(
    ends: str, mark: str, tmp_path: Path
) -> None:
    path = tmp_path / "A [1]*?.CSV"
    path.write_text(
        f'{mark}"a",b,{ends}1,2,{ends}3,"x{ends}y",{ends}', encoding="utf-8", newline=""
    )
    assert rows(path) == [("1", "2", None), ("3", f"x{ends}y", None)]
    with duckdb.connect() as connection:
        assert list(open_file(connection, path).columns) == ["a", "b", "column_3"]
