"""Asking the rules of a release what they would say of a customer on another day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from importlib.resources import files
from typing import Any

import duckdb

from strata.errors import StrataError

Row = dict[str, Any]

SCENARIOS = """
    create or replace temp table scenarios (
        scenario_id integer, judged_date date, changed_date date, order_count integer,
        order_amount decimal(18, 4), contract_amount decimal(18, 4), is_complaint_closed boolean,
        has_login boolean, has_interaction boolean, nps_score integer
    )
"""
CENT = Decimal("0.01")
# Columns of `projected` that no rule reads.
HELPERS = {"scenario_id", "are_profits_known", "others_value_amount", "measured_amount"}
# Tables that a release has only if it was built to say what comes next.
NEEDED = {
    "int_rules__conditions",
    "int_policy__current",
    "int_contracts__attributed",
    "stg_erp__refunds",
    "rfm_dimensions",
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
    """What a scenario leads to: the outcome of each rule set, and the metrics that move."""

    scenario: Scenario
    outcomes: dict[str, str]
    values: Row

    def outcome(self, rule_set: str) -> str:
        """Return the outcome of a rule set.

        Raises:
            NoRuleFires: no rule of the set applies.
        """
        if rule_set not in self.outcomes:
            raise NoRuleFires(rule_set, self.scenario.judged)
        return self.outcomes[rule_set]


class Judge:
    """Judges one customer by the rules of a release.

    Args:
        connection: Finds every table of the release by its bare name; gets temporary tables.
        customer_id: A customer of the release.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, customer_id: str) -> None:
        self._connection = connection
        connection.execute(
            "create or replace temp table asked as select $id as customer_id", {"id": customer_id}
        )
        connection.execute(SCENARIOS)
        self.today = self.rows(
            "select * from customer_metrics inner join asked using (customer_id)"
        )[0]
        self.segments = self.rows(
            "select * from customer_segments inner join asked using (customer_id)"
        )[0]
        connection.execute(
            "create or replace temp table held"
            " (metric varchar, metric_number double, metric_text varchar)"
        )
        connection.executemany("insert into held values (?, ?, ?)", self._held())
        connection.execute(_script("facts.sql"))

    def _held(self) -> list[tuple[str, float | None, str | None]]:
        """Return what a rule may read and neither time nor a change moves."""
        values = {**self.today, **self.segments}
        return [
            (name, None, value) if isinstance(value, str) else (name, float(value), None)
            for name, value in values.items()
            if isinstance(value, str | int | float | Decimal)
        ]

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
        first = date(self.as_of.year, 3 * ((self.as_of.month - 1) // 3) + 1, 1)
        ends = [_quarter_end(first), _quarter_end(_quarter_end(first) + timedelta(1))]
        return next(end for end in ends if end > self.as_of)

    @cached_property
    def conditions(self) -> list[Row]:
        """The conditions of lifecycle and tier for customers of this type."""
        return self.rows(
            "select conditions.* from int_rules__conditions as conditions"
            " inner join today on conditions.customer_type = today.customer_type"
            " where rule_set in ('lifecycle', 'tier') order by rule_rank, condition_group"
        )

    @cached_property
    def moving(self) -> set[str]:
        """The metrics that can be foreseen."""
        return set(self.ask([Scenario(self.as_of)])[0].values) - HELPERS

    @property
    def usual_amount(self) -> Decimal:
        """The mean value of the customer's orders, a cent if there are none."""
        mean: Decimal | None = self.today["average_order_amount"]
        return mean or CENT

    @cached_property
    def has_moving_cuts(self) -> bool:
        """Whether RFM scores are cut by quantiles, which move with all customers."""
        return bool(self.rows("select 1 from cut_points where rfm_method = 'quantile'"))

    @cached_property
    def value_metric(self) -> str:
        """The metric that measures the customer's value."""
        column = "consumer_value_metric" if self._is_consumer else "value_metric"
        return str(self.rows(f"select {column} from int_policy__current")[0][column])

    @property
    def _is_consumer(self) -> bool:
        return bool(self.today["customer_type"] == "consumer")

    def ask(self, scenarios: Iterable[Scenario]) -> list[Verdict]:
        """Return the verdict of each scenario, in order."""
        asked = list(scenarios)
        if not asked:
            return []
        self._set(asked)
        outcomes: dict[int, dict[str, str]] = {number: {} for number in range(len(asked))}
        for row in self.rows("select scenario_id, rule_set, outcome_key from decided"):
            outcomes[row["scenario_id"]][row["rule_set"]] = row["outcome_key"]
        values = {row["scenario_id"]: row for row in self.rows("select * from projected")}
        return [
            Verdict(scenario, outcomes[number], values[number])
            for number, scenario in enumerate(asked)
        ]

    def grounds(self, scenario: Scenario, rule_set: str) -> list[Row]:
        """Return the conditions by which a scenario gets its outcome, with their values."""
        self._set([scenario])
        return self.rows(
            "select looked_up.* from looked_up inner join decided"
            " using (scenario_id, rule_set, rule_key, condition_group)"
            f" where rule_set = '{rule_set}' order by metric, operator"
        )

    def _set(self, scenarios: list[Scenario]) -> None:
        columns: list[list[Any]] = [list(range(len(scenarios)))]
        columns += [[getattr(one, name) for one in scenarios] for name in FIELDS]
        self._connection.execute("delete from scenarios")
        # One list per column: a row at a time takes a second for a year of days.
        values = ", ".join(["unnest(?)"] * len(columns))
        self._connection.execute(f"insert into scenarios select {values}", columns)
        self._connection.execute(_script("judge.sql"))


def _script(name: str) -> str:
    return files("strata.explain").joinpath(name).read_text(encoding="utf-8")


def _quarter_end(first: date) -> date:
    """Return the last day of the quarter that begins on a day."""
    year, month = (first.year, first.month + 3) if first.month < 10 else (first.year + 1, 1)
    return date(year, month, 1) - timedelta(1)
