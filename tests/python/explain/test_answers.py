"""The answers of the outlook for a customer whose verdicts are given, without a warehouse."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from strata.explain.copies import Scenario
from strata.explain.outlook import Sentences, answers
from strata.explain.simulate import FORESEEN, LASTING, Row, Simulation, Verdict
from strata.explain.stages import lifecycle_answers
from strata.explain.tiers import tier_answers
from strata.policy.judgements import Judgements
from strata.policy.phrasing import Phrasing
from strata.project import project_dir

AS_OF = date(2026, 10, 31)
REVIEW = date(2026, 12, 31)
TIERS = ["A", "B", "C", "D"]
STAGES = ["established", "at_risk"]


def condition(rule_set: str, outcome: str, metric: str, operator: str, value: str = "") -> Row:
    """Return a condition as `Simulation.conditions` has it."""
    return {
        "rule_set": rule_set,
        "rule_rank": 1,
        "outcome_key": outcome,
        "metric": metric,
        "operator": operator,
        "value": value,
        "threshold": float(value) if value.isdecimal() else None,
    }


class Given(Simulation):
    """Gives verdicts by a function in place of rules, for one rule set."""

    def __init__(
        self,
        rule_set: str,
        now: str,
        conditions: list[Row],
        outcome: Callable[[Scenario], str | None],
        **today: Any,
    ) -> None:
        self.rule_set, self.outcome = rule_set, outcome
        self.conditions = conditions
        self.foreseen = {"value_amount", "order_count", "nps_score"}
        self.has_moving_cuts = False
        self.value_metric = "net_revenue_amount_365d"
        self.lines: list[Row] = []
        self.values = {
            name: Decimal(1000)
            for name in ("value_amount", "own_value_amount", "net_revenue_amount_365d")
        }
        self.segments = {"tier_key": now, "lifecycle_stage_key": now, "group_customer_id": None}
        self.today = {
            "as_of_date": AS_OF,
            "customer_type": "consumer",
            "average_order_amount": Decimal(100),
            "contract_count": 0,
            "days_until_contract_end": None,
            "open_complaint_count": 0,
            "login_count": None,
            "nps_score": None,
            **today,
        }

    def ask(self, scenarios: Iterable[Scenario]) -> list[Verdict]:
        said = [(one, self.outcome(one)) for one in scenarios]
        return [
            Verdict(one, {} if key is None else {self.rule_set: key}, self.values, {})
            for one, key in said
        ]

    def grounds(self, verdict: Verdict, rule_set: str) -> list[Row]:
        return [row | {"metric_number": None} for row in self.conditions[:1]]

    def rows(self, query: str) -> list[Row]:
        return self.lines


@pytest.fixture(scope="module")
def judgements() -> Judgements:
    return Judgements.read(project_dir())


def test_who_comes_up_to_the_line_by_itself_needs_nothing(judgements: Judgements) -> None:
    share = condition("tier", "C", "higher_value_share_rate", ">=", "1")
    # No rule fires: the share of a customer without value is not known.
    given = Given("tier", "D", [share], lambda one: None)
    given.lines = [{"tier_key": "C", "line": Decimal(400)}]
    (answer,) = tier_answers(given, TIERS)
    assert (answer.direction, answer.target_key, answer.actions, answer.is_closed) == (
        "up",
        "C",
        (),
        False,
    )
    assert Sentences(Phrasing(judgements, "en")).say([answer]) == (
        "Tier: net revenue in 365 days of 1,000 CNY on 31 December 2026 without another purchase "
        "comes up to today's line for C (400 CNY), which moves with the other customers."
    )
    assert Sentences(Phrasing(judgements, "zh")).say([answer]) == (
        "等级：若不再购买，2026年12月31日近365天净收入为1,000元，可达到“C类（小客户）”目前的门槛"
        "（400元），门槛随其他客户变化。"
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, [("next", "D", ()), ("up", "C", ("money",))]), (400, [("up", "C", ())])],
)
def test_who_has_no_value_stays_unless_some_comes_by_itself(
    value: int, said: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    # The share of today is put to the rules, also where a value comes back by the review.
    share = condition("tier", "D", "value_percentile_rate", "is_null")
    given = Given("tier", "D", [share], lambda one: "D")
    given.values = dict.fromkeys(given.values, Decimal(value))
    given.lines = [{"tier_key": "C", "line": Decimal(400)}]
    ways = tier_answers(given, TIERS)
    assert [(answer.direction, answer.target_key, answer.actions) for answer in ways] == said


def test_nothing_is_said_of_a_line_if_another_rule_decides() -> None:
    rules = [
        condition("tier", "D", "order_count", "<=", "0"),
        condition("tier", "C", "higher_value_share_rate", ">=", "1") | {"rule_rank": 2},
    ]
    given = Given("tier", "D", rules, lambda one: "D")
    given.lines = [{"tier_key": "C", "line": Decimal(400)}]
    assert [answer.direction for answer in tier_answers(given, TIERS)] == ["next"]


@pytest.mark.parametrize(
    ("falls", "first"),
    [
        ({date(2026, 11, 25): "C"}, date(2026, 11, 25)),
        ({date(2026, 11, 25): "B", date(2026, 12, 15): "C"}, date(2026, 12, 15)),
        (
            {date(2026, 11, 25): "C", date(2026, 12, 1): "A", date(2026, 12, 15): "C"},
            date(2026, 12, 15),
        ),
        ({REVIEW: "C"}, REVIEW),
    ],
)
def test_a_tier_is_dated_from_when_on_it_lasts(falls: dict[date, str], first: date) -> None:
    def tier(one: Scenario) -> str:
        return next((falls[day] for day in sorted(falls, reverse=True) if day <= one.judged), "A")

    given = Given("tier", "A", [condition("tier", "A", "value_amount", ">=", "5000")], tier)
    answer = next(tier_answers(given, TIERS))
    assert (answer.target_key, answer.from_date, answer.by_date) == ("C", first, REVIEW)


@pytest.mark.parametrize(
    ("metric", "operator", "value", "found"),
    [
        ("value_amount", ">=", "500", False),
        ("industry", "=", "retail", False),
        ("channel_type", "in", "direct|dealer", False),
        ("rfm_group_key", "=", "key_value", True),
        ("contract_plan", "=", "basic", True),
        ("favourite_channel", "is_not_null", "", True),
        ("win_rate", "is_null", "", True),
        ("win_rate", ">", "1", True),
    ],
)
def test_what_moves_otherwise_is_not_foreseen(
    metric: str, operator: str, value: str, found: bool
) -> None:
    given = Given("tier", "A", [condition("tier", "A", metric, operator, value)], lambda one: "A")
    assert given.unforeseen("tier") == (metric if found else None)
    assert given.unforeseen("lifecycle") is None
    assert next(tier_answers(given, TIERS)).is_closed is not found


def test_what_lasts_and_what_is_foreseen_are_metrics(
    judgements: Judgements,
) -> None:
    assert {*LASTING, *FORESEEN} <= set(judgements.metrics)


@pytest.mark.parametrize("operator", ["is_null", "is_not_null"])
def test_a_rule_may_ask_whether_a_score_is_known(operator: str) -> None:
    rule = condition("lifecycle", "at_risk", "nps_score", operator)
    given = Given("lifecycle", "at_risk", [rule], lambda one: "at_risk", nps_score=3)
    assert [answer.direction for answer in lifecycle_answers(given, STAGES)] == ["next"]


@pytest.mark.parametrize(("count", "is_offered"), [(None, False), (0, False), (5, True)])
def test_a_login_is_offered_to_those_who_have_logged_in(
    count: int | None, is_offered: bool
) -> None:
    rule = condition("lifecycle", "at_risk", "order_count", "<", "2")
    given = Given(
        "lifecycle",
        "at_risk",
        [rule],
        lambda one: "established" if one.login else "at_risk",
        login_count=count,
    )
    found = [
        answer.actions for answer in lifecycle_answers(given, STAGES) if answer.direction == "up"
    ]
    assert found == ([("login",)] if is_offered else [])


def test_a_day_without_a_rule_is_no_closed_answer(judgements: Judgements) -> None:
    gap = AS_OF + timedelta(20)
    rules = [
        condition("tier", "A", "value_amount", ">=", "500"),
        condition("lifecycle", "established", "order_count", ">=", "1"),
    ]
    given = Given("lifecycle", "established", rules, lambda one: "established")
    given.outcome = lambda one: None if one.judged >= gap else "established"
    given.segments["tier_key"] = "A"
    lifecycle, tier = answers(given, judgements)
    assert (lifecycle.open_reason, lifecycle.by_date) == ("gap", gap)
    assert (tier.open_reason, tier.by_date) == ("gap", REVIEW)
    assert (
        Sentences(Phrasing(judgements, "en"))
        .say([tier])
        .endswith("since no rule of the policy would apply to it on 31 December 2026.")
    )
    assert (
        Sentences(Phrasing(judgements, "zh"))
        .say([tier])
        .endswith("2026年12月31日没有一条规则适用于该客户。")
    )
