"""Files that are something else than their name says."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from strata.errors import StrataError
from strata.intake.check import inspect
from strata.intake.files import open_file

CSV = b"order_id,customer_code\n1,C1\n"
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def write_zip(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")


def write_workbook(path: Path) -> None:
    book = Workbook()
    book.save(path.with_suffix(".xlsx"))
    path.with_suffix(".xlsx").replace(path)


def write_parquet(path: Path) -> None:
    duckdb.sql("select 1 as a").write_parquet(str(path))


KINDS: list[tuple[str, Callable[[Path], object], str]] = [
    ("a.csv", lambda path: path.write_bytes(gzip.compress(CSV)), "compressed file (gzip)"),
    ("a.csv.gz", lambda path: path.write_bytes(gzip.compress(CSV)), "compressed file (gzip)"),
    ("a.csv", lambda path: write_zip(path, "orders.csv"), "compressed file (ZIP)"),
    ("a.xlsx", lambda path: write_zip(path, "orders.csv"), "compressed file (ZIP)"),
    ("a.xls", lambda path: path.write_bytes(OLD), "an old Excel workbook (.xls)"),
    ("a.xlsx", lambda path: path.write_bytes(OLD), "an old Excel workbook (.xls)"),
    ("a.csv", lambda path: path.write_bytes(OLD), "an old Excel workbook (.xls)"),
    (
        "a.xlsx",
        lambda path: path.write_bytes(OLD + "EncryptedPackage".encode("utf-16-le")),
        "a workbook with a password",
    ),
    ("a.xls", lambda path: path.write_bytes(b"\xef\xbb\xbf\n<html><table>"), "web page or XML"),
    ("a.csv", lambda path: path.write_bytes(b"<!DOCTYPE html>"), "web page or XML"),
    ("a.xlsx", lambda path: path.write_bytes(b'<?xml version="1.0"?>'), "web page or XML"),
    ("a.xlsx", lambda path: path.write_bytes(CSV), "a text, not a .xlsx file; name it .csv"),
    ("a.parquet", lambda path: path.write_bytes(CSV), "a text, not a .parquet file"),
    ("a.csv", write_parquet, "a Parquet file; name it .parquet"),
    ("a.xlsx", write_parquet, "a Parquet file; name it .parquet"),
    ("a.csv", write_workbook, "an Excel workbook; save or name it as .xlsx"),
    ("a.xlsx", lambda path: write_zip(path, "xl/workbook.bin"), "a binary workbook (.xlsb)"),
    ("a.ods", lambda path: write_zip(path, "mimetype", "content.xml"), "an OpenDocument file"),
    ("a.csv", lambda path: path.write_bytes(b"%PDF-1.7\0"), "a PDF"),
    ("a.txt", lambda path: path.write_bytes(CSV), "not a .parquet, .csv, .xlsx file"),
    (
        "a.csv",
        lambda path: path.write_bytes(b"Orders of May,,\na,b,c\n1,2,3\n"),
        "line 1: one name",
    ),
    ("a.csv", lambda path: path.write_bytes(b"sep=;\na;b\n1;2\n"), "line 1: delete it"),
]


@pytest.mark.parametrize("case", range(len(KINDS)))
def test_another_kind_of_file_is_named(case: int, tmp_path: Path) -> None:
    name, make, phrase = KINDS[case]
    make(tmp_path / name)
    with duckdb.connect() as connection, pytest.raises(StrataError) as error:
        open_file(connection, tmp_path / name)
    assert str(error.value).startswith(str(tmp_path / name))
    assert phrase in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("heading", ["ORC", "Rar!", "PAR1", "BZh"])
def test_a_heading_may_begin_as_another_kind_does(heading: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{heading}_code,b\n1,2\n")
    with duckdb.connect() as connection:
        assert list(open_file(connection, tmp_path / "a.csv").columns) == [f"{heading}_code", "b"]


@pytest.mark.parametrize("name", ["erp_customers.csv.gz", "ERP_Customers.xls", "erp_customers.zip"])
def test_a_table_in_a_file_that_no_build_reads_is_a_problem(name: str, raw: Path) -> None:
    (raw / name).write_bytes(gzip.compress(CSV) if name.endswith("gz") else OLD)
    report = inspect(raw)
    assert len(report.problems) == 1
    assert name in report.problems[0]
    # Beside a file that is read it is a copy that somebody left.
    shutil.copy(raw / "erp_orders.csv", raw / "erp_customers.csv")
    assert inspect(raw).problems == []
    assert name in inspect(raw).unknown_files
