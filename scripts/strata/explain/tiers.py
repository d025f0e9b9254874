"""What keeps a customer's tier until the next review, and what lifts it to a better one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import takewhile
from typing import Any

from strata.explain.answers import Answer, unforeseen
from strata.explain.copies import SHARES, Scenario
from strata.explain.simulate import CENT, SCORES, Simulation, Verdict

# So many orders are counted; more than that are no advice.
MOST_ORDERS = 12
CONTRACTED = "annual_contract_amount"
VALUES = ("own_value_amount", "value_amount")
# Metrics to which every unit sold adds one.
ADDED = (
    *VALUES,
    *("net_revenue_amount", "net_revenue_amount_90d", "net_revenue_amount_365d"),
    *("gross_revenue_amount", "gross_revenue_amount_365d", "profit_amount", "profit_amount_365d"),
    CONTRACTED,
)
ORDERED = (
    *("order_count", "order_count_90d", "order_count_365d"),
    *("days_since_first_order", "days_since_last_order", *SCORES),
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


def tier_answers(simulation: Simulation, ranks: list[str]) -> Iterator[Answer]:
    """Yield what the tier is at the next review by itself, what keeps it and what lifts it.

    Args:
        simulation: Judges the customer.
        ranks: The tiers, the best first.
    """
    now = str(simulation.segments["tier_key"])
    metric = unforeseen(simulation, "tier", (*SHARES, *SCORES))
    if metric:
        yield Answer("tier", "next", now, now, metric=metric, is_closed=False, open_reason="metric")
        return
    search = Search(simulation)
    depends = bool(search.used & {*SHARES})
    if depends and not search.is_decided_before_shares():
        yield from search.lines(now, ranks, "next")
        return
    here, there = ranks.index(now), ranks.index(search.quiet.outcome("tier"))
    yield replace(
        search.answer("next", now, ranks[there]),
        from_date=search.turn(ranks[there]) if there > here else None,
    )
    if depends:
        yield from search.lines(now, ranks, "keep" if there > here else "")
        return
    goals = [("keep", here)] if there > here else []
    goals.append(("up", min(here, there) - 1))
    found = [
        (direction, one, one.verdict.outcome("tier"))
        for direction, least in goals
        for one in search.least(ranks[: least + 1])
    ]
    # What keeps more than the tier is found again as a way up.
    kept = [one for one in found if one[0] == "up" or one[2] == now]
    simulation.ask(day for _, one, _ in kept for day in search.earlier(one))
    for direction, one, target in kept:
        yield replace(
            search.answer(direction, now, target),
            actions=(one.action,),
            difference=one.difference,
            order_count=one.order_count,
            from_date=search.first_day(one, target),
        )


class Search:
    """Looks for the least change by which a tier is reached on the day of the next review."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.conditions = simulation.of_set("tier")
        self.used = {row["metric"] for row in self.conditions}
        count = (simulation.review - simulation.as_of).days
        self.days = [simulation.as_of + timedelta(day) for day in range(1, count + 1)]
        self.today, *self.until = simulation.ask(map(Scenario, [simulation.as_of, *self.days]))
        self.quiet = self.until[-1]
        # Scores have no unit of money: only orders move them.
        self.metric = "rfm_score" if self.used & {*SCORES} else "value_amount"

    def answer(self, direction: str, now: str, target: str) -> Answer:
        """Return an answer with what is the same in all of them."""
        is_estimate = bool(self.used & {*SCORES}) and self.simulation.has_moving_cuts
        bounds = [
            row["threshold"]
            for row in self.conditions
            if row["outcome_key"] == target
            and row["metric"] == self.metric
            and row["operator"] in (">", ">=")
        ]
        is_value = self.metric == "value_amount"
        return Answer(
            "tier",
            direction,
            now,
            target,
            metric=self.simulation.value_metric if is_value else self.metric,
            is_group=self.simulation.segments["group_customer_id"] is not None,
            current_value=self.today.values[self.metric],
            expected_value=self.quiet.values[self.metric],
            needed_value=min(bounds, default=None),
            by_date=self.simulation.review,
            is_closed=not is_estimate,
            open_reason="cut_points" if is_estimate else None,
        )

    def is_decided_before_shares(self) -> bool:
        """Whether a rule decides at the review that is read before all rules about shares."""
        if "tier" not in self.quiet.outcomes:
            return False
        rank = self.simulation.grounds(self.quiet, "tier")[0]["rule_rank"]
        return all(row["rule_rank"] > rank for row in self.conditions if row["metric"] in SHARES)

    def turn(self, target: str) -> date:
        """Return the first day from which on the tier is that of the review."""
        lasting = takewhile(lambda one: one.outcomes.get("tier") == target, reversed(self.until))
        return min(one.scenario.judged for one in lasting)

    def missing(self, metric: str, threshold: float) -> Decimal | None:
        """Return how much must be sold for a metric to come up to a threshold at the review."""
        values = self.quiet.values
        value, others = values.get(metric), Decimal(0)
        if metric in VALUES:
            value = values[self.simulation.value_metric]
            others = values[metric] - values["own_value_amount"]
        if value is None:
            return None
        missing = Decimal(str(threshold)) - Decimal(others) - Decimal(value)
        return missing.quantize(CENT, ROUND_CEILING)

    def least(self, wanted: list[str]) -> Iterator[Found]:
        """Yield the least sum of money or contract that leads to a tier wanted, and of orders."""
        usual = self.simulation.usual_amount
        base = Scenario(self.simulation.review, self.simulation.review)
        sums = {
            missing + cent
            for row in self.conditions
            if row["metric"] in ADDED and row["threshold"] is not None
            for missing in [self.missing(row["metric"], row["threshold"])]
            if missing is not None
            for cent in (Decimal(0), CENT)
            if missing + cent > 0
        }
        is_contract = self.simulation.value_metric == CONTRACTED
        paid = [
            replace(base, contract=one) if is_contract else replace(base, orders=1, amount=one)
            for one in sorted(sums)
        ]
        each = usual if self.used & {*SCORES} else CENT
        counts = range(1, MOST_ORDERS + 1) if self.used & {*ORDERED} else ()
        ordered = [replace(base, orders=count, amount=each * count) for count in counts]
        verdicts = self.simulation.ask([*paid, *ordered])

        def first(verdicts: list[Verdict]) -> Verdict | None:
            return next((one for one in verdicts if one.outcome("tier") in wanted), None)

        found, counted = first(verdicts[: len(paid)]), first(verdicts[len(paid) :])
        if found and is_contract:
            yield Found("contract", found, None)
        elif found:
            is_profit = self.simulation.value_metric.startswith("profit")
            count = int(-(-found.scenario.amount // usual))
            has_count = count <= MOST_ORDERS and not is_profit
            yield Found("money", found, count if has_count else None)
        if counted and not (found and found.scenario.amount == CENT):
            has_usual = self.simulation.today["average_order_amount"] is not None
            yield Found("order", counted, counted.scenario.orders if has_usual else None)

    def earlier(self, found: Found) -> list[Scenario]:
        """Return the change on each day until the review."""
        return [replace(found.verdict.scenario, changed=day) for day in self.days]

    def first_day(self, found: Found, target: str) -> date | None:
        """Return from which day on the change does it; None if any day until the review will do."""
        verdicts = self.simulation.ask(self.earlier(found))
        failed = [
            day
            for day, one in zip(self.days, verdicts, strict=True)
            if one.outcome("tier") != target
        ]
        return failed[-1] + timedelta(1) if failed else None

    def lines(self, now: str, ranks: list[str], direction: str) -> Iterator[Answer]:
        """Yield how far a customer is from the lines that all customers draw together today.

        That of its own tier comes under `direction`, if there is one; `next` if the lines decide.
        One that it comes up to by itself needs no action.
        """
        rows = self.simulation.rows(
            "select tier_key, min(value_amount) as line from customer_segments"
            f" where customer_type = '{self.simulation.today['customer_type']}'"
            " and value_amount > 0 group by tier_key"
        )
        lines = {row["tier_key"]: row["line"] for row in rows}
        better = [key for key in ranks[: ranks.index(now)] if key in lines]
        own = [(direction, now)] if direction and now in lines else []
        has_value = self.quiet.values["value_amount"] > 0
        if (
            direction == "next"
            and not (own or has_value)
            and self.quiet.outcomes.get("tier") == now
        ):
            yield self.answer(direction, now, now)  # without value, no line to fall below
        for name, target in [*own, *(("up", key) for key in better[-1:])]:
            missing = self.missing("value_amount", lines[target])
            is_short = missing is not None and missing > 0
            if name != "next" and not is_short and (missing is None or direction != "next"):
                continue  # no sum does it, or another rule decides
            yield replace(
                self.answer(name, now, target),
                needed_value=lines[target],
                difference=missing if is_short else None,
                actions=("money",) if is_short else (),
                is_closed=False,
                open_reason="others",
            )
