"""What keeps a customer's tier until the next review, and what lifts it to a better one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import takewhile
from typing import Any

from strata.explain.judge import CENT, Judge, Scenario, Verdict
from strata.explain.ways import PROFIT, SCORES, Way, are_costs_known, unforeseen

# So many orders are counted; more than that are no advice.
MOST_ORDERS = 12
# Metrics to which every unit sold adds one; a contract adds to the last.
CONTRACTED = "annual_contract_amount"
ADDED = (
    "net_revenue_amount",
    "net_revenue_amount_90d",
    "net_revenue_amount_365d",
    "gross_revenue_amount",
    "gross_revenue_amount_365d",
    "profit_amount",
    "profit_amount_365d",
    CONTRACTED,
)
VALUES = ("own_value_amount", "value_amount")
# Where a customer stands among all others.
SHARES = ("higher_value_share_rate", "value_percentile_rate")
ORDERED = (
    "order_count",
    "order_count_90d",
    "order_count_365d",
    "days_since_first_order",
    "days_since_last_order",
    *SCORES,
)


@dataclass(frozen=True)
class Found:
    """The least change that does it: money, contract or order, and what the rules say of it."""

    action: str
    verdict: Verdict
    order_count: int | None

    @property
    def difference(self) -> Any:
        """How much or how many."""
        scenario = self.verdict.scenario
        if self.action == "order":
            return scenario.orders
        return scenario.amount if self.action == "money" else scenario.contract


def tier_ways(judge: Judge, ranks: list[str]) -> Iterator[Way]:
    """Yield what the tier is at the next review by itself, what keeps it and what lifts it.

    Args:
        judge: Judges the customer.
        ranks: The tiers, the best first.
    """
    now = str(judge.segments["tier_key"])
    metric = unforeseen(judge, "tier", (*SHARES, *SCORES))
    if metric:
        yield Way("tier", "next", now, now, metric=metric, is_closed=False, open_reason="metric")
        return
    search = Search(judge)
    if not are_costs_known(judge, "tier", [search.quiet]):
        yield Way(
            "tier",
            "next",
            now,
            now,
            metric=PROFIT,
            by_date=judge.review,
            is_closed=False,
            open_reason="costs",
        )
        return
    if search.used & set(SHARES) and not _is_decided_before_shares(judge, search.quiet):
        yield from _lines(search, now, ranks, "next")
        return
    here, there = ranks.index(now), ranks.index(search.quiet.outcome("tier"))
    yield replace(
        search.way("next", now, ranks[there]),
        from_date=_first_day(judge, ranks[there]) if there > here else None,
    )
    if search.used & set(SHARES):
        yield from _lines(search, now, ranks, "keep" if there > here else "")
        return
    goals = [("keep", here)] if there > here else []
    for direction, least in [*goals, ("up", min(here, there) - 1)]:
        for found in search.least(ranks[: least + 1]):
            target = found.verdict.outcome("tier")
            if direction == "keep" and target != now:
                continue  # more than kept: found again as a way up
            yield replace(
                search.way(direction, now, target),
                actions=(found.action,),
                difference=found.difference,
                order_count=found.order_count,
                from_date=search.first_day(found, target),
            )


class Search:
    """Looks for the least change by which a tier is reached on the day of the next review."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.conditions = [row for row in judge.conditions if row["rule_set"] == "tier"]
        self.used = {row["metric"] for row in self.conditions}
        self.today, self.quiet = judge.ask([Scenario(judge.as_of), Scenario(judge.review)])
        # Scores have no unit of money: only orders move them.
        self.metric = "rfm_score" if self.used & set(SCORES) else "value_amount"

    def way(self, direction: str, now: str, target: str) -> Way:
        """Return an answer with what is the same in all of them."""
        is_estimate = bool(self.used & set(SCORES)) and self.judge.has_moving_cuts
        bounds = [
            row["threshold"]
            for row in self.conditions
            if row["outcome_key"] == target
            and row["metric"] == self.metric
            and row["operator"] in (">", ">=")
        ]
        return Way(
            "tier",
            direction,
            now,
            target,
            metric=self.judge.value_metric if self.metric == "value_amount" else self.metric,
            is_group=self.judge.segments["group_customer_id"] is not None,
            current_value=self.today.values[self.metric],
            expected_value=self.quiet.values[self.metric],
            needed_value=min(bounds, default=None),
            by_date=self.judge.review,
            is_closed=not is_estimate,
            open_reason="cut_points" if is_estimate else None,
        )

    def missing(self, metric: str, threshold: float) -> Decimal | None:
        """Return how much must be sold for a metric to come up to a threshold at the review."""
        values = self.quiet.values
        value, others = values.get(metric), Decimal(0)
        if metric in VALUES:
            value = values["measured_amount"]
            others = values["others_value_amount"] if metric == "value_amount" else others
        if value is None:
            return None
        missing = Decimal(str(threshold)) - Decimal(others) - Decimal(value)
        return missing.quantize(CENT, ROUND_CEILING)

    def least(self, wanted: list[str]) -> Iterator[Found]:
        """Yield the least sum of money or contract that leads to a tier wanted, and of orders."""

        def does_it(verdict: Verdict) -> bool:
            return verdict.outcome("tier") in wanted

        usual = self.judge.usual_amount
        base = Scenario(self.judge.review, self.judge.review)
        sums = {
            missing + cent
            for row in self.conditions
            if row["metric"] in (*VALUES, *ADDED) and row["threshold"] is not None
            for missing in [self.missing(row["metric"], row["threshold"])]
            if missing is not None
            for cent in (Decimal(0), CENT)
            if missing + cent > 0
        }
        is_contract = self.judge.value_metric == CONTRACTED
        scenarios = [
            replace(base, contract=one) if is_contract else replace(base, orders=1, amount=one)
            for one in sorted(sums)
        ]
        found = next(filter(does_it, self.judge.ask(scenarios)), None)
        if found and is_contract:
            yield Found("contract", found, None)
        elif found:
            is_profit = self.judge.value_metric.startswith("profit")
            count = int(-(-found.scenario.amount // usual))
            has_count = count <= MOST_ORDERS and not is_profit
            yield Found("money", found, count if has_count else None)
        if self.used & set(ORDERED):
            each = usual if self.used & set(SCORES) else CENT
            scenarios = [
                replace(base, orders=count, amount=each * count)
                for count in range(1, MOST_ORDERS + 1)
            ]
            counted = next(filter(does_it, self.judge.ask(scenarios)), None)
            is_said = found and found.scenario.amount == CENT
            if counted and not is_said:
                has_usual = self.judge.today["average_order_amount"] is not None
                yield Found("order", counted, counted.scenario.orders if has_usual else None)

    def first_day(self, found: Found, target: str) -> Any:
        """Return from which day on the change does it; None if any day until the review will do."""
        days = (self.judge.review - self.judge.as_of).days
        verdicts = self.judge.ask(
            replace(found.verdict.scenario, changed=self.judge.as_of + timedelta(day))
            for day in range(1, days + 1)
        )
        failed = [
            one.scenario.changed
            for one in verdicts
            if one.outcome("tier") != target and one.scenario.changed
        ]
        return max(failed) + timedelta(1) if failed else None


def _is_decided_before_shares(judge: Judge, verdict: Verdict) -> bool:
    """Whether a rule decides that is read before all rules about other customers."""
    if "tier" not in verdict.outcomes:
        return False
    decided = judge.grounds(verdict.scenario, "tier")[0]["rule_rank"]
    return all(row["rule_rank"] > decided for row in judge.conditions if row["metric"] in SHARES)


def _first_day(judge: Judge, target: str) -> Any:
    """Return the first day from which on the tier is that of the review, None if unknown."""
    days = (judge.review - judge.as_of).days
    verdicts = judge.ask(Scenario(judge.as_of + timedelta(day)) for day in range(1, days + 1))
    if not are_costs_known(judge, "tier", verdicts):
        return None
    lasting = takewhile(lambda one: one.outcomes.get("tier") == target, reversed(verdicts))
    return min(one.scenario.judged for one in lasting)


def _lines(search: Search, now: str, ranks: list[str], direction: str) -> Iterator[Way]:
    """Yield how far a customer is from the lines that all customers draw together today.

    That of its own tier comes under `direction`, if there is one; `next` if the lines decide. One
    that it comes up to by itself needs no action.
    """
    judge = search.judge
    rows = judge.rows(
        "select tier_key, min(value_amount) as line from customer_segments"
        f" where customer_type = '{judge.today['customer_type']}' and value_amount > 0 group by 1"
    )
    lines = {row["tier_key"]: row["line"] for row in rows}
    better = [key for key in ranks[: ranks.index(now)] if key in lines]
    own = [(direction, now)] if direction and now in lines else []
    has_value = search.quiet.values["value_amount"] > 0
    if direction == "next" and not (own or has_value) and search.quiet.outcomes.get("tier") == now:
        yield search.way(direction, now, now)  # a tier without value has no line to fall below
    for name, target in [*own, *(("up", key) for key in better[-1:])]:
        missing = search.missing("value_amount", lines[target])
        is_short = missing is not None and missing > 0
        if name != "next" and not is_short and (missing is None or direction != "next"):
            continue  # no sum does it, or another rule decides
        yield replace(
            search.way(name, now, target),
            needed_value=lines[target],
            difference=missing if is_short else None,
            actions=("money",) if is_short else (),
            is_closed=False,
            open_reason="others",
        )
