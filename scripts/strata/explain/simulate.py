"""What the models of a release say of a customer on another day, or with something more done.

A scenario is a copy of the customer, and of the other members of its group, whose facts lie as many
days further back as the day to judge lies ahead. The compiled models judge all copies at once: on the
as_of_date of the release, by its cut points and rules, with every source as present as on that date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.replay import INPUTS, OUTCOMES, Node, Replay, relation
from strata.sql import identifier, quoted

Row = dict[str, Any]

CENT = Decimal("0.01")
# The database that compiled models write to.
DATABASE = "build"
# Columns that tell copies apart.
KEYS = ("customer_id", "customer_code", "group_customer_id", "order_id", "source_record_id")
SCORES = ("recency_score", "frequency_score", "monetary_score", "rfm_score")
# Metrics that follow from what is known of the customer and from what a scenario adds.
FORESEEN = (
    *("days_since_first_seen", "days_since_first_order", "days_since_last_order"),
    *("days_since_last_purchase", "days_between_last_two_orders", "median_interpurchase_days"),
    *("interpurchase_ratio", "order_count", "order_count_90d", "order_count_365d"),
    *("gross_revenue_amount", "gross_revenue_amount_365d", "refund_amount", "refund_amount_365d"),
    *("refund_rate", "net_revenue_amount", "net_revenue_amount_90d", "net_revenue_amount_365d"),
    *("previous_net_revenue_amount_365d", "net_revenue_growth_rate", "average_order_amount"),
    *("profit_amount", "profit_amount_365d", "contract_count", "annual_contract_amount"),
    *("trial_contract_count", "days_until_contract_end", "days_since_last_login"),
    *("login_days_30d", "previous_login_days_30d", "login_days_change_rate"),
    *("open_complaint_count", "nps_score", "days_since_nps_response"),
    *("days_since_last_interaction", "days_since_last_activity"),
    *("own_value_amount", "value_amount", *SCORES),
)
# A standing among all customers stays as it is today.
VALUES, SHARES = (
    "int_segmentation__values_history",
    ("higher_value_share_rate", "value_percentile_rate"),
)
CONDITIONS = "int_rules__conditions"
EVENTS = "int_product_events__attributed"
TICKETS = "int_tickets__attributed"
# The facts that a scenario adds, one row per scenario or order.
ADDED = {
    "customer_identity_map": "select customer_id, customer_id as source_record_id,"
    " 'erp' as source_system from scenarios where orders > 0",
    "int_orders__valued": "select customer_id || '-' || number as order_id,"
    " customer_id as customer_code, 'completed' as order_status, true as is_counted,"
    " cast(amount / orders as decimal(18, 4)) as order_amount, changed_date as ordered_date"
    " from scenarios, unnest(range(orders)) as numbers (number)",
    "int_contracts__attributed": "select customer_id, 'active' as contract_status,"
    " contract as annual_amount, changed_date as start_date"
    " from scenarios where contract is not null",
    EVENTS: "select customer_id, customer_id as event_id, 'login' as event_type,"
    " changed_date as occurred_date from scenarios where login",
    "int_activities__attributed": "select customer_id, customer_id as activity_id,"
    " 'what_if' as activity_type, changed_date as occurred_date from scenarios where interaction",
    # The last answer of its day.
    "int_nps_responses__attributed": "select customer_id, nps_score, changed_date as responded_date,"
    " changed_date + interval 1 day as responded_at from scenarios where nps_score is not null",
    "interaction_types": "select 'crm_activities' as source_table, 'what_if' as source_value,"
    " 'inbound' as direction",
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


FIELDS = tuple(field.name for field in fields(Scenario))


class NoRuleFires(StrataError):
    """No rule of a set that must decide applies to the customer on a day."""

    def __init__(self, rule_set: str, day: date) -> None:
        super().__init__(
            f"no rule of the set {rule_set} applies on {day}: add one to rules.csv and build again"
        )
        self.day = day


@dataclass(frozen=True)
class Verdict:
    """What a scenario leads to.

    Attributes:
        scenario: The scenario.
        outcomes: The outcome of each rule set.
        groups: The key of the rule that decides each set, and the group of its conditions.
        values: The metrics that can be foreseen.
    """

    scenario: Scenario
    outcomes: dict[str, str]
    groups: dict[str, str]
    values: Row

    def outcome(self, rule_set: str) -> str:
        """Return the outcome of a rule set.

        Raises:
            NoRuleFires: no rule of the set applies.
        """
        if rule_set not in self.outcomes:
            raise NoRuleFires(rule_set, self.scenario.judged)
        return self.outcomes[rule_set]


class Simulation:
    """Judges one customer by the models of a release.

    Args:
        connection: Finds every table of the release by its bare name; gets a database for copies.
        nodes: The nodes of the release's manifest.
        customer_id: A customer of the release.

    Raises:
        StrataError: the release lacks a model or a table.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, nodes: Mapping[str, Node], customer_id: str
    ) -> None:
        self._connection = connection
        self._replay = Replay.of(nodes)
        self._inputs = {node["name"]: node for node in self._replay.inputs}
        self._known: dict[Scenario, Verdict] = {}
        columns: dict[str, Row] = {}
        for table, name, kind in connection.execute(
            "select table_name, column_name, data_type from duckdb_columns() order by column_index"
        ).fetchall():
            columns.setdefault(table, {})[name] = kind
        missing = {TICKETS, CONDITIONS, *ADDED} - {*self._inputs}
        missing |= {node["alias"] for node in self._replay.inputs} - {*columns}
        if missing:
            raise StrataError(f"this release does not hold {', '.join(sorted(missing))}")
        self.today = self._row("customer_metrics", customer_id)
        self.segments = self._row("customer_segments", customer_id)
        self._slice(columns)

    def _row(self, table: str, customer_id: str) -> Row:
        return self.rows(f"select * from {table} where customer_id = {quoted(customer_id)}")[0]

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query by column name."""
        cursor = self._connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def _slice(self, columns: Mapping[str, Row]) -> None:
        """Take what the models read: of customers the rows of this one and of its group."""
        customer = quoted(self.today["customer_id"])
        group = quoted(self.segments["group_customer_id"] or "")
        customer_type = quoted(self.today["customer_type"])
        self._connection.execute(
            f"""
            attach if not exists ':memory:' as {DATABASE};
            create or replace temp table members as
            select customer_id from customer_segments
            where customer_id = {customer} or (
                group_customer_id = {group} and customer_type = {customer_type}
            );
            create or replace temp table codes as
            select source_record_id from customer_identity_map
            where source_system = 'erp' and customer_id in (from members)
            """
        )
        self._copied: dict[str, str] = {}
        for name, node in self._inputs.items():
            table, known = identifier(node["alias"]), columns[node["alias"]]
            self._connection.execute(
                f"create schema if not exists {DATABASE}.{identifier(node['schema'])}"
            )
            if "customer_id" in known or "customer_code" in known:
                owned = "customer_code in (from codes)"
                if "customer_id" in known:
                    owned = "customer_id in (from members)"
                if name == EVENTS:  # before the first event of anybody, use is unknown
                    owned += f" or event_id = (select arg_min(event_id, occurred_date) from {table})"
                self._connection.execute(
                    f"create or replace temp table slice_{name} as from {table} where {owned}"
                )
                self._copied[name] = ", ".join(_copied(*column) for column in known.items())
                continue
            rows = f"from {table}"
            if name == "as_of_dates":
                rows += " where is_current"
            if name == CONDITIONS:  # each group of conditions becomes a rule, so that it is told
                rows = f"""
                    select * replace (
                        rule_key || '/' || condition_group as rule_key,
                        dense_rank() over (order by rule_rank, condition_group) as rule_rank
                    )
                    from {table} where rule_set in ('lifecycle', 'tier')
                """
            self._connection.execute(f"create or replace table {self._place(node)} as {rows}")
            if name in ADDED:
                self._add(node)

    def _place(self, node: Node) -> str:
        return f"{DATABASE}.{relation(node)}"

    def _add(self, node: Node) -> None:
        self._connection.execute(f"insert into {self._place(node)} by name {ADDED[node['name']]}")

    @property
    def as_of(self) -> date:
        """The day that the release describes."""
        day: date = self.today["as_of_date"]
        return day

    @property
    def review(self) -> date:
        """The next quarter end, on which the history will judge again."""
        first = date(self.as_of.year, 3 * ((self.as_of.month - 1) // 3) + 1, 1)
        ends = [_quarter_end(first), _quarter_end(_quarter_end(first) + timedelta(1))]
        return next(end for end in ends if end > self.as_of)

    @cached_property
    def conditions(self) -> list[Row]:
        """The conditions of lifecycle and tier for customers of this type."""
        return self.rows(
            f"from {CONDITIONS} where customer_type = {quoted(self.today['customer_type'])}"
            " and rule_set in ('lifecycle', 'tier') order by rule_rank, condition_group"
        )

    @property
    def foreseen(self) -> set[str]:
        """The metrics that can be foreseen."""
        return {*FORESEEN} - ({*SCORES} if self.has_moving_cuts else set())

    @property
    def usual_amount(self) -> Decimal:
        """The mean value of the customer's orders, a cent if there are none."""
        mean: Decimal | None = self.today["average_order_amount"]
        return mean or CENT

    @cached_property
    def has_moving_cuts(self) -> bool:
        """Whether RFM scores are cut by quantiles, which move with all customers."""
        return bool(
            self.rows(
                "select 1 from rfm_cut_points where rfm_method = 'quantile'"
                f" and customer_type = {quoted(self.today['customer_type'])}"
                f" and as_of_date = '{self.as_of}'"
            )
        )

    @cached_property
    def value_metric(self) -> str:
        """The metric that measures the customer's value."""
        is_consumer = self.today["customer_type"] == "consumer"
        column = "consumer_value_metric" if is_consumer else "value_metric"
        return str(self.rows(f"select {column} from int_policy__current")[0][column])

    def ask(self, scenarios: Iterable[Scenario]) -> list[Verdict]:
        """Return the verdict of each scenario, in order."""
        asked = list(scenarios)
        new = [one for one in dict.fromkeys(asked) if one not in self._known]
        if new:
            self._known.update(zip(new, self._judge(new), strict=True))
        return [self._known[one] for one in asked]

    def grounds(self, verdict: Verdict, rule_set: str) -> list[Row]:
        """Return the conditions by which a scenario gets its outcome, with their values."""
        return sorted(
            (
                row | {"metric_number": verdict.values.get(row["metric"])}
                for row in self.conditions
                if f"{row['rule_key']}/{row['condition_group']}" == verdict.groups[rule_set]
            ),
            key=lambda row: (row["metric"], row["operator"]),
        )

    def _judge(self, scenarios: list[Scenario]) -> list[Verdict]:
        self._copy(scenarios)
        for node in self._replay.models:
            code = node["compiled_code"]
            if node["name"] == VALUES:
                shares = ", ".join(f"{self.segments[name]} as {name}" for name in SHARES)
                code = f"select * replace ({shares}) from ({code})".replace("None as", "null as")
            kind = "view" if node["materialized"] == "view" else "table"
            self._connection.execute(f"create or replace {kind} {self._place(node)} as {code}")
        outcomes, inputs = (
            self._place(node)
            for target in (OUTCOMES, INPUTS)
            for node in self._replay.models
            if node["name"] == target
        )
        found = self._connection.execute(
            f"""
            select tier_key, tier_rule_key, lifecycle_stage_key, lifecycle_rule_key,
                {", ".join(f"inputs.{name}" for name in FORESEEN)}
            from scenarios
            inner join {inputs} as inputs on scenarios.customer_id = inputs.customer_id
            left join {outcomes} as outcomes on scenarios.customer_id = outcomes.customer_id
            order by scenario_id
            """
        ).fetchall()
        return [
            Verdict(
                scenario,
                {name: row[at] for name, at in (("tier", 0), ("lifecycle", 2)) if row[at]},
                {"tier": row[1], "lifecycle": row[3]},
                dict(zip(FORESEEN, row[4:], strict=True)),
            )
            for scenario, row in zip(scenarios, found, strict=True)
        ]

    def _copy(self, scenarios: list[Scenario]) -> None:
        """Make a copy of all rows per scenario, and add what it changes."""
        columns: list[list[Any]] = [list(range(len(scenarios)))]
        columns += [[getattr(one, name) for one in scenarios] for name in FIELDS]
        # One list per column: a row at a time takes a second for a year of days.
        values = ", ".join(f"unnest(?) as {name}" for name in ("scenario_id", *FIELDS))
        self._connection.execute(
            f"""
            create or replace temp table scenarios as
            select *, '#' || scenario_id as suffix, {quoted(self.today["customer_id"])} || suffix
                as customer_id,
                cast(judged - date '{self.as_of}' as integer) as later_days,
                cast(changed - later_days as date) as changed_date
            from (select {values})
            """,
            columns,
        )
        for name, copied in self._copied.items():
            node = self._inputs[name]
            self._connection.execute(
                f"create or replace table {self._place(node)} as"
                f" select {copied} from slice_{name} as rows cross join scenarios"
            )
            if name in ADDED:
                self._add(node)
        tickets = self._place(self._inputs[TICKETS])
        self._connection.execute(
            f"""
            update {tickets} as tickets set closed_date = scenarios.changed_date
            from scenarios
            where tickets.customer_id = scenarios.customer_id and scenarios.closes_complaints
                and tickets.ticket_category = 'complaint'
                and coalesce(tickets.closed_date > scenarios.changed_date, true)
            """
        )


def _copied(name: str, kind: str) -> str:
    """Return how a column is copied: keys apart, and dates as many days earlier."""
    column = f"rows.{identifier(name)}"
    if name in KEYS:
        return f"{column} || scenarios.suffix as {identifier(name)}"
    if kind == "DATE":
        return f"{column} - scenarios.later_days as {identifier(name)}"
    if kind.startswith("TIMESTAMP"):
        return f"{column} - to_days(scenarios.later_days) as {identifier(name)}"
    return column


def _quarter_end(first: date) -> date:
    """Return the last day of the quarter that begins on a day."""
    year, month = (first.year, first.month + 3) if first.month < 10 else (first.year + 1, 1)
    return date(year, month, 1) - timedelta(1)
