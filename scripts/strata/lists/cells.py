"""Making text safe to open in a spreadsheet."""

from __future__ import annotations

# A cell that starts so is read as a formula (OWASP, CSV injection); the wide forms are read so in
# Chinese and Japanese spreadsheets.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def disarm(value: object) -> str:
    """Return a cell's text, behind a single quote if a spreadsheet could run it as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
