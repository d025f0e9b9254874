"""`strata-lab compare`: what two releases say differently."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner

from strata.errors import StrataError
from strata_lab.cli import group
from strata_lab.compare import TableDifference, compare


def database(folder: Path, *statements: str) -> Path:
    """Make a public database with tables in schema main."""
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "strata.duckdb")) as connection:
        for statement in statements:
            connection.execute(statement)
    return folder


@pytest.fixture
def before(tmp_path: Path) -> Path:
    return database(
        tmp_path / "before" / "current",
        "create table orders as select * from (values (1, 5.0, 'a'), (1, 5.0, 'a'), (2, 7.0, null))"
        " as rows (order_id, amount, build_id)",
        "create table customers as select 1 as customer_id, 'x' as city",
    ).parent


def test_equal_but_for_the_build(tmp_path: Path, before: Path) -> None:
    after = database(
        tmp_path / "after",
        "create table orders as select * from (values (2, 7.0, 'b'), (1, 5.0, 'b'), (1, 5.0, 'b'))"
        " as rows (order_id, amount, build_id)",
        "create table customers as select 1 as customer_id, 'x' as city",
    )
    assert compare(before, after / "strata.duckdb").is_equal
    outcome = CliRunner().invoke(group, ["compare", str(before), str(after)])
    assert (outcome.exit_code, outcome.output) == (0, "2 of 2 public tables are equal\n")


@pytest.mark.parametrize(("after_rate", "is_equal"), [(0.1 + 0.2, True), (0.300000001, False)])
def test_the_last_digits_of_a_double_do_not_count(
    tmp_path: Path, after_rate: float, is_equal: bool
) -> None:
    """The order of a sum changes them from build to build."""
    one, other = (
        database(tmp_path / name, f"create table rates as select cast({rate!r} as double) as rate")
        for name, rate in (("one", 0.3), ("other", after_rate))
    )
    assert compare(one, other).is_equal == is_equal


def test_every_difference_is_named(tmp_path: Path, before: Path) -> None:
    """A row counts as often as it stands, and the columns that differ are named."""
    after = database(
        tmp_path / "after",
        "create table orders as select * from (values (1, 5.0), (2, 8.0)) as rows (order_id, paid)",
        "alter table orders add column amount decimal(3, 1)",
        "update orders set amount = paid",
        "create table tags as select 1 as customer_id",
    )
    tables = {table.name: table for table in compare(before, after).tables}
    assert tables["orders"] == TableDifference(
        "orders", 3, 2, 2, 1, ["order_id", "amount"], [], ["paid"]
    )
    assert (tables["customers"].after, tables["tags"].before) == (None, None)
    outcome = CliRunner().invoke(group, ["compare", str(before), str(after), "--json"])
    assert outcome.exit_code == 1
    assert json.loads(outcome.output)["is_equal"] is False
    text = CliRunner().invoke(group, ["compare", str(before), str(after)]).output
    assert "orders          3       2            2           1  order_id, amount, +paid" in text
    assert text.endswith("0 of 3 public tables are equal\n")


def test_ignored_columns(tmp_path: Path, before: Path) -> None:
    after = database(
        tmp_path / "after",
        "create table orders as select * from (values (1, 9.0), (1, 9.0), (2, 9.0))"
        " as rows (order_id, amount)",
        "create table customers as select 1 as customer_id, 'x' as city",
    )
    assert not compare(before, after).is_equal
    assert compare(before, after, ["amount"]).is_equal


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(StrataError, match=r"nowhere: no release; name a warehouse folder"):
        compare(tmp_path / "nowhere", tmp_path)
