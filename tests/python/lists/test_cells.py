"""Cells that a spreadsheet would run as a formula."""

from __future__ import annotations

from decimal import Decimal

import pytest

from strata.lists.cells import disarm


@pytest.mark.parametrize(
    "start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠"]
)
def test_formula_gets_a_quote(start: str) -> None:
    assert disarm(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("value", ["Ann", "a=b", "", "1-2", "张三", "'=1"])
def test_other_text_is_unchanged(value: str) -> None:
    assert disarm(value) == value


def test_missing_value_is_an_empty_cell_and_figures_are_plain() -> None:
    assert disarm(None) == ""
    assert disarm(Decimal("12.50")) == "12.50"
