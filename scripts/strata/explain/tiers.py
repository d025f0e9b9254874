"""Requirements to keep a customer's tier until the next review or reach a better one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_CEILING, Decimal
from itertools import takewhile

from strata.explain.answers import Answer
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


def tier_answers(simulation: Simulation, ranks: list[str]) -> Iterator[Answer]:
    """Yield what the tier is at the next review by itself, what keeps it and what lifts it.

    The best of `ranks` comes first.
    """
    now = str(simulation.segments["tier_key"])
    metric = simulation.unforeseen("tier", (*SHARES, *SCORES))
    if metric:
        yield Answer("tier", "next", now, now, metric=metric, is_closed=False, open_reason="metric")
        return
    search = Search(simulation)
    compares = bool(search.used & {*SHARES})
    if compares and not search.is_decided_before_shares():
        yield from search.lines(now, ranks, "next")
        return
    target = search.quiet.outcome("tier")
    here, there = ranks.index(now), ranks.index(target)
    answer = search.answer("next", now, target)
    if there > here:
        lasting = takewhile(lambda one: one.outcomes.get("tier") == target, search.until[::-1])
        answer = replace(answer, from_date=min(one.scenario.judged for one in lasting))
    yield answer
    if compares:
        yield from search.lines(now, ranks, "keep" if there > here else "")
        return
    goals = [("keep", ranks[: here + 1])] if there > here else []
    found = [
        (direction, *one)
        for direction, wanted in [*goals, ("up", ranks[: min(here, there)])]
        for one in search.least(wanted)
        # An answer that leads to a better tier is found again as a way up.
        if direction == "up" or one[1].outcome("tier") == now
    ]
    simulation.ask(day for _, _, verdict, _ in found for day in search.earlier(verdict))
    for direction, action, verdict, count in found:
        yield search.sold(direction, now, action, verdict, count)


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
        is_value = self.metric == "value_amount"
        bounds = [
            row["threshold"]
            for row in self.conditions
            if (row["outcome_key"], row["metric"]) == (target, self.metric)
            and row["operator"] in (">", ">=")
        ]
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

    def sold(
        self, direction: str, now: str, action: str, verdict: Verdict, count: int | None
    ) -> Answer:
        """Return the answer that something is sold, and from which day on that does it."""
        scenario, target = verdict.scenario, verdict.outcome("tier")
        verdicts = self.simulation.ask(self.earlier(verdict))
        failed = [one.scenario.changed for one in verdicts if one.outcome("tier") != target]
        sizes = {"order": scenario.orders, "money": scenario.amount, "contract": scenario.contract}
        return replace(
            self.answer(direction, now, target),
            actions=(action,),
            difference=sizes[action],
            order_count=count,
            from_date=failed[-1] + timedelta(1) if failed and failed[-1] else None,
        )

    def earlier(self, verdict: Verdict) -> list[Scenario]:
        """Return what is changed on each day until the review."""
        return [replace(verdict.scenario, changed=day) for day in self.days]

    def is_decided_before_shares(self) -> bool:
        """Whether a rule decides at the review that is read before all rules about shares."""
        if "tier" not in self.quiet.outcomes:
            return False
        rank = self.simulation.grounds(self.quiet, "tier")[0]["rule_rank"]
        return all(row["rule_rank"] > rank for row in self.conditions if row["metric"] in SHARES)

    def missing(self, metric: str, threshold: float) -> Decimal | None:
        """Return how much must be sold for a metric to come up to a threshold at the review."""
        values = self.quiet.values
        value, others = values.get(metric), Decimal(0)
        if metric in VALUES:
            value = values[self.simulation.value_metric]
            others = values[metric] - values["own_value_amount"]
        if value is None:
            return None
        short: Decimal = Decimal(str(threshold)) - others - value
        return short.quantize(CENT, ROUND_CEILING)

    def least(self, wanted: list[str]) -> Iterator[tuple[str, Verdict, int | None]]:
        """Yield the least sum of money or contract that leads to a tier wanted, and of orders.

        With it comes the number of orders to say, if there is one.
        """
        usual = self.simulation.usual_amount
        base = Scenario(self.simulation.review, self.simulation.review)
        missing = (
            self.missing(row["metric"], row["threshold"])
            for row in self.conditions
            if row["metric"] in ADDED and row["threshold"] is not None
        )
        known = {one for one in missing if one is not None}
        sums = {one for one in known | {one + CENT for one in known} if one > 0}
        is_contract = self.simulation.value_metric == CONTRACTED
        paid = [
            replace(base, contract=one) if is_contract else replace(base, orders=1, amount=one)
            for one in sorted(sums)
        ]
        each = usual if self.used & {*SCORES} else CENT
        counts = range(1, MOST_ORDERS + 1) if self.used & {*ORDERED} else ()
        ordered = [replace(base, orders=count, amount=each * count) for count in counts]
        self.simulation.ask([*paid, *ordered])
        found, counted = (
            next((one for one in self.simulation.ask(part) if one.outcome("tier") in wanted), None)
            for part in (paid, ordered)
        )
        if found and is_contract:
            yield "contract", found, None
        elif found:
            count = int(-(-found.scenario.amount // usual))
            is_profit = self.simulation.value_metric.startswith("profit")
            yield "money", found, count if count <= MOST_ORDERS and not is_profit else None
        if counted and not (found and found.scenario.amount == CENT):
            has_usual = self.simulation.today["average_order_amount"] is not None
            yield "order", counted, counted.scenario.orders if has_usual else None

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
        is_kept = self.quiet.outcomes.get("tier") == now
        if direction == "next" and is_kept and not (own or has_value):
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
