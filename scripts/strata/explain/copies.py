"""Copies of a customer, one per scenario, judged by the compiled models of a release.

The facts of a copy, and of the other members of its group, lie as many days further back as the
day to judge lies ahead. So the models judge all copies at once: on the as_of_date of the release,
by its cut points and rules, with every source as fresh as on that date.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.replay import INPUTS, OUTCOMES, Node, Replay, relation
from strata.sql import identifier, quoted

# The database that compiled models write to.
DATABASE = "build"
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
        from scenarios where orders > 0
    """,
    "int_source_records__attributed": """
        select customer_id, customer_id as source_record_id, 'erp_customers' as source_table
        from scenarios where orders > 0
    """,
}
# What a scenario adds to the facts that the models read.
ADDED = {
    "int_orders__valued": """
        select customer_id || '-' || number as order_id, customer_id as customer_code,
            cast(amount / orders as decimal(18, 4)) as order_amount, true as is_counted,
            changed_date as ordered_date
        from scenarios, unnest(range(orders)) as numbers (number)
    """,
    "int_contracts__attributed": """
        select customer_id, 'active' as contract_status, contract as annual_amount,
            changed_date as start_date
        from scenarios where contract is not null
    """,
    EVENTS: """
        select customer_id, 'login' as event_type, customer_id as event_id,
            changed_date as occurred_date
        from scenarios where login
    """,
    "int_activities__attributed": """
        select customer_id, 'what_if' as activity_type, customer_id as activity_id,
            changed_date as occurred_date
        from scenarios where interaction
    """,
    "interaction_types": """
        select 'crm_activities' as source_table, 'what_if' as source_value, 'inbound' as direction
    """,
    # Given after all others of its day.
    "int_nps_responses__attributed": """
        select customer_id, nps_score, changed_date as responded_date,
            changed_date + interval 1 day as responded_at
        from scenarios where nps_score is not null
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
    """Makes copies of a customer and judges them.

    Args:
        connection: Finds every table of the release by its bare name; gets a database for copies.
        nodes: The nodes of the release's manifest.
        segments: The customer's row of customer_segments.

    Raises:
        StrataError: the release lacks a model or a table.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        nodes: Mapping[str, Node],
        segments: Mapping[str, Any],
    ) -> None:
        self._connection, self._segments = connection, segments
        self._customer = quoted(segments["customer_id"])
        replay = Replay.of(nodes)
        self._models = {node["name"]: node for node in replay.models}
        self._inputs = {node["name"]: node for node in replay.inputs}
        columns: dict[str, dict[str, str]] = {}
        for table, name, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() order by column_index"
        ).fetchall():
            columns.setdefault(table, {})[name] = kind
        missing = {TICKETS, *ADDED} - {*self._inputs} | {VALUES} - {*self._models}
        missing |= {node["alias"] for node in replay.inputs} - {*columns}
        if missing:
            raise StrataError(f"this release does not hold {', '.join(sorted(missing))}")
        self._copied: dict[str, str] = {}
        self._slice(columns)

    def judge(self, scenarios: Sequence[Scenario], metrics: Sequence[str]) -> list[Any]:
        """Return of each scenario the tier, the lifecycle stage, the rules of both, and metrics.

        To the key of a rule the group of its conditions that holds is added after a slash.
        """
        self._copy(scenarios)
        for name, node in self._models.items():
            code = node["compiled_code"]
            if name == VALUES:
                row = f"from customer_segments where customer_id = {self._customer}"
                shares = (f"(select {share} {row}) as {share}" for share in SHARES)
                code = f"select * replace ({', '.join(shares)}) from ({code})"
            self._make(node, code, "view" if node["materialized"] == "view" else "table")
        return self._connection.execute(
            f"""
            select tier_key, lifecycle_stage_key, tier_rule_key, lifecycle_rule_key,
                {", ".join(f"inputs.{name}" for name in metrics)}
            from scenarios
            inner join {_place(self._models[INPUTS])} as inputs
                on scenarios.customer_id = inputs.customer_id
            left join {_place(self._models[OUTCOMES])} as outcomes
                on scenarios.customer_id = outcomes.customer_id
            order by scenario_id
            """
        ).fetchall()

    def _slice(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        """Take what the models read: of customers the rows of this one and of its group."""
        group, customer_type = (
            quoted(self._segments[name] or "") for name in ("group_customer_id", "customer_type")
        )
        self._connection.execute(
            f"""
            attach if not exists ':memory:' as {DATABASE};
            create or replace temp table members as
            select customer_id from customer_segments
            where customer_id = {self._customer}
                or (group_customer_id = {group} and customer_type = {customer_type});
            create or replace temp table codes as
            select source_record_id from customer_identity_map
            where source_system = 'erp' and customer_id in (from members)
            """
        )
        for name, node in self._inputs.items():
            table, known = identifier(node["alias"]), columns[node["alias"]]
            schema = f"{DATABASE}.{identifier(node['schema'])}"
            self._connection.execute(f"create schema if not exists {schema}")
            if "customer_id" in known or "customer_code" in known:
                owned = "customer_code in (from codes)"
                if "customer_id" in known:
                    owned = "customer_id in (from members)"
                if name == EVENTS:  # before the first event of anybody, use is unknown
                    owned += (
                        f" or event_id = (select arg_min(event_id, occurred_date) from {table})"
                    )
                self._connection.execute(
                    f"create or replace temp table slice_{name} as from {table} where {owned}"
                )
                self._copied[name] = ", ".join(_copied(*column) for column in known.items())
                continue
            code = f"from {table}"
            if name == "as_of_dates":
                code += " where is_current"
            if name == CONDITIONS:  # a rule per group of conditions, so that the result names it
                code = f"""
                    select * replace (
                        rule_key || '/' || condition_group as rule_key,
                        dense_rank() over (order by rule_rank, condition_group) as rule_rank
                    )
                    from {table} where rule_set in ('lifecycle', 'tier')
                """
            self._make(node, code)

    def _copy(self, scenarios: Sequence[Scenario]) -> None:
        """Make a copy of all rows per scenario, and what the scenario changes."""
        # One text per column: a row at a time takes a second for a year of days, and a parameter
        # imports pandas.
        lists = ", ".join(
            f"unnest({_list([getattr(one, name) for one in scenarios])}::{kind}[]) as {name}"
            for name, kind in COLUMNS.items()
        )
        self._connection.execute(
            f"""
            create or replace temp table scenarios as
            select *,
                '#' || scenario_id as suffix,
                {self._customer} || suffix as customer_id,
                cast(judged - date '{self._segments["as_of_date"]}' as integer) as later_days,
                changed - later_days as changed_date
            from (select unnest(range({len(scenarios)})) as scenario_id, {lists})
            """
        )
        for name, copied in self._copied.items():
            self._make(
                self._inputs[name],
                f"select {copied} from slice_{name} as rows cross join scenarios",
            )
        tickets = _place(self._inputs[TICKETS])
        self._connection.execute(
            f"""
            update {tickets} as tickets set closed_date = scenarios.changed_date
            from scenarios
            where tickets.customer_id = scenarios.customer_id and scenarios.closes_complaints
                and tickets.ticket_category = 'complaint'
                and coalesce(tickets.closed_date > scenarios.changed_date, true)
            """
        )

    def _make(self, node: Node, code: str, kind: str = "table") -> None:
        place = _place(node)
        self._connection.execute(f"create or replace {kind} {place} as {code}")
        added = (LINKS | ADDED).get(node["name"])
        if added:
            self._connection.execute(f"insert into {place} by name {added}")


def _place(node: Node) -> str:
    return f"{DATABASE}.{relation(node)}"


def _list(values: Sequence[Any]) -> str:
    """Return values as an SQL text that can be cast to a list."""
    return f"'[{', '.join('null' if value is None else str(value) for value in values)}]'"


def _copied(name: str, kind: str) -> str:
    """Return how a column is copied: keys apart, and dates as many days earlier."""
    column = f"rows.{identifier(name)}"
    if name in KEYS:
        return f"{column} || scenarios.suffix as {identifier(name)}"
    if kind == "DATE" and name != "as_of_date":
        return f"{column} - scenarios.later_days as {identifier(name)}"
    if kind.startswith("TIMESTAMP"):
        return f"{column} - to_days(scenarios.later_days) as {identifier(name)}"
    return column
