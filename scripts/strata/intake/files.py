"""Reading one raw file: Parquet, CSV or XLSX, with errors that name the place and the fix.

The CSV dialect is never guessed from the rows: a sniffer that meets a broken line may skip the
header, drop lines that begin with `#` or read the file as a single column, all without a word.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

import duckdb

from strata.errors import StrataError
from strata.intake.excel import read_sheet
from strata.intake.form import Form, read_form
from strata.intake.kinds import refuse_other_kind
from strata.intake.text import check_text, csv_delimiter, first_record, header_text, write_utf8
from strata.sql import first_row, quoted

# Where a file of this process stands that has no name.
DESCRIPTORS = "/dev/fd"
NESTED = re.compile(r"STRUCT|MAP|UNION|.*\]$|BLOB|BIT")
# Whole numbers above these are not all kept by a floating-point column.
EXACT = {"DOUBLE": 1 << 53, "FLOAT": 1 << 24}

# Message of DuckDB about a CSV file -> its meaning.
CSV_FAULTS = {
    "unterminated quote": "a double quote is not closed before the next field; correct the row",
    "Maximum line size": "longer than 2 MB, perhaps a double quote that is never closed",
    "invalid state": "mixed line ends or stray double quotes; save the file as CSV UTF-8 again",
}

_kept: dict[tuple[Path, int, int, Form], IO[bytes]] = {}


@dataclass(frozen=True)
class Source:
    """A readable file: `relation` goes after `from`, `columns` are its names and DuckDB types."""

    path: Path
    relation: str
    columns: dict[str, str]

    @property
    def names(self) -> dict[str, str]:
        """The file's own spelling of each column by its name in lower case."""
        return {name.strip().lower(): name for name in self.columns}


def connect(database: str = ":memory:") -> duckdb.DuckDBPyConnection:
    """Open a DuckDB connection in UTC, so that a time with an offset keeps its moment."""
    connection = duckdb.connect(database)
    connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
    return connection


def open_file(
    connection: duckdb.DuckDBPyConnection, path: Path, form: Form | None = None
) -> Source:
    """Return how to read a file; reads the header of a CSV or Parquet file, and all of an XLSX.

    `form` is how a mapping or the var source_files says that it is written. Raises StrataError if
    the file is empty, damaged, of an unknown kind, or names a column twice.
    """
    try:
        with path.open("rb") as file:
            is_empty = not file.read(1)
    except OSError as error:
        raise StrataError(f"{path}: {_system_reason(error)}") from None
    if is_empty:
        raise StrataError(f"{path}: the file is empty (0 bytes); export it again or remove it")
    refuse_other_kind(path)
    try:
        if path.suffix.lower() == ".parquet":
            return _open_parquet(connection, path)
        return _open_text(connection, path, form or Form())
    except duckdb.Error as error:
        raise StrataError(damaged(path, error)) from None


def relation(path: str, options: str = "{}") -> str:
    """Return the SQL that stands for a file after `from`, for the loading macro.

    All is text if the file is CSV or XLSX. `options` is a JSON object that may hold `encoding`,
    `decimal` and `thousands`.
    """
    form = read_form(f"{path}: config of its source", json.loads(options))
    with connect() as connection:
        source = open_file(connection, Path(path), form)
        check_file(source)
        return source.relation


def check_file(source: Source) -> None:
    """Raise StrataError naming the first line of a CSV file that is no UTF-8 text."""
    if source.path.suffix.lower() == ".csv" and DESCRIPTORS not in source.relation:
        check_text(source.path)


def count_rows(
    connection: duckdb.DuckDBPyConnection, source: Source, texts: Sequence[str] = ()
) -> int:
    """Read the whole file once and return its number of rows.

    `texts` is SQL of what else to read of each row; a Parquet file can be damaged in one column.
    Raises StrataError at the first byte that is not UTF-8, the first row that does not parse, or a
    key that has lost digits.
    """
    check_file(source)
    checksum = f", bit_xor(hash({', '.join(texts)}))" if texts else ""
    try:
        return int(first_row(connection, f"select count(*){checksum} from {source.relation}")[0])
    except duckdb.Error as error:
        raise StrataError(damaged(source.path, error)) from None


def refuse_nested(source: Source, columns: Iterable[str]) -> None:
    """Raise StrataError if one of the columns holds no single values, as a list or struct does."""
    for name in columns:
        kind = source.columns[name]
        if NESTED.match(kind):
            shown = kind if len(kind) < 60 else f"{kind[:57]}..."
            raise StrataError(
                f"{source.path}: column {name} holds nested or binary values ({shown}); write one "
                "plain value for each row"
            )


def duplicates(names: Iterable[str]) -> list[str]:
    """Return the names that stand more than once, in lower case, in order."""
    counts = Counter(name.strip().lower() for name in names)
    return [name for name, count in counts.items() if name and count > 1]


def _open_parquet(connection: duckdb.DuckDBPyConnection, path: Path) -> Source:
    literal = quoted(path)
    schema = connection.execute(f"select name, num_children from parquet_schema({literal})")
    nodes = schema.fetchall()[1:]
    if not any(children for _, children in nodes):
        _refuse_duplicates(path, [name for name, _ in nodes])
    # Some programs do not mark their texts as text; a folder `k=v` is no column of the file.
    options = "binary_as_string = true, hive_partitioning = false"
    return _described(connection, path, f"read_parquet({literal}, {options})")


def _open_text(connection: duckdb.DuckDBPyConnection, path: Path, form: Form) -> Source:
    is_sheet = path.suffix.lower() == ".xlsx"
    readable = _converted(path, form) if is_sheet or form.encoding else path
    header = header_text(path, readable)
    delimiter = "," if is_sheet else csv_delimiter(header)
    names = [name.strip() for name in first_record(header, delimiter)]
    if not any(names):
        raise StrataError(f"{path} line 1: blank; the column names must stand in the first line")
    if len(names) > 2 and sum(map(bool, names)) == 1:
        raise StrataError(
            f"{path} line 1: one name for {len(names)} columns, so it is no line of column names; "
            "delete what stands above the column names"
        )
    if names[0].lower().startswith("sep="):
        raise StrataError(
            f"{path} line 1: delete it, the column names must stand in the first line"
        )
    _refuse_duplicates(path, names)
    columns = ", ".join(
        f"{quoted(name or f'column_{position}')}: 'varchar'"
        for position, name in enumerate(names, start=1)
    )
    return _described(
        connection,
        path,
        f"read_csv({quoted(readable)}, auto_detect = false, header = true, skip = 0, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', comment = '', "
        "strict_mode = true, null_padding = false, hive_partitioning = false, "
        f"columns = {{{columns}}})",
    )


def _converted(path: Path, form: Form) -> Path:
    """Return where a CSV in UTF-8 stands with the content of an XLSX or of another encoding.

    It is a file without a name: nobody else can open it, and it is gone with this process, however
    that ends. It is made once for each state of the file.
    """
    state = path.stat()
    key = (path.resolve(), state.st_mtime_ns, state.st_size, form)
    if key not in _kept:
        try:
            file = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
            if path.suffix.lower() == ".xlsx":
                text = io.TextIOWrapper(file, encoding="utf-8", newline="")
                csv.writer(text).writerows(read_sheet(path, form.decimal))
                text.detach()
            else:
                write_utf8(path, form.encoding, cast(BinaryIO, file))
            file.flush()
        except OSError as error:
            raise StrataError(
                f"{path}: no room for a copy in {tempfile.gettempdir()} "
                f"({_system_reason(error)}); make room or set TMPDIR"
            ) from None
        _kept[key] = file
    return Path(DESCRIPTORS) / str(_kept[key].fileno())


def _described(connection: duckdb.DuckDBPyConnection, path: Path, relation: str) -> Source:
    rows = connection.execute(f"describe from {relation}").fetchall()
    return Source(path, relation, {str(name): str(data_type) for name, data_type, *_ in rows})


def _refuse_duplicates(path: Path, names: list[str]) -> None:
    if twice := duplicates(names):
        raise StrataError(
            f"{path}: column {', '.join(twice)} stands more than once in the header; "
            "rename or remove one"
        )


def damaged(path: Path, error: duckdb.Error) -> str:
    """Return one line that says why DuckDB could not read a file; never quotes its rows."""
    text = str(error)
    own = text.removeprefix("Invalid Input Error: ")
    if own.startswith(f"{path}: column"):  # raised by the SQL of `raw_text`
        return own.splitlines()[0]
    if path.suffix.lower() != ".parquet":
        return _damaged_csv(path, text)
    reason = _first_line(text).replace(f"'{path}'", "").replace(f'"{path}"', "").strip(" :")
    return (
        f"{path}: damaged or cut off, not a whole Parquet file ({reason}); copy or export it again"
    )


def _damaged_csv(path: Path, text: str) -> str:
    row = re.search(r"CSV Error on Line: (\d+)", text)
    place = f"{path} row {row[1]} (the header is row 1)" if row else str(path)
    fields = re.search(r"^Expected Number of Columns: (\d+) Found: (\d+)", text, re.MULTILINE)
    if fields and fields[1] == "1":
        return (
            f"{place}: several fields where line 1 has one; delete what stands above the "
            "column names, or correct the row"
        )
    if fields:
        return (
            f"{place}: {fields[2]} fields where the header has {fields[1]}; correct the row "
            "(a text that holds the delimiter needs double quotes)"
        )
    for sign, what in CSV_FAULTS.items():
        if sign in text:
            return f"{place}: {what}"
    return f"{place}: not a readable CSV file ({_first_line(text)})"


def _first_line(text: str) -> str:
    return re.sub(r"^[\w ]*Error: ", "", text.splitlines()[0])


def _system_reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
