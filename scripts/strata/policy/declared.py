"""Holding the seeds to what their YAML declares, and to what no cell may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from strata.policy.findings import Finding, at, subject
from strata.policy.judgements import Judgements, number
from strata.policy.seeds import JUDGED, Row, Seed

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


def check_declared(judgements: Judgements) -> Iterator[Finding]:
    """Yield what is wrong with single cells, with keys and with references between seeds."""
    for seed in judgements.seeds.values():
        if seed.folder not in JUDGED:
            continue
        for row, cells in seed.misfits:
            problem = f"the row has {cells} cells, the header {len(seed.header)}"
            fix = "put cells that hold a comma between double quotes"
            yield at(row, "cells", subject(seed.name, row), problem, fix)
        for row in seed.rows:
            for column in seed.header:
                yield from _cell(seed, row, column)
        yield from _tests(judgements, seed)
        yield from _references(judgements, seed)


def _cell(seed: Seed, row: Row, column: str) -> Iterator[Finding]:
    text, name = row[column], subject(seed.name, row)
    declared = seed.columns.get(column)
    if declared is None:
        return
    if not text:
        if column not in OPTIONAL and "empty" not in declared.description.lower():
            yield at(row, "empty", name, f"{column} is empty", "fill it in")
        return
    if text != text.strip():
        yield at(row, "blanks", name, f"{column} begins or ends with a blank", "take it away")
        return
    is_value = seed.name == "rule_conditions" and column == "value"
    if declared.data_type == "varchar":
        problem = None
        is_name = column in NAMES or column.endswith("_key")
        if is_name and not NAME.fullmatch(text):
            problem = f"{column} {text} is no name"
            fix = "use letters, digits and underscores only"
        elif is_value and (IN_VALUE.search(text) or CODE.search(text)):
            problem = f"the value {text} holds a quote or SQL"
            fix = "write the bare word or number: a seed holds no SQL"
        elif column != "operator" and (CODE.search(text) or CONTROL.search(text)):
            problem = f"{column} holds quotes, SQL or a line break"
            fix = "write plain words: a seed holds no SQL and no straight quotes"
        if problem:
            yield at(row, "no_sql", name, problem, fix)
    elif not _has_type(text, declared.data_type):
        problem = f"{column} {text} is no {_kind(declared.data_type)} that the column can hold"
        yield at(row, "type", name, problem, "write it without separators, units or words")


def _kind(data_type: str) -> str:
    if data_type == "integer":
        return "whole number"
    return {"boolean": "true or false", "date": "date (YYYY-MM-DD)"}.get(data_type, "number")


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
    tests = [
        (kind, {"column_name": column.name} | arguments)
        for column in seed.columns.values()
        for kind, arguments in column.tests
    ]
    for kind, arguments in [*tests, *seed.tests]:
        columns = [part.strip() for part in str(arguments.get("column_name", "")).split("||")]
        columns = [part for part in columns if part in seed.header]
        if kind == "unique" and columns:
            yield from _unique(seed, columns)
        elif kind == "accepted_values" and columns:
            yield from _accepted(seed, columns[0], arguments)
        elif kind == "relationships" and columns:
            yield from _related(judgements, seed, columns[0], arguments)


def _unique(seed: Seed, columns: list[str]) -> Iterator[Finding]:
    first: dict[tuple[str, ...], Row] = {}
    for row in seed.rows:
        key = tuple(row[column] for column in columns)
        other = first.setdefault(key, row)
        if other is not row:
            problem = f"{', '.join(columns)} {'/'.join(key)} is also on line {other.line}"
            fix = "delete one of the two or give it another key"
            yield at(row, "duplicate", subject(seed.name, row), problem, fix)


def _accepted(seed: Seed, column: str, arguments: dict[str, Any]) -> Iterator[Finding]:
    allowed = [str(value) for value in arguments.get("values", [])]
    for row in seed.rows:
        if row[column] and row[column] not in allowed:
            problem = f"{column} {row[column]} is unknown"
            fix = f"use one of {', '.join(allowed)}"
            yield at(row, "unknown", subject(seed.name, row), problem, fix)


def _related(
    judgements: Judgements, seed: Seed, column: str, arguments: dict[str, Any]
) -> Iterator[Finding]:
    found = re.search(r"ref\('(\w+)'\)", str(arguments.get("to", "")))
    if not found or found[1] not in judgements.seeds:
        return
    target = judgements.seeds[found[1]]
    known = {row[arguments.get("field", column)] for row in target.rows}
    yield from _unknown(seed, column, known, target.file)


def _references(judgements: Judgements, seed: Seed) -> Iterator[Finding]:
    """Yield keys of policies, customer types, metrics and owners that do not exist."""
    tested = {
        name
        for name, column in seed.columns.items()
        for kind, _ in column.tests
        if kind in ("relationships", "accepted_values")
    }
    files = {name: judgements.seeds[name].file for name in judgements.seeds}
    known = {
        "policy_key": (set(judgements.policies), files["policies"]),
        "metric": (set(judgements.metrics), files["metrics"]),
        "customer_type": ({"any", *judgements.customer_types}, files["labels"]),
        "owner_role": (
            {row["owner_role"] for row in judgements.rows("owners")},
            files.get("owners", ""),
        ),
    }
    homes = {"policies": "policy_key", "metrics": "metric", "owners": "owner_role"}
    for column, (keys, file) in known.items():
        if column in seed.header and column not in tested and homes.get(seed.name) != column:
            yield from _unknown(seed, column, keys, file)


def _unknown(seed: Seed, column: str, known: set[str], file: str) -> Iterator[Finding]:
    for row in seed.rows:
        if row[column] and row[column] not in known:
            problem = f"{column} {row[column]} is not in {file}"
            fix = "correct the spelling or add it there"
            yield at(row, "unknown", subject(seed.name, row), problem, fix)
