"""Checks of single cells: what their YAML declares, and what no cell may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from strata.policy.findings import Finding, at, line_seen_from, subject
from strata.policy.judgements import Judgements, number
from strata.seeds import JUDGED, Row, Seed

# Columns that may be empty, beside those whose description says what an empty cell means.
OPTIONAL = ("tag_layer", "value", "needs", "uses")
# Columns whose cells are one name, of letters, digits and underscores; all `_key` ones are.
NAMES = (
    *("customer_type", "metric", "value_metric", "dimension", "rule_set", "kind", "channel"),
    *("owner_role", "owner_id", "tag_layer", "value_type", "applies_to"),
)
NAME = re.compile(r"\w+")
# Free text may hold an apostrophe inside a word, and nothing that could end up as code.
CODE = re.compile(
    r"--|/\*|\*/|\{\{|\{%|`|\"|;\s*$|(?<!\w)'|'(?!\w)|\bor\s+1\s*=\s*1\b"
    r"|\b(drop|alter|create|truncate)\s+(table|view|schema)\b|\binsert\s+into\b"
    r"|\bdelete\s+from\b|\bunion\s+(all\s+)?select\b|\bselect\s+(\*|\w+)\s+from\s+\w+\s*$",
    re.IGNORECASE,
)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# The value of a condition: words and numbers, with | between the words of a list.
IN_VALUE = re.compile(r"['\"`;\\{}]|\w\(")
KINDS = {"integer": "whole", "boolean": "boolean", "date": "date"}


def check_cells(judgements: Judgements) -> Iterator[Finding]:
    """Yield what is wrong with single cells, with keys and with references between seeds."""
    for seed in judgements.seeds.values():
        if seed.folder not in JUDGED:
            continue
        for row, cells in seed.misfits:
            yield at(row, "cells", subject(seed.name, row), cells=cells, header=len(seed.header))
        for row in seed.rows:
            for column in seed.header:
                if key := _fault(seed, row, column):
                    name = subject(seed.name, row)
                    yield at(row, key, name, column=column, value=row[column])
        yield from _tests(judgements, seed)


def _fault(seed: Seed, row: Row, column: str) -> str | None:
    """Return the key of what is wrong with a cell."""
    text, data_type = row[column], seed.types.get(column)
    if data_type is None:
        return None
    if not text:
        may_be = column in OPTIONAL or "empty" in seed.notes.get(column, "").lower()
        return None if may_be else "empty"
    if text != text.strip():
        return "blanks"
    if data_type != "varchar":
        is_right = _has_type(text, data_type)
        return None if is_right else f"type.{KINDS.get(data_type, 'number')}"
    if (column in NAMES or column.endswith("_key")) and not NAME.fullmatch(text):
        return "no_sql.name"
    if seed.name == "rule_conditions" and column == "value":
        return "no_sql.value" if IN_VALUE.search(text) or CODE.search(text) else None
    is_code = CODE.search(text) or CONTROL.search(text)
    return "no_sql.text" if is_code and not column.endswith("operator") else None


def _has_type(text: str, data_type: str) -> bool:
    if data_type == "boolean":
        return text in ("true", "false")
    if data_type == "date":
        try:
            return date.fromisoformat(text).isoformat() == text
        except ValueError:
            return False
    value = number(text)
    if value is None:
        return False
    if data_type == "integer":
        return value == value.to_integral_value() and abs(value) < 2**31
    sizes = re.fullmatch(r"decimal\((\d+),\s*(\d+)\)", data_type)
    return sizes is None or value.adjusted() < int(sizes[1]) - int(sizes[2])


def _tests(judgements: Judgements, seed: Seed) -> Iterator[Finding]:
    """Yield what the generic tests in the YAML would find, with the line."""
    for kind, arguments in seed.tests:
        columns = [part.strip() for part in str(arguments.get("column_name", "")).split("||")]
        columns = [part for part in columns if part in seed.header]
        if kind == "unique" and columns:
            yield from _unique(seed, columns)
        elif kind == "accepted_values" and columns:
            allowed = [str(value) for value in arguments["values"]]
            yield from _unknown(seed, columns[0], "value", allowed, ", ".join(allowed))
        elif kind == "relationships" and columns:
            found = re.search(r"ref\('(\w+)'\)", str(arguments.get("to", "")))
            if found and found[1] in judgements.seeds:
                target = judgements.seeds[found[1]]
                known = {row[arguments.get("field", columns[0])] for row in target.rows}
                yield from _unknown(seed, columns[0], "reference", known, f"{target.name}.csv")


def _unique(seed: Seed, columns: list[str]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], Row] = {}
    for row in seed.rows:
        key = tuple(row[column] for column in columns)
        other = first.setdefault(key, row)
        if other is not row:
            values = {"column": ", ".join(columns), "value": "/".join(key)}
            name = subject(seed.name, row)
            yield at(row, "duplicate.row", name, other_line=line_seen_from(row, other), **values)


def _unknown(
    seed: Seed, column: str, key: str, known: list[str] | set[str], listed: str
) -> Iterator[Finding]:
    for row in seed.rows:
        if row[column] and row[column] not in known:
            values = {"column": column, "value": row[column], "known": listed}
            yield at(row, f"unknown.{key}", subject(seed.name, row), **values)
