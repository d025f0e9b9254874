"""The shipped mappings reproduce published figures and account for every input row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from strata.intake.check import inspect
from strata.intake.importing import import_files
from strata.intake.mapping import read_mapping
from strata.project import project_dir

EXAMPLES = project_dir() / "examples"
ORDER_VALUES = """
    with order_values as (
        select order_id, sum(quantity * unit_price) as amount
        from read_parquet('{raw}/erp_order_lines.parquet')
        where quantity >= 0 and unit_price >= 0
        group by order_id
    ),

    orders as (
        select customer_code, cast(ordered_at as date) as order_date, amount
        from read_parquet('{raw}/erp_orders.parquet')
        inner join order_values using (order_id)
        where amount > 0 and {condition}
    ),

    customers as (
        select
            customer_code,
            count(*) as order_count,
            sum(amount) as amount,
            date '{as_of}' - max(order_date) as days_since_last_order
        from orders
        group by customer_code
    )

    select
        count(*), cast(sum(order_count) as bigint), sum(amount),
        round(avg(days_since_last_order), 3), median(days_since_last_order),
        round(avg(order_count), 3), count(*) filter (where order_count = 1)
    from customers
"""


def figures(raw: Path, as_of: str, condition: str) -> tuple[object, ...]:
    row = duckdb.sql(ORDER_VALUES.format(raw=raw, as_of=as_of, condition=condition)).fetchone()
    assert row is not None
    return row


@pytest.fixture(scope="module")
def online_retail(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The raw folder that the mapping makes of the published file."""
    out = tmp_path_factory.mktemp("online_retail")
    source = reference_data / "online_retail_2010_2011.parquet"
    report = import_files(EXAMPLES / "online_retail", (str(source),), out)
    assert {fate: rows for _, fate, rows in report.fates} == {
        "sale line, customer known": 397_884,
        "sale line, guest": 132_219,
        "zero-price line, customer known": 40,
        "zero-price line, guest": 1_139,
        "refund, customer known": 8_905,
        "refund, guest": 383,
        "stock adjustment, rejected: negative quantity": 1_336,
        "bad debt, rejected: negative amount": 2,
        "bad debt, order that never counts": 1,
    }
    assert report.inputs == {"input": 541_909}
    assert report.tables["erp_order_lines"] + report.tables["erp_refunds"] == 541_909
    assert report.tables["erp_customers"] == 4_372
    return out


def test_online_retail_figures(online_retail: Path) -> None:
    row = figures(online_retail, "2011-12-10", "customer_code is not null and status = 'completed'")
    assert (row[0], row[1]) == (4_338, 18_532)
    assert float(str(row[2])) == pytest.approx(8_911_407.904, abs=1e-6)
    assert row[3:] == (93.059, 51.0, 4.272, 1_493)


def test_online_retail_passes_the_check_and_keys_are_unique(online_retail: Path) -> None:
    assert inspect(online_retail).problems == []
    for table, key in {
        "erp_orders": "order_id",
        "erp_order_lines": "order_line_id",
        "erp_refunds": "refund_id",
        "erp_products": "product_code",
        "erp_customers": "customer_code",
    }.items():
        row = duckdb.sql(
            f"select count(*), count(distinct {key}) "
            f"from read_parquet('{online_retail}/{table}.parquet')"
        ).fetchone()
        assert row is not None
        assert row[0] == row[1], table


def test_online_retail_reads_the_published_csv_spelling(tmp_path: Path) -> None:
    """Header, month-first dates and numbers as in the CSV edition give the same orders."""
    lines = [
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        "536365,85123A,WHITE HEART,6,12/1/2010 8:26,2.55,17850,United Kingdom",
        "536365,85123a,WHITE HEART,6,12/1/2010 8:27,2.55,17850.0,United Kingdom",
        "536414,22139,,56,12/1/2010 11:52,0,,United Kingdom",
        "C536379,D,Discount,-1,12/13/2010 9:41,27.50,14527,United Kingdom",
    ]
    (tmp_path / "data.csv").write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "raw"
    report = import_files(EXAMPLES / "online_retail", (str(tmp_path / "data.csv"),), out)
    assert report.tables["erp_order_lines"] == 3
    rows = duckdb.sql(
        "select order_id, customer_code, cast(ordered_at as varchar) "
        f"from read_parquet('{out}/erp_orders.parquet') order by all"
    ).fetchall()
    assert rows == [
        ("536365", "17850", "2010-12-01 08:26:00"),
        ("536414", None, "2010-12-01 11:52:00"),
    ]
    refunds = duckdb.sql(
        "select refund_id, customer_code, cast(amount as double), cast(refunded_at as varchar) "
        f"from read_parquet('{out}/erp_refunds.parquet')"
    ).fetchall()
    assert refunds == [("C536379-1", "14527", 27.5, "2010-12-13 09:41:00")]


def test_complete_journey_figures(complete_journey: Path, tmp_path: Path) -> None:
    inputs = tuple(
        f"{name}={complete_journey / name}.parquet" for name in ("transactions", "products")
    )
    report = import_files(EXAMPLES / "complete_journey", inputs, tmp_path)
    assert report.inputs["transactions"] == report.tables["erp_order_lines"] == 1_469_307
    row = figures(tmp_path, "2018-01-01", "true")
    assert (row[0], row[1]) == (2_469, 155_370)
    assert float(str(row[2])) == pytest.approx(4_596_039.58, abs=1e-6)


def test_complete_journey_maps_a_small_basket(tmp_path: Path) -> None:
    duckdb.sql(
        "select * from (values (1, 10, 100, 2, 3.98::double), (1, 10, 100, 0, 0.5), "
        "(2, 11, 101, 1, 0.0)) v(household_id, basket_id, product_id, quantity, sales_value), "
        "(select timestamp '2017-01-01 11:53:26' as transaction_timestamp)"
    ).write_parquet(str(tmp_path / "transactions.parquet"))
    duckdb.sql("select 100 as product_id, 'BREAD' as product_type").write_parquet(
        str(tmp_path / "products.parquet")
    )
    inputs = tuple(f"{name}={tmp_path / name}.parquet" for name in ("transactions", "products"))
    report = import_files(EXAMPLES / "complete_journey", inputs, tmp_path / "raw")
    assert report.tables == {
        "erp_orders": 2,
        "erp_order_lines": 3,
        "erp_products": 1,
        "erp_customers": 2,
    }
    row = figures(tmp_path / "raw", "2017-01-02", "true")
    assert row[:2] == (1, 1)
    assert float(str(row[2])) == pytest.approx(4.48)


@pytest.mark.parametrize("folder", sorted(path.parent for path in EXAMPLES.glob("*/mapping.yml")))
def test_every_example_is_documented(folder: Path) -> None:
    mapping = read_mapping(folder)
    assert mapping.description
    assert mapping.fates
    assert f"strata data import examples/{folder.name}" in (folder / "README.md").read_text()
