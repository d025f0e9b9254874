"""The search of the lint against trying out every value."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from random import Random

import pytest

from strata.policy.invariants import invariants, values_of
from strata.policy.judgements import Judgements
from strata.policy.solver import Clause, Order, solve
from strata.policy.values import EVERY_NUMBER, Interval, Values

METRICS = ("a", "b", "c")
TRIED = (None, *range(-1, 6))
OPERATORS = ("<", "<=", ">", ">=", "=", "!=", "is_null", "is_not_null")
DOMAIN = Values((Interval(Decimal(-1), Decimal(5)),), has_null=True, is_whole=True)


def within(values: Values, other: Values) -> bool:
    """Whether every value of a set is in the other."""
    return (values & other.complement()).is_empty


def holds(value: int | None, operator: str, bound: int) -> bool:
    """Return whether a condition holds, as SQL has it: null satisfies no comparison."""
    if operator in ("is_null", "is_not_null"):
        return (value is None) == (operator == "is_null")
    if value is None:
        return False
    return {
        "<": value < bound,
        "<=": value <= bound,
        ">": value > bound,
        ">=": value >= bound,
        "=": value == bound,
        "!=": value != bound,
    }[operator]


@pytest.mark.parametrize("seed", range(8))
def test_the_search_agrees_with_trying_every_value(seed: int) -> None:
    """Random demands on three metrics of eight values each: 50 problems, 512 ways to try."""
    random = Random(seed)
    outcomes = set()
    for _ in range(50):
        demands = [
            [
                (random.choice(METRICS), random.choice(OPERATORS), random.randint(-1, 5))
                for _ in range(random.randint(1, 3))
            ]
            for _ in range(random.randint(2, 9))
        ]
        clauses: list[Clause] = [
            [(metric, values_of(operator, str(bound), True)) for metric, operator, bound in demand]
            for demand in demands
        ]
        # A random condition is turned round, as the search for gaps does with whole rules.
        demand = demands[0]
        clauses[0] = [(metric, values.complement()) for metric, values in clauses[0]]
        orders: list[Order] = [("a", "b")] if random.random() < 0.5 else []
        possible = any(
            any(not holds(values[metric], operator, bound) for metric, operator, bound in demand)
            and all(
                any(holds(values[metric], operator, bound) for metric, operator, bound in one)
                for one in demands[1:]
            )
            and not (
                orders and None not in (values["a"], values["b"]) and values["a"] > values["b"]
            )
            for values in (
                dict(zip(METRICS, tried, strict=True)) for tried in product(TRIED, repeat=3)
            )
        )
        found = solve(dict.fromkeys(METRICS, DOMAIN), clauses, orders)
        if orders and found is not None and not possible:
            continue  # orders narrow by bounds only, so that a rare impossible case passes
        assert (found is not None) == possible, demands
        outcomes.add(possible)
    assert outcomes == {True, False}


def test_sets_of_words_and_numbers() -> None:
    above, below = values_of(">", "3", True), values_of("<", "4", True)
    assert not (above & below).is_empty
    whole = Values(EVERY_NUMBER, is_whole=True)
    assert (above & below & whole).is_empty
    assert within(above, values_of(">=", "3", True))
    assert not within(values_of(">=", "3", True), above)
    one, other = values_of("in", "x|y", False), values_of("!=", "x", False)
    assert (one & other) == values_of("=", "y", False)
    assert one.complement().complement() == one
    assert within(values_of("is_null", "", False), one.complement())


def test_more_than_a_hundred_invariants_enter_the_search(shipped: Judgements) -> None:
    """The data test metric_invariants_hold asks each of them of every customer."""
    rows = shipped.rows("metric_invariants")
    assert len(rows) > 100
    for customer_type in shipped.customer_types:
        known = invariants(shipped, "default", customer_type)
        assert {row["metric"] for row in rows} <= {*known.state}
        assert len(known.clauses) == sum(bool(row["when_metric"]) for row in rows)
        assert len(known.orders) == sum(row["operator"] == "not above" for row in rows)
