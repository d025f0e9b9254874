"""Results of a release's models for a customer on another day, or with added actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

import duckdb

from strata.explain.copies import CONDITIONS, Copies, Scenario
from strata.replay import Node, Replay
from strata.sql import named_rows, quoted

Row = dict[str, Any]

CENT = Decimal("0.01")
# A customer with more rows takes longer to judge on a year of days than in two steps.
MANY_FACTS = 200
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


# Words about a customer that neither time nor a purchase changes.
LASTING = (
    *("customer_type", "main_need_key", "industry", "sub_industry", "size_band"),
    *("influence_level", "lead_source", "gender", "occupation", "income_band", "education"),
    *("country", "province", "channel_type"),
)


class NoRuleFires(Exception):
    """No rule of a set that must decide applies to the customer on a day."""

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True)
class Verdict:
    """Result of a scenario.

    `outcomes` and `rules` hold the outcome of each rule set and the rule that decides, with the
    group of its conditions after a slash; `values` the metrics of FORESEEN, if nothing is changed.
    """

    scenario: Scenario
    outcomes: dict[str, str]
    values: Row
    rules: dict[str, str]

    def outcome(self, rule_set: str) -> str:
        """Return the outcome of a rule set; raise NoRuleFires if no rule of it applies."""
        if rule_set not in self.outcomes:
            raise NoRuleFires(self.scenario.judged)
        return self.outcomes[rule_set]


class Simulation:
    """Judges one customer by the models of a release, whose manifest has the nodes.

    `connection` finds every table of the release by its bare name and gets a database for copies.
    A StrataError says which model or table the release lacks.
    """

    has_many_facts = False

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
        self.has_many_facts = self._copies.fact_count > MANY_FACTS
        self._known: dict[Scenario, Verdict] = {}

    def rows(self, query: str) -> list[Row]:
        """Return the rows of a query by column name."""
        return named_rows(self._connection, query)

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

    def unforeseen(self, rule_set: str, known: tuple[str, ...] = ()) -> str | None:
        """Return a metric that a set asks for and that nobody can foresee, other than the known."""
        asked = (str(row["metric"]) for row in self.of_set(rule_set))
        foreseen = {*self.foreseen, *LASTING, *known}
        return next((metric for metric in asked if metric not in foreseen), None)

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
