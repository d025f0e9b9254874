"""The sample company: same bytes every time, legal rows that add up, and a truth that holds."""

from __future__ import annotations

import json
import unicodedata
from datetime import date
from pathlib import Path

import duckdb
import phonenumbers
import pytest
from click.testing import CliRunner

from strata.errors import StrataError
from strata.intake.contract import contract
from strata_lab.sample.cli import sample
from strata_lab.sample.generate import RAW_TABLES, SampleFile, SampleOptions, make_sample

from .conftest import END, good, one, rows

PERSONAL = {
    f"{table.name}.{column.name}" for table in contract() for column in table.columns if column.pii
}


def hashes(files: list[SampleFile]) -> dict[str, str]:
    return {file.path: file.sha256 for file in files}


def test_same_options_give_the_same_bytes(tmp_path: Path) -> None:
    options = SampleOptions(customers=300, seed=3, end=END)
    first = hashes(make_sample(options, tmp_path / "one", threads=1))
    assert first == hashes(make_sample(options, tmp_path / "two", threads=4))
    # Another seed makes another company; its staff and the planted values are the same ones.
    other = hashes(make_sample(SampleOptions(customers=300, seed=4, end=END), tmp_path / "two"))
    same = {path for path in first if first[path] == other[path]}
    assert same <= {"raw/crm_owners.parquet", "truth/canaries.parquet"}


# Columns that few exports have, and this company's have not.
LACKED = {
    "erp_customers": ["website"],
    "support_tickets": ["customer_code", "order_id", "contact_id"],
    "support_nps_responses": ["customer_code", "order_id", "contact_id"],
}


def test_columns_are_those_of_the_contract(tables: duckdb.DuckDBPyConnection) -> None:
    wanted = {
        table.name: [
            column.name for column in table.columns if column.name not in LACKED.get(table.name, [])
        ]
        for table in contract()
    }
    for table in RAW_TABLES:
        described = rows(tables, f"describe {table}")
        assert [row[0] for row in described] == wanted[table]
        assert {row[1] for row in described} == {"VARCHAR"}


def test_truth_equals_totals_recomputed_from_good_rows(tables: duckdb.DuckDBPyConnection) -> None:
    different = rows(
        tables,
        f"""
        with line_sums as (
            select
                order_id,
                sum(cast(quantity as decimal(18, 2)) * cast(unit_price as decimal(18, 2))
                    - coalesce(cast(discount_amount as decimal(18, 2)), 0)) as amount
            from {good("erp_order_lines", "order_line_id")}
            group by order_id
        ),
        counted as (
            select
                orders.order_id,
                truth_records.entity_id,
                business_date(orders.ordered_at) as order_date,
                coalesce(line_sums.amount, cast(order_total_amount as decimal(18, 2))) as amount
            from {good("erp_orders", "order_id")} as orders
            join truth_records on trim(orders.customer_code) = truth_records.customer_code
            left join line_sums using (order_id)
            where coalesce(status, 'completed') in ('completed', 'Completed', '已完成')
        ),
        order_sums as (
            select entity_id, count(*) as n, sum(amount) as gross,
                min(order_date) as first_date, max(order_date) as last_date
            from counted group by entity_id
        ),
        refund_sums as (
            select entity_id, sum(cast(amount as decimal(18, 2))) as refunded
            from {good("erp_refunds", "refund_id")} as refunds
            left join {good("erp_orders", "order_id")} as orders using (order_id)
            join truth_records on truth_records.customer_code
                = trim(coalesce(refunds.customer_code, orders.customer_code))
            group by entity_id
        )
        select truth.entity_id
        from truth_customers as truth
        left join order_sums using (entity_id)
        left join refund_sums using (entity_id)
        where (order_count, gross_amount, refund_amount, net_amount) is distinct from (
                coalesce(n, 0), coalesce(gross, 0), coalesce(refunded, 0),
                coalesce(gross, 0) - coalesce(refunded, 0)
            )
            or first_order_date is distinct from first_date
            or last_order_date is distinct from last_date
        """,
    )
    assert different == []
    assert one(tables, "select sum(refund_amount) > 0 from truth_customers")
    # Rates of the project move between 7 and 8.6 CNY over the three years.
    factors = rows(
        tables,
        "select currency, min(gross_cny_amount / gross_amount),"
        " max(gross_cny_amount / gross_amount)"
        " from truth_customers where order_count > 0 group by currency",
    )
    for currency, lowest, highest in factors:
        limits = (1, 1) if currency == "CNY" else (6.5, 8.6)
        assert limits[0] <= float(str(lowest)) <= float(str(highest)) <= limits[1]


def test_order_total_is_the_sum_of_its_lines(tables: duckdb.DuckDBPyConnection) -> None:
    wrong = rows(
        tables,
        f"""
        select order_id
        from {good("erp_orders", "order_id")} as orders
        join {good("erp_order_lines", "order_line_id")} as lines using (order_id)
        where order_total_amount is not null
        group by order_id, order_total_amount
        having sum(cast(quantity as decimal(18, 2)) * cast(unit_price as decimal(18, 2))
            - coalesce(cast(discount_amount as decimal(18, 2)), 0))
            != cast(order_total_amount as decimal(18, 2))
        """,
    )
    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "rule"),
    [
        ("never_bought", "order_count = 0 and first_order_date is null"),
        ("one_time", "order_count = 1"),
        ("new", "order_count > 0 and first_order_date >= date '2026-10-31' - 90"),
        ("steady", "last_order_date >= date '2026-10-31' - 120 and order_count >= 3"),
        ("growing", "order_count >= 3"),
        ("fading", "order_count >= 3"),
        ("lapsed", "lapsed_at = last_order_date and lapsed_at < date '2026-10-31' - 180"),
        (
            "returned",
            "lapsed_at + 200 < returned_at and returned_at <= last_order_date"
            " and returned_at >= date '2026-10-31' - 125 and first_order_date <= lapsed_at",
        ),
    ],
)
def test_pattern_holds(tables: duckdb.DuckDBPyConnection, pattern: str, rule: str) -> None:
    there = f"from truth_customers where pattern = '{pattern}'"
    assert one(tables, f"select count(*) > 0 {there}")
    assert rows(tables, f"select entity_id {there} and not coalesce({rule}, false)") == []


def test_nobody_orders_after_the_end_but_in_planted_faults(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for table, key, column in (
        ("erp_orders", "order_id", "ordered_at"),
        ("erp_refunds", "refund_id", "refunded_at"),
        ("erp_customers", "customer_code", "created_at"),
        ("erp_orders", "order_id", "updated_at"),
        ("erp_refunds", "refund_id", "updated_at"),
        ("erp_customers", "customer_code", "updated_at"),
    ):
        latest = one(tables, f"select max(business_date({column})) from {good(table, key)}")
        assert isinstance(latest, date)
        assert latest <= END


def test_each_planted_fault_is_in_its_file(tables: duckdb.DuckDBPyConnection) -> None:
    for table in RAW_TABLES:
        columns = [row[0] for row in rows(tables, f"describe {table}")]
        values = ", ".join(f"coalesce({name}, '')" for name in columns)
        missing = rows(
            tables,
            f"""
            select row_key from truth_faults where source_table = '{table}'
            except
            select md5(concat_ws('|', {values})) from {table}
            """,
        )
        assert missing == []
    counts = rows(
        tables,
        "select source_table, expected_reason, count(*) from truth_faults"
        " where expected_status = 'rejected' and starts_with(source_table, 'erp_') group by all",
    )
    assert len(counts) == 10 + 5 + 9 + 1
    assert all(isinstance(count, int) and count >= 3 for _, _, count in counts)


def test_conflicting_duplicates_differ_in_nothing_that_counts(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    for table, key, other in (
        ("erp_orders", "order_id", "channel"),
        ("erp_refunds", "refund_id", "reason"),
    ):
        versions = rows(
            tables,
            f"""
            select count(distinct coalesce(columns(*), '')) from {table}
            where {key} in (
                select record_key from truth_faults
                where source_table = '{table}' and expected_reason = 'conflicting_duplicate'
            )
            group by {key}
            """,
        )
        names = [row[0] for row in rows(tables, f"describe {table}")]
        assert versions
        for version in versions:
            counts = dict(zip(names, version, strict=True))
            assert {name for name, count in counts.items() if int(str(count)) > 1} == {other}


def test_canaries_are_in_personal_columns_alone(tables: duckdb.DuckDBPyConnection) -> None:
    canaries = rows(tables, "select source_table, kind, value from truth_canaries")
    assert {kind for _, kind, _ in canaries} == {"name", "email", "phone", "address", "wechat_id"}
    assert {table for table, _, _ in canaries} == {
        "erp_customers",
        "crm_accounts",
        "crm_contacts",
        "product_users",
        "support_tickets",
        "marketing_subscribers",
    }
    found: dict[object, set[str]] = {value: set() for _, _, value in canaries}
    for table in RAW_TABLES:
        for name, *_ in rows(tables, f"describe {table}"):
            for (value,) in rows(
                tables,
                f"select distinct value from {table}, truth_canaries where contains({name}, value)",
            ):
                found[value].add(f"{table}.{name}")
    for source, _, value in canaries:
        assert found[value] <= PERSONAL, value
        assert any(place.startswith(f"{source}.") for place in found[value]), value


def test_phones_are_valid_and_two_records_share_an_identifier(
    tables: duckdb.DuckDBPyConnection,
) -> None:
    placeholders = {"无", "N/A", "00000000", "13800000000", "-"}
    phones = [
        str(row[0]) for row in rows(tables, "select phone from erp_customers where phone > ''")
    ]
    assert placeholders & set(phones)
    for phone in set(phones) - placeholders:
        number = phonenumbers.parse(unicodedata.normalize("NFKC", phone), "CN")
        assert phonenumbers.is_valid_number(number), phone
    # Identifiers as the warehouse will see them: the rest of the second record says nothing else.
    unlinked = rows(
        tables,
        f"""
        with pairs as (
            select entity_id, list(distinct lower(email)) filter (email is not null) as emails,
                list(distinct tax_id) filter (tax_id is not null) as tax_ids,
                list(distinct member_id) filter (member_id is not null) as member_ids,
                count(email) as email_count, count(tax_id) as tax_count,
                count(member_id) as member_count, count(phone) as phone_count,
                count(distinct lower(customer_name)) as name_count
            from (
                select * replace (trim(email) as email, trim(customer_name) as customer_name)
                from {good("erp_customers", "customer_code")}
            ) as records
            join truth_records using (customer_code)
            group by entity_id having count(*) = 2
        )
        select * from pairs
        where not (
            name_count = 1 and (
                (email_count = 2 and len(emails) = 1) or (tax_count = 2 and len(tax_ids) = 1)
                or (member_count = 2 and len(member_ids) = 1) or phone_count = 2
            )
        )
        """,
    )
    assert unlinked == []


def test_shares_are_those_of_a_plausible_company(tables: duckdb.DuckDBPyConnection) -> None:
    expected = {
        "select avg(cast(customer_type = 'business' as int)) from truth_customers": (0.12, 0.18),
        "select avg(cast(country = 'CN' as int)) from truth_customers": (0.65, 0.75),
        "select avg(cast(customer_code is null as int)) from erp_orders": (0.01, 0.03),
        "select avg(cast(status in ('pending', '待处理') as int)) from erp_orders": (0.02, 0.06),
        "select avg(cast(lower(status) in ('cancelled', '已取消') as int)) from erp_orders": (
            0.025,
            0.055,
        ),
        "select (select count(*) from erp_refunds) / count(*) from erp_orders": (0.025, 0.05),
        "select 1 - (select count(distinct order_id) from erp_order_lines)"
        " / count(distinct order_id) from erp_orders": (0.09, 0.15),
        "select count(*) / (select count(*) from truth_customers) from (select entity_id from"
        " truth_records group by 1 having count(*) = 2)": (0.02, 0.045),
    }
    # The dearest fifth of a customer type brings about two thirds.
    for customer_type in ("business", "consumer"):
        expected[
            f"""
            select sum(net_cny_amount) filter (place < 0.2) / sum(net_cny_amount) from (
                select *, percent_rank() over (order by net_cny_amount desc) as place
                from truth_customers
                where order_count > 0 and customer_type = '{customer_type}'
            )
            """
        ] = (0.56, 0.76)
    for sql, (lowest, highest) in expected.items():
        share = one(tables, sql)
        assert share is not None
        assert lowest <= float(str(share)) <= highest, f"{sql}: {share}"


def test_some_customers_are_seen_in_orders_alone(tables: duckdb.DuckDBPyConnection) -> None:
    unseen = rows(
        tables,
        """
        select customer_code from truth_records where not is_in_erp_customers
        intersect select trim(customer_code) from erp_orders
        """,
    )
    assert unseen
    assert not rows(
        tables,
        "select customer_code from truth_records where not is_in_erp_customers"
        " intersect select customer_code from erp_customers",
    )


def test_command_makes_one_customer_and_prints_json(tmp_path: Path) -> None:
    arguments = ["--customers", "1", "--out", str(tmp_path), "--json"]
    result = CliRunner().invoke(sample, arguments, standalone_mode=False)
    assert result.exception is None
    summary = json.loads(result.stdout)
    assert {file["path"] for file in summary["files"]} == {
        str(path.relative_to(tmp_path))
        for path in tmp_path.glob("*/*")
        if path.name != "sample.json"
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == ["raw", "truth"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (SampleOptions(customers=0), "--customers 0"),
        (SampleOptions(end=date(2099, 1, 1)), "--end 2099-01-01"),
    ],
)
def test_impossible_option_is_refused(tmp_path: Path, options: SampleOptions, message: str) -> None:
    with pytest.raises(StrataError, match=message):
        make_sample(options, tmp_path)


def test_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(StrataError, match="cannot write the sample"):
        make_sample(SampleOptions(customers=1), tmp_path / "taken")


def test_own_exports_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    export = tmp_path / "raw" / "erp_orders.csv"
    export.write_text("order_id,customer_code,ordered_at\n1,2,2026-01-01\n")
    with pytest.raises(StrataError, match="was not made by"):
        make_sample(SampleOptions(customers=1), tmp_path)
    assert export.read_text().startswith("order_id")


def test_csv_replaces_the_files_of_the_last_run_and_holds_the_same_rows(tmp_path: Path) -> None:
    make_sample(SampleOptions(customers=60), tmp_path)
    connection = duckdb.connect()
    for table in RAW_TABLES:
        connection.execute(f"create table {table} as from '{tmp_path}/raw/{table}.parquet'")
    make_sample(SampleOptions(customers=60, file_format="csv"), tmp_path)
    assert {path.suffix for path in (tmp_path / "raw").iterdir()} == {".csv"}
    for table in RAW_TABLES:
        csv = f"read_csv('{tmp_path}/raw/{table}.csv', all_varchar = true, header = true)"
        for left, right in ((csv, table), (table, csv)):
            assert rows(connection, f"from {left} except all from {right}") == []


@pytest.mark.parametrize("customers", [50, 400])
def test_a_build_accepts_the_faults_of_every_table(tmp_path: Path, customers: int) -> None:
    """It stops at more than 5 % of a table's rows; some of many kinds are there nevertheless."""
    make_sample(SampleOptions(customers=customers), tmp_path)
    kinds = set()
    for table in RAW_TABLES:
        (rows_of_table,) = duckdb.sql(
            f"select count(*) from '{tmp_path}/raw/{table}.parquet'"
        ).fetchall()[0]
        faults = duckdb.sql(
            f"select expected_reason from '{tmp_path}/truth/faults.parquet' "
            f"where source_table = '{table}' and expected_status = 'rejected'"
        ).fetchall()
        assert len(faults) <= 0.04 * rows_of_table
        kinds |= {reason for (reason,) in faults}
    assert len(kinds) > 12
