"""Results of a release's models for a customer on another day, or with added actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import duckdb

from strata.errors import StrataError
from strata.explain.copies import CONDITIONS, Copies, Scenario
from strata.replay import Node, Replay
from strata.sql import quoted

Row = dict[str, Any]

CENT = Decimal("0.01")
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


class NoRuleFires(StrataError):
    """No rule of a set that must decide applies to the customer on a day."""

    def __init__(self, rule_set: str, day: date) -> None:
        super().__init__(
            f"no rule of the set {rule_set} applies on {day}: add one to rules.csv and build again"
        )
        self.day = day


@dataclass(frozen=True)
class Verdict:
    """Result of a scenario.

    Attributes:
        scenario: The scenario.
        outcomes: The outcome of each rule set.
        values: The metrics of FORESEEN; none if something is changed.
        rules: The rule that decides each set, with the group of its conditions after a slash.
    """

    scenario: Scenario
    outcomes: dict[str, str]
    values: Row
    rules: dict[str, str]

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
        replay = Replay.of(nodes)
        self._connection = connection
        self.today, self.segments = (
            self.rows(f"from {table} where customer_id = {quoted(customer_id)}")[0]
            for table in ("customer_metrics", "customer_segments")
        )
        self._copies = Copies(connection, replay, self.segments)
        self._known: dict[Scenario, Verdict] = {}

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query by column name."""
        cursor = self._connection.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @property
    def as_of(self) -> date:
        """The day that the release describes."""
        day: date = self.today["as_of_date"]
        return day

    @property
    def review(self) -> date:
        """The next quarter end, on which the history will judge again."""
        day = self.as_of + timedelta(1)
        while day.month % 3 or (day + timedelta(1)).day > 1:
            day += timedelta(1)
        return day

    @cached_property
    def conditions(self) -> list[Row]:
        """The conditions of lifecycle and tier for customers of this type."""
        return self.rows(
            f"from {CONDITIONS} where customer_type = {quoted(self.today['customer_type'])}"
            " and rule_set in ('lifecycle', 'tier') order by rule_rank, condition_group"
        )

    def of_set(self, rule_set: str) -> list[Row]:
        """Return the conditions of a set."""
        return [row for row in self.conditions if row["rule_set"] == rule_set]

    @cached_property
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
        found = self.rows(
            f"from rfm_cut_points where as_of_date = '{self.as_of}' and rfm_method = 'quantile'"
            f" and customer_type = {quoted(self.today['customer_type'])}"
        )
        return bool(found)

    @cached_property
    def value_metric(self) -> str:
        """The metric that measures the customer's value."""
        is_consumer = self.today["customer_type"] == "consumer"
        column = "consumer_value_metric" if is_consumer else "value_metric"
        return str(self.rows("from int_policy__current")[0][column])

    def ask(self, scenarios: Iterable[Scenario]) -> list[Verdict]:
        """Return the verdict of each scenario; those asked together are judged together."""
        asked = list(scenarios)
        new = [one for one in dict.fromkeys(asked) if one not in self._known]
        if new:
            metrics = FORESEEN if any(one.changed is None for one in new) else ()
            for one, row in zip(new, self._copies.judge(new, metrics), strict=True):
                tier, stage, *rules = row[:4]
                outcomes = {"tier": tier, "lifecycle": stage}
                self._known[one] = Verdict(
                    one,
                    {name: key for name, key in outcomes.items() if key is not None},
                    dict(zip(metrics, row[4:], strict=True)),
                    dict(zip(outcomes, rules, strict=True)),
                )
        return [self._known[one] for one in asked]

    def grounds(self, verdict: Verdict, rule_set: str) -> list[Row]:
        """Return the conditions by which a scenario gets its outcome, with their values."""
        return sorted(
            (
                row | {"metric_number": verdict.values.get(row["metric"])}
                for row in self.of_set(rule_set)
                if f"{row['rule_key']}/{row['condition_group']}" == verdict.rules[rule_set]
            ),
            key=lambda row: (row["metric"], row["operator"]),
        )
