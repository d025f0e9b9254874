"""The list of engine functions is complete, and a wrong name says what to do."""

from __future__ import annotations

import re

import pytest

from strata.project import project_dir

from .rendered import rendered

PAGES = project_dir() / "macros" / "engine"


def named(page: str) -> set[str]:
    """Functions that a page spells."""
    text = (PAGES / page).read_text(encoding="utf-8")
    choices = re.findall(r"if name (?:==|in) (.+?) -%}", text)
    return {name for choice in choices for name in re.findall(r"'(\w+)'", choice)}


def test_the_list_names_every_function_and_duckdb_has_them_all() -> None:
    text = (PAGES / "engine.sql").read_text(encoding="utf-8")
    listed = set(re.findall(r"(?m)^    (\w+)\(", text))
    assert listed == named("duckdb.sql") | named("default.sql")
    assert named("postgres.sql") | named("spark.sql") <= listed


def test_a_function_that_an_engine_lacks_is_named_with_the_page_to_write_it_on() -> None:
    with pytest.raises(
        ValueError, match=r"duckdb has no 'utc_time': add it to macros/engine/duckdb"
    ):
        rendered("engine", "utc_time", "ordered_at")
