"""Strict conversion of a file's columns to the types that a mapping declares.

A declared type is a promise: a value that does not keep it stops the import. A column whose values
the build shall judge row by row is declared `text`.
"""

from __future__ import annotations

import duckdb

from strata.errors import StrataError
from strata.intake.files import EXACT, Source
from strata.intake.form import Form, plain_number
from strata.sql import first_row, identifier, quoted

# Type in mapping.yml -> DuckDB type.
TYPES = {
    "text": "varchar",
    "integer": "bigint",
    "decimal": "decimal(18, 6)",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
# DuckDB types that cast to the declared one without reading their text.
NATIVE = {
    "integer": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"),
    "decimal": ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DECIMAL", "DOUBLE", "FLOAT"),
    "date": ("DATE",),
    "timestamp": ("DATE", "TIMESTAMP"),
    "boolean": ("BOOLEAN",),
}
# Texts that DuckDB would cast, but to something else than was meant: 17.4 to 17, 12/1/10 to the
# year 12, a time with an offset to one without.
PATTERNS = {
    "integer": r"[+-]?\d+(\.0*)?",
    "decimal": r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    "date": r"\d{4}[-/]\d{1,2}[-/]\d{1,2}( 0{1,2}:00(:00)?)?",
    "timestamp": r"\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?",
}
# Fixes for values that are not of a type, or keys that are floats.
REMEDIES = (
    "correct them, or declare the column `text` in mapping.yml and let the build judge each row",
    "write the column as text or whole numbers",
)
ZONED = "TIMESTAMP WITH TIME ZONE"


def conversion(
    name: str, source: Source, data_type: str, formats: tuple[str, ...], form: Form
) -> str:
    """Return the SQL expression of a file's column that is NULL if a value is blank or not of type.

    `formats` are those of strptime, tried for dates and times in text besides ISO.
    """
    column, kind = identifier(name), source.columns[name]
    target = TYPES[data_type]
    text = f"nullif(trim(cast({column} as varchar)), '')"
    if kind in EXACT and data_type == "text":
        # pandas makes whole numbers floats where one is missing.
        whole = f"regexp_replace({text}, '^(-?[0-9]+)\\.0$', '\\1')"
        return f"case when abs({column}) < {EXACT[kind]} then {whole} end"
    if data_type == "text":
        return text
    if data_type == "timestamp" and kind == ZONED:
        return column
    if kind != ZONED and kind.split("(")[0].split("_")[0] in NATIVE[data_type]:
        return f"try_cast({column} as {target})"
    if data_type in ("integer", "decimal") and not form.has_plain_numbers:
        text = plain_number(text, form)
    candidates = [f"try_cast({text} as {target})"]
    if data_type in PATTERNS:
        matches = f"regexp_full_match({text}, {quoted(PATTERNS[data_type])})"
        candidates = [f"case when {matches} then {candidates[0]} end"]
    if data_type in ("date", "timestamp"):
        candidates += [
            f"cast(try_strptime({text}, {quoted(pattern)}) as {target})" for pattern in formats
        ]
    return f"coalesce({', '.join(candidates)})" if len(candidates) > 1 else candidates[0]


def check_conversions(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    columns: list[tuple[str, str, str]],
    form: Form,
) -> None:
    """Raise StrataError for the first column with a value that is not of its type.

    The file is read into a table that has `input_row` too; `columns` are (name in the file,
    declared type, expression from `conversion`).
    """
    typed = [
        column for column in columns if column[1] != "text" or source.columns[column[0]] in EXACT
    ]
    if not typed:
        return
    bad = [
        f"({expression}) is null and trim(cast({identifier(name)} as varchar)) <> ''"
        for name, _, expression in typed
    ]
    counts = ", ".join(f"count(*) filter (where {condition})" for condition in bad)
    row = first_row(connection, f"select {counts} from {source.relation}")
    for (name, data_type, _), condition, count in zip(typed, bad, row, strict=True):
        if count:
            place, value = first_row(
                connection,
                f"select input_row, cast({identifier(name)} as varchar) from {source.relation} "
                f"where {condition} order by input_row limit 1",
            )
            raise StrataError(
                f"{source.path}: column {name}: {count:,} values {_complaint(data_type, form)}, "
                f"the first in data row {place:,}: {value!r}; {REMEDIES[data_type == 'text']}"
            )


def _complaint(data_type: str, form: Form) -> str:
    if data_type == "text":
        return "are floats too large to hold every digit of an id"
    if data_type in ("integer", "decimal") and not form.has_plain_numbers:
        apart = f" and thousands {form.thousands!r}" if form.thousands else ""
        return f"are not of type {data_type} with decimal {form.decimal!r}{apart}"
    return f"are not of type {data_type}"
