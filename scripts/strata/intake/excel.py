"""The rows of an XLSX workbook as text, each cell by itself, as people see it.

calamine reads the values: dates by the number format and the epoch of the workbook. It makes errors
and formulas without a result blank, so these are looked up in the sheet's own XML.
"""

from __future__ import annotations

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from strata.errors import StrataError

BLOCK_BYTES = 1 << 24
# Spreadsheet programs keep 15 digits of a number.
KEPT_DIGITS = 15
# How far below the first row a wider one shows that the first is a title.
TITLE_ROWS = 20
# Element names may have a namespace prefix.
ERROR = re.compile(
    rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<', re.DOTALL
)
NO_RESULT = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
REFERENCE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

Value = str | float | bool | date | datetime | time | timedelta
# Row, from 1 -> letters of a column -> the error there.
Errors = dict[int, dict[str, str]]


def read_sheet(path: Path, decimal: str = ".") -> Iterator[list[str]]:
    """Yield the first filled row of the first visible sheet, and every filled row below it.

    Numbers get the mark `decimal`. Raises StrataError if the workbook is damaged, its sheet is
    empty or begins with a title, a formula has no result, cells with a value are merged, or the
    table goes on elsewhere.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            (index, name), *others = _visible_sheets(path, book)
            sheet = book.get_sheet_by_name(name)
            left = sheet.start[1] if sheet.start else 0
            merged = sheet.merged_cell_ranges or []
            errors = _error_cells(path, index)
            rows = _rows(sheet.iter_rows(), left, errors, decimal)
            checked = _checked(path, rows, left, merged)
            header = next(checked)
            _refuse_second_part(path, book, name, [other for _, other in others], header)
            yield header
            yield from checked
    except (CalamineError, zipfile.BadZipFile, ElementTree.ParseError, KeyError, EOFError) as error:
        reason = " ".join(str(error).split())
        raise StrataError(
            f"{path}: damaged or cut off, not a whole XLSX file ({reason}); copy or export it again"
        ) from None


def column_letters(position: int) -> str:
    """Return the letters of the nth column of a sheet: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _visible_sheets(path: Path, book: CalamineWorkbook) -> list[tuple[int, str]]:
    found = [
        (index, sheet.name)
        for index, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if not found:
        raise StrataError(f"{path}: has no visible sheet with cells; show the one with the table")
    return found


def _refuse_second_part(
    path: Path, book: CalamineWorkbook, name: str, others: list[str], header: list[str]
) -> None:
    """Refuse a table that goes on in another sheet, whose rows would be lost."""
    for other in others:
        rows = _rows(book.get_sheet_by_name(other).iter_rows(), 0, {}, ".")
        if next(rows, (0, []))[1] == header:
            raise StrataError(
                f"{path}: sheets {name!r} and {other!r} have the same column names, and only the "
                "first is read; put all rows into one sheet or delete the other"
            )


def _rows(
    rows: Iterator[list[Value]], left: int, errors: Errors, decimal: str
) -> Iterator[tuple[int, list[str]]]:
    """Yield the filled rows with their number in the sheet, from 0."""
    for number, values in enumerate(rows):
        texts = [_text(value, decimal) for value in values]
        if wrong := errors.get(number + 1):
            for position, text in enumerate(texts):
                texts[position] = wrong.get(column_letters(position + left + 1), text)
        if any(texts):
            yield number, texts


def _checked(
    path: Path,
    rows: Iterator[tuple[int, list[str]]],
    left: int,
    merged: list[tuple[tuple[int, int], tuple[int, int]]],
) -> Iterator[list[str]]:
    """Yield the rows; refuse a title in place of the column names, and merged values."""
    anchors = {cells[0]: cells for cells in merged if cells[0] != cells[1]}
    anchored = {row for row, _ in anchors}
    first: tuple[int, int] | None = None
    for seen, (number, texts) in enumerate(rows):
        filled = sum(map(bool, texts))
        if first is None:
            first = number, filled
        elif seen <= TITLE_ROWS and first[1] == 1 < filled:
            raise StrataError(
                f"{path} row {first[0] + 1}: one cell, where row {number + 1} has {filled}, so it "
                "is no row of column names; delete what stands above the column names"
            )
        if number in anchored:
            for position, text in enumerate(texts):
                cells = anchors.get((number, position + left))
                if text and cells:
                    raise StrataError(
                        f"{path}: cells {_range(*cells)} are merged, so that all but the first "
                        "are empty; unmerge them and fill each with its own value"
                    )
        yield texts
    if first is None:
        raise StrataError(
            f"{path}: the first sheet is empty; the column names must stand in its first row"
        )


def _range(start: tuple[int, int], end: tuple[int, int]) -> str:
    return ":".join(f"{column_letters(column + 1)}{row + 1}" for row, column in (start, end))


def _text(value: Value, decimal: str) -> str:
    if isinstance(value, str):
        return value.strip() and value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return _number(value).replace(".", decimal)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return value.isoformat()


def _number(value: float) -> str:
    """Return a number with 15 digits; a longer one as a power of ten, since its end is lost."""
    if abs(value) >= 10**KEPT_DIGITS:
        digits, exponent = f"{value:.14E}".split("E")
        return f"{digits.rstrip('0').rstrip('.')}E{exponent}"
    return f"{Decimal(f'{value:.{KEPT_DIGITS}g}'):f}"


def _error_cells(path: Path, index: int) -> Errors:
    """Return the cells that hold an error such as `#N/A`; refuse a formula without its result."""
    found: Errors = defaultdict(dict)
    with zipfile.ZipFile(path) as archive, archive.open(_sheet_part(archive, index)) as sheet:
        rest = b""
        while block := sheet.read(BLOCK_BYTES):
            block = rest + block
            cut = max(block.rfind(b"<row"), block.rfind(b":row"), 0)
            block, rest = block[:cut], block[cut:]
            _note_errors(path, block, found)
        _note_errors(path, rest, found)
    return found


def _note_errors(path: Path, xml: bytes, found: Errors) -> None:
    has_formulas = b"<f" in xml or b":f" in xml
    for cell in NO_RESULT.finditer(xml) if has_formulas else ():
        if b't="str"' not in cell[1]:
            reference = REFERENCE.search(cell[1])
            place = b"".join(reference.groups()).decode() if reference else "a cell"
            raise StrataError(
                f"{path}: {place} holds a formula without its result; open the workbook in a "
                "spreadsheet program and save it, or write values"
            )
    for cell in ERROR.finditer(xml) if b't="e"' in xml else ():
        reference = REFERENCE.search(cell[1])
        if reference:
            found[int(reference[2])][reference[1].decode()] = cell[2].decode("utf-8")


def _sheet_part(archive: zipfile.ZipFile, index: int) -> str:
    """Return the name of the part that holds the nth sheet."""
    names = {name.lower(): name for name in archive.namelist()}
    workbook = ElementTree.fromstring(archive.read(names["xl/workbook.xml"]))
    relations = ElementTree.fromstring(archive.read(names["xl/_rels/workbook.xml.rels"]))
    sheets = [node for node in workbook.iter() if node.tag.endswith("}sheet")]
    wanted = sheets[index].get(RELATION) or sheets[index].get(STRICT_RELATION)
    target = next(str(node.get("Target")) for node in relations if node.get("Id") == wanted)
    part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return names[part.lower()]
