"""The text of each contract column, as a build reads it from a raw file."""

from __future__ import annotations

import json
from pathlib import Path

from strata.intake.contract import ContractColumn, ContractTable
from strata.intake.files import EXACT, Source, refuse_nested
from strata.intake.form import Form, plain_number, read_form
from strata.sql import identifier, quoted

# The last word of a column that holds keys, or other numbers that nobody counts with.
KEYS = ("id", "code", "key")
NUMBERS = (*KEYS, "identifier", "phone", "postcode")
# A number that a spreadsheet has cut to 15 digits or fewer, such as 1.10101E+17.
CUT = r"\s*[0-9](\.[0-9]+)?E\+[0-9]{2}\s*"


def checked_texts(source: Source, table: ContractTable) -> list[str]:
    """Return the SQL of the columns to read before a build: all of Parquet, keys of other files.

    Raises StrataError if a column holds no single values.
    """
    names = source.names
    return [
        raw_text(source, names[column.name], column, table.form)
        for column in table.columns
        if column.name in names and (source.path.suffix.lower() == ".parquet" or _is_key(column))
    ]


def raw_text(source: Source, name: str, column: ContractColumn, form: Form) -> str:
    """Return the SQL text expression of a contract column.

    A whole number that was made a float (`17850.0`) is written without its decimals, where the
    column holds text that is a number. Numbers of a declared form are written with a decimal point;
    one of another form gets a remark, so that its row is rejected. `name` is the column's in the
    file. Raises StrataError if it holds no single values.
    """
    refuse_nested(source, [name])
    kind = source.columns[name]
    value = f"nullif({identifier(name)}, 'nan')" if kind in EXACT else identifier(name)
    text = f"cast({value} as varchar)"
    if column.data_type in ("integer", "decimal"):
        if form.has_plain_numbers or kind != "VARCHAR":
            return text
        filled = f"nullif(trim({text}), '')"
        return f"coalesce({plain_number(filled, form)}, {filled} || ' (decimal: {form.decimal})')"
    if column.data_type != "text" or not (kind in EXACT or kind.startswith(("VARCHAR", "DECIMAL"))):
        return text
    written = text
    if kind in EXACT or column.name.split("_")[-1] in NUMBERS:
        whole = f"regexp_replace({text}, '^\\s*([+-]?[0-9]+)\\.0+\\s*$', '\\1')"
        written = f"case when {text} like '%.0%' then {whole} else {text} end"
    if not _is_key(column):
        return written
    if kind in EXACT:
        cut = f"abs({value}) >= {EXACT[kind]}"
    else:
        cut = f"{text} like '%E+%' and regexp_full_match({text}, {quoted(CUT)})"
    message = f"{source.path}: column {name}: "
    remedy = " has lost digits, so that two keys may look alike; export the column as text"
    return (
        f"case when {cut} then error({quoted(message)} || {text} || {quoted(remedy)}) "
        f"else {written} end"
    )


def raw_texts(path: str, options: str, columns: str) -> list[str]:
    """Return `raw_text` of several columns, for the loading macro.

    `options` is as for `relation`; `columns` is a JSON list of objects with file_column, kind,
    name, data_type and pii.
    """
    wanted = json.loads(columns)
    form = read_form(f"{path}: config of its source", json.loads(options))
    source = Source(Path(path), "", {column["file_column"]: column["kind"] for column in wanted})
    return [
        raw_text(
            source,
            column["file_column"],
            ContractColumn(column["name"], column["data_type"], pii=bool(column["pii"])),
            form,
        )
        for column in wanted
    ]


def _is_key(column: ContractColumn) -> bool:
    """Whether rows are joined by a column; numbers of people are compared, not joined by."""
    return column.data_type == "text" and not column.pii and column.name.split("_")[-1] in KEYS
