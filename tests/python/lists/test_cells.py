"""Cells of a list: what a spreadsheet shows, and what it must not run or hide."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from strata.lists.cells import cell, disarm, line, visible


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_formula_gets_a_quote(start: str) -> None:
    assert disarm(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["Ann", "a=b", "", "1-2", "张三", "'=1"])
def test_other_text_is_unchanged(value: str) -> None:
    assert disarm(value) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (Decimal("-50.0000"), "-50.00"),
        (Decimal("0.0050"), "0.01"),
        (Decimal("1234567.8900"), "1234567.89"),
        (-2.5, "-2.50"),
        (3, "3"),
        (date(2026, 9, 12), "2026-09-12"),
        ("Ann", '"Ann"'),
        ("", '""'),
        ('a "b", c', '"a ""b"", c"'),
        ("-50.0000", '"\'-50.0000"'),
        ("+8613800138000", '"\'+8613800138000"'),
    ],
)
def test_numbers_and_dates_are_bare_and_text_is_quoted(value: object, written: str) -> None:
    assert cell(value) == written


@pytest.mark.parametrize(
    "hidden",
    [
        *map(chr, range(0x202A, 0x202F)),
        *map(chr, range(0x2066, 0x206A)),
        *"\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u061c\0\x1b\x7f\x9b",
    ],
)
def test_letters_that_cannot_be_seen_are_taken_out(hidden: str) -> None:
    assert visible(f"Li{hidden} Si{hidden}") == "Li Si"
    assert cell(f"{hidden}=1+1") == '"\'=1+1"', "nor may they hide a formula"


@pytest.mark.parametrize("gap", ["\t", "\r", "\n", "\u2028", "\u0085"])
def test_breaks_become_blanks(gap: str) -> None:
    assert visible(f"{gap}Li{gap}Si") == "Li Si"
    assert cell(f"{gap} @SUM") == '"\'@SUM"'


def test_a_line_is_read_back_as_written() -> None:
    text = line(['王芳, "Trade"', Decimal("2"), None, "a;b"])
    assert next(csv.reader(io.StringIO(text))) == ['王芳, "Trade"', "2.00", "", "a;b"]
