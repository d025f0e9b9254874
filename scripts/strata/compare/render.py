"""What differs between two releases, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from strata.catalogue import report
from strata.compare.read import SIDES, Found

# Rows of a seed, and moves of a kind of label, that are shown; the others are counted.
SHOWN = 3
# Characters of a cell that are shown.
LONGEST = 40
HEADINGS = {"matrix": "Matrix cell", "rfm_segment": "RFM segment", "rfm_group": "RFM group"}
# The kind whose labels are shown as figures; the moves show the others.
STAGE = "lifecycle_stage"


def as_text(content: dict[str, Any]) -> str:
    """Return a table per section in which something differs, or a line that nothing does."""
    names = content["names"]
    tiers = names.get("tier", {})
    return report(
        "compare",
        edition_rows=[[row["name"], *_sides(row)] for row in content["editions"]],
        schema_rows=[
            [row["table_name"], row["column_name"] or "", *_sides(row)] for row in content["schema"]
        ],
        seed_rows=list(_seeds(content["seeds"])),
        figure_rows=list(_figures(content["figures"], names.get(STAGE, {}))),
        tier_rows=[
            [
                f"{tiers.get(row['tier_key'], row['tier_key'])}, {row['customer_type']}",
                *(f"{row[f'customers_{side}']:,}" for side in SIDES),
                *(f"{row[f'value_{side}']:,.2f}" for side in SIDES),
            ]
            for row in content["tiers"]
        ],
        move_rows=list(_moves(content["moves"], names)),
        **content,
    )


def _sides(row: dict[str, Any], names: Mapping[str, str] | None = None) -> list[str]:
    values = (row[side] for side in SIDES)
    return ["-" if value is None else (names or {}).get(str(value), str(value)) for value in values]


def _seeds(changes: Found) -> Iterator[list[str]]:
    for seed, group in groupby(changes, lambda row: row["seed"]):
        rows = list(group)
        for row in rows[:SHOWN]:
            cells = (f"{name}: {_cut(a)} -> {_cut(b)}" for name, (a, b) in row["cells"].items())
            yield [row["change"], row["place"], row["key"], ", ".join(cells)]
        if rows[SHOWN:]:
            yield ["", f"{len(rows) - SHOWN:,} more of {seed}", "", ""]


def _figures(figures: Found, stages: dict[str, str]) -> Iterator[list[str]]:
    for row in figures:
        kind, _, key = row["name"].rpartition("/")
        if kind in ("", STAGE):
            name = f"{_heading(kind)}: {stages.get(key, key)}" if kind else _heading(key)
            form = ".1%" if key.endswith("_rate") else ",.2f"
            before, after = row["before"] or 0, row["after"] or 0
            numbers = (f"{before:{form}}", f"{after:{form}}", f"{after - before:+{form}}")
            yield [name, *(number.removesuffix(".00") for number in numbers)]


def _moves(moves: Found, names: dict[str, dict[str, str]]) -> Iterator[list[str]]:
    for dimension, group in groupby(moves, lambda row: row["dimension"]):
        rows = list(group)
        heading = f"{_heading(dimension)} ({_total(rows)})"
        for row in rows[:SHOWN]:
            labels = _sides(row, names.get(dimension, {}))
            yield [heading, *labels, f"{row['customers']:,}"]
            heading = ""
        if rows[SHOWN:]:
            yield ["", f"{len(rows) - SHOWN:,} more", "", _total(rows[SHOWN:])]


def _total(moves: Found) -> str:
    return f"{sum(row['customers'] for row in moves):,}"


def _heading(name: str) -> str:
    return HEADINGS.get(name, name.replace("_", " ").capitalize())


def _cut(text: str) -> str:
    """Return the text of a cell, shortened, so that a row stays on a line."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
