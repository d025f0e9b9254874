"""Reading one raw file: Parquet, CSV or XLSX, with errors that name the place and the fix.

The CSV dialect is never guessed from the rows: a sniffer that meets a broken line may skip the
header, drop lines that begin with `#` or read the file as a single column, all without a word.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from strata.errors import StrataError
from strata.excel import load_excel
from strata.sql import identifier, quoted

SUFFIXES = (".parquet", ".csv", ".xlsx")
DELIMITERS = (",", ";", "\t", "|")
HEADER_BYTES = 1 << 20
BLOCK_BYTES = 1 << 22


@dataclass(frozen=True)
class Source:
    """A readable file: `relation` goes after `from`, `columns` are its names and DuckDB types."""

    path: Path
    relation: str
    columns: dict[str, str]


def connect(database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Open a DuckDB connection in UTC, so that a time with an offset keeps its moment."""
    connection = duckdb.connect(database)
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    return connection


def open_file(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    """Return how to read a file; reads its header only.

    Raises:
        StrataError: if the file is empty, damaged, of an unknown kind, or names a column twice.
    """
    try:
        size = path.stat().st_size
        with path.open("rb"):
            pass
    except OSError as error:
        raise StrataError(f"{path}: {_system_reason(error)}") from None
    if size == 0:
        raise StrataError(f"{path}: the file is empty (0 bytes); export it again or remove it")
    readers = {".parquet": _open_parquet, ".csv": _open_csv, ".xlsx": _open_xlsx}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise StrataError(f"{path}: not a {', '.join(SUFFIXES)} file; save it as one of these")
    try:
        return reader(connection, path)
    except duckdb.Error as error:
        raise StrataError(damaged(path, error)) from None


def relation(path: str) -> str:
    """Return the SQL that stands for a file after `from`, all text if it is CSV or XLSX.

    This is how every command reads a file; the loading macro asks for it too.

    Raises:
        StrataError: as `open_file`.
    """
    with connect() as connection:
        return open_file(connection, Path(path)).relation


def count_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, columns: Sequence[str] = ()
) -> int:
    """Read the whole file once and return its number of rows.

    Args:
        connection: a DuckDB connection.
        source: the file.
        columns: the columns whose values are decoded too; a Parquet file can be damaged in one.

    Raises:
        StrataError: at the first byte that is not UTF-8 or the first row that does not parse.
    """
    if source.path.suffix.lower() == ".csv":
        check_utf8(source.path)
    checksum = f", bit_xor(hash({', '.join(map(identifier, columns))}))" if columns else ""
    try:
        row = connection.execute(f"select count(*){checksum} from {source.relation}").fetchone()
    except duckdb.Error as error:
        raise StrataError(damaged(source.path, error)) from None
    return int(row[0]) if row else 0


def csv_delimiter(path: Path) -> str:
    """Return the delimiter of a CSV file: the one of `, ; tab |` that splits its header most.

    Raises:
        StrataError: if the header is not UTF-8.
    """
    header = _header_text(path)
    return max(DELIMITERS, key=lambda delimiter: len(_first_record(header, delimiter)))


def check_utf8(path: Path) -> None:
    """Raise StrataError naming the first line that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK_BYTES)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                raise StrataError(_not_utf8(path, line, error)) from None
            if not block:
                return
            # The bytes that the decoder keeps for the next block are never line ends.
            line += block.count(b"\n")


def duplicates(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once, ignoring case, in order."""
    seen: set[str] = set()
    twice: list[str] = []
    for name in names:
        key = name.strip().lower()
        if key and key in seen and key not in twice:
            twice.append(key)
        seen.add(key)
    return twice


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    literal = quoted(path)
    schema = connection.execute(f"select name, num_children from parquet_schema({literal})")
    nodes = schema.fetchall()[1:]
    if not any(children for _, children in nodes):
        _refuse_duplicates(path, [name for name, _ in nodes])
    return _described(connection, path, f"read_parquet({literal})")


def _open_csv(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    header = _header_text(path)
    delimiter = csv_delimiter(path)
    names = [name.strip() for name in _first_record(header, delimiter)]
    if not any(names):
        raise StrataError(f"{path} line 1: blank; the column names must stand in the first line")
    _refuse_duplicates(path, names)
    columns = ", ".join(
        f"{quoted(name or f'column_{position}')}: 'varchar'"
        for position, name in enumerate(names, start=1)
    )
    return _described(
        connection,
        path,
        f"read_csv({quoted(path)}, auto_detect = false, header = true, skip = 0, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', comment = '', "
        f"strict_mode = true, null_padding = false, columns = {{{columns}}})",
    )


def _open_xlsx(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    load_excel(connection)
    # Without `stop_at_empty` the rows below a blank one would be lost.
    options = f"{quoted(path)}, all_varchar = true, stop_at_empty = false"
    header = connection.execute(f"from read_xlsx({options}, header = false) limit 1").fetchone()
    _refuse_duplicates(path, [str(name or "") for name in header or ()])
    reader = f"read_xlsx({options}, header = true)"
    names = _described(connection, path, reader).columns
    dates = _date_columns(connection, path, reader, list(names))
    values = ", ".join(_date_text(name) if name in dates else identifier(name) for name in names)
    filled = f"coalesce({', '.join(map(identifier, names))}, null) is not null"
    return Source(path, f"(select {values} from {reader} where {filled})", names)


def _date_columns(
    connection: duckdb.DuckDBPyConnection, path: Path, reader: str, names: list[str]
) -> set[str]:
    """Return the columns whose first value is an Excel date.

    `read_xlsx` takes its types from the first row, where a blank cell tells none; for such a column
    it is asked about the first cell that is filled.
    """
    typed = reader.replace("all_varchar = true", "all_varchar = false")
    kinds = _described(connection, path, typed).columns
    values = connection.execute(f"from {reader} limit 1").fetchone() or ()
    blank = [name for name, value in zip(names, values, strict=False) if value is None]
    if blank:
        firsts = ", ".join(
            f'min("sheet row") filter (where {identifier(name)} is not null)' for name in blank
        )
        rows = f'select row_number() over () + 1 as "sheet row", * from {reader}'
        lines = connection.execute(f"select {firsts} from ({rows})").fetchone() or ()
        for name, line in zip(blank, lines, strict=True):
            cell = f"{_column_letters(names.index(name) + 1)}{line}"
            place = f"header = false, range = '{cell}:{cell}'"
            if line is not None:
                found = _described(connection, path, typed.replace("header = true", place))
                kinds[name] = next(iter(found.columns.values()))
    return {name for name, kind in kinds.items() if kind in ("DATE", "TIMESTAMP")}


def _column_letters(position: int) -> str:
    """Return the letters of the nth column of a sheet: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _date_text(name: str) -> str:
    """Return the SQL that writes an Excel date (days since 1899-12-30) as an ISO time."""
    column = identifier(name)
    moment = f"timestamp '1899-12-30' + to_seconds(round(try_cast({column} as double) * 86400))"
    return f"coalesce(cast({moment} as varchar), {column}) as {column}"


def _described(connection: duckdb.DuckDBPyConnection, path: Path, relation: str) -> Source:
    rows = connection.execute(f"describe from {relation}").fetchall()
    return Source(path, relation, {str(name): str(data_type) for name, data_type, *_ in rows})


def _refuse_duplicates(path: Path, names: list[str]) -> None:
    twice = duplicates(names)
    if twice:
        raise StrataError(
            f"{path}: column {', '.join(twice)} stands more than once in the header; "
            "rename or remove one"
        )


def _header_text(path: Path) -> str:
    """Return the beginning of a file as text, cut at the last whole character."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise StrataError(f"{path}: written as UTF-16; save it as CSV UTF-8")
    if b"\0" in start:
        line = start[: start.index(b"\0")].count(b"\n") + 1
        raise StrataError(
            f"{path} line {line}: a zero byte, so this is not a CSV text; save it as CSV UTF-8"
        )
    # Only the first line matters here; the whole file is checked when its rows are counted.
    first_line = start.splitlines(keepends=True)[0]
    try:
        first_line.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StrataError(_not_utf8(path, 1, error)) from None
    return start.decode("utf-8", errors="replace").removeprefix("\ufeff")


def _first_record(text: str, delimiter: str) -> list[str]:
    """Return the fields of the first CSV record; a header is never longer than the text read."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return next(reader, [])
    except csv.Error:
        return []


def _not_utf8(path: Path, line: int, error: UnicodeDecodeError) -> str:
    rest = error.object[error.start : error.start + 64]
    try:
        rest.split(b"\n")[0].decode("gb18030")
        guess = "GBK or GB18030"
    except UnicodeDecodeError:
        guess = "Latin-1 or another code page"
    return f"{path} line {line}: not UTF-8 (perhaps {guess}); save the file as CSV UTF-8"


def damaged(path: Path, error: duckdb.Error) -> str:
    """Return one line that says why DuckDB could not read a file; never quotes its rows."""
    text = str(error)
    if path.suffix.lower() == ".csv":
        return _damaged_csv(path, text)
    if "No rows found" in text:
        return f"{path}: the first sheet is empty; the column names must stand in its first row"
    reason = _first_line(text).replace(f"'{path}'", "").replace(f'"{path}"', "").strip(" :")
    kind = "Parquet" if path.suffix.lower() == ".parquet" else "XLSX"
    return (
        f"{path}: damaged or cut off, not a whole {kind} file ({reason}); copy or export it again"
    )


def _damaged_csv(path: Path, text: str) -> str:
    row = re.search(r"CSV Error on Line: (\d+)", text)
    place = f"{path} row {row[1]} (the header is row 1)" if row else str(path)
    fields = re.search(r"^Expected Number of Columns: (\d+) Found: (\d+)", text, re.MULTILINE)
    if fields:
        return (
            f"{place}: {fields[2]} fields where the header has {fields[1]}; correct the row "
            "(a text that holds the delimiter needs double quotes)"
        )
    if "unterminated quote" in text:
        return f"{place}: a double quote that is not closed before the next field; correct the row"
    if "Maximum line size" in text:
        return f"{place}: longer than 2 MB, perhaps a double quote that is never closed"
    if "invalid state" in text:
        return f"{place}: mixed line ends or stray double quotes; save the file as CSV UTF-8 again"
    return f"{place}: not a readable CSV file ({_first_line(text)})"


def _first_line(text: str) -> str:
    return re.sub(r"^[\w ]*Error: ", "", text.splitlines()[0])


def _system_reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
