"""The shipped mappings: published figures, exact rows of small exports, every row accounted for."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook

from strata.errors import StrataError
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
    assert {status: rows for _, status, rows in report.statuses} == {
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
        # neither a blank of the same invoice nor one of a later invoice erases what is known
        "C536379,D,Discount,-1,12/13/2010 9:41,2.50,,",
        "536415,22139,,1,12/14/2010 9:41,1,17850,",
        "536415,22139,,1,12/14/2010 9:41,1,,",
        "536416,22139,,1,,1,17850,Norway",
    ]
    (tmp_path / "data.csv").write_text("\n".join(lines), encoding="utf-8")
    out = tmp_path / "raw"
    report = import_files(EXAMPLES / "online_retail", (str(tmp_path / "data.csv"),), out)
    assert report.tables["erp_order_lines"] == 6
    assert ("input", "sale line, customer known", 5) in report.statuses
    assert table(out, "erp_customers", "customer_code country") == [
        ("14527", "United Kingdom"),
        ("17850", "United Kingdom"),
    ]
    rows = duckdb.sql(
        "select order_id, customer_code, cast(ordered_at as varchar) "
        f"from read_parquet('{out}/erp_orders.parquet') order by all"
    ).fetchall()
    assert rows == [
        ("536365", "17850", "2010-12-01 08:26:00"),
        ("536414", None, "2010-12-01 11:52:00"),
        ("536415", "17850", "2010-12-14 09:41:00"),
        ("536416", "17850", None),
    ]
    refunds = duckdb.sql(
        "select refund_id, customer_code, cast(amount as double), cast(refunded_at as varchar) "
        f"from read_parquet('{out}/erp_refunds.parquet')"
    ).fetchall()
    assert refunds == [
        ("C536379-1", "14527", 2.5, "2010-12-13 09:41:00"),
        ("C536379-2", "14527", 27.5, "2010-12-13 09:41:00"),
    ]


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
    assert mapping.statuses
    assert f"strata data import {folder.name}" in (folder / "README.md").read_text()


def table(raw: Path, name: str, columns: str) -> list[tuple[object, ...]]:
    """Some columns of a raw table as text, in the order of its rows."""
    texts = ", ".join(f"cast({column} as varchar)" for column in columns.split())
    return duckdb.sql(f"select {texts} from read_parquet('{raw / name}.parquet')").fetchall()


def workbook(path: Path, rows: list[list[object]]) -> str:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return f"{path.stem}={path}"


ACCOUNTS = """\
Account ID|Account Name|Parent Account ID|Industry|Employees|Annual Revenue|Website|Owner|Created
0017|Hill Clinic Ltd.||Healthcare|250|12500000.50|https://hill.example|Li Na|2025-11-03
0018|Hill Clinic East|0017|Healthcare|1,200|about 9,000,000|||
|No key|||||||
"""
CONTACTS = """\
Contact ID|Account ID|First Name|Last Name|Email|Mobile|Title|Buying Role
P1|0017|Ann|Hill|ann@hill.example|13800138000|Head of purchasing|Economic Buyer
P2|0018|小明|王||||技术把关者
P3||Bob||bob@example.com|||
P4|9999||Gone||||end user
"""


@pytest.fixture
def crm_inputs(tmp_path: Path) -> tuple[str, ...]:
    """Accounts, contacts and deals as XLSX; the first deal is open, so its Closed cell is blank."""
    accounts: list[list[object]] = [[*line.split("|")] for line in ACCOUNTS.splitlines()]
    accounts[1][4:6] = [250, 12_500_000.5]
    accounts[1][8] = datetime(2025, 11, 3)
    contacts: list[list[object]] = [[*line.split("|")] for line in CONTACTS.splitlines()]
    contacts[1][5] = 13_800_138_000
    headings = "Deal ID,Account ID,Amount,Stage,Created,Expected Close,Closed,Won,Currency"
    deals: list[list[object]] = [
        [*headings.split(",")],
        ["D1", "0017", 9800, "Proposal", datetime(2026, 1, 5), date(2026, 9, 1), None, None, "USD"],
        ["D2", "0017", 1200.5, "Won", datetime(2026, 1, 6, 9, 30), None, datetime(2026, 2, 1, 18)],
        ["D3", "0018", 70, "Done", datetime(2026, 1, 7), None, datetime(2026, 2, 2), True],
        ["D4", "0018", 80, "Closed Lost", datetime(2026, 1, 8), None, datetime(2026, 2, 3)],
        ["D5", "9999", "1,234,567.50", "Proposal", datetime(2026, 1, 9)],
        [None, "0017", 90, "Proposal", datetime(2026, 1, 9)],
    ]
    return (
        workbook(tmp_path / "accounts.xlsx", accounts),
        workbook(tmp_path / "contacts.xlsx", contacts),
        workbook(tmp_path / "deals.xlsx", deals),
    )


def test_crm_export_maps_workbooks(crm_inputs: tuple[str, ...], tmp_path: Path) -> None:
    out = tmp_path / "crm"
    report = import_files(EXAMPLES / "crm_export", crm_inputs, out)
    assert report.inputs == {"accounts": 3, "contacts": 4, "deals": 6}
    assert report.statuses == [
        ("accounts", "account", 2),
        ("accounts", "account, rejected: missing key", 1),
        ("contacts", "contact of an account", 2),
        ("contacts", "contact without an account: a consumer", 1),
        ("contacts", "contact, rejected: unknown account", 1),
        ("deals", "deal, closed", 3),
        ("deals", "deal, open", 1),
        ("deals", "deal, rejected: missing key", 1),
        ("deals", "deal, rejected: unknown account", 1),
    ]
    columns = "account_id account_name parent_account_id industry employee_count"
    assert table(out, "crm_accounts", columns) == [
        ("0017", "Hill Clinic Ltd.", None, "Healthcare", "250"),
        ("0018", "Hill Clinic East", "0017", "Healthcare", "1200"),
        (None, "No key", None, None, None),
    ]
    columns = "annual_revenue_amount website owner_id created_at city updated_at"
    assert table(out, "crm_accounts", columns)[:2] == [
        ("12500000.5", "https://hill.example", "Li Na", "2025-11-03", None, None),
        ("about 9,000,000", None, None, None, None, None),
    ]
    columns = "contact_id account_id full_name email phone decision_role occupation"
    assert table(out, "crm_contacts", columns) == [
        (
            *("P1", "0017", "Ann Hill", "ann@hill.example", "13800138000"),
            *("decision_maker", "Head of purchasing"),
        ),
        ("P2", "0018", "王小明", None, None, "技术把关者", None),
        ("P3", None, "Bob", "bob@example.com", None, None, None),
        ("P4", "9999", "Gone", None, None, "user", None),
    ]
    columns = "opportunity_id account_id stage amount currency expected_close_date is_won"
    assert table(out, "crm_opportunities", columns) == [
        ("D1", "0017", "Proposal", "9800", "USD", "2026-09-01", None),
        ("D2", "0017", "Won", "1200.5", None, None, "yes"),
        ("D3", "0018", "Done", "70", None, None, "true"),
        ("D4", "0018", "Closed Lost", "80", None, None, "no"),
        ("D5", "9999", "Proposal", "1234567.50", None, None, None),
        (None, "0017", "Proposal", "90", None, None, None),
    ]
    assert table(out, "crm_opportunities", "created_at closed_at")[:4] == [
        ("2026-01-05", None),
        ("2026-01-06 09:30:00", "2026-02-01 18:00:00"),
        ("2026-01-07", "2026-02-02"),
        ("2026-01-08", "2026-02-03"),
    ]


def test_crm_export_reads_chinese_headings(tmp_path: Path) -> None:
    texts = {
        "accounts": "客户编号,客户名称,行业,负责人,负责人编号\nA1,山东医院,医疗,李娜,U7\n",
        "contacts": "联系人编号,客户编号,姓名,手机,决策角色\nP1,A1,王小明,13800138000,采购\n",
        "deals": "商机编号,金额,阶段,创建时间,关闭时间\nD1,90,赢单,2026-01-05,2026/2/1\n",
    }
    inputs = []
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        inputs.append(f"{name}={tmp_path / name}.csv")
    out = tmp_path / "raw"
    import_files(EXAMPLES / "crm_export", tuple(inputs), out)
    assert table(out, "crm_accounts", "account_id account_name industry owner_id") == [
        ("A1", "山东医院", "医疗", "U7")
    ]
    assert table(out, "crm_contacts", "account_id full_name phone decision_role") == [
        ("A1", "王小明", "13800138000", "采购")
    ]
    assert table(out, "crm_opportunities", "amount closed_at is_won") == [("90", "2026/2/1", "yes")]


SHOP = """\
Name,Email,Financial Status,Paid at,Currency,Subtotal,Discount Amount,Shipping,Total,\
Refunded Amount,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,\
Billing Phone,Billing City,Billing Country,Created at,Cancelled at,Discount Code
#1,Ann@Example.com,paid,2026-03-04 10:16:00 +0800,CNY,20,10,5,25,0,1,Cup,10,C1,Ann,13800138000,\
Jinan,CN,2026-03-04 10:15:00 +0800,,SPRING
,,,,,,,,,,1,Cup red,10,C2,,,,,,,
,,,,,,,,,,2,Card,5,,,,,,,,
#2,,paid,,CNY,20,,0,18,,2,Cup,10,C1,Guest,,,,2026-03-05 08:00:00,,
#3,ann@example.com,partially_refunded,2026-03-07 09:00:00 +0800,USD,30,0,0,30,4.5,1,Tea,30,T1,\
Ann Hill,,Qingdao,CN,2026-03-06 23:00:00 +0800,,
#4,bob@example.com,paid,2026-03-08 10:00:00,CNY,10,0,0,10,10,1,Cup,10,C1,Bob,,,,\
2026-03-08 09:00:00,2026-03-09 12:00:00,
#5,bob@example.com,Voided,,CNY,0,0,0,0,,,,,,Bob,,,,2026-03-10,,
#6,bob@example.com,on hold,,CNY,10,0,0,10,,1,Cup blue,10,C1,Bob,,,,2026-03-11,,
#6,bob@example.com,,,,,,,,,-1,Tea,30,T1,,,,,,,
#7,bob@example.com,authorized,,CNY,10,-25,2,2,,1,Tea,10,T1,Bob,,,,2026-03-01,,
"""
ANN, BOB = "mail-71d4f55f72fa128d", "mail-5ff860bf1190596c"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The raw folder that the mapping makes of ten rows."""
    (tmp_path / "orders.csv").write_text(SHOP, encoding="utf-8")
    out = tmp_path / "shop"
    report = import_files(EXAMPLES / "web_shop", (str(tmp_path / "orders.csv"),), out)
    assert report.statuses == [
        ("input", "item sold, customer known", 4),
        ("input", "item (cancelled)", 1),
        ("input", "item (pending)", 1),
        ("input", "item of a status that the build judges", 1),
        ("input", "item sold, customer unknown", 1),
        ("input", "item, rejected: negative quantity", 1),
        ("input", "order without items (cancelled)", 1),
    ]
    return out


def test_web_shop_maps_orders_customers_and_refunds(shop: Path) -> None:
    columns = "order_id customer_code ordered_at currency status channel promotion_code"
    assert table(shop, "erp_orders", columns) == [
        ("#1", ANN, "2026-03-04 10:15:00+08:00", "CNY", "completed", "web shop", "SPRING"),
        ("#2", None, "2026-03-05 08:00:00", "CNY", "completed", "web shop", None),
        ("#3", ANN, "2026-03-06 23:00:00+08:00", "USD", "completed", "web shop", None),
        ("#4", BOB, "2026-03-08 09:00:00", "CNY", "cancelled", "web shop", None),
        ("#5", BOB, "2026-03-10", "CNY", "cancelled", "web shop", None),
        ("#6", BOB, "2026-03-11", "CNY", "on hold", "web shop", None),
        ("#7", BOB, "2026-03-01", "CNY", "pending", "web shop", None),
    ]
    columns = "customer_code customer_name email phone city country"
    assert table(shop, "erp_customers", columns) == [
        (BOB, "Bob", "bob@example.com", None, None, None),
        # the newer order has no phone, which the older one knows
        (ANN, "Ann Hill", "ann@example.com", "13800138000", "Qingdao", "CN"),
    ]
    columns = "refund_id order_id customer_code refunded_at amount currency"
    assert table(shop, "erp_refunds", columns) == [
        ("#3-refund", "#3", ANN, "2026-03-07 09:00:00+08:00", "4.500000", "USD"),
        ("#4-refund", "#4", BOB, "2026-03-09 12:00:00", "10.000000", "CNY"),
    ]
    assert table(shop, "erp_products", "product_code product_name") == [
        ("C1", "Cup blue"),
        ("C2", "Cup red"),
        ("Card", "Card"),
        ("T1", "Tea"),
    ]


REPEATED = """\
Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Billing Name,Billing Phone,Billing City
#1001,ann@example.com,paid,CNY,100.00,2026-03-04 10:15:00 +0800,1,Teapot,60.00,Ann Lee,\
+8613811150001,Hangzhou
#1001,ann@example.com,,,,2026-03-04 10:15:00 +0800,2,Cup,20.00,,,
"""
ANN_LEE = ("Ann Lee", "ann@example.com", "+8613811150001", "Hangzhou")
# One more order of Ann, each, and what is then known of her.
MORE_ORDERS: dict[str, tuple[list[str], tuple[str | None, ...]]] = {
    "none": ([], ANN_LEE),
    "a newer one, all blank": (["#1002,ann@example.com,paid,,5,2026-05-01,1,Card,5,,,"], ANN_LEE),
    "a newer one with another city": (
        ["#1002,ANN@example.com,paid,,5,2026-05-01,1,Card,5,,,Wuxi"],
        (*ANN_LEE[:3], "Wuxi"),
    ),
    "an older one with another name": (
        ["#1000,ann@example.com,paid,,5,2026-01-01,1,Card,5,Ann Li,+8613811150009,Wuxi"],
        ANN_LEE,
    ),
    # 03:00 in London is later than 10:15 in Hangzhou, though its text sorts first
    "a newer one of another zone": (
        ["#1002,ann@example.com,paid,,5,2026-03-04 03:00:00 +0000,1,Card,5,Ann Lee-Wu,,"],
        ("Ann Lee-Wu", *ANN_LEE[1:]),
    ),
    "one without a readable time": (
        ["#1002,ann@example.com,paid,,5,soon,1,Card,5,Nobody,,"],
        ANN_LEE,
    ),
    "rows apart, without a number or an e-mail": (
        [
            "#1002,ann@example.com,paid,,25,2026-05-01,1,Card,5,,,",
            ",,,,,,1,Tray,20,Ann Wu,,",
            "#1001,,,,,,1,Spoon,0,,,Jinan",
        ],
        ("Ann Wu", *ANN_LEE[1:3], "Jinan"),
    ),
    "words for no e-mail": (
        [
            f"#{number},{word},paid,,5,2026-05-01,1,Card,5,Passer-by,,"
            for number, word in enumerate(["none", "-", "NULL", "nan", "@"])
        ],
        ANN_LEE,
    ),
}


@pytest.mark.parametrize("case", MORE_ORDERS)
def test_web_shop_keeps_what_a_later_blank_does_not_say(case: str, tmp_path: Path) -> None:
    more, expected = MORE_ORDERS[case]
    shuffled = case != "rows apart, without a number or an e-mail"
    for turn in range(2 if shuffled else 1):
        header, *first = REPEATED.splitlines()
        lines = [*more, *first] if turn else [*first, *more]
        (tmp_path / "orders.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
        out = tmp_path / f"shop {turn}"
        import_files(EXAMPLES / "web_shop", (str(tmp_path / "orders.csv"),), out)
        assert table(out, "erp_customers", "customer_name email phone city") == [expected]


NEWEST_FIRST = """\
Name,Email,Financial Status,Total,Refunded Amount,Created at,Paid at,Refunded at,\
Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku
#9,a@x.example,paid,30,,2026-05-01,2026-05-02,,1,,30,C1
#8,a@x.example,refunded,20,0,2026-04-01,2026-04-02,,1,Cup (new),20,C1
#8,,,,,,,2026-04-20,,,,
#7,a@x.example,Partially_Refunded,9,-3,2026-03-01,2026-03-02,,1,Cup (old),9,C1
#6,a@x.example,paid,9,,2026-03-01,2026-03-02,,1,Tray,9,
"""


def test_web_shop_export_that_begins_with_the_newest_order(tmp_path: Path) -> None:
    (tmp_path / "orders.csv").write_text(NEWEST_FIRST, encoding="utf-8")
    import_files(EXAMPLES / "web_shop", (str(tmp_path / "orders.csv"),), tmp_path / "raw")
    assert table(tmp_path / "raw", "erp_products", "product_code product_name") == [
        ("C1", "Cup (new)"),
        ("Tray", "Tray"),
    ]
    # refunded as a whole, on the date that stands on the second row; below zero as some write it
    assert table(tmp_path / "raw", "erp_refunds", "order_id refunded_at amount") == [
        ("#7", "2026-03-02", "3.000000"),
        ("#8", "2026-04-20", "20.000000"),
    ]


def test_web_shop_lines_sum_to_the_totals(shop: Path) -> None:
    columns = "order_line_id order_id product_code quantity unit_price discount_amount"
    lines = table(shop, "erp_order_lines", columns)
    assert [(*line[:3], *(float(str(number)) for number in line[3:])) for line in lines] == [
        ("#1-1", "#1", "C1", 1, 10, 3.3333),
        ("#1-2", "#1", "C2", 1, 10, 3.3334),
        ("#1-3", "#1", "Card", 2, 5, 3.3333),
        ("#1-charges", "#1", None, 1, 5, 0),
        # the total is 2 less than the items, though no discount is written
        ("#2-1", "#2", "C1", 2, 10, 2),
        ("#3-1", "#3", "T1", 1, 30, 0),
        ("#4-1", "#4", "C1", 1, 10, 0),
        ("#6-1", "#6", "C1", 1, 10, 0),
        ("#6-2", "#6", "T1", -1, 30, 0),
        # a discount of -25 is one of 25, and takes no more than the items are worth
        ("#7-1", "#7", "T1", 1, 10, 10),
        ("#7-charges", "#7", None, 1, 2, 0),
    ]
    row = duckdb.sql(
        "with sums as (select order_id, sum(quantity * unit_price - discount_amount) as amount "
        f"from read_parquet('{shop}/erp_order_lines.parquet') "
        "where quantity > 0 group by order_id) "
        "select count(*), count(*) filter (where amount = order_total_amount) "
        f"from sums inner join read_parquet('{shop}/erp_orders.parquet') using (order_id)"
    ).fetchone()
    assert row == (6, 6)


def test_crm_and_shop_make_one_company(
    crm_inputs: tuple[str, ...], shop: Path, tmp_path: Path
) -> None:
    """As the READMEs say: the CRM alone has no orders, and goes into a folder of its own."""
    crm, company = tmp_path / "crm", tmp_path / "company"
    import_files(EXAMPLES / "crm_export", crm_inputs, crm)
    assert ["erp_orders" in problem for problem in inspect(crm).problems] == [True]
    with pytest.raises(StrataError, match="which this mapping does not write"):
        import_files(EXAMPLES / "crm_export", crm_inputs, shop)
    company.mkdir()
    for file in (*crm.glob("*.parquet"), *shop.glob("*.parquet")):
        shutil.copy(file, company)
    report = inspect(company)
    assert report.problems == []
    assert report.unknown_files == {}
    present = {table.name: table.rows for table in report.tables if table.state == "present"}
    assert present == {
        "erp_orders": 7,
        "erp_order_lines": 11,
        "erp_refunds": 2,
        "erp_products": 4,
        "erp_customers": 2,
        "crm_accounts": 3,
        "crm_contacts": 4,
        "crm_opportunities": 6,
    }
    assert [table.unknown_columns for table in report.tables if table.unknown_columns] == []


def test_people_reads_a_date_only_where_day_and_month_are_told_apart(tmp_path: Path) -> None:
    dates = {
        "1992-03-18": "1992-03-18",
        "1992/3/18": "1992/3/18",  # the build reads it
        "31-01-1953": "1953-01-31",
        "01/31/1953": "1953-01-31",
        "03.03.1990": "1990-03-03",
        "03-04-1990": None,
        "31-31-1990": None,
        "18 March 1992": "1992-03-18",
        "Mar 8, 1992": "1992-03-08",
        "unknown": "unknown",  # the build leaves it out
        "": None,
    }
    lines = ["ID,Last_Name,date_of_birth,entity_type"]
    lines += [f'{number},L,"{written}",' for number, written in enumerate(dates)]
    file = tmp_path / "people.csv"
    file.write_text("\n".join([*lines, "x,,,Order", ",A,,customer"]) + "\n", encoding="utf-8")
    out = tmp_path / "raw"
    report = import_files(EXAMPLES / "people", (str(file),), out)
    assert report.statuses == [
        ("input", "person", len(dates)),
        ("input", "person, rejected: missing key", 1),
        ("input", "row of another entity type", 1),
    ]
    rows = duckdb.sql(
        f"select birth_date from read_parquet('{out}/erp_customers.parquet')"
        " where customer_code is not null order by cast(customer_code as integer)"
    ).fetchall()
    assert [row[0] for row in rows] == list(dates.values())


def test_organisations_are_businesses_under_any_common_heading(tmp_path: Path) -> None:
    file = tmp_path / "organisations.csv"
    file.write_text(
        "Account_ID,Legal_Name,VAT_Number,Business_Email,Telephone,URL,Address_Line1,Town,ZIP\n"
        "1,Acme Ltd,GB123456789,office@acme.example,2079460018.0,www.acme.example,"
        "1 Mill Rd,Leeds,LS1 4AB\n"
        ",Nobody,,,,,,,\n",
        encoding="utf-8",
    )
    out = tmp_path / "raw"
    report = import_files(EXAMPLES / "organisations", (str(file),), out)
    assert report.statuses == [
        ("input", "organisation", 1),
        ("input", "organisation, rejected: missing key", 1),
    ]
    row = duckdb.sql(
        "select customer_code, customer_type, customer_name, tax_id, email, phone, website,"
        f" address, city, postcode from read_parquet('{out}/erp_customers.parquet') limit 1"
    ).fetchone()
    assert row == (
        *("1", "business", "Acme Ltd", "GB123456789", "office@acme.example", "2079460018"),
        *("www.acme.example", "1 Mill Rd", "Leeds", "LS1 4AB"),
    )


def test_febrl_needs_nothing_but_the_key(tmp_path: Path) -> None:
    duckdb.sql(
        "select 'a' as record_id, 4011.0 as postcode, 19081209 as date_of_birth"
    ).write_parquet(str(tmp_path / "in.parquet"))
    out = tmp_path / "raw"
    report = import_files(EXAMPLES / "febrl", (str(tmp_path / "in.parquet"),), out)
    assert report.statuses == [("input", "record", 1)]
    row = duckdb.sql(
        "select customer_code, postcode, birth_date, surname"
        f" from read_parquet('{out}/erp_customers.parquet')"
    ).fetchone()
    assert row == ("a", "4011", "19081209", None)
