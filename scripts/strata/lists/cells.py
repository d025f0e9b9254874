"""Writing the cells of a list so that a spreadsheet shows them and never runs them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# A cell that starts so is read as a formula (OWASP, CSV injection); the wide forms are read so in
# Chinese and Japanese spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# Where a line or a column ends; the other control characters show nothing.
BREAKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
CENT = Decimal("0.01")


def visible(text: str) -> str:
    """Return a text without what cannot be seen: controls, marks of direction and zero width.

    Such characters turn a name around or hide a part of it. Breaks become blanks.
    """
    return "".join(
        " " if letter in BREAKS else letter
        for letter in text
        if letter in BREAKS or unicodedata.category(letter) not in ("Cc", "Cf")
    ).strip()


def disarm(text: str) -> str:
    """Return a text behind a single quote if a spreadsheet could run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def cell(value: object) -> str:
    """Return a value as a cell of a CSV file: numbers and dates bare, all other text quoted.

    Amounts have two decimals.
    """
    if value is None:
        return ""
    if isinstance(value, Decimal | float):
        return str(Decimal(value).quantize(CENT, ROUND_HALF_UP))
    if isinstance(value, int | date):
        return str(value)
    text = disarm(visible(str(value))).replace('"', '""')
    return f'"{text}"'


def line(values: Sequence[object]) -> str:
    """Return a line of a CSV file."""
    return ",".join(map(cell, values)) + "\r\n"
