"""`strata check`: good folders pass, and each kind of bad input gets one line and exit code 2."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from strata.intake import rows
from strata.intake.check import inspect
from strata.intake.contract import contract

Run = Callable[..., "subprocess.CompletedProcess[str]"]

HEADER = "order_id,customer_code,ordered_at,order_total_amount\n"
MANY = "".join(f"{number},C{number},2024-01-01,1\n" for number in range(20_000))


def write(folder: Path, text: str | bytes, name: str = "erp_orders.csv") -> None:
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)


def write_parquet(folder: Path, rows: int = 50_000) -> bytes:
    path = folder / "erp_orders.parquet"
    duckdb.sql(
        "select 'order ' || i as order_id, 'C' || i as customer_code, "
        f"timestamp '2024-01-01' as ordered_at, 1.5 as order_total_amount from range({rows}) t(i)"
    ).write_parquet(str(path))
    (folder / "erp_orders.csv").unlink()
    return path.read_bytes()


def write_workbook(
    folder: Path, rows: Sequence[Sequence[object]], name: str = "erp_orders.xlsx"
) -> None:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(folder / name)


def only_products(folder: Path) -> None:
    (folder / "erp_orders.csv").unlink()
    write(folder, "product_code\nP1\n", "erp_products.csv")


def truncated_parquet(folder: Path) -> None:
    data = write_parquet(folder)
    write(folder, data[: len(data) // 2], "erp_orders.parquet")


def parquet_with_a_damaged_page(folder: Path) -> None:
    data = bytearray(write_parquet(folder))
    data[5_000:5_400] = b"\1" * 400
    write(folder, bytes(data), "erp_orders.parquet")


def truncated_workbook(folder: Path) -> None:
    (folder / "erp_orders.csv").unlink()
    write_workbook(folder, [HEADER.strip().split(","), ["1", "C1", "2024-01-01", 5]])
    data = (folder / "erp_orders.xlsx").read_bytes()
    write(folder, data[: len(data) // 2], "erp_orders.xlsx")


def workbook_without_rows(folder: Path) -> None:
    (folder / "erp_orders.csv").unlink()
    write_workbook(folder, [])


BAD: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "empty folder": (
        lambda folder: (folder / "erp_orders.csv").unlink(),
        ["no raw data in", "`strata data sample --out /", "`strata data init /"],
    ),
    "misnamed orders": (
        lambda folder: (folder / "erp_orders.csv").rename(folder / "erp_order.csv").touch(),
        ["no raw data in", "erp_order.csv should be called erp_orders.csv"],
    ),
    "orders missing": (
        only_products,
        ["erp_orders.csv (or .parquet, .xlsx): missing"],
    ),
    "header only": (lambda folder: write(folder, HEADER), ["erp_orders.csv", "no rows"]),
    "header without line end": (
        lambda folder: write(folder, HEADER.strip()),
        ["erp_orders.csv", "no rows"],
    ),
    "zero bytes": (lambda folder: write(folder, ""), ["erp_orders.csv", "empty (0 bytes)"]),
    "blank first line": (
        lambda folder: write(folder, "\n" + HEADER + MANY),
        ["erp_orders.csv line 1", "column names"],
    ),
    "needed column missing": (
        lambda folder: write(folder, "order_id,ordered_at,order_total_amount\n1,2024-01-01,5\n"),
        ["erp_orders.csv", "missing needed column customer_code", "the file has order_id"],
    ),
    "no order values": (
        lambda folder: write(folder, "order_id,customer_code,ordered_at\n1,C1,2024-01-01\n"),
        ["erp_orders.csv", "order_total_amount", "no erp_order_lines"],
    ),
    "two files": (
        lambda folder: write(folder, b"PAR1", "erp_orders.parquet"),
        ["erp_orders.csv and", "erp_orders.parquet", "remove one"],
    ),
    "truncated Parquet": (truncated_parquet, ["erp_orders.parquet", "damaged or cut off"]),
    "damaged Parquet page": (
        parquet_with_a_damaged_page,
        ["erp_orders.parquet", "damaged or cut off"],
    ),
    "truncated XLSX": (truncated_workbook, ["erp_orders.xlsx", "damaged or cut off"]),
    "XLSX with an empty sheet": (workbook_without_rows, ["erp_orders.xlsx", "is empty"]),
    "GBK": (
        lambda folder: write(folder, (HEADER + MANY + "5,张伟,2024-01-01,1\n").encode("gbk")),
        ["erp_orders.csv line 20002", "not UTF-8", "looks like GB18030", "CSV UTF-8"],
    ),
    "GBK header": (
        lambda folder: write(folder, ("订单," + HEADER + MANY).encode("gbk")),
        ["erp_orders.csv line 1", "not UTF-8", "GB18030"],
    ),
    "UTF-16": (
        lambda folder: write(folder, HEADER.encode("utf-16")),
        ["erp_orders.csv", "UTF-16", "CSV UTF-8"],
    ),
    "row too short": (
        lambda folder: write(folder, HEADER + MANY + "5,C5\n" + MANY),
        ["erp_orders.csv row 20002", "2 fields where the header has 4"],
    ),
    "every row too long": (
        lambda folder: write(folder, HEADER + "1,C1,2024-01-01,5,x\n2,C2,2024-01-01,5,x\n"),
        ["erp_orders.csv row 2", "5 fields where the header has 4"],
    ),
    "thousands separator": (
        lambda folder: write(folder, HEADER + "1,C1,2024-01-01,1,234.50\n"),
        ["erp_orders.csv row 2", "5 fields where the header has 4"],
    ),
    "open quote": (
        lambda folder: write(folder, HEADER + '1,"C1,2024-01-01,5\n' + MANY),
        ["erp_orders.csv row 2", "double quote"],
    ),
    "mixed line ends": (
        lambda folder: write(folder, (HEADER + MANY).replace("\n", "\r\n") + MANY),
        ["erp_orders.csv", "mixed line ends"],
    ),
    "column twice": (
        lambda folder: write(folder, "order_id, Order_ID ,ordered_at\n1,2,3\n"),
        ["erp_orders.csv", "order_id stands more than once"],
    ),
    "optional table damaged": (
        lambda folder: write(folder, b"PAR1 and nothing more", "erp_products.parquet"),
        ["erp_products.parquet", "damaged or cut off"],
    ),
    "needed column of an optional table missing": (
        lambda folder: write(folder, "order_id,quantity\n1,2\n", "erp_order_lines.csv"),
        ["erp_order_lines.csv", "missing needed column order_line_id, unit_price"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gets_one_line(case: str, raw: Path) -> None:
    make, phrases = BAD[case]
    make(raw)
    problems = inspect(raw).problems
    assert len(problems) == 1, problems
    assert "\n" not in problems[0]
    for phrase in phrases:
        assert phrase in problems[0]


@pytest.mark.parametrize("case", ["empty folder", "row too short", "truncated Parquet", "GBK"])
def test_bad_input_exits_2_without_a_traceback(case: str, raw: Path, strata: Run) -> None:
    make, phrases = BAD[case]
    make(raw)
    result = strata("check", "--raw", raw)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("strata: error: ")
    assert all(phrase in result.stderr for phrase in phrases)
    assert "can go on" not in result.stdout


def test_every_problem_is_listed(raw: Path, strata: Run) -> None:
    write(raw, "order_id,ordered_at\n1,2\n")
    write(raw, b"", "erp_refunds.csv")
    result = strata("check", "--raw", raw)
    assert result.returncode == 2
    assert "erp_refunds.csv" in result.stderr
    assert "customer_code" in result.stderr


def test_missing_folder(tmp_path: Path) -> None:
    report = inspect(tmp_path / "none")
    assert len(report.problems) == 1
    assert "no raw data in" in report.problems[0]


def test_a_problem_never_quotes_a_row(raw: Path) -> None:
    write(raw, HEADER + MANY + "5,wei.zhang@example.com\n")
    assert "example.com" not in str(inspect(raw).problems)


def test_good_folder_passes(raw: Path, strata: Run) -> None:
    write(raw, "product_code,colour\nP1,red\n", "erp_products.csv")
    write(raw, "refund_id,order_id,customer_code,refunded_at,amount\n", "erp_refunds.csv")
    write(raw, "x\n1\n", "erp_costumers.csv")
    result = strata("check", "--raw", raw)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "erp_orders present 2 erp_orders.csv" in lines
    assert "erp_order_lines missing" in lines
    assert "erp_refunds empty 0 erp_refunds.csv" in lines
    assert "erp_products: unknown columns colour, ignored by the build" in lines
    assert any("order values come from order_total_amount" in line for line in lines)
    assert any("counts as missing: no refunds" in line for line in lines)
    assert any("did you mean erp_customers.csv?" in line for line in lines)
    assert lines[-1].endswith("a build can go on.")


def test_rejected_rows_are_counted_by_the_models_of_a_build(raw: Path, strata: Run) -> None:
    """Of 40 orders two have an unknown status and one an unknown currency: 7.5 %."""
    words = ["lost", "lost", "paid up"]
    rows = [
        f"o{number},c{number},2024-03-04,5,{'BRL' if number == 9 else 'CNY'},"
        f"{words[number] if number < 3 else 'completed'}\n"
        for number in range(40)
    ]
    header = "order_id,customer_code,ordered_at,order_total_amount,currency,status\n"
    write(raw, header + "".join(rows))
    write(raw, "customer_code,customer_name\nc1.0,Ann\n", "erp_customers.csv")
    result = strata("check", "--raw", raw)
    assert result.returncode == 3
    assert "erp_orders: 4 of 40 rows (10.0%) rejected" in result.stdout
    assert "3 unknown_status: status 'lost' (2), status 'paid up' (1)." in result.stdout
    assert "1 unknown_currency: currency 'BRL' (1)." in result.stdout
    assert "Warning: erp_orders: 36 of 36 customer codes of orders (100.0%)" in result.stdout
    assert "can go on" not in result.stdout
    assert result.stderr == (
        "strata: error: a build would stop: --max-rejected allows 5.0%; mend the rows, or build "
        "with --accept (erp_orders: 4 of 40 rows (10.0%) rejected)\n"
    )
    accepted = strata("check", "--raw", raw, "--max-rejected", "0.1", "--json")
    assert (accepted.returncode, accepted.stderr) == (0, "")
    report = json.loads(accepted.stdout)
    orders = report["input"]["tables"][0]
    assert (orders["name"], orders["rows"], orders["kept"]) == ("erp_orders", 40, 36)
    assert orders["reasons"][0]["values"] == {"status 'lost'": 2, "status 'paid up'": 1}
    assert len(report["input"]["warnings"]) == 1
    assert (report["can_build"], report["build_exit_code"]) == (True, 0)
    orders = next(table for table in report["tables"] if table["name"] == "erp_orders")
    assert (orders["state"], orders["rows"], orders["needed"]) == ("present", 40, True)


def test_a_folder_of_which_no_order_can_be_used_exits_2_and_leaves_nothing(
    raw: Path, strata: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    write(raw, HEADER + "1,C1,4th of May,5\n2,C2,4th of May,5\n")
    result = strata("check", "--raw", raw)
    assert result.returncode == 2
    assert "no row of erp_orders can be used" in result.stderr
    assert "2 unreadable_date: ordered_at '4th of May' (2)." in result.stderr
    assert "Traceback" not in result.stderr
    assert list((tmp_path / "temporary").iterdir()) == []


def test_personal_values_are_not_shown_and_others_fit_in_a_line() -> None:
    values = [
        ("erp_customers", "unknown_value", "email", "ann@example.com", 2),
        ("erp_customers", "unknown_value", "email", "bob@example.com", 1),
        ("erp_customers", "unknown_value", "customer_type", "a\n\x1b[31m" + "b" * 99, 1),
        ("erp_customers", "unknown_value", "customer_type", " ", 1),
        ("erp_orders", "unknown_value", "status", "lost", 7),
    ]
    shown = rows._values(values)
    assert shown["erp_customers", "unknown_value"] == {
        "email (not shown)": 3,
        "customer_type 'a [31m" + "b" * 33 + "…'": 1,
        "customer_type empty": 1,
    }


def test_rows_after_a_date_that_was_asked_for_are_not_held_against_the_files() -> None:
    """Nor are lines of orders that are left out for it."""
    later = rows.Rejection("future_date", 50, "", "")
    orphans = rows.Rejection("unknown_order", 60, "", "")
    faults = rows.Rejection("unreadable_date", 6, "", "")
    tables = [
        rows.TableRows("erp_orders", True, 100, 44, 56, [later, faults]),
        rows.TableRows("erp_order_lines", False, 100, 40, 60, [orphans]),
    ]
    found = rows.Input(tables, [])
    assert found.over(0.06, None) == tables
    assert found.over(0.06, date(2026, 1, 1)) == []
    assert found.over(0.05, date(2026, 1, 1)) == tables[:1]
    lines_only = rows.Input(tables[1:], [])
    assert lines_only.over(0.05, date(2026, 1, 1)) == tables[1:]


def test_the_sum_below_a_report_is_not_held_against_its_rows() -> None:
    total = rows.Rejection("total_row", 1, "", "")
    fault = rows.Rejection("unreadable_date", 1, "", "")
    orders = rows.TableRows("erp_orders", True, 11, 10, 1, [total])
    assert rows.Input([orders], []).over(0.05, None) == []
    orders = rows.TableRows("erp_orders", True, 12, 10, 2, [total, fault])
    assert rows.Input([orders], []).over(0.05, None) == [orders]


def test_json_is_one_object_of_a_folder_that_no_build_accepts_too(raw: Path, strata: Run) -> None:
    (raw / "erp_orders.csv").unlink()
    result = strata("check", "--raw", raw, "--json")
    assert result.returncode == 2
    assert json.loads(result.stdout)["can_build"] is False


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_delimiters_byte_order_mark_and_case(raw: Path, delimiter: str) -> None:
    text = HEADER.upper().replace("ORDER_ID", " Order_ID ") + '#1,"a ""b"" c",2024-01-01,5\n'
    write(raw, "\ufeff" + text.replace(",", delimiter).replace("\n", "\r\n"))
    report = inspect(raw)
    assert report.problems == []
    assert report.table("erp_orders").rows == 1
    assert report.table("erp_orders").unknown_columns == []


def test_rows_that_begin_with_a_hash_are_rows(raw: Path) -> None:
    write(raw, HEADER + "#1,C1,2024-01-01,5\n#2,C2,2024-01-01,5\n")
    assert inspect(raw).table("erp_orders").rows == 2


def test_rows_below_a_blank_row_of_a_sheet_are_read(raw: Path) -> None:
    (raw / "erp_orders.csv").unlink()
    rows: list[Sequence[object]] = [
        ["1", "C1", "2024-01-01", 5],
        [None] * 4,
        ["2", "", "2024-01-02", 6],
    ]
    write_workbook(raw, [HEADER.strip().split(","), *rows])
    report = inspect(raw)
    assert report.problems == []
    assert report.table("erp_orders").rows == 2


def test_utf8_is_read_across_block_ends(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("strata.intake.text.BLOCK_BYTES", 7)
    write(raw, HEADER + "1,张伟,2024-01-01,5\n2,李娜,2024-01-01,5\n")
    assert inspect(raw).problems == []
    write(raw, HEADER.encode() + "1,张伟,2024-01-01,5\n".encode() + b"2,\xff,2024-01-01,5\n")
    assert "line 3: not UTF-8" in inspect(raw).problems[0]


def test_every_table_but_the_needed_one_says_what_a_build_does_without_it() -> None:
    silent = [table.name for table in contract() if "stays empty" in table.without]
    assert silent == []
    assert [table.name for table in contract() if not table.without] == ["erp_orders"]
