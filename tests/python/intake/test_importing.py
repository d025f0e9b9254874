"""`strata data import`: what a mapping may do, and one line for whatever does not fit it."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from strata.errors import StrataError
from strata.intake.importing import import_files

Run = Callable[..., "subprocess.CompletedProcess[str]"]

MAPPING = """\
description: A shop's export.
inputs:
  input:
    columns:
      number: {type: text, aliases: [No]}
      customer: {type: text, needed: false}
      time: {type: timestamp, formats: ["%d.%m.%Y %H:%M"]}
      units: {type: integer}
      total: {type: decimal}
"""
ORDERS = """\
select
    number as order_id,
    customer as customer_code,
    time as ordered_at,
    total as order_total_amount
from input
"""
FATES = "select 'order' as status, count(*) as rows from input"
EXPORT = "NO;time;units;total\n007;2024-03-04 10:00;1;2.50\n008;5.3.2024 09:30;2;3\n"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    """A mapping folder that makes erp_orders."""
    folder = tmp_path / "mapping"
    folder.mkdir()
    (folder / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    (folder / "erp_orders.sql").write_text(ORDERS, encoding="utf-8")
    (folder / "statuses.sql").write_text(FATES, encoding="utf-8")
    return folder


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Two orders, in a CSV file without the optional column."""
    file = tmp_path / "export.csv"
    file.write_text(EXPORT, encoding="utf-8")
    return file


def orders(out: Path) -> list[tuple[object, ...]]:
    return duckdb.sql(
        "select order_id, customer_code, cast(ordered_at as varchar), "
        "cast(order_total_amount as varchar) "
        f"from read_parquet('{out}/erp_orders.parquet') order by order_id"
    ).fetchall()


EXPECTED = [
    ("007", None, "2024-03-04 10:00:00", "2.500000"),
    ("008", None, "2024-03-05 09:30:00", "3.000000"),
]


def test_import_writes_tables_and_accounts_for_rows(
    mapping: Path, export: Path, tmp_path: Path, strata: Run
) -> None:
    export = export.rename(tmp_path / "export [1]*.csv")
    out = tmp_path / "raw [1]*"
    result = strata("data", "import", mapping, "--input", export, "--out", out)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines == ["input: 2 rows", "order 2", f"written to {out}:", "erp_orders 2"]
    assert [path.name for path in out.iterdir()] == ["erp_orders.parquet"]
    assert orders(out) == EXPECTED
    assert strata("check", "--raw", out).returncode == 0


def test_json_and_second_import(mapping: Path, export: Path, tmp_path: Path, strata: Run) -> None:
    for _ in range(2):
        arguments = ("--input", f"input={export}", "--out", tmp_path / "raw", "--json")
        report = json.loads(strata("data", "import", mapping, *arguments).stdout)
    assert report["inputs"] == {"input": 2}
    assert report["tables"] == {"erp_orders": 2}
    assert report["statuses"] == [{"input": "input", "status": "order", "rows": 2}]


def test_xlsx_and_parquet_give_the_same_tables(mapping: Path, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["No", "Time", "Units", "Total"])
    book.active.append(["007", datetime(2024, 3, 4, 10), 1, 2.5])
    book.active.append([None] * 4)
    book.active.append(["008", datetime(2024, 3, 5, 9, 30), 2, 3])
    book.save(tmp_path / "export.xlsx")
    duckdb.sql(
        "select * from (values ('007', timestamp '2024-03-04 10:00', 1.0::double, 2.5::double), "
        "('008', timestamp '2024-03-05 09:30', 2.0, 3.0)) v(number, time, units, total)"
    ).write_parquet(str(tmp_path / "export.parquet"))
    for suffix in ("xlsx", "parquet"):
        import_files(mapping, (str(tmp_path / f"export.{suffix}"),), tmp_path / suffix)
        assert orders(tmp_path / suffix) == EXPECTED


def test_several_inputs_and_an_equals_sign_in_a_path(mapping: Path, tmp_path: Path) -> None:
    (mapping / "mapping.yml").write_text(
        "inputs: {a: {columns: {x: {}}}, b: {columns: {y: {type: integer}}}}"
    )
    (mapping / "erp_orders.sql").write_text(
        "select x as order_id, null as customer_code, y as ordered_at from a, b; -- the end\n"
    )
    (mapping / "statuses.sql").write_text(
        "select 'a' as input, 'kept' as status, count(*) as rows from a "
        "union all select 'b', 'kept', count(*) from b"
    )
    (tmp_path / "k=v.csv").write_text("x\n1\n2\n")
    (tmp_path / "b.csv").write_text("y\n20240304\n")
    arguments = (f"a={tmp_path}/k=v.csv", f"b={tmp_path}/b.csv")
    report = import_files(mapping, arguments, tmp_path / "raw")
    assert report.inputs == {"a": 2, "b": 1}
    with pytest.raises(StrataError, match="missing for b"):
        import_files(mapping, arguments[:1], tmp_path / "raw")
    with pytest.raises(StrataError, match="NAME=FILE"):
        import_files(mapping, (f"{tmp_path}/b.csv", arguments[0]), tmp_path / "raw")
    with pytest.raises(StrataError, match="given twice"):
        import_files(mapping, (*arguments, arguments[0]), tmp_path / "raw")


BAD_EXPORTS: dict[str, tuple[str, str]] = {
    "not an integer": (EXPORT.replace(";1;", ";1.5;"), "column units.*integer.*data row 1"),
    "no such time": (EXPORT.replace("5.3.", "35.3."), "column time.*timestamp.*data row 2"),
    "a two-digit year": (EXPORT.replace("5.3.2024 09:30", "12/1/10"), "column time.*data row 2"),
    "an offset": (EXPORT.replace("10:00", "10:00:00+08:00"), "column time.*data row 1"),
    "a thousands separator": (EXPORT.replace("2.50", '"1,234.50"'), "column total.*data row 1"),
    "a missing column": (EXPORT.replace("units", "pieces"), "missing column units.*NO, time"),
    "a short row": (EXPORT + "9;1\n", r"export.csv row 4 .*2 fields"),
    "an empty file": ("", "0 bytes"),
}


@pytest.mark.parametrize("case", BAD_EXPORTS)
def test_input_that_does_not_fit(case: str, mapping: Path, export: Path, tmp_path: Path) -> None:
    text, message = BAD_EXPORTS[case]
    export.write_text(text, encoding="utf-8")
    with pytest.raises(StrataError, match=message) as error:
        import_files(mapping, (str(export),), tmp_path / "raw")
    assert "\n" not in str(error.value)
    assert list((tmp_path / "raw").iterdir()) == []


def declare(mapping: Path, options: str) -> None:
    """Add options to the only input of the mapping."""
    text = MAPPING.replace("  input:\n", f"  input:\n    {options}\n")
    (mapping / "mapping.yml").write_text(text, encoding="utf-8")


def test_declared_encoding_and_number_form(mapping: Path, export: Path, tmp_path: Path) -> None:
    declare(mapping, 'encoding: gb18030\n    decimal: ","\n    thousands: "."')
    text = "No;customer;time;units;total\n"
    text += "1;张伟;2024-03-04;1.000;1.234,56\n2;李娜;2024-03-05;2;3\n"
    export.write_bytes(text.encode("gb18030"))
    import_files(mapping, (str(export),), tmp_path / "raw")
    assert orders(tmp_path / "raw") == [
        ("1", "张伟", "2024-03-04 00:00:00", "1234.560000"),
        ("2", "李娜", "2024-03-05 00:00:00", "3.000000"),
    ]


def test_numbers_of_a_workbook_are_numbers_in_every_form(mapping: Path, tmp_path: Path) -> None:
    """A cell that is a number is none of a declared form; a text beside it is."""
    declare(mapping, 'decimal: ","\n    thousands: "."')
    book = Workbook()
    assert book.active is not None
    book.active.append(["No", "Time", "Units", "Total"])
    book.active.append([1, datetime(2024, 3, 4), 1, 1234.5])
    book.active.append([2, datetime(2024, 3, 5), "1.000", "1.234,56"])
    book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "export.xlsx")
    import_files(mapping, (str(tmp_path / "export.xlsx"),), tmp_path / "raw")
    assert orders(tmp_path / "raw") == [
        ("1", None, "2024-03-04 00:00:00", "1234.500000"),
        ("2", None, "2024-03-05 00:00:00", "1234.560000"),
    ]


def test_floats_of_pandas_are_ids_and_blanks(mapping: Path, tmp_path: Path) -> None:
    def write(number: float) -> None:
        selected = (
            f"cast({number} as double) as number, cast('nan' as double) as customer, "
            "timestamp '2024-03-04' as time, 1.0::double as units, 'nan'::double as total"
        )
        duckdb.sql(f"copy (select {selected}) to '{tmp_path}/export.parquet'")

    write(17850)
    import_files(mapping, (str(tmp_path / "export.parquet"),), tmp_path / "raw")
    assert orders(tmp_path / "raw") == [("17850", None, "2024-03-04 00:00:00", None)]
    write(2**53)
    with pytest.raises(StrataError, match=r"column number: 1 values are floats too large.*row 1"):
        import_files(mapping, (str(tmp_path / "export.parquet"),), tmp_path / "raw")


def test_nested_values_are_refused(mapping: Path, tmp_path: Path) -> None:
    selected = "{'id': 1} as number, [1] as ignored, '2024-03-04' as time, 1 as units, 2 as total"
    duckdb.sql(f"copy (select {selected}) to '{tmp_path}/export.parquet'")
    with pytest.raises(StrataError, match=r"export\.parquet: column number holds nested"):
        import_files(mapping, (str(tmp_path / "export.parquet"),), tmp_path / "raw")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("encoding: klingon", "mapping.yml: input input: unknown encoding klingon"),
        ('decimal: "."\n    thousands: "."', "decimal and thousands are both"),
        ("decimals: 2", "input input: unknown option decimals"),
        ('decimal: ","', "column total: 1 values are not of type decimal with decimal ','.*'2.50'"),
    ],
)
def test_wrong_declarations(
    options: str, message: str, mapping: Path, export: Path, tmp_path: Path
) -> None:
    declare(mapping, options)
    with pytest.raises(StrataError, match=message) as error:
        import_files(mapping, (str(export),), tmp_path / "raw")
    assert "\n" not in str(error.value)


BAD_MAPPINGS: dict[str, tuple[str, str, str]] = {
    "unknown table": ("erp_order.sql", ORDERS, "erp_order is no table of the contract"),
    "unknown column": (
        "erp_orders.sql",
        ORDERS.replace("order_total_amount", "amount"),
        "erp_orders.sql: column amount is not in the contract",
    ),
    "needed column missing": (
        "erp_orders.sql",
        "select number as order_id, time as ordered_at from input",
        "erp_orders.sql: needed column customer_code is missing",
    ),
    "SQL error": ("erp_orders.sql", "select nothing from input", "erp_orders.sql: Binder Error"),
    "syntax error": ("erp_orders.sql", "selec 1", "erp_orders.sql: Parser Error"),
    "not a SELECT": ("erp_orders.sql", "drop table input", "must hold one SELECT"),
    "two statements": ("erp_orders.sql", "select 1; select 2", "must hold one SELECT"),
    "lost rows": (
        "statuses.sql",
        FATES + " where units > 1",
        "statuses.sql: accounts for 1 rows of input, which has 2",
    ),
    "statuses without rows": (
        "statuses.sql",
        "select 'kept' as status",
        "must give the columns status, rows",
    ),
    "broken YAML": ("mapping.yml", "inputs: [", "not valid YAML"),
    "no inputs": ("mapping.yml", "description: none", "`inputs` is missing"),
    "unknown type": ("mapping.yml", MAPPING.replace("decimal", "money"), "unknown type money"),
    "unknown option": ("mapping.yml", MAPPING.replace("needed", "need"), "unknown option need"),
}


@pytest.mark.parametrize("case", BAD_MAPPINGS)
def test_mapping_that_is_wrong(case: str, mapping: Path, export: Path, tmp_path: Path) -> None:
    name, text, message = BAD_MAPPINGS[case]
    (mapping / name).write_text(text, encoding="utf-8")
    with pytest.raises(StrataError, match=message) as error:
        import_files(mapping, (str(export),), tmp_path / "raw")
    assert "\n" not in str(error.value)
    assert not (tmp_path / "raw").exists() or list((tmp_path / "raw").iterdir()) == []


def test_a_failed_import_leaves_the_last_one(mapping: Path, export: Path, tmp_path: Path) -> None:
    import_files(mapping, (str(export),), tmp_path / "raw")
    (mapping / "erp_products.sql").write_text("select nothing from input")
    with pytest.raises(StrataError):
        import_files(mapping, (str(export),), tmp_path / "raw")
    assert orders(tmp_path / "raw") == EXPECTED
    assert len(list((tmp_path / "raw").iterdir())) == 1


@pytest.mark.parametrize("name", ["erp_orders.csv", "erp_customers.parquet"])
def test_foreign_tables_are_not_mixed_in(
    name: str, mapping: Path, export: Path, tmp_path: Path, strata: Run
) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / name).write_text("mine")
    result = strata("data", "import", mapping, "--input", export, "--out", tmp_path / "raw")
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert (tmp_path / "raw" / name).read_text() == "mine"


def test_a_question_mark_in_the_folder_is_refused(mapping: Path, export: Path) -> None:
    with pytest.raises(StrataError, match=r"a folder with a \? in its name"):
        import_files(mapping, (str(export),), export.parent / "raw?")


def test_missing_paths_get_one_line(mapping: Path, tmp_path: Path, strata: Run) -> None:
    for arguments in (
        (tmp_path / "none", "--input", tmp_path / "x.csv"),
        (mapping, "--input", tmp_path / "x.csv"),
        (mapping, "--input", mapping),
    ):
        result = strata("data", "import", *arguments, "--out", tmp_path / "raw")
        assert result.returncode == 2
        assert result.stderr.count("\n") == 1, result.stderr
