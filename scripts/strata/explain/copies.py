"""Copies of a customer, one per scenario, judged by the compiled models of a release.

The facts of a copy, and of the other members of its group, lie as many days further back as the
day to judge lies ahead. So the models judge all copies at once: on the as_of_date of the release,
by its cut points and rules, with every source as fresh as on that date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.replay import METRICS, OUTCOMES, Node, Replay, relation
from strata.sql import first_row, identifier, quoted

# The database that compiled models write to, and a schema in it for what is theirs.
DATABASE, COPIES = "build", "copies"
SCENARIOS = f"{DATABASE}.{COPIES}.scenarios"
# Columns that tell copies apart.
KEYS = ("customer_id", "customer_code", "group_customer_id", "order_id", "source_record_id")
# A standing among all customers stays as it is today.
VALUES = "int_segmentation__values_history"
SHARES = ("higher_value_share_rate", "value_percentile_rate")
CONDITIONS = "int_rules__conditions"
EVENTS = "int_product_events__attributed"
TICKETS = "int_tickets__attributed"
# Where the customer of an order is looked up; a scenario has a customer number of its own.
LINKS = {
    "customer_identity_map": """
        select customer_id, customer_id as source_record_id, 'erp' as source_system
        from build.copies.scenarios where orders > 0
    """,
    "int_source_records__attributed": """
        select customer_id, customer_id as source_record_id, 'erp_customers' as source_table
        from build.copies.scenarios where orders > 0
    """,
}
# A scenario adds these rows to the facts that the models read.
ADDED = {
    "int_orders__valued": """
        select customer_id || '-' || number as order_id, customer_id as customer_code,
            cast(amount / orders as decimal(18, 4)) as order_amount, true as is_counted,
            changed_date as ordered_date
        from build.copies.scenarios, unnest(range(orders)) as numbers (number)
    """,
    "int_contracts__attributed": """
        select customer_id, 'active' as contract_status, contract as annual_amount,
            changed_date as start_date
        from build.copies.scenarios where contract is not null
    """,
    EVENTS: """
        select customer_id, 'login' as event_type, customer_id as event_id,
            changed_date as occurred_date
        from build.copies.scenarios where login
    """,
    "int_activities__attributed": """
        select customer_id, 'what_if' as activity_type, customer_id as activity_id,
            changed_date as occurred_date
        from build.copies.scenarios where interaction
    """,
    "interaction_types": """
        select 'crm_activities' as source_table, 'what_if' as source_value, 'inbound' as direction
    """,
    # Given after all others of its day.
    "int_nps_responses__attributed": """
        select customer_id, nps_score, changed_date as responded_date,
            changed_date + interval 1 day as responded_at
        from build.copies.scenarios where nps_score is not null
    """,
}


@dataclass(frozen=True)
class Scenario:
    """A day on which to judge, and what is changed before.

    `orders` orders come to `amount` of net revenue, without costs; `contract` is the yearly amount
    of a contract without an end. All of it happens on `changed`.
    """

    judged: date
    changed: date | None = None
    orders: int = 0
    amount: Decimal = Decimal(0)
    contract: Decimal | None = None
    closes_complaints: bool = False
    login: bool = False
    interaction: bool = False
    nps_score: int | None = None


TYPES = ("date", "date", "integer", "decimal(18, 4)", "decimal(18, 4)", *["boolean"] * 3, "integer")
COLUMNS = dict(zip((field.name for field in fields(Scenario)), TYPES, strict=True))


class Copies:
    """Makes copies of the customer of a row of customer_segments and judges them by a replay.

    `connection` finds every table of the release by its bare name, and gets a database for copies.
    A StrataError says which table the release lacks.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        replay: Replay,
        segments: Mapping[str, Any],
    ) -> None:
        self._connection, self._segments = connection, segments
        self._customer = quoted(segments["customer_id"])
        self.fact_count = 0
        columns: dict[str, dict[str, str]] = {}
        for table, name, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() order by column_index"
        ).fetchall():
            columns.setdefault(table, {})[name] = kind
        names = {node["name"] for node in (*replay.inputs, *replay.models)}
        missing = {TICKETS, VALUES, *ADDED} - names
        missing |= {node["alias"] for node in replay.inputs} - {*columns}
        if missing:
            raise StrataError(f"this release does not hold {', '.join(sorted(missing))}")
        connection.execute(f"attach if not exists ':memory:' as {DATABASE}")
        for schema in {COPIES, *(node["schema"] for node in (*replay.inputs, *replay.models))}:
            connection.execute(f"create schema if not exists {DATABASE}.{identifier(schema)}")
        self._write([])
        for node in replay.inputs:
            self._take(node, columns[node["alias"]])
        # A model that several others read is a table, made anew for each set of scenarios.
        read = Counter(key.rpartition(".")[2] for node in replay.models for key in node["parents"])
        self._models: list[tuple[str, str]] = []
        for node in replay.models:
            code, place = node["compiled_code"], _place(node)
            if node["name"] == VALUES:
                shares = (f"{_text(segments[share])}::double as {share}" for share in SHARES)
                code = f"select * replace ({', '.join(shares)}) from ({code})"
            kind = "table" if read[node["name"]] > 1 else "view"
            self._models.append((kind, f"create or replace {kind} {place} as {code}"))
        self._metrics, self._outcomes = (
            _place(node)
            for name in (METRICS, OUTCOMES)
            for node in replay.models
            if node["name"] == name
        )

    def judge(self, scenarios: Sequence[Scenario], metrics: Sequence[str]) -> list[Any]:
        """Return of each scenario the tier, the lifecycle stage, the rules of both, and metrics.

        To the key of a rule the group of its conditions that holds is added after a slash.
        """
        self._write(scenarios)
        for _, statement in self._models:
            self._connection.execute(statement)
        self._models = [one for one in self._models if one[0] == "table"]
        return self._connection.execute(
            f"""
            select tier_key, lifecycle_stage_key, tier_rule_key, lifecycle_rule_key,
                {", ".join(metrics)}
            from (select scenario_id, customer_id from {SCENARIOS})
            left join {self._metrics} using (customer_id)
            left join {self._outcomes} using (customer_id)
            order by scenario_id
            """
        ).fetchall()

    def _write(self, scenarios: Sequence[Scenario]) -> None:
        # One text per column: a row at a time takes a second for a year of days, and a parameter
        # imports pandas.
        lists = ", ".join(
            f"unnest({_text([getattr(one, name) for one in scenarios])}::{kind}[]) as {name}"
            for name, kind in COLUMNS.items()
        )
        self._connection.execute(
            f"""
            create or replace table {SCENARIOS} as
            select *,
                '#' || scenario_id as suffix,
                {self._customer} || suffix as customer_id,
                cast(judged - date '{self._segments["as_of_date"]}' as integer) as later_days,
                changed - later_days as changed_date
            from (select unnest(range({len(scenarios)})) as scenario_id, {lists})
            """
        )

    def _take(self, node: Node, columns: Mapping[str, str]) -> None:
        """Take what the models read, and of a customer as often as there are scenarios."""
        name, table = node["name"], identifier(node["alias"])
        kind, code = "table", f"from {table}"
        if "customer_id" in columns or "customer_code" in columns:
            rows = f"{DATABASE}.{COPIES}.{table}"
            owned = self._owned("customer_id" in columns)
            if name == EVENTS:  # before the first event of anybody, use is unknown
                owned += f""" or event_id = (
                    select arg_min(event_id, occurred_date) from {table}
                    where customer_id is not null
                )"""
            taken = f"create or replace table {rows} as {code} where {owned}"
            self.fact_count += first_row(self._connection, taken)[0]
            copied = ", ".join(_copied(name, *column) for column in columns.items())
            kind, code = "view", f"select {copied} from {rows} as rows cross join {SCENARIOS}"
        elif name == "as_of_dates":
            code += " where is_current"
        elif name == CONDITIONS:  # a rule per group of conditions, so that the result names it
            code = f"""
                select * replace (
                    rule_key || '/' || condition_group as rule_key,
                    dense_rank() over (order by rule_rank, condition_group) as rule_rank
                )
                from {table} where rule_set in ('lifecycle', 'tier')
            """
        if name in LINKS | ADDED:
            code += f" union all by name {(LINKS | ADDED)[name]}"
        self._connection.execute(f"create or replace {kind} {_place(node)} as {code}")

    def _owned(self, by_customer: bool) -> str:
        """Return the condition that a row is one of this customer or of its group."""
        group, customer_type = (
            quoted(self._segments[key] or "") for key in ("group_customer_id", "customer_type")
        )
        owned = f"""customer_id in (
            select customer_id from customer_segments where customer_id = {self._customer}
                or (group_customer_id = {group} and customer_type = {customer_type})
        )"""
        if by_customer:
            return owned
        return f"""customer_code in (
            select source_record_id from customer_identity_map
            where source_system = 'erp' and {owned}
        )"""


def _place(node: Node) -> str:
    return f"{DATABASE}.{relation(node)}"


def _text(value: Any) -> str:
    """Return a value, or a list of values, as an SQL text that can be cast."""
    if isinstance(value, list):
        return quoted(f"[{', '.join('null' if one is None else str(one) for one in value)}]")
    return "null" if value is None else quoted(str(value))


def _copied(table: str, name: str, kind: str) -> str:
    """Return how a column is copied: keys apart, and dates as many days earlier."""
    column = value = f"rows.{identifier(name)}"
    if name in KEYS:
        value = f"{column} || scenarios.suffix"
    elif kind == "DATE" and name != "as_of_date":
        value = f"{column} - scenarios.later_days"
    elif kind.startswith("TIMESTAMP"):
        value = f"{column} - to_days(scenarios.later_days)"
    if (table, name) == (TICKETS, "closed_date"):
        value = f"""
            case when scenarios.closes_complaints and rows.ticket_category = 'complaint'
                and coalesce({column} > scenarios.changed, true) then scenarios.changed_date
                else {value}
            end
        """
    return f"{value} as {identifier(name)}"
