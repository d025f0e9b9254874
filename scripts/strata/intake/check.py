"""Holding a folder of raw files against the source contract, before a build reads it."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import duckdb

from strata.errors import StrataError
from strata.intake.contract import ContractTable, contract
from strata.intake.files import SUFFIXES, connect, count_rows, open_file
from strata.intake.kinds import UNREADABLE_SUFFIXES
from strata.intake.raw import checked_texts

State = Literal["present", "missing", "empty", "broken"]

# What a build does without when a table, or one column of a present table, is not there.
TABLE_EFFECTS = {
    "erp_order_lines": "order values come from order_total_amount; no products per order",
    "erp_refunds": "no refunds: net revenue equals gross revenue",
    "erp_products": "no product names, categories or product cost",
    "erp_customers": "customers are known by their customer_code only: no names, no contact "
    "details, no merging of one customer's several codes, everyone of the default customer type",
    "crm_accounts": "no organisations without orders, no industry, size or parent company; facts "
    "that name an account belong to nobody",
    "crm_contacts": "no contact people, no decision roles, no personal attributes; people are tied "
    "to customers through fewer addresses",
    "crm_opportunities": "no deals won, lost or open, no decision time, no competition",
    "crm_activities": "no sales calls, visits and trainings",
    "crm_needs": "no needs, pain points and decision factors",
    "crm_owners": "no names of owners",
    "billing_contracts": "no contract value, plan or renewal date",
    "product_users": "nothing that users do is tied to a customer",
    "product_events": "no logins, features used or downloads",
    "support_tickets": "no tickets, complaints, handling time or satisfaction; no service cost",
    "support_nps_responses": "no NPS",
    "marketing_subscribers": "no consent and no touches are tied to a customer",
    "marketing_campaigns": "no names and costs of campaigns",
    "marketing_touches": "no opens, clicks and responses",
    "feedback_playbook_outcomes": "no outcomes of earlier lists",
    "feedback_erasure_requests": "nobody has asked to be forgotten",
    "model_identity_pairs": "records are joined by exact rules only",
    "model_lifetime_values": "no probabilistic lifetime value, only the simple one",
    "model_customer_clusters": "no clusters, only the segments that the policy judges",
}
COLUMN_EFFECTS = {
    ("erp_orders", "currency"): "orders are taken to be in the base currency",
    ("erp_orders", "status"): "every order counts as completed",
    ("erp_order_lines", "discount_amount"): "lines are taken to have no discount",
    ("erp_order_lines", "product_code"): "no products per order",
    ("erp_refunds", "currency"): "refunds are taken to be in the base currency",
    ("erp_refunds", "customer_code"): "a refund without an order has no customer",
    ("erp_products", "unit_cost"): "no product cost",
    ("erp_customers", "customer_type"): "everyone is of the default customer type",
    ("erp_customers", "email"): "no e-mail contact, no merging by e-mail",
    ("erp_customers", "phone"): "no phone contact, no merging by phone",
    ("crm_contacts", "account_id"): "every contact is taken to be a consumer",
    ("crm_opportunities", "is_won"): "deals are neither won nor lost",
    ("billing_contracts", "annual_amount"): "contracts have no value",
    ("product_users", "account_id"): "users are tied by e-mail and phone only",
    ("support_tickets", "handling_minutes"): "no service cost",
    ("marketing_subscribers", "email_opt_in"): "nobody has agreed to e-mail",
}


@dataclass
class TableReport:
    """What a folder holds for one contract table; `rows` is None unless the file was read."""

    name: str
    needed: bool
    state: State = "missing"
    file: str | None = None
    rows: int | None = None
    missing_columns: list[str] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What a folder holds; a build can go on if `problems` (one line each) is empty.

    `unknown_files` maps a file that no build reads to the contract file name nearest to it.
    """

    folder: str
    tables: list[TableReport] = field(default_factory=list)
    unknown_files: dict[str, str | None] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def table(self, name: str) -> TableReport:
        """Return the report of one contract table."""
        return next(table for table in self.tables if table.name == name)

    def to_dict(self) -> dict[str, Any]:
        """Return the report for `--json`."""
        return {**asdict(self), "can_build": not self.problems}


def inspect(folder: Path) -> Report:
    """Hold a folder against the source contract, reading every row of every contract file once."""
    report = Report(folder=str(folder))
    tables = contract()
    files, report.unknown_files = _sort_files(folder, [table.name for table in tables])
    with connect() as connection:
        for table in tables:
            found = files.get(table.name, [])
            report.tables.append(_inspect_table(connection, folder, table, found, report.problems))
    if not files:
        report.problems = [_nothing_there(folder, report.unknown_files)]
    else:
        _check_order_values(report)
    return report


def _sort_files(
    folder: Path, names: list[str]
) -> tuple[dict[str, list[Path]], dict[str, str | None]]:
    """Return the files of each contract table, and the files that are none of them."""
    known: dict[str, list[Path]] = {}
    unknown: dict[str, str | None] = {}
    unreadable: dict[str, list[Path]] = {}
    try:
        paths = sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise StrataError(f"{folder}: {error.strerror}") from None
    for path in paths:
        if path.name.startswith(".") or path.stem.lower() == "readme":
            continue
        name, suffix = path.stem.lower(), path.suffix.lower()
        if name in names and suffix in SUFFIXES and path.is_file():
            known.setdefault(name, []).append(path)
            continue
        # Taken for the table's file, so that one line says what it is, unless there is another.
        if path.name.lower().split(".")[0] in names and suffix in UNREADABLE_SUFFIXES:
            unreadable.setdefault(path.name.lower().split(".")[0], [path])
        nearest = get_close_matches(name, names, n=1, cutoff=0.6)
        kept_suffix = suffix if suffix in SUFFIXES else ".csv"
        unknown[path.name] = nearest[0] + kept_suffix if nearest else None
    for name, found in unreadable.items():
        if name not in known:
            known[name] = found
            del unknown[found[0].name]
    return known, unknown


def _inspect_table(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    table: ContractTable,
    found: list[Path],
    problems: list[str],
) -> TableReport:
    report = TableReport(name=table.name, needed=table.required)
    if not found:
        if table.required:
            problems.append(
                f"{folder / table.name}.csv (or .parquet, .xlsx): missing; it is the table that "
                "every build needs"
            )
        report.effects = _table_effects(table)
        return report
    report.file = " and ".join(path.name for path in found)
    if len(found) > 1:
        report.state = "broken"
        names = " and ".join(str(path) for path in found)
        problems.append(f"{names}: two files for one table; remove one")
        return report
    path = found[0]
    try:
        source = open_file(connection, path, table.form)
        _compare_columns(report, table, list(source.columns))
        report.rows = count_rows(connection, source, checked_texts(source, table))
    except StrataError as error:
        report.state = "broken"
        problems.append(str(error))
        return report
    needed = [c.name for c in table.columns if c.required and c.name in report.missing_columns]
    if needed:
        problems.append(
            f"{path}: missing needed column {', '.join(needed)}; the file has "
            f"{', '.join(source.columns)}"
        )
    report.state = "present" if report.rows else "empty"
    if report.state == "empty":
        report.effects = _table_effects(table)
        if table.required:
            problems.append(f"{path}: has a header but no rows; fill it, every build needs it")
    else:
        report.effects = [
            f"no {column}: {COLUMN_EFFECTS[table.name, column]}"
            for column in report.missing_columns
            if (table.name, column) in COLUMN_EFFECTS
        ]
    return report


def _compare_columns(report: TableReport, table: ContractTable, columns: list[str]) -> None:
    present = {column.strip().lower() for column in columns}
    names = [column.name for column in table.columns]
    report.missing_columns = [name for name in names if name not in present]
    report.unknown_columns = [name for name in columns if name.strip().lower() not in names]


def _table_effects(table: ContractTable) -> list[str]:
    if table.required:
        return []
    return [TABLE_EFFECTS.get(table.name, "what it feeds stays empty")]


def _check_order_values(report: Report) -> None:
    """Without lines the value of an order is its order_total_amount, so one must be there."""
    orders, lines = report.table("erp_orders"), report.table("erp_order_lines")
    if (
        orders.state == "present"
        and "order_total_amount" in orders.missing_columns
        and lines.state in ("missing", "empty")
    ):
        report.problems.append(
            f"{Path(report.folder) / str(orders.file)}: missing column order_total_amount, needed "
            "because there are no erp_order_lines: without either no order has a value"
        )


def _nothing_there(folder: Path, unknown: dict[str, str | None]) -> str:
    near = [f"{name} should be called {nearest}" for name, nearest in unknown.items() if nearest]
    hint = f" ({'; '.join(near)})" if near else ""
    sample = "strata data sample --out data`, which is read with `--raw data/raw"
    if folder.name == "raw":
        sample = f"strata data sample --out {shlex.quote(str(folder.parent))}"
    return (
        f"no raw data in {folder}{hint}: make a sample company with `{sample}`, or templates for "
        f"your own with `strata data init {shlex.quote(str(folder))}`"
    )
