"""The text of contract columns: ids without `.0`, declared numbers, no nested values."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from strata.intake.check import inspect
from strata.intake.contract import ContractColumn, contract
from strata.intake.files import connect, open_file
from strata.intake.form import Form, plain_number
from strata.intake.raw import raw_text


def text_of(name: str) -> ContractColumn:
    columns = [column for table in contract() for column in table.columns]
    return next(column for column in columns if column.name == name)


def read(path: Path, column: str, form: Form | None = None) -> list[str | None]:
    """Return a contract column of a file as a build reads it."""
    form = form or Form()
    with connect() as connection:
        source = open_file(connection, path, form)
        sql = raw_text(source, column, text_of(column), form)
        return [
            row[0] for row in connection.execute(f"select {sql} from {source.relation}").fetchall()
        ]


def write(path: Path, column: str, values: list[str]) -> Path:
    path.write_text("\n".join([column, *values]) + "\n", encoding="utf-8")
    return path


def test_ids_that_pandas_made_floats_are_whole_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    frame = pd.DataFrame(
        {"customer_code": [17850, None, 9007199254740991], "phone": [1380013.0] * 3}
    )
    frame.to_parquet(path)
    assert read(path, "customer_code") == ["17850", None, "9007199254740991"]
    assert read(path, "phone") == ["1380013"] * 3


@pytest.mark.parametrize("column", ["customer_code", "order_id", "postcode", "phone", "tax_id"])
def test_a_whole_number_has_no_decimals_in_text_files(column: str, tmp_path: Path) -> None:
    values = ["17850.0", " 17850.0 ", "017850.00", "C1.0", "1.5", "1e5", "17850"]
    found = read(write(tmp_path / "a.csv", column, values), column)
    assert found == ["17850", "17850", "017850", "C1.0", "1.5", "1e5", "17850"]


@pytest.mark.parametrize("column", ["customer_name", "product_name", "reason", "summary"])
def test_names_and_free_text_stay_as_they_are(column: str, tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", column, ["7.0", "1.1E+17"]), column) == ["7.0", "1.1E+17"]


def cut(folder: Path, case: str) -> None:
    (folder / "erp_orders.csv").unlink()
    rows = {"order_id": ["1", "2"], "customer_code": ["C1", "C2"], "ordered_at": ["2026-06-01"] * 2}
    frame = pd.DataFrame({**rows, "order_total_amount": [1.0, 2.0]})
    if case == "double":
        frame["order_id"] = [1.0, 9007199254740993.0]
    elif case == "float":
        frame["order_id"] = np.array([1, 16777217], dtype=np.float32)
    else:
        frame["order_id"] = ["1", "1.10101E+17"]
    frame.to_csv(folder / "erp_orders.csv", index=False) if case == "csv" else frame.to_parquet(
        folder / "erp_orders.parquet"
    )


@pytest.mark.parametrize("case", ["double", "float", "csv", "text in Parquet"])
def test_keys_that_have_lost_digits_stop_a_build(case: str, raw: Path) -> None:
    cut(raw, case)
    (problem,) = inspect(raw).problems
    assert "column order_id: " in problem
    assert "has lost digits" in problem
    assert "\n" not in problem


def test_a_cut_number_of_a_person_is_not_a_key(tmp_path: Path) -> None:
    """It is no reason to stop: the rules that compare such numbers leave it out."""
    path = write(tmp_path / "a.csv", "tax_id", ["1.10101E+17"])
    assert read(path, "tax_id") == ["1.10101E+17"]


TYPES: list[tuple[str, str | None]] = [
    ("cast(17850 as uint64)", "17850"),
    ("cast(17850 as decimal(10, 2))", "17850"),
    ("cast('nan' as double)", None),
    ("encode('张伟')", "张伟"),  # a text that is not marked as one
    ("date '2026-05-01'", "2026-05-01"),
    ("timestamp_ns '2026-05-01 10:00:00.5'", "2026-05-01 10:00:00.5"),
    ("timestamptz '2026-05-01 10:00:00+08'", "2026-05-01 02:00:00+00"),
]


@pytest.mark.parametrize(("value", "text"), TYPES)
def test_types_of_parquet_columns(value: str, text: str | None, tmp_path: Path) -> None:
    duckdb.sql(f"copy (select {value} as order_id) to '{tmp_path}/a.parquet'")
    assert read(tmp_path / "a.parquet", "order_id") == [text]


@pytest.mark.parametrize("value", ["{'a': 1}", "[1, 2]", "map {'a': 1}", "[{'a': 1}]"])
@pytest.mark.parametrize("column", ["order_id", "order_total_amount", "ordered_at"])
def test_nested_values_are_no_values(value: str, column: str, raw: Path) -> None:
    (raw / "erp_orders.csv").unlink()
    columns = {
        "order_id": "1",
        "customer_code": "2",
        "ordered_at": "'x'",
        "order_total_amount": "3",
    }
    columns[column] = value
    selected = ", ".join(f"{sql} as {name}" for name, sql in columns.items())
    duckdb.sql(f"copy (select {selected}, {{'b': 1}} as other) to '{raw}/erp_orders.parquet'")
    (problem,) = inspect(raw).problems
    assert f"erp_orders.parquet: column {column} holds nested or binary values" in problem


def test_a_folder_like_a_partition_is_no_column(tmp_path: Path) -> None:
    folder = tmp_path / "order_id=7"
    folder.mkdir()
    assert read(write(folder / "a.csv", "order_id", ["1"]), "order_id") == ["1"]
    duckdb.sql(f"copy (select '1' as order_id) to '{folder}/a.parquet'")
    assert read(folder / "a.parquet", "order_id") == ["1"]


NUMBERS: list[tuple[Form, str, str | None]] = [
    (Form(decimal=",", thousands="."), "1.234,56", "1234.56"),
    (Form(decimal=",", thousands="."), "-1.234.567", "-1234567"),
    (Form(decimal=",", thousands="."), "1234,5", "1234.5"),
    (Form(decimal=",", thousands="."), "1234.56", None),
    (Form(decimal=",", thousands="."), "1.23", None),
    (Form(decimal=",", thousands="."), "1,234.56", None),
    (Form(decimal=","), "1.234,56", None),
    (Form(decimal=","), ",5", ".5"),
    (Form(thousands=","), "1,234.56", "1234.56"),
    (Form(thousands=","), "12,34.56", None),
    (Form(decimal=",", thousands=" "), "1\u00a0234\u202f567,5", "1234567.5"),
    (Form(thousands="'"), "1’234.50", "1234.50"),
]


@pytest.mark.parametrize(("form", "text", "number"), NUMBERS)
def test_numbers_of_a_declared_form(
    form: Form, text: str, number: str | None, tmp_path: Path
) -> None:
    (found,) = duckdb.sql(
        f"select {plain_number('t', form)} from (values ($1)) v(t)", params=[text]
    ).fetchall()
    assert found == (number,)
    path = write(tmp_path / "a.csv", "unit_cost", [f'"{text}"', '" "'])
    remark = number or f"{text} (decimal: {form.decimal})"
    assert read(path, "unit_cost", form) == [remark, None]
