"""How a workbook is read: cell by cell, as people see it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from strata.errors import StrataError
from strata.intake.excel import column_letters, read_sheet


def sheet(path: Path, rows: list[list[object]], change: Callable[[Workbook], None]) -> Path:
    """Write a workbook of one sheet, changed before it is saved."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    change(book)
    book.save(path)
    return path


def rewrite(path: Path, change: Callable[[bytes], bytes]) -> Path:
    """Change the XML of the first sheet."""
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts["xl/worksheets/sheet1.xml"] = change(parts["xl/worksheets/sheet1.xml"])
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    return path


def cell(xml: bytes, place: str, new: str) -> bytes:
    """Replace a cell by another."""
    changed = re.sub(rf'<c r="{place}".*?</c>'.encode(), new.encode(), xml, flags=re.DOTALL)
    assert changed != xml
    return changed


def nothing(book: Workbook) -> None:
    pass


def test_an_empty_cell_typed_as_a_shared_string_is_empty(tmp_path: Path) -> None:
    rows: list[list[object]] = [["order_id", "customer_code"], ["A1", "C1"], ["A2", "X"]]
    path = sheet(tmp_path / "a.xlsx", rows, nothing)
    rewrite(path, lambda xml: cell(xml, "B3", '<c r="B3" t="s"/>'))
    assert list(read_sheet(path)) == [["order_id", "customer_code"], ["A1", "C1"], ["A2", ""]]


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_follow_the_epoch_of_the_workbook(is_1904: bool, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        if is_1904:
            book.epoch = CALENDAR_MAC_1904
        assert book.active is not None
        book.active.append(["a", date(2026, 3, 4)])
        book.active.append(["b", datetime(2026, 3, 4, 13, 5, 7)])

    path = sheet(tmp_path / "a.xlsx", [["id", "day"]], change)
    assert list(read_sheet(path))[1:] == [["a", "2026-03-04"], ["b", "2026-03-04 13:05:07"]]


@pytest.mark.parametrize("number", [*range(27, 37), *range(50, 59)])
def test_east_asian_formats_by_number_are_dates(number: int, tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["day"], [date(2026, 1, 2)]], nothing)
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    styles = parts["xl/styles.xml"]
    parts["xl/styles.xml"] = re.sub(rb'numFmtId="(14|16[4-9])"', b'numFmtId="%d"' % number, styles)
    assert parts["xl/styles.xml"] != styles
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    assert list(read_sheet(path)) == [["day"], ["2026-01-02"]]


def test_each_cell_is_read_by_itself(tmp_path: Path) -> None:
    """A text on top does not make numbers of the dates below it, nor a date dates of numbers."""
    rows: list[list[object]] = [
        ["day", "mixed"],
        ["soon", datetime(2026, 1, 2, 8)],
        [date(2026, 1, 2), 46024],
        [None, "x"],
    ]
    path = sheet(tmp_path / "a.xlsx", rows, nothing)
    assert list(read_sheet(path))[1:] == [
        ["soon", "2026-01-02 08:00:00"],
        ["2026-01-02", "46024"],
        ["", "x"],
    ]


VALUES: list[tuple[object, str]] = [
    (17850, "17850"),
    (17850.0, "17850"),
    (123456789012345, "123456789012345"),
    (110101199001011234, "1.10101199001011E+17"),  # as the program shows it: its end is lost
    (0.1 + 0.2, "0.3"),
    (1234.5, "1234.5"),
    (0.0000001, "0.0000001"),
    (-5, "-5"),
    ("0017850", "0017850"),
    ("12345678901234567890", "12345678901234567890"),
    ("1e5", "1e5"),
    (True, "true"),
    (False, "false"),
    (time(13, 5), "13:05:00"),
    (timedelta(hours=36, minutes=5), "36:05:00"),
    (date(1900, 1, 1), "1900-01-01"),  # before the 29 February 1900 that Excel believes in
    (date(1900, 3, 1), "1900-03-01"),
    ("   ", ""),
    ("a\nb", "a\nb"),
]


def test_values_are_written_as_people_see_them(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["key", "value"],
        *([n, value] for n, (value, _) in enumerate(VALUES)),
    ]
    found = list(read_sheet(sheet(tmp_path / "a.xlsx", rows, nothing)))[1:]
    assert [value for _, value in found] == [text for _, text in VALUES]


def test_errors_stay_and_results_of_formulas_are_read(tmp_path: Path) -> None:
    path = sheet(tmp_path / "a.xlsx", [["a", "b"], [1, 2], [3, 4]], nothing)
    rewrite(path, lambda xml: cell(xml, "B2", '<c r="B2" t="e"><f>NA()</f><v>#N/A</v></c>'))
    rewrite(path, lambda xml: cell(xml, "A3", '<c r="A3"><f>1+1</f><v>2</v></c>'))
    rewrite(path, lambda xml: cell(xml, "B3", '<c r="B3" t="str"><f>""</f><v></v></c>'))
    assert list(read_sheet(path))[1:] == [["1", "#N/A"], ["2", ""]]


def test_the_first_visible_sheet_with_cells_is_read(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        assert book.active is not None
        book.active.sheet_state = "hidden"
        book.create_chartsheet("chart", 0)
        seen = book.create_sheet("seen")
        seen["C3"], seen["D3"], seen["C4"] = "a", "b", 1  # the table may stand anywhere
        book.active = 2

    path = sheet(tmp_path / "a.xlsx", [["hidden"], [1]], change)
    assert list(read_sheet(path)) == [["a", "b"], ["1", ""]]


def uncalculated(book: Workbook) -> None:
    assert book.active is not None
    book.active["B3"] = "=1+1"


def merged(book: Workbook) -> None:
    assert book.active is not None
    book.active.merge_cells("A2:A3")


def titled(book: Workbook) -> None:
    assert book.active is not None
    book.active.insert_rows(1, 2)
    book.active["A1"] = "Orders of May"


def continued(book: Workbook) -> None:
    second = book.create_sheet("2026")
    second.append(["a", "b"])
    book.create_sheet("notes").append(["These are notes."])


REFUSED: list[tuple[Callable[[Workbook], None], str]] = [
    (uncalculated, "B3 holds a formula without its result"),
    (merged, "cells A2:A3 are merged"),
    (continued, "sheets 'Sheet' and '2026' have the same column names"),
    (titled, "row 1: one cell, where row 3 has 2, so it is no row of column names"),
]


@pytest.mark.parametrize(("change", "message"), REFUSED)
def test_what_would_be_lost_is_refused(
    change: Callable[[Workbook], None], message: str, tmp_path: Path
) -> None:
    path = sheet(tmp_path / "a.xlsx", [["a", "b"], ["x", 1], [None, 2]], change)
    with pytest.raises(StrataError, match=re.escape(message)):
        list(read_sheet(path))


def test_merged_cells_without_a_value_do_no_harm(tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        assert book.active is not None
        book.active.merge_cells("C1:D2")

    path = sheet(tmp_path / "a.xlsx", [["a", "b"], ["x", 1]], change)
    assert list(read_sheet(path)) == [["a", "b"], ["x", "1"]]


def test_column_letters() -> None:
    assert [column_letters(n) for n in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
