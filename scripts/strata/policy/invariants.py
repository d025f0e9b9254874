"""Facts that hold for every customer under any policy: seeds/policy/metric_invariants.csv."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from strata.policy.judgements import NO_ORDER, ORDERED, Condition, Judgements, label_kind, number
from strata.policy.solver import Clause, Order, State
from strata.policy.values import EVERY_NUMBER, NOT_NULL, NULL, Interval, Values

NUMBER = Values(EVERY_NUMBER, has_null=True)
WHOLE = Values(EVERY_NUMBER, has_null=True, is_whole=True)
WORD = Values(all_but=True, has_null=True)


@dataclass(frozen=True)
class Invariants:
    """Start of a search: values of each metric, clauses that always hold, and orders."""

    state: State
    clauses: tuple[Clause, ...]
    orders: tuple[Order, ...]

    def about(self, metrics: Iterable[str]) -> Invariants:
        """Return the invariants that lead from one of the metrics to another."""
        known = set(metrics)
        links = [{metric for metric, _ in clause} for clause in self.clauses]
        links += [set(order) for order in self.orders]
        while True:
            grown = known.union(*(link for link in links if link & known))
            if grown == known:
                break
            known = grown
        return Invariants(
            {metric: values for metric, values in self.state.items() if metric in known},
            tuple(clause for clause in self.clauses if clause[0][0] in known),
            tuple(order for order in self.orders if order[0] in known),
        )


def values_of(operator: str, value: str, is_number: bool) -> Values:
    """Return the values for which a condition holds; null satisfies no comparison."""
    if operator == "is_null":
        return NULL
    if operator == "is_not_null":
        return NOT_NULL
    if not is_number:
        words = frozenset(value.split("|")) if operator == "in" else frozenset([value])
        return Values(words=words, all_but=operator == "!=")
    bound = number(value)
    assert bound is not None
    return {
        "<": Values((Interval(high=bound, high_open=True),)),
        "<=": Values((Interval(high=bound),)),
        ">": Values((Interval(low=bound, low_open=True),)),
        ">=": Values((Interval(low=bound),)),
        "=": Values((Interval(bound, bound),)),
        "!=": Values((Interval(high=bound, high_open=True), Interval(low=bound, low_open=True))),
    }[operator]


def condition_values(judgements: Judgements, condition: Condition) -> Values:
    """Return the values of its metric for which a condition of a known metric holds."""
    return values_of(condition.operator, condition.value, judgements.is_number(condition.metric))


def invariants(judgements: Judgements, policy: str, customer_type: str) -> Invariants:
    """Return what is true of the customers of a type under a policy."""
    state = {metric: _domain(judgements, policy, metric) for metric in judgements.metrics}
    state["customer_type"] = Values(words=frozenset([customer_type]))
    clauses: list[Clause] = []
    orders: list[Order] = []
    chosen = judgements.policies[policy]
    value_metric = chosen[f"{customer_type}_value_metric"] or chosen["value_metric"]
    for row in judgements.rows("metric_invariants"):
        metric, operator, value = row["metric"], row["operator"], row["value"]
        when = row["when_metric"].replace("value_metric", value_metric)
        if metric not in state or (when and when not in state):
            continue
        if operator == "not above":
            orders.append((metric, value))
        elif operator == "whole":
            state[metric] &= WHOLE
        else:
            holds = values_of(operator, value, judgements.is_number(metric))
            if operator in ORDERED:
                holds = Values(holds.intervals, has_null=True)
            if not when:
                state[metric] &= holds
                continue
            case = values_of(row["when_operator"], row["when_value"], judgements.is_number(when))
            clauses.append(((when, case.complement()), (metric, holds)))
    return Invariants(state, tuple(clauses), tuple(orders))


def _domain(judgements: Judgements, policy: str, metric: str) -> Values:
    """Return the values that a metric can have by its kind and name alone."""
    if judgements.is_number(metric):
        if "_count" in metric or metric.startswith("days_since_"):
            return Values((Interval(low=Decimal(0)),), has_null=True, is_whole=True)
        return NUMBER
    outcomes = outcomes_of(judgements, policy, metric)
    return WORD if outcomes is None else Values(words=frozenset(outcomes))


def outcomes_of(judgements: Judgements, policy: str, metric: str) -> list[str] | None:
    """Return the keys that every customer has one of in a metric such as tier_key, else None."""
    kind = metric.removesuffix("_key")
    if metric == "customer_type":
        return list(judgements.customer_types)
    if kind in ("rfm_segment", "rfm_group"):
        cells = judgements.rows(f"{kind}s")
        return [*dict.fromkeys(row[f"{kind}_key"] for row in cells), NO_ORDER]
    for rule_set in judgements.rule_sets:
        if metric == f"{label_kind(rule_set)}_key":
            return judgements.outcomes(policy, rule_set)
    return None
